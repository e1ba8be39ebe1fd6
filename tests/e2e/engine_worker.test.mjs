// The engine's worker in a real browser, driven by messages (web/engine_worker.js): what it replied to is
// still there after the browser was killed, only one tab owns the database, and damage is never
// overwritten.
//
//   node --test tests/e2e/engine_worker.test.mjs      (after building the target `engine`)
//
// TITIK_WEB_BUILD: folder with engine.js, engine.wasm and engine_worker.js (build/web).
// TITIK_CHROMIUM: the browser (/usr/bin/chromium).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const build = path.resolve(root, process.env.TITIK_WEB_BUILD || 'build/web');
const browserPath = process.env.TITIK_CHROMIUM || '/usr/bin/chromium';
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; img-src 'self' blob:";
const TYPES = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html', json: 'application/json' };

// --- A server of our own: the build's files, a page that only relays messages, and a small city ------

const PAGE_SCRIPT = `
window.start = async (visible) => {
  const module = await WebAssembly.compileStreaming(fetch('/engine.wasm'));
  const profileText = await (await fetch('/profile.json')).text();
  const worker = new Worker('/engine_worker.js');
  window.worker = worker;
  window.heard = [];
  worker.onmessage = ({ data }) => {
    window.heard.push(data.type === 'event' ? JSON.parse(data.text) : data);
    for (const check of [...window.checks]) check();
  };
  worker.onerror = (event) => window.heard.push({ type: 'error', message: event.message });
  worker.postMessage({ type: 'init', glueUrl: '/engine.js', module, profileText });
};
window.checks = new Set();
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
// Resolves with the first message heard that has all members of 'wanted'.
window.hear = (wanted, milliseconds = 20000) => new Promise((resolve, reject) => {
  const fits = (one) => Object.entries(wanted).every(([key, value]) => JSON.stringify(one[key]) === JSON.stringify(value));
  const check = () => {
    const found = window.heard.find(fits);
    if (!found) return;
    window.checks.delete(check);
    resolve(found);
  };
  window.checks.add(check);
  setTimeout(() => reject(new Error('not heard: ' + JSON.stringify(wanted) + ' in ' + JSON.stringify(window.heard).slice(-2000))), milliseconds);
  check();
});
window.send = (command, blobs) => window.worker.postMessage({ type: 'command', text: JSON.stringify(command), blobs });
window.read = (store, key) => new Promise((resolve, reject) => {
  const open = indexedDB.open('titik');
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const db = open.result;
    const all = db.transaction([store]).objectStore(store);
    const request = key === undefined ? all.getAllKeys() : all.get(key);
    request.onsuccess = () => { db.close(); resolve(request.result); };
  };
});
window.change = (store, key, work) => new Promise((resolve, reject) => {
  const open = indexedDB.open('titik');
  open.onsuccess = () => {
    const db = open.result;
    const transaction = db.transaction([store], 'readwrite', { durability: 'strict' });
    const all = transaction.objectStore(store);
    all.get(key).onsuccess = ({ target }) => all.put(work(target.result), key);
    transaction.oncomplete = () => { db.close(); resolve(); };
    transaction.onabort = () => reject(transaction.error);
  };
});
`;

const city = { uploads: [], creates: [] };

const cityAnswer = (request, body) => {
  if (request.url === '/titik/1/devices') return [201, { token: 'device-token', user_id: '77' }];
  if (request.url.endsWith('/complaints/complaint/file')) {
    const photo = city.photo;
    const at = body.indexOf(photo);
    city.uploads.push({ whole: at > 0, headers: request.headers });
    return [200, { results: { images: [{ id: 501, sha256: createHash('sha256').update(body.subarray(at, at + photo.length)).digest('hex') }], docs: [] } }];
  }
  if (request.url.endsWith('/complaints/complaint') && request.method === 'POST') {
    const report = JSON.parse(body);
    city.creates.push({ key: request.headers['idempotency-key'], report });
    const photos = report.titik.photos.map((photo) => photo.sha256);
    const receipt = { report_id: request.headers['idempotency-key'], received_at: Date.now(), follow_up_due_at: Date.now() + 86400000, photo_sha256: photos, photos };
    return [201, { complaint_id: 7000001, results: { complaint: { id: 7000001 } }, titik: receipt }];
  }
  return [404, { message: 'Tidak ditemukan' }];
};

const serve = async (request, response) => {
  const body = [];
  for await (const piece of request) body.push(piece);
  const name = request.url.split('?')[0];
  const files = {
    '/': ['html', () => '<!doctype html><title>engine</title><script src="/page.js"></script>'],
    '/page.js': ['js', () => PAGE_SCRIPT],
    '/profile.json': ['json', () => readFile(path.join(root, 'assets/cities/kota-jambi.json'))],
    '/engine.js': ['js', () => readFile(path.join(build, 'engine.js'))],
    '/engine_worker.js': ['js', () => readFile(path.join(build, 'engine_worker.js'))],
    '/engine.wasm': ['wasm', () => readFile(path.join(build, 'engine.wasm'))],
  };
  if (files[name]) {
    const [type, content] = files[name];
    response.writeHead(200, { 'content-type': TYPES[type], 'content-security-policy': CSP });
    return response.end(await content());
  }
  const [status, json] = cityAnswer(request, Buffer.concat(body));
  response.writeHead(status, { 'content-type': 'application/json' });
  return response.end(JSON.stringify(json));
};

let server;
let origin;
let folder;
let running = null;

// A browser of our own, so that it can be killed as a phone kills it. `profile`: folder that survives.
const launch = async (profile) => {
  const child = spawn(browserPath, ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--remote-debugging-port=0',
    `--user-data-dir=${path.join(folder, profile)}`, 'about:blank'], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const address = await new Promise((resolve, reject) => {
    let text = '';
    child.stderr.on('data', (piece) => {
      text += piece;
      const found = /DevTools listening on (ws:\S+)/.exec(text);
      if (found) resolve(found[1]);
    });
    child.on('exit', () => reject(new Error(text)));
  });
  const browser = await chromium.connectOverCDP(address);
  running = {
    page: async () => {
      const page = await browser.contexts()[0].newPage();
      await page.goto(origin);
      return page;
    },
    kill: async () => {
      const gone = new Promise((resolve) => { child.once('exit', resolve); });
      process.kill(-child.pid, 'SIGKILL');
      await gone;
      await browser.close().catch(() => {});
      running = null;
    },
  };
  return running;
};

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'titik-engine-'));
  server = http.createServer(serve);
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  origin = `http://127.0.0.1:${server.address().port}`;
});

after(async () => {
  if (running) await running.kill();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

// --- Words for the tests --------------------------------------------------------------------------

const ID = '019aa7d2-0000-7000-8000-000000000001';
const draft = (change = {}) => ({
  id: ID, classification: 1, category_id: 'jalan', title: 'Lubang di jalan', content: 'Dalam sekali', incident_date: '2026-01-02',
  is_anonymous: false, is_secret: false, reporter_name: '', reporter_phone: '', landmark: 'RT 05', photos: [], created_at: 0, updated_at: 0, ...change,
});

// An engine that answered to Start.
const started = async (browser) => {
  const page = await browser.page();
  await page.evaluate(() => window.start());
  await page.evaluate(() => window.send({ type: 'start', id: 1 }));
  await page.evaluate(() => window.hear({ type: 'reply', id: 1 }));
  return page;
};
const command = (page, body) => page.evaluate(async (one) => {
  window.send(one);
  return window.hear({ type: 'reply', id: one.id });
}, body);

const addPhoto = (page, id, bytes) => page.evaluate(async ({ number, report, base64 }) => {
  const data = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const hash = async (part) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', part))].map((b) => b.toString(16).padStart(2, '0')).join('');
  const small = data.slice(0, 100);
  const [sha256, thumbnail] = [await hash(data), await hash(small)];
  window.send({ type: 'add_photo', id: number, report_id: report, photo: { sha256, bytes: data.length, width: 1600, height: 1200, thumbnail_sha256: thumbnail, thumbnail_bytes: small.length, origin: 'camera' } },
    [{ sha256, blob: new Blob([data], { type: 'image/jpeg' }), report_id: report }, { sha256: thumbnail, blob: new Blob([small]), report_id: report }]);
  const reply = await window.hear({ type: 'reply', id: number });
  return { reply, sha256 };
}, { number: id, report: ID, base64: bytes.toString('base64') });

const metrics = (page) => page.evaluate(() => {
  window.worker.postMessage({ type: 'metrics' });
  return window.hear({ type: 'metrics' });
});

// --- Tests ----------------------------------------------------------------------------------------

test('a reply means that the commit is in IndexedDB, and survives SIGKILL', async () => {
  const photo = randomBytes(300_000);
  let browser = await launch('kill');
  let page = await started(browser);
  assert.ok(await page.evaluate(() => window.heard.some((one) => one.type === 'profile_changed')));
  const saved = await command(page, { type: 'save_draft', id: 2, draft: draft() });
  assert.equal(saved.error, undefined);
  const head = await page.evaluate(() => window.read('meta', 'head'));
  const { durableCommit, heapBytes, dbPages } = await metrics(page);
  assert.equal(head.commit, durableCommit);
  assert.equal(head.page_count, dbPages);
  assert.match(head.sum, /^[0-9a-f]{16}$/);
  assert.deepEqual(await page.evaluate(() => window.read('pages')), Array.from({ length: dbPages }, (_, i) => i + 1));
  console.log(`heap ${heapBytes} bytes, ${dbPages} pages, commit ${durableCommit}`);
  const { reply, sha256 } = await addPhoto(page, 3, photo);
  assert.equal(reply.error, undefined);
  await browser.kill();

  browser = await launch('kill');
  page = await started(browser);
  const { report } = await page.evaluate(() => window.hear({ type: 'report_changed' }));
  assert.equal(report.draft.title, 'Lubang di jalan');
  assert.equal(report.draft.photos[0].sha256, sha256);
  const stored = await page.evaluate(async (key) => {
    const record = await window.read('blobs', key);
    return { bytes: record.bytes, size: record.blob.size, report_id: record.report_id };
  }, sha256);
  assert.deepEqual(stored, { bytes: photo.length, size: photo.length, report_id: ID });
  assert.deepEqual(await page.evaluate(() => window.violations), []);
  await browser.kill();
});

test('what is saved while a write is under way is merged, and nothing is lost', async () => {
  let browser = await launch('merge');
  let page = await started(browser);
  await page.evaluate((base) => {
    for (let i = 0; i < 200; ++i) window.send({ type: 'save_draft', id: 100 + i, draft: { ...base, title: `Judul ${i}`, content: 'x'.repeat(i * 50) } });
  }, draft());
  await page.evaluate(() => window.hear({ type: 'reply', id: 299 }));
  await browser.kill();
  browser = await launch('merge');
  page = await started(browser);
  const { report } = await page.evaluate(() => window.hear({ type: 'report_changed' }));
  assert.equal(report.draft.title, 'Judul 199');
  assert.equal((await command(page, { type: 'delete_draft', id: 5, report_id: ID })).error, undefined);
  const head = await page.evaluate(() => window.read('meta', 'head'));
  assert.equal((await page.evaluate(() => window.read('pages'))).length, head.page_count);
  await browser.kill();
});

test('a report with its photo reaches the server, byte for byte', async () => {
  city.photo = randomBytes(500_000);
  const browser = await launch('send');
  const page = await started(browser);
  await command(page, { type: 'save_draft', id: 2, draft: draft() });
  const { sha256 } = await addPhoto(page, 3, city.photo);
  const submitted = await command(page, { type: 'submit', id: 4, report_id: ID });
  assert.equal(submitted.error, undefined, JSON.stringify(submitted));
  await page.evaluate(() => new Promise((resolve, reject) => {
    const check = () => {
      if (!window.heard.some((one) => one.type === 'report_changed' && one.report.state === 'diterima')) return;
      resolve();
    };
    window.checks.add(check);
    setTimeout(() => reject(new Error(JSON.stringify(window.heard.slice(-6)))), 20000);
    check();
  }));
  assert.equal(city.uploads.length, 1);
  assert.ok(city.uploads[0].whole);
  assert.match(city.uploads[0].headers.authorization, /^Bearer device-token$/);
  assert.match(city.uploads[0].headers.token, /^\{[0-9A-F-]{36}\}$/);
  assert.equal(city.creates.length, 1);
  assert.equal(city.creates[0].key, ID);
  assert.equal(city.creates[0].report.attachments, '[501]');
  assert.equal(city.creates[0].report.titik.photos[0].sha256, sha256);
  await browser.kill();
});

test('a second tab waits, takes over when asked, and the first stops', async () => {
  const browser = await launch('tabs');
  const first = await started(browser);
  await command(first, { type: 'save_draft', id: 2, draft: draft() });
  const second = await browser.page();
  await second.evaluate(() => window.start());
  await second.evaluate(() => window.hear({ type: 'fatal', code: 'other_owner' }));
  await second.evaluate(() => {
    window.send({ type: 'start', id: 1 });
    window.worker.postMessage({ type: 'takeover' });
  });
  await second.evaluate(() => window.hear({ type: 'reply', id: 1 }));
  await first.evaluate(() => window.hear({ type: 'fatal', code: 'other_owner' }));
  const before = await second.evaluate(() => window.read('meta', 'head'));
  await first.evaluate((one) => window.send({ type: 'save_draft', id: 9, draft: one }), draft({ title: 'Dari tab lama' }));
  const saved = await command(second, { type: 'save_draft', id: 3, draft: draft({ title: 'Dari tab baru' }) });
  assert.equal(saved.error, undefined);
  const head = await second.evaluate(() => window.read('meta', 'head'));
  assert.equal(head.commit, before.commit + 1);
  await browser.kill();
});

test('a damaged or newer database is told and left as it is', async () => {
  const browser = await launch('damage');
  let page = await started(browser);
  await command(page, { type: 'save_draft', id: 2, draft: draft() });
  await page.close();
  const failing = async (code) => {
    const victim = await browser.page();
    await victim.evaluate(() => window.start());
    await victim.evaluate((wanted) => window.hear({ type: 'fatal', code: wanted }), code);
    return victim;
  };
  const flip = () => page.evaluate(() => window.change('pages', 2, (record) => {
    new Uint8Array(record.data)[100] ^= 1;
    return record;
  }));
  page = await browser.page();
  const head = await page.evaluate(() => window.read('meta', 'head'));
  await flip();
  await (await failing('corrupt')).close();
  assert.deepEqual(await page.evaluate(() => window.read('meta', 'head')), head);
  await flip();
  await page.evaluate(() => window.change('meta', 'head', (one) => ({ ...one, format: 2 })));
  await (await failing('newer')).close();
  await page.evaluate(() => window.change('meta', 'head', (one) => ({ ...one, format: 1 })));
  const whole = await started(browser);
  assert.ok(await whole.evaluate(() => window.hear({ type: 'report_changed' })));
  await browser.kill();
});
