// The service worker and new versions of the app. A new version is downloaded beside the old one and
// waits; it is taken when the person says so, or when nobody is at work. Files of two versions never
// mix: names are hashed, and shell/sw.js keeps the old ones until their last page is gone.
//
// Listeners, for the life of the page. On navigator.serviceWorker: controllerchange, message; on the
// registration: updatefound; on document: visibilitychange, pointerdown, keydown.

const LOOK_AGAIN = 60 * 60 * 1000;  // ms between questions for a new version, while the page lives
const IDLE = 60 * 1000;             // ms without a touch before a new version is taken by itself
const ASK_AGAIN = 500;              // ms between askings for the change of workers

// `announce()`: a new version waits. `isIdle()`: nothing is open or unsaved. `stop()`: the page ends now.
export const createVersions = ({ announce, isIdle, stop }) => {
  const container = navigator.serviceWorker;
  let registration = null;
  let waits = false;   // told the interface
  let taking = false;
  let lookedAt = Date.now();
  let idleTimer = 0;

  // The waiting worker takes over all pages; 'controllerchange' then loads this one anew. Chromium puts
  // that off for 30 s when the old worker is just answering a request: asked again, it does it at once.
  const askToTake = () => {
    if (!registration.waiting) return;
    registration.waiting.postMessage({ type: 'take' });
    setTimeout(askToTake, ASK_AGAIN);
  };
  const take = () => {
    if (taking) return;
    taking = true;
    stop();
    if (registration.waiting) askToTake();
    else location.reload();
  };
  const takeIfIdle = () => { if (waits && isIdle()) take(); };
  const waitForIdle = () => {
    clearTimeout(idleTimer);
    if (waits) idleTimer = setTimeout(takeIfIdle, IDLE);
  };
  const tell = () => {
    waits = true;
    announce();
    waitForIdle();
  };
  const watch = (worker) => worker?.addEventListener('statechange', () => {
    if (worker.state === 'installed' && container.controller) tell();
  });

  return {
    async begin() {
      if (!container) return;
      let controlled = container.controller !== null;
      container.addEventListener('controllerchange', () => {
        if (taking) location.reload();
        else if (controlled) tell();  // another tab took it
        controlled = true;
      });
      container.addEventListener('message', ({ data }) => { if (data.type === 'other_version') tell(); });
      try {
        registration = await container.register('/sw.js');
      } catch {
        return;  // private windows; without it the app works, but not without a network
      }
      watch(registration.installing);
      registration.addEventListener('updatefound', () => watch(registration.installing));
      if (registration.waiting && container.controller) tell();
      const main = document.querySelector('script[src*="/main."]').getAttribute('src');
      container.ready.then(({ active }) => active.postMessage({ type: 'page', main }));
      for (const name of ['pointerdown', 'keydown']) document.addEventListener(name, waitForIdle, { capture: true, passive: true });
      document.addEventListener('visibilitychange', () => {
        if (document.hidden) {
          takeIfIdle();
        } else if (Date.now() - lookedAt > LOOK_AGAIN) {
          lookedAt = Date.now();
          registration.update().catch(() => {});
        }
      });
    },
    take,
  };
};
