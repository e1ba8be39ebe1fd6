// What goes on while no page is open (shell/sw.js), as far as the page asks for it: the browser's events
// while reports wait or are followed, and the citizen's leave to be told.
//
// Listeners on document, for the life of the page: visibilitychange.

const OUTBOX = 'titik-outbox';
const NEWS = 'titik-news';
const TWICE_A_DAY = 12 * 60 * 60 * 1000;  // ms; the browser may make it less often
// A row of reports_changed (messages.h, its members in order) that the city has and has not closed.
const OPEN = /"state":"diterima","status_name":"(?!di(tutup|arsipkan)_)/;
// Notify in src/ui/app.h. Where no event will come, nothing is promised.
const NONE = 0;
const STATES = { default: 1, granted: 2, denied: 3 };

// `tell(state)`: whether the citizen is told.
export const createBackground = (tell) => {
  const isPossible = 'SyncManager' in window && 'Notification' in window;
  const registration = isPossible ? navigator.serviceWorker.ready : new Promise(() => {});
  let waits = false;
  let follows = null;

  const say = () => tell(isPossible ? STATES[Notification.permission] : NONE);
  const askToSend = async () => { await (await registration).sync.register(OUTBOX); };
  const askForNews = async () => {
    const { periodicSync } = await registration;
    if (!periodicSync || (await navigator.permissions.query({ name: 'periodic-background-sync' })).state !== 'granted') return;
    await (follows ? periodicSync.register(NEWS, { minInterval: TWICE_A_DAY }) : periodicSync.unregister(NEWS));
  };
  // A browser may refuse either, as it likes: then it is sent and asked while a page is open.
  const attempt = (work) => work().catch(() => {});

  // The browser forgets an event that it has sent: also one that came while this page was shown.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) say();
    else if (waits) attempt(askToSend);
  });
  say();
  return {
    // Of messages.h.
    event(text) {
      if (text.includes('"sync_state_changed"')) {
        const waited = waits;
        waits = !text.includes('"idle"');
        if (waits && !waited) attempt(askToSend);
      }
      if (text.includes('"reports_changed"')) {
        const followed = follows;
        follows = OPEN.test(text);
        if (follows !== followed) attempt(askForNews);
      }
    },
    // Within a tap: the browser asks.
    ask: () => Notification.requestPermission().then(say),
  };
};
