// The browser's history: back, forward, reload and links lead to every screen; leaving asks nothing
// and loses nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { City, PHOTOS, Phone, STORY, saved, send, trackingId, writeReport } from './world.mjs';

let city;
let phone;
let page;
before(async () => {
  city = new City();
  await city.start();
  phone = new Phone();
  page = await phone.open(city.url);
});
after(async () => {
  await phone.remove();
  await city.remove();
});

const heading = (name) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
const hash = () => page.evaluate(() => location.hash);
// Reload and links: the page is made anew.
const reload = async () => {
  await page.reload();
};
const visit = async (route) => {
  await page.goto('about:blank');
  await page.goto(city.url + route);
};

test('back, forward and reload on every step keep the draft', async () => {
  await writeReport(page, { photos: [PHOTOS.plain] });
  assert.match(await hash(), /^#\/draf\/[0-9a-f-]{36}\/periksa$/);
  const steps = ['Cerita', 'Lokasi', 'Foto'];
  for (const step of steps) {
    await page.goBack();
    await heading(step);
  }
  await page.goBack();
  await heading('Titik Lapor');
  assert.equal(await hash(), '#/');
  for (const step of ['Foto', 'Lokasi', 'Cerita', 'Periksa']) {
    await page.goForward();
    await heading(step);
  }
  await page.getByText(STORY.title).first().waitFor();
  for (const step of ['Periksa', 'Cerita', 'Lokasi', 'Foto']) {
    await reload();
    await heading(step);
    await page.goBack();
  }
  await heading('Titik Lapor');
  await page.goForward();
  await heading('Foto');
  await page.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
});

test('words typed a moment before going back are there after going forward', async () => {
  await page.goForward();
  await page.goForward();
  await heading('Cerita');
  await page.getByRole('textbox', { name: 'Judul' }).fill('Lubang yang lain');
  await page.goBack();
  await heading('Lokasi');
  await page.goForward();
  await heading('Cerita');
  assert.equal(await page.getByRole('textbox', { name: 'Judul' }).inputValue(), 'Lubang yang lain');
  await saved(page);
});

test('after sending, back leads home and forward never into the steps of what was sent', async () => {
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await heading('Periksa');
  const draft = await hash();
  await send(page);
  await trackingId(page);
  assert.match(await hash(), /^#\/terkirim\//);
  await reload();
  await trackingId(page);
  await page.goBack();
  await heading('Titik Lapor');
  await page.goForward();
  await trackingId(page);
  await visit(draft);
  await heading('Lubang yang lain');
  assert.match(await hash(), /^#\/laporan\//);
});

test('a link leads to a report, and back from there to Beranda', async () => {
  const route = await hash();
  await visit(route);
  await heading('Lubang yang lain');
  await page.getByRole('button', { name: 'Kembali' }).click();
  await heading('Titik Lapor');
});

test('the viewer is a screen of its own', async () => {
  await page.getByRole('button', { name: /^Lubang yang lain/ }).click();
  await heading('Lubang yang lain');
  await page.getByRole('button', { name: /^Foto laporan 1/ }).click();
  await page.getByRole('button', { name: 'Tutup' }).waitFor();
  assert.match(await hash(), /\/foto\/1$/);
  await reload();
  await page.getByRole('button', { name: 'Tutup' }).waitFor();
  await page.keyboard.press('Escape');
  await heading('Lubang yang lain');
  await page.getByRole('button', { name: 'Kembali' }).click();
  await heading('Titik Lapor');
});

test('a link may begin a report of a category', async () => {
  await visit('#/baru?kategori=jalan');
  await heading('Foto');
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('button', { name: 'Lanjut' }).click();
  assert.ok(await page.getByRole('radio', { name: 'Jalan', exact: true }).isChecked());
  for (const step of ['Lokasi', 'Foto', 'Titik Lapor']) {
    await page.goBack();
    await heading(step);
  }
});

test('an address typed by hand leads to its screen; nonsense is Beranda', async () => {
  await page.evaluate(() => { location.hash = '#/baru'; });
  await heading('Foto');
  await page.goBack();
  await heading('Titik Lapor');
  await page.evaluate(() => { location.hash = '#/lainnya'; });
  await heading('Lainnya');
  await visit('#/laporan/<img src=x onerror=alert(1)>');
  await heading('Titik Lapor');
  await visit('#/laporan/0192f0c0-0000-7000-8000-000000000000');
  await heading('Laporan ini tidak ada di ponsel ini');
  assert.deepEqual(phone.problems, []);
});

test('tabs replace each other and leave no trail', async () => {
  await page.getByRole('button', { name: 'Laporan saya' }).last().click();
  await heading('Laporan saya');
  const before = await page.evaluate(() => history.length);
  for (const tab of ['Sekitar', 'Lainnya', 'Beranda']) {
    await page.getByRole('navigation').getByRole('button', { name: tab }).click();
    await heading(tab === 'Beranda' ? 'Titik Lapor' : tab);
  }
  assert.equal(await page.evaluate(() => history.length), before);
  assert.equal(await hash(), '#/');
});
