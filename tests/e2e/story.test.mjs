// The main job in a real browser against the real server, through roles and names only.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { City, Network, PHOTOS, Phone, STORY, choosePhotos, send, sha256, status, storedPhotos, trackingId,
  waitForServiceWorker, writeReport } from './world.mjs';

let city;
let network;
let phone;

before(async () => {
  city = new City();
  await city.start();
  network = new Network(city);
  await network.start();
});
after(async () => {
  await network.stop();
  await city.remove();
});
beforeEach(() => {
  network.mend();
  phone = new Phone();
});
afterEach(async () => {
  await phone.remove();
  assert.deepEqual(phone.problems, [], 'errors in the page');
});

test('a report with photos goes to the city, and its answers come back with evidence', async () => {
  phone.options = { geolocation: { latitude: -1.6101, longitude: 103.6131, accuracy: 12 }, permissions: ['geolocation'] };
  const page = await phone.open(network.url);
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  // Real photographs: one with GPS, one rotated by EXIF, one of 17.9 megapixels.
  await page.getByRole('heading', { name: 'Foto', exact: true }).waitFor();
  const progress = page.getByRole('progressbar').first().waitFor();
  await choosePhotos(page, [PHOTOS.gps, PHOTOS.rotated, PHOTOS.large]);
  await progress;  // what happens to them was shown
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('button', { name: 'Pakai lokasi saya' }).click();
  await page.getByText('±12 m dari GPS ponsel').waitFor();
  await page.getByRole('textbox', { name: 'Patokan' }).fill(STORY.landmark);
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('radio', { name: 'Jalan', exact: true }).check();
  await page.getByRole('textbox', { name: 'Judul' }).fill(STORY.title);
  await page.getByRole('textbox', { name: 'Isi laporan' }).fill(STORY.content);
  await page.getByLabel('Tanggal kejadian').fill('2026-11-20');
  await page.getByRole('checkbox', { name: 'Rahasia' }).check();
  await page.getByRole('textbox', { name: 'Nama' }).fill('Siti Aminah');
  await page.getByRole('textbox', { name: 'Nomor telepon' }).fill('0812 3456 7890');
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByText('Jalan, ke Dinas PUPR, 72 jam').waitFor();
  await send(page);
  const id = await trackingId(page);

  // On the server: the words, and every photo equal to the byte.
  const shown = await city.desk('show', id);
  for (const words of [STORY.title, STORY.landmark, '2026-11-20']) assert.ok(shown.includes(words), `${words} in ${shown}`);
  const stored = await storedPhotos(page);
  assert.equal(stored.length, 6, 'three photos and their thumbnails');
  for (const photo of stored) assert.equal(photo.key, photo.sha256);
  const arrived = stored.filter((photo) => city.file(photo.key));
  assert.equal(arrived.length, 3);
  for (const photo of arrived) assert.equal(sha256(city.file(photo.key)), photo.sha256);

  // The agency answers; the phone shows it.
  await city.desk('verify', id);
  await city.desk('follow-up', id, '--text', 'Lubang sudah ditambal', '--photo', PHOTOS.evidence);
  await city.desk('close', id);
  await page.getByRole('button', { name: 'Lihat laporan' }).click();
  await page.getByRole('heading', { name: STORY.title }).waitFor();
  await page.getByText(`Nomor lacak ${id}`).waitFor();
  const history = page.getByRole('list', { name: 'Riwayat' });
  await history.getByText(/Lubang sudah ditambal/).waitFor();
  await page.getByText('Selesai', { exact: true }).waitFor();
  await history.getByRole('button', { name: /^Foto bukti 1/ }).waitFor();
  // It is named at once, and a small picture of it comes in its turn.
  const newPictures = async (count) => {
    for (let i = 0; i < 100; ++i) {
      const found = (await storedPhotos(page)).filter((one) => one.key === one.sha256 && !stored.some((old) => old.key === one.key));
      if (found.length === count) return found;
      await page.waitForTimeout(100);
    }
    throw new Error(`no ${count} new pictures`);
  };
  const [small] = await newPictures(1);
  assert.equal(city.file(small.key), null, 'the whole picture came unasked');

  // And it is drawn: the flower is yellow, as the file itself.
  await history.getByRole('button', { name: /^Foto bukti 1/ }).scrollIntoViewIfNeeded();
  await page.waitForTimeout(1500);
  const box = await history.getByRole('button', { name: /^Foto bukti 1/ }).boundingBox();
  const picture = await page.screenshot({ clip: { x: box.x + box.width * 0.3, y: box.y + box.height * 0.25, width: box.width * 0.4, height: box.height * 0.4 } });
  const { PNG } = await import('pngjs');
  const { data } = PNG.sync.read(picture);
  const sum = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; ++c) sum[c] += data[i + c];
  assert.ok(sum[0] > sum[2] * 1.3, `the evidence is drawn in its colours: ${sum}`);

  // The whole picture comes when the citizen looks at it: the agency's, without what the camera wrote into it.
  await history.getByRole('button', { name: /^Foto bukti 1/ }).click();
  await page.getByRole('heading', { name: /^Foto 4 dari 4/ }).waitFor();
  const whole = (await newPictures(2)).find((one) => one.key !== small.key);
  const evidence = readFileSync(PHOTOS.evidence);
  const given = readFileSync(path.join(city.data, 'files', 'public', sha256(evidence).slice(0, 2), `${sha256(evidence)}.jpg`));
  assert.equal(whole.key, sha256(given));
  const pixels = (input) => execFileSync('djpeg', { input, maxBuffer: 1e9 });
  assert.ok(pixels(given).equals(pixels(evidence)), 'the same picture to the pixel');
});

test('with the server stopped and the page reloaded, the draft is kept and sent when it is back', async () => {
  const page = await phone.open(network.url);
  await waitForServiceWorker(page);
  await city.stop();
  await page.reload();
  await page.getByRole('button', { name: 'Buat laporan' }).waitFor();
  await writeReport(page, { photos: [PHOTOS.plain, PHOTOS.rotated] });

  // Reloaded in the middle, nothing of it is lost; loaded from the beginning, the draft is in the list.
  await page.reload();
  await page.getByRole('heading', { name: 'Periksa' }).waitFor();
  await page.goto(network.url);
  await page.getByRole('button', { name: new RegExp(`^${STORY.title}.*Draf`) }).click();
  await page.getByRole('button', { name: 'Foto 2 dari 2' }).waitFor();
  for (const heading of ['Lokasi', 'Cerita', 'Periksa']) {
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await page.getByRole('heading', { name: heading }).waitFor();
  }
  await send(page);
  await status(page, 'Menunggu jaringan').waitFor();

  await page.reload();
  await status(page, 'Menunggu jaringan').waitFor();
  await page.goto(network.url);
  await page.getByRole('button', { name: new RegExp(`^${STORY.title}.*Menunggu jaringan`) }).waitFor();
  const before = await storedPhotos(page);
  await city.start();
  await page.getByRole('button', { name: new RegExp(`^${STORY.title}`) }).click();
  // It goes by itself; nobody has to tap, but nobody wants to wait for the back-off in a test either.
  await page.getByRole('button', { name: 'Kirim sekarang' }).click();
  const id = await trackingId(page);
  assert.ok((await city.trackingIds()).includes(id));
  assert.equal(before.filter((photo) => city.file(photo.key)).length, 2);
});

test('what waits is sent by itself when the network comes back', async () => {
  const page = await phone.open(network.url);
  await writeReport(page, { photos: [] });
  network.cut();
  await send(page);
  await status(page, 'Menunggu jaringan').waitFor();
  network.mend();
  await trackingId(page);
});

test('a lost answer makes no second report', async () => {
  const page = await phone.open(network.url);
  await writeReport(page);
  const before = (await city.trackingIds()).length;
  network.dropNextAnswer('POST /lapor/3.0.0/complaints/complaint HTTP');
  await send(page);
  const id = await trackingId(page);
  assert.equal(network.dropped, 1, 'the first answer was lost');
  const ids = await city.trackingIds();
  assert.equal(ids.length, before + 1);
  assert.equal(ids.filter((one) => one === id).length, 1);
});

test('a draft outlives the battery', async () => {
  let page = await phone.open(network.url);
  await waitForServiceWorker(page);
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await choosePhotos(page, [PHOTOS.gps, PHOTOS.plain]);
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('textbox', { name: 'Patokan' }).fill('Simpang tiga');
  await page.getByRole('button', { name: 'Simpan draf' }).click();
  await status(page, 'Tersimpan di ponsel').waitFor();
  const before = await storedPhotos(page);
  await phone.kill();

  network.cut();
  page = await phone.open(network.url);
  await page.getByRole('button', { name: /^Tanpa judul.*Draf/ }).click();
  await page.getByRole('button', { name: 'Foto 2 dari 2' }).waitFor();
  await page.getByRole('button', { name: 'Lanjut' }).click();
  assert.equal(await page.getByRole('textbox', { name: 'Patokan' }).inputValue(), 'Simpang tiga');
  assert.deepEqual(await storedPhotos(page), before);
});

test('an anonymous report leaves name and number on the phone', async () => {
  const page = await phone.open(network.url);
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('textbox', { name: 'Patokan' }).fill('Pasar');
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('radio', { name: 'Sampah', exact: true }).check();
  await page.getByRole('textbox', { name: 'Judul' }).fill('Sampah menumpuk');
  await page.getByRole('textbox', { name: 'Isi laporan' }).fill('Sudah sepekan tidak diangkut 🗑️');
  await page.getByRole('textbox', { name: 'Nama' }).fill('Rahmat Hidayat');
  await page.getByRole('checkbox', { name: 'Anonim' }).check();
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await send(page);
  const id = await trackingId(page);
  const shown = await city.desk('show', id);
  assert.ok(shown.includes('🗑️'));
  assert.ok(!shown.includes('Rahmat'), shown);
  assert.ok(!city.log.includes('Rahmat') && !city.log.includes('Sampah menumpuk'), 'no personal data in the log');
});

test('the app can be installed, and asks for nothing it does not need', async () => {
  const page = await phone.open(network.url);
  await waitForServiceWorker(page);
  const cdp = await page.context().newCDPSession(page);
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
  // A test's browser has no place to install to; everything the app must bring is there.
  assert.deepEqual(installabilityErrors.filter(({ errorId }) => !/in-incognito|not-in-main-frame|platform/.test(errorId)), []);
});

test('nothing is drawn while nothing changes', async () => {
  const page = await phone.open(network.url);
  for (const tab of ['Laporan saya', 'Sekitar', 'Lainnya', 'Beranda']) {
    await page.getByRole('button', { name: tab, exact: true }).click();
    await page.waitForTimeout(1500);
    const before = await page.evaluate(() => window.titik.metrics().frames);
    await page.waitForTimeout(2000);
    const frames = await page.evaluate(() => window.titik.metrics().frames) - before;
    assert.equal(frames, 0, `frames drawn in two idle seconds on ${tab}`);
  }
});
