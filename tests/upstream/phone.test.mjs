// The whole way in a real browser: from a phone through the city to SP4N-LAPOR!, and the answer given there back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT, PHOTOS, Phone, STORY, send, trackingId, writeReport } from '../e2e/world.mjs';
import { Here, There, photo, until } from './world.mjs';

test('a report made on a phone is answered at SP4N-LAPOR!, and the answer is on the phone', async () => {
  const there = await new There().start();
  const here = new Here(there);
  const phone = new Phone();
  here.client = CLIENT;
  try {
    await here.start();
    const page = await phone.open(here.url);
    await writeReport(page, { photos: [PHOTOS.plain] });
    await send(page);
    const id = await trackingId(page);
    const [complaint] = await until('the report there', async () => {
      const all = await there.complaints();
      return all.length > 0 && all;
    });
    assert.equal(complaint.title, STORY.title);
    assert.match(complaint.content, new RegExp(`Patokan: ${STORY.landmark} \\[Titik Lapor kota-jambi ${id}\\]$`));
    assert.equal(complaint.attachments.length, 1);

    await there.do('answer', { id: complaint.id, institution: '101', content: 'Lubang sudah kami tambal, lihat fotonya', photos: [photo().toString('base64')] });
    await until('the answer in the city', async () => /sudah kami tambal/.test(await here.desk('show', id)));
    await page.getByRole('button', { name: 'Lihat laporan' }).or(page.getByRole('button', { name: 'Tutup', exact: true })).first().click();
    await page.getByText(STORY.title).first().waitFor();  // a reload amid the change of screens is aborted
    await page.reload();
    await page.getByRole('button', { name: 'Laporan saya', exact: true }).click();
    await page.getByText(STORY.title).first().click();
    await page.getByText('Lubang sudah kami tambal, lihat fotonya').first().waitFor();
    assert.deepEqual(phone.problems, []);
  } finally {
    await phone.remove();
    await here.remove();
    there.stop();
  }
});
