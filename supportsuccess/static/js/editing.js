/* A cell that is changed where it stands: Escape puts back what it said, and after saving the focus
   returns to it. Without this file the cell leads to a page with the same form. */
(() => {
  "use strict";

  const before = new WeakMap(); // what a cell said before its editor opened
  let last = ""; // which cell of a row was changed last

  const focusCell = (cell, name) => cell?.querySelector(`[data-edit="${CSS.escape(name)}"]`)?.focus();

  const putBack = (editor) => {
    const cell = editor.closest("td");
    if (!before.has(cell)) return;
    cell.innerHTML = before.get(cell);
    htmx.process(cell);
    focusCell(cell, last);
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.target.closest?.("[data-edit]");
    if (!link) return;
    last = link.dataset.edit;
    before.set(link.closest("td"), link.closest("td").innerHTML);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const { target } = event.detail; // the cell, or the row that was replaced
    if (target.matches?.("td")) {
      const editor = target.querySelector("[data-editor]");
      if (!editor?.querySelector("[aria-invalid=true]")) editor?.querySelector("[autofocus]")?.focus();
    } else if (target.matches?.("tr[data-row]") && last) {
      focusCell(document.querySelector("tr[data-last]"), last);
      last = "";
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-editor-cancel]");
    if (button) putBack(button.closest("[data-editor]"));
  });

  document.addEventListener("keydown", (event) => {
    const editor = event.target.closest?.("td [data-editor]");
    if (event.key !== "Escape" || !editor || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    putBack(editor);
  }, true);
})();
