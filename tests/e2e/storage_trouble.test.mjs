// What browsers and phones do to a database, in real Chromium and Firefox: damaged, evicted while in use, full, refused,
// written by another version. The app works on, what could be read is there, and the citizen is told.
//
//   node --test tests/e2e/storage_trouble.test.mjs      (after building the target `engine`)
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ID, addPhoto, command, draft, launch, launchFirefox, metrics, started } from './engine_world.mjs';

// Firefox gives an origin as much room as all of them when that is so little.
const both = (name, work) => {
  test(name, () => work(launch));
  test(`${name} (Firefox)`, () => work((profile) => launchFirefox(profile, { 'dom.quotaManager.temporaryStorage.fixedLimit': 4096 })));
};

const FIXTURES = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../src/store/fixtures');
const id = (number) => `019aa7d2-0000-7000-8000-${String(number).padStart(12, '0')}`;

const last = (page, type) => page.evaluate((wanted) => window.heard.filter((one) => one.type === wanted).at(-1), type);
const hear = (page, wanted) => page.evaluate((one) => window.hear(one), wanted);
const stored = (page, store, key) => page.evaluate(([where, which]) => window.read(where, which), [store, key]);
// An engine that has told all it knows: the notice is the last of its events but one.
const begun = async (browser, script) => {
  const page = await started(browser, script);
  await hear(page, { type: 'storage_notice' });
  return page;
};
const flip = (page, number, at) => page.evaluate(([key, offset]) => window.change('pages', key, (record) => {
  new Uint8Array(record.data)[offset] ^= 1;
  return record;
}), [number, at]);

// Three reports; the page is closed.
const filled = async (browser) => {
  const page = await begun(browser);
  for (const number of [1, 2, 3]) {
    const reply = await command(page, { type: 'save_draft', id: 10 + number, draft: draft({ id: id(number), title: `Judul ${number}` }) });
    assert.equal(reply.error, undefined);
  }
  await page.close();
};
const titles = async (page) => (await last(page, 'reports_changed')).reports.map((one) => one.title).sort();

both('a damaged page: set aside whole, the reports are there, told until it was read', async (launched) => {
  const browser = await launched('damaged');
  await filled(browser);
  const editor = await browser.page();
  const pages = await stored(editor, 'pages');
  const head = await stored(editor, 'meta', 'head');
  await flip(editor, 1, 70);

  let page = await begun(browser);
  const notice = await hear(page, { type: 'storage_notice' });
  assert.deepEqual([notice.kind, notice.reports], ['recovered', 3]);
  assert.deepEqual(await titles(page), ['Judul 1', 'Judul 2', 'Judul 3']);
  const aside = await stored(page, 'aside');
  assert.equal(aside.length, pages.length + 1);
  assert.ok(Date.now() - aside[0][0] < 60_000);
  assert.deepEqual(aside.map((key) => key.slice(1)).filter((key) => key[0] === 'page').map((key) => key[1]), pages);
  assert.deepEqual(await stored(page, 'aside', [aside[0][0], 'head']), head);
  assert.equal((await command(page, { type: 'save_draft', id: 30, draft: draft({ id: id(4), title: 'Judul 4' }) })).error, undefined);
  await page.close();

  page = await begun(browser);
  assert.equal((await hear(page, { type: 'storage_notice' })).kind, 'recovered');
  assert.deepEqual(await titles(page), ['Judul 1', 'Judul 2', 'Judul 3', 'Judul 4']);
  assert.equal((await command(page, { type: 'dismiss_notice', id: 31 })).error, undefined);
  assert.equal((await last(page, 'storage_notice')).kind, 'none');
  assert.equal((await stored(page, 'aside')).length, aside.length, 'what was set aside stays');
  await browser.kill();
});

both('pages missing and no head: what is left is recovered, and the photo of a lost report gets a draft', async (launched) => {
  const browser = await launched('missing');
  let page = await begun(browser);
  await command(page, { type: 'save_draft', id: 2, draft: draft() });
  const picture = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(640, 480);
    canvas.getContext('2d').fillRect(0, 0, 320, 240);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  const { sha256, reply } = await addPhoto(page, 3, Buffer.from(picture, 'base64'));
  assert.equal(reply.error, undefined);
  await page.close();
  const editor = await browser.page();
  for (const number of await stored(editor, 'pages')) if (number > 1) await editor.evaluate((key) => window.drop('pages', key), number);
  await editor.evaluate(() => window.drop('meta', 'head'));

  page = await begun(browser);
  assert.equal((await hear(page, { type: 'storage_notice' })).kind, 'recovered');
  const { report } = await page.evaluate(() => new Promise((resolve, reject) => {
    const check = () => {
      const found = window.heard.find((one) => one.type === 'report_changed' && one.report.draft.photos.length === 1);
      if (found) resolve(found);
    };
    window.checks.add(check);
    setTimeout(() => reject(new Error(JSON.stringify(window.heard).slice(-1500))), 60000);
    check();
  }));
  assert.equal(report.draft.id, ID);
  assert.equal(report.state, 'draf');
  assert.equal(report.draft.photos[0].sha256, sha256);
  assert.deepEqual([report.draft.photos[0].width, report.draft.photos[0].height], [640, 480]);
  await browser.kill();
});

both('evicted while it is in use: written anew from memory, and no word of another tab', async (launched) => {
  const browser = await launched('evicted');
  const page = await begun(browser);
  for (const number of [1, 2]) await command(page, { type: 'save_draft', id: number + 1, draft: draft({ id: id(number), title: `Judul ${number}` }) });
  await page.evaluate(() => fetch('/evict'));
  const reply = await command(page, { type: 'save_draft', id: 9, draft: draft({ id: id(3), title: 'Judul 3' }) });
  assert.equal(reply.error, undefined);
  assert.equal(await page.evaluate(() => window.heard.filter((one) => one.type === 'fatal').length), 0);
  const { dbPages } = await metrics(page);
  assert.equal((await stored(page, 'pages')).length, dbPages);
  await page.close();
  const again = await begun(browser);
  assert.deepEqual(await titles(again), ['Judul 1', 'Judul 2', 'Judul 3']);
  await browser.kill();
});

both('the connection closed by a version change, then lost: opened again, the write goes on', async (launched) => {
  const browser = await launched('closed');
  const page = await begun(browser);
  const other = await browser.page();
  await other.evaluate(() => new Promise((resolve, reject) => {
    const open = indexedDB.open('titik', 40);  // a later version of the app added stores
    open.onsuccess = () => { open.result.close(); resolve(); };
    open.onblocked = () => reject(new Error('blocked'));
  }));
  const reply = await command(page, { type: 'save_draft', id: 2, draft: draft() });
  assert.equal(reply.error, undefined);
  assert.equal((await stored(page, 'meta', 'head')).commit, (await metrics(page)).durableCommit);
  await browser.kill();
});

both('the phone is full: nothing is dropped, it says so, and saves by itself when there is room', async (launched) => {
  const browser = await launched('full');
  const page = await browser.page();
  const giveBack = await browser.takeRoom(page, async () => {
    await page.evaluate(() => window.start());
    await page.evaluate(() => window.send({ type: 'start', id: 1 }));
    await hear(page, { type: 'reply', id: 1 });
  });
  const long = draft({ title: 'Tidak boleh hilang', content: randomBytes(150_000).toString('base64') });
  const refused = await command(page, { type: 'save_draft', id: 3, draft: long });
  assert.equal(refused.error.code, 'too_large');
  assert.equal((await last(page, 'save_state_changed')).problem, 'too_large');
  await giveBack();
  await page.evaluate(() => window.send({ type: 'send_now', id: 4 }));
  await page.evaluate(() => new Promise((resolve, reject) => {
    const check = () => {
      const state = window.heard.filter((one) => one.type === 'save_state_changed').at(-1);
      if (state.problem === '' && !state.unsaved) resolve();
    };
    window.checks.add(check);
    setTimeout(() => reject(new Error(JSON.stringify(window.heard.slice(-5)))), 30000);
    check();
  }));
  await page.close();
  const again = await begun(browser);
  assert.deepEqual(await titles(again), ['Tidak boleh hilang']);
  await browser.kill();
});

// Of a picture as the screen gets it; -1: the worker has none.
let questions = 0;
const pictureSize = (page, key) => page.evaluate(async (question) => {
  window.worker.postMessage({ type: 'picture', ...question });
  return (await window.hear({ type: 'picture', id: question.id })).blob?.size ?? -1;
}, { id: ++questions, sha256: key });

for (const [name, script] of [
  ['refused', "IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };"],
  ['absent', "Object.defineProperty(self, 'indexedDB', { value: undefined });"],
]) {
  both(`IndexedDB ${name}: works in memory, photos too, and never calls it saved`, async (launched) => {
    const browser = await launched(name);
    const page = await begun(browser, script);
    assert.equal((await hear(page, { type: 'storage_notice' })).kind, 'memory');
    assert.equal((await command(page, { type: 'save_draft', id: 2, draft: draft() })).error, undefined);
    const bytes = Buffer.alloc(3000, 7);
    const { sha256, reply } = await addPhoto(page, 3, bytes);
    assert.equal(reply.error, undefined);
    assert.equal(await pictureSize(page, sha256), 3000);
    assert.equal(await pictureSize(page, sha256.replace(/./, 'z')), -1);
    assert.equal((await last(page, 'save_state_changed')).problem, 'memory');
    assert.deepEqual(await titles(page), ['Lubang di jalan']);
    await browser.kill();
  });
}

test('Firefox that keeps nothing of any site: works in memory, and says so', async () => {
  const browser = await launchFirefox('no-cookies', { 'network.cookie.cookieBehavior': 2 });
  const page = await begun(browser);
  assert.equal((await hear(page, { type: 'storage_notice' })).kind, 'memory');
  assert.equal((await command(page, { type: 'save_draft', id: 2, draft: draft() })).error, undefined);
  assert.equal((await last(page, 'save_state_changed')).problem, 'memory');
  assert.deepEqual(await titles(page), ['Lubang di jalan']);
  await browser.kill();
});

test('a private window of Firefox: photos and reports are there as long as the window', async () => {
  const browser = await launchFirefox('private', { 'browser.privatebrowsing.autostart': true });
  let page = await begun(browser);
  assert.equal((await hear(page, { type: 'storage_notice' })).kind, 'none');
  assert.equal((await command(page, { type: 'save_draft', id: 2, draft: draft() })).error, undefined);
  assert.equal((await addPhoto(page, 3, Buffer.alloc(3000, 7))).reply.error, undefined);
  const other = await browser.page();  // the window lives on
  await page.close();
  page = await begun(browser);
  assert.deepEqual(await titles(page), ['Lubang di jalan']);
  assert.equal((await stored(other, 'blobs')).length, 2);
  await browser.kill();
});

both('every write asks for strict durability', async (launched) => {
  const browser = await launched('strict');
  const page = await begun(browser, `
    const transaction = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (names, mode, options) {
      if (mode === 'readwrite') self.postMessage({ type: 'asked', durability: transaction.call(this, names, mode, options).durability });
      return transaction.call(this, names, mode, options);
    };`);
  await command(page, { type: 'save_draft', id: 2, draft: draft() });
  const asked = await page.evaluate(() => window.heard.filter((one) => one.type === 'asked').map((one) => one.durability));
  assert.ok(asked.length >= 3);
  assert.deepEqual([...new Set(asked)], ['strict']);
  await browser.kill();
});

// The sums of docs/storage-format.md, written a second time.
const MASK = (1n << 64n) - 1n;
const mix = (state, word) => {
  const mixed = ((state ^ word) * 0x9FB21C651E98DF25n) & MASK;
  return mixed ^ (mixed >> 32n);
};
const spread = (state) => {
  let mixed = ((state ^ (state >> 30n)) * 0xBF58476D1CE4E5B9n) & MASK;
  mixed = ((mixed ^ (mixed >> 27n)) * 0x94D049BB133111EBn) & MASK;
  return mixed ^ (mixed >> 31n);
};
const pageSum = (number, page) => {
  let state = mix(mix(0x746974696B706167n, BigInt(number)), BigInt(page.length));
  for (let at = 0; at < page.length; at += 8) state = mix(state, page.readBigUInt64LE(at));
  return spread(state);
};
const hex = (sum) => sum.toString(16).padStart(16, '0');

// Puts a database as FilePageStore keeps it (docs/storage-format.md, Folder) into IndexedDB, with another
// user_version when one is given.
const plant = async (page, file, userVersion) => {
  const bytes = await readFile(file);
  const count = bytes.readUInt32LE(12);
  const commit = bytes.readBigUInt64LE(16);
  const pages = Array.from({ length: count }, (_, i) => bytes.subarray(8200 * (i + 1) + 8, 8200 * (i + 2)));
  const headSum = () => spread(mix(mix(mix(0n, commit), BigInt(count)), pages.reduce((all, one, i) => all ^ pageSum(i + 1, one), 0n)));
  pages.forEach((one, i) => assert.equal(pageSum(i + 1, one), bytes.readBigUInt64LE(8200 * (i + 1))));
  assert.equal(headSum(), bytes.readBigUInt64LE(24));
  if (userVersion) pages[0].writeUInt32BE(userVersion, 60);
  await page.evaluate(({ head, all }) => new Promise((resolve) => {
    const open = indexedDB.open('titik', 1);
    open.onupgradeneeded = () => { for (const name of ['pages', 'meta', 'blobs', 'aside']) open.result.createObjectStore(name); };
    open.onsuccess = () => {
      const transaction = open.result.transaction(['pages', 'meta'], 'readwrite');
      transaction.objectStore('meta').put(head, 'head');
      all.forEach((one, i) => transaction.objectStore('pages').put({ sum: one.sum, data: Uint8Array.from(atob(one.data), (c) => c.charCodeAt(0)).buffer }, i + 1));
      transaction.oncomplete = () => { open.result.close(); resolve(); };
    };
  }), {
    head: { commit: Number(commit), page_count: count, sum: hex(headSum()), format: 1 },
    all: pages.map((one, i) => ({ sum: hex(pageSum(i + 1, one)), data: one.toString('base64') })),
  });
};

// Everything in IndexedDB, as text.
const contents = (page) => page.evaluate(async () => {
  const all = {};
  for (const store of ['pages', 'meta', 'blobs', 'aside']) {
    for (const key of await window.read(store)) {
      const value = await window.read(store, key);
      all[`${store} ${key}`] = JSON.stringify(value.data ? [value.sum, ...new Uint8Array(value.data)] : value);
    }
  }
  return all;
});

both('a newer database can be read; nothing is changed, and nothing is written', async (launched) => {
  const browser = await launched('newer');
  const editor = await browser.page();
  const newest = (await readdir(FIXTURES)).sort().at(-1);
  await plant(editor, path.join(FIXTURES, newest, 'pages'), 99);
  const before = await contents(editor);
  const page = await begun(browser);
  assert.equal((await last(page, 'storage_notice')).kind, 'newer');
  assert.equal((await last(page, 'reports_changed')).reports.length, 7);
  assert.equal((await command(page, { type: 'open_report', id: 2, report_id: id(5) })).error, undefined);
  const report = (await last(page, 'report_changed')).report;
  assert.equal(report.timeline.length, 2);
  assert.equal((await command(page, { type: 'save_draft', id: 3, draft: draft({ id: id(2) }) })).error.code, 'unsupported');
  assert.equal((await addPhoto(page, 4, Buffer.alloc(500))).reply.error.code, 'unsupported');
  await page.evaluate(() => window.worker.postMessage({ type: 'online' }));
  assert.equal((await command(page, { type: 'delete_draft', id: 5, report_id: id(1) })).error.code, 'unsupported');
  assert.deepEqual(await contents(editor), before);
  await browser.kill();
});

both('pages of a newer format are told and left as they are', async (launched) => {
  const browser = await launched('format');
  await filled(browser);
  const editor = await browser.page();
  await editor.evaluate(() => window.change('meta', 'head', (one) => ({ ...one, format: 2 })));
  const pages = await stored(editor, 'pages');
  const page = await browser.page();
  await page.evaluate(() => window.start());
  await hear(page, { type: 'fatal', code: 'newer' });
  assert.equal((await stored(editor, 'meta', 'head')).format, 2);
  assert.deepEqual(await stored(editor, 'pages'), pages);
  await browser.kill();
});

both('databases of every earlier version open with the phone\'s own SQLite', async (launched) => {
  for (const version of await readdir(FIXTURES)) {
    const browser = await launched(version);
    const editor = await browser.page();
    await plant(editor, path.join(FIXTURES, version, 'pages'));
    const page = await begun(browser);
    assert.equal((await last(page, 'reports_changed')).reports.length, 7, version);
    assert.equal((await last(page, 'storage_notice')).kind, 'none', version);
    assert.equal((await command(page, { type: 'save_draft', id: 2, draft: draft({ id: id(99) }) })).error, undefined);
    await browser.kill();
  }
});
