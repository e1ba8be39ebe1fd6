// How soon a change is durable, how soon the engine is there, and how much memory it takes, with 1, 100 and
// 2,000 reports in the phone's database:
//   node tests/bench/save.mjs [SAVES] [REPORTS]...        (100 saves; 1 100 2000; after serve/run --build-only)
//
// The reports are real: drafts saved through the engine's own commands. Measured is the time between a
// command that saves a draft with 300 characters and its reply, in the page; the engine replies when
// IndexedDB's transaction is complete. Start: from the making of the engine's worker to its list of reports.
//
// The slow phone: CDP slows down a page's main thread only, and the engine runs in a worker and IndexedDB in
// a process of the browser's. So all of Chromium's processes are stopped (SIGSTOP) for five milliseconds
// out of six. The disk stays as quick as it is. A loop of sums in the page says how much slower that really
// was: on a busy machine the rhythm does not hold.
import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { Worker } from 'node:worker_threads';
import { City, Phone } from '../e2e/world.mjs';

const [saves = 100, ...reports] = process.argv.slice(2).map(Number);
const COUNTS = reports.length > 0 ? reports : [1, 100, 2000];
const SLOWER = 6;
const STARTS = 5;

const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const round = (value) => Math.round(value * 10) / 10;

// All processes of the browser with this profile folder: the one that was told of it, and its descendants.
const processesOf = (folder) => {
  const parents = new Map();
  let root = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)) {
    try {
      parents.set(pid, Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))[1]));
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (words.includes(`--user-data-dir=${folder}`) && !words.includes('--type=')) root = pid;
    } catch { /* ended meanwhile */ }
  }
  if (root === 0) throw new Error(`no browser with ${folder}`);
  const belongs = (pid) => pid === root || (parents.has(pid) && belongs(parents.get(pid)));
  return [...parents.keys()].filter(belongs);
};

// Runs beside the measuring thread, so that the rhythm holds.
const BRAKE = `
const { workerData } = require('node:worker_threads');
const flag = new Int32Array(workerData.shared);
const signal = (name) => { for (const pid of workerData.pids) try { process.kill(pid, name); } catch {} };
while (Atomics.load(flag, 0) === 0) {
  signal('SIGSTOP');
  Atomics.wait(flag, 0, 0, workerData.slower - 1);
  signal('SIGCONT');
  Atomics.wait(flag, 0, 0, 1);
}
signal('SIGCONT');
Atomics.store(flag, 0, 2);
Atomics.notify(flag, 0);`;

// Milliseconds of the page's own processor for a piece of work that is always the same.
const sums = (page) => page.evaluate(() => {
  const begin = performance.now();
  let sum = 0;
  for (let i = 0; i < 2e8; ++i) sum = (sum + i) | 0;
  return performance.now() - begin + (sum & 0);
});

const slowly = async (folder, slower, work) => {
  if (slower === 1) return work();
  const shared = new SharedArrayBuffer(4);
  const flag = new Int32Array(shared);
  const brake = new Worker(BRAKE, { eval: true, workerData: { shared, pids: processesOf(folder), slower } });
  try {
    return await work();
  } finally {
    const ended = new Promise((resolve) => { brake.once('exit', resolve); });
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
    await ended;
  }
};

// Runs in the page: keeps the engine's worker, when it was made, and what it said.
const WATCH = () => {
  window.Worker = class extends Worker {
    constructor(url, ...rest) {
      super(url, ...rest);
      if (!String(url).includes('engine')) return;
      const made = performance.now();
      window.engine = this;
      window.replies = new Map();
      this.addEventListener('message', ({ data }) => {
        if (data.type === 'metrics') window.engineMetrics = data;
        if (data.type !== 'event') return;
        if (data.text.includes('"reports_changed"')) window.listMs ??= performance.now() - made;
        if (!data.text.includes('"reply"')) return;
        const reply = JSON.parse(data.text);
        window.replies.get(reply.id)?.(reply);
      });
    }
  };
  window.saveDraft = (number, text) => new Promise((resolve) => {
    const id = 1e6 + window.replies.size;
    const begin = performance.now();
    window.replies.set(id, (reply) => resolve({ ms: performance.now() - begin, error: reply.error }));
    window.engine.postMessage({ type: 'command', text: JSON.stringify({ type: 'save_draft', id, draft: {
      id: `01936f00-${String(number).padStart(4, '0')}-7000-8000-000000000000`, category_id: 'jalan',
      title: `Lubang besar di jalan ${number + 1}`, content: text, incident_date: '2026-11-20', landmark: 'RT 03',
      created_at: 1795000000000 + number, updated_at: 1795000000000 + number } }) });
  });
};

const words = (length) => Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz '[Math.floor(Math.random() * 27)]).join('');
const row = (name, values) => console.log(`${name.padEnd(44)} n ${String(values.length).padStart(4)}   median ${round(percentile(values, 0.5)).toFixed(1).padStart(7)} ms   95 % ${round(percentile(values, 0.95)).toFixed(1).padStart(7)} ms`);

const city = new City();
await city.start();
const phone = new Phone();
try {
  phone.beforeOpen = (context) => context.addInitScript(WATCH);
  let page = await phone.open(city.url);
  await page.waitForFunction(() => window.listMs);
  let there = 0;
  for (const count of COUNTS) {
    const texts = Array.from({ length: count - there }, () => words(300));
    await page.evaluate(async ({ from, all }) => { await Promise.all(all.map((text, i) => window.saveDraft(from + i, text))); }, { from: there, all: texts });
    there = count;
    for (const slower of [1, SLOWER]) {
      const changes = Array.from({ length: saves }, () => ({ number: Math.floor(Math.random() * count), text: words(300) }));
      const free = await sums(page);
      const found = await slowly(phone.folder, slower, async () => {
        if (slower > 1) console.log(`processor ${round(await sums(page) / free)} times slower`);
        return page.evaluate(async (all) => {
          const times = [];
          for (const { number, text } of all) {
            const { ms, error } = await window.saveDraft(number, text);
            if (error) throw new Error(JSON.stringify(error));
            times.push(ms);
          }
          return times;
        }, changes);
      });
      row(`saved, ${count} reports, ${slower}× slower`, found);
    }
    await page.evaluate(() => window.engine.postMessage({ type: 'metrics' }));
    const { heapBytes, dbPages } = await page.waitForFunction(() => window.engineMetrics).then((handle) => handle.jsonValue());
    console.log(`${count} reports: heap of the engine ${round(heapBytes / 2 ** 20)} MiB, ${dbPages} pages of 8 KiB (load ${loadavg()[0].toFixed(1)})`);
    await page.evaluate(() => { window.engineMetrics = null; });
  }
  for (const slower of [1, SLOWER]) {
    const starts = [];
    for (let i = 0; i < STARTS; ++i) {
      await page.close();
      page = await phone.context.newPage();
      starts.push(await slowly(phone.folder, slower, async () => {
        await page.goto(city.url);
        return (await page.waitForFunction(() => window.listMs, null, { timeout: 120_000 })).jsonValue();
      }));
    }
    row(`engine started, ${there} reports, ${slower}× slower`, starts);
    await page.evaluate(() => window.engine.postMessage({ type: 'metrics' }));
    const { heapBytes } = await page.waitForFunction(() => window.engineMetrics).then((handle) => handle.jsonValue());
    console.log(`after the start: heap of the engine ${round(heapBytes / 2 ** 20)} MiB`);
  }
  console.log(`load of the machine ${loadavg().map((one) => one.toFixed(1)).join(' ')}`);
} finally {
  await phone.remove();
  await city.remove();
}
