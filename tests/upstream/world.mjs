// A city with its link to the simulator: real processes, real HTTP, a database of its own.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BEARER, TOKEN } from './simulator.mjs';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const SERVE = process.env.TITIK_SERVE ?? path.join(top, 'build/release/serve/titik-serve');
const PROFILE = path.join(top, 'assets/cities/kota-jambi.json');
const run = promisify(execFile);

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
// A small JPEG without metadata, whole as far as its segments go and otherwise noise: the link looks no deeper into one that
// is upright, and sends it bit for bit.
export const photo = () => Buffer.concat([
  Buffer.from(`ffd8ffe000104a46494600010100000100010000ffdb004300${'01'.repeat(64)}ffc0000b080008000801011100`
    + `ffc40014000100${'00'.repeat(14)}00ffc40014100100${'00'.repeat(14)}00ffda0008010100003f00`, 'hex'),
  randomBytes(20_000).map((byte) => byte & 0x7f), Buffer.from('ffd9', 'hex')]);
export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// Waits until `look` gives something; says what it was waiting for when it does not come.
export const until = async (what, look, ms = 30_000) => {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
    await pause(150);
  }
};

export class There {
  async start(...more) {
    this.process = spawn(process.execPath, [path.join(top, 'tests/upstream/simulator.mjs'), ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise((resolve) => { this.process.stdout.once('data', resolve); });
    Object.assign(this, JSON.parse(line));
    return this;
  }

  async do(action, body = {}) {
    const answer = await fetch(`http://127.0.0.1:${this.control}/${action}`, { method: 'POST', body: JSON.stringify(body) });
    assert.ok(answer.ok, `${action}: ${answer.ok ? '' : await answer.text()}`);
    return answer.json();
  }

  async complaints() { return (await this.do('state')).complaints; }
  async complaint(id) { return (await this.complaints()).find((one) => one.id === String(id)); }

  stop() { this.process.kill(); }
}

export class Here {
  // `settings`: of the link, besides those that every one has. `profile`: changes to the city's.
  constructor(there, settings = {}, profile = {}) {
    this.data = mkdtempSync(path.join(tmpdir(), 'titik-link-'));
    mkdirSync(path.join(this.data, 'client'));
    writeFileSync(path.join(this.data, 'client/index.html'), '<!doctype html><title>uji</title>');
    const city = JSON.parse(readFileSync(PROFILE, 'utf8'));
    city.lapor_ids_are_placeholders = false;
    for (const agency of city.agencies) if (agency.id === 'pupr') agency.lapor_institution_id = '101';
    for (const agency of city.agencies) if (agency.id === 'perhubungan') agency.lapor_institution_id = '102';
    for (const agency of city.agencies) if (agency.id === 'pln') agency.lapor_institution_id = '900';
    this.profile = { ...city, ...profile };
    this.profilePath = path.join(this.data, 'profile.json');
    writeFileSync(this.profilePath, JSON.stringify(this.profile));
    this.upstream = path.join(this.data, 'upstream.json');
    this.configure({ base_url: there.base, bearer: BEARER, token: TOKEN, user_id: '77', institution_id: '100', channel: 13,
      list_path: '/complaints', poll_first_minutes: 0.01, poll_longest_minutes: 0.02, ...settings });
    this.port = 0;
    this.client = path.join(this.data, 'client');
  }

  configure(settings) { writeFileSync(this.upstream, JSON.stringify(settings), { mode: 0o600 }); }

  async start(...more) {
    this.process = spawn(SERVE, ['serve', '--port', String(this.port), '--client', this.client,
      '--profile', this.profilePath, '--upstream', this.upstream, ...this.place, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.log ??= '';
    this.process.stderr.on('data', (text) => { this.log += text; });
    const line = await new Promise((resolve, reject) => {
      this.process.stdout.once('data', resolve);
      this.process.once('exit', (code) => reject(new Error(`titik-serve ended with ${code}: ${this.log}`)));
    });
    this.port = Number(/localhost:(\d+)/.exec(line)[1]);
    this.url = `http://localhost:${this.port}`;
    return this;
  }

  async stop(signal = 'SIGTERM') {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => { this.process.once('exit', resolve); });
    this.process.kill(signal);
    await ended;
  }

  async remove() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  // Where its data are: a folder of its own, unless it shares one, and a database.
  get place() { return ['--data', this.sharedData ?? this.data, ...(this.database ? ['--database', this.database] : [])]; }

  async desk(...words) {
    const { stdout } = await run(SERVE, [...words, ...this.place, '--profile', this.profilePath]);
    return stdout;
  }
  // The same, to be killed.
  deskProcess(...words) { return spawn(SERVE, [...words, ...this.place, '--profile', this.profilePath], { stdio: 'ignore' }); }
  // One round, as cron would; at a time, if one is given.
  async sync(at) { return this.desk('sync-upstream', '--upstream', this.upstream, ...(at ? ['--at', String(at)] : [])); }

  async call(where, options = {}) {
    const answer = await fetch(`${this.url}${where}`, { ...options,
      headers: { token: `{${this.profile.channel_token}}`, ...(this.token && { Authorization: `Bearer ${this.token}` }), ...options.headers } });
    const text = await answer.text();
    assert.ok(answer.ok, `${where}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  // A report of a new phone's, with photos. Answers its number.
  async report({ photos = [], ...fields } = {}) {
    this.token ??= (await this.call('/titik/1/devices', { method: 'POST' })).token;
    const ids = [];
    for (const bytes of photos) {
      const body = new FormData();
      body.append('attachments[]', new Blob([bytes], { type: 'image/jpeg' }), 'IMG_Siti_0812.jpg');
      ids.push((await this.call('/lapor/3.0.0/complaints/complaint/file', { method: 'POST', body })).results.images[0].id);
    }
    const category = this.profile.categories.find(({ id }) => id === (fields.category ?? 'jalan'));
    const answer = await this.call('/lapor/3.0.0/complaints/complaint', { method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
      body: JSON.stringify({ title: 'Lubang di jalan', content: 'Dalam sekali', classification_id: 3, category_id: category.lapor_category_id,
        latitude: -1.61, longitude: 103.61, attachments: `[${ids}]`, ...fields }) });
    return String(answer.complaint_id);
  }

  async followUp(id, content) {
    const body = new FormData();
    body.append('complaint_id', id);
    body.append('content', content);
    return this.call('/lapor/3.0.0/complaints/followup/add', { method: 'POST', body });
  }

  // What the phone is told of its reports, all of it.
  async changes() { return (await this.call('/titik/1/reports/changes?since=0')).reports; }
  async thread(id) { return (await this.changes()).find((one) => one.tracking_id === String(id)).follow_ups.results.data; }
  async detail(id) { return (await this.changes()).find((one) => one.tracking_id === String(id)).detail.results; }
}
