// The engine's worker in a real browser, driven by messages (web/engine_worker.js): a server of our own, a
// page that only relays, browsers that can be killed, Chromium and Firefox. For engine_worker.test.mjs and
// storage_trouble.test.mjs.
//
// TITIK_WEB_BUILD: folder with engine.js, engine.wasm and engine_worker.js (build/web).
// TITIK_CHROMIUM, TITIK_FIREFOX: the browsers (/usr/bin/chromium, /usr/bin/firefox-esr).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const build = path.resolve(root, process.env.TITIK_WEB_BUILD || 'build/web');
const browserPath = process.env.TITIK_CHROMIUM || '/usr/bin/chromium';
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; img-src 'self' blob:";
const TYPES = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html', json: 'application/json' };

// --- A server of our own: the build's files, a page that only relays messages, and a small city ------

const PAGE_SCRIPT = `
// \`before\`: the text of a script that runs in the worker ahead of engine_worker.js.
window.start = async (before) => {
  const module = await WebAssembly.compileStreaming(fetch('/engine.wasm'));
  const profileText = await (await fetch('/profile.json')).text();
  const worker = new Worker('/engine_worker.js' + (before ? '?before=' + encodeURIComponent(before) : ''));
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
window.hear = (wanted, milliseconds = 60000) => new Promise((resolve, reject) => {
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
window.drop = (store, key) => new Promise((resolve) => {
  const open = indexedDB.open('titik');
  open.onsuccess = () => {
    const transaction = open.result.transaction([store], 'readwrite', { durability: 'strict' });
    transaction.objectStore(store).delete(key);
    transaction.oncomplete = () => { open.result.close(); resolve(); };
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

// Takes the room that is left, but 64 KB of it, into a database of its own; window.giveBack() frees it.
const FILL_SCRIPT = `
window.takeRoom = () => new Promise((resolve, reject) => {
  const open = indexedDB.open('filler', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('all');
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const put = (number) => {
      const transaction = open.result.transaction('all', 'readwrite');
      transaction.objectStore('all').put(crypto.getRandomValues(new Uint8Array(65536)), number);
      transaction.oncomplete = () => put(number + 1);
      transaction.onabort = () => resolve(transaction.error.name);
    };
    window.filler = open.result;  // closed, it would give some back
    put(1);
  };
});
window.giveBack = () => new Promise((resolve, reject) => {
  window.filler.close();
  const request = indexedDB.deleteDatabase('filler');
  request.onsuccess = () => resolve();
  request.onerror = () => reject(request.error);
});
`;

export const city = { uploads: [], creates: [] };

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
    '/page.js': ['js', () => PAGE_SCRIPT + FILL_SCRIPT],
    '/evict': ['json', () => '{}'],
    '/profile.json': ['json', () => readFile(path.join(root, 'assets/cities/kota-jambi.json'))],
    '/engine.js': ['js', () => readFile(path.join(build, 'engine.js'))],
    '/engine_worker.js': ['js', async () => (new URL(request.url, origin).searchParams.get('before') ?? '') + '\n' + (await readFile(path.join(build, 'engine_worker.js'), 'utf8'))],
    '/engine.wasm': ['wasm', () => readFile(path.join(build, 'engine.wasm'))],
  };
  if (files[name]) {
    const [type, content] = files[name];
    response.writeHead(200, { 'content-type': TYPES[type], 'content-security-policy': CSP, connection: 'close', ...(name === '/evict' && { 'clear-site-data': '"storage"' }) });
    return response.end(await content());
  }
  const [status, json] = cityAnswer(request, Buffer.concat(body));
  response.writeHead(status, { 'content-type': 'application/json' });
  return response.end(JSON.stringify(json));
};

let server;
let origin;
let folder;
const running = new Set();  // also what a failed test has left: an open browser keeps the test file alive

// A browser of our own, so that it can be killed as a phone kills it. `profile`: folder that survives.
export const launch = async (profile) => {
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
  const phone = {
    browser,
    page: async (url = origin) => {
      const page = await browser.contexts()[0].newPage();
      await page.goto(url);
      return page;
    },
    // Takes all room and begins; answers what gives it back. Chromium remembers for a while how much room
    // there was at the first write, and Firefox needs some to make the database at all.
    takeRoom: async (page, begin) => {
      const session = await page.context().newCDPSession(page);
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1024 });
      await begin();
      return () => session.send('Storage.overrideQuotaForOrigin', { origin });
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;  // an exit is told once
      const gone = new Promise((resolve) => { child.once('exit', resolve); });
      process.kill(-child.pid, 'SIGKILL');
      await gone;
      await browser.close().catch(() => {});
      running.delete(phone);
    },
  };
  running.add(phone);
  return phone;
};

// The same with Firefox, which is not killed but closed. `prefs`: what about:config has.
export const launchFirefox = async (profile, prefs = {}) => {
  const browser = await puppeteer.launch({ browser: 'firefox', headless: true, executablePath: process.env.TITIK_FIREFOX ?? '/usr/bin/firefox-esr',
    userDataDir: path.join(folder, `firefox-${profile}`), extraPrefsFirefox: prefs });
  const phone = {
    browser,
    page: async () => {
      const page = await browser.newPage();
      await page.goto(origin);
      return page;
    },
    takeRoom: async (page, begin) => {
      await begin();
      assert.equal(await page.evaluate(() => window.takeRoom()), 'QuotaExceededError');
      return () => page.evaluate(() => window.giveBack());
    },
    kill: async () => {
      await browser.close();
      running.delete(phone);
    },
  };
  running.add(phone);
  return phone;
};

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'titik-engine-'));
  server = http.createServer(serve);
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  origin = `http://127.0.0.1:${server.address().port}`;
});

after(async () => {
  for (const phone of running) await phone.kill();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

// --- Words for the tests --------------------------------------------------------------------------

export const ID = '019aa7d2-0000-7000-8000-000000000001';
export const draft = (change = {}) => ({
  id: ID, classification: 1, category_id: 'jalan', title: 'Lubang di jalan', content: 'Dalam sekali', incident_date: '2026-01-02',
  is_anonymous: false, is_secret: false, reporter_name: '', reporter_phone: '', landmark: 'RT 05', photos: [], created_at: 0, updated_at: 0, ...change,
});

export const harnessPort = () => server.address().port;

// An engine that answered to Start. `url`: of a network before the page's server.
export const started = async (browser, before, url) => {
  const page = await browser.page(url);
  await page.evaluate((script) => window.start(script), before);
  await page.evaluate(() => window.send({ type: 'start', id: 1 }));
  await page.evaluate(() => window.hear({ type: 'reply', id: 1 }));
  return page;
};
export const command = (page, body) => page.evaluate(async (one) => {
  window.send(one);
  return window.hear({ type: 'reply', id: one.id });
}, body);

export const addPhoto = (page, id, bytes, reportId = ID) => page.evaluate(async ({ number, report, base64 }) => {
  const data = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const hash = async (part) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', part))].map((b) => b.toString(16).padStart(2, '0')).join('');
  const small = data.slice(0, 100);
  const [sha256, thumbnail] = [await hash(data), await hash(small)];
  window.send({ type: 'add_photo', id: number, report_id: report, photo: { sha256, bytes: data.length, width: 1600, height: 1200, thumbnail_sha256: thumbnail, thumbnail_bytes: small.length, origin: 'camera' } },
    [{ sha256, blob: new Blob([data], { type: 'image/jpeg' }), report_id: report }, { sha256: thumbnail, blob: new Blob([small]), report_id: report }]);
  const reply = await window.hear({ type: 'reply', id: number });
  return { reply, sha256 };
}, { number: id, report: reportId, base64: bytes.toString('base64') });

export const metrics = (page) => page.evaluate(() => {
  window.worker.postMessage({ type: 'metrics' });
  return window.hear({ type: 'metrics' });
});
