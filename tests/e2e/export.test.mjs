// Reports carried from one phone to another in a file: whoever gets a signal first sends them, once. And
// files that are damaged, cut off or hostile change nothing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { City, Network, PHOTOS, Phone, STORY, send, sha256, status, storedPhotos, waitForServiceWorker, writeReport } from './world.mjs';

let city;
let folder;
let phones;

before(async () => {
  city = new City();
  await city.start();
  folder = mkdtempSync(path.join(tmpdir(), 'titik-files-'));
});
after(async () => {
  await city.remove();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => { phones = []; });
afterEach(async () => {
  for (const phone of phones) await phone.remove();
  for (const phone of phones) assert.deepEqual(phone.problems, [], 'errors in the page');
});

const newPhone = async (url = city.url) => {
  const phone = new Phone();
  phones.push(phone);
  return phone.open(url);
};
// From Periksa to Beranda; the draft stays.
const leave = async (page) => {
  await page.getByRole('button', { name: 'Kembali' }).click();
  await page.getByRole('button', { name: 'Tutup' }).click();
};
const toStorage = async (page) => {
  await page.getByRole('navigation').getByRole('button', { name: 'Lainnya' }).click();
  await page.getByRole('button', { name: /^(Penyimpanan aman|Data bisa terhapus sendiri|Ruang hampir habis)/ }).click();
  await page.getByRole('heading', { name: 'Penyimpanan' }).waitFor();
};
const pack = async (page, name) => {
  await toStorage(page);
  await page.getByRole('button', { name: 'Siapkan berkas' }).click();
  const button = page.getByRole('button', { name: 'Simpan berkas' });
  await button.waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  assert.match(download.suggestedFilename(), /^titik-lapor-\d{4}-\d\d-\d\d\.zip$/);
  const file = path.join(folder, name);
  await download.saveAs(file);
  return file;
};
const choose = (page, file) => page.getByLabel('Buka berkas laporan').setInputFiles(file);
const row = (page, words) => page.getByRole('button', { name: words });
const toReports = async (page) => {
  await page.getByRole('button', { name: 'Kembali' }).click();
  await page.getByRole('navigation').getByRole('button', { name: 'Laporan saya' }).click();
};

test('a report without a network is carried to another phone, sent by it, and once', { timeout: 180_000 }, async () => {
  const network = new Network(city);
  await network.start();
  const first = await newPhone(network.url);
  await waitForServiceWorker(first);
  // A draft with a photo, and one that waits for a network with two.
  await writeReport(first, { photos: [PHOTOS.gps], story: { ...STORY, title: 'Masih draf' } });
  await leave(first);
  network.cut();
  await writeReport(first, { photos: [PHOTOS.plain, PHOTOS.rotated], story: { ...STORY, title: 'Jembatan "retak"' } });
  await send(first);
  await first.getByRole('heading', { name: 'Menunggu jaringan' }).waitFor();
  // The app may have been closed in between: what makes the file is there without a network.
  await first.goto(network.url);
  await row(first, /^Jembatan "retak"/).waitFor();
  const file = await pack(first, 'bawa.zip');

  // Any program can read it.
  assert.match(execFileSync('python3', ['-m', 'zipfile', '-t', file], { encoding: 'utf8' }), /Done testing/);
  const unpacked = path.join(folder, 'isi');
  execFileSync('python3', ['-m', 'zipfile', '-e', file, unpacked]);
  const json = JSON.parse(readFileSync(path.join(unpacked, 'laporan.json'), 'utf8'));
  assert.equal(json.format, 'titik-lapor');
  assert.equal(json.version, 1);
  assert.deepEqual(json.reports.map(({ draft, queued }) => [draft.title, queued, draft.photos.length]).sort(),
    [['Jembatan "retak"', true, 2], ['Masih draf', false, 1]]);
  for (const { name, sha256: hash, bytes } of json.files) {
    const photo = readFileSync(path.join(unpacked, name));
    assert.equal(photo.length, bytes);
    assert.equal(sha256(photo), hash);
  }
  const readMe = readFileSync(path.join(unpacked, 'BACA.txt'), 'utf8');
  for (const words of ['Jembatan "retak"', 'menunggu jaringan', STORY.landmark, STORY.content]) assert.ok(readMe.includes(words), words);
  assert.ok(json.files.some(({ name }) => /^laporan-\d-jembatan-retak\/foto-1\.jpg$/.test(name)), json.files.map(({ name }) => name).join());

  // The second phone has a network.
  const second = await newPhone();
  await toStorage(second);
  await choose(second, file);
  await status(second, 'Laporan baru 2, diperbarui 0, sudah ada 0').waitFor();
  await choose(second, file);
  await status(second, 'Laporan baru 0, diperbarui 0, sudah ada 2').waitFor();
  await toReports(second);
  await row(second, /^Masih draf.*Draf/).waitFor();
  await row(second, /^Jembatan.*(Terkirim|Belum diperiksa)/).click();
  await second.getByText(/^Nomor lacak \d+$/).first().waitFor();
  const number = /\d+/.exec(await second.getByText(/^Nomor lacak \d+$/).first().textContent())[0];
  assert.deepEqual(new Set((await storedPhotos(second)).map(({ key }) => key)), new Set((await storedPhotos(first)).map(({ key }) => key)));
  for (const { key, sha256: hash } of await storedPhotos(second)) assert.equal(hash, key);

  // Now the first one gets a network too.
  network.mend();
  await first.goto(network.url);
  await row(first, /^Jembatan.*(Terkirim|Belum diperiksa)/).click();
  await first.getByText(`Nomor lacak ${number}`).first().waitFor();
  assert.deepEqual(await city.trackingIds(), [number]);
  await network.stop();
});

// --- Archives of all kinds ----------------------------------------------------------------------------

// A ZIP of [name, bytes, wrong CRC], stored.
const zip = (files) => {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const [name, content, wrong] of files) {
    const bytes = Buffer.from(content);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(wrong ? 1 : crc32(bytes), 10);
    facts.writeUInt32LE(bytes.length, 14);
    facts.writeUInt32LE(bytes.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(at, 10);
    parts.push(Buffer.from('PK\x03\x04'), facts, Buffer.from(name), bytes);
    directory.push(Buffer.from('PK\x01\x02\x14\0'), facts, entry, Buffer.from(name));
    at += 30 + name.length + bytes.length;
  }
  const whole = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(whole.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, whole, end]);
};
// The stored blobs, and the sum of every page.
const fingerprint = (page) => page.evaluate(async () => {
  const database = await new Promise((resolve) => { indexedDB.open('titik').onsuccess = ({ target }) => resolve(target.result); });
  const all = (name, what) => new Promise((resolve) => { database.transaction(name).objectStore(name)[what]().onsuccess = ({ target }) => resolve(target.result); });
  const out = JSON.stringify([await all('blobs', 'getAllKeys'), await all('meta', 'getAllKeys'), (await all('pages', 'getAll')).map(({ sum }) => sum)]);
  database.close();
  return out;
});

test('damaged, cut-off and hostile files are refused in plain words and change nothing', { timeout: 240_000 }, async () => {
  const source = await newPhone();
  await writeReport(source, { photos: [PHOTOS.plain] });
  await leave(source);
  const good = readFileSync(await pack(source, 'asli.zip'));
  const unpacked = path.join(folder, 'asli');
  execFileSync('python3', ['-m', 'zipfile', '-e', path.join(folder, 'asli.zip'), unpacked]);
  const json = JSON.parse(readFileSync(path.join(unpacked, 'laporan.json'), 'utf8'));
  const photos = json.files.map(({ name }) => [name, readFileSync(path.join(unpacked, name))]);
  const archive = (change, files = photos) => {
    const copy = structuredClone(json);
    change(copy);
    return zip([['laporan.json', JSON.stringify(copy)], ...files]);
  };
  const flipped = Buffer.from(good);
  flipped[Math.floor(good.length / 2)] ^= 1;  // in the middle of the photo
  const notAPhoto = Buffer.from('MZ this is a program');
  const brokenPhoto = Buffer.concat([photos[0][1].subarray(0, 200), Buffer.alloc(5000, 7)]);
  const replaced = (bytes) => archive((copy) => {
    copy.files[0].sha256 = sha256(bytes);
    copy.files[0].bytes = bytes.length;
    copy.reports[0].draft.photos[0].sha256 = sha256(bytes);
    copy.reports[0].draft.photos[0].bytes = bytes.length;
  }, [[photos[0][0], bytes], ...photos.slice(1)]);

  writeFileSync(path.join(folder, 'deflate.zip'), '');
  execFileSync('python3', ['-c', `import zipfile,sys
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z: z.write(sys.argv[2], 'laporan.json')`, path.join(folder, 'deflate.zip'), path.join(unpacked, 'laporan.json')]);

  const BROKEN = /rusak, terpotong, atau bukan dari Titik Lapor. Tidak ada yang diubah/;
  const cases = {
    'empty': [Buffer.alloc(0), BROKEN],
    'a photograph': [readFileSync(PHOTOS.gps), BROKEN],
    'cut off': [good.subarray(0, good.length - 400), BROKEN],
    'its beginning gone': [good.subarray(10), BROKEN],
    'one bit of the photo': [flipped, BROKEN],
    'a wrong CRC': [zip([['laporan.json', JSON.stringify(json), true], ...photos]), BROKEN],
    'a name that leads elsewhere': [zip([['laporan.json', JSON.stringify(json)], ...photos, ['../../etc/passwd', 'x']]), BROKEN],
    'thousands of entries': [zip(Array.from({ length: 5000 }, (_, index) => [`a${index}`, ''])), BROKEN],
    'no laporan.json': [zip(photos), BROKEN],
    'JSON without end': [zip([['laporan.json', '['.repeat(2_000_000)]]), BROKEN],
    'JSON too deep': [zip([['laporan.json', JSON.stringify(json).replace('"landmark":', `"deep":${'['.repeat(5000)}${']'.repeat(5000)},"landmark":`)], ...photos]), BROKEN],
    'another format': [archive((copy) => { copy.format = 'x'; }), BROKEN],
    'an id that is none': [archive((copy) => { copy.reports[0].draft.id = '1; DROP TABLE report'; }), BROKEN],
    'a photo that is not there': [archive((copy) => { copy.files.splice(0, 1); }, photos.slice(1)), BROKEN],
    'a program for a photo': [replaced(notAPhoto), BROKEN],
    'a photo that does not decode': [replaced(brokenPhoto), BROKEN],
    'too many reports': [archive((copy) => { copy.reports = Array.from({ length: 501 }, () => copy.reports[0]); }), BROKEN],
    'compressed': [readFileSync(path.join(folder, 'deflate.zip')), /dipadatkan ulang/],
    'a newer version': [archive((copy) => { copy.version = 2; }), /versi yang lebih baru/],
  };
  const page = await newPhone();
  await toStorage(page);
  const before = await fingerprint(page);
  for (const [name, [bytes, words]] of Object.entries(cases)) {
    const file = path.join(folder, 'jahat.zip');
    writeFileSync(file, bytes);
    await choose(page, file);
    const alert = page.getByRole('alert').filter({ hasText: words });
    await alert.waitFor().catch(() => assert.fail(`${name}: not refused with ${words}`));
    // What came with a file that the engine refuses is cleared away behind it.
    for (let end = Date.now() + 10_000; await fingerprint(page) !== before && Date.now() < end;) await page.waitForTimeout(100);
    assert.equal(await fingerprint(page), before, name);
    // Away and back: the next alert is a new one.
    await page.getByRole('button', { name: 'Kembali' }).click();
    await page.getByRole('button', { name: /^Data bisa|^Penyimpanan aman/ }).click();
  }
  // And the good one is taken all the same.
  await choose(page, path.join(folder, 'asli.zip'));
  await status(page, 'Laporan baru 1').waitFor();
  assert.equal((await storedPhotos(page)).length, 2);
});
