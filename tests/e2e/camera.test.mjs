// The camera in the page, with Chromium's fake device: what it takes is stored, with its moment and
// position; it stops when it is not needed; refusal and absence are told.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { CHROMIUM_ARGS, City, Phone, alertWith, saved, send, status, storedPhotos, trackingId } from './world.mjs';

const FAKE = [...CHROMIUM_ARGS, '--use-fake-device-for-media-stream'];
let city;
let phone;

before(async () => {
  city = new City();
  await city.start();
});
after(() => city.remove());
beforeEach(() => {
  phone = new Phone({ args: [...FAKE, '--use-fake-ui-for-media-stream'], permissions: ['geolocation', 'camera'],
    geolocation: { latitude: -1.61, longitude: 103.61, accuracy: 8 } });
});
afterEach(async () => {
  await phone.remove();
  assert.deepEqual(phone.problems, [], 'errors in the page');
});

const toPhotos = async (page) => {
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await page.getByRole('heading', { name: 'Foto', exact: true }).waitFor();
};
const openCamera = async (page) => {
  await toPhotos(page);
  await page.getByRole('button', { name: 'Kamera di sini' }).click();
  await page.getByRole('heading', { name: 'Kamera di sini' }).waitFor();
};
const live = (page) => page.waitForFunction(() => document.querySelector('video')?.videoWidth > 0);
const shoot = async (page, number) => {
  await page.getByRole('button', { name: 'Jepret', disabled: false }).click();
  await status(page, `Foto ${number} dari 5 tersimpan`).waitFor();
};
// The tracks of all cameras that were opened, newest last.
const watchTracks = (context) => context.addInitScript(() => {
  window.tracks = [];
  const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await get(wish);
    window.wish = wish;
    window.tracks.push(...stream.getTracks());
    return stream;
  };
});
const trackStates = (page) => page.evaluate(() => window.tracks.map((track) => track.readyState));

test('photos are taken in a row, stored with moment and place, and sent', async () => {
  phone.beforeOpen = watchTracks;
  const page = await phone.open(city.url);
  await openCamera(page);
  await live(page);
  assert.equal(await page.evaluate(() => window.wish.video.facingMode), 'environment');
  const before = Date.now();
  await shoot(page, 1);
  await shoot(page, 2);
  await page.getByRole('button', { name: 'Selesai' }).click();
  await page.getByRole('button', { name: 'Foto 2 dari 2' }).waitFor();
  assert.deepEqual(await trackStates(page), ['ended']);
  assert.match(await page.getByRole('img', { name: /Foto 2 dari 2/ }).getAttribute('aria-label'), /±8 m, saat difoto/);
  const kept = await storedPhotos(page);
  assert.equal(kept.length, 4);  // two photos, two thumbnails
  for (const { key, sha256 } of kept) assert.equal(sha256, key);
  assert.ok(Date.now() - before < 60_000);

  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('textbox', { name: 'Patokan' }).fill('Depan warung');
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('radio', { name: 'Pengaduan' }).check();
  await page.getByRole('radio', { name: 'Jalan', exact: true }).check();
  await page.getByRole('textbox', { name: 'Judul' }).fill('Lubang');
  await page.getByRole('textbox', { name: 'Isi laporan' }).fill('Lubang di jalan.');
  await saved(page);
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('heading', { name: 'Periksa' }).waitFor();
  await send(page);
  await trackingId(page);
});

test('keys alone take a photo', async () => {
  const page = await phone.open(city.url);
  await openCamera(page);
  await live(page);
  await page.getByRole('button', { name: 'Jepret', disabled: false }).focus();
  await page.keyboard.press('Enter');
  await status(page, 'Foto 1 dari 5 tersimpan').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Kamera di sini' }).waitFor();
});

test('the fifth photo ends it', async () => {
  phone.beforeOpen = watchTracks;
  const page = await phone.open(city.url);
  await openCamera(page);
  await live(page);
  for (let i = 1; i <= 4; ++i) await shoot(page, i);
  await page.getByRole('button', { name: 'Jepret', disabled: false }).click();
  await page.getByRole('button', { name: 'Foto 5 dari 5' }).waitFor();
  assert.deepEqual(await trackStates(page), ['ended']);
  assert.ok(await page.getByRole('button', { name: 'Kamera di sini' }).isDisabled());
});

test('it stops while the page is hidden, and comes back', async () => {
  phone.beforeOpen = watchTracks;
  const page = await phone.open(city.url);
  await openCamera(page);
  await live(page);
  const setHidden = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await setHidden(true);
  assert.deepEqual(await trackStates(page), ['ended']);
  await setHidden(false);
  await page.waitForFunction(() => window.tracks.length === 2);
  await live(page);
  assert.deepEqual(await trackStates(page), ['ended', 'live']);
  await shoot(page, 1);
});

test('back leaves it, and a killed phone has every photo that was told', async () => {
  const page = await phone.open(city.url);
  await openCamera(page);
  await live(page);
  await shoot(page, 1);
  await phone.kill();
  const again = await phone.open(city.url);
  await again.getByRole('button', { name: /Draf|Laporan tanpa judul|draf/i }).first().click();
  await again.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
  const kept = await storedPhotos(again);
  assert.equal(kept.length, 2);
  for (const { key, sha256 } of kept) assert.equal(sha256, key);
});

test('a camera that is refused or not there is told, with a way around', async () => {
  for (const [name, words] of [['NotAllowedError', 'Kamera tidak diizinkan'], ['NotFoundError', 'Tidak ada kamera'], ['NotReadableError', 'Kamera sedang dipakai']]) {
    const other = new Phone({ args: CHROMIUM_ARGS });
    try {
      other.beforeOpen = (context) => context.addInitScript((error) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', error));
      }, name);
      const page = await other.open(city.url);
      await openCamera(page);
      await alertWith(page, words).waitFor();
      assert.equal(await page.getByLabel('Ambil foto').getAttribute('capture'), 'environment');
      assert.equal(await page.locator('video').count(), 0);
    } finally {
      await other.remove();
    }
  }
  // Without a device and with the real question answered no: Chromium itself.
  const bare = new Phone({ args: CHROMIUM_ARGS.filter((arg) => !arg.includes('fake')) });
  try {
    const page = await bare.open(city.url);
    await openCamera(page);
    await page.getByRole('alert').filter({ hasText: /Kamera tidak diizinkan|Tidak ada kamera/ }).waitFor();
  } finally {
    await bare.remove();
  }
});
