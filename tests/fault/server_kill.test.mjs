// The server is killed again and again while many phones send: no report that was acknowledged is lost, none is
// doubled, and every photo is there by its hash.
//
// TITIK_SERVER_KILLS: how often (20; the full run has 100).
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { City, sha256 } from '../e2e/world.mjs';

const KILLS = Number(process.env.TITIK_SERVER_KILLS ?? 20);
const PHONES = 12;

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// What begins as a JPEG and ends as one, of no picture: the server keeps bytes by their hash.
const photo = () => Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), randomBytes(40_000), Buffer.from('ffd9', 'hex')]);

class Sender {
  constructor(city) {
    this.city = city;
    this.acknowledged = [];  // {key, id, hash}
    this.failures = 0;
  }

  async call(path, options = {}) {
    const answer = await fetch(new URL(path, this.city.url), { ...options, signal: AbortSignal.timeout(5000),
      headers: { token: this.city.channelToken, ...(this.token && { Authorization: `Bearer ${this.token}` }), ...options.headers } });
    const text = await answer.text();
    if (!answer.ok) throw Object.assign(new Error(`${answer.status} ${text}`), { status: answer.status });
    return JSON.parse(text);
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

  async report() {
    this.token ??= (await this.insist(() => this.call('titik/1/devices', { method: 'POST' }))).token;
    const key = randomUUID();
    const bytes = photo();
    const upload = await this.insist(() => {
      const body = new FormData();
      body.append('attachments[]', new Blob([bytes], { type: 'image/jpeg' }), 'foto-1.jpg');
      return this.call('lapor/3.0.0/complaints/complaint/file', { method: 'POST', body });
    });
    const create = () => this.call('lapor/3.0.0/complaints/complaint', { method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
      body: JSON.stringify({ title: `Lubang ${key}`, content: 'Di jalan', classification_id: 3, category_id: this.city.profile.categories[0].lapor_category_id,
        latitude: -1.61, longitude: 103.61, attachments: `[${upload.results.images[0].id}]` }) });
    const { complaint_id: id } = await this.insist(create);
    this.acknowledged.push({ key, id: String(id), hash: sha256(bytes) });
    // Told once more, it is the same one.
    if (Math.random() < 0.3) assert.equal(String((await this.insist(create)).complaint_id), String(id));
  }
}

test(`killed ${KILLS} times under load, the server loses and doubles nothing`, async (t) => {
  const city = new City();
  await city.start();
  try {
    const senders = Array.from({ length: PHONES }, () => new Sender(city));
    let over = false;
    const work = senders.map(async (sender) => { while (!over) await sender.report(); });
    const failed = Promise.all(work);
    failed.catch(() => { over = true; });
    const began = Date.now();
    for (let kill = 0; kill < KILLS && !over; ++kill) {
      await pause(100 + Math.random() * 900);
      await city.stop('SIGKILL');
      await city.start();
    }
    over = true;
    await failed;
    const seconds = (Date.now() - began) / 1000;

    const acknowledged = senders.flatMap((sender) => sender.acknowledged.map((one) => ({ ...one, sender })));
    const ids = await city.trackingIds();
    assert.equal(new Set(acknowledged.map(({ id }) => id)).size, acknowledged.length, 'two reports got one number');
    assert.deepEqual(ids.toSorted(), acknowledged.map(({ id }) => id).toSorted());
    for (const { key, id, hash, sender } of acknowledged) {
      const own = await sender.call(`titik/1/reports/${key}`);
      assert.equal(own.titik.tracking_id, id);
      assert.deepEqual(own.titik.photo_sha256, [hash]);
      assert.equal(sha256(city.file(hash)), hash);
    }
    const failures = senders.reduce((sum, sender) => sum + sender.failures, 0);
    assert.ok(failures >= KILLS, `only ${failures} requests met a dead server`);
    t.diagnostic(`${acknowledged.length} reports with a photo acknowledged to ${PHONES} phones, ${KILLS} kills in ${seconds.toFixed(0)} s, ${failures} requests failed and were made again`);
  } finally {
    await city.remove();
  }
});
