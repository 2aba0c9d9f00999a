/* The palette: Ctrl or ⌘ with K, or the button in the top bar. Without this file that button is a
   link to the same search as a page.

   A combobox with a listbox: the focus stays in the input, `aria-activedescendant` says which option
   is meant. What the server finds comes as groups of options; here the groups of what was opened
   last and of what can be done on the page are put above them. */
(() => {
  "use strict";

  const dialog = document.getElementById("palette");
  if (!dialog) return;

  const PAUSE_MS = 120;
  const KEPT = 8;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[role=status]");
  const nothing = dialog.querySelector("[data-nothing]");
  const nothingFound = nothing.textContent;
  const storageKey = `opened:${dialog.dataset.user}`;

  // What was opened last: title and address, in this browser, until the sign-out ----------------

  const readOpened = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
      return kept.filter(({ title, url }) => typeof title === "string" && typeof url === "string" && kindOf(url));
    } catch {
      return []; // not ours, or not allowed
    }
  };

  // The addresses of customers, tickets and handoffs, each written with a 0 for its number.
  const kinds = [...dialog.querySelectorAll("template[data-opened]")];
  const kindOf = (url) => kinds.find((kind) => url.replace(/\d+/, "0") === kind.dataset.opened);

  const remember = () => {
    const url = location.pathname;
    if (!kindOf(url)) return;
    const title = document.title.split(" · ")[0];
    const others = readOpened().filter((entry) => entry.url !== url);
    try {
      localStorage.setItem(storageKey, JSON.stringify([{ title, url }, ...others].slice(0, KEPT)));
    } catch {
      // full, or not allowed: then nothing is remembered
    }
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-forget-drafts]")) return;
    Object.keys(localStorage)
      .filter((key) => key.startsWith("opened:"))
      .forEach((key) => localStorage.removeItem(key));
  }, true);

  // Options ----------------------------------------------------------------------------------------

  const actions = new Map(); // what an option without an address does

  const option = ({ label, url, icon, note = "", key = "", run }) => {
    const made = dialog.querySelector("template[data-option]").content.firstElementChild.cloneNode(true);
    if (url) made.href = url;
    if (icon) made.prepend(icon.content.cloneNode(true));
    made.querySelector("[data-label]").textContent = label;
    made.querySelector("[data-note]").textContent = note;
    made.querySelector("[data-keys]").append(...key.split(" ").filter(Boolean).map((part) => {
      const shown = document.createElement("kbd");
      shown.textContent = part;
      return shown;
    }));
    if (run) actions.set(made, run);
    return made;
  };

  const group = (title, options) => {
    const made = dialog.querySelector("template[data-group]").content.firstElementChild.cloneNode(true);
    made.setAttribute("aria-label", title);
    made.querySelector("p").textContent = title;
    made.append(...options);
    return made;
  };

  const isLike = (label) => label.toLowerCase().includes(input.value.trim().toLowerCase());

  const openedHere = () =>
    input.value.trim()
      ? []
      : readOpened()
          .filter(({ url }) => url !== location.pathname)
          .map(({ title, url }) => option({ label: title, url, icon: kindOf(url) }));

  let here = [];
  const doneHere = () => here.filter(({ label }) => isLike(label)).map(option);

  // The list -----------------------------------------------------------------------------------------

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");

  const stand = (chosen) => {
    active()?.setAttribute("aria-selected", "false");
    chosen?.setAttribute("aria-selected", "true");
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
    else input.removeAttribute("aria-activedescendant");
  };

  const step = (by) => {
    const all = options();
    if (all.length) stand(all[(all.indexOf(active()) + by + all.length) % all.length]);
  };

  const show = (found) => {
    actions.clear();
    const own = [["Recent", openedHere()], ["On this page", doneHere()]].filter(([, made]) => made.length);
    list.replaceChildren(...own.map(([title, made]) => group(title, made)), ...found);
    options().forEach((each, place) => (each.id = `palette-option-${place}`));
    const count = options().length;
    input.setAttribute("aria-expanded", String(count > 0));
    status.textContent = count === 1 ? "1 result" : `${count || "No"} results`;
    nothing.hidden = count > 0;
    nothing.textContent = nothingFound;
    stand(options()[0]);
  };

  // The search ---------------------------------------------------------------------------------------

  let timer;
  let asking = null; // the request under way; an older one is broken off, so it never answers late
  let found = [];
  let isEntered = false; // Enter came before the answer

  const ask = async () => {
    asking?.abort();
    const mine = (asking = new AbortController());
    const query = new URLSearchParams({ q: input.value });
    try {
      const answer = await fetch(`${dialog.dataset.url}?${query}`, {
        headers: { "HX-Request": "true", "HX-Target": "palette-options" },
        signal: mine.signal,
      });
      const text = await answer.text();
      if (mine !== asking) return;
      settle(answer, text);
    } catch (error) {
      if (error.name !== "AbortError") fail("No connection. Try again.");
    }
  };

  const settle = (answer, text) => {
    asking = null;
    if (answer.redirected) return location.reload(); // the session has ended: the sign-in leads back here
    if (!answer.ok) return fail("The search does not answer. Try again.");
    const page = new DOMParser().parseFromString(text, "text/html");
    found = [...page.body.children];
    show(found);
    list.setAttribute("aria-busy", "false");
    if (isEntered) choose();
  };

  const fail = (words) => {
    asking = null;
    isEntered = false;
    show([]);
    list.setAttribute("aria-busy", "false");
    status.textContent = words;
    nothing.textContent = words;
  };

  const isWaiting = () => Boolean(timer || asking);

  const askSoon = () => {
    isEntered = false;
    list.setAttribute("aria-busy", "true");
    asking?.abort(); // its answer is to what is no longer typed: Enter must not choose from it
    asking = null;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      ask();
    }, PAUSE_MS);
  };

  // Opening, choosing, closing --------------------------------------------------------------------

  const actionsHere = () => {
    const asked = new CustomEvent("app:actions", { detail: [] });
    document.dispatchEvent(asked);
    return asked.detail;
  };

  const open = () => {
    here = actionsHere();
    input.value = "";
    found = [];
    isEntered = false;
    dialog.showModal();
    show(found);
    ask();
  };

  const choose = () => {
    const chosen = active();
    isEntered = false;
    if (!chosen) return;
    const run = actions.get(chosen);
    if (!run) return chosen.click();
    dialog.close();
    run();
  };

  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Home: () => stand(options()[0]),
    End: () => stand(options().at(-1)),
    Enter: () => (isWaiting() ? (isEntered = true) : choose()),
  };

  const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);

  dialog.addEventListener("keydown", (event) => {
    const use = keys[event.key];
    if (!use || !isPlain(event) || event.isComposing || event.target !== input) return;
    event.preventDefault();
    use();
  });

  input.addEventListener("input", askSoon);

  list.addEventListener("pointermove", (event) => {
    const pointed = event.target.closest("[role=option]");
    if (pointed && pointed !== active()) stand(pointed);
  });

  list.addEventListener("click", (event) => {
    const pointed = event.target.closest("[role=option]");
    if (!actions.has(pointed)) return;
    stand(pointed);
    choose();
  });

  dialog.addEventListener("close", () => {
    asking?.abort();
    asking = null;
    clearTimeout(timer);
    timer = undefined;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]") || !isPlain(event)) return;
    event.preventDefault();
    open();
  });

  if (navigator.platform.startsWith("Mac")) {
    for (const hint of document.querySelectorAll("[data-palette] kbd")) hint.textContent = "⌘ K";
  }

  remember();
})();
