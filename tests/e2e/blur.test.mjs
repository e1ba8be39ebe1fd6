// "Tutupi wajah dan pelat": what is covered is gone from the stored photo, the original goes or stays as
// the citizen says, and a phone that dies meanwhile loses neither.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosePhotos, city, cityAndPhones, Phone, phone, PHOTOS, storedPhotos } from './world.mjs';

cityAndPhones();

const openCover = async (page) => {
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await choosePhotos(page, [PHOTOS.plain]);
  const before = (await storedPhotos(page)).map(({ sha256 }) => sha256);
  await page.getByRole('button', { name: 'Tutupi wajah dan pelat' }).click();
  await page.getByRole('heading', { name: 'Tutupi wajah dan pelat', level: 1 }).waitFor();
  return before;
};
const area = (page) => page.getByRole('application');
const stroke = async (page, from, to) => {
  const box = await area(page).boundingBox();
  await page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to[0], box.y + box.height * to[1], { steps: 8 });
  await page.mouse.up();
};
const apply = async (page) => {
  await page.getByRole('button', { name: 'Tutupi', exact: true, disabled: false }).click();
  await page.getByRole('heading', { name: 'Foto', exact: true }).waitFor();
};
// How much a part of a stored photo varies: the standard deviation of its luma.
const detail = (page, sha256, part) => page.evaluate(async ([key, [left, top, right, bottom]]) => {
  const database = await new Promise((resolve) => { indexedDB.open('titik').onsuccess = ({ target }) => resolve(target.result); });
  const { blob } = await new Promise((resolve) => {
    database.transaction('blobs').objectStore('blobs').get(key).onsuccess = ({ target }) => resolve(target.result);
  });
  database.close();
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const pen = canvas.getContext('2d');
  pen.drawImage(bitmap, 0, 0);
  const { data } = pen.getImageData(left * bitmap.width, top * bitmap.height, (right - left) * bitmap.width, (bottom - top) * bitmap.height);
  // Between neighbours: a slope is no detail.
  let sum = 0;
  for (let i = 4; i < data.length; i += 4) sum += Math.abs(data[i + 1] - data[i - 3]);
  return sum / (data.length / 4);
}, [sha256, part]);
const photoOf = async (page, without) => {
  const stored = (await storedPhotos(page)).filter(({ sha256 }) => !without.includes(sha256));
  return stored.sort((a, b) => b.bytes - a.bytes)[0].sha256;  // the photo, not its thumbnail
};
// The engine deletes after its answer.
const blobs = async (page, count) => {
  for (let i = 0; i < 100; ++i) {
    const stored = await storedPhotos(page);
    if (stored.length === count) return stored.map(({ sha256 }) => sha256);
    await page.waitForTimeout(100);
  }
  return assert.fail(`not ${count} blobs`);
};

test('a finger covers a part for good, and the original is gone', async () => {
  const page = await phone.open(city.url);
  const before = await openCover(page);
  const original = await photoOf(page, []);
  const part = [0.3, 0.48, 0.7, 0.52];
  const elsewhere = [0.5, 0.7, 0.9, 0.95];
  const was = await detail(page, original, part);
  const wasElsewhere = await detail(page, original, elsewhere);
  await stroke(page, [0.2, 0.5], [0.8, 0.5]);
  await apply(page);
  const now = await blobs(page, 2);
  for (const hash of before) assert.ok(!now.includes(hash));
  const covered = await photoOf(page, before);
  const is = await detail(page, covered, part);
  assert.ok(is < was / 3, `only slopes are left there: ${is} of ${was}`);
  const isElsewhere = await detail(page, covered, elsewhere);
  assert.ok(isElsewhere > wasElsewhere * 0.7, `nothing is lost elsewhere: ${isElsewhere} of ${wasElsewhere}`);
  await page.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
});

test('keys cover, take back and cover again; the original is kept when asked for', async () => {
  const page = await phone.open(city.url);
  const before = await openCover(page);
  const original = await photoOf(page, []);
  await area(page).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('+');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Urungkan', disabled: false }).focus();
  await page.keyboard.press('Enter');
  assert.ok(await page.getByRole('button', { name: 'Tutupi', exact: true, disabled: true }).waitFor().then(() => true));
  await area(page).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('checkbox', { name: 'Simpan juga foto asli di ponsel ini' }).check();
  await apply(page);
  const now = await blobs(page, 3);  // photo, thumbnail, original
  assert.ok(now.includes(original));
  assert.equal(before.filter((hash) => now.includes(hash)).length, 1);
});

test('a phone that dies while it covers has the photo or its covered self, whole', async () => {
  for (const wait of [0, 40, 120, 300]) {
    const other = new Phone();
    try {
      const page = await other.open(city.url);
      await openCover(page);
      await stroke(page, [0.2, 0.5], [0.8, 0.5]);
      await page.getByRole('button', { name: 'Tutupi', exact: true, disabled: false }).click();
      await page.waitForTimeout(wait);
      await other.kill();
      const again = await other.open(city.url);
      await again.getByRole('button', { name: /draf/i }).first().click();
      await again.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
      for (const { key, sha256 } of await storedPhotos(again)) assert.equal(sha256, key, `after ${wait} ms`);
    } finally {
      await other.remove();
    }
  }
});
