// The engine's worker in a real browser, driven by messages (web/engine_worker.js): what it replied to is
// still there after the browser was killed, and only one tab owns the database.
//
//   node --test tests/e2e/engine_worker.test.mjs      (after building the target `engine`)
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ID, addPhoto, city, command, draft, launch, metrics, started } from './engine_world.mjs';

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
    setTimeout(() => reject(new Error(JSON.stringify(window.heard.slice(-6)))), 60000);
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
