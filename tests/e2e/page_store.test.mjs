// web/engine_store.js against the conformance suite of every PageStore (src/store/page_store_conformance.h), on
// real IndexedDB in Chromium and in Firefox. The suite is a native program (indexed_db_test.cc says how
// it speaks); here is its way to the browser. A restart is a new worker, so a new connection.
//
// TITIK_INDEXED_DB_TEST: the program (build/asan/tests/e2e/indexed_db_test).
// TITIK_ENGINE_STORE: another engine_store.js, to see the suite refuse it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const PROGRAM = process.env.TITIK_INDEXED_DB_TEST ?? path.join(top, 'build/asan/tests/e2e/indexed_db_test');
const STORE = readFileSync(process.env.TITIK_ENGINE_STORE ?? path.join(top, 'web/engine_store.js'), 'utf8');

// Runs after engine_store.js, in the worker.
const WORKER = `
const ANY_SCHEMA = 2 ** 32;  // the suite's pages are no database: their version is any number
const hex = (...words) => words.map((word) => word.toString(16).padStart(8, '0')).join('');
const halves = (sum) => [parseInt(sum.slice(0, 8), 16), parseInt(sum.slice(8), 16)];
const bytes = (text) => Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16)).buffer;
const store = createStore(() => {});
const work = {
  restart: async () => {
    const lines = [];
    await store.load(ANY_SCHEMA, false,
      (commit, pages, high, low) => lines.push(['head', commit, pages, hex(high, low)].join(' ')),
      (number, high, low, data) => lines.push(['page', number, hex(high, low), Array.from(data, (one) => one.toString(16).padStart(2, '0')).join('')].join(' ')));
    if (store.inMemory) throw new Error('no IndexedDB');
    return lines;
  },
  write: async ([commit, pages, sum, whole], lines) => {
    store.pagesBegin(Number(commit), Number(pages), ...halves(sum), whole === '1');
    for (const [, number, pageSum, data] of lines.map((line) => line.split(' '))) store.pagesPut(Number(number), ...halves(pageSum), bytes(data));
    await store.pagesCommit();
    return [];
  },
};
self.onmessage = async ({ data: [name, words, lines] }) => {
  try {
    self.postMessage([...await work[name](words, lines), 'ok']);
  } catch (error) {
    self.postMessage(['error ' + error]);
  }
};`;

const PAGE = `
let worker = null;
const ask = (...message) => new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => resolve(['error ' + event.message]);
  worker.postMessage(message);
});
window.work = {
  new: () => new Promise((resolve) => {
    worker?.terminate();
    const request = indexedDB.deleteDatabase('titik');
    request.onsuccess = () => resolve(['ok']);
    request.onerror = () => resolve(['error ' + request.error]);
  }),
  restart: () => {
    worker?.terminate();
    worker = new Worker('/worker.js');
    return ask('restart');
  },
  write: (words, lines) => ask('write', words, lines),
};`;

let server;
let url;
let store;  // what the workers run

before(async () => {
  const files = {
    '/': ['text/html', () => '<!doctype html><title>page store</title><script src="/page.js"></script>'],
    '/page.js': ['text/javascript', () => PAGE],
    '/worker.js': ['text/javascript', () => store + WORKER],
  };
  server = http.createServer((request, response) => {
    const [type, text] = files[request.url] ?? ['text/plain', () => ''];
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(text());
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${server.address().port}/`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const BROWSERS = {
  chrome: { executablePath: process.env.TITIK_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic'] },
  firefox: { executablePath: process.env.TITIK_FIREFOX ?? '/usr/bin/firefox-esr' },
};

// Runs one test of the suite against the page's IndexedDB. Resolves {code, text}: its end and what it said.
const conform = async (page, name) => {
  const program = spawn(PROGRAM, [`--gtest_filter=${name}`], { stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (piece) => { text += piece; });
  const ended = new Promise((resolve) => { program.once('close', resolve); });
  const lines = createInterface({ input: program.stdio[3] })[Symbol.asyncIterator]();
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const [kind, ...words] = line.value.split(' ');
    const more = [];
    for (let i = Number(words[4] ?? 0); i > 0; --i) more.push((await lines.next()).value);
    const answer = await page.evaluate((...one) => window.work[one[0]](...one.slice(1)), kind, words, more);
    program.stdio[4].write(`${answer.join('\n')}\n`);
  }
  return { code: await ended, text };
};

const names = execFileSync(PROGRAM, ['--gtest_list_tests'], { encoding: 'utf8' }).split('\n')
  .filter((line) => line.startsWith('  ')).map((line) => `*.${line.trim().split(' ')[0]}`);

// Each breaks one rule of the contract, and is found out by the test beside it.
const BREAKS = {
  '*.GrowsAndShrinks/*': ['pages past the end stay', /store\.delete\(IDBKeyRange[^;]*;/, ''],
  '*.ABatchChangesOnlyItsPages/*': ['a batch replaces the whole database', 'if (!whole && old.result) return put();', 'if (!whole && old.result) { store.clear(); return put(); }'],
  '*.KeepsWhatWasWritten/*': ['the answer comes, the head does not', "meta.put(head, 'head');", ''],
};

for (const [browserName, options] of Object.entries(BROWSERS)) {
  test(`IndexedDB in ${browserName}`, { timeout: 300_000 }, async (t) => {
    const browser = await puppeteer.launch({ browser: browserName, headless: true, ...options });
    try {
      const page = await browser.newPage();
      await page.goto(url);
      assert.ok(names.length >= 6, names.join());
      for (const name of names) {
        await t.test(name.slice(2), async () => {
          store = STORE;
          const { code, text } = await conform(page, name);
          assert.equal(code, 0, text);
          assert.match(text, /\[ {2}PASSED {2}\] 1 test/);
        });
      }
      for (const [name, [words, from, to]] of Object.entries(BREAKS)) {
        await t.test(`a store in which ${words} is refused`, async () => {
          store = STORE.replace(from, to);
          assert.notEqual(store, STORE);
          const { code, text } = await conform(page, name);
          assert.equal(code, 1, text);
        });
      }
    } finally {
      await browser.close();
    }
  });
}
