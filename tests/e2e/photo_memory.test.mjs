// A phone of 2 GB and photos of 50 and 108 megapixels: what the page's process takes at most, that photos
// added together are made small one after the other, and that their memory is given back.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { progressiveScene, scenePhoto } from './made_photos.mjs';
import { MORE_PHOTOS, choosePhotos, city, cityAndPhones, phone, storedPhotos } from './world.mjs';

// Over what the process has before; docs/performance.md has what was measured. Of a progressive JPEG every
// decoder holds the coefficients, 3 bytes a pixel.
const MOST_MB = { baseline: 200, progressive: 500 };

cityAndPhones();

const residentMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const peakMb = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

// The page's process is one of these: all renderers of this phone's browser.
const renderers = () => {
  const about = new Map();  // process → {parent, words}
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) \S /s, '').split(' ');
      about.set(pid, { parent, words: readFileSync(`/proc/${pid}/cmdline`, 'utf8') });
    } catch { /* gone meanwhile */ }
  }
  const ours = (pid) => about.has(pid) && (about.get(pid).words.includes(phone.folder) || ours(about.get(pid).parent));
  return [...about.keys()].filter((pid) => about.get(pid).words.includes('--type=renderer') && ours(pid));
};

// What the renderers take at most in excess of before while `job` runs: sampled, since the kernel's own
// high-water mark begins anew only for the process that asks, and is kept lazily.
const rise = async (job) => {
  const pids = renderers();
  assert.ok(pids.length > 0);
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = pids.map(residentMb);
  const most = [...before];
  const sample = () => pids.forEach((pid, n) => { most[n] = Math.max(most[n], residentMb(pid)); });
  const timer = setInterval(sample, 5);
  await job();
  clearInterval(timer);
  pids.forEach((pid, n) => { most[n] = Math.max(most[n], peakMb(pid)); });
  return Math.max(...most.map((value, n) => value - before[n]));
};

for (const [megapixels, kind, scene] of [50, 108].flatMap((size) => [[size, 'baseline', scenePhoto], [size, 'progressive', progressiveScene]])) {
  test(`${megapixels} megapixels, ${kind}`, { timeout: 120000 }, async (context) => {
    const file = await scene(megapixels);
    const page = await phone.open(city.url);
    await page.getByRole('button', { name: 'Buat laporan' }).click();
    const mb = await rise(() => choosePhotos(page, [file]));
    const bytes = Math.max(...(await storedPhotos(page)).map((one) => one.bytes));
    context.diagnostic(`${Math.round(mb)} MB more, photo of ${Math.round(bytes / 1000)} KB`);
    assert.ok(mb < MOST_MB[kind], `${mb} MB`);
    assert.ok(bytes >= 150_000 && bytes <= 400_000, `${bytes} bytes`);
  });
}

test('photos chosen together are made small one after the other, each worker ends with its photo', { timeout: 60000 }, async () => {
  phone.beforeOpen = (context) => context.addInitScript(() => {
    const count = { now: 0, most: 0, all: 0 };
    const Plain = Worker;
    window.reducing = count;
    window.Worker = class extends Plain {
      postMessage(message, ...rest) {
        if (message.type === 'reduce') {
          this.reduces = true;
          ++count.all;
          count.most = Math.max(count.most, ++count.now);
        }
        super.postMessage(message, ...rest);
      }
      terminate() {
        if (this.reduces) --count.now;
        super.terminate();
      }
    };
  });
  const page = await phone.open(city.url);
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await choosePhotos(page, MORE_PHOTOS.slice(0, 3));
  assert.deepEqual(await page.evaluate(() => window.reducing), { all: 3, most: 1, now: 0 });
  // The one that decodes for the screen ends a little later.
  for (let tries = 100; tries > 0 && page.workers().some((one) => one.url().includes('photo_worker')); --tries) await setTimeout(100);
  assert.ok(!page.workers().some((one) => one.url().includes('photo_worker')));
});
