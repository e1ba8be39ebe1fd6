// Words first, then photos, through a network that breaks anywhere: the engine of a real browser against a
// real titik-serve. TITIK_CUTS: so many random plans (100).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { City, sha256 } from '../e2e/world.mjs';
import { noiseJpeg } from '../e2e/made_photos.mjs';
import { addPhoto, command, draft, harnessPort, launch, started } from '../e2e/engine_world.mjs';
import { CuttingNetwork } from './cutting.mjs';

const PLANS = Number(process.env.TITIK_CUTS ?? 100);
const CUTS = 20;
// ms. A request that nobody answers and nobody cuts ends by the phone's own time-out, 90 s.
const PATIENCE = 240_000;

const city = new City();
let network;
let browser;
let page;
let last = 100;

before(async () => {
  await city.start();
  network = new CuttingNetwork(city, harnessPort());
  await network.start();
  browser = await launch('cuts');
  page = await started(browser, undefined, network.url);
  // A phone waits from one to five seconds and longer; here somebody taps "Kirim sekarang" all the time.
  await page.evaluate(() => { setInterval(() => window.send({ type: 'send_now', id: 9 }), 60); });
});
after(async () => {
  await browser?.kill();
  await network?.stop();
  await city.remove();
});

// The same numbers for the same seed.
const dice = (seed) => () => {
  seed = (seed + 0x6D2B79F5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

// Something that begins like a JPEG.
const photo = noiseJpeg;
const reportId = (number) => `019aa7d2-0000-7000-8000-${String(number).padStart(12, '0')}`;

// Queues a report with these photos, and waits until the phone says that all of it is there.
const deliver = async (number, photos, milliseconds) => {
  const id = reportId(number);
  const next = () => { last += 1; return last; };
  await command(page, { type: 'save_draft', id: next(), draft: draft({ id, title: `Lubang ${number}` }) });
  for (const one of photos) {
    const { reply } = await addPhoto(page, next(), one, id);
    assert.equal(reply.error, undefined);
  }
  await page.evaluate(() => { window.heard.length = 0; });
  const reply = await command(page, { type: 'submit', id: next(), report_id: id });
  assert.equal(reply.error, undefined, JSON.stringify(reply));
  const end = await page.evaluate(({ wanted, limit }) => new Promise((resolve, reject) => {
    const check = () => {
      const told = window.heard.filter((one) => one.type === 'report_changed' && one.report.draft.id === wanted).at(-1);
      if (told?.report.state === 'perlu_perhatian') reject(new Error(`perlu perhatian: ${told.report.problem}`));
      if (told?.report.state !== 'diterima' || told.report.photos_on_way) return;
      window.checks.delete(check);
      resolve(told.report);
    };
    window.checks.add(check);
    setTimeout(() => reject(new Error(`stuck: ${JSON.stringify(window.heard.slice(-4)).slice(-1500)}`)), limit);
    check();
  }), { wanted: id, limit: milliseconds });
  for (const one of photos) assert.deepEqual(city.file(sha256(one)), one);
  const shown = await city.desk('show', end.tracking_id);
  assert.match(shown, new RegExp(`Judul +Lubang ${number}\n`));
  assert.match(shown, new RegExp(`Foto +${photos.length}\n`));
  return end;
};

test(`a photo whose upload is cut ${CUTS} times arrives whole, and costs at most a tenth more`, async (t) => {
  const whole = photo(300_000);
  network.sent = 0;
  network.cuts = 0;
  network.slow = 2;
  network.onSent = (cut) => {
    if (network.cuts < CUTS && network.sent >= ((network.cuts + 1) * whole.length) / (CUTS + 2)) cut();
  };
  await deliver(1, [whole], 60_000);
  network.onSent = null;
  network.slow = 0;
  assert.equal(network.cuts, CUTS);
  t.diagnostic(`${whole.length} bytes, ${CUTS} cuts: ${network.sent} bytes with words and all headers, ${(network.sent / whole.length).toFixed(3)} of the photo`);
  assert.ok(network.sent <= 1.1 * whole.length, `${network.sent} bytes were sent`);
});

test(`${PLANS} random plans of cuts: each report arrives once, its photos byte for byte`, async (t) => {
  const seed = Number(process.env.TITIK_SEED ?? Date.now() % 1_000_000);
  t.diagnostic(`TITIK_SEED=${seed}`);
  const began = Date.now();
  network.cuts = 0;
  let photoBytes = 0;
  network.sent = 0;
  for (let number = 2; number < PLANS + 2; ++number) {
    const roll = dice(seed + number);
    const below = (limit) => Math.floor(roll() * limit);
    const photos = Array.from({ length: 1 + below(2) }, () => photo(1000 + below(200_000)));
    photoBytes += photos.reduce((sum, one) => sum + one.length, 0);
    network.begin(Array.from({ length: 1 + below(8) }, () => {
      const kind = below(5);
      if (kind === 0) return { up: below(2000) };             // in the headers or the words
      if (kind === 1) return { up: below(150_000) };          // in a photo
      if (kind === 2) return { down: below(600) };            // in an answer, or before its first byte
      if (kind === 3) return { down: below(3000), replay: true };  // and the network says it all again
      return { down: 0, stall: 100 + below(300) };
    }));
    await deliver(number, photos, PATIENCE);
  }
  // Exactly one each.
  assert.equal((await city.trackingIds()).length, PLANS + 1);
  t.diagnostic(`${PLANS} plans, ${network.cuts} cuts, ${network.replays} replays in ${((Date.now() - began) / 1000).toFixed(0)} s; ${(network.sent / photoBytes).toFixed(2)} of the photos' bytes went over the network`);
});
