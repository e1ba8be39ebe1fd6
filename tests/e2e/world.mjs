// What every end-to-end test needs: a real server on a folder of its own, a proxy that can cut it
// off, a real browser, photographs, and the steps of the main job by roles and names alone.
//
// TITIK_SERVE, TITIK_CLIENT, TITIK_PROFILE: the built server, client folder and profile.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, beforeEach } from 'node:test';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const SERVE = process.env.TITIK_SERVE ?? path.join(top, 'build/release/serve/titik-serve');
export const CLIENT = process.env.TITIK_CLIENT ?? path.join(top, 'build/web/client');
const PROFILE = process.env.TITIK_PROFILE ?? path.join(top, 'build/cities/kota-jambi.json');
const run = promisify(execFile);

export const CHROMIUM_ARGS = ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader'];
export const PHONE = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true,
  locale: 'id-ID', timezoneId: 'Asia/Jakarta' };

// How long a test waits for what has to come; only a test that fails waits so long. Two browsers that
// draw with two processors that do other things as well have taken 30 s for what takes one.
export const PATIENCE_MS = 60_000;

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

export const PHOTOS = {
  gps: path.join(top, 'node_modules/exif-parser/test/starfish.jpg'),
  rotated: path.join(top, 'build/deps/exiv2/test/data/exiv2-bug922.jpg'),
  large: path.join(top, 'build/deps/mate/usr/share/backgrounds/mate/abstract/Elephants_5640x3172.jpg'),  // 17.9 MP
  plain: path.join(top, 'build/deps/mate/usr/share/backgrounds/mate/nature/Garden.jpg'),
  evidence: path.join(top, 'build/deps/mate/usr/share/backgrounds/mate/nature/YellowFlower.jpg'),
};

export const MORE_PHOTOS = ['Aqua', 'Blinds', 'Dune', 'FreshFlower', 'GreenMeadow', 'LadyBird']
  .map((name) => path.join(top, `build/deps/mate/usr/share/backgrounds/mate/nature/${name}.jpg`));

// The client as another version would be: main.js and photo_worker.js differ by a byte and have other
// names, all that names them follows.
export const nextVersion = () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'titik-client-'));
  cpSync(CLIENT, folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith('.br')) rmSync(path.join(folder, name));
  const edit = (name, change) => writeFileSync(path.join(folder, name), change(readFileSync(path.join(folder, name), 'utf8')));
  for (const stem of ['photo_worker', 'main']) {
    const old = readdirSync(folder).find((name) => new RegExp(`^${stem}\\.[0-9a-f]+\\.js$`).test(name));
    edit(old, (text) => `${text}\n`);
    const hash = createHash('sha256').update(readFileSync(path.join(folder, old))).digest('hex').slice(0, 10);
    const now = `${stem}.${hash}.js`;
    renameSync(path.join(folder, old), path.join(folder, now));
    for (const name of ['index.html', 'sw.js', ...readdirSync(folder).filter((one) => /^main\./.test(one))]) edit(name, (text) => text.replaceAll(old, now));
  }
  edit('sw.js', (text) => text.replace(/const VERSION="[0-9a-f]{12}"/, `const VERSION="${'b'.repeat(12)}"`));
  return folder;
};
// titik-serve on a folder of its own. stop() and start() keep the folder and the port.
export class City {
  constructor() {
    this.data = mkdtempSync(path.join(tmpdir(), 'titik-city-'));
    this.port = 0;
    this.client = CLIENT;
  }

  async start() {
    this.process = spawn(SERVE, ['serve', '--port', String(this.port), '--data', this.data, '--client', this.client,
      '--profile', PROFILE], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.log = '';
    this.process.stderr.on('data', (text) => { this.log += text; });
    const line = await new Promise((resolve, reject) => {
      let out = '';
      this.process.stdout.on('data', (text) => {
        out += text;
        if (out.includes('\n')) resolve(out);
      });
      this.process.once('exit', (code) => reject(new Error(`titik-serve ended with ${code}: ${this.log}`)));
    });
    this.port = Number(/^Titik Lapor: http:\/\/localhost:(\d+)\n$/.exec(line)[1]);
  }

  async stop(signal = 'SIGTERM') {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill(signal);
    await ended;
  }

  async remove() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  // A command of the agency's desk: list, show, verify, follow-up, close.
  async desk(...words) {
    const { stdout } = await run(SERVE, [...words, '--data', this.data, '--profile', PROFILE]);
    return stdout;
  }

  // An officer's account. The password goes by the standard input, as always.
  async account(name, password, ...role) {
    const adding = run(SERVE, ['account', 'add', name, ...role, '--data', this.data, '--profile', PROFILE]);
    adding.child.stdin.end(`${password}\n`);
    await adding;
  }

  get url() { return `http://localhost:${this.port}/`; }
  get profile() { return JSON.parse(readFileSync(PROFILE, 'utf8')); }
  get channelToken() { return `{${this.profile.channel_token}}`; }

  async trackingIds() {
    return [...(await this.desk('list')).matchAll(/\b(7\d{6})\b/g)].map(([, id]) => id);
  }

  // The file the server keeps under this hash; null when it has none.
  file(hash) {
    const found = [path.join(this.data, 'files', hash), path.join(this.data, 'files', hash.slice(0, 2), hash)].find(existsSync);
    return found ? readFileSync(found) : null;
  }
}

// A TCP proxy before the city: the phone's network. cut() refuses and ends everything;
// dropNextAnswer(pattern) lets the next request that contains the text through, and ends the
// connection instead of handing its answer back.
export class Network {
  constructor(city) {
    this.city = city;
    this.up = true;
    this.sockets = new Set();
    this.requests = [];
    this.drop = null;
    this.dropped = 0;
    this.sent = 0;       // bytes, from the phone
    this.onSent = null;  // called after each of its pieces
    this.received = 0;   // bytes, by the phone
  }

  async start() {
    this.server = net.createServer((phone) => {
      if (!this.up) {
        phone.destroy();
        return;
      }
      const city = net.connect(this.city.port, '127.0.0.1');
      let swallow = false;
      for (const socket of [phone, city]) {
        this.sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.sockets.delete(socket);
          phone.destroy();
          city.destroy();
        });
      }
      phone.on('data', (bytes) => {
        const first = bytes.toString('latin1').split('\r\n', 1)[0];
        if (/^[A-Z]+ \//.test(first)) this.requests.push(first);
        if (this.drop && first.includes(this.drop)) {
          this.drop = null;
          swallow = true;
        }
        this.sent += bytes.length;
        city.write(bytes);
        this.onSent?.();
      });
      city.on('data', (bytes) => {
        if (swallow) {
          this.dropped += 1;
          phone.destroy();
          return;
        }
        this.received += bytes.length;
        phone.write(bytes);
      });
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  get url() { return `http://localhost:${this.port}/`; }

  cut() {
    this.up = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend() { this.up = true; }
  dropNextAnswer(text) { this.drop = text; }

  async stop() {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

// A phone: a browser with a profile folder that outlives the process, so that it can be killed.
export class Phone {
  constructor(options = {}) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'titik-phone-'));
    this.options = options;
    this.problems = [];
    this.beforeOpen = null;  // called with the browser's context before the first page is opened
  }

  async open(url) {
    const page = await this.blank();
    await page.goto(url);
    await drawn(page);
    return page;
  }

  // The page before it goes anywhere.
  async blank() {
    this.context ??= await chromium.launchPersistentContext(this.folder, {
      executablePath: process.env.TITIK_CHROMIUM ?? '/usr/bin/chromium', args: CHROMIUM_ARGS, ...PHONE, ...this.options });
    this.context.setDefaultTimeout(PATIENCE_MS);
    await this.beforeOpen?.(this.context);
    const page = this.context.pages()[0] ?? await this.context.newPage();
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/net::ERR|Failed to load resource/.test(message.text())) this.problems.push(message.text());
    });
    return page;
  }

  // Ends the browser as pulling the battery would: SIGKILL to its whole process group's members.
  async kill() {
    const { stdout } = await run('pgrep', ['-f', '--', `--user-data-dir=${this.folder}`]).catch(() => ({ stdout: '' }));
    for (const pid of stdout.split('\n').filter(Boolean)) {
      try { process.kill(Number(pid), 'SIGKILL'); } catch { /* gone already */ }
    }
    await this.context?.close().catch(() => {});
    this.context = null;
  }

  async remove() {
    await this.context?.close().catch(() => {});
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

// What most files want: one city for all of their tests, and a new phone for each, whose pages must have
// no errors in the end. Called once; `city` and `phone` are the present ones.
export let city;
export let phone;
export const cityAndPhones = () => {
  before(async () => {
    city = new City();
    await city.start();
  });
  after(() => city.remove());
  beforeEach(() => { phone = new Phone(); });
  afterEach(async () => {
    await phone.remove();
    assert.deepEqual(phone.problems, [], 'errors in the page');
  });
};

// The interface has taken over from the static page.
export const drawn = (page) => page.waitForFunction(() => window.titik?.metrics().interactiveMs, null, { polling: 50 });

// Until `condition(argument)`, which may be asynchronous, holds in the page. (waitForFunction takes a promise for a yes.)
export const until = async (page, condition, argument) => {
  const end = Date.now() + PATIENCE_MS;
  while (!(await page.evaluate(condition, argument))) {
    if (Date.now() > end) throw new Error(`never true: ${condition}`);
    await page.waitForTimeout(50);
  }
};

export const waitForServiceWorker = (page) => page.evaluate(async () => {
  const registration = await navigator.serviceWorker.ready;
  if (registration.active.state === 'activated') return;
  await new Promise((resolve) => registration.active.addEventListener('statechange', () => {
    if (registration.active?.state === 'activated') resolve();
  }));
});

export const alertWith = (page, text) => page.getByRole('alert').filter({ hasText: text });
export const status = (page, text) => page.getByRole('status').filter({ hasText: text });

// Waits until what was just typed is in the database. The first frames carry it into the model; only
// after them "Tersimpan" speaks of it and not of what was before. For both browsers' drivers.
export const saved = (page) => page.evaluate((patience) => new Promise((resolve, reject) => {
  const end = performance.now() + patience;
  let frames = 4;
  const look = () => {
    const texts = [...document.querySelectorAll('[role=status]')].map((one) => one.textContent);
    if (--frames < 0 && texts.includes('Tersimpan di ponsel')) resolve();
    else if (performance.now() > end) reject(new Error(`not saved: ${texts}`));
    else requestAnimationFrame(look);
  };
  look();
}), PATIENCE_MS);

// --- The main job, by roles and names -----------------------------------------------------------------

export const choosePhotos = async (page, files) => {
  const before = await page.getByRole('button', { name: /^Foto \d dari \d$/ }).count();
  await page.getByLabel('Pilih dari galeri').setInputFiles(files);
  const count = before + files.length;
  const last = count > 1 ? page.getByRole('button', { name: `Foto ${count} dari ${count}` }) : page.getByRole('button', { name: 'Hapus foto 1' });
  await last.waitFor();
};

export const STORY = {
  category: 'Jalan', title: 'Lubang besar di jalan', content: 'Lubang sedalam 30 cm, sudah dua orang jatuh pekan ini.',
  landmark: 'Depan warung, dekat masjid',
};

// From Beranda to Periksa. `photos` may be empty.
export const writeReport = async (page, { photos = [PHOTOS.plain], story = STORY } = {}) => {
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await page.getByRole('heading', { name: 'Foto', exact: true }).waitFor();
  if (photos.length > 0) await choosePhotos(page, photos);
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('heading', { name: 'Lokasi' }).waitFor();
  await page.getByRole('textbox', { name: 'Patokan' }).fill(story.landmark);
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('heading', { name: 'Cerita' }).waitFor();
  await page.getByRole('radio', { name: 'Pengaduan' }).check();
  await page.getByRole('radio', { name: story.category, exact: true }).check();
  await page.getByRole('textbox', { name: 'Judul' }).fill(story.title);
  await page.getByRole('textbox', { name: 'Isi laporan' }).fill(story.content);
  await saved(page);
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('heading', { name: 'Periksa' }).waitFor();
};

export const send = async (page) => page.getByRole('button', { name: 'Kirim laporan' }).click();

export const trackingId = async (page) => {
  await status(page, 'Terkirim').waitFor();
  await page.getByText(/Foto menyusul/).waitFor({ state: 'hidden' });  // words go first
  const text = await page.getByText(/^Nomor lacak \d+$/).first().textContent();
  return /\d+/.exec(text)[0];
};

// Hash and bytes of every blob in the phone's store.
export const storedPhotos = (page) => page.evaluate(async () => {
  const database = await new Promise((resolve, reject) => {
    const open = indexedDB.open('titik');
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error);
  });
  const entries = await new Promise((resolve, reject) => {
    const store = database.transaction('blobs').objectStore('blobs');
    const values = store.getAll();
    const keys = store.getAllKeys();
    keys.onsuccess = () => resolve(keys.result.map((key, i) => ({ key, blob: values.result[i].blob })));
    keys.onerror = () => reject(keys.error);
  });
  database.close();
  const out = [];
  for (const { key, blob } of entries) {
    const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
    out.push({ key, bytes: blob.size, sha256: [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('') });
  }
  return out;
});
