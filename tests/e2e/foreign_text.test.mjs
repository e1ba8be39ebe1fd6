// Emoji and other scripts in a citizen's text are drawn, not boxes: through the browser's own text.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PNG } from 'pngjs';
import { City, Phone, writeReport } from './world.mjs';

let city;
let phone;
let page;
before(async () => {
  city = new City();
  await city.start();
  phone = new Phone();
  page = await phone.open(city.url);
});
after(async () => {
  await phone.remove();
  await city.remove();
});

// Colours in the picture of a mirrored element, as "r,g,b" of 16 steps each.
const coloursOf = async (locator) => {
  const picture = PNG.sync.read(await page.screenshot({ clip: await locator.boundingBox() }));
  const colours = new Map();
  for (let i = 0; i < picture.data.length; i += 4) {
    const key = [...picture.data.subarray(i, i + 3)].map((value) => value >> 4).join();
    colours.set(key, (colours.get(key) ?? 0) + 1);
  }
  return colours;
};
const isColourful = (key) => {
  const [r, g, b] = key.split(',').map(Number);
  return Math.max(r, g, b) - Math.min(r, g, b) >= 7;
};

test('an emoji has its colours, with all that modifies it, in every weight and after the context was lost', async () => {
  const story = { category: 'Jalan', title: '🔥🇮🇩', content: '🍎👍🏽', landmark: '道路' };
  await writeReport(page, { photos: [], story });
  const look = async () => {
    for (const words of [story.title, story.content]) {
      const text = page.getByText(words, { exact: true });
      await text.scrollIntoViewIfNeeded();
      const colours = await coloursOf(text);
      const colourful = [...colours].filter(([key]) => isColourful(key)).reduce((sum, [, count]) => sum + count, 0);
      assert.ok(colourful > 100, `${words}: ${colourful} colourful pixels`);
    }
  };
  await look();
  await page.evaluate(async () => {
    const lose = document.getElementById('canvas').getContext('webgl').getExtension('WEBGL_lose_context');
    lose.loseContext();
    await new Promise((resolve) => setTimeout(resolve, 100));
    lose.restoreContext();
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  await look();
  assert.deepEqual(phone.problems, []);
});

test('letters of another script take the colour of the text', async () => {
  const colours = await coloursOf(page.getByText('道路', { exact: true }));
  assert.ok([...colours.keys()].every((key) => !isColourful(key)));
  assert.ok(colours.size > 3, 'something is drawn');
});
