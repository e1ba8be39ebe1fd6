// A new version while the old one is open, and the place on the home screen.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { City, Phone, PHOTOS, choosePhotos, drawn, nextVersion, saved, send, trackingId, until, waitForServiceWorker, writeReport } from './world.mjs';

const caches = (page) => page.evaluate(async () => (await globalThis.caches.keys()).filter((name) => name.startsWith('titik-')));
const mainOf = (page) => page.evaluate(() => document.querySelector('script[src*="/main."]').getAttribute('src'));
const lookForNewVersion = (page) => page.evaluate(async () => { await (await navigator.serviceWorker.getRegistration()).update(); });
test('a new version is told, is taken on tap, and costs no word; the old page stays whole until then', async () => {
  const next = nextVersion();
  const city = new City();
  await city.start();
  const phone = new Phone();
  try {
    const page = await phone.open(city.url);
    await waitForServiceWorker(page);
    const old = await mainOf(page);
    const [oldCache] = await caches(page);
    const other = await page.context().newPage();  // a second page of the old version
    await other.goto(city.url);

    await city.stop();
    city.client = next;
    await city.start();
    await page.bringToFront();
    await page.getByRole('button', { name: 'Buat laporan' }).click();
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await page.getByRole('textbox', { name: 'Patokan' }).fill('Depan pasar');
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await page.getByRole('textbox', { name: 'Judul' }).fill('Setengah ditulis');
    await lookForNewVersion(page);
    await until(page, async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting));
    // In the middle of a report nothing happens, and the files of the old version are still there.
    assert.equal(await mainOf(page), old);
    assert.equal((await caches(page)).length, 2);
    await page.getByRole('button', { name: 'Kembali' }).first().click();
    await page.getByRole('heading', { name: 'Lokasi' }).waitFor();
    await page.getByRole('button', { name: 'Kembali' }).first().click();
    await choosePhotos(page, [PHOTOS.plain]);  // by the old photo worker, which this server does not have
    await saved(page);
    await page.goBack();
    await page.getByRole('button', { name: 'Versi baru siap' }).waitFor();
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Versi baru siap' }).click()]);
    await drawn(page);
    const now = await mainOf(page);
    assert.notEqual(now, old);
    await page.getByRole('button', { name: /^Setengah ditulis/ }).click();
    await page.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await page.getByRole('textbox', { name: 'Patokan' }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Patokan' }).inputValue(), 'Depan pasar');

    // The other page is of the old version still: its files stay until it is gone.
    assert.equal(await mainOf(other), old);
    assert.ok((await caches(page)).includes(oldCache));
    assert.equal(await other.evaluate(async (url) => (await fetch(url)).status, old), 200);
    await other.close();
    await page.reload();
    await drawn(page);
    await until(page, async (name) => !(await globalThis.caches.keys()).includes(name), oldCache);
    assert.deepEqual(phone.problems, []);
  } finally {
    await phone.remove();
    await city.remove();
    rmSync(next, { recursive: true, force: true });
  }
});

test('a version that waits keeps its files when a page of the old one starts again, and works without a network', async () => {
  const next = nextVersion();
  const city = new City();
  await city.start();
  const phone = new Phone();
  try {
    const page = await phone.open(city.url);
    await waitForServiceWorker(page);
    const old = await mainOf(page);
    await page.reload();
    await drawn(page);
    await city.stop();
    city.client = next;
    await city.start();
    await lookForNewVersion(page);
    await until(page, async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting));
    await page.reload();  // of the old version still
    await drawn(page);
    assert.equal(await mainOf(page), old);
    await page.getByRole('button', { name: 'Buat laporan' }).waitFor();
    await page.waitForTimeout(1000);  // whatever the old worker does with a page's start
    assert.equal((await caches(page)).length, 2);
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Versi baru siap' }).click()]);
    await drawn(page);
    await waitForServiceWorker(page);
    await city.stop();
    await page.reload();
    await drawn(page);
    assert.notEqual(await mainOf(page), old);
    assert.deepEqual(phone.problems, []);
  } finally {
    await phone.remove();
    await city.remove();
    rmSync(next, { recursive: true, force: true });
  }
});

test('with nothing open, a new version is taken when the page is put aside', async () => {
  const next = nextVersion();
  const city = new City();
  await city.start();
  const phone = new Phone();
  try {
    const page = await phone.open(city.url);
    await waitForServiceWorker(page);
    const old = await mainOf(page);
    await city.stop();
    city.client = next;
    await city.start();
    await lookForNewVersion(page);
    await page.getByRole('button', { name: 'Versi baru siap' }).waitFor();
    const putAside = (hidden) => page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
    await page.getByRole('button', { name: 'Lainnya' }).click();
    await page.getByRole('heading', { name: 'Lainnya' }).waitFor();
    await putAside(true);
    await page.waitForTimeout(1000);
    assert.equal(await mainOf(page), old, 'not on another screen than Beranda');
    await putAside(false);
    await page.getByRole('button', { name: 'Beranda' }).click();
    await page.getByRole('button', { name: 'Versi baru siap' }).waitFor();
    await Promise.all([page.waitForEvent('load'), putAside(true)]);
    await drawn(page);
    assert.notEqual(await mainOf(page), old);
  } finally {
    await phone.remove();
    await city.remove();
    rmSync(next, { recursive: true, force: true });
  }
});

// Chromium finds the app worth installing at a moment of its own: that moment is the test's instead.
const withoutOwnPrompt = (page) => page.addInitScript(() => window.addEventListener('beforeinstallprompt', (event) => {
  if (event.isTrusted) event.stopImmediatePropagation();
}));

const offerInstall = (page) => page.evaluate(() => {
  const event = new Event('beforeinstallprompt', { cancelable: true });
  event.prompt = async () => { window.prompted = (window.prompted ?? 0) + 1; };
  window.dispatchEvent(event);
  return event.defaultPrevented;
});

test('install is offered after the first report, once, and not when it was refused or is done', async () => {
  const city = new City();
  await city.start();
  const phone = new Phone();
  try {
    const page = await phone.blank();
    await withoutOwnPrompt(page);
    await page.goto(city.url);
    await drawn(page);
    const offer = page.getByRole('button', { name: 'Pasang di layar utama' });
    assert.equal(await offerInstall(page), true, "the browser's own bar is kept back");
    await page.waitForTimeout(300);
    assert.equal(await offer.count(), 0);
    await writeReport(page, { photos: [] });
    await send(page);
    await trackingId(page);
    await offer.click();
    await page.waitForFunction(() => window.prompted === 1);
    await offer.waitFor({ state: 'detached' });

    await page.goto(city.url);
    await drawn(page);
    await offerInstall(page);
    await page.getByRole('button', { name: 'Nanti saja' }).click();
    await offer.waitFor({ state: 'detached' });
    await page.goto(city.url);
    await drawn(page);
    await offerInstall(page);
    await page.getByRole('button', { name: /^Lubang besar/ }).waitFor();
    assert.equal(await offer.count(), 0, 'refused is refused');

    // Another phone, where the app runs from the home screen.
    await page.evaluate(() => localStorage.removeItem('titik-install-refused'));
    await page.addInitScript(() => {
      const real = window.matchMedia.bind(window);
      window.matchMedia = (query) => (/standalone/.test(query) ? { ...real(query), matches: true } : real(query));
    });
    await page.goto(city.url);
    await drawn(page);
    await offerInstall(page);
    await page.getByRole('button', { name: /^Lubang besar/ }).waitFor();
    assert.equal(await offer.count(), 0, 'it is installed already');
    assert.deepEqual(phone.problems, []);
  } finally {
    await phone.remove();
    await city.remove();
  }
});

test('on an iPhone, which has no prompt, the way is told', async () => {
  const city = new City();
  await city.start();
  const phone = new Phone({ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1' });
  try {
    const page = await phone.blank();
    await withoutOwnPrompt(page);  // this is Chromium after all
    await page.goto(city.url);
    await drawn(page);
    await writeReport(page, { photos: [] });
    await send(page);
    await page.getByText('Tambah ke Layar Utama').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Pasang di layar utama' }).count(), 0);
  } finally {
    await phone.remove();
    await city.remove();
  }
});
