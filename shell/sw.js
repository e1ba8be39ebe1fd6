// The service worker: after the first visit everything but sending works without a network.
// It never answers or touches a POST (iOS would send an empty body), nor anything of the API but the
// city's profile. A new version waits until no page of the old one is open, or a page asks for it
// (web/versions.js). Old pages never meet new files: names are hashed, and the caches of older versions
// stay until the pages that were open at the change are gone.
//
// Messages in: {type: 'take'}: take over now. {type: 'page', main}: a page has started, with that main.js.
// {type: 'keep', urls}: this phone needs these too (the plain form; web/keep.js).
// Messages out: {type: 'other_version'}, to a page whose files are not ours.
const VERSION = '@version@';
const FILES = '@precache@';
const CACHE = `titik-${VERSION}`;
const PROFILE = '/titik/1/profile';
const LATER = '@later@';         // files that only some phones need: kept when a page says so
const OLD_PAGES = '/old-pages';  // in our cache: the ids of the pages that were open at the change

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then(async (cache) => {
    // Hashed names may come from the HTTP cache, which the first visit has just filled.
    await cache.addAll(FILES.filter((url) => url !== '/'));
    await cache.addAll(['/', PROFILE].map((url) => new Request(url, { cache: 'reload' })));
  }));
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
  if (url.pathname === PROFILE && !request.headers.has('authorization')) {
    event.respondWith(profile(request));
    return;
  }
  if (url.pathname.startsWith('/titik/') || url.pathname.startsWith('/lapor/')) return;
  const wanted = request.mode === 'navigate' ? '/' : url.pathname;
  event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(wanted)) ?? (await caches.match(wanted)) ?? fetch(request)));
});
