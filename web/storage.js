// What is kept on this phone, as the page sees it: how much the browser gives and whether it keeps it. What
// a phone wants seldom (keep.js: the file to another phone, the end of it all) is loaded when it is wanted,
// and kept for a day without a network once this phone has a report.
//
// Listeners on window, for the life of the page: storage (another tab has deleted everything).
import { losesAfterAWeek } from './install.js';

const TASKS = ['look', 'pack', 'handOver', 'erase'];  // KeepTask in src/ui/host.h
const FAILED = 5;                                     // Carry::Stage and Carry::Problem in src/ui/app.h
const PROBLEMS = { compressed: 1, newer: 2, storage: 3, network: 4 };

// `urls`: of keep.js and archive.wasm. `assets`: as in photos.js.
export const createStorage = (ui, engine, urls, assets) => {
  let keeper = null;
  let kept = false;
  let listener = null;

  const look = async () => {
    const storage = navigator.storage;
    const [persisted, { usage = -1, quota = -1 }] = await Promise.all([storage?.persisted?.() ?? false, storage?.estimate?.() ?? {}]);
    ui.storageSeen(persisted ? 1 : 0, losesAfterAWeek() ? 1 : 0, usage, quota < 0 ? -1 : Math.max(0, quota - usage));
  };
  const load = () => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = urls.keep;
    script.onload = () => resolve(window.titikKeep({ ui, engine, assets, archiveUrl: urls.archive, read: engine.readPicture, listen: (to) => { listener = to; } }));
    script.onerror = reject;
    document.head.append(script);
  });
  const run = async (task, file) => {
    try {
      keeper ??= load();
      await (await keeper)[task](file);
    } catch (error) {
      if (!error.problem) keeper = null;  // not loaded: tried again
      ui.carried(FAILED, 0, 0, PROBLEMS[error.problem ?? 'network'] ?? 0);
    }
  };
  window.addEventListener('storage', ({ key }) => { if (key === null) location.replace('/'); });

  return {
    task: (number) => (number === 0 ? look() : run(TASKS[number])).catch(() => {}),
    open: (file) => run('open', file),
    share: (file) => run('share', file),
    // Within a tap.
    persist: () => navigator.storage?.persist?.().then(look, () => {}),
    event(text) {
      listener?.(text);
      if (kept || !/"reports":\[\{/.test(text)) return;
      kept = true;
      navigator.serviceWorker?.ready.then(({ active }) => active.postMessage({ type: 'keep', urls: Object.values(urls) }));
    },
  };
};
