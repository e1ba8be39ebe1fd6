// The server is killed again and again while many phones send, half of them files first, half words first and then the
// photo by tus: no report that was acknowledged is lost, none is doubled, and every photo is there by its hash. Backups
// are made amid it, and restored to an empty folder in the end: each has all that was acknowledged before it began.
// On SQLite, and more briefly on PostgreSQL.
//
// TITIK_SERVER_KILLS: how often on SQLite (20; the full run has 100). TITIK_SERVER_KILLS_POSTGRESQL: there (6; 100).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { noiseJpeg } from '../e2e/made_photos.mjs';
import { City, sha256 } from '../e2e/world.mjs';

const here = fileURLToPath(import.meta.url);
const run = promisify(execFile);
const PHONES = 12;
const BACKUPS = 2;

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

const photo = () => noiseJpeg(40_000);
const base64 = (text) => Buffer.from(text).toString('base64');

class Sender {
  constructor(city) {
    this.city = city;
    this.acknowledged = [];  // {sender, key, id, hash}: words and photo
    this.failures = 0;
  }

  async call(target, options = {}, city = this.city) {
    const answer = await fetch(new URL(target, city.url), { ...options, signal: AbortSignal.timeout(5000),
      headers: { token: city.channelToken, ...(this.token && { Authorization: `Bearer ${this.token}` }), ...options.headers } });
    const text = await answer.text();
    if (!answer.ok) throw Object.assign(new Error(`${answer.status} ${text}`), { status: answer.status });
    return { headers: answer.headers, ...(text && JSON.parse(text)) };
  }

  // As a phone: tries until it is told, always under the same key.
  async insist(work) {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        assert.ok(!error.status || error.status >= 500 || error.status === 429, `refused: ${error.message}`);
        this.failures += 1;
        await pause(30 + Math.random() * 100);
      }
    }
  }

  async register() {
    this.token ??= (await this.insist(() => this.call('titik/1/devices', { method: 'POST' }))).token;
  }

  // Answers the number; sometimes it asks once more, and must be told the same.
  async create(key, more) {
    const create = () => this.call('lapor/3.0.0/complaints/complaint', { method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
      body: JSON.stringify({ title: `Lubang ${key}`, content: 'Di jalan', classification_id: 3, category_id: this.city.profile.categories[0].lapor_category_id,
        latitude: -1.61, longitude: 103.61, ...more }) });
    const id = String((await this.insist(create)).complaint_id);
    if (Math.random() < 0.3) assert.equal(String((await this.insist(create)).complaint_id), id);
    return id;
  }

  async filesFirst() {
    const key = randomUUID();
    const bytes = photo();
    const upload = await this.insist(() => {
      const body = new FormData();
      body.append('attachments[]', new Blob([bytes], { type: 'image/jpeg' }), 'foto-1.jpg');
      return this.call('lapor/3.0.0/complaints/complaint/file', { method: 'POST', body });
    });
    const id = await this.create(key, { attachments: `[${upload.results.images[0].id}]` });
    this.acknowledged.push({ sender: this, key, id, hash: sha256(bytes) });
  }

  // As our client does it. After a lost reply it asks how far the photo has come.
  async wordsFirst() {
    const key = randomUUID();
    const bytes = photo();
    const hash = sha256(bytes);
    const id = await this.create(key, { attachments: '[]', titik: { report_id: key, category: this.city.profile.categories[0].id, created_at: Date.now(),
      photos_follow: true, photos: [{ sha256: hash, bytes: bytes.length, width: 1280, height: 960, origin: 'camera' }] } });
    const tus = { 'Tus-Resumable': '1.0.0' };
    const begin = { ...tus, 'Upload-Length': String(bytes.length), 'Upload-Metadata': `filename ${base64('foto-1.jpg')},sha256 ${base64(hash)},report ${base64(key)}` };
    const begun = await this.insist(() => this.call('titik/1/uploads', { method: 'POST', headers: begin }));
    const where = begun.headers.get('location');
    const offsetOf = ({ headers }) => Number(headers.get('upload-offset'));
    let offset = offsetOf(begun);
    while (offset < bytes.length) {
      const piece = bytes.subarray(offset, offset + 5000 + Math.floor(Math.random() * 20_000));
      let lost = false;
      offset = offsetOf(await this.insist(async () => {
        if (lost) return this.call(where, { method: 'HEAD', headers: tus });
        lost = true;
        return this.call(where, { method: 'PATCH', body: piece, headers: { ...tus, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' } });
      }));
    }
    this.acknowledged.push({ sender: this, key, id, hash });
  }
}

// Each of them as it was acknowledged: by its phone, and as a file.
const compare = async (city, acknowledged) => {
  for (const { sender, key, id, hash } of acknowledged) {
    const { titik } = await sender.call(`titik/1/reports/${key}`, {}, city);
    assert.equal(titik.tracking_id, id);
    assert.deepEqual(titik.photo_sha256, [hash], `the photo of ${id}`);
    assert.deepEqual(titik.pending_sha256, []);
    assert.equal(sha256(city.file(hash) ?? ''), hash, `the photo of ${id}`);
  }
};

// Restored to an empty folder, it has what was acknowledged `before` it began, and nothing that nobody sent.
const restore = async ({ folder, before }, all) => {
  const city = new City();
  try {
    await city.desk('restore', '--from', folder);
    assert.match(await city.desk('check', '--photos', 'semua'), /berkas utuh/);  // what is wrong fails the command
    const known = new Set(all.map(({ id }) => id));
    const ids = await city.trackingIds();
    assert.deepEqual(ids.filter((id) => !known.has(id)), [], 'a report that nobody sent');
    const there = new Set(ids);
    assert.deepEqual(before.map(({ id }) => id).filter((id) => !there.has(id)), [], 'acknowledged before the backup, and not in it');
    await city.start();
    await compare(city, before);
    return ids.length;
  } finally {
    if (city.process) await city.stop();
    rmSync(city.data, { recursive: true, force: true });
  }
};

const killAgainAndAgain = (database, kills) => async (context) => {
  if (database) process.env.TITIK_DATABASE = database;
  const scratch = mkdtempSync(path.join(tmpdir(), 'titik-backup-'));
  const city = new City();
  await city.start();
  try {
    const senders = Array.from({ length: PHONES }, () => new Sender(city));
    const acknowledged = () => senders.flatMap((sender) => sender.acknowledged);
    let over = false;
    const work = senders.map(async (sender, i) => {
      await sender.register();
      while (!over) await (i % 2 === 0 ? sender.filesFirst() : sender.wordsFirst());
    });
    const failed = Promise.all(work);
    failed.catch(() => { over = true; });
    const backups = [];
    const began = Date.now();
    for (let kill = 1; kill <= kills && !over; ++kill) {
      await pause(100 + Math.random() * 900);
      if (backups.length < BACKUPS && kill >= kills * (backups.length + 1) / (BACKUPS + 1)) {
        const backup = { folder: path.join(scratch, String(kill)), before: acknowledged() };
        backup.made = city.desk('backup', '--to', backup.folder);
        backup.made.catch(() => {});
        backups.push(backup);
        await pause(Math.random() * 200);
      }
      await city.stop('SIGKILL');
      await city.start();
    }
    for (const { made } of backups) await made;
    over = true;
    await failed;
    const seconds = (Date.now() - began) / 1000;

    const all = acknowledged();
    const ids = await city.trackingIds();
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length, 'two reports got one number');
    assert.deepEqual(ids.toSorted(), all.map(({ id }) => id).toSorted());
    await compare(city, all);
    const failures = senders.reduce((sum, sender) => sum + sender.failures, 0);
    assert.ok(failures >= kills, `only ${failures} requests met a dead server`);
    await city.stop();
    assert.match(await city.desk('check', '--photos', 'semua'), /berkas utuh/);

    delete process.env.TITIK_DATABASE;  // what runs on PostgreSQL is restored to a folder too
    const restored = [];
    for (const backup of backups) restored.push(`${backup.before.length} before it began, ${await restore(backup, all)} in it`);
    const wordsFirst = senders.filter((_, i) => i % 2 === 1).reduce((sum, sender) => sum + sender.acknowledged.length, 0);
    context.diagnostic(`${database ? 'PostgreSQL' : 'SQLite'}: ${all.length} reports with a photo (${wordsFirst} words first) acknowledged to ${PHONES} phones, ${kills} kills in ${seconds.toFixed(0)} s, ${failures} requests failed and were made again; backups restored: ${restored.join('; ')}`);
  } finally {
    await city.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
};

const onPostgresql = process.env.TITIK_TEST_DATABASE;
const kills = Number((onPostgresql ? process.env.TITIK_SERVER_KILLS_POSTGRESQL : process.env.TITIK_SERVER_KILLS) ?? (onPostgresql ? 6 : 20));
test(`killed ${kills} times under load, the server loses and doubles nothing`, killAgainAndAgain(onPostgresql, kills));
if (!onPostgresql) {
  test('the same on PostgreSQL', async (context) => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout } = await run(path.resolve(path.dirname(here), '../postgresql'), [process.execPath, '--test', here], { env, timeout: 600_000 })
      .catch((error) => { throw new Error(error.stdout + error.stderr); });
    assert.match(stdout, /^# pass 1$/m);
    for (const line of stdout.match(/^# PostgreSQL: .*$/gm) ?? []) context.diagnostic(line.slice(2));
  });
}
