// Visit records that wait on this phone, and the list of visits that they are filled in for. Used by pages and by the
// service worker alike. A record: {key, account, visit, code, done_on, note, state, tried, at, errors}, state one of
// "waiting", "refused" and "sent" (a sent one keeps no note: only which visit it was and when it was sent).
self.weibaoOutbox = (() => {
  "use strict";
  const WEEK = 7 * 24 * 3600 * 1000;
  const DAY = 24 * 3600 * 1000;
  const STORES = ["records", "facts"];

  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const open = () => {
    const request = indexedDB.open("weibao", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("records", { keyPath: "key" });
      request.result.createObjectStore("facts", { keyPath: "name" });
    };
    return asked(request);
  };
  // One transaction: what is written is on the disk when the promise is kept.
  const within = async (mode, work) => {
    const base = await open();
    try {
      const transaction = base.transaction(STORES, mode, { durability: "strict" });
      const ended = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      const result = await work(transaction.objectStore("records"), transaction.objectStore("facts"));
      await ended;
      return result;
    } finally {
      base.close();
    }
  };

  const all = () => within("readonly", (records) => asked(records.getAll()));
  const keep = (record) => within("readwrite", (records) => asked(records.put(record)));
  const discard = (key) => within("readwrite", (records) => asked(records.delete(key)));
  const clear = () => within("readwrite", (records, facts) => Promise.all([asked(records.clear()), asked(facts.clear())]));
  const list = () => within("readonly", (_, facts) => asked(facts.get("list")));
  const dropList = () => within("readwrite", (_, facts) => asked(facts.delete("list")));
  const saveList = ({ account, language, zone, visits }) =>
    within("readwrite", (_, facts) => asked(facts.put({ name: "list", account, language, zone, visits, kept: Date.now() })));

  // What is old goes: a list after a week, the line of a record that was sent after a day.
  const tidy = () => within("readwrite", async (records, facts) => {
    const held = await asked(facts.get("list"));
    if (held && held.kept < Date.now() - WEEK) facts.delete("list");
    for (const record of await asked(records.getAll())) {
      if (record.state === "sent" && record.sent < Date.now() - DAY) records.delete(record.key);
    }
  });

  // A change of a record that may have been thrown away or sent meanwhile: then nothing comes back.
  const change = (key, facts) => within("readwrite", async (records) => {
    const record = await asked(records.get(key));
    if (record && record.state !== "sent") await asked(records.put({ ...record, ...facts }));
  });
  const markSent = (record, at) => within("readwrite", (records) => asked(records.put({
    key: record.key, account: record.account, visit: record.visit, code: record.code, state: "sent", at, sent: Date.now(),
  })));

  // What the server says now: the list and a fresh token; "login" where the log-in has ended; null without an answer.
  const fresh = async (address) => {
    try {
      const answer = await fetch(address, { redirect: "manual", cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.type === "opaqueredirect" || answer.status === 403) return "login";
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  };
  const refresh = async (address) => {
    const facts = await fresh(address);
    if (facts === "login") await dropList();
    else if (facts) await saveList(facts);
    return facts;
  };

  const sendOne = async (address, facts, record) => {
    const body = new URLSearchParams({ account: record.account, key: record.key, done_on: record.done_on, note: record.note });
    const answer = await fetch(`${address}/${encodeURIComponent(record.visit)}`, {
      method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": facts.token, Accept: "application/json" },
    });
    if (answer.ok) {
      await markSent(record, (await answer.json()).at);
      return true;
    }
    if (answer.status === 422) {
      const { errors, others } = await answer.json();
      await change(record.key, { state: "refused", errors, others });
    } else if ([404, 403, 413].includes(answer.status)) {
      await change(record.key, { state: "refused", errors: {}, others: [] });
    }
    return false;
  };

  // Sends what waits, of the account that is logged in alone. One page or worker of this phone at a time does so; the
  // server takes each key in once, whatever happens. Answers "sent" (one at least), "login", "away" (no network, or the
  // server is in trouble: try again) or "nothing".
  const alone = (work) => navigator.locks.request("weibao-outbox", work);
  const send = (address) => alone(async () => {
    const waiting = (await all()).filter((record) => record.state === "waiting");
    if (!waiting.length) return "nothing";
    const facts = await refresh(address);
    if (facts === "login" || !facts) return facts ?? "away";
    const own = waiting.filter((record) => record.account === facts.account);
    let sent = 0;
    for (const record of own) {
      await change(record.key, { tried: true });
      try {
        sent += await sendOne(address, facts, record);
      } catch {
        break; // the answer was lost: the same key is sent again
      }
    }
    if (sent) return "sent";
    return (await all()).some((one) => one.state === "waiting" && one.account === facts.account) ? "away" : "nothing";
  });

  // What was typed is corrected unless it may have arrived already: then the first text would count.
  const correct = (key, typed) => alone(async () => {
    const held = (await all()).find((record) => record.key === key);
    if (!held || held.state === "sent" || (held.state === "waiting" && held.tried)) return;
    await keep({ ...held, ...typed, state: "waiting", tried: false, errors: {}, others: [] });
  });

  return { all, keep, correct, discard, clear, list, dropList, refresh, send, tidy };
})();
