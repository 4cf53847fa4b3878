// What every page needs on top of htmx and Bootstrap: token, questions, notices, first wrong field, print, keys.
// Words come from the page (data attributes of #wb-toasts and #wb-confirm), so that they follow its language.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const SIGNS = { success: ["ok", "check-circle"], warning: ["warn", "warning"], danger: ["danger", "x-circle"], info: ["info", "info"] };

  // Notices. A server sends them with HX-Trigger: {"wb:toast": {"message": "…", "level": "success"}}.
  const toast = (message, level = "info") => {
    const box = byId("wb-toasts");
    if (!box || !message) return;
    const [tone, sign] = SIGNS[level] ?? SIGNS.info;
    const element = box.querySelector("template").content.firstElementChild.cloneNode(true);
    element.classList.add(`wb-${tone}`);
    element.querySelector(".toast-body").textContent = message;
    const use = element.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${sign}`));
    if (level === "danger") element.setAttribute("role", "alert");
    box.append(element);
    element.addEventListener("hidden.bs.toast", () => element.remove());
    new bootstrap.Toast(element, { delay: 6000, autohide: level !== "danger" }).show();
  };
  document.addEventListener("wb:toast", (event) => toast(event.detail.message ?? event.detail.value, event.detail.level));

  // Failed requests. An answer that brings its own notice is not spoken over.
  const say = (key) => {
    const words = byId("wb-toasts")?.dataset ?? {};
    toast(words[key] ?? words.error, "danger");
  };
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    if (!(xhr.getResponseHeader("HX-Trigger") ?? "").includes("wb:toast")) say(`error${xhr.status}`);
  });
  document.addEventListener("htmx:sendError", () => say("network"));
  document.addEventListener("htmx:timeout", () => say("network"));

  // The token goes to our own server only (htmx refuses others: selfRequestsOnly).
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const token = document.querySelector('meta[name="csrf-token"]')?.content;
    if (token && detail.verb !== "get") detail.headers["X-CSRFToken"] = token;
  });

  // Questions before a step that cannot be taken back: hx-confirm on htmx elements, data-confirm on plain forms.
  const ask = (question, source, onYes) => {
    const dialog = byId("wb-confirm");
    const yes = dialog.querySelector("[data-confirm-yes]");
    const isDanger = source.dataset.confirmLevel === "danger";
    dialog.querySelector("[data-confirm-question]").textContent = question;
    yes.textContent = source.dataset.confirmLabel || yes.dataset.confirmYes;
    yes.className = `btn ${isDanger ? "btn-danger" : "btn-primary"}`;
    let agreed = false;
    yes.onclick = () => {
      agreed = true;
      bootstrap.Modal.getInstance(dialog).hide();
    };
    dialog.addEventListener("shown.bs.modal", () => (isDanger ? dialog.querySelector("[data-confirm-no]") : yes).focus(), { once: true });
    dialog.addEventListener("hidden.bs.modal", () => (agreed ? onYes() : source.focus?.()), { once: true });
    bootstrap.Modal.getOrCreateInstance(dialog).show();
  };
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, event.detail.elt, () => event.detail.issueRequest(true));
  });
  const agreed = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const source = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!source.dataset.confirm || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(source.dataset.confirm, source, () => {
      agreed.add(form);
      form.requestSubmit(submitter);
    });
  }, true);

  // After a refused form the first wrong field has the focus, on a full page and in a swapped fragment alike.
  const focusWrong = (root) => (root.matches?.(".is-invalid") ? root : root.querySelector(".is-invalid"))?.focus();
  document.addEventListener("DOMContentLoaded", () => focusWrong(document));
  document.addEventListener("htmx:afterSettle", (event) => focusWrong(event.target));

  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const copy = event.target.closest("[data-copy]");
    if (!copy) return;
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
      toast(copy.dataset.copied, "success");
    } catch {
      say("copy"); // plain http on an office network has no clipboard
    }
  });
  // A filter that is one choice needs no button.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // The key / goes to the search, unless somebody is writing.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const fields = [...document.querySelectorAll("main [data-search], [data-search]")];
    const field = fields.find((one) => one.checkVisibility?.() ?? one.offsetParent);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // Ctrl+Z takes back, Ctrl+Shift+Z (or Ctrl+Y) makes again, where a page has the buttons and nobody is writing or asked.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.repeat || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], .modal")) return;
    const key = event.key.toLowerCase();
    const wanted = key === "y" || (key === "z" && event.shiftKey) ? "[data-redo]" : key === "z" ? "[data-undo]" : null;
    const button = wanted && document.querySelector(`${wanted}:not(:disabled)`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
})();
