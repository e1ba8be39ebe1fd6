// The first seconds: what the static page keeps until the interface is there, and in which order things come.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CLIENT, City, PHOTOS, Phone, choosePhotos, drawn } from './world.mjs';

let city;
before(async () => { city = new City(); await city.start(); });
after(() => city.remove());

// A phone whose fonts and modules do not come before release() is called.
const slowStart = async (options) => {
  const phone = new Phone(options);
  const page = await phone.blank();
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/modules.*', async (route) => { await held; await route.continue(); });
  await page.goto(city.url);
  return { phone, page, release };
};

test('the static page: what matters is there before any wasm, and axe finds nothing', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { phone, page, release } = await slowStart({ colorScheme });
    try {
      await page.getByRole('heading', { name: 'Titik Lapor', level: 1 }).waitFor();
      const call = page.getByRole('link', { name: 'Telepon 112' });
      assert.equal(await call.getAttribute('href'), 'tel:112');
      await call.click({ trial: true });  // nothing lies over it
      await page.getByRole('button', { name: 'Buat laporan' }).click();
      await page.getByText('Membuka…').waitFor();
      await page.getByRole('status').filter({ hasText: 'Foto sudah bisa dipilih' }).waitFor();
      await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'));
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
      assert.equal(await page.evaluate(() => window.titik.metrics().firstFrameMs), null, 'the interface was not there yet');
      release();
      await drawn(page);
      assert.deepEqual(phone.problems, []);
    } finally {
      await phone.remove();
    }
  }
});

test('a tap and photos before the interface is there are carried out by it', async () => {
  const { phone, page, release } = await slowStart();
  try {
    await page.getByRole('button', { name: 'Buat laporan' }).click();
    await page.locator('#first').getByLabel('Pilih dari galeri').setInputFiles([PHOTOS.plain, PHOTOS.rotated]);
    await page.getByText('2 foto siap.').waitFor();
    await page.locator('#first').getByLabel('Ambil foto').setInputFiles(PHOTOS.gps);
    await page.getByText('3 foto siap.').waitFor();
    release();
    const mirror = page.locator('#mirror');
    await mirror.getByRole('heading', { name: 'Foto', exact: true }).waitFor();
    await mirror.getByRole('button', { name: 'Foto 3 dari 3' }).waitFor();
    await choosePhotos(page, [PHOTOS.evidence]);
    // A chooser that was open in the static page answers late: its photo goes the same way.
    await page.locator('#first input[multiple]').setInputFiles(PHOTOS.large);
    await mirror.getByRole('button', { name: 'Foto 5 dari 5' }).waitFor();
    assert.deepEqual(phone.problems, []);
  } finally {
    await phone.remove();
  }
});

test('the focus goes from the static element to the one that says the same', async () => {
  for (const [tabs, role, name] of [[1, 'button', 'Buat laporan'], [2, 'link', 'Telepon 112']]) {
    const { phone, page, release } = await slowStart();
    try {
      await page.getByRole('button', { name: 'Buat laporan' }).waitFor();
      for (let i = 0; i < tabs; ++i) await page.keyboard.press('Tab');
      release();
      await drawn(page);
      const focused = page.locator('#mirror').getByRole(role, { name });
      assert.ok(await focused.evaluate((element) => element === document.activeElement), name);
    } finally {
      await phone.remove();
    }
  }
});

// The text fonts as the client has them: the first three parts of modules.bin.
const textFonts = () => {
  const file = readFileSync(path.join(CLIENT, readdirSync(CLIENT).find((name) => /^modules\..*bin$/.test(name))));
  let at = 4 * 7;
  return ['400', '600', '700'].map((weight, index) => {
    const bytes = file.subarray(at, at + file.readUInt32LE(4 * index));
    at += bytes.length;
    return [weight, bytes.toString('base64')];
  });
};

test('the static elements lie where the drawn ones come', async () => {
  for (const [width, height, size] of [[320, 568, 16], [360, 640, 16], [412, 915, 16], [360, 640, 32]]) {
    const { phone, page, release } = await slowStart({ viewport: { width, height } });
    try {
      await page.evaluate((px) => { document.documentElement.style.fontSize = `${px}px`; }, size);
      const places = (within) => page.evaluate((selector) => ['h1', 'h2', 'button', 'a'].map((tag) => {
        const { x, y, height: h } = document.querySelector(`${selector} ${tag}`).getBoundingClientRect();
        return { tag, x, middle: y + h / 2 };
      }), within);
      await page.evaluate((fonts) => Promise.all(fonts.map(([weight, text]) => {
        const font = new FontFace('Titik', Uint8Array.from(atob(text), (c) => c.charCodeAt(0)), { weight });
        document.fonts.add(font);
        return font.load();
      })), textFonts());
      const before = await places('#first');
      release();
      await drawn(page);
      const after = await places('#mirror');
      before.forEach((one, index) => {
        const other = after[index];
        assert.ok(Math.abs(one.middle - other.middle) <= 3 && Math.abs(one.x - other.x) <= 1,
          `${width}×${height} ${size} px: ${JSON.stringify(one)} became ${JSON.stringify(other)}`);
      });
    } finally {
      await phone.remove();
    }
  }
});

test('on a slow link the first frame does not wait for the engine', async () => {
  const phone = new Phone();
  try {
    const page = await phone.blank();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 100_000, uploadThroughput: 90_000 });
    await page.goto(city.url);
    await drawn(page);
    await page.waitForFunction(() => window.titik.metrics().engineMs);
    const { firstFrameMs, partsEndMs } = await page.evaluate(() => ({
      firstFrameMs: window.titik.metrics().firstFrameMs,
      partsEndMs: performance.getEntriesByType('resource').find(({ name }) => name.includes('/modules.')).responseEnd,
    }));
    // What comes after ui.wasm takes more than two seconds on this link.
    assert.ok(firstFrameMs < partsEndMs, `first frame at ${firstFrameMs}, engine.wasm and photo.wasm until ${partsEndMs}`);
  } finally {
    await phone.remove();
  }
});
