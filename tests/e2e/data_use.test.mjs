// What sending costs: photos that wait for Wi-Fi, what was sent today, and the SMS that needs no data.
import assert from 'node:assert/strict';
import { afterEach, after, before, beforeEach, test } from 'node:test';
import { City, Network, PHOTOS, Phone, STORY, send, sha256, status, storedPhotos, trackingId, writeReport } from './world.mjs';

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
beforeEach(() => { phone = new Phone(); });
afterEach(async () => {
  network.mend();
  await phone.remove();
});

const wish = (page) => page.getByRole('checkbox', { name: 'Foto menunggu Wi-Fi', exact: true });

// Chromium on a desktop does not tell what its network is: as on phones that do not, photos wait for a tap.
test('words go now, and photos when they are asked for', async (context) => {
  const page = await phone.open(network.url);
  await writeReport(page, { photos: [PHOTOS.plain, PHOTOS.rotated] });
  await page.getByText(/^2 foto, (?!0)[\d,]+ KB/).waitFor();
  await wish(page).click();
  const before = network.sent;
  await send(page);
  const id = await trackingId(page);
  await page.getByText(/Foto menunggu Wi-Fi supaya hemat kuota/).waitFor();
  await page.waitForTimeout(1500);
  const photos = (await storedPhotos(page)).filter((one) => one.key === one.sha256);
  assert.equal(photos.filter((photo) => city.file(photo.key)).length, 0, 'photos went on a link that may cost');
  // Small pictures of them did: the agency sees what it is about.
  assert.match(await city.desk('show', id), /^Foto +0, 2 masih dikirim dari ponsel \(2 gambar kecil sudah ada\)$/m);
  context.diagnostic(`words and two thumbnails: ${network.sent - before} bytes with all headers`);

  // The wish outlives the page.
  await page.goto(network.url);
  await page.getByRole('button', { name: new RegExp(`^${STORY.title}`) }).click();
  await page.getByText(/Foto menunggu Wi-Fi supaya hemat kuota/).waitFor();
  await page.getByRole('button', { name: /^Kirim foto sekarang, [\d,]+ KB/ }).click();
  await status(page, 'Terkirim').waitFor();
  const arrived = photos.filter((photo) => city.file(photo.key));
  assert.equal(arrived.length, 2);
  assert.match(await city.desk('show', id), /^Foto +2$/m);
  for (const photo of arrived) assert.equal(sha256(city.file(photo.key)), photo.key);
  assert.ok((await city.trackingIds()).filter((one) => one === id).length === 1);

  await page.goto(network.url);
  await page.getByRole('button', { name: 'Lainnya', exact: true }).click();
  assert.equal(await wish(page).isChecked(), true);
  const row = await page.getByText(/^Terkirim hari ini/).first().textContent();
  const kilobytes = Number(/(\d+(?:,\d+)?) KB/.exec(row)?.[1].replace(',', '.'));
  const bytes = network.sent - before;  // with all headers, of the photos, their thumbnails and the words
  assert.ok(Math.abs(kilobytes * 1000 - bytes) < 12_000 || Math.abs(kilobytes * 1024 - bytes) < 12_000, `${row}: sent ${bytes}`);
});

test('without data a report goes by SMS, and the city learns that it is the same', async () => {
  const page = await phone.open(network.url);
  await writeReport(page, { photos: [] });
  network.cut();
  await send(page);
  const link = page.getByRole('link', { name: 'Kirim lewat SMS 1708' });
  const href = await link.getAttribute('href');
  assert.ok(href.startsWith('sms:1708?body=JAMBI%20'), href);
  const text = decodeURIComponent(href.slice('sms:1708?body='.length));
  assert.ok(text.includes(STORY.title), text);
  const mark = /TL-[0-9A-F]{8}$/.exec(text)[0];
  await page.getByRole('button', { name: 'Sudah saya kirim lewat SMS' }).click();
  await status(page, /Dikirim lewat SMS/).waitFor();
  await page.reload();
  await status(page, /Dikirim lewat SMS/).waitFor();

  network.mend();
  const id = await trackingId(page);
  await page.getByRole('button', { name: 'Lihat laporan' }).click();
  await page.getByRole('list', { name: 'Riwayat' }).getByText(new RegExp(`SMS 1708, tanda ${mark}`)).waitFor();
  assert.ok(id);
});
