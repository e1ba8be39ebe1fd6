// How soon the app is there, on a slow phone with a slow network:
//   node tests/bench/start.mjs [--runs 5] [--json] [cold|warm|offline]...
// Chromium with its main thread slowed down six times, 1.6 Mbit/s down, 750 kbit/s up, 150 ms before
// each answer. What the figures mean: README.md.
import { loadavg } from 'node:os';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, City, Network, PHONE, waitForServiceWorker } from '../e2e/world.mjs';

const words = process.argv.slice(2);
const runs = words.includes('--runs') ? Number(words[words.indexOf('--runs') + 1]) : 5;
const json = words.includes('--json');
const chosen = ['cold', 'warm', 'offline'].filter((kind) => words.includes(kind));
const kinds = chosen.length > 0 ? chosen : ['cold', 'warm', 'offline'];
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
