/* Rows of a list are selected by their boxes, with Shift as far as the last one; while some are, the
   bar that says what can be done to them stands over the list. Without this file it always does. */
(() => {
  "use strict";

  const barOf = (rows) => document.querySelector(`[data-picked="${CSS.escape(rows.id)}"]`);
  const boxesOf = (rows) => [...rows.querySelectorAll("tbody .pick input")];

  let last = null;

  const show = (rows) => {
    const boxes = boxesOf(rows);
    const picked = boxes.filter((box) => box.checked).length;
    const all = rows.querySelector("[data-pick-all]");
    if (all) {
      all.checked = picked > 0 && picked === boxes.length;
      all.indeterminate = picked > 0 && picked < boxes.length;
    }
    const bar = barOf(rows);
    if (!bar) return;
    const everyone = bar.querySelector("[name=all]");
    if (everyone && picked < boxes.length) everyone.checked = false;
    bar.dataset.count = picked;
    bar.querySelector("[data-picked-count]")?.replaceChildren(String(picked));
  };

  const pickUpTo = (rows, box) => {
    const boxes = boxesOf(rows);
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other);
    if (from < 0) return;
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  };

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("tbody .pick input");
    if (!box) return;
    const rows = box.closest("[data-rows]");
    if (event.shiftKey) pickUpTo(rows, box);
    last = box;
    show(rows);
  });

  document.addEventListener("change", (event) => {
    const rows = event.target.closest("[data-rows]");
    if (rows && event.target.matches("[data-pick-all]")) {
      for (const box of boxesOf(rows)) box.checked = event.target.checked;
      show(rows);
    }
    const bar = event.target.closest("[data-picked]");
    if (bar && event.target.name === "all" && event.target.checked) {
      const shown = document.getElementById(bar.dataset.picked);
      for (const box of boxesOf(shown)) box.checked = true;
      show(shown);
      event.target.checked = true;
    }
  });

  document.addEventListener("reset", (event) => {
    const id = event.target.dataset.picked;
    if (id) setTimeout(() => show(document.getElementById(id))); // once the boxes are empty
  });
})();
