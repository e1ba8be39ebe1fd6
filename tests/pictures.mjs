// Takes the pictures of the README from the real thing: node tests/pictures.mjs [OUT]
// (after serve/run --build-only and cmake/setup --tests).
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { City, Network, PHOTOS, Phone, STORY, choosePhotos, send, status, trackingId } from './e2e/world.mjs';

const out = process.argv[2] ?? 'docs/pictures';
mkdirSync(out, { recursive: true });
const city = new City();
await city.start();
await city.desk('demo');
const network = new Network(city);
await network.start();
const phone = new Phone({ geolocation: { latitude: -1.6101, longitude: 103.6131, accuracy: 12 }, permissions: ['geolocation'] });
const page = await phone.open(network.url);
const take = async (name) => {
  await page.waitForTimeout(900);  // pictures are decoded off the page
  await page.screenshot({ path: path.join(out, `${name}.png`) });
};
const next = () => page.getByRole('button', { name: 'Lanjut' }).click();
try {
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await choosePhotos(page, [PHOTOS.plain, PHOTOS.rotated]);
  await take('foto');
  await next();
  await page.getByRole('button', { name: 'Pakai lokasi saya' }).click();
  await page.getByText('±12 m dari GPS').waitFor();
  await page.getByRole('textbox', { name: 'Patokan' }).fill(STORY.landmark);
  await page.getByRole('textbox', { name: 'Patokan' }).press('Enter');
  await take('lokasi');
  await next();
  await page.getByRole('radio', { name: STORY.category, exact: true }).check();
  await take('cerita');
  await page.getByRole('textbox', { name: 'Judul' }).fill(STORY.title);
  await page.getByRole('textbox', { name: 'Isi laporan' }).fill(STORY.content);
  await next();
  await take('periksa');
  await send(page);
  const id = await trackingId(page);
  await take('terkirim');
  await city.desk('verify', id);
  await city.desk('follow-up', id, '--text', 'Tim dijadwalkan besok pagi');
  await city.desk('follow-up', id, '--text', 'Lubang sudah ditambal', '--photo', PHOTOS.evidence);
  await page.getByRole('button', { name: 'Lihat laporan' }).click();
  await page.getByText(/Lubang sudah ditambal/).waitFor();
  await take('rincian');
  await page.goBack();
  await page.getByRole('button', { name: 'Tutup' }).click();
  // Two more in other states, for the list.
  for (const [title, finish] of [['Lampu jalan padam 4 malam', true], ['Sampah menumpuk di pasar', false]]) {
    await page.getByRole('button', { name: 'Buat laporan' }).click();
    await choosePhotos(page, [finish ? PHOTOS.rotated : PHOTOS.evidence]);
    await next();
    await page.getByRole('textbox', { name: 'Patokan' }).fill('RT 03');
    await next();
    await page.getByRole('radio', { name: finish ? 'Lampu jalan' : 'Sampah', exact: true }).check();
    await page.getByRole('textbox', { name: 'Judul' }).fill(title);
    await page.getByRole('textbox', { name: 'Isi laporan' }).fill(STORY.content);
    await next();
    if (finish) {
      network.cut();
      await send(page);
      await status(page, 'Menunggu jaringan').waitFor();
      await page.getByRole('button', { name: 'Tutup' }).click();
    } else {
      await page.getByRole('button', { name: 'Kembali' }).click();
      await page.getByRole('button', { name: 'Tutup' }).click();
    }
  }
  await page.getByRole('button', { name: 'Laporan saya' }).click();
  await take('laporan-saya');
  await page.getByRole('button', { name: 'Beranda' }).click();
  await take('beranda');
} finally {
  await phone.remove();
  await network.stop();
  await city.remove();
}
