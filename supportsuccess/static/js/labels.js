/* The label panel: of five questions one is active, and only its values answer to their keys.
   A value's key chooses it and goes on to the next open question; Enter saves; arrows up and down
   and Tab go between questions. Without this file the panel is a form with a Save button. */
(() => {
  "use strict";

  const panel = () => document.querySelector("[data-label-panel]");
  const questions = () => [...(panel()?.querySelectorAll("[data-question]") ?? [])];
  const inputs = (question) => [...question.querySelectorAll("[data-value-key]")];
  const chosen = (question) => question.querySelector(":checked");
  const isOpen = (question) => !chosen(question) || "wrong" in question.dataset;

  const activate = (active) => {
    for (const question of questions()) {
      const isActive = question === active;
      question.toggleAttribute("data-active", isActive);
      for (const input of inputs(question)) {
        if (isActive && input.dataset.valueKey) input.dataset.key = input.dataset.valueKey;
        else delete input.dataset.key;
      }
    }
  };

  const goTo = (question) => {
    activate(question);
    (chosen(question) ?? inputs(question)[0])?.focus({ preventScroll: true });
    question.scrollIntoView({ block: "nearest" });
  };

  const goOn = (from) => {
    const all = questions();
    const next = all.slice(all.indexOf(from) + 1).find(isOpen) ?? all.find(isOpen);
    if (next) goTo(next);
    else panel().querySelector("[data-save]").focus();
  };

  const goToOpen = () => {
    const open = questions().find(isOpen);
    if (open) goTo(open);
    else panel().querySelector("[data-save]").focus();
  };

  const begin = () => {
    if (!panel()) return;
    const first = questions().find(isOpen) ?? questions()[0];
    if (first) goTo(first);
    markRow(panel().dataset.ticket);
  };

  // The list beside it: the row whose panel is open is the one its keys mean.

  const rowOf = (ticket) => document.querySelector(`tr[data-row="${CSS.escape(ticket)}"]`);

  const markRow = (ticket) => {
    document.querySelectorAll("tr[data-open]").forEach((row) => row.removeAttribute("data-open"));
    const row = rowOf(ticket);
    if (!row) return;
    row.dataset.open = "";
    document.querySelectorAll("tr[data-last]").forEach((last) => delete last.dataset.last);
    row.dataset.last = "";
    row.scrollIntoView({ block: "nearest" });
  };

  const markDone = (ticket) => {
    const row = rowOf(String(ticket));
    if (!row) return;
    row.dataset.done = "";
    const dots = row.querySelector(".dots");
    if (!dots) return;
    dots.className = "dots dots-5";
    dots.setAttribute("aria-label", "5 of 5");
  };

  // What the person does ----------------------------------------------------------------------

  let byArrow = false; // an arrow inside a question tries its values; it does not go on

  document.addEventListener(
    "keydown",
    (event) => {
      byArrow = event.key.startsWith("Arrow");
      const question = event.target.closest?.("[data-question]");
      if (!question || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      const all = questions();
      const beside = all[all.indexOf(question) + (event.key === "ArrowDown" ? 1 : -1)];
      event.preventDefault();
      if (beside) goTo(beside);
      else if (event.key === "ArrowDown") panel().querySelector("[data-save]").focus();
    },
    true,
  );

  document.addEventListener("pointerdown", () => {
    byArrow = false;
  });

  document.addEventListener("change", (event) => {
    const question = event.target.closest("[data-question]");
    if (!question) return;
    delete question.dataset.wrong;
    if (!byArrow) goOn(question);
  });

  // A set chooses its values all at once, and leaves the other questions as they are.
  document.addEventListener("click", (event) => {
    const set = event.target.closest("[data-set]");
    if (!set) return;
    const values = new Set(set.dataset.set.split(" "));
    for (const question of questions()) {
      const input = inputs(question).find((each) => values.has(each.value));
      if (!input) continue;
      input.checked = true;
      delete question.dataset.wrong;
    }
    goToOpen();
  });

  // Its key again, where the value is chosen already, only goes on.
  document.addEventListener("click", (event) => {
    const input = event.target;
    if (event.detail === 0 && input.matches?.("[data-key]:checked") && !byArrow) goOn(input.closest("[data-question]"));
  });

  document.addEventListener("focusin", (event) => {
    const question = event.target.closest("[data-question]");
    if (question && !question.hasAttribute("data-active")) activate(question);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "panel") begin();
    if (event.detail.target.id === "label-sets") goToOpen();
  });
  document.addEventListener("labels:saved", (event) => event.detail.tickets.forEach(markDone));

  begin();
})();
