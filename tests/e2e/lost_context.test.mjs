// The graphics driver may take everything on the canvas away at any moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { City, PHOTOS, Phone, choosePhotos, saved } from './world.mjs';

const lose = (page) => page.evaluate(() => {
  const context = document.getElementById('canvas').getContext('webgl');
  window.loseContext = context.getExtension('WEBGL_lose_context');
  window.loseContext.loseContext();
});
const restore = (page) => page.evaluate(() => window.loseContext.restoreContext());
const picture = async (page) => {
  await page.evaluate(() => document.activeElement?.blur());
  await page.waitForTimeout(1500);  // pictures are decoded off the page
  return PNG.sync.read(await page.screenshot());
};
const differs = (one, other) => pixelmatch(one.data, other.data, null, one.width, one.height, { threshold: 0.1 });

test('a lost WebGL context comes back with fonts, icons, photos and what was typed meanwhile', async () => {
  const city = new City();
  await city.start();
  const phone = new Phone();
  try {
    const page = await phone.open(city.url);
    await page.getByRole('button', { name: 'Buat laporan' }).click();
    await choosePhotos(page, [PHOTOS.plain, PHOTOS.rotated]);
    const before = await picture(page);
    await lose(page);
    await page.waitForTimeout(300);
    const gone = await picture(page);
    assert.ok(differs(before, gone) > 20000, 'the context was really lost');
    await restore(page);
    const after = await picture(page);
    assert.ok(differs(before, after) < 50, `${differs(before, after)} pixels are not as before`);

    // While it is lost, the interface goes on: taps lead on, words are kept and saved.
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await lose(page);
    await page.getByRole('textbox', { name: 'Patokan' }).fill('Depan warung');
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await page.getByRole('textbox', { name: 'Judul' }).fill('Ditulis tanpa gambar');
    await saved(page);
    await restore(page);
    await page.getByRole('heading', { name: 'Cerita' }).waitFor();
    const story = await picture(page);
    await lose(page);
    await page.waitForTimeout(300);
    await restore(page);
    assert.ok(differs(story, await picture(page)) < 50);
    await page.reload();
    await page.getByRole('heading', { name: 'Cerita' }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Judul' }).inputValue(), 'Ditulis tanpa gambar');
    assert.deepEqual(phone.problems, []);
  } finally {
    await phone.remove();
    await city.remove();
  }
});
