// The second engine: Debian's Firefox, in a window (headless it has no WebGL) on a screen of its own,
// driven by WebDriver BiDi. A smaller set than Chromium's: a report with a photo, a start without the
// server, a draft that outlives a reload.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { City, PATIENCE_MS, PHOTOS, STORY, saved, sha256, storedPhotos, waitForServiceWorker } from './world.mjs';

let city;
let screen;
let folder;
let browser;
let page;

// Xvfb finds a free display by itself and tells which.
const startScreen = async () => {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '800x1000x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise((resolve, reject) => {
    child.stdio[3].once('data', (text) => resolve(String(text).trim()));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { display: `:${number}`, stop: () => child.kill('SIGTERM') };
};

before(async () => {
  city = new City();
  await city.start();
  screen = await startScreen();
  folder = mkdtempSync(path.join(tmpdir(), 'titik-firefox-'));
  browser = await puppeteer.launch({
    browser: 'firefox', executablePath: process.env.TITIK_FIREFOX ?? '/usr/bin/firefox-esr', headless: false,
    userDataDir: folder, args: ['--width=400', '--height=760'],
    env: { ...process.env, DISPLAY: screen.display, LIBGL_ALWAYS_SOFTWARE: '1', HOME: folder, MOZ_DISABLE_AUTO_SAFE_MODE: '1' },
    extraPrefsFirefox: { 'intl.accept_languages': 'id-ID', 'webgl.force-enabled': true, 'app.update.enabled': false, 'datareporting.policy.dataSubmissionEnabled': false },
  });
  [page] = await browser.pages();
  page.setDefaultTimeout(PATIENCE_MS);
});
after(async () => {
  await browser?.close();
  screen?.stop();
  await city.remove();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const by = (role, name) => page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
const tap = (role, name) => by(role, name).click();
const fill = (name, text) => by('textbox', name).fill(text);
const on = (heading) => page.waitForFunction((text) => document.querySelector('#mirror h1')?.textContent === text, {}, heading);
const choose = async (label, ...files) => {
  const input = await page.waitForSelector(`input[type=file][aria-label="${label}"]`);
  await input.uploadFile(...files);
};
const open = async () => {
  await page.goto(city.url);
  await by('button', 'Buat laporan').wait();
};

test('a report with a photo arrives, equal to the byte', async () => {
  await open();
  assert.match(await browser.version(), /^firefox/i);
  const info = await page.evaluate(() => ({ webgl: !!document.createElement('canvas').getContext('webgl2'), lang: document.documentElement.lang }));
  assert.deepEqual(info, { webgl: true, lang: 'id' });
  await tap('button', 'Buat laporan');
  await on('Foto');
  await choose('Pilih dari galeri', PHOTOS.rotated);
  await by('button', 'Hapus foto 1').wait();
  await tap('button', 'Lanjut');
  await on('Lokasi');
  await fill('Patokan', STORY.landmark);
  await tap('button', 'Lanjut');
  await on('Cerita');
  await tap('radio', STORY.category);
  await fill('Judul', STORY.title);
  await fill('Isi laporan', STORY.content);
  await saved(page);
  await tap('button', 'Lanjut');
  await on('Periksa');
  await tap('button', 'Kirim laporan');
  await on('Terkirim');
  const [id] = await city.trackingIds();
  await page.waitForFunction((text) => document.body.textContent.includes(text), {}, `Nomor lacak ${id}`);
  await page.waitForFunction(() => !document.body.textContent.includes('Foto menyusul'));
  const shown = await city.desk('show', id);
  for (const words of [STORY.title, STORY.content, STORY.landmark]) assert.ok(shown.includes(words), `${words} in ${shown}`);
  const stored = await storedPhotos(page);
  assert.equal(stored.length, 2, 'the photo and its thumbnail');
  const arrived = stored.filter((photo) => city.file(photo.key));
  assert.equal(arrived.length, 1);
  assert.equal(sha256(city.file(arrived[0].key)), arrived[0].sha256);
});

test('with the server stopped it starts again, and keeps a draft over a reload', async () => {
  await open();
  await waitForServiceWorker(page);
  await city.stop();
  await open();
  await tap('button', 'Buat laporan');
  await on('Foto');
  await choose('Pilih dari galeri', PHOTOS.gps);
  await by('button', 'Hapus foto 1').wait();
  await tap('button', 'Lanjut');
  await on('Lokasi');
  await fill('Patokan', 'Simpang tiga');
  await saved(page);
  const before = await storedPhotos(page);

  await page.reload();
  await on('Lokasi');
  assert.equal(await page.$eval('[aria-label="Patokan"]', (field) => field.value), 'Simpang tiga');
  await page.goto(city.url);
  await by('button', 'Tanpa judul, Draf').click();
  await by('button', 'Hapus foto 1').wait();
  await tap('button', 'Lanjut');
  await on('Lokasi');
  assert.equal(await page.$eval('[aria-label="Patokan"]', (field) => field.value), 'Simpang tiga');
  assert.deepEqual(await storedPhotos(page), before);
});
