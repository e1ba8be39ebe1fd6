// A booth's day without a network: all reports with their photos wait on one phone, and drain in the order of
// their making when the network comes, in steady memory. The engine of a real browser, a real titik-serve.
//
// TITIK_BOOTH: so many reports (80; the full run has 500).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { City, sha256 } from '../e2e/world.mjs';
import { noiseJpeg } from '../e2e/made_photos.mjs';
import { addPhoto, command, draft, harnessPort, launch, metrics, started } from '../e2e/engine_world.mjs';
import { CuttingNetwork } from './cutting.mjs';

const REPORTS = Number(process.env.TITIK_BOOTH ?? 80);
const PHOTO_BYTES = 150_000;

const city = new City();
let network;
let browser;
before(async () => {
  await city.start();
  network = new CuttingNetwork(city, harnessPort());
  await network.start();
  browser = await launch('booth');
});
after(async () => {
  await browser?.kill();
  await network?.stop();
  await city.remove();
});

const reportId = (number) => `019aa7d2-0000-7000-8000-${String(number).padStart(12, '0')}`;

test(`${REPORTS} reports of a day without a network drain in the order of their making`, async (t) => {
  network.plan = { shift: () => ({ up: 0 }) };  // every connection ends before a byte
  const page = await started(browser, undefined, network.url);
  let id = 100;
  const hashes = [];
  for (let number = 1; number <= REPORTS; ++number) {
    const report = reportId(number);
    await command(page, { type: 'save_draft', id: ++id, draft: draft({ id: report, title: `Lubang ${number}` }) });
    const photo = noiseJpeg(PHOTO_BYTES);
    const { reply } = await addPhoto(page, ++id, photo, report);
    assert.equal(reply.error, undefined);
    hashes.push(sha256(photo));
    const submitted = await command(page, { type: 'submit', id: ++id, report_id: report });
    assert.equal(submitted.error, undefined);
    await page.evaluate(() => { window.heard.length = 0; });
  }
  assert.equal((await city.trackingIds()).length, 0);
  const heap = (await metrics(page)).heapBytes;

  network.plan = [];
  network.sent = 0;
  const began = Date.now();
  await page.evaluate(() => {
    window.most = 0;
    window.checks.add(() => {
      const told = window.heard.findLast((one) => one.type === 'metrics');
      if (told) window.most = Math.max(window.most, told.heapBytes);
      const list = window.heard.findLast((one) => one.type === 'reports_changed');
      if (list) window.list = list.reports;
      window.heard.length = 0;
    });
    setInterval(() => window.worker.postMessage({ type: 'metrics' }), 200);
    window.worker.postMessage({ type: 'online' });
  });
  const end = Date.now() + 120_000 + REPORTS * 1000;
  const left = () => page.evaluate(() => (window.list ?? [{}]).filter((one) => one.state !== 'diterima' || one.photos_on_way).length);
  while (await left()) {
    assert.ok(Date.now() < end, `${await left()} of ${REPORTS} left`);
    await page.waitForTimeout(200);
  }
  const seconds = (Date.now() - began) / 1000;

  const list = await page.evaluate(() => window.list);
  assert.equal(list.length, REPORTS);
  const inOrder = list.toSorted((a, b) => a.id.localeCompare(b.id)).map((one) => Number(one.tracking_id));
  assert.deepEqual(inOrder, inOrder.toSorted((a, b) => a - b), 'in the order of their making');
  assert.equal((await city.trackingIds()).length, REPORTS);
  for (const hash of hashes) assert.equal(sha256(city.file(hash)), hash);
  const most = await page.evaluate(() => window.most);
  t.diagnostic(`${REPORTS} reports with a photo of ${PHOTO_BYTES / 1000} KB in ${seconds.toFixed(1)} s; ${(network.sent / REPORTS / 1000).toFixed(1)} KB each with words and all headers; the engine's memory ${(heap / 1048576).toFixed(1)} MiB when all waited, at most ${(most / 1048576).toFixed(1)} MiB meanwhile`);
  assert.ok(most <= heap + 4 * 1048576, `${heap} → ${most}`);
  assert.ok(network.sent / REPORTS < 1.1 * PHOTO_BYTES);
});
