/* What a list does between two pages: menus stay open while one ticks, and rows that are new are
   announced, never moved in. Without this file a list is as it was when it was asked for. */
(() => {
  "use strict";

  // Menus: a filter applies at once, which makes the toolbar anew; the open menu opens again.

  let open = null;
  let focused = null;

  // Ticked on meanwhile: that question waits behind this one, and its answer is the one to show.
  const isOutdated = ({ elt, formData }) =>
    elt.matches(".toolbar-form") && asText(new FormData(elt)) !== asText(formData);
  const asText = (data) => new URLSearchParams(data).toString();

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "listing") return;
    if (isOutdated(event.detail.requestConfig)) {
      event.detail.shouldSwap = false;
      return;
    }
    open = document.querySelector("#listing .menu:popover-open")?.id ?? null;
    focused = document.activeElement?.id;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "listing" || !open) return;
    const source = document.querySelector(`[popovertarget="${CSS.escape(open)}"]`);
    document.getElementById(open)?.showPopover({ source }); // stands below its button
    if (focused) document.getElementById(focused)?.focus();
  });

  // News: asked for once a minute while somebody looks, answered by 304 when there is none.

  const place = () => document.querySelector("#listing [data-news]");
  const shown = () => new Set([...document.querySelectorAll("#listing tr[data-row]")].map((row) => row.dataset.row));

  const say = (count) => {
    const button = place()?.querySelector("button");
    if (!button) return;
    place().hidden = count === 0;
    button.firstElementChild.textContent = count;
  };

  const ask = async () => {
    if (document.hidden || !place()) return;
    const url = new URL(location.href);
    url.searchParams.set("news", place().dataset.news); // where the page ended: what is below it moved up
    const answer = await fetch(url, { cache: "no-cache", headers: { accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    const { rows } = await answer.json();
    const here = shown();
    say(rows.filter((row) => !here.has(row)).length);
  };

  const askQuietly = () => ask().catch(() => {}); // the next one comes in a minute

  setInterval(askQuietly, 60_000);
  document.addEventListener("visibilitychange", askQuietly);

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-news] button")) return;
    const first = new URL(location.href);
    first.searchParams.delete("before"); // which leads to the rows next to it, not to the first ones
    history.replaceState(history.state, "", first);
    htmx.ajax("GET", first.href, { target: "#listing", swap: "innerHTML" }).catch(() => {}); // said by a banner
  });
})();
