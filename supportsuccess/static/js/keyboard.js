/* Keys are declared in HTML, so that each page names its own and `?` can list them:

     data-key="a"         a press clicks the element (or focuses it, if one types in it)
     data-key="g i"       two presses, one after the other
     data-key-label="…"   what `?` calls it; else its text
     data-key-group="…"   under which title; else "This page"
     data-key-always      works although single keys are turned off (there is the button, too)

   A list is [data-rows] with tr[data-row]; the table component writes it. There `j` `k` move,
   `x` selects, Enter opens (it is a link), `o` peeks, and <template data-row-key="l"
   data-url="/tickets/{id}/" data-target="page|panel|dialog|post"> declares what else a row can do.

   Ignored while one types, in dialogs and menus, with Ctrl, Alt or ⌘, and with <html data-keys="off">. */
(() => {
  "use strict";

  const SEQUENCE_MS = 1200;
  const TYPED = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
  const isOff = () => document.documentElement.dataset.keys === "off";
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true }) || element.closest("#nav");

  // Rows -----------------------------------------------------------------------------------------

  const list = () => [...document.querySelectorAll("[data-rows]")].find((rows) => rows.checkVisibility());
  const rowsOf = (rows) => [...rows.querySelectorAll("tr[data-row]")];

  const currentRow = () => {
    const rows = list();
    if (!rows) return null;
    return document.activeElement?.closest?.("tr[data-row]") ?? rows.querySelector("tr[data-last]");
  };

  const standOn = (row) => {
    row.closest("[data-rows]").querySelectorAll("tr[data-last]").forEach((last) => delete last.dataset.last);
    row.dataset.last = "";
  };

  const move = (step) => {
    const all = rowsOf(list());
    const at = all.indexOf(currentRow());
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
    if (!next) return;
    (next.querySelector("[data-row-link]") ?? next.querySelector("a, button, input"))?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    standOn(next);
  };

  const box = () => currentRow()?.querySelector(".pick input");
  const pick = () => box()?.click();
  const pickUpTo = () => box()?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: true }));
  const peek = () => currentRow()?.querySelector("[data-peek]")?.click();

  const listKeys = [
    { key: "j", label: "Next row", run: () => move(1) },
    { key: "k", label: "Previous row", run: () => move(-1) },
    { key: "x", label: "Select the row", run: pick, needs: ".pick" },
    { key: "X", label: "Select all up to the row", run: pickUpTo, needs: ".pick" },
    { key: "o", label: "Peek at the row", run: peek, needs: "[data-peek]" },
    { key: "Enter", label: "Open the row", needs: "[data-row-link]" }, // the browser does it
  ];

  const rowKeys = (rows) => [...rows.querySelectorAll("template[data-row-key]")];

  const ask = (way, url, how) => htmx.ajax(way, url, how).catch(() => {}); // a banner has said why

  const ways = {
    page: (url) => location.assign(url),
    panel: (url) => ask("GET", url, { target: "#panel", swap: "innerHTML" }),
    dialog: (url) => ask("GET", url, { target: "#dialog", swap: "innerHTML" }),
    post: (url, row) =>
      ask("POST", url, {
        source: row,
        target: row,
        swap: "outerHTML",
        values: { operation_id: crypto.randomUUID() },
      }),
  };

  const useRowKey = (declared) => {
    const row = currentRow();
    if (!row) return;
    standOn(row);
    const url = declared.dataset.url.replace("{id}", encodeURIComponent(row.dataset.row));
    ways[declared.dataset.target](url, row);
  };

  // What is declared -------------------------------------------------------------------------------

  // Later ones win: a panel's keys stand over the page's.
  const declared = () => [...document.querySelectorAll("[data-key]")].filter((e) => !e.disabled && isSeen(e)).reverse();

  const use = (element) => {
    if (element.matches(TYPED)) {
      element.focus();
      element.select?.();
    } else {
      element.click();
    }
  };

  const listAction = (key) => {
    const rows = list();
    if (!rows) return null;
    const own = rowKeys(rows).find((e) => e.dataset.rowKey === key);
    if (own) return () => useRowKey(own);
    return listKeys.find((entry) => entry.key === key && (!entry.needs || rows.querySelector(entry.needs)))?.run;
  };

  const actionFor = (keys) => {
    const element = declared().find((e) => e.dataset.key === keys && (!isOff() || "keyAlways" in e.dataset));
    if (element) return () => use(element);
    return isOff() ? null : listAction(keys);
  };

  // Presses ----------------------------------------------------------------------------------------

  let first = "";
  let timer;

  const forget = () => {
    first = "";
    clearTimeout(timer);
  };

  const isIgnored = (event) =>
    event.defaultPrevented ||
    event.isComposing ||
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    (event.target.closest(TYPED) && event.key !== "Escape") ||
    document.querySelector("dialog[open], .menu:popover-open, #nav:popover-open");

  const remember = (key) => {
    if (!declared().some((e) => e.dataset.key.startsWith(`${key} `))) return;
    first = key;
    timer = setTimeout(forget, SEQUENCE_MS);
  };

  document.addEventListener("keydown", (event) => {
    if (isIgnored(event)) return;
    if (event.key === "Escape" && event.target.closest(TYPED)) {
      event.target.blur(); // then the keys work again
      return;
    }
    const keys = first ? `${first} ${event.key}` : event.key;
    const wasSecond = Boolean(first);
    forget();
    const action = actionFor(keys);
    if (action) {
      event.preventDefault();
      action();
    } else if (!wasSecond && !isOff()) {
      remember(event.key);
    }
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (row) standOn(row);
  });

  // Help: what is valid here -------------------------------------------------------------------------

  const textOf = (element) => {
    const shown = element.cloneNode(true);
    shown.querySelectorAll("kbd").forEach((key) => key.remove());
    return shown.textContent.trim().replace(/\s+/g, " ");
  };

  const words = (element) => element.dataset.keyLabel || element.getAttribute("aria-label") || textOf(element);

  const validHere = () => {
    const rows = list();
    const groups = new Map([["This list", []], ["This page", []], ["Go to", []]]);
    if (rows) {
      const own = rowKeys(rows).map((e) => ({ key: e.dataset.rowKey, label: e.dataset.keyLabel }));
      const general = listKeys.filter((entry) => !entry.needs || rows.querySelector(entry.needs));
      groups.set("This list", [...general, ...own]);
    }
    for (const element of declared().reverse()) {
      const title = element.dataset.keyGroup ?? "This page";
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push({ key: element.dataset.key, label: words(element) });
    }
    return groups;
  };

  // For the palette: what can be done on this page, and on the row one stands on.
  const doableHere = () => {
    const rows = list();
    const ofRow = rows && currentRow() ? rowKeys(rows) : [];
    const ofPage = declared().filter((e) => e.dataset.keyGroup !== "Go to").reverse();
    return [
      ...ofRow.map((e) => ({ label: e.dataset.keyLabel, key: e.dataset.rowKey, run: () => useRowKey(e) })),
      ...ofPage.map((e) => ({ label: words(e), key: e.dataset.key, run: () => use(e) })),
    ];
  };

  document.addEventListener("app:actions", (event) => event.detail.push(...doableHere()));

  const create = (name, ...children) => {
    const element = document.createElement(name);
    element.append(...children);
    return element;
  };

  const showGroup = ([title, entries]) => {
    const items = entries.flatMap(({ key, label }) => [
      create("dt", label),
      create("dd", ...key.split(" ").map((part) => create("kbd", part))),
    ]);
    return create("section", create("h3", title), create("dl", ...items));
  };

  const dialog = document.getElementById("keys-dialog");
  dialog?.addEventListener("app:open", () => {
    const groups = [...validHere()].filter(([, entries]) => entries.length);
    dialog.querySelector("[data-keys-list]").replaceChildren(...groups.map(showGroup));
  });
})();
