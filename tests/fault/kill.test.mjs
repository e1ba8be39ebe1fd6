// The battery pulled at random moments of the whole story. A browser with a profile folder of its own
// lives one life after the other; each is ended by SIGKILL to all its processes while somebody types,
// adds photos, covers faces, sends, or takes a new version of the app. What is then on the disk is read by another
// program (docs/storage-format.md, sqlite3) and compared with what the phone had acknowledged.
//
//   TITIK_KILLS=200 node --test tests/fault/kill.test.mjs       lives; 8 when not told
//   TITIK_SEED=7                                                another history
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { CLIENT, City, MORE_PHOTOS, Network, Phone, choosePhotos, drawn, nextVersion, saved, sha256, waitForServiceWorker } from '../e2e/world.mjs';
import { readPhone } from './disk.mjs';

const LIVES = Number(process.env.TITIK_KILLS ?? 8);
const SEED = Number(process.env.TITIK_SEED ?? 1);
const LONGEST_LIFE = 12_000;     // ms
// Half of the lives go for one of these and end within AIMED ms of its begin: they are short, and a moment
// out of a whole life seldom falls into them.
const AIMS = ['photo', 'blurring', 'covering', 'new version: loading', 'new version: taking'];
const AIMED = 1_000;
// ms: of what was typed before that, all is there. The promise is 1,000 on a phone that has nothing else
// to do; what was found is printed. A machine that runs other tests meanwhile gets twice as much.
const MOST_TYPING_LOST = 2_000;

// mulberry32: small, and the same everywhere.
const createDice = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const dice = createDice(SEED);
const chance = (share) => dice() < share;
const pick = (list) => list[Math.floor(dice() * list.length)];

const FIELDS = ['landmark', 'title', 'content'];
const words = (snapshot) => JSON.stringify(FIELDS.map((field) => snapshot[field].trim()));  // as a report is when it is sent
const EMPTY = { landmark: '', title: '', content: '', done: 0 };

// What one person did to a report, and what the phone had said of it.
const newRecord = (id) => ({
  id,
  snapshots: [EMPTY],  // the words after every key that was pressed
  acknowledged: -1,    // index of the newest of them that was told to be saved
  photos: new Map(),   // that were told to be saved: SHA-256 of picture → of thumbnail
  chosen: new Set(),   // files, so that none is chosen twice
  covering: false,     // one of the photos may be its covered self by now
  queued: false, received: false,
  killedAt: null,      // when the first life after the newest key ended
});

const figures = { lives: 0, keys: 0, saves: 0, photos: 0, covered: 0, queued: 0, received: 0, versions: 0, phases: {}, lost: [], startsWithout: [] };

class Lives {
  constructor(city, network, phone, clients) {
    Object.assign(this, { city, network, phone, clients, records: new Map(), now: '', aim: '' });
  }

  get phase() { return this.now; }
  set phase(name) {
    this.now = name;
    if (name === this.aim) this.strikeIn(dice() * AIMED);
  }

  // One life, ended `span` ms after the app is there, or while it starts, or where it aims at.
  async live(span, endsEarly) {
    let killed = false;
    let end = () => {};
    const ended = new Promise((resolve) => {
      end = () => {
        killed = true;
        this.aim = '';
        for (const record of this.records.values()) record.killedAt ??= Date.now();
        figures.phases[this.phase] = (figures.phases[this.phase] ?? 0) + 1;
        this.phone.kill().then(resolve);
      };
    });
    let timer = null;
    this.strikeIn = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(end, ms);
    };
    this.aim = !endsEarly && chance(0.5) ? pick(AIMS) : '';
    try {
      this.page = await this.phone.blank();
      if (endsEarly) this.strikeIn(span / 4);
      await this.openAndCheck();
      if (!endsEarly) this.strikeIn(this.aim ? LONGEST_LIFE : span);
      for (;;) await this.wander();
    } catch (error) {
      if (!killed) {
        clearTimeout(timer);
        throw Object.assign(error, { message: `${error.message}\nwhile: ${this.phase}; network ${this.network.up ? 'up' : 'cut'}` });
      }
    }
    await ended;
  }

  // What the life before left is read before the app begins; then the app itself must begin.
  async openAndCheck() {
    this.before = this.phase;
    this.phase = 'start';
    await this.page.goto(this.network.url).catch(async (error) => {
      if (this.network.up || !/ERR_FAILED/.test(error.message)) throw error;
      figures.startsWithout.push(`after ${this.before}`);
      this.network.mend();
      await this.page.waitForLoadState();  // of the browser's own page of the error
      await this.page.goto(this.network.url);
      figures.startsWithout.push(await this.page.evaluate(async () => JSON.stringify(Object.fromEntries(await Promise.all(
        (await caches.keys()).map(async (name) => [name, (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)]))))));
    });
    const disk = await readPhone(this.page, 'dumped');
    this.check(disk);
    await drawn(this.page);
    return disk;
  }

  // --- What a person does ---------------------------------------------------------------------------

  async wander() {
    if (this.likely(0.15, 'new version: loading', 'new version: taking')) await this.update();
    await this.report();
  }

  likely(share, ...aims) { return aims.includes(this.aim) || chance(share); }

  async update() {
    this.phase = 'new version: loading';
    const running = await this.page.evaluate(() => document.querySelector('script[src*="/main."]').getAttribute('src'));
    this.city.client = this.clients.find((client) => !existsSync(path.join(client, running)));
    await this.city.stop();
    await this.city.start();
    this.network.mend();
    await this.page.evaluate(async () => { await (await navigator.serviceWorker.getRegistration()).update(); });
    const button = this.page.getByRole('button', { name: 'Versi baru siap' });
    await button.waitFor();
    this.phase = 'new version: taking';
    await Promise.all([this.page.waitForEvent('load'), button.click()]);
    await drawn(this.page);
    figures.versions += 1;
  }

  async report() {
    const { page } = this;
    if (chance(0.3)) this.network.cut();
    else this.network.mend();
    this.phase = 'opening';
    const drafts = [...this.records.values()].filter((one) => !one.queued && one.acknowledged >= 0);
    if (drafts.length > 0 && chance(0.5)) {
      await page.evaluate((hash) => { location.hash = hash; }, `#/draf/${pick(drafts).id}/foto`);
    } else {
      await page.getByRole('button', { name: 'Buat laporan' }).click();
    }
    await page.getByRole('heading', { name: 'Foto', exact: true }).waitFor();
    const [, id] = await page.waitForFunction(() => /^#\/draf\/([^/]+)\/foto$/.exec(location.hash)).then((match) => match.jsonValue());
    if (!this.records.has(id)) this.records.set(id, newRecord(id));
    const record = this.records.get(id);

    if (record.photos.size < 3 && this.likely(0.5, 'photo', 'blurring', 'covering')) {
      this.phase = 'photo';
      const file = pick(MORE_PHOTOS.filter((one) => !record.chosen.has(one)));
      record.chosen.add(file);
      await choosePhotos(page, [file]);
      await this.acknowledge(record);
      figures.photos += 1;
    }
    if (record.photos.size > 0 && this.likely(0.4, 'blurring', 'covering')) await this.cover(record);
    await this.next('Lokasi');
    if (this.wants(record, 'landmark')) await this.type(record, 'landmark', 'Patokan', pick(['Depan warung', 'Dekat masjid', 'Simpang tiga']));
    await this.next('Cerita');
    this.phase = 'choosing';
    await page.getByRole('radio', { name: pick(['Jalan', 'Sampah']), exact: true }).check();
    if (this.wants(record, 'title')) await this.type(record, 'title', 'Judul', pick(['Lubang besar', 'Lampu mati', 'Sampah menumpuk']));
    if (this.wants(record, 'content')) await this.type(record, 'content', 'Isi laporan', pick(['Sudah sepekan begini, tolong ditangani.', 'Dua orang jatuh pekan ini.']));
    await this.acknowledge(record);
    if (chance(0.4)) {
      this.phase = 'leaving';
      await page.evaluate(() => { location.hash = '#/'; });
      await page.getByRole('button', { name: 'Buat laporan' }).waitFor();
      return;
    }
    await this.next('Periksa');
    this.phase = 'queueing';
    await page.getByRole('button', { name: 'Kirim laporan' }).click();
    const told = page.getByRole('status').filter({ hasText: /Menunggu jaringan|Mengirim|Terkirim/ }).first();
    await told.waitFor();
    record.queued = true;
    figures.queued += 1;
    this.phase = 'sending';
    if (this.network.up) {
      await page.getByRole('status').filter({ hasText: 'Terkirim' }).first().waitFor();
      record.received = true;
      figures.received += 1;
    }
    await page.evaluate(() => { location.hash = '#/'; });
    await page.getByRole('button', { name: 'Buat laporan' }).waitFor();
  }

  // A finger over the photo that is shown, whichever it is.
  async cover(record) {
    const { page } = this;
    this.phase = 'blurring';
    await page.getByRole('button', { name: 'Tutupi wajah dan pelat' }).click();
    await page.getByRole('heading', { name: 'Tutupi wajah dan pelat', level: 1 }).waitFor();
    const box = await page.getByRole('application').boundingBox();
    await page.mouse.move(box.x + box.width * (0.1 + 0.3 * dice()), box.y + box.height * (0.1 + 0.8 * dice()));
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * (0.6 + 0.3 * dice()), box.y + box.height * (0.1 + 0.8 * dice()), { steps: 8 });
    await page.mouse.up();
    if (chance(0.3)) await page.getByRole('checkbox', { name: 'Simpan juga foto asli di ponsel ini' }).check();
    const done = page.getByRole('button', { name: 'Tutupi', exact: true, disabled: false });
    await done.waitFor();
    this.phase = 'covering';
    record.covering = true;
    await done.click();
    await page.getByRole('heading', { name: 'Foto', exact: true }).waitFor();
    await this.acknowledge(record);
    record.covering = false;
    figures.covered += 1;
  }

  // What is already there is sometimes added to.
  wants(record, field) { return record.snapshots.at(-1)[field] === '' || chance(0.2); }

  async next(heading) {
    this.phase = 'next step';
    await this.page.getByRole('button', { name: 'Lanjut' }).click();
    await this.page.getByRole('heading', { name: heading }).waitFor();
  }

  // Key by key, at the end of what is there.
  async type(record, field, name, text) {
    this.phase = 'typing';
    const box = this.page.getByRole('textbox', { name });
    await box.click();
    await this.page.keyboard.press('Control+End');
    for (const key of text) {
      const last = record.snapshots.at(-1);
      const next = { ...last, [field]: last[field] + key, done: 0 };
      record.snapshots.push(next);
      await this.page.keyboard.type(key);
      next.done = Date.now();
      figures.keys += 1;
    }
  }

  // What is on the screen now was told to be saved.
  async acknowledge(record) {
    const newest = record.snapshots.length - 1;
    await saved(this.page);
    record.acknowledged = newest;
    figures.saves += 1;
    const shown = await this.page.getByRole('button', { name: /^Hapus foto \d$/ }).count();
    const stored = (await readPhone(this.page)).photos.filter((photo) => photo.report_id === record.id);
    assert.ok(stored.length >= shown, `${shown} photos are told to be saved, ${stored.length} are`);
    this.checkPhotos(record, stored);
  }

  // --- What the disk says ---------------------------------------------------------------------------

  check(disk) {
    assert.deepEqual(disk.integrity, ['ok']);
    assert.deepEqual(disk.orphans, [], 'rows that refer to nothing');
    const blobs = new Map(disk.blobs.map((blob) => [blob.key, blob]));
    for (const blob of disk.blobs) assert.equal(blob.sha256, blob.key, 'a photo differs from its hash');
    for (const photo of disk.photos) {
      assert.equal(blobs.get(photo.sha256)?.bytes, photo.bytes, 'a row whose photo is not there');
      assert.equal(blobs.get(photo.thumbnail_sha256)?.bytes, photo.thumbnail_bytes);
      if (photo.original_sha256) assert.equal(blobs.get(photo.original_sha256)?.bytes, photo.original_bytes);
    }
    const rows = new Map(disk.reports.map((row) => [row.id, row]));
    for (const record of this.records.values()) this.checkReport(record, rows.get(record.id), disk.photos);
  }

  checkReport(record, row, photos) {
    const { snapshots } = record;
    if (!row) {
      assert.equal(record.acknowledged, -1, 'a report that was told to be saved is gone');
      this.countLost(record, snapshots.slice(1));
      this.records.delete(record.id);
      return;
    }
    let stored = snapshots.length - 1;
    while (stored >= 0 && words(snapshots[stored]) !== words(row)) stored -= 1;
    assert.ok(stored >= 0, `half written: ${words(row)} was never on the screen; last ${words(snapshots.at(-1))}`);
    assert.ok(stored >= record.acknowledged, 'words that were told to be saved are gone');
    this.countLost(record, snapshots.slice(stored + 1));
    record.killedAt = null;
    this.checkPhotos(record, photos.filter((photo) => photo.report_id === record.id));
    record.covering = false;
    if (record.queued) assert.match(row.state, /^(antre|mengirim|diterima)$/);
    if (record.received) assert.equal(row.state, 'diterima');
    assert.notEqual(row.state, 'perlu_perhatian');
    record.queued ||= row.state !== 'draf';
    record.snapshots = [{ ...EMPTY, ...Object.fromEntries(FIELDS.map((field) => [field, row[field]])) }];
    record.acknowledged = 0;
  }

  // `stored`: its rows, whose blobs are there. What is stored once stays.
  checkPhotos(record, stored) {
    const found = new Map(stored.map((photo) => [photo.sha256, photo.thumbnail_sha256]));
    const gone = [...record.photos].filter(([picture, thumbnail]) => found.get(picture) !== thumbnail);
    assert.ok(gone.length <= (record.covering ? 1 : 0), 'a photo that was told to be saved has no row');
    assert.ok(found.size >= record.photos.size, 'a photo was lost while it was covered');
    record.photos = found;
  }

  countLost({ killedAt }, snapshots) {
    const oldest = snapshots.find(({ done }) => done && done <= killedAt);
    if (!oldest) return;
    const age = killedAt - oldest.done;
    figures.lost.push(age);
    assert.ok(age <= MOST_TYPING_LOST, `typed ${age} ms before the end, and lost`);
  }
}

const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

test(`nothing that was acknowledged is lost by ${LIVES} kills`, async (t) => {
  const base = mkdtempSync(path.join(tmpdir(), 'titik-first-'));
  cpSync(CLIENT, base, { recursive: true });
  const clients = [base, nextVersion()];
  const city = new City();
  const phone = new Phone();
  [city.client] = clients;
  await city.start();
  const network = new Network(city);
  await network.start();
  const lives = new Lives(city, network, phone, clients);
  try {
    await waitForServiceWorker(await phone.open(network.url));
    await phone.kill();
    phone.beforeOpen = (context) => context.addInitScript({ path: path.join(import.meta.dirname, 'dump.js') });
    for (let life = 0; life < LIVES; ++life) {
      await lives.live(dice() * LONGEST_LIFE, chance(0.15));
      figures.lives += 1;
    }

    // In the end all that was sent is there, once, with its photos.
    network.mend();
    lives.page = await phone.blank();
    let disk = await lives.openAndCheck();
    for (let i = 0; i < 240; ++i) {
      disk = await readPhone(lives.page);
      if (!disk.outbox.length) break;  // words and photos
      await lives.page.waitForTimeout(500);
    }
    const sent = disk.reports.filter(({ state }) => state !== 'draf');
    for (const { state } of sent) assert.equal(state, 'diterima');
    const database = path.join(city.data, 'titik.db');
    const rows = (sql) => JSON.parse(execFileSync('sqlite3', ['-json', '-readonly', database, sql]).toString() || '[]');
    const atCity = rows('SELECT report_id FROM report').map((row) => row.report_id).sort();
    assert.deepEqual(atCity, sent.map(({ id }) => id).sort(), 'each report once');
    const files = rows('SELECT report_id, sha256 FROM file JOIN report USING(tracking_id) ORDER BY 1, 2').map((row) => `${row.report_id} ${row.sha256}`);
    assert.deepEqual(files, disk.photos.filter(({ report_id }) => atCity.includes(report_id)).map((photo) => `${photo.report_id} ${photo.sha256}`).sort());
    for (const line of files) {
      const hash = line.split(' ')[1];
      assert.equal(sha256(city.file(hash)), hash);
    }
    const lost = figures.lost;
    t.diagnostic(`${figures.lives} kills: ${figures.keys} keys, ${figures.saves} saves, ${figures.photos} photos, ${figures.covered} covered, ${figures.queued} queued, `
      + `${figures.received} seen to arrive, ${figures.versions} new versions taken; ${atCity.length} reports and ${files.length} photos at the city`);
    t.diagnostic(`moments: ${JSON.stringify(figures.phases)}`);
    t.diagnostic(`typing lost: ${lost.length} times, median ${middle(lost)} ms, most ${Math.max(0, ...lost)} ms`);
    assert.deepEqual(figures.startsWithout, [], 'starts that needed the network');
  } finally {
    await phone.remove();
    await network.stop();
    await city.remove();
    for (const folder of clients) rmSync(folder, { recursive: true, force: true });
  }
});
