// The main job through the mirror alone, as assistive technology does it: elements found by role and
// name, clicked and given values by their own methods. No coordinates, no pointer, no key.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { City, PHOTOS, Phone, STORY, sha256, storedPhotos, trackingId } from './world.mjs';

let city;
let phone;
before(async () => {
  city = new City();
  await city.start();
  phone = new Phone();
});
after(async () => {
  await phone.remove();
  await city.remove();
  assert.deepEqual(phone.problems, []);
});

test('a report with a photo, a place and its story, sent by clicks and values of elements', async () => {
  const page = await phone.open(city.url);
  const click = (role, name) => page.getByRole(role, { name, exact: true }).evaluate((element) => element.click());
  const put = (name, value) => page.getByRole('textbox', { name, exact: true }).evaluate((element, text) => {
    element.value = text;
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
  }, value);
  const on = (heading) => page.getByRole('heading', { name: heading, level: 1, exact: true }).waitFor();

  await click('button', 'Buat laporan');
  await on('Foto');
  await page.getByLabel('Pilih dari galeri').setInputFiles(PHOTOS.gps);
  await page.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
  await click('button', 'Lanjut');
  await on('Lokasi');
  // The map's own click without a place marks its middle.
  await click('application', /^Peta/);
  await page.getByText('Ditandai di peta').waitFor();
  await put('Patokan', STORY.landmark);
  await click('button', 'Lanjut');
  await on('Cerita');
  await click('radio', 'Pengaduan');
  await click('radio', STORY.category);
  await put('Judul', STORY.title);
  await put('Isi laporan', STORY.content);
  await page.getByLabel('Tanggal kejadian').evaluate((element) => {
    element.value = '2026-11-20';
    element.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await click('checkbox', 'Anonim');
  assert.ok(await page.getByRole('checkbox', { name: 'Anonim' }).isChecked());
  await click('button', 'Lanjut');
  await on('Periksa');
  await page.getByText('20 November 2026').waitFor();
  const photos = await storedPhotos(page);
  await click('button', 'Kirim laporan');
  const id = await trackingId(page);
  assert.deepEqual(await city.trackingIds(), [id]);
  const shown = await city.desk('show', id);
  assert.ok(shown.includes(STORY.title) && shown.includes(STORY.landmark), shown);
  const arrived = photos.filter(({ sha256: hash }) => city.file(hash));
  assert.equal(arrived.length, 1, 'the photo itself; its thumbnail stays');
  assert.equal(sha256(city.file(arrived[0].sha256)), arrived[0].sha256);
});
