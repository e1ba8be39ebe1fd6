// Typing in the field that lies over the drawn one: everything the browser gives stays the browser's,
// and nothing that is typed is lost, whatever happens to the screen meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { City, Phone, saved } from './world.mjs';

let city;
let phone;
let page;
let devtools;
before(async () => {
  city = new City();
  await city.start();
  phone = new Phone();
  page = await phone.open(city.url);
  devtools = await page.context().newCDPSession(page);
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  for (const step of ['Lokasi', 'Cerita']) {
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await page.getByRole('heading', { name: step }).waitFor();
  }
});
after(async () => {
  await phone.remove();
  await city.remove();
  assert.deepEqual(phone.problems, []);
});

const title = () => page.getByRole('textbox', { name: 'Judul' });
const content = () => page.getByRole('textbox', { name: 'Isi laporan' });
// What the database holds: the draft is opened anew.
const stored = async (field) => {
  await saved(page);
  await page.reload();
  await page.getByRole('heading', { name: 'Cerita' }).waitFor();
  await field().waitFor();
  return field().inputValue();
};
const rectOf = (field) => field.evaluate((element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x, y, width, height].map(Math.round);
});

test('a tap opens the field at once: focus comes in the event itself', async () => {
  await page.evaluate(() => {
    window.focusedIn = null;
    document.addEventListener('click', () => { window.focusedIn = document.activeElement?.getAttribute('aria-label'); }, { capture: true, once: true });
  });
  await title().tap();
  assert.equal(await page.evaluate(() => window.focusedIn), 'Judul');
  const style = await title().evaluate((element) => {
    const { fontSize, opacity } = getComputedStyle(element);
    return { font: parseFloat(fontSize), opacity };
  });
  assert.ok(style.font >= 16, 'smaller text makes iOS zoom in');
  assert.equal(style.opacity, '1');
});

test('what a field asks of the keyboard', async () => {
  const of = (field, name) => field.getAttribute(name);
  assert.equal(await of(title(), 'autocapitalize'), 'sentences');
  assert.equal(await of(title(), 'enterkeyhint'), 'done');
  assert.equal(await title().evaluate((field) => field.closest('[lang]').lang), 'id');
  assert.equal(await of(title(), 'spellcheck'), null, 'the browser decides');
  const name = page.getByRole('textbox', { name: 'Nama' });
  const number = page.getByRole('textbox', { name: 'Nomor telepon' });
  assert.equal(await of(name, 'autocomplete'), 'name');
  assert.equal(await of(name, 'autocapitalize'), 'words');
  assert.equal(await of(number, 'autocomplete'), 'tel');
  assert.equal(await of(number, 'inputmode'), 'tel');
});

test('a composition is never disturbed, and arrives whole', async () => {
  await title().fill('');
  await title().focus();
  // As an input method does it: several states of one word, then the word.
  for (const text of ['d', 'da', 'dao', '道']) {
    await devtools.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await page.waitForTimeout(120);  // frames are drawn in between, and must keep their hands off
    assert.equal(await title().inputValue(), text);
  }
  await devtools.send('Input.insertText', { text: '道路' });
  assert.equal(await title().inputValue(), '道路');
  await page.keyboard.type(' rusak');
  assert.equal(await stored(title), '道路 rusak');
});

test('a composition under way when the screen is left is kept as it stands', async () => {
  await title().fill('');
  await title().focus();
  await devtools.send('Input.imeSetComposition', { text: 'lubang', selectionStart: 6, selectionEnd: 6 });
  await page.goBack();
  await page.getByRole('heading', { name: 'Lokasi' }).waitFor();
  await page.goForward();
  await page.getByRole('heading', { name: 'Cerita' }).waitFor();
  assert.equal(await title().inputValue(), 'lubang');
});

test('autocorrect replaces a word in the middle, the caret stays behind it', async () => {
  await title().fill('jalan rsak parah');
  await title().evaluate((field) => {
    field.setRangeText('rusak', 6, 10, 'end');
    field.dispatchEvent(new InputEvent('input', { inputType: 'insertReplacementText', bubbles: true }));
  });
  await page.waitForTimeout(300);
  assert.equal(await title().evaluate((field) => field.selectionStart), 11);
  await page.keyboard.type(' sekali,');
  assert.equal(await stored(title), 'jalan rusak sekali, parah');
});

test('paste, undo and selection are the browser\'s', async () => {
  await content().fill('awal ');
  await content().focus();
  await page.keyboard.press('End');
  await page.evaluate((text) => document.execCommand('insertText', false, text), 'ditempel\nbaris kedua\n🙏🏽');
  assert.equal(await content().inputValue(), 'awal ditempel\nbaris kedua\n🙏🏽');
  await page.keyboard.press('Control+z');
  assert.equal(await content().inputValue(), 'awal ');
  await page.keyboard.press('Control+Shift+z');
  await page.keyboard.press('Control+a');
  assert.equal(await content().evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd)), 'awal ditempel\nbaris kedua\n🙏🏽');
  assert.equal(await stored(content), 'awal ditempel\nbaris kedua\n🙏🏽');
});

test('a long text scrolls in its field, and the end that is typed is in sight', async () => {
  const long = Array.from({ length: 60 }, (_, i) => `Baris ${i + 1}: lubang di depan rumah nomor ${i + 1}.`).join('\n');
  await content().fill(long);
  await content().focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' SELESAI');
  const [, y, , height] = await rectOf(content());
  const viewport = page.viewportSize();
  assert.ok(y < viewport.height && y + height > 0, 'the field is on the screen');
  assert.equal(await stored(content), `${long} SELESAI`);
});

test('turning the phone while typing keeps text, caret and focus, and the field lies over the drawn one', async () => {
  await title().fill('Lampu jalan mati');
  await title().focus();
  await page.keyboard.press('Home');
  for (const viewport of [{ width: 640, height: 360 }, { width: 360, height: 640 }]) {
    await page.setViewportSize(viewport);
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Judul');
    assert.equal(await title().evaluate((field) => field.selectionStart), 0);
    const [x, y, width, height] = await rectOf(title());
    assert.ok(x >= 0 && x + width <= viewport.width, `${x} + ${width}`);
    assert.ok(y >= 0 && y + height <= viewport.height, `the field is in sight: ${y} + ${height} of ${viewport.height}`);
  }
  await page.keyboard.type('Tiga ');
  assert.equal(await stored(title), 'Tiga Lampu jalan mati');
});

test('the field stays above the keyboard', async () => {
  // With interactive-widget=resizes-content the keyboard makes the page smaller.
  const number = page.getByRole('textbox', { name: 'Nomor telepon' });
  await number.scrollIntoViewIfNeeded();
  await number.tap();
  await page.setViewportSize({ width: 360, height: 340 });
  await page.waitForTimeout(400);
  const [, y, , height] = await rectOf(number);
  assert.ok(y >= 0 && y + height <= 340, `${y} + ${height} of 340`);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Nomor telepon');
  await page.keyboard.type('081234567890');
  await page.setViewportSize({ width: 360, height: 640 });
  assert.equal(await stored(() => number), '081234567890');
});

test('autofill of several fields at once is taken over', async () => {
  const name = page.getByRole('textbox', { name: 'Nama' });
  const number = page.getByRole('textbox', { name: 'Nomor telepon' });
  // As Chromium fills a form: the values, then their events, the focus staying where it is.
  for (const [field, value] of [[name, 'Siti Aminah'], [number, '0812000111']]) {
    await field.evaluate((element, text) => {
      element.value = text;
      element.dispatchEvent(new Event('input', { bubbles: true }));
      element.dispatchEvent(new Event('change', { bubbles: true }));
    }, value);
  }
  assert.equal(await stored(() => name), 'Siti Aminah');
  assert.equal(await number.inputValue(), '0812000111');
});

test('the screen changes while the fingers go on: what was typed before is kept', async () => {
  await title().focus();
  await title().fill('');
  await page.keyboard.type('Ditulis sampai ');
  // The last letters and the way back in one turn of the page, without a frame between.
  await title().evaluate((field) => {
    field.value += 'akhir';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    history.back();
  });
  await page.getByRole('heading', { name: 'Lokasi' }).waitFor();
  await page.keyboard.type('xyz');
  await page.goForward();
  await page.getByRole('heading', { name: 'Cerita' }).waitFor();
  assert.equal(await title().inputValue(), 'Ditulis sampai akhir');
});
