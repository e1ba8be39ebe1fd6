// Two tabs, one database: only one writes, the person chooses which, and no draft is lost on the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosePhotos, city, cityAndPhones, phone, PHOTOS, saved, send, storedPhotos, STORY, trackingId, waitForServiceWorker } from './world.mjs';

cityAndPhones();

const elsewhere = (page) => page.getByRole('heading', { name: 'Titik Lapor sudah terbuka di tab lain' });
const useHere = (page) => page.getByRole('button', { name: 'Pakai di sini' });
const draftRow = (page, title) => page.getByRole('button', { name: new RegExp(`^${title}.*Draf`) });

// A tab beside those that are open. Shown, as the tab that a person looks at.
const openTab = async () => {
  const page = await phone.context.newPage();
  page.on('pageerror', (error) => phone.problems.push(String(error)));
  await page.goto(city.url);
  return page;
};

// To the story of a new report, with a photo.
const beginReport = async (page, title) => {
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await choosePhotos(page, [PHOTOS.gps]);
  for (const heading of ['Lokasi', 'Cerita']) {
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await page.getByRole('heading', { name: heading }).waitFor();
  }
  await page.getByRole('textbox', { name: 'Judul' }).fill(title);
};

test('the tab is handed to and fro, and the draft goes with it', async () => {
  const first = await phone.open(city.url);
  await waitForServiceWorker(first);
  await beginReport(first, STORY.title);
  await saved(first);
  const before = await storedPhotos(first);

  // The second tab says so, shows nothing that it may not touch, and still knows 112.
  const second = await openTab();
  await elsewhere(second).waitFor();
  assert.equal(await second.getByRole('button', { name: 'Buat laporan' }).count(), 0);
  assert.equal(await second.getByRole('link', { name: 'Telepon 112' }).getAttribute('href'), 'tel:112');
  assert.equal(await elsewhere(first).count(), 0, 'the first goes on meanwhile');

  // It takes over: the draft is there, the first says so in turn.
  await useHere(second).click();
  await draftRow(second, STORY.title).waitFor();
  await elsewhere(first).waitFor();
  await draftRow(second, STORY.title).click();
  await second.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
  for (const heading of ['Lokasi', 'Cerita']) {
    await second.getByRole('button', { name: 'Lanjut' }).click();
    await second.getByRole('heading', { name: heading }).waitFor();
  }
  await second.getByRole('textbox', { name: 'Isi laporan' }).fill(STORY.content);
  await second.getByRole('button', { name: 'Simpan draf' }).click();
  await saved(second);

  // And back, to the step where it was left: what was written in the second tab is in the first.
  await first.bringToFront();
  await useHere(first).click();
  await first.getByRole('heading', { name: 'Cerita' }).waitFor();
  await elsewhere(second).waitFor();
  assert.equal(await first.getByRole('textbox', { name: 'Judul' }).inputValue(), STORY.title);
  assert.equal(await first.getByRole('textbox', { name: 'Isi laporan' }).inputValue(), STORY.content);
  assert.deepEqual(await storedPhotos(first), before);

  // Asked for once, taken once: no reload takes what the other tab has.
  await second.reload();
  await elsewhere(second).waitFor();
  assert.equal(await elsewhere(first).count(), 0);
  await useHere(second).click();
  await second.getByRole('heading', { name: 'Cerita' }).waitFor();
  await elsewhere(first).waitFor();
  await first.reload();
  await elsewhere(first).waitFor();
  assert.equal(await elsewhere(second).count(), 0);

  // Sent from the second, once.
  await second.getByRole('radio', { name: STORY.category, exact: true }).check();
  await second.getByRole('button', { name: 'Lanjut' }).click();
  await second.getByRole('heading', { name: 'Periksa' }).waitFor();
  await send(second);
  const id = await trackingId(second);
  assert.deepEqual(await city.trackingIds(), [id]);
});

test('with the first tab closed, the second has everything without being asked', async () => {
  const first = await phone.open(city.url);
  await beginReport(first, 'Pohon tumbang');
  await saved(first);
  const second = await openTab();
  await elsewhere(second).waitFor();
  await first.close();
  await second.reload();
  await draftRow(second, 'Pohon tumbang').waitFor();
  assert.equal(await elsewhere(second).count(), 0);
});

test('what the first tab had just typed is there after a tab beside it took over', async () => {
  const first = await phone.open(city.url);
  await beginReport(first, 'Lampu');
  await saved(first);
  const second = await openTab();
  await elsewhere(second).waitFor();
  // Going to the other tab hides this one, here before the next frame; a page that is hidden saves at
  // once. (Playwright shows all tabs at once, so it has to be told.)
  const commit = await first.evaluate(() => window.titik.metrics().durableCommit);
  await first.evaluate(() => {
    const field = document.querySelector('[aria-label="Judul"]');
    field.value = 'Lampu jalan mati';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await first.waitForFunction((last) => window.titik.metrics().durableCommit > last, commit);
  await useHere(second).click();
  await draftRow(second, 'Lampu jalan mati').waitFor();
});
