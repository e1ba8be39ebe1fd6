// What a screen reader meets: every screen by axe-core's rules, and by what axe cannot know: the names
// the project promises, the order of focus, what is spoken while it is saved.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { choosePhotos, city, cityAndPhones, phone, PHOTOS, saved, send, STORY, trackingId } from './world.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

cityAndPhones();

// Colour contrast is left out: the mirror's elements are transparent by design, what is seen is drawn
// beneath them, and the contrast of its colours is tested natively over the whole palette. Nor is
// target-size asked: axe takes what is scrolled half out of sight for covered; sizes are measured below.
// Best practices are asked too: the order of headings, landmarks, one main.
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const violations = async (page) => {
  await page.evaluate(axe);
  const { violations: found, passes } = await page.evaluate((tags) => window.axe.run(document, {
    runOnly: tags, rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } } }), RULES);
  assert.ok(passes.length > 8, `axe looked at the page: ${passes.length}`);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
};

// Everything a finger may want to hit is 48 px in both directions (docs/design.md).
const smallTargets = (page) => page.evaluate(() => [...document.querySelectorAll('#mirror :is(button, a, input, textarea)')]
  .map((element) => ({ name: element.ariaLabel || element.textContent, rect: element.getBoundingClientRect() }))
  .filter(({ rect }) => rect.width < 47.5 || rect.height < 47.5)
  .map(({ name, rect }) => `${name}: ${rect.width} × ${rect.height}`));

// Headings and landmarks as a screen reader lists them.
const outlines = new Map();
const outline = (page) => page.evaluate(() => [...document.querySelectorAll('#mirror :is(h1, h2, h3, nav, [role=dialog], [role=radiogroup], ul)')]
  .map((element) => (/^H\d$/.test(element.tagName) ? `${element.tagName.toLowerCase()} ${element.textContent}`
    : `${element.role ?? element.tagName.toLowerCase()} “${element.ariaLabel}”`)).join(' · '));

// One screen: its rules, its one heading, and the names on it.
const check = async (page, heading, names = []) => {
  await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();
  for (const [role, name] of names) {
    const one = page.getByRole(role, { name, exact: true });
    assert.ok(await one.count() >= 1, `${role} “${name}” on ${heading}`);
  }
  assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, `one first heading on ${heading}`);
  assert.equal(await page.getAttribute('html', 'lang'), 'id');
  assert.equal(await page.getByRole('main').count(), 1);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await violations(page), [], `axe on ${heading}, ${colorScheme}`);
  }
  outlines.set(heading, await outline(page));
  assert.deepEqual(await smallTargets(page), [], `targets on ${heading}`);
};

const BAR = ['Beranda', 'Laporan saya', 'Sekitar', 'Lainnya'].map((name) => ['button', name]);
const STEP = ['Lanjut', 'Kembali', 'Simpan draf'].map((name) => ['button', name]);

test('every screen keeps the rules, and has the names that are promised', async (t) => {
  const page = await phone.open(city.url);
  const open = async (tab) => page.getByRole('button', { name: tab, exact: true }).click();
  await page.getByText('Belum ada laporan').waitFor();
  await check(page, 'Titik Lapor', [...BAR, ['button', 'Buat laporan'], ['link', 'Telepon 112']]);
  assert.equal(await page.getByRole('button', { name: 'Beranda' }).getAttribute('aria-current'), 'page');

  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await check(page, 'Foto', STEP);
  assert.equal(await page.getByLabel('Ambil foto').getAttribute('capture'), 'environment');
  assert.equal(await page.getByLabel('Pilih dari galeri').getAttribute('capture'), null);
  for (const label of ['Ambil foto', 'Pilih dari galeri']) assert.equal(await page.getByLabel(label).getAttribute('type'), 'file');
  await choosePhotos(page, [PHOTOS.plain, PHOTOS.rotated]);
  await check(page, 'Foto', [...STEP, ['button', 'Hapus foto 2'], ['button', 'Foto 1 dari 2'], ['img', 'Foto 2 dari 2']]);

  await page.getByRole('button', { name: 'Lanjut' }).click();
  await check(page, 'Lokasi', [...STEP, ['button', 'Pakai lokasi saya'], ['textbox', 'Patokan']]);
  await page.getByRole('textbox', { name: 'Patokan' }).fill(STORY.landmark);

  await page.getByRole('button', { name: 'Lanjut' }).click();
  const categories = ['Jalan', 'Lampu jalan', 'Sampah', 'Air bersih', 'Banjir', 'Parkir', 'Drainase'].map((name) => ['radio', name]);
  await check(page, 'Cerita', [...STEP, ...categories, ['radiogroup', 'Jenis laporan'], ['radiogroup', 'Kategori'],
    ...['Pengaduan', 'Permintaan informasi', 'Aspirasi'].map((name) => ['radio', name]),
    ...['Judul', 'Isi laporan', 'Nama', 'Nomor telepon'].map((name) => ['textbox', name]),
    ['checkbox', 'Anonim'], ['checkbox', 'Rahasia']]);
  assert.equal(await page.getByLabel('Tanggal kejadian').getAttribute('type'), 'date');
  assert.equal(await page.getByLabel('Nomor telepon').getAttribute('inputmode'), 'tel');
  assert.equal(await page.getByLabel('Isi laporan').evaluate((field) => field.closest('[lang]').lang), 'id');

  // Nothing filled in: the summary says so as an alert, the fields say so themselves.
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await check(page, 'Periksa', [['button', 'Kirim laporan']]);
  await send(page);
  await page.getByRole('alert').waitFor();
  await check(page, 'Periksa', [['button', 'Kirim laporan'], ['button', 'Ubah cerita']]);
  await page.getByRole('button', { name: 'Ubah cerita' }).click();
  await check(page, 'Cerita');
  assert.equal(await page.getByLabel('Judul').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('Nama').getAttribute('aria-invalid'), null);
  await page.getByRole('radio', { name: STORY.category, exact: true }).check();
  await page.getByRole('textbox', { name: 'Judul' }).fill(STORY.title);
  await page.getByRole('textbox', { name: 'Isi laporan' }).fill(STORY.content);
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await send(page);

  const id = await trackingId(page);
  await check(page, 'Terkirim');
  await city.desk('verify', id);
  await city.desk('follow-up', id, '--text', 'Lubang sudah ditambal', '--photo', PHOTOS.evidence);
  await page.getByRole('button', { name: 'Lihat laporan' }).click();
  const history = page.getByRole('list', { name: 'Riwayat' });
  await history.getByText(/Lubang sudah ditambal/).waitFor();
  assert.ok(await history.getByRole('listitem').count() >= 3);
  await check(page, STORY.title, [['button', 'Kembali'], ['list', 'Riwayat'], ['heading', 'Riwayat']]);
  await page.getByText(`Nomor lacak ${id}`, { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Kembali', exact: true }).click();
  await page.getByRole('button', { name: 'Tutup', exact: true }).click();

  await open('Beranda');
  await page.getByRole('button', { name: new RegExp(`^${STORY.title}`) }).waitFor();
  await check(page, 'Titik Lapor', [...BAR, ['list', 'Laporan saya']]);
  await open('Laporan saya');
  await check(page, 'Laporan saya', [...BAR, ['list', 'Laporan saya']]);
  await open('Sekitar');
  await page.getByRole('list', { name: 'Sekitar' }).waitFor();
  await check(page, 'Sekitar', BAR);
  await open('Lainnya');
  await check(page, 'Lainnya', BAR);

  for (const [heading, words] of outlines) t.diagnostic(`${heading}: ${words}`);

  // That the rules are really asked: a button without a name is found.
  await page.evaluate(() => { document.getElementById('mirror').append(document.createElement('button')); });
  assert.match((await violations(page)).join(), /^button-name/);
});

test('focus goes in the order in which the screen is read', async () => {
  const page = await phone.open(city.url);
  const focused = () => page.evaluate(() => (document.activeElement === document.body ? null
    : document.activeElement.ariaLabel || document.activeElement.textContent));
  // From before the first to after the last.
  const walk = async () => {
    while (await focused() !== null) await page.keyboard.press('Shift+Tab');
    const names = [];
    for (;;) {
      await page.keyboard.press('Tab');
      const name = await focused();
      if (name === null) return names;
      assert.ok(names.length < 60, `no way out: ${names}`);
      if (names.at(-1) !== name) names.push(name);  // a date has several parts
    }
  };
  assert.deepEqual(await walk(), ['Buat laporan', 'Telepon 112', 'Beranda', 'Laporan saya', 'Sekitar', 'Lainnya']);
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  for (const heading of ['Lokasi', 'Cerita']) {
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await page.getByRole('heading', { name: heading }).waitFor();
  }
  assert.deepEqual(await walk(), ['Tutup', 'Simpan draf', 'Pengaduan', 'Jalan', 'Judul', 'Isi laporan', 'Tanggal kejadian', 'Anonim',
    'Rahasia', 'Nama', 'Nomor telepon', 'Kembali', 'Lanjut']);
});

test('saving is spoken: first that it is done, then that it was', async () => {
  const page = await phone.open(city.url);
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('textbox', { name: 'Patokan' }).waitFor();
  // A live region speaks of changes in an element that was there before them.
  await page.evaluate(() => {
    const region = document.querySelector('[role=status]');
    window.spoken = [region.textContent];
    new MutationObserver(() => {
      if (window.spoken.at(-1) !== region.textContent) window.spoken.push(region.textContent);
    }).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await page.getByRole('textbox', { name: 'Patokan' }).fill('Simpang tiga');
  await saved(page);
  await page.waitForFunction(() => window.spoken.length > 2);
  assert.deepEqual(await page.evaluate(() => window.spoken), ['', 'Menyimpan…', 'Tersimpan di ponsel']);
});
