/* What HTML cannot do by itself: toasts, dialogs, one submit at a time, and text that is not lost.
   Every page works without this file. Others call nothing here: they use data attributes. */
(() => {
  "use strict";

  const TOAST_MS = 6000;
  const UNDO_MS = 10000;
  const byId = (id) => document.getElementById(id);
  const say = (text) => {
    byId("status").textContent = text;
  };

  // Toasts -----------------------------------------------------------------------------------

  const startClock = (toast) => {
    if (toast.matches(".toast-error")) return; // stays until it was read
    let timer;
    const run = () => {
      timer = setTimeout(() => toast.remove(), toast.querySelector("[data-undo]") ? UNDO_MS : TOAST_MS);
    };
    const hold = () => clearTimeout(timer);
    toast.addEventListener("mouseenter", hold);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("mouseleave", run);
    toast.addEventListener("focusout", run);
    run();
  };

  const showToast = ({ text, level = "info", undo = "" }) => {
    const toast = byId("toast-template").content.firstElementChild.cloneNode(true);
    toast.classList.replace("toast-info", `toast-${level}`);
    toast.querySelector(".toast-text").textContent = text;
    const form = toast.querySelector("[data-undo]");
    if (undo) {
      form.action = undo;
      renewOperation(form);
    } else {
      form.remove();
    }
    byId("toasts").append(toast);
    startClock(toast);
  };

  // Operation ids: one for each thing that is meant, kept while the answer is not known -------

  const NOT_CONTENT = ["operation_id", "csrfmiddlewaretoken"];
  const REMEMBERED = 20;
  let isFromHistory = performance.getEntriesByType("navigation")[0]?.type === "back_forward";

  const operationOf = (form) => form.elements.namedItem("operation_id");

  const renewOperation = (form) => {
    delete form.dataset.unanswered;
    const field = operationOf(form);
    if (!field) return;
    remember(meant().filter(({ id }) => id !== field.value));
    field.value = crypto.randomUUID();
  };

  // Sent, and perhaps done: sent again as it is, it is the same operation.
  const keepOperation = (form, id) => {
    form.dataset.unanswered = "";
    operationOf(form).value = id;
  };

  // What was last sent from where: operation and content. It may not be kept in the form itself, for
  // a page that one goes back to may be asked for again.
  const meant = () => JSON.parse(sessionStorage.getItem("meant") ?? "[]");
  const remember = (sent) => sessionStorage.setItem("meant", JSON.stringify(sent.slice(0, REMEMBERED)));

  const contentOf = (form, submitter) => {
    const fields = [...new FormData(form, submitter)].filter(([name]) => !NOT_CONTENT.includes(name));
    return JSON.stringify(fields.map(([name, value]) => [name, value.name ?? value, value.size]));
  };

  // What Back restored and is sent as it was is the same operation; with other content it is another.
  const meanOperation = (form, submitter) => {
    const field = operationOf(form);
    if (!field) return;
    const place = `${location.pathname}${location.search} ${form.getAttribute("action")}`;
    const content = contentOf(form, submitter);
    const before = meant().find((one) => one.place === place);
    const isSame = before?.content === content;
    if (isFromHistory && isSame) field.value = before.id;
    else if (before?.id === field.value && !isSame) renewOperation(form);
    remember([{ place, content, id: field.value }, ...meant().filter((one) => one.place !== place)]);
  };

  const sentAs = (form) => sessionStorage.getItem(`sent:${form.dataset.keep}`);

  const setBusy = (form, isBusy) => {
    if (isBusy) form.setAttribute("aria-busy", "true");
    else form.removeAttribute("aria-busy");
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (!navigator.onLine) {
      event.preventDefault();
      event.stopImmediatePropagation();
      hold(form, event.submitter);
      return;
    }
    meanOperation(form, event.submitter);
    if (!form.matches("[hx-post], [data-download]")) {
      setBusy(form, true);
      form.dataset.unanswered = "";
    }
    if (form.matches("[data-forget-drafts]")) sessionStorage.clear();
    if (form.dataset.keep) sessionStorage.setItem(`sent:${form.dataset.keep}`, operationOf(form)?.value ?? "");
  }, true);

  // Back in the browser shows the page as it was left.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isFromHistory = true;
    for (const form of document.forms) setBusy(form, false);
  });

  // Without a connection: what is sent waits here, and goes out when there is one ---------------

  let held = null;

  const showOffline = () => {
    const told = "You are offline; nothing was lost.";
    byId("offline").textContent = held ? `${told} What you sent goes out when you are back.` : told;
    byId("offline").hidden = false;
  };

  const hold = (form, submitter) => {
    held = { form, submitter };
    showOffline();
  };

  addEventListener("offline", showOffline);

  addEventListener("online", () => {
    byId("offline").hidden = true;
    const { form, submitter } = held ?? {};
    held = null;
    if (form?.isConnected) form.requestSubmit(submitter);
  });

  // Drafts: the text of <form data-keep="name"> survives whatever happens to its submit --------

  const textsOf = (form) => [...form.querySelectorAll("textarea[name], input[type=text][name]")];

  const saveDraft = (form) => {
    const texts = Object.fromEntries(textsOf(form).map((field) => [field.name, field.value]));
    sessionStorage.setItem(`draft:${form.dataset.keep}`, JSON.stringify(texts));
  };

  const dropDraft = (name) => {
    sessionStorage.removeItem(`draft:${name}`);
    sessionStorage.removeItem(`sent:${name}`);
  };

  const nameReplaced = (field) => {
    const note = document.createElement("div");
    note.id = `${field.id}_replaced`;
    note.className = "help";
    note.textContent = `You typed this before; it was not saved. It says now: ${field.value}`;
    field.after(note);
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${note.id}`.trim());
  };

  const restoreDraft = (form) => {
    const draft = JSON.parse(sessionStorage.getItem(`draft:${form.dataset.keep}`) ?? "{}");
    // A draft that was sent may be what stands there, or older than it.
    const wasSent = sentAs(form) !== null;
    for (const field of textsOf(form)) {
      const typed = draft[field.name];
      if (!typed || typed === field.value || (field.value && wasSent)) continue;
      if (field.value) nameReplaced(field);
      field.value = typed;
    }
    if (sentAs(form) && operationOf(form)) keepOperation(form, sentAs(form));
  };

  const settleDrafts = (root) => {
    const forms = [...root.querySelectorAll("form[data-keep]")];
    forms.forEach(restoreDraft);
    if (root !== document) return;
    // A draft that was sent, and whose form is not here again, has arrived. Error pages lack this file.
    const here = new Set(forms.map((form) => form.dataset.keep));
    Object.keys(sessionStorage)
      .filter((key) => key.startsWith("sent:") && !here.has(key.slice(5)))
      .forEach((key) => dropDraft(key.slice(5)));
  };

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    if ("unanswered" in form.dataset) renewOperation(form); // no longer what was sent
    if (form.dataset.keep) saveDraft(form);
  });

  // Dialogs and the side panel -----------------------------------------------------------------

  // The address follows the panel, so that it can be passed on; Back leaves the list.
  const peek = (link) =>
    htmx
      .ajax("GET", link.href, { target: "#panel", swap: "innerHTML" })
      .then(() => history.replaceState(history.state, "", link.href))
      .catch(() => {}); // a banner has said why

  const closePanel = (link) => {
    byId("panel").replaceChildren();
    history.replaceState(history.state, "", link.href);
  };

  const close = (element, event) => {
    const dialog = element.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    } else if (element.closest("#panel") && element.href) {
      event.preventDefault();
      closePanel(element);
      document.querySelector("tr[data-last] [data-row-link]")?.focus();
    }
  };

  const open = (id) => {
    const dialog = byId(id);
    dialog.dispatchEvent(new CustomEvent("app:open"));
    if (!dialog.open) dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    const element = event.target.closest("[data-dismiss], [data-opens], [data-closes], [data-peek]");
    if (event.target.matches("dialog[open]")) event.target.close(); // a click beside it
    if (!element) return;
    if ("dismiss" in element.dataset) element.closest("[data-toast]").remove();
    if ("opens" in element.dataset) open(element.dataset.opens);
    if ("closes" in element.dataset) close(element, event);
    if ("peek" in element.dataset && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      peek(element);
    }
  });

  // htmx -------------------------------------------------------------------------------------------

  const troubles = {
    0: "No connection. Nothing was lost; try again.",
    403: "You may not do this.",
    404: "This is no longer here.",
    429: "Too many requests. Wait a minute, then try again.",
    503: "The service is busy or restarting. Try again in a moment.",
  };

  const onTrouble = (event) => {
    const { elt, xhr } = event.detail;
    const status = xhr?.status ?? 0;
    if (!status && !navigator.onLine) {
      if (elt?.matches("form[hx-post]")) hold(elt);
      else showOffline();
      return;
    }
    if (elt?.matches("[data-quiet]")) return; // nobody pressed anything
    showToast({ text: troubles[status] ?? "Something went wrong here. Try again.", level: "error" });
  };

  document.addEventListener("htmx:responseError", onTrouble);
  document.addEventListener("htmx:sendError", onTrouble);
  document.addEventListener("htmx:timeout", onTrouble);
  document.addEventListener("htmx:swapError", onTrouble);

  const answeredBy = (xhr) => new URL(xhr.responseURL || location.href);
  const isSignIn = (address) => address.pathname.startsWith("/accounts/login");

  // An expired session answers with the sign-in page: go there instead of swapping it in.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answered = answeredBy(event.detail.xhr);
    if (isSignIn(answered)) {
      event.detail.shouldSwap = false;
      if (event.detail.requestConfig.elt.matches("[data-quiet]")) return; // nobody pressed anything
      const next = encodeURIComponent(location.pathname + location.search);
      location.assign(`${answered.pathname}?next=${next}`);
    }
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches?.("form[hx-post]")) setBusy(event.target, true);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig.elt.closest("form"); // it may have been swapped out by its answer
    if (!form) return;
    setBusy(form, false);
    const { xhr } = event.detail;
    const isAnswered = xhr.status && xhr.status < 500;
    const leads = xhr.getResponseHeader("HX-Redirect"); // away from here, perhaps to come back
    if (isAnswered && !leads) renewOperation(form); // what is sent next is something new
    else form.dataset.unanswered = "";
    if (!form.dataset.keep) return;
    const isTaken = xhr.status >= 200 && xhr.status < 300 && !isSignIn(answeredBy(xhr));
    if (isTaken) dropDraft(form.dataset.keep);
    else if (isAnswered) sessionStorage.removeItem(`sent:${form.dataset.keep}`); // it waits
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    settleDrafts(target);
    if (target.id === "dialog" && target.childElementCount) open("dialog");
    if (target.matches("tr[data-row]")) document.querySelector("tr[data-last] [data-row-link]")?.focus();
    if (target.id === "panel") {
      const title = target.querySelector("h2")?.textContent;
      if (title) say(`${title} opened beside the list`);
      target.querySelector("[autofocus]")?.focus();
    }
  });

  // What is wrong, not what comes first; after htmx has put the focus back where it was.
  document.addEventListener("htmx:afterSettle", (event) => {
    event.detail.target.querySelector("[aria-invalid=true]")?.focus();
  });

  // Sent by the server in HX-Trigger.
  document.addEventListener("toast", (event) => event.detail.toasts.forEach(showToast));
  document.addEventListener("dialog:close", () => byId("dialog").close());

  if (!navigator.onLine) showOffline();
  document.querySelectorAll("[data-toast]").forEach(startClock);
  settleDrafts(document);
  document.querySelector("form[method=post] [aria-invalid=true]")?.focus(); // it came back
})();
