// How a phone hears of what became of its reports: one question, and hardly a byte when there is nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { City, Network, PATIENCE_MS, PHOTOS, Phone, send, trackingId, writeReport } from './world.mjs';

let city;
let network;
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

const questions = () => network.requests.filter((line) => /^GET .*(changes|complaints)/.test(line));
const heard = async (text) => {
  const end = Date.now() + PATIENCE_MS;
  while (!network.requests.some((line) => line.includes(text))) {
    assert.ok(Date.now() < end, `no ${text} among ${network.requests}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

test('all news come in one answer, and no news cost a few kilobytes, at a tap', async (context) => {
  const phone = new Phone();
  const page = await phone.open(network.url);
  await writeReport(page, { photos: [PHOTOS.plain] });
  await send(page);
  const id = await trackingId(page);
  await page.getByRole('button', { name: 'Tutup', exact: true }).click();
  await page.getByRole('button', { name: 'Laporan saya', exact: true }).click();
  const refresh = page.getByRole('button', { name: 'Muat ulang daftar' });

  // 1. Something new, told by one question.
  await city.desk('verify', id);
  await city.desk('follow-up', id, '--text', 'Regu berangkat besok pagi');
  await page.waitForTimeout(1500);
  network.requests.length = 0;
  await refresh.click();
  await page.getByText('Proses').first().waitFor();
  await page.waitForTimeout(1500);
  assert.equal(questions().length, 1, questions().join());
  assert.match(questions()[0], /^GET \/titik\/1\/reports\/changes\?since=\d+ /);

  // 2. Nothing new.
  await refresh.waitFor();
  network.requests.length = 0;
  const before = network.sent + network.received;
  await refresh.click();
  await heard('/changes?since=');
  await page.waitForTimeout(2000);
  const round = network.sent + network.received - before;
  assert.equal(questions().length, 1, questions().join());
  const asked = network.requests.map((line) => line.split(' ')[1].split('?')[0]);
  context.diagnostic(`a tap without news: ${round} bytes with all headers for ${asked.join(', ')}`);
  assert.ok(round < 6000, `${round} bytes`);
  await phone.remove();
  assert.deepEqual(phone.problems, []);
});
