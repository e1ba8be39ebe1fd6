// The engine in the service worker, while no page is open: the numbered steps of docs/sync-protocol.md,
// "In the background". Fourth of the parts that make engine_worker.js.
//
// Between a page's engine and this one, on the BroadcastChannel `titik-engine`:
//   'stop'                   a page wants the engine. It waits for the lock.
//   'due'                    the browser thinks the network is there: to the page's engine, if one has the lock
//   {type: 'rest', waits}    its answer, once nothing is under way

const createChannel = () => {
  try {
    return new BroadcastChannel('titik-engine');
  } catch (error) {
    return null;  // unknown here, or refused with all storage: then there is no service worker either
  }
};

// Resolves with {waits, language, delivered, news}:
//   waits      a report waits that is worth another event: it can be sent, and nobody else will
//   language   the citizen's, '' while not chosen
//   delivered  rows of reports_changed (messages.h): reports that were received by this
//   news       the same of reports that the city had before, of which it told something new
// `module()`: the compiled engine.wasm. `asks`: for news too. `limit`: milliseconds, after which it stops.
// `patience`: milliseconds; a longer wait until something is due is left to the next event.
const runInBackground = async ({ glueUrl, module, profileText, asks, limit, patience }) => {
  const result = { waits: false, language: '', delivered: [], news: [] };
  // No database is begun here.
  if (!(await indexedDB.databases()).some(({ name }) => name === 'titik')) return result;
  const before = new Map();  // report → row, as it was found
  const changed = new Set();
  let now = [];
  const channel = createChannel();
  const control = new AbortController();
  const { signal } = control;
  const end = (waits) => {
    if (!signal.aborted) result.waits = waits;
    control.abort();
  };
  const timer = setTimeout(() => end(true), limit);
  const engine = createEngine({
    fatal: () => end(false),  // the page knows what to do about it
    rest: (due, waits) => { if (!due || due - Date.now() > patience) end(waits); },
    event: (text) => {
      const event = JSON.parse(text);
      switch (event.type) {
        case 'settings_changed': result.language = event.settings.language; break;
        case 'storage_notice': if (event.kind !== 'none') end(false); break;
        case 'report_changed': changed.add(event.report.draft.id); break;
        case 'reports_changed':
          if (now.length === 0) for (const row of event.reports) before.set(row.id, row);
          now = event.reports;
          break;
        default:
      }
    },
  });
  channel.onmessage = ({ data }) => {
    if (data === 'stop') end(false);
    if (data.type === 'rest') end(data.waits);
  };
  const ended = new Promise((resolve) => { signal.addEventListener('abort', resolve); });
  // A page that has the engine sends by itself. Should it go away meanwhile, it is our turn.
  channel.postMessage('due');
  try {
    if (await engine.takeLock({ mode: 'shared', signal }) && await engine.open({ glueUrl, module: await module(), profileText, asks })) {
      engine.call('visible', false);
      engine.call('online');  // or the waits of before would outlast this event
      engine.call('command', ...engine.input('{"type":"start","id":1}'));
      engine.rest();
      await ended;
    }
  } finally {
    await engine.close();
    clearTimeout(timer);
    channel.close();
  }
  for (const row of now) {
    const { state, photos_on_way: onWay } = before.get(row.id);
    if (row.state !== 'diterima') continue;
    if (state !== 'diterima') result.delivered.push(row);
    else if (!onWay && changed.has(row.id)) result.news.push(row);
  }
  return result;
};
