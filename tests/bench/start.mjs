// How soon the app is there, on a slow phone with a slow network:
//   node tests/bench/start.mjs [--runs 5] [--json] [cold|warm|offline|cpu]...
// Chromium with its main thread slowed down six times, 1.6 Mbit/s down, 750 kbit/s up, 150 ms before
// each answer. What the figures mean: README.md.
import { loadavg } from 'node:os';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, City, Network, PHONE, waitForServiceWorker } from '../e2e/world.mjs';

const words = process.argv.slice(2);
const runs = words.includes('--runs') ? Number(words[words.indexOf('--runs') + 1]) : 5;
const json = words.includes('--json');
const withCpu = words.includes('cpu');
const chosen = ['cold', 'warm', 'offline'].filter((kind) => words.includes(kind));
const kinds = chosen.length > 0 || withCpu ? chosen : ['cold', 'warm', 'offline'];
const SLOWER = 6;
const LINK = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

const city = new City();
await city.start();
const network = new Network(city);
await network.start();
const browser = await chromium.launch({ executablePath: process.env.TITIK_CHROMIUM ?? '/usr/bin/chromium', args: CHROMIUM_ARGS });

// One visit. `slow`: the link is slow too; offline there is none.
const visit = async (context, { slow }) => {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  let bytes = 0;
  const requests = [];
  await session.send('Network.enable');
  const urls = new Map();
  session.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength, timestamp }) => {
    bytes += encodedDataLength;
    requests.push({ url: urls.get(requestId), bytes: encodedDataLength, timestamp });
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  if (slow) await session.send('Network.emulateNetworkConditions', LINK);
  await page.goto(network.url, { waitUntil: 'commit' });
  const drawn = await page.waitForFunction(() => {
    const metrics = window.titik?.metrics();
    return metrics?.interactiveMs ? metrics : null;
  }, null, { polling: 50, timeout: 60000 });
  const metrics = await drawn.jsonValue();
  const bytesBefore = bytes;
  // It must be so, not only be said: a tap leads to the first step.
  await page.locator('#mirror').getByRole('button', { name: 'Buat laporan' }).click();
  await page.getByRole('heading', { name: 'Foto', exact: true }).waitFor({ timeout: 60000 });
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null);
  const ready = await page.waitForFunction(() => window.titik.metrics().engineMs ?? null, null, { polling: 50, timeout: 60000 });
  const engineMs = await ready.jsonValue();
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await waitForServiceWorker(page);
  await page.close();
  return { firstPaintMs: paint, firstFrameMs: metrics.firstFrameMs, interactiveMs: metrics.interactiveMs, engineMs, kilobytes: bytesBefore / 1000, kilobytesInAll: bytes / 1000 };
};

// CPU time of the page's main thread until its first frame is drawn, not slowed down: the one figure that
// holds on a busy machine.
const cpuVisit = async (context) => {
  const page = await context.newPage();
  const session = await browser.newBrowserCDPSession();
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'toplevel'] } });
  await page.goto(network.url);
  await page.waitForFunction(() => window.titik?.metrics().firstFrameMs);
  const complete = new Promise((resolve) => { session.once('Tracing.tracingComplete', resolve); });
  await session.send('Tracing.end');
  await complete;
  const { pid, tid } = events.find(({ name, args }) => /^(EvaluateScript|v8\.evaluateModule|v8\.compileModule)$/.test(name) && /\/main\./.test(JSON.stringify(args)));
  const mine = events.filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X');
  const frame = mine.find(({ name }) => name === 'FireAnimationFrame');
  const tasks = mine.filter(({ name, ts }) => /RunTask$/.test(name) && ts < frame.ts + frame.dur);
  await page.waitForFunction(() => 'engineMs' in window.titik.metrics() ? window.titik.metrics().engineMs : window.titik.metrics().interactiveMs);
  await waitForServiceWorker(page);
  await page.close();
  await session.detach();
  return tasks.reduce((sum, { tdur }) => sum + (tdur ?? 0), 0) / 1000;
};

const median = (values) => {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted.length > 0 ? sorted[Math.floor(sorted.length / 2)] : null;
};

const results = {};
try {
  for (const kind of kinds) {
    const visits = [];
    for (let run = 0; run < runs; ++run) {
      const context = await browser.newContext(PHONE);
      if (kind !== 'cold') await visit(context, { slow: false });
      if (kind === 'offline') network.cut();
      visits.push(await visit(context, { slow: kind !== 'offline' }));
      network.mend();
      await context.close();
    }
    results[kind] = Object.fromEntries(Object.keys(visits[0]).map((name) => [name, Math.round(median(visits.map((one) => one[name])))]));
  }
  if (withCpu) {
    const cold = [];
    const warm = [];
    for (let run = 0; run < runs; ++run) {
      const context = await browser.newContext(PHONE);
      cold.push(await cpuVisit(context));
      warm.push(await cpuVisit(context));
      await context.close();
    }
    results.cpu = { cpuColdMs: Math.round(median(cold)), cpuWarmMs: Math.round(median(warm)) };
  }
} finally {
  await browser.close();
  await network.stop();
  await city.remove();
}
if (json) {
  console.log(JSON.stringify(results, null, 2));
} else {
  console.log(`Median of ${runs}, ${SLOWER} times slower CPU, ${LINK.downloadThroughput * 8 / 1e6} Mbit/s, ${LINK.latency} ms; load of the machine ${loadavg()[0].toFixed(1)}`);
  console.table(results);
}
