// With no page open: the service worker sends what waits and asks for news, driven by the events of the
// DevTools protocol; and a page that is opened meanwhile has the engine at once.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { CLIENT, City, Network, PHOTOS, Phone, STORY, drawn, send, sha256, status, storedPhotos, trackingId,
  waitForServiceWorker, writeReport } from './world.mjs';

let city;
let network;
let phone;

before(async () => {
  city = new City();
  await city.start();
});
after(() => city.remove());
beforeEach(async () => {
  phone = new Phone();
  network = new Network(city);
  await network.start();
});
afterEach(async () => {
  await phone.remove();
  await network.stop();
  city.process.kill('SIGCONT');
  assert.deepEqual(phone.problems, [], 'errors in the page');
});

const until = async (what, look, milliseconds = 60_000) => {
  for (const end = Date.now() + milliseconds; Date.now() < end;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error(`in vain: ${what}`);
};

// The service worker as the browser drives it. `blank` keeps the browser open while no page of ours is.
const watchWorker = async () => {
  const blank = await phone.context.newPage();
  const session = await phone.context.newCDPSession(blank);
  let registrationId;
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    for (const one of registrations) if (one.scopeURL === network.url) ({ registrationId } = one);
  });
  let running;
  session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => { for (const one of versions) running = one.runningStatus; });
  await session.send('ServiceWorker.enable');
  await until('the registration', () => registrationId);
  // As it is when it was not wanted for a while: begun anew, it may import only what it imported when it
  // was installed.
  await session.send('ServiceWorker.stopAllWorkers');
  await until('its end', () => running === 'stopped');
  await session.send('ServiceWorker.startWorker', { scopeURL: network.url });
  await until('its start', () => running === 'running');
  const worker = phone.context.serviceWorkers().find((one) => one.url() === `${network.url}sw.js`);
  // How events end is told to nobody but the browser.
  await worker.evaluate(() => {
    self.ends = [];
    const { waitUntil } = ExtendableEvent.prototype;
    ExtendableEvent.prototype.waitUntil = function (work) {
      if (['sync', 'periodicsync'].includes(this.type)) {
        const place = self.ends.push('under way') - 1;
        work.then(() => { self.ends[place] = 'done'; }, () => { self.ends[place] = 'failed'; });
      }
      return waitUntil.call(this, work);
    };
  });
  const origin = network.url.slice(0, -1);
  const ends = () => worker.evaluate(() => self.ends);
  const event = async (method, parameters) => {
    const before = (await ends()).length;
    await session.send(`ServiceWorker.${method}`, { origin, registrationId, ...parameters });
    return {
      end: () => until(`the end of ${method}`, async () => {
        const [end] = (await ends()).slice(before);
        return end === 'under way' ? undefined : end;
      }, 120_000),
    };
  };
  return {
    evaluate: (...what) => worker.evaluate(...what),
    sync: (lastChance = false) => event('dispatchSyncEvent', { tag: 'titik-outbox', lastChance }),
    periodic: () => event('dispatchPeriodicSyncEvent', { tag: 'titik-news' }),
    ends,
    notifications: () => worker.evaluate(async () => (await self.registration.getNotifications()).map(({ title, body, data, tag }) => ({ title, body, data, tag }))),
    locks: () => worker.evaluate(async () => (await navigator.locks.query()).held.map(({ name }) => name)),
    tags: () => worker.evaluate(() => self.registration.sync.getTags()),
  };
};

// The browser would begin the event at once, as it thinks that it has a network: that moment is the test's.
const withoutOwnEvents = (page) => page.evaluate(() => {
  window.registered = [];
  SyncManager.prototype.register = async (tag) => { window.registered.push(tag); };
});
// A report with a photo, handed over without a network; its page is closed. Answers the photo's hash.
const queueReport = async () => {
  const page = await phone.open(network.url);
  await waitForServiceWorker(page);
  const worker = await watchWorker();
  await withoutOwnEvents(page);
  await writeReport(page, { photos: [PHOTOS.gps] });
  network.cut();
  await send(page);
  await status(page, 'Menunggu jaringan').waitFor();
  const [{ key }] = (await storedPhotos(page)).sort((a, b) => b.bytes - a.bytes);
  assert.deepEqual(await page.evaluate(() => window.registered), ['titik-outbox']);
  await page.close();
  await until('the end of its engine', async () => (await worker.locks()).length === 0);
  return { worker, key };
};
const reopen = async () => {
  const page = await phone.context.newPage();
  page.on('pageerror', (error) => phone.problems.push(String(error)));
  await page.goto(network.url);
  return page;
};
const openRow = (page) => page.getByRole('button', { name: new RegExp(`^${STORY.title}`) }).first().click();
const newIds = async (known) => (await city.trackingIds()).filter((id) => !known.includes(id));

test('a report is delivered with its photo, once, and the page knows of it', { timeout: 180_000 }, async () => {
  const known = await city.trackingIds();
  const { worker, key } = await queueReport();
  assert.equal(city.file(key), null);
  network.mend();
  const event = await worker.sync();
  assert.equal(await event.end(), 'done');
  const ids = await newIds(known);
  assert.equal(ids.length, 1);
  assert.equal(sha256(city.file(key)), key);
  assert.deepEqual(await worker.locks(), []);
  assert.deepEqual(await worker.notifications(), [], 'nobody has allowed it');
  // Nothing is left to do.
  const creates = network.requests.filter((one) => /POST .*\/complaint /.test(one)).length;
  assert.equal(await (await worker.sync()).end(), 'done');
  assert.equal(network.requests.filter((one) => /POST .*\/complaint /.test(one)).length, creates);
  const page = await reopen();
  await openRow(page);
  await page.getByText(`Nomor lacak ${ids[0]}`).waitFor();
  assert.deepEqual(await newIds(known), ids);
});

test('with the network still away the event fails, and the report waits as before', { timeout: 240_000 }, async () => {
  const known = await city.trackingIds();
  const { worker, key } = await queueReport();
  assert.equal(await (await worker.sync()).end(), 'failed');
  assert.deepEqual(await worker.locks(), []);
  assert.deepEqual(await newIds(known), []);
  const page = await reopen();
  await openRow(page);
  await status(page, 'Menunggu jaringan').first().waitFor();
  network.mend();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  const id = await trackingId(page);
  assert.deepEqual(await newIds(known), [id]);
  assert.equal(sha256(city.file(key)), key);
});

test('the page asks the browser for the event, again when it is hidden', { timeout: 120_000 }, async () => {
  const page = await phone.open(network.url);
  await waitForServiceWorker(page);
  const worker = await watchWorker();
  network.cut();
  await writeReport(page, { photos: [] });
  assert.deepEqual(await worker.tags(), []);
  await send(page);
  await until('the tag', async () => (await worker.tags()).includes('titik-outbox'));
  await withoutOwnEvents(page);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.waitForFunction(() => window.registered.length === 1);
});

test('news are asked for where the browser grants it, as long as a report is open', { timeout: 120_000 }, async () => {
  phone.beforeOpen = async (context) => {
    const session = await context.newCDPSession(context.pages()[0]);
    await session.send('Browser.setPermission', { origin: network.url, permission: { name: 'periodic-background-sync' }, setting: 'granted' });
  };
  const known = await city.trackingIds();
  const page = await phone.open(network.url);
  await waitForServiceWorker(page);
  const tags = () => page.evaluate(async () => (await navigator.serviceWorker.ready).periodicSync.getTags());
  await writeReport(page, { photos: [] });
  assert.deepEqual(await tags(), []);
  await send(page);
  await trackingId(page);
  await until('the tag', async () => (await tags()).includes('titik-news'));
  const [id] = await newIds(known);
  await city.desk('verify', id);
  await city.desk('follow-up', id, '--text', 'Lubang sudah ditambal', '--photo', PHOTOS.evidence);
  await city.desk('close', id);
  await page.getByRole('button', { name: 'Lihat laporan' }).click();
  await page.getByText('Selesai', { exact: true }).waitFor();
  await until('its end', async () => (await tags()).length === 0);
});

// The server takes the request and does not answer: the phone is in the middle of sending.
const stall = async (worker) => {
  network.mend();
  city.process.kill('SIGSTOP');
  const event = await worker.sync();
  const asked = network.requests.length;
  await until('a request', () => network.requests.length > asked);
  assert.deepEqual(await worker.locks(), ['titik-engine']);
  return event;
};

test('a page that is opened meanwhile takes the engine over, and the report arrives once', { timeout: 180_000 }, async () => {
  const known = await city.trackingIds();
  const { worker, key } = await queueReport();
  const event = await stall(worker);
  const page = await reopen();
  await page.waitForFunction(() => window.titik.metrics().engineMs, null, { timeout: 10_000 });
  assert.equal(await page.getByRole('heading', { name: 'Titik Lapor sudah terbuka di tab lain' }).count(), 0);
  assert.equal(await event.end(), 'done', 'the page sends now');
  await openRow(page);
  city.process.kill('SIGCONT');
  const id = await trackingId(page);
  assert.deepEqual(await newIds(known), [id]);
  assert.equal(sha256(city.file(key)), key);
});

test('while a page is open it sends by itself; when it is closed, the service worker goes on', { timeout: 180_000 }, async () => {
  const known = await city.trackingIds();
  const page = await phone.open(network.url);
  await waitForServiceWorker(page);
  const worker = await watchWorker();
  await withoutOwnEvents(page);
  await writeReport(page, { photos: [PHOTOS.gps] });
  network.cut();
  await send(page);
  await status(page, 'Menunggu jaringan').waitFor();
  const first = await worker.sync();
  assert.equal(await first.end(), 'failed', 'the page has tried');
  network.mend();
  city.process.kill('SIGSTOP');
  const second = await worker.sync();  // ends the page's wait: it sends
  const asked = network.requests.length;
  await until('a request', () => network.requests.length > asked);
  await page.close();
  await until('the lock is with the service worker', () => worker.evaluate(async () => (await navigator.locks.query()).held.some(({ mode }) => mode === 'shared')));
  city.process.kill('SIGCONT');
  assert.equal(await second.end(), 'done');
  assert.equal((await newIds(known)).length, 1);
});

test('when the time is over it stops: nothing is held, nothing is lost', { timeout: 180_000 }, async () => {
  const client = mkdtempSync(path.join(tmpdir(), 'titik-client-'));
  cpSync(CLIENT, client, { recursive: true });
  rmSync(path.join(client, 'sw.js.br'));
  const script = readFileSync(path.join(client, 'sw.js'), 'utf8');
  assert.match(script, /LIMIT=15E4/);
  writeFileSync(path.join(client, 'sw.js'), script.replace('LIMIT=15E4', 'LIMIT=3E3'));
  const shortCity = new City();
  shortCity.client = client;
  const usual = city;
  try {
    await shortCity.start();
    city = shortCity;
    network.city = shortCity;
    const { worker, key } = await queueReport();
    const event = await stall(worker);
    assert.equal(await event.end(), 'failed');
    assert.deepEqual(await worker.locks(), []);
    city.process.kill('SIGCONT');
    assert.equal(await (await worker.sync(true)).end(), 'done');
    assert.equal((await city.trackingIds()).length, 1);
    assert.equal(sha256(city.file(key)), key);
  } finally {
    city = usual;
    network.city = usual;
    await shortCity.remove();
    rmSync(client, { recursive: true, force: true });
  }
});

test('what happened is told where the citizen has allowed it, without a word of the report', { timeout: 240_000 }, async () => {
  phone.beforeOpen = (context) => context.grantPermissions(['notifications', 'background-sync'], { origin: network.url });
  const known = await city.trackingIds();
  const { worker } = await queueReport();
  network.mend();
  assert.equal(await (await worker.sync()).end(), 'done');
  const [id] = await newIds(known);
  const [told, ...others] = await worker.notifications();
  assert.deepEqual(others, []);
  assert.equal(told.title, 'Laporan terkirim');
  assert.equal(told.body, `Nomor lacak ${id}`);

  // News: once for what is new, and only then.
  assert.equal(await (await worker.periodic()).end(), 'done');
  assert.deepEqual((await worker.notifications()).map(({ title }) => title), ['Laporan terkirim']);
  await city.desk('verify', id);
  assert.equal(await (await worker.periodic()).end(), 'done');
  assert.deepEqual((await worker.notifications()).map(({ title, body }) => [title, body]), [['Ada kabar tentang laporan Anda', `Nomor lacak ${id}`]]);

  // A tap leads to the report. (The event is made here: the protocol has none for it.)
  const page = await reopen();
  await drawn(page);
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  });
  await page.getByText(`Nomor lacak ${id}`).waitFor();
  assert.deepEqual(await worker.notifications(), []);
});

test('a damaged database is left to the page, which mends it and sends', { timeout: 180_000 }, async () => {
  const known = await city.trackingIds();
  const { worker } = await queueReport();
  network.mend();
  // Page 2 of the file with other bytes than its sum says; and what may be read of the database.
  const look = (damage) => worker.evaluate((hurt) => new Promise((resolve) => {
    indexedDB.open('titik').onsuccess = ({ target: { result: database } }) => {
      const transaction = database.transaction(['pages', 'aside', 'meta'], 'readwrite');
      const pages = transaction.objectStore('pages');
      if (hurt) {
        pages.get(2).onsuccess = ({ target: { result } }) => {
          new Uint8Array(result.data)[100] ^= 1;
          pages.put(result, 2);
        };
      }
      const answer = {};
      transaction.objectStore('meta').get('head').onsuccess = ({ target }) => { answer.commit = target.result.commit; };
      transaction.objectStore('aside').count().onsuccess = ({ target }) => { answer.aside = target.result; };
      transaction.oncomplete = () => { database.close(); resolve(answer); };
    };
  }), damage);
  const before = await look(true);
  assert.equal(before.aside, 0);
  assert.equal(await (await worker.sync()).end(), 'done', 'nothing that another event could do');
  assert.deepEqual(await look(false), before);
  assert.deepEqual(await newIds(known), []);
  assert.deepEqual(await worker.locks(), []);
  await reopen();
  await until('the report', async () => (await newIds(known)).length > 0);
  assert.ok((await look(false)).aside > 0);
});

test('on a phone whose data was deleted nothing begins anew', { timeout: 180_000 }, async () => {
  const { worker } = await queueReport();
  await worker.evaluate(() => new Promise((resolve) => { indexedDB.deleteDatabase('titik').onsuccess = resolve; }));
  network.mend();
  assert.equal(await (await worker.sync()).end(), 'done');
  assert.deepEqual(await worker.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)), []);
});
