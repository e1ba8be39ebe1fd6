// docs/storage-format.md is enough to read what the phone keeps and what it exports: reader.py, written by the
// document alone, finds what the citizen wrote and photographed, and refuses what was damaged.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Network, PHOTOS, STORY, choosePhotos, city, cityAndPhones, phone, send, storedPhotos, waitForServiceWorker, writeReport } from './world.mjs';

cityAndPhones();

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const reader = async (...words) => JSON.parse((await promisify(execFile)('python3', ['tests/e2e/reader.py', ...words], { cwd: top, maxBuffer: 1 << 26 })).stdout);

// What the chapter IndexedDB says is there.
const dump = (page) => page.evaluate(async () => {
  const database = await new Promise((resolve) => { indexedDB.open('titik').onsuccess = ({ target }) => resolve(target.result); });
  const all = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const base64 = (buffer) => {
    let text = '';
    const bytes = new Uint8Array(buffer);
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  const stores = database.transaction(['pages', 'meta', 'blobs']);
  const [pages, meta, blobs] = ['pages', 'meta', 'blobs'].map((name) => stores.objectStore(name));
  const [numbers, values, head, records] = await Promise.all([all(pages.getAllKeys()), all(pages.getAll()), all(meta.get('head')), all(blobs.getAll())]);
  database.close();
  return {
    head,
    pages: values.map(({ data, sum }, i) => [numbers[i], sum, base64(data)]),
    blobs: await Promise.all(records.map(async ({ sha256, bytes, blob }) => [sha256, bytes, base64(await blob.arrayBuffer())])),
  };
});

test('another program reads the database and the export by the document alone', { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'titik-format-'));
  const network = new Network(city);
  await network.start();
  try {
    const page = await phone.open(network.url);
    await waitForServiceWorker(page);
    // A draft whose photo is covered and whose original is kept, and a report that waits.
    await page.getByRole('button', { name: 'Buat laporan' }).click();
    await choosePhotos(page, [PHOTOS.gps]);
    await page.getByRole('button', { name: 'Tutupi wajah dan pelat' }).click();
    await page.getByRole('heading', { name: 'Tutupi wajah dan pelat', level: 1 }).waitFor();
    await page.getByRole('application').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: 'Simpan juga foto asli di ponsel ini' }).check();
    await page.getByRole('button', { name: 'Tutupi', exact: true, disabled: false }).click();
    await page.getByRole('heading', { name: 'Foto', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Kembali' }).first().click();
    network.cut();
    await writeReport(page, { photos: [PHOTOS.plain, PHOTOS.rotated] });
    await send(page);
    await page.getByRole('heading', { name: 'Menunggu jaringan' }).waitFor();
    const hashes = Object.fromEntries((await storedPhotos(page)).map(({ key, bytes }) => [key, bytes]));
    assert.equal(Object.keys(hashes).length, 7, 'three photos, their thumbnails, an original');

    const found = await dump(page);
    const write = (name, content) => {
      writeFileSync(path.join(folder, name), JSON.stringify(content));
      return path.join(folder, name);
    };
    const database = await reader('pages', write('dump.json', found), path.join(folder, 'phone.db'));
    const sorted = (all) => Object.fromEntries(Object.entries(all).sort());
    assert.deepEqual(sorted(database.photos), sorted(hashes));
    const [draft, report] = database.reports;
    assert.deepEqual([draft.state, draft.queued, draft.photos.length], ['draf', false, 1]);
    assert.match(draft.photos[0].original_sha256, /^[0-9a-f]{64}$/);
    assert.equal(report.queued, true);
    assert.match(report.state, /^(antre|mengirim)$/);
    assert.deepEqual([report.title, report.content, report.landmark, report.classification, report.photos.length],
      [STORY.title, STORY.content, STORY.landmark, 1, 2]);

    // The same out of the export; the original stays on the phone.
    await page.goto(network.url);
    await page.getByRole('navigation').getByRole('button', { name: 'Lainnya' }).click();
    await page.getByRole('button', { name: /^(Penyimpanan aman|Data bisa terhapus sendiri|Ruang hampir habis)/ }).click();
    await page.getByRole('button', { name: 'Siapkan berkas' }).click();
    const button = page.getByRole('button', { name: 'Simpan berkas' });
    await button.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    const file = path.join(folder, 'export.zip');
    await download.saveAs(file);
    const exported = await reader('export', file);
    delete hashes[draft.photos[0].original_sha256];
    assert.deepEqual(sorted(exported.photos), sorted(hashes));
    const told = ({ id, title, content, landmark, category_id: category, queued, incident_date: date, photos }) =>
      [id, title, content, landmark, category, queued, date, photos.map((photo) => [photo.sha256, photo.thumbnail_sha256, photo.width, photo.origin])];
    assert.deepEqual(exported.reports.map(told), database.reports.map(told));

    // And what is damaged is refused.
    for (const [words, change] of [
      [/page 3: its sum/, ({ pages }) => { pages[2][2] = `AAAA${pages[2][2].slice(4)}`; }],
      [/page 1: its sum/, ({ pages }) => { [pages[0][2], pages[1][2]] = [pages[1][2], pages[0][2]]; }],
      [/and no other/, ({ pages }) => { pages.pop(); }],
      [/the head's sum/, ({ head }) => { head.commit += 1; }],
      [/another SHA-256/, ({ blobs }) => { blobs[0][2] = `AAAA${blobs[0][2].slice(4)}`; }],
    ]) {
      const copy = structuredClone(found);
      change(copy);
      await assert.rejects(reader('pages', write('damaged.json', copy), path.join(folder, 'damaged.db')), words);
    }
    const bytes = readFileSync(file);
    bytes[Math.floor(bytes.length / 2)] ^= 1;
    writeFileSync(file, bytes);
    await assert.rejects(reader('export', file), /CRC-32/);
  } finally {
    await network.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
