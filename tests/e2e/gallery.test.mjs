// Every widget in all its states, as pixels: catches a change of looks that nobody wanted.
//
//   cmake --build --preset web --target gallery && node --test tests/e2e/gallery.test.mjs
//   TITIK_RENEW=1 node --test tests/e2e/gallery.test.mjs     # after looking at what changed: new baselines
//
// The baselines are tests/e2e/gallery/*.png, at one device pixel for each CSS px. SwiftShader draws the
// same pixels every time; the small allowance is for another version of it. What differed is left in
// build/gallery/: the picture, and NAME-difference.png.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';
import { CHROMIUM_ARGS } from './world.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const top = path.resolve(here, '../..');
const folder = path.join(top, process.env.TITIK_WEB_BUILD ?? 'build/web', 'gallery');
const baselines = path.join(here, 'gallery');
const out = path.join(top, 'build/gallery');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.ttf': 'font/ttf' };
const PAGES = ['actions', 'forms', 'content', 'viewer', 'dialog'];
const MOST_PIXELS = 20;

let server;
let browser;
before(async () => {
  assert.ok(existsSync(path.join(folder, 'gallery.wasm')), 'built first: cmake --build --preset web --target gallery');
  mkdirSync(out, { recursive: true });
  mkdirSync(baselines, { recursive: true });
  server = http.createServer((request, response) => {
    const name = path.basename(new URL(request.url, 'http://x').pathname) || 'index.html';
    const file = path.join(folder, name);
    response.writeHead(existsSync(file) ? 200 : 404, { 'Content-Type': TYPES[path.extname(name)] ?? 'text/plain' });
    response.end(existsSync(file) ? readFileSync(file) : '');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await chromium.launch({ executablePath: process.env.TITIK_CHROMIUM ?? '/usr/bin/chromium', args: CHROMIUM_ARGS });
});
after(async () => {
  await browser?.close();
  server?.close();
});

const rests = (page) => page.waitForFunction(() => document.documentElement.dataset.rests);

const picture = async (pageNumber, { width = 360, scale = 1, ...options }) => {
  const page = await browser.newPage({ viewport: { width, height: 640 }, ...options });
  await page.goto(`http://127.0.0.1:${server.address().port}/?page=${pageNumber}&scale=${scale}&now=0`);
  await rests(page);
  // All of it at once.
  const height = await page.evaluate(() => {
    const content = document.querySelector('.scroller > div');
    return content && !document.querySelector('[role=dialog]') ? Math.ceil(content.getBoundingClientRect().height) + 64 : innerHeight;
  });
  await page.setViewportSize({ width, height: Math.max(height, 640) });
  await rests(page);
  await page.waitForTimeout(200);
  await rests(page);
  const bytes = await page.screenshot();
  await page.close();
  return bytes;
};

// In 32 shades a channel: half the bytes in the repository, and nothing that an eye would miss.
const coarse = (bytes) => {
  const image = PNG.sync.read(bytes);
  for (let i = 0; i < image.data.length; ++i) if (i % 4 !== 3) image.data[i] &= 0xF8;
  return image;
};
const write = (file, image) => writeFileSync(file, PNG.sync.write(image, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 }));

const compare = (name, bytes) => {
  const file = path.join(baselines, `${name}.png`);
  if (process.env.TITIK_RENEW) {
    write(file, coarse(bytes));
    return;
  }
  assert.ok(existsSync(file), `no baseline ${name}: see the head of this file`);
  const wanted = PNG.sync.read(readFileSync(file));
  const got = coarse(bytes);
  write(path.join(out, `${name}.png`), got);
  assert.deepEqual([got.width, got.height], [wanted.width, wanted.height], `size of ${name}`);
  const difference = new PNG({ width: got.width, height: got.height });
  const pixels = pixelmatch(wanted.data, got.data, difference.data, got.width, got.height, { threshold: 0.1 });
  if (pixels > MOST_PIXELS) writeFileSync(path.join(out, `${name}-difference.png`), PNG.sync.write(difference));
  assert.ok(pixels <= MOST_PIXELS, `${name}: ${pixels} pixels differ; see build/gallery/${name}-difference.png`);
};

const VARIANTS = {
  light: { options: { colorScheme: 'light' }, pages: [0, 1, 2, 3, 4] },
  dark: { options: { colorScheme: 'dark' }, pages: [0, 1, 2, 4] },
  contrast: { options: { colorScheme: 'light', contrast: 'more' }, pages: [1, 2] },
  large: { options: { scale: 2 }, pages: [0, 1, 2, 4] },
  narrow: { options: { width: 320 }, pages: [0, 1, 2] },
};
for (const [variant, { options, pages }] of Object.entries(VARIANTS)) {
  for (const number of pages) {
    const name = `${PAGES[number]}-${variant}`;
    test(`the gallery as it was: ${name}`, async () => compare(name, await picture(number, options)));
  }
}

test('a change is found', async () => {
  if (process.env.TITIK_RENEW) return;
  const other = await picture(1, { colorScheme: 'dark' });
  assert.throws(() => compare('forms-light', other), /pixels differ/);
});
