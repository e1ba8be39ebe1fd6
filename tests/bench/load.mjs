// What one server carries, on the machine it runs on together with those that ask:
//   node tests/bench/load.mjs [--reports 10000] [--seconds 10]
//   tests/postgresql node tests/bench/load.mjs                     (without fsync: not for the creates)
// wrk asks for the changes feed, the lists, map and figures; made-up phones create reports with a photo, and then do all
// that a phone does from its first start to its news. Beside them, in the same run: nginx with the same bytes as files,
// and the same disk's bare inserts into SQLite. What the figures mean: README.md.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { City, MORE_PHOTOS, PHOTOS } from '../e2e/world.mjs';

const given = process.argv.slice(2);
const option = (name, fallback) => (given.includes(name) ? Number(given[given.indexOf(name) + 1]) : fallback);
const REPORTS = option('--reports', 10_000);
const SECONDS = option('--seconds', 10);
const PHONES = 16;
const PIECE = 128 * 1024;  // bytes of a photo in one request: the first ones of a phone (src/sync/outbox.h)
const ASKING = 400;  // phones that ask for their changes: each may 20,000 times at once
const POSTGRESQL = process.env.TITIK_TEST_DATABASE;
const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'titik-load-'));
const city = new City();
const tokens = Array.from({ length: ASKING }, () => randomBytes(32).toString('hex'));

// So many reports as a city has after years, of 1 to 5 for each phone, with their first lines of history. Straight into
// the tables: through the interface it would take hours, and what is measured is what is asked of them later.
const fill = async () => {
  await city.desk('list');  // makes the database
  const { categories } = city.profile;
  const category = categories.map(({ id }, i) => `WHEN ${i} THEN '${id}'`).join(' ');
  const agency = categories.map((one, i) => `WHEN ${i} THEN '${one.agency}'`).join(' ');
  const lapor = categories.map((one, i) => `WHEN ${i} THEN '${one.lapor_category_id}'`).join(' ');
  const n = categories.length;
  const newest = Date.now();
  const phones = Math.ceil(REPORTS / 3);
  execFileSync('sqlite3', [path.join(city.data, 'titik.db')], { input: `
    PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN;
    CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${REPORTS}) SELECT i FROM n;
    INSERT INTO caller(kind, name, token_sha256, created_at) SELECT 'device', '', 'load' || i, 0 FROM n WHERE i <= ${phones};
    ${tokens.map((token) => `INSERT INTO caller(kind, name, token_sha256, created_at) VALUES ('device', '', '${createHash('sha256').update(token).digest('hex')}', 0);`).join('\n')}
    INSERT INTO report(caller_id, report_id, content_sha256, request, title, category_id, is_secret, latitude, longitude, agency_id, status,
        received_at, clocks_started_at, response_due_at, follow_up_due_at, response_stopped_at, follow_up_stopped_at, closed_at)
      SELECT (SELECT max(id) FROM caller) - ${ASKING} - (i % ${phones}), printf('00000000-0000-4000-8000-%012d', i), printf('%064d', i),
        '{"title":"Jalan berlubang ' || i || '","content":"Lubang selebar setengah meter di lajur kiri, sudah beberapa pekan dan makin dalam sesudah hujan.","classification_id":1,"category_id":' || (CASE i % ${n} ${lapor} END) || '}',
        'Jalan berlubang ' || i, CASE i % ${n} ${category} END, i % 20 = 0, -1.61 + (i % 997) * 0.0001, 103.61 + (i % 991) * 0.0001, CASE i % ${n} ${agency} END,
        CASE WHEN i % 8 = 0 THEN 'proses' WHEN i % 31 = 0 THEN 'belum_terverifikasi' ELSE 'ditutup_admin' END,
        at, at, at + 259200000, at + 259200000, CASE WHEN i % 31 = 0 THEN 0 ELSE at + 3600000 * (1 + i % 90) END,
        CASE WHEN i % 8 = 0 OR i % 31 = 0 THEN 0 ELSE at + 7200000 * (1 + i % 90) END,
        CASE WHEN i % 8 = 0 OR i % 31 = 0 THEN 0 ELSE at + 7200000 * (1 + i % 90) END
      FROM (SELECT i, ${newest} - (${REPORTS} - i) * ${Math.floor(5 * 365 * 86_400_000 / REPORTS)} AS at FROM n);
    INSERT INTO history(tracking_id, at, text, status_new, institution) SELECT tracking_id, received_at, 'Laporan diterima', 'belum_terverifikasi', '' FROM report;
    INSERT INTO history(tracking_id, at, text, status_new, institution) SELECT tracking_id, received_at + 3600000, 'Laporan diproses', 'proses', 'Dinas PUPR' FROM report;
    UPDATE report SET caller_id = (SELECT max(id) FROM caller) - (tracking_id % ${ASKING})
      WHERE tracking_id > (SELECT max(tracking_id) FROM report) - ${Math.min(REPORTS, ASKING * 5)};
    COMMIT; ANALYZE;` });
  if (!POSTGRESQL) return;
  const copy = path.join(folder, 'copy');
  await city.desk('backup', '--to', copy);
  process.env.TITIK_DATABASE = POSTGRESQL;
  city.data = mkdtempSync(path.join(tmpdir(), 'titik-city-'));
  await city.desk('restore', '--from', copy);
};

const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${city.process.pid}/status`, 'utf8'))[1]) / 1024;
const rows = [];
const told = (what, { rate, p50, p95, p99, errors }) => {
  rows.push([what, rate.toFixed(0), ...[p50, p95, p99].map((ms) => ms.toFixed(ms < 1 ? 2 : 1)), errors, memory().toFixed(0)]);
  process.stderr.write(`${rows.at(-1).join('  ')}\n`);
};
// Of what took so many milliseconds each.
const toldOfAll = (what, took, seconds, errors = 0) => {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  told(what, { rate: took.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), errors });
};

// `phones`: the request is asked as each of them in turn.
const wrk = async (what, url, { headers = {}, phones = [] } = {}) => {
  const script = path.join(folder, 'wrk.lua');
  writeFileSync(script, `${Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = [==[${value}]==]`).join('\n')}
    local phones = {${phones.map((token) => `"Bearer ${token}"`).join(',')}}
    local next = 0
    ${phones.length === 0 ? '' : `request = function()
      next = next % #phones + 1
      wrk.headers["Authorization"] = phones[next]
      return wrk.format()
    end`}
    done = function(summary, latency, requests)
      io.write(string.format('{"count":%d,"us":%d,"p50":%d,"p95":%d,"p99":%d,"errors":%d}', summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(95), latency:percentile(99),
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout))
    end`);
  const { stdout } = await run('wrk', ['-t2', '-c32', `-d${SECONDS}s`, '-s', script, url], { maxBuffer: 1e7 });
  const { count, us, p50, p95, p99, errors } = JSON.parse(/\{"count".*\}/.exec(stdout)[0]);
  told(what, { rate: count / us * 1e6, p50: p50 / 1000, p95: p95 / 1000, p99: p99 / 1000, errors });
};

// Photos as phones send them, 1,410 to 1,680 px wide: what the server decodes of each in the background is part of the load.
const tool = (name, args, input) => execFileSync(name, args, { input, maxBuffer: 1e9, stdio: ['pipe', 'pipe', 'ignore'] });
const scaled = (file, eighths, quality) => tool('cjpeg', ['-quality', String(quality)], tool('djpeg', ['-scale', `${eighths}/8`, file]));
const [aqua, , dune] = MORE_PHOTOS;
const pictures = [[PHOTOS.plain, 5, 92], [PHOTOS.evidence, 5, 92], [aqua, 5, 92], [dune, 8, 85], [PHOTOS.large, 2, 75]].map(([file, eighths, quality]) => ({
  photo: scaled(file, eighths, quality), thumbnail: scaled(file, 1, 70) }));
// Each with a comment of its own behind its first marker: another file, of the same picture.
const another = (i) => {
  const { photo, thumbnail } = pictures[i % pictures.length];
  const comment = Buffer.from(randomUUID());
  const bytes = Buffer.concat([photo.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment, photo.subarray(2)]);
  return { bytes, thumbnail, hash: createHash('sha256').update(bytes).digest('hex') };
};

const ask = async (token, target, options = {}) => {
  const answer = await fetch(new URL(target, city.url), { ...options, headers: { token: city.channelToken, ...(token && { Authorization: `Bearer ${token}` }), ...options.headers } });
  const text = await answer.text();
  if (!answer.ok && answer.status !== 304) throw new Error(`${target}: ${answer.status} ${text}`);
  return { status: answer.status, headers: answer.headers, text };
};
const base64 = (text) => Buffer.from(text).toString('base64');
const words = (key, { bytes, hash }) => ({ method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
  body: JSON.stringify({ title: 'Lubang', content: 'Di jalan', classification_id: 3, category_id: city.profile.categories[0].lapor_category_id, latitude: -1.61, longitude: 103.61, attachments: '[]',
    titik: { report_id: key, category: city.profile.categories[0].id, created_at: Date.now(), photos_follow: true, photos: [{ sha256: hash, bytes: bytes.length, width: 1600, height: 1000, origin: 'camera' }] } }) });
const tus = (key, { bytes, hash }) => ({ 'Tus-Resumable': '1.0.0', 'Upload-Length': String(bytes.length), 'Upload-Metadata': `filename ${base64('foto-1.jpg')},sha256 ${base64(hash)},report ${base64(key)}` });
const OCTETS = 'application/offset+octet-stream';

let photos = 0;
// PHONES of them at a time, again and again: `act` as the one of that number. Answers how long it went, and what
// failed.
const asPhones = async (act) => {
  let errors = 0;
  const start = performance.now();
  await Promise.all(Array.from({ length: PHONES }, async (_, i) => {
    while (performance.now() - start < SECONDS * 1000) {
      try {
        await act(i);
      } catch (error) {
        errors += 1;
        if (errors === 1) process.stderr.write(`${error.message} ${error.cause ?? ''}\n`);
      }
    }
  }));
  return { seconds: (performance.now() - start) / 1000, errors };
};

// Words first, then the photo by tus in one request.
const createOnes = async () => {
  const took = [];
  const own = [];
  for (let i = 0; i < PHONES; ++i) own.push(JSON.parse((await ask('', 'titik/1/devices', { method: 'POST' })).text).token);
  const { seconds, errors } = await asPhones(async (i) => {
    const token = own[i];
    const photo = another(photos++);
    const key = randomUUID();
    const began = performance.now();
    await ask(token, 'lapor/3.0.0/complaints/complaint', words(key, photo));
    await ask(token, 'titik/1/uploads', { method: 'POST', body: photo.bytes, headers: { ...tus(key, photo), 'Content-Type': OCTETS } });
    took.push(performance.now() - began);
  });
  toldOfAll(`create with a photo, ${PHONES} phones`, took, seconds, errors);
};

// A citizen's first report: what our client asks for, in its order, without the pauses of a person.
const NEWS = 4;
const mix = async () => {
  const took = new Map();
  const { seconds, errors } = await asPhones(async () => {
    const began = performance.now();
    let token = '';
    const step = async (name, target, options) => {
      const start = performance.now();
      const answer = await ask(token, target, options);
      took.set(name, [...(took.get(name) ?? []), performance.now() - start]);
      return answer;
    };
    const photo = another(photos++);
    const key = randomUUID();
    await step('profile', 'titik/1/profile');
    token = JSON.parse((await step('register', 'titik/1/devices', { method: 'POST' })).text).token;
    await step('words', 'lapor/3.0.0/complaints/complaint', words(key, photo));
    await step('whether photos may follow', 'titik/1/uploads', { method: 'OPTIONS' });
    await step('thumbnail', `titik/1/reports/${key}/thumbnails/${photo.hash}`, { method: 'POST', body: photo.thumbnail, headers: { 'Content-Type': 'image/jpeg' } });
    const upload = await step('photo, begun', 'titik/1/uploads', { method: 'POST', headers: tus(key, photo) });
    for (let from = 0; from < photo.bytes.length; from += PIECE) {
      await step('photo, a piece of at most 128 KiB', upload.headers.get('location'), { method: 'PATCH', body: photo.bytes.subarray(from, from + PIECE),
        headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(from), 'Content-Type': OCTETS } });
    }
    const receipt = JSON.parse((await step('receipt', `titik/1/reports/${key}`)).text).titik;
    assert.deepEqual(receipt.photo_sha256, [photo.hash]);
    const { cursor } = JSON.parse((await step('changes, its report', 'titik/1/reports/changes?since=0', { headers: { 'If-None-Match': '"0"' } })).text);
    for (let i = 0; i < NEWS; ++i) {
      const { status } = await step('changes, nothing new', `titik/1/reports/changes?since=${cursor}`, { headers: { 'If-None-Match': `"${cursor}"` } });
      assert.equal(status, 304);
    }
    await step('counts', 'titik/1/counts');
    await step('list', 'titik/1/reports');
    took.set('', [...(took.get('') ?? []), performance.now() - began]);
  });
  for (const [name, times] of took) if (name) toldOfAll(`mix: ${name}`, times, seconds);
  toldOfAll(`mix: all of it, a new phone's first report, ${PHONES} at a time`, took.get('') ?? [], seconds, errors);
  process.stderr.write(`mix: ${([...took].reduce((sum, [name, times]) => sum + (name ? times.length : 0), 0) / seconds).toFixed(0)} requests a second\n`);
};

// What the background has still to look at, until it has: decoding each photo for the comparison of evidence.
const waiting = async () => {
  const sql = "SELECT coalesce(max(id), 0) - coalesce((SELECT CAST(value AS BIGINT) FROM setting WHERE name = 'proof_files'), 0) FROM file";
  const { stdout } = await (POSTGRESQL ? run('psql', ['-d', POSTGRESQL, '-At', '-c', sql]) : run('sqlite3', ['-readonly', path.join(city.data, 'titik.db'), '.timeout 5000', sql]));
  return Number(stdout.trim());
};
const catchUp = async () => {
  const left = await waiting();
  const began = performance.now();
  while ((await waiting()) > 0) await new Promise((resolve) => { setTimeout(resolve, 200); });
  return `${left} of ${photos} photos still to be looked at in the background, which took ${((performance.now() - began) / 1000).toFixed(1)} s more; the server had ${memory().toFixed(0)} MB then`;
};

// One insert a commit, durable, as a receipt needs it. By Python, whose part of each is some microseconds.
const BARE = `
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("PRAGMA synchronous = FULL")
db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, request TEXT)")
for i in range(int(sys.argv[2])):
    began = time.perf_counter()
    db.execute("INSERT INTO t(request) VALUES (?)", ("x" * 800,))
    print((time.perf_counter() - began) * 1000)
`;
const bareInserts = () => {
  const start = performance.now();
  const took = execFileSync('python3', ['-c', BARE, path.join(folder, 'bare.db'), '3000'], { maxBuffer: 1e7 }).toString().trim().split('\n').map(Number);
  toldOfAll('bare SQLite, an insert of 800 bytes a commit', took, (performance.now() - start) / 1000);
};

class Nginx {
  async start(files) {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
    writeFileSync(path.join(folder, 'nginx.conf'), `${process.getuid() === 0 ? 'user root;' : ''} daemon off; worker_processes auto; pid ${folder}/pid; error_log ${folder}/error.log; events { worker_connections 512; }
      http { access_log off; default_type application/json; ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${folder}/${one};`).join(' ')}
        server { listen 127.0.0.1:18999; root ${folder}; } }`);
    this.process = spawn('/usr/sbin/nginx', ['-c', path.join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' });
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    this.url = 'http://127.0.0.1:18999/';
  }

  async stop() {
    const ended = new Promise((resolve) => { this.process.once('exit', resolve); });
    this.process.kill('SIGTERM');
    await ended;
  }
}

try {
  const start = performance.now();
  await fill();
  const before = loadavg()[0].toFixed(1);
  process.stderr.write(`${REPORTS} reports in ${((performance.now() - start) / 1000).toFixed(0)} s; load ${before}\n`);
  await city.start();
  const at = (target) => new URL(target, city.url).href.replace('localhost', '127.0.0.1');
  // The public form is made in the background after a restore; from then on each change is taken over as it comes.
  const begun = performance.now();
  while (!((await (await fetch(at('titik/1/public/counts'))).json()).received >= REPORTS)) await new Promise((resolve) => { setTimeout(resolve, 500); });
  process.stderr.write(`public form in ${((performance.now() - begun) / 1000).toFixed(0)} s\n`);
  const own = { token: city.channelToken };
  const changes = await fetch(at('titik/1/reports/changes?since=0'), { headers: { ...own, Authorization: `Bearer ${tokens[0]}` } });
  const { cursor, reports } = await changes.json();
  assert.ok(cursor > 0 && reports.length === 5, 'five reports each');
  const bytesOf = async (target) => Buffer.from(await (await fetch(at(target))).arrayBuffer());
  await wrk('changes, nothing new (304)', at(`titik/1/reports/changes?since=${cursor}`), { headers: { ...own, 'If-None-Match': `"${cursor}"` }, phones: tokens });
  await wrk('changes, five reports', at('titik/1/reports/changes?since=0'), { headers: own, phones: tokens });
  await wrk('list, as phones ask', at('titik/1/reports'));
  await wrk('counts, as phones ask', at('titik/1/counts'));
  await wrk('public list', at('titik/1/public/reports'));
  for (const coding of ['br', 'gzip']) {
    const length = async (accepted) => (await fetch(at('titik/1/public/reports'), { headers: { 'Accept-Encoding': accepted } })).headers.get('content-length');
    await wrk(`public list, in ${coding} (${await length(coding)} of ${await length('identity')} bytes)`, at('titik/1/public/reports'), { headers: { 'Accept-Encoding': coding } });
  }
  await wrk('public list of a category', at(`titik/1/public/reports?category=${city.profile.categories[1].id}&status=belum`));
  await wrk('public map, the whole city', at('titik/1/public/map?bbox=103.5,-1.7,103.8,-1.5'));
  await wrk('public counts by agency', at('titik/1/public/counts?by=agency'));
  await wrk('agencies, twelve months', at('titik/1/public/agencies'));
  const office = (await city.desk('token', '--name', 'beban')).trim();
  await wrk('office list, what is due soonest', at('titik/1/office/reports?open=1&order=due'), { headers: { ...own, Authorization: `Bearer ${office}` } });
  const files = { 'phones.json': await bytesOf('titik/1/reports'), 'public.json': await bytesOf('titik/1/public/reports') };
  await createOnes();
  await mix();
  const background = await catchUp();
  const nginx = new Nginx();
  await nginx.start(files);
  await wrk(`nginx, the phones' list as a file (${files['phones.json'].length} bytes)`, `${nginx.url}phones.json`);
  await wrk(`nginx, the public list as a file (${files['public.json'].length} bytes)`, `${nginx.url}public.json`);
  await nginx.stop();
  bareInserts();
  const sizes = pictures.map(({ photo }) => `${Math.round(photo.length / 1024)}`).join(', ');
  console.log(`${REPORTS} reports in ${POSTGRESQL ? 'PostgreSQL' : 'SQLite'}, ${SECONDS} s each, wrk -t2 -c32; photos of ${sizes} KiB; load before ${before}, after ${loadavg()[0].toFixed(1)}`);
  console.log('| what | a second | p50 ms | p95 ms | p99 ms | errors | server MB |\n|---|---|---|---|---|---|---|');
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  console.log(background);
} finally {
  await city.remove();
  rmSync(folder, { recursive: true, force: true });
}
