// The program on a phone: starts the service worker, keeps visit records until they are sent, and shows what waits.
// Words come from the page: data attributes and templates of templates/phone/_outbox.html and base.html.
(() => {
  "use strict";
  const outbox = self.weibaoOutbox;
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
  const WORKER = meta("wb-worker");
  const VISITS = meta("wb-visits"); // only whoever may record visits has it
  const ACCOUNT = meta("wb-account"); // who is logged in; none on the page without a network, which nobody is logged in for
  const isOfflinePage = document.body.hasAttribute("data-offline-page");
  const isAble = "serviceWorker" in navigator && "indexedDB" in self && "locks" in navigator;
  if (!isAble || !WORKER) return;
  const box = document.getElementById("wb-outbox");
  const words = box?.dataset ?? {};
  let state = "";
  let owner = ACCOUNT; // whose records are shown: without a network, whose list the phone held when the page opened

  const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  const dayWords = (iso) => new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", day: "numeric", weekday: "short" })
    .format(new Date(`${iso.slice(0, 10)}T12:00`));
  let zone; // the county's, which a traveller's phone need not have
  const todayHere = () => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date()); // YYYY-MM-DD
  const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

  // One record as a line: its state in words, and what can be done with it.
  const reasons = (record) => {
    const told = [...(record.others ?? []), ...Object.values(record.errors ?? {}).flat()];
    return told.length ? told.join(" ") : words.gone;
  };
  const lineOf = (record) => {
    const line = copyOf(`wb-record-${record.state}`);
    const put = (name, text) => line.querySelectorAll(`[data-${name}]`).forEach((one) => { one.textContent = text; });
    put("code", record.code);
    put("at", fill(words.sent, { time: record.at }));
    if (record.state === "sent") return line;
    put("day", dayWords(record.done_on || todayHere()));
    put("note", record.note);
    put("reason", record.state === "refused" ? reasons(record) : "");
    line.querySelectorAll("form").forEach((form) => { form.dataset.key = record.key; });
    const correct = line.querySelector("[data-correct]");
    if (correct) prepare(correct, record, record);
    if (record.state === "waiting" && record.tried) line.querySelector("[data-edit]").remove();
    return line;
  };

  // The form of one visit: a new record, or one that was refused and is corrected.
  const prepare = (form, visit, typed) => {
    const id = `wb-${typed?.key ?? visit.id}`;
    form.dataset.visit = typed ? typed.visit : visit.id;
    form.dataset.code = visit.code;
    for (const name of ["done_on", "note"]) {
      const field = form.elements[name];
      field.id = `${id}-${name}`;
      form.querySelector(`[data-for="${name}"]`).htmlFor = field.id;
      const hint = form.querySelector(`[data-hint-of="${name}"]`);
      if (hint) {
        hint.id = `${field.id}-hint`;
        field.setAttribute("aria-describedby", hint.id);
      }
    }
    form.elements.done_on.value = typed?.done_on ?? todayHere();
    form.elements.note.value = typed?.note ?? "";
  };

  const showVisits = (list, taken) => {
    const place = document.getElementById("wb-offline-visits");
    if (!place) return;
    if (place.querySelector("details[open]")) return; // somebody is writing
    const lines = (list?.visits ?? []).filter((visit) => !taken.has(visit.id)).map((visit) => {
      const line = copyOf("wb-offline-visit");
      line.querySelector("[data-code]").textContent = visit.code;
      line.querySelector("[data-when]").textContent = visit.planned
        ? `${dayWords(visit.planned)} ${visit.planned.slice(11)}` : words.unplanned;
      prepare(line.querySelector("form"), visit);
      return line;
    });
    place.replaceChildren(...lines);
    document.getElementById("wb-no-visits").hidden = Boolean(list?.visits.length);
  };

  const show = async () => {
    await outbox.tidy();
    const [all, list] = [await outbox.all(), await outbox.list()];
    owner ??= list?.account;
    zone = list?.zone ?? zone;
    const own = all.filter((record) => record.account === owner);
    const open = all.filter((record) => record.state !== "sent");
    const ownOpen = open.filter((record) => record.account === owner);
    const foreign = open.filter((record) => record.account !== owner);
    const note = document.getElementById("wb-unsent");
    if (note) {
      const isWaiting = ACCOUNT ? ownOpen.length > 0 && !box : open.length > 0;
      note.hidden = !isWaiting;
      note.querySelector("[data-text]").textContent = fill(note.dataset.words, { n: ACCOUNT ? ownOpen.length : open.length });
    }
    guardLogOut(ownOpen.length);
    if (!box) return;
    box.hidden = own.length + foreign.length === 0;
    box.querySelector("[data-count]").textContent = ownOpen.length ? fill(words.unsent, { n: ownOpen.length }) : own.length ? words.allSent : "";
    box.querySelector("[data-send]").hidden = !own.some((record) => record.state === "waiting");
    const said = box.querySelector("[data-said]");
    said.textContent = ownOpen.some((record) => record.state === "waiting") ? words[state] ?? "" : "";
    box.querySelector("[data-login]").hidden = state !== "login";
    const lines = box.querySelector("[data-lines]");
    if (!lines.contains(document.activeElement) || !document.activeElement.matches("input, textarea")) {
      lines.replaceChildren(...own.sort((a, b) => a.state.localeCompare(b.state) * -1).map(lineOf));
    }
    const others = box.querySelector("[data-others]");
    others.hidden = foreign.length === 0;
    others.querySelector("[data-text]").textContent = fill(words.others, { n: foreign.length });
    // What a page or a list still offers though its record stands among those on this phone. One that was sent before the
    // page or the list was made hides nothing: where the visit is there again, the station has taken the record back.
    const taken = (made) => new Set(own.filter((one) => one.state !== "sent" || one.sent >= made).map((one) => one.visit));
    const done = taken(performance.timeOrigin);
    document.querySelectorAll("section form[data-keep-visit]").forEach((form) => {
      form.closest("section").hidden = done.has(form.dataset.visit);
    });
    showVisits(list, taken(list?.kept ?? 0));
  };

  // Log-out takes everything off the phone; what was not sent is asked about first.
  const guardLogOut = (count) => {
    const form = document.getElementById("wb-log-out");
    if (!form) return;
    if (count) {
      form.dataset.confirm = fill(form.dataset.unsent, { n: count });
      form.dataset.confirmLevel = "danger";
    } else delete form.dataset.confirm;
  };
  document.getElementById("wb-log-out")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await outbox.clear().catch(() => {});
    event.target.submit();
  });

  const send = async () => {
    state = await outbox.send(address());
    await show();
    return state;
  };
  const address = () => VISITS ?? words.visits;
  const later = async () => {
    try {
      await (await navigator.serviceWorker.ready).sync?.register("visits");
    } catch {
      // no background sync in this browser, or it is switched off: the next page sends
    }
  };

  const record = async (form) => {
    if (!owner) return false;
    await outbox.keep({
      key: crypto.randomUUID(), account: owner, visit: form.dataset.visit, code: form.dataset.code, state: "waiting", tried: false,
      done_on: form.querySelector("[name$=done_on]").value, note: form.querySelector("[name$=note]").value,
    });
    return true;
  };
  const sendOrWait = async () => {
    if (["away", "login"].includes(await send())) await later();
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.matches("[data-keep-visit]")) {
      event.preventDefault();
      form.querySelectorAll("[type=submit]").forEach((button) => { button.disabled = true; });
      if (!(await record(form).catch(() => false))) {
        form.submit(); // no room on this phone: straight to the server
        return;
      }
      form.closest("details").open = false;
      await sendOrWait();
      box?.scrollIntoView({ block: "nearest" });
    } else if (form.matches("[data-correct]")) {
      event.preventDefault();
      await outbox.correct(form.dataset.key, { done_on: form.elements.done_on.value, note: form.elements.note.value });
      document.activeElement?.blur();
      await sendOrWait();
    } else if (form.matches("[data-discard]")) {
      event.preventDefault();
      await outbox.discard(form.dataset.key);
      await show();
    } else if (form.matches("[data-discard-others]")) {
      event.preventDefault();
      for (const one of await outbox.all()) if (one.account !== owner) await outbox.discard(one.key);
      await show();
    }
  });
  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-send]")) await sendOrWait();
  });

  const begin = async () => {
    navigator.serviceWorker.register(WORKER).catch(() => {}); // plain http: the pages work as before, online
    const list = await outbox.list();
    if (isOfflinePage) owner = list?.account;
    else if (list && list.account !== ACCOUNT) await outbox.dropList(); // logged out, or somebody else's phone now
    if (isOfflinePage || VISITS) {
      state = await outbox.send(address());
      if (state === "nothing" && VISITS) await outbox.refresh(VISITS);
    }
    await show();
  };

  self.addEventListener("online", () => { if (isOfflinePage || VISITS) sendOrWait(); });
  navigator.serviceWorker.addEventListener("message", show); // the worker has sent something
  document.addEventListener("DOMContentLoaded", () => begin().catch(() => {}));
})();
