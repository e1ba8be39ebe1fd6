// Two languages: chosen in Lainnya without a reload, kept over reloads and without a network, begun
// from what the browser asks for; and what is sent does not change with them.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { City, Network, PHOTOS, Phone, STORY, choosePhotos, saved, waitForServiceWorker } from './world.mjs';

let city;
let network;
let phone;

before(async () => {
  city = new City();
  await city.start();
  network = new Network(city);
  await network.start();
});
after(async () => {
  await network.stop();
  await city.remove();
});
afterEach(async () => {
  network.mend();
  await phone.remove();
  assert.deepEqual(phone.problems, [], 'errors in the page');
});

const tap = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page, name) => page.getByRole('heading', { name, exact: true }).waitFor();
const lang = (page) => page.evaluate(() => document.documentElement.lang);
// The languages of every field on the screen, as the browser's dictionary sees them.
const fieldLanguages = (page) => page.evaluate(() => [...new Set([...document.querySelectorAll('.field')]
  .map((one) => one.closest('[lang]').lang))]);

test('is switched in Lainnya without a reload, while a draft is there', async () => {
  phone = new Phone();
  const page = await phone.open(network.url);
  await page.evaluate(() => { window.sameDocument = true; });
  await tap(page, 'Buat laporan');
  await choosePhotos(page, [PHOTOS.plain]);
  await tap(page, 'Lanjut');
  await page.getByRole('textbox', { name: 'Patokan' }).fill(STORY.landmark);
  await tap(page, 'Lanjut');
  await page.getByRole('radio', { name: 'Lampu jalan', exact: true }).check();
  assert.deepEqual(await fieldLanguages(page), ['id']);
  await page.getByRole('textbox', { name: 'Judul' }).fill(STORY.title);
  await saved(page);
  await tap(page, 'Tutup');
  await tap(page, 'Lainnya');
  const group = page.getByRole('radiogroup', { name: 'Bahasa / Language' });
  assert.ok(await group.getByRole('radio', { name: 'Bahasa Indonesia' }).isChecked());

  await group.getByRole('radio', { name: 'English' }).click();
  await heading(page, 'More');
  assert.equal(await lang(page), 'en');
  assert.ok(await group.getByRole('radio', { name: 'English' }).isChecked());
  assert.ok(await page.getByRole('navigation', { name: 'Menu' }).isVisible());
  for (const name of ['Home', 'My reports', 'Nearby', 'More', 'Text size']) {
    assert.ok(await page.getByRole('button', { name, exact: true }).isVisible(), name);
  }

  // The draft is as it was, in the citizen's own words.
  await tap(page, 'My reports');
  await page.getByRole('button', { name: new RegExp(`^${STORY.title}, Draft$`) }).click();
  await heading(page, 'Photo');
  await page.getByRole('button', { name: 'Remove photo 1' }).waitFor();
  await tap(page, 'Next');
  assert.equal(await page.getByRole('textbox', { name: 'Landmark' }).inputValue(), STORY.landmark);
  await tap(page, 'Next');
  assert.ok(await page.getByRole('radio', { name: 'Street lights', exact: true }).isChecked());
  assert.equal(await page.getByRole('textbox', { name: 'Title' }).inputValue(), STORY.title);
  assert.deepEqual(await fieldLanguages(page), ['en']);
  await page.getByRole('textbox', { name: 'What happened' }).fill(STORY.content);
  await page.getByRole('textbox', { name: 'What happened' }).blur();
  await tap(page, 'Next');
  await page.getByText('Street lights, to Transport (Dishub), 24 hours').waitFor();
  await tap(page, 'Send report');
  await page.getByRole('status').filter({ hasText: 'Sent' }).waitFor();
  const text = await page.getByText(/^Tracking number \d+$/).first().textContent();
  assert.equal(await page.evaluate(() => window.sameDocument), true, 'the page was loaded again');

  // The city reads what it always reads.
  const shown = await city.desk('show', /\d+/.exec(text)[0]);
  assert.match(shown, /Lampu jalan/);
  assert.doesNotMatch(shown, /Street lights/);
});

test('is kept over a reload and without a network, and no Indonesian is shown first', async () => {
  phone = new Phone();
  let page = await phone.open(network.url);
  await waitForServiceWorker(page);
  // Never fetched before: it comes from what the service worker has put by.
  network.cut();
  await tap(page, 'Lainnya');
  await page.getByRole('radio', { name: 'English' }).click();
  await heading(page, 'More');
  await tap(page, 'Home');
  await heading(page, 'Titik Lapor');  // a reload stays where it was
  await page.waitForFunction(() => localStorage.getItem('titik-language') === 'en');

  // Every name the mirror ever had, from its first node on.
  await page.addInitScript(() => {
    window.seen = new Set();
    new MutationObserver(() => {
      for (const one of document.querySelectorAll('#mirror button, #first button, #first h2')) window.seen.add(one.innerText);
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.reload();
  await tap(page, 'Make a report');
  await heading(page, 'Photo');
  assert.equal(await lang(page), 'en');
  const seen = await page.evaluate(() => [...window.seen]);
  assert.ok(seen.includes('Make a report'));
  assert.ok(!seen.includes('Buat laporan'), 'Indonesian was shown first');

  // Without the page's own hint the engine's word counts.
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await heading(page, 'Photo');
  assert.equal(await lang(page), 'en');
  await tap(page, 'Close');
  await tap(page, 'More');
  await page.getByRole('radio', { name: 'Bahasa Indonesia' }).click();
  await heading(page, 'Lainnya');
  assert.equal(await lang(page), 'id');
  // Kept in the page once the engine has it on disk: from then on a reload must find it.
  await page.waitForFunction(() => localStorage.getItem('titik-language') === 'id');
  await page.reload();
  await heading(page, 'Lainnya');
});

test('stays Indonesian, and says so, when the words cannot be had', async () => {
  phone = new Phone();
  const page = await phone.open(network.url);
  await tap(page, 'Lainnya');
  // No answer, none that is one, the table of another version. (Past the service worker, which has it.)
  for (const answer of ['', 'null', 'titik-texts 3 00000000\nA\nB\nC\n']) {
    await page.evaluate((words) => {
      const real = window.realFetch ??= window.fetch;
      window.fetch = (url, ...more) => {
        if (!/\/en\.[0-9a-f]+\.txt$/.test(url)) return real(url, ...more);
        return words === '' ? Promise.reject(new TypeError('no network')) : Promise.resolve(new Response(words, { status: words === 'null' ? 404 : 200 }));
      };
    }, answer);
    await page.getByRole('radio', { name: 'English' }).click();
    // The tap shows at once; the failure takes it back.
    await page.waitForFunction(() => document.querySelector('[aria-label="Bahasa Indonesia"]').checked);
    await page.getByRole('alert').filter({ hasText: 'Bahasa Inggris belum bisa diambil' }).waitFor();
    await heading(page, 'Lainnya');
    assert.equal(await lang(page), 'id');
  }
  await page.evaluate(() => { window.fetch = window.realFetch; });
  await page.getByRole('radio', { name: 'English' }).click();
  await heading(page, 'More');
});

test('begins in English only when the browser asks for it first and for no Indonesian', async () => {
  phone = new Phone({ locale: 'en-GB' });
  const page = await phone.open(network.url);
  assert.equal(await lang(page), 'en');
  await page.addInitScript(() => {
    const asked = JSON.parse(sessionStorage.getItem('asked'));
    Object.defineProperty(navigator, 'languages', { get: () => asked });
  });
  for (const [asked, expected] of [[['en-US', 'id'], 'id'], [['en', 'ms-MY'], 'id'], [['en-US', 'in-ID'], 'id'], [['nl'], 'id'],
    [['jv', 'en'], 'id'], [[], 'id'], [['EN-us', 'de'], 'en']]) {
    await page.evaluate((list) => sessionStorage.setItem('asked', JSON.stringify(list)), asked);
    await page.reload();
    await page.getByRole('button', { name: expected === 'en' ? 'Make a report' : 'Buat laporan' }).waitFor();
    assert.equal(await lang(page), expected, String(asked));
  }
});

// While the words are on their way the storage's state is told, a new version announced: nothing is drawn before the start.
test('begins in English also when its words come late, and says no error', async () => {
  phone = new Phone({ locale: 'en-GB', serviceWorkers: 'block' });
  const page = await phone.blank();
  await page.route('**/en.*.txt', async (route) => { await new Promise((done) => { setTimeout(done, 1500); }); await route.continue(); });
  await page.goto(network.url);
  await page.waitForFunction(() => window.titik?.metrics().frames > 0);
  await page.getByRole('button', { name: 'Make a report' }).waitFor();
  assert.equal(await lang(page), 'en');
});
