// The service worker. SHELL stands above this file: weibao/phone.py writes it. Kept are the shell's static files and the
// page without a network, and nothing else: no page, no answer that depends on who is logged in.
"use strict";
importScripts(SHELL.outbox);
const CACHE = SHELL.prefix + SHELL.version;
const KEPT = new Set([...SHELL.files, ...Object.values(SHELL.pages)]);

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  // without cookies: what is kept was made for nobody
  await cache.addAll([...KEPT].map((address) => new Request(address, { cache: "reload", credentials: "omit" })));
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(SHELL.prefix) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

const offlinePage = async () => {
  const list = await self.weibaoOutbox.list().catch(() => null);
  const page = SHELL.pages[list?.language] ?? SHELL.pages[SHELL.language];
  return (await caches.match(page, { cacheName: CACHE })) ?? Response.error();
};

// The network comes first, so that nobody works with an old script; what is kept stands in only where it fails.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(offlinePage));
    return;
  }
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin || !KEPT.has(address.pathname)) return;
  event.respondWith(
    fetch(request).catch(async () => (await caches.match(address.pathname, { cacheName: CACHE })) ?? Response.error()),
  );
});

// Where the browser has it (Background Sync), records leave as soon as there is a network, with no page open.
self.addEventListener("sync", (event) => {
  if (event.tag !== "visits") return;
  event.waitUntil(self.weibaoOutbox.send(SHELL.visits).then(async (result) => {
    for (const page of await self.clients.matchAll({ type: "window" })) page.postMessage(result);
    if (result === "away") throw new Error("no network yet"); // the browser then tries again
  }));
});
