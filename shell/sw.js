// The service worker: after the first visit everything but sending works without a network.
// It never answers or touches a POST (iOS would send an empty body), nor anything of the API but the
// city's profile. A new version waits until no page of the old one is open, or a page asks for it
// (web/versions.js). Old pages never meet new files: names are hashed, and the caches of older versions
// stay until the pages that were open at the change are gone.
//
// While no page is open it sends what waits ('sync') and asks for news ('periodicsync'), with the page's
// own engine (web/engine_background.js), and tells of it where the citizen has allowed it.
//
// Messages in: {type: 'take'}: take over now. {type: 'page', main}: a page has started, with that main.js.
// {type: 'keep', urls}: this phone needs these too (the plain form; web/keep.js).
// Messages out: {type: 'other_version'}, to a page whose files are not ours.
const VERSION = '@version@';
const FILES = '@precache@';
const CACHE = `titik-${VERSION}`;
const PROFILE = '/titik/1/profile';
const LATER = '@later@';         // files that only some phones need: kept when a page says so
const ENGINE = '@url:engine_worker.js@';
const GLUE = '@url:glue.js@';
const MODULES = '@url:modules.bin@';
const ENGINE_PART = 5;           // of its seven (web/modules.js)
const LIMIT = 150_000;           // ms of one event: Chromium allows three minutes
const PATIENCE = 15_000;         // ms: what is due later is left to the next event
const OLD_PAGES = '/old-pages';  // in our cache: the ids of the pages that were open at the change

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    // Only what was imported by now can be imported later. In here, or a failure would not end the installing.
    importScripts(ENGINE, GLUE);
    const cache = await caches.open(CACHE);
    // Hashed names may come from the HTTP cache, which the first visit has just filled.
    await cache.addAll(FILES.filter((url) => url !== '/'));
    await cache.addAll(['/', PROFILE].map((url) => new Request(url, { cache: 'reload' })));
  })());
});

const openPages = async () => (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).map(({ id }) => id);

const sweep = async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith('titik-') && name !== CACHE);
  // The cache of a version that is on its way is none of the old.
  if (old.length === 0 || self.registration.installing || self.registration.waiting) return;
  const pages = await (await caches.open(CACHE)).match(OLD_PAGES);
  const before = pages ? await pages.json() : [];
  const now = await openPages();
  if (before.some((id) => now.includes(id))) return;
  for (const name of old) await caches.delete(name);
};

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    await (await caches.open(CACHE)).put(OLD_PAGES, new Response(JSON.stringify(await openPages())));
    await sweep();
    await self.clients.claim();
  })());
});

self.addEventListener('message', (event) => {
  if (event.data.type === 'take') self.skipWaiting();
  if (event.data.type === 'keep') {
    event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(event.data.urls.filter((url) => LATER.includes(url)))));
  }
  if (event.data.type === 'page') {
    if (!FILES.includes(event.data.main)) event.source.postMessage({ type: 'other_version' });
    event.waitUntil(sweep());
  }
});

const profile = async (request) => {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(PROFILE);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) await cache.put(PROFILE, answer.clone());
    return answer;
  });
  if (!stored) return fresh;
  fresh.catch(() => {});
  return stored;
};

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  // The engine's own question ('no-store') is for the server.
  if (url.pathname === PROFILE && request.cache !== 'no-store' && !request.headers.has('authorization')) {
    event.respondWith(profile(request));
    return;
  }
  // What the server answers, and the pages that are not the citizens' client.
  if (/^\/(titik|lapor|open311|api|kantor|pengaduan)(\/|$)/.test(url.pathname)) return;
  const wanted = request.mode === 'navigate' ? '/' : url.pathname;
  event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(wanted)) ?? (await caches.match(wanted)) ?? fetch(request)));
});

// --- With no page open ------------------------------------------------------------------------------------

const engineModule = async (cache) => {
  const file = await (await cache.match(MODULES)).blob();
  const lengths = new DataView(await file.slice(0, 28).arrayBuffer());
  let at = 28;
  for (let part = 0; part < ENGINE_PART; ++part) at += lengths.getUint32(4 * part, true);
  return WebAssembly.compile(await file.slice(at, at + lengths.getUint32(4 * ENGINE_PART, true)).arrayBuffer());
};

// On the lock screen for everyone to see: neither title nor words.
const tell = (language, words, { id, tracking_id: number }) => {
  if (Notification.permission !== 'granted') return undefined;
  const wanted = language || navigator.languages.join().toLowerCase();  // as in first.js
  const english = /^en\b/.test(wanted) && !/(^|,)(id|in|ms)\b/.test(wanted);
  const say = (both) => both.split('|')[english ? 1 : 0];
  return self.registration.showNotification(say(words), {
    body: say('@words:tracking:#@').replace('#', number), tag: id, icon: '/icon-192.png', data: `/#/laporan/${id}`,
  });
};

// One at a time.
let turn = Promise.resolve();
const work = (...how) => (turn = turn.catch(() => {}).then(() => workNow(...how)));
const workNow = async (asks, isLast) => {
  if (typeof runInBackground === 'undefined') importScripts(ENGINE);
  const cache = await caches.open(CACHE);
  const profileText = await (await cache.match(PROFILE)).text();
  const { waits, language, delivered, news } = await runInBackground({ glueUrl: GLUE, module: () => engineModule(cache),
    profileText, asks, limit: LIMIT, patience: isLast ? LIMIT : PATIENCE });
  for (const row of delivered) await tell(language, '@words:notifyDelivered@', row);
  for (const row of news) await tell(language, '@words:notifyNews@', row);
  if (waits) throw new Error('not all is sent');  // the browser tries again, unless it was the last time
};

self.addEventListener('sync', (event) => {
  if (event.tag === 'titik-outbox') event.waitUntil(work(false, event.lastChance));
});
self.addEventListener('periodicsync', (event) => {
  if (event.tag === 'titik-news') event.waitUntil(work(true, false));
});

self.addEventListener('notificationclick', (event) => {
  const { notification } = event;
  notification.close();
  event.waitUntil((async () => {
    const [page] = await self.clients.matchAll({ type: 'window' });
    if (!page) return self.clients.openWindow(notification.data);
    await page.focus().catch(() => {});  // the browser may refuse; the report is opened all the same
    return page.navigate(notification.data);
  })());
});
