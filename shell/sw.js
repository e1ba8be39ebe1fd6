// The service worker: after the first visit everything but sending works without a network.
// It never answers or touches a POST (iOS would send an empty body), nor anything of the API but the
// city's profile. A new version waits until no page of the old one is open: files never mix.
const VERSION = '@version@';
const FILES = '@precache@';
const CACHE = `titik-${VERSION}`;
const PROFILE = '/titik/1/profile';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then(async (cache) => {
    // Hashed names may come from the HTTP cache, which the first visit has just filled.
    await cache.addAll(FILES.filter((url) => url !== '/'));
    await cache.addAll(['/', PROFILE].map((url) => new Request(url, { cache: 'reload' })));
  }));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('titik-') && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
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
  event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(wanted)) ?? fetch(request)));
});
