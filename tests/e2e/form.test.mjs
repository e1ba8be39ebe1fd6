// The plain form, where WebGL or WebAssembly is missing: a report with a photo reaches the city exactly
// once, online and offline; and what the form left is taken over by the full interface.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { greyJpeg, scenePhoto } from './made_photos.mjs';
import { City, Network, Phone, PHOTOS, drawn, sha256, until, waitForServiceWorker } from './world.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WITHOUT_WEBGL = { args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-quic', '--no-first-run'] };
// Safari 14: `memory.fill` and its like are not valid.
const oldWasm = (page) => page.addInitScript(() => {
  const refuse = () => Promise.reject(new WebAssembly.CompileError('no such instruction'));
  Object.assign(WebAssembly, { validate: () => false, compile: refuse, instantiate: refuse, compileStreaming: refuse });
});
const noWasm = (page) => page.addInitScript(() => { delete globalThis.WebAssembly; });

const start = async (options = {}) => {
  const city = new City();
  await city.start();
  const network = new Network(city);
  await network.start();
  const phone = new Phone(options);
  const page = await phone.blank();
  const end = async () => { await phone.remove(); await network.stop(); await city.remove(); };
  return { city, network, phone, page, end };
};
const open = async (page, url) => {
  await page.goto(url);
  await page.getByRole('button', { name: 'Kirim laporan' }).waitFor();
};
const fillIn = async (page, title) => {
  await page.getByLabel('Pilih dari galeri').setInputFiles(PHOTOS.gps);
  await page.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
  await page.getByRole('textbox', { name: 'Patokan' }).fill('Depan warung');
  await page.getByRole('radio', { name: 'Pengaduan' }).check();
  await page.getByRole('radio', { name: 'Jalan', exact: true }).check();
  await page.getByRole('textbox', { name: 'Judul' }).fill(title);
  await page.getByRole('textbox', { name: 'Isi laporan' }).fill('Lubang sedalam 30 cm.');
};
const said = (page, words) => page.getByRole('status').filter({ hasText: words }).first();
const reportIn = (city) => city.desk('list');
// One report with this title, with one photo that carries no place.
const arrivedOnce = async (city, title) => {
  const list = await reportIn(city);
  assert.equal(list.split(title).length - 1, 1, list);
  const ids = await city.trackingIds();
  assert.equal(ids.length, 1);
  // Words go first; the photo follows.
  const end = Date.now() + 60_000;
  let shown = await city.desk('show', ids[0]);
  while (!/^Foto +1$/m.test(shown) && Date.now() < end) {
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    shown = await city.desk('show', ids[0]);
  }
  assert.match(shown, /^Foto +1$/m);
  const hashes = readdirSync(path.join(city.data, 'files'), { recursive: true }).map((file) => path.basename(file)).filter((file) => /^[0-9a-f]{64}$/.test(file));
  assert.equal(hashes.length, 1);
  const bytes = city.file(hashes[0]);
  assert.equal(sha256(bytes), hashes[0]);
  assert.equal(bytes.includes('Exif'), false, 'nothing but the picture leaves the phone');
};

for (const [name, options, prepare] of [
  ['without WebGL, through the engine', WITHOUT_WEBGL, async () => {}],
  ['without WebAssembly, by itself', {}, noWasm],
  ['with the WebAssembly of 2017, by itself', {}, oldWasm],
]) {
  test(`${name}: a report with a photo arrives once; axe finds nothing; it says what is missing`, async () => {
    const { city, network, phone, page, end } = await start(options);
    try {
      await prepare(page);
      await open(page, network.url);
      await page.getByText('Yang tidak ada: peta').waitFor();
      await page.getByRole('link', { name: 'Telepon 112' }).waitFor();
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
      }
      await page.getByRole('button', { name: 'Kirim laporan' }).click();
      await page.getByText('Isi judul laporan.').waitFor();
      await fillIn(page, 'Lubang dari formulir');
      await said(page, 'Tersimpan di ponsel').waitFor();
      await page.getByRole('button', { name: 'Kirim laporan' }).click();
      await said(page, 'Terkirim').waitFor();
      await page.getByText(/^Nomor lacak \d+$/).waitFor();
      await arrivedOnce(city, 'Lubang dari formulir');
      assert.deepEqual(phone.problems, []);
    } finally {
      await end();
    }
  });

  test(`${name}: written, reloaded and handed over offline, sent once when the network is back`, async () => {
    const { city, network, phone, page, end } = await start(options);
    try {
      await prepare(page);
      await open(page, network.url);
      await waitForServiceWorker(page);
      await until(page, async () => (await Promise.all((await caches.keys()).map(async (key) => (await (await caches.open(key)).keys()).map(({ url }) => url)))).flat().some((url) => url.includes('/form.')));
      network.cut();
      await fillIn(page, 'Ditulis tanpa jaringan');
      await said(page, 'Tersimpan di ponsel').waitFor();
      await open(page, network.url);  // by the service worker
      // The photo comes from the store, as the words do: when it is there, they are.
      await page.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
      assert.equal(await page.getByRole('textbox', { name: 'Judul' }).inputValue(), 'Ditulis tanpa jaringan');
      await page.getByRole('button', { name: 'Kirim laporan' }).click();
      await page.getByRole('heading', { name: 'Laporan saya' }).waitFor();
      assert.deepEqual(await city.trackingIds(), []);
      await open(page, network.url);
      network.mend();
      await page.evaluate(() => window.dispatchEvent(new Event('online')));
      await page.getByRole('button', { name: 'Kirim sekarang' }).click();
      await said(page, 'Terkirim').waitFor();
      await arrivedOnce(city, 'Ditulis tanpa jaringan');
      assert.deepEqual(phone.problems, []);
    } finally {
      await end();
    }
  });
}

test('without WebAssembly: a photo that would be decoded whole is refused when it is too large, in words', async () => {
  const { network, page, end } = await start();
  try {
    await noWasm(page);
    await open(page, network.url);
    await page.getByLabel('Pilih dari galeri').setInputFiles({ name: 'foto.jpg', mimeType: 'image/jpeg', buffer: greyJpeg(9000, 6000) });
    await page.getByText('Foto itu terlalu besar. Kecilkan ukuran foto di kamera, lalu coba lagi.').waitFor();
    await page.getByLabel('Pilih dari galeri').setInputFiles(await scenePhoto(12));
    await page.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
    await said(page, 'Tersimpan di ponsel').waitFor();
  } finally {
    await end();
  }
});

test('without WebAssembly: a lost answer makes no second report', async () => {
  const { city, network, phone, page, end } = await start();
  try {
    await noWasm(page);
    await open(page, network.url);
    await fillIn(page, 'Jawaban hilang');
    network.dropNextAnswer('POST /lapor/3.0.0/complaints/complaint HTTP');
    await page.getByRole('button', { name: 'Kirim laporan' }).click();
    await said(page, 'Terkirim').waitFor();
    assert.equal(network.dropped, 1);
    await arrivedOnce(city, 'Jawaban hilang');
    assert.deepEqual(phone.problems, []);
  } finally {
    await end();
  }
});

test('what the form left is taken over by the full interface, once', async () => {
  const { city, network, phone, page, end } = await start();
  try {
    // WebAssembly comes back, as after an update of the browser.
    await page.addInitScript(() => { if (!sessionStorage.getItem('better')) delete globalThis.WebAssembly; });
    await open(page, network.url);
    await waitForServiceWorker(page);
    network.cut();
    await fillIn(page, 'Dari formulir ke mesin');
    await page.getByRole('button', { name: 'Kirim laporan' }).click();
    await page.getByRole('heading', { name: 'Laporan saya' }).waitFor();
    await page.getByRole('textbox', { name: 'Judul' }).fill('Draf dari formulir');
    await said(page, 'Tersimpan di ponsel').waitFor();
    network.mend();
    await page.evaluate(() => sessionStorage.setItem('better', '1'));
    await page.goto(network.url);
    await drawn(page);
    await page.getByRole('button', { name: /^Draf dari formulir/ }).waitFor();
    await page.getByRole('button', { name: /^Dari formulir ke mesin/ }).click();
    await page.getByText(/^Nomor lacak \d+$/).first().waitFor();
    await arrivedOnce(city, 'Dari formulir ke mesin');
    await page.goto(network.url);
    await drawn(page);
    await page.getByRole('button', { name: /^Draf dari formulir/ }).waitFor();
    assert.equal(await page.evaluate(() => localStorage.getItem('titik-form')), null);
    assert.equal(await page.getByRole('button', { name: /^Draf dari formulir/ }).count(), 1);
    assert.deepEqual(phone.problems, []);
  } finally {
    await end();
  }
});

test('the form is in the page only when it works', { timeout: 120_000 }, async () => {
  const { city, network, page, end } = await start();
  try {
    await noWasm(page);
    let held;
    const asked = new Promise((resolve) => { page.route('**/form.*.css', (route) => { held = route; resolve(); }); });
    await page.goto(network.url, { waitUntil: 'commit' });
    await asked;
    await page.waitForTimeout(1500);  // the profile and what was kept are there long before
    assert.equal(await page.locator('form').count(), 0);
    // Begun in the moment that it is there: nothing of it is lost.
    await page.evaluate(() => {
      new MutationObserver((changes, observer) => {
        const form = document.querySelector('form');
        if (!form) return;
        observer.disconnect();
        form.elements.title.value = 'Begitu tampil';
        form.elements.title.dispatchEvent(new Event('input', { bubbles: true }));
        form.requestSubmit();
      }).observe(document.body, { childList: true });
    });
    await held.continue();
    await page.getByRole('alert').filter({ hasText: 'Belum lengkap' }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Judul' }).inputValue(), 'Begitu tampil');
    assert.equal(new URL(page.url()).search, '');
  } finally {
    await end();
  }
});

test('the form by keyboard alone, with a place from the phone', async () => {
  const { city, network, page, end } = await start({ geolocation: { latitude: -1.61, longitude: 103.61, accuracy: 9 }, permissions: ['geolocation'] });
  try {
    await noWasm(page);
    await open(page, network.url);
    const to = async (matches) => {
      for (let i = 0; i < 60; ++i) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(matches)) return;
      }
      assert.fail(`not reached: ${matches}`);
    };
    await to(() => document.activeElement.name === 'find');
    await page.keyboard.press('Enter');
    await page.getByText('Lokasi Anda, ±9 m').waitFor();
    await to(() => document.activeElement.name === 'category_id');
    await page.keyboard.press('Space');
    await to(() => document.activeElement.name === 'title');
    await page.keyboard.type('Dengan papan ketik');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Tanpa tetikus.');
    await to(() => document.activeElement.type === 'submit');
    await page.keyboard.press('Enter');
    await said(page, 'Terkirim').waitFor();
    assert.match(await reportIn(city), /Dengan papan ketik/);
  } finally {
    await end();
  }
});
