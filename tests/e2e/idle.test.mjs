// Nothing is drawn while nothing changes, on any screen, and nothing at all while the page is hidden.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { City, PHOTOS, Phone, STORY, choosePhotos, saved, send, trackingId } from './world.mjs';

const frames = (page) => page.evaluate(() => window.titik.metrics().frames);

test('no frame in five seconds on any screen, and none while hidden', async () => {
  const city = new City();
  await city.start();
  const phone = new Phone();
  const drawn = {};
  try {
    const page = await phone.open(city.url);
    const rests = async (name) => {
      await page.waitForTimeout(2500);  // pictures are decoded, what was asked is answered
      const before = await frames(page);
      await page.waitForTimeout(5000);
      drawn[name] = await frames(page) - before;
    };
    const next = () => page.getByRole('button', { name: 'Lanjut' }).click();
    for (const tab of ['Laporan saya', 'Sekitar', 'Lainnya', 'Beranda']) {
      await page.getByRole('button', { name: tab, exact: true }).click();
      await rests(tab);
    }
    await page.getByRole('button', { name: 'Buat laporan' }).click();
    await choosePhotos(page, [PHOTOS.plain, PHOTOS.rotated]);
    await rests('Foto');
    await next();
    await page.getByRole('textbox', { name: 'Patokan' }).fill(STORY.landmark);
    await saved(page);
    await rests('Lokasi');
    await next();
    await page.getByRole('radio', { name: STORY.category, exact: true }).check();
    await page.getByRole('textbox', { name: 'Judul' }).fill(STORY.title);
    await page.getByRole('textbox', { name: 'Isi laporan' }).fill(STORY.content);
    await saved(page);
    await rests('Cerita, with a caret that blinks');
    await next();
    await rests('Periksa');
    await page.getByRole('button', { name: 'Hapus draf' }).click();
    await page.getByRole('dialog').waitFor();
    await rests('a dialog');
    await page.getByRole('button', { name: 'Batal' }).click();

    // Hidden: neither what happens to it nor time draws anything; shown again it does.
    const hide = (hidden) => page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
    await hide(true);
    const before = await frames(page);
    await page.evaluate(async () => {
      for (let i = 0; i < 20; ++i) {
        window.dispatchEvent(new Event('resize'));
        document.getElementById('mirror').dispatchEvent(new WheelEvent('wheel', { deltaY: 40, clientX: 100, clientY: 300, bubbles: true, cancelable: true }));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    drawn['while hidden'] = await frames(page) - before;
    await hide(false);
    await page.waitForTimeout(500);
    assert.ok(await frames(page) > before, 'it is drawn again when it is shown');

    await send(page);
    await trackingId(page);
    await rests('Terkirim');
    await page.getByRole('button', { name: 'Lihat laporan' }).click();
    await page.getByRole('button', { name: 'Foto laporan 1' }).waitFor();
    await rests('Rincian');
    await page.getByRole('button', { name: 'Foto laporan 1' }).click();
    await page.getByRole('heading', { name: 'Foto 1 dari 2' }).waitFor();
    await rests('the viewer');
    assert.deepEqual(drawn, Object.fromEntries(Object.keys(drawn).map((name) => [name, 0])));
    assert.deepEqual(phone.problems, []);
  } finally {
    await phone.remove();
    await city.remove();
  }
});
