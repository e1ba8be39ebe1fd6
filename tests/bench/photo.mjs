// A phone's photo made small: time and peak memory of our ways beside what others use.
//   node tests/bench/photo.mjs [--runs 3] [--slower 1] [--json]
// What the figures mean: README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { loadavg } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { SCENES, scenePhoto } from '../e2e/made_photos.mjs';
import { CHROMIUM_ARGS } from '../e2e/world.mjs';

const words = process.argv.slice(2);
const option = (name, usual) => (words.includes(name) ? Number(words[words.indexOf(name) + 1]) : usual);
const runs = option('--runs', 3);
const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const built = path.resolve(top, process.env.TITIK_WEB_BUILD ?? 'build/web');

// The others, in a worker as ours is. 1600 px and quality 0.82, as ours.
const PLAIN_WORKER = `self.onmessage = async ({data}) => {
  const bitmap = await createImageBitmap(data);
  const scale = 1600 / Math.max(bitmap.width, bitmap.height);
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await canvas.convertToBlob({type: 'image/jpeg', quality: 0.82});
  self.postMessage({bytes: blob.size, width: canvas.width, height: canvas.height});
};`;
const files = {
  '/': ['text/html', () => '<!doctype html><title>bench</title><script src="/library.js"></script>'],
  '/photo.js': ['text/javascript', () => readFileSync(path.join(built, 'photo.js'))],
  '/photo.wasm': ['application/wasm', () => readFileSync(path.join(built, 'photo.wasm'))],
  '/photo_worker.js': ['text/javascript', () => readFileSync(path.join(top, 'web/photo_worker.js'))],
  '/library.js': ['text/javascript', () => readFileSync(path.join(top, 'node_modules/browser-image-compression/dist/browser-image-compression.js'))],
  '/plain_worker.js': ['text/javascript', () => PLAIN_WORKER],
};
for (const size of Object.keys(SCENES)) {
  const file = await scenePhoto(size);
  files[`/${size}.jpg`] = ['image/jpeg', () => readFileSync(file)];
}

const server = createServer((request, response) => {
  const file = files[request.url];
  response.writeHead(file ? 200 : 404, { 'Content-Type': file?.[0] ?? 'text/plain' }).end(file?.[1]());
});
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const origin = `http://localhost:${server.address().port}/`;
const launch = () => chromium.launch({ executablePath: process.env.TITIK_CHROMIUM ?? '/usr/bin/chromium', args: CHROMIUM_ARGS });

// Peak and present resident memory of a process, MB; writing 5 to clear_refs makes the peak begin anew. The
// kernel brings the peak up to date only now and then, so the present is sampled as well.
const memory = (pid) => {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)[1]) / 1024;
  return { peak: of('VmHWM'), now: of('VmRSS') };
};
// How far these processes together rise while `job` runs.
const rise = async (pids, job) => {
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = pids.map((pid) => memory(pid).now);
  const most = [...before];
  const timer = setInterval(() => pids.forEach((pid, n) => { most[n] = Math.max(most[n], memory(pid).now); }), 5);
  await job();
  clearInterval(timer);
  return pids.reduce((sum, pid, n) => sum + Math.max(most[n], memory(pid).peak) - before[n], 0);
};

const WAYS = {
  'ours, browser decode': (page, file) => page.evaluate(ours, [file, false]),
  'ours, stb': (page, file) => page.evaluate(ours, [file, true]),
  'createImageBitmap + convertToBlob': (page, file) => page.evaluate(plain, file),
  'browser-image-compression': (page, file) => page.evaluate(library, file),
};
const ours = async ([file, forceStb]) => {
  const blob = await (await fetch(file)).blob();
  const module = await WebAssembly.compileStreaming(fetch('/photo.wasm'));
  window.begin();
  const worker = new Worker('/photo_worker.js');
  const answer = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => { if (data.type !== 'progress') resolve(data); };
    worker.postMessage({ type: 'reduce', id: 1, glueUrl: '/photo.js', module, blob, forceStb });
  });
  worker.terminate();
  if (answer.type === 'failed') return { error: `${answer.error.code} ${answer.error.where}` };
  return { ms: window.end(), bytes: answer.photo.bytes, width: answer.photo.width };
};
const plain = async (file) => {
  const blob = await (await fetch(file)).blob();
  window.begin();
  const worker = new Worker('/plain_worker.js');
  const answer = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(blob);
  });
  worker.terminate();
  return { ms: window.end(), ...answer };
};
const library = async (file) => {
  const blob = await (await fetch(file)).blob();
  window.begin();
  const small = await window.imageCompression(new File([blob], 'photo.jpg', { type: 'image/jpeg' }),
    { maxWidthOrHeight: 1600, useWebWorker: true, libURL: `${location.origin}/library.js`, initialQuality: 0.82, maxSizeMB: 0.45 });
  return { ms: window.end(), bytes: small.size };
};

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const results = [];
for (const size of Object.keys(SCENES)) {
  for (const [way, run] of Object.entries(WAYS)) {
    const times = [];
    const peaks = [];
    let last = {};
    for (let i = 0; i < runs; ++i) {
      const browser = await launch();  // a browser each: nothing is warm, nothing left over
      const session = await browser.newBrowserCDPSession();
      const page = await browser.newPage();
      await page.goto(origin);
      await page.evaluate(() => {
        window.begin = () => { window.from = performance.now(); };
        window.end = () => performance.now() - window.from;
      });
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const pids = processInfo.filter(({ type }) => type === 'renderer' || type === 'GPU').map(({ id }) => id);
      const mb = await rise(pids, async () => { last = await run(page, `/${size}.jpg`); });
      if (!last.error) {
        times.push(last.ms);
        peaks.push(mb);
      }
      await browser.close();
    }
    results.push({ megapixels: Number(size), way, ms: Math.round(median(times)), peakMb: Math.round(median(peaks)),
      kilobytes: Math.round((last.bytes ?? 0) / 1000), error: last.error });
  }
}
server.close();
if (words.includes('--json')) {
  console.log(JSON.stringify({ runs, load: loadavg()[0], results }));
} else {
  console.log(`median of ${runs}; load ${loadavg()[0].toFixed(1)}`);
  for (const { megapixels, way, ms, peakMb, kilobytes, error } of results) {
    console.log(`${String(megapixels).padStart(3)} MP  ${way.padEnd(34)} ${error ?? `${String(ms).padStart(6)} ms  ${String(peakMb).padStart(5)} MB  ${String(kilobytes).padStart(5)} KB`}`);
  }
}
