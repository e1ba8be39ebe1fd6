// What one server carries, on the machine it runs on together with those that ask:
//   node tests/bench/load.mjs [--reports 10000] [--seconds 10]
//   tests/postgresql node tests/bench/load.mjs                     (without fsync: not for the creates)
// wrk asks for the changes feed, the public list, map and figures; made-up phones create reports with a photo. Beside
// them, in the same run: nginx with the same bytes as files, and the same disk's bare inserts into SQLite.
// What the figures mean: README.md.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { City } from '../e2e/world.mjs';

const words = process.argv.slice(2);
const option = (name, fallback) => (words.includes(name) ? Number(words[words.indexOf(name) + 1]) : fallback);
const REPORTS = option('--reports', 10_000);
const SECONDS = option('--seconds', 10);
const PHONES = 16;
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
  rows.push([what, rate.toFixed(0), ...[p50, p95, p99].map((ms) => ms.toFixed(1)), errors, memory().toFixed(0)]);
  process.stderr.write(`${rows.at(-1).join('  ')}\n`);
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

// As the phone does it: words first, then the photo by tus.
const createOnes = async () => {
  const took = [];
  let errors = 0;
  const start = performance.now();
  const ask = async (token, target, options) => {
    const answer = await fetch(new URL(target, city.url), { ...options, headers: { token: city.channelToken, ...(token && { Authorization: `Bearer ${token}` }), ...options.headers } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return { answer, text };
  };
  const phone = async () => {
    const { token } = JSON.parse((await ask('', 'titik/1/devices', { method: 'POST' })).text);
    while (performance.now() - start < SECONDS * 1000) {
      const bytes = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), randomBytes(150_000), Buffer.from('ffd9', 'hex')]);
      const hash = createHash('sha256').update(bytes).digest('hex');
      const key = randomUUID();
      const began = performance.now();
      try {
        await ask(token, 'lapor/3.0.0/complaints/complaint', { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
          body: JSON.stringify({ title: 'Lubang', content: 'Di jalan', classification_id: 3, category_id: city.profile.categories[0].lapor_category_id, latitude: -1.61, longitude: 103.61, attachments: '[]',
            titik: { report_id: key, category: city.profile.categories[0].id, created_at: Date.now(), photos_follow: true, photos: [{ sha256: hash, bytes: bytes.length, width: 1280, height: 960, origin: 'camera' }] } }) });
        await ask(token, 'titik/1/uploads', { method: 'POST', body: bytes, headers: { 'Tus-Resumable': '1.0.0', 'Content-Type': 'application/offset+octet-stream', 'Upload-Length': String(bytes.length),
          'Upload-Metadata': `sha256 ${Buffer.from(hash).toString('base64')},report ${Buffer.from(key).toString('base64')}` } });
        took.push(performance.now() - began);
      } catch (error) {
        errors += 1;
        if (errors === 1) process.stderr.write(`${error.message} ${error.cause ?? ''}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: PHONES }, phone));
  const seconds = (performance.now() - start) / 1000;
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  told(`create with a photo of 150 KB, ${PHONES} phones`, { rate: took.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), errors });
};

// One insert a commit, durable, as a receipt needs it.
const bareInserts = () => {
  const file = path.join(folder, 'bare.db');
  const one = `INSERT INTO t(request) VALUES ('${'x'.repeat(800)}');`;
  const count = 500;
  execFileSync('sqlite3', [file, 'PRAGMA journal_mode = WAL; CREATE TABLE t(id INTEGER PRIMARY KEY, request TEXT);'], { stdio: 'ignore' });
  const start = performance.now();
  execFileSync('sqlite3', [file], { input: `PRAGMA synchronous = FULL;\n${one.repeat(count)}` });
  return count / (performance.now() - start) * 1000;
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
  process.stderr.write(`${REPORTS} reports in ${((performance.now() - start) / 1000).toFixed(0)} s; load ${loadavg()[0].toFixed(1)}\n`);
  await city.start();
  const at = (target) => new URL(target, city.url).href.replace('localhost', '127.0.0.1');
  // The public form is made in the background after a restore; from then on each change is taken over as it comes.
  const begun = performance.now();
  while ((await (await fetch(at('titik/1/public/counts'))).json()).received < REPORTS) await new Promise((resolve) => { setTimeout(resolve, 500); });
  process.stderr.write(`public form in ${((performance.now() - begun) / 1000).toFixed(0)} s\n`);
  const own = { token: city.channelToken };
  const changes = await fetch(at('titik/1/reports/changes?since=0'), { headers: { ...own, Authorization: `Bearer ${tokens[0]}` } });
  const { cursor, reports } = await changes.json();
  assert.ok(cursor > 0 && reports.length === 5, 'five reports each');
  const list = Buffer.from(await (await fetch(at('titik/1/public/reports'))).arrayBuffer());
  await wrk('changes, nothing new (304)', at(`titik/1/reports/changes?since=${cursor}`), { headers: { ...own, 'If-None-Match': `"${cursor}"` }, phones: tokens });
  await wrk('changes, five reports', at('titik/1/reports/changes?since=0'), { headers: own, phones: tokens });
  await wrk('public list', at('titik/1/public/reports'));
  await wrk('public list of a category', at(`titik/1/public/reports?category=${city.profile.categories[1].id}&status=belum`));
  await wrk('public map, the whole city', at('titik/1/public/map?bbox=103.5,-1.7,103.8,-1.5'));
  await wrk('public counts by agency', at('titik/1/public/counts?by=agency'));
  await wrk('agencies, twelve months', at('titik/1/public/agencies'));
  await wrk('counts, as phones ask', at('titik/1/counts'));
  await createOnes();
  const nginx = new Nginx();
  await nginx.start({ 'list.json': list });
  await wrk(`nginx, the public list as a file (${list.length} bytes)`, `${nginx.url}list.json`);
  await nginx.stop();
  const bare = bareInserts();
  console.log(`${REPORTS} reports in ${POSTGRESQL ? 'PostgreSQL' : 'SQLite'}, ${SECONDS} s each, wrk -t2 -c32; load before ${loadavg().map((one) => one.toFixed(1)).join(' ')}`);
  console.log('| what | a second | p50 ms | p95 ms | p99 ms | errors | server MB |\n|---|---|---|---|---|---|---|');
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  console.log(`bare SQLite, one insert of 800 bytes a commit: ${bare.toFixed(0)} a second`);
} finally {
  await city.remove();
  rmSync(folder, { recursive: true, force: true });
}
