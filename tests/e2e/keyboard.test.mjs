// The whole main job without a finger or a mouse: Tab, Shift+Tab, Enter, Space, arrows, Escape.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { alertWith, city, cityAndPhones, phone, PHOTOS, saved, STORY, trackingId } from './world.mjs';

cityAndPhones();

const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  return element === document.body ? '' : element.ariaLabel || element.textContent;
});
const on = (page, heading) => page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();

// Tab (or Shift+Tab) until the element of this name has the focus. More steps than a screen has would
// be a trap.
const tabTo = async (page, name, key = 'Tab') => {
  const met = [];
  for (let i = 0; i < 40; ++i) {
    await page.keyboard.press(key);
    const now = await focused(page);
    if (name instanceof RegExp ? name.test(now) : now === name) return;
    met.push(now);
  }
  assert.fail(`${key} never came to ${name}: ${met.join(' → ')}`);
};
const press = async (page, name, key = 'Enter') => {
  await tabTo(page, name);
  await page.keyboard.press(key);
};
// What the keyboard's file dialog would hand over.
const chooseByKeyboard = async (page, files) => {
  if (await focused(page) !== 'Pilih dari galeri') await tabTo(page, 'Pilih dari galeri');
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(files);
};
const openPhone = async () => {
  const page = await phone.open(city.url);
  page.on('filechooser', () => {});  // from now on a dialog comes to the test
  return page;
};

test('a report from the first Tab to the tracking number', async () => {
  const page = await openPhone();
  await press(page, 'Buat laporan');
  await on(page, 'Foto');
  assert.equal(await focused(page), 'Foto', 'reading begins at the new heading');
  await chooseByKeyboard(page, PHOTOS.gps);
  await page.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
  await press(page, 'Lanjut');

  // The map: arrows move it, Enter pins its middle, and Tab leaves it.
  await on(page, 'Lokasi');
  await tabTo(page, /^Peta Kota Jambi/);
  for (const key of ['ArrowRight', 'ArrowDown', '+', '+', 'ArrowLeft', '-']) await page.keyboard.press(key);
  assert.match(await focused(page), /^Peta Kota Jambi/, 'the arrows are the map\'s');
  await page.keyboard.press('Enter');
  await page.getByText('Ditandai di peta', { exact: true }).waitFor();
  await tabTo(page, 'Patokan');
  await page.keyboard.type(STORY.landmark);
  await tabTo(page, /^Peta Kota Jambi/, 'Shift+Tab');
  await press(page, 'Lanjut');

  await on(page, 'Cerita');
  await tabTo(page, 'Pengaduan');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(page), 'Permintaan informasi');
  await page.keyboard.press('ArrowLeft');
  assert.ok(await page.getByRole('radio', { name: 'Pengaduan' }).isChecked());
  await tabTo(page, 'Jalan');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.waitForFunction(() => document.querySelector('[aria-label="Jalan"]').checked);
  await tabTo(page, 'Judul');
  await page.keyboard.type(STORY.title);
  await tabTo(page, 'Isi laporan');
  await page.keyboard.type(`${STORY.content}\nBaris kedua.`);
  await tabTo(page, 'Rahasia');
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.querySelector('[aria-label="Rahasia"]').checked);
  await press(page, 'Lanjut');

  await on(page, 'Periksa');
  await page.getByText('Jalan, ke Dinas PUPR, 72 jam').waitFor();
  await press(page, 'Kirim laporan');
  const id = await trackingId(page);
  const shown = await city.desk('show', id);
  for (const words of [STORY.title, STORY.landmark, 'Baris kedua.']) assert.ok(shown.includes(words), `${words} in ${shown}`);

  await press(page, 'Lihat laporan');
  await on(page, STORY.title);
  await press(page, 'Kembali');
  await on(page, 'Terkirim');
  await press(page, 'Tutup', 'Space');
  await on(page, 'Titik Lapor');
  for (const tab of ['Laporan saya', 'Sekitar', 'Lainnya']) {
    await press(page, tab);
    await on(page, tab);
  }
});

test('Escape leaves the field, then goes back step by step, and the draft stays', async () => {
  const page = await openPhone();
  await press(page, 'Buat laporan');
  await on(page, 'Foto');
  await press(page, 'Lanjut');
  await on(page, 'Lokasi');
  await tabTo(page, 'Patokan');
  await page.keyboard.type('Simpang tiga');
  await page.keyboard.press('Escape');
  await on(page, 'Lokasi');
  assert.equal(await focused(page), '', 'out of the field');
  await page.keyboard.press('Escape');
  await on(page, 'Foto');
  await page.keyboard.press('Escape');
  await on(page, 'Titik Lapor');
  await press(page, /^Tanpa judul.*Draf/);
  await on(page, 'Foto');
  await press(page, 'Lanjut');
  await on(page, 'Lokasi');
  assert.equal(await page.getByRole('textbox', { name: 'Patokan' }).inputValue(), 'Simpang tiga');
});

test('what is typed is kept, even when no frame comes before going back', async () => {
  const page = await openPhone();
  await press(page, 'Buat laporan');
  await on(page, 'Foto');
  await press(page, 'Lanjut');
  await on(page, 'Lokasi');
  await tabTo(page, 'Patokan');
  // A phone so slow that nothing is drawn between the letters and the way back.
  await page.evaluate(() => {
    const real = window.requestAnimationFrame;
    const held = [];
    window.requestAnimationFrame = (frame) => held.push(frame);
    window.addEventListener('popstate', () => setTimeout(() => {
      window.requestAnimationFrame = real;
      for (const frame of held) real(frame);
    }), { once: true });
  });
  await page.keyboard.type('Simpang tiga');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await on(page, 'Foto');
  await press(page, 'Lanjut');
  await on(page, 'Lokasi');
  assert.equal(await page.getByRole('textbox', { name: 'Patokan' }).inputValue(), 'Simpang tiga');
});

test('of two choices quicker than a frame the last one holds', async () => {
  const page = await openPhone();
  await press(page, 'Buat laporan');
  for (const heading of ['Foto', 'Lokasi']) {
    await on(page, heading);
    await press(page, 'Lanjut');
  }
  await on(page, 'Cerita');
  await page.evaluate(() => {
    for (const name of ['Sampah', 'Jalan', 'Anonim', 'Anonim', 'Rahasia']) document.querySelector(`[aria-label="${name}"]`).click();
  });
  await saved(page);
  for (const [name, checked] of [['Jalan', true], ['Sampah', false], ['Anonim', false], ['Rahasia', true]]) {
    assert.equal(await page.locator(`[aria-label="${name}"]`).isChecked(), checked, name);
  }
  await press(page, 'Lanjut');
  await page.getByText('Jalan, ke Dinas PUPR, 72 jam').waitFor();
});

test('nothing takes the focus away, and no screen keeps it', async () => {
  const page = await openPhone();
  const folder = mkdtempSync(path.join(tmpdir(), 'titik-keys-'));
  try {
    // What comes and goes above the focus leaves it alone: an alert, a photo.
    writeFileSync(path.join(folder, 'bukan.jpg'), 'bukan foto');
    await press(page, 'Buat laporan');
    await on(page, 'Foto');
    await chooseByKeyboard(page, path.join(folder, 'bukan.jpg'));
    await alertWith(page, 'bukan foto yang bisa dibaca').waitFor();
    assert.equal(await focused(page), 'Pilih dari galeri');
    await chooseByKeyboard(page, PHOTOS.gps);
    await page.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    assert.equal(await focused(page), 'Pilih dari galeri');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // Once around on every step: Tab comes out at the end, Shift+Tab at the beginning.
  await saved(page);
  for (const heading of ['Foto', 'Lokasi', 'Cerita', 'Periksa']) {
    await on(page, heading);
    for (const key of ['Tab', 'Shift+Tab']) {
      let left = false;
      for (let i = 0; i < 40 && !left; ++i) {
        await page.keyboard.press(key);
        left = await focused(page) === '';
      }
      assert.ok(left, `${key} comes out of ${heading}`);
    }
    if (heading !== 'Periksa') await press(page, 'Lanjut');
  }
});
