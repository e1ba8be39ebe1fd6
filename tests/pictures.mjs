// Takes pictures of every screen from the real thing (after serve/run --build-only and cmake/setup --tests).
//   node tests/pictures.mjs [OUT]         the pictures of the documentation: 360×640 light
//   node tests/pictures.mjs OUT --all     every size, both themes, text at 200 %: OUT/VARIANT/SCREEN.png
//   node tests/pictures.mjs OUT --only V  one variant of --all
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { City, MORE_PHOTOS, Network, PHOTOS, Phone, STORY, choosePhotos, send, status, trackingId } from './e2e/world.mjs';

const VARIANTS = [
  { name: '360-light', width: 360, height: 640 },
  { name: '360-dark', width: 360, height: 640, dark: true },
  { name: '320-light', width: 320, height: 568 },
  { name: '320-dark-200', width: 320, height: 568, dark: true, text: 200 },
  { name: '360-light-200', width: 360, height: 640, text: 200 },
  { name: '412-light', width: 412, height: 915 },
  { name: '412-dark', width: 412, height: 915, dark: true },
  { name: '1280-light', width: 1280, height: 800, desktop: true },
  { name: '1280-dark', width: 1280, height: 800, dark: true, desktop: true },
];

// Through the whole story; `take(name)` is called on every screen.
const walk = async (variant, take) => {
  const city = new City();
  await city.start();
  await city.desk('demo');
  const network = new Network(city);
  await network.start();
  const phone = new Phone({ viewport: { width: variant.width, height: variant.height }, colorScheme: variant.dark ? 'dark' : 'light',
    ...(variant.desktop ? { isMobile: false, hasTouch: false, deviceScaleFactor: 1 } : {}),
    geolocation: { latitude: -1.6101, longitude: 103.6131, accuracy: 12 }, permissions: ['geolocation'] });
  try {
    const page = await phone.open(network.url);
    const text = variant.text ?? 100;
    await page.evaluate((percent) => {
      document.documentElement.style.fontSize = `${percent}%`;
      dispatchEvent(new Event('resize'));
    }, text);
    const shot = async (name) => {
      await page.waitForTimeout(900);  // pictures are decoded off the page
      await take(name, page);
    };
    const next = () => page.getByRole('button', { name: 'Lanjut' }).click();
    const tab = (name) => page.getByRole('navigation').getByRole('button', { name }).click();
    await shot('beranda-kosong');
    await tab('Laporan saya');
    await shot('laporan-kosong');
    await tab('Beranda');
    await page.getByRole('button', { name: 'Buat laporan' }).click();
    await shot('foto-kosong');
    await choosePhotos(page, [PHOTOS.plain, PHOTOS.rotated]);
    await shot('foto');
    await next();
    await page.getByRole('button', { name: 'Pakai lokasi saya' }).click();
    await page.getByText('±12 m dari GPS').waitFor();
    await page.getByRole('textbox', { name: 'Patokan' }).fill(STORY.landmark);
    await page.getByRole('textbox', { name: 'Patokan' }).press('Enter');
    await shot('lokasi');
    await next();
    await page.getByRole('radio', { name: STORY.category, exact: true }).check();
    await shot('cerita');
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await send(page);
    await shot('periksa-kurang');
    await page.getByRole('button', { name: 'Kembali' }).click();
    await page.getByRole('textbox', { name: 'Judul' }).fill(STORY.title);
    await page.getByRole('textbox', { name: 'Isi laporan' }).fill(`${STORY.content} 🙏🏽`);
    await shot('cerita-isi');
    await next();
    await shot('periksa');
    await send(page);
    const id = await trackingId(page);
    await shot('terkirim');
    await city.desk('verify', id);
    await city.desk('follow-up', id, '--text', 'Tim dijadwalkan besok pagi');
    await city.desk('follow-up', id, '--text', 'Lubang sudah ditambal', '--photo', PHOTOS.evidence);
    await page.getByRole('button', { name: 'Lihat laporan' }).click();
    await page.getByText(/Lubang sudah ditambal/).waitFor();
    await shot('rincian');
    await page.getByRole('button', { name: 'Tanda terima' }).click();
    await page.getByText('Tanda tangan sah').waitFor();
    await shot('tanda-terima');
    await page.goBack();
    await page.getByText(/Lubang sudah ditambal/).scrollIntoViewIfNeeded();
    await shot('rincian-riwayat');
    await page.getByRole('button', { name: 'Foto laporan 1' }).first().click();
    await shot('foto-penuh');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: STORY.title }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Tutup' }).click();
    // Two more in other states, for the list.
    for (const [title, finish] of [['Lampu jalan padam 4 malam', true], ['Sampah menumpuk di pasar', false]]) {
      await page.getByRole('button', { name: 'Buat laporan' }).click();
      await choosePhotos(page, [finish ? PHOTOS.evidence : MORE_PHOTOS[1]]);
      await next();
      await page.getByRole('textbox', { name: 'Patokan' }).fill('RT 03');
      await next();
      await page.getByRole('radio', { name: finish ? 'Lampu jalan' : 'Sampah', exact: true }).check();
      await page.getByRole('textbox', { name: 'Judul' }).fill(title);
      await page.getByRole('textbox', { name: 'Isi laporan' }).fill(STORY.content);
      await next();
      if (finish) {
        await sendIntoSilence(page, network);
      } else {
        await page.getByRole('button', { name: 'Kembali' }).click();
        await page.getByRole('button', { name: 'Tutup' }).click();
      }
    }
    await tab('Laporan saya');
    await shot('laporan-saya');
    network.mend();
    await tab('Sekitar');
    await shot('sekitar');
    await tab('Lainnya');
    await shot('lainnya');
    await page.getByRole('button', { name: /^(Penyimpanan aman|Data bisa terhapus sendiri|Ruang hampir habis)/ }).click();
    await shot('penyimpanan');
    await page.getByRole('button', { name: 'Kembali' }).click();
    await tab('Beranda');
    await shot('beranda');
  } finally {
    await phone.remove();
    await network.stop();
    await city.remove();
  }
};

// Sent while the network is cut.
const sendIntoSilence = async (page, network) => {
  network.cut();
  await send(page);
  await status(page, 'Menunggu jaringan').waitFor();
  await page.getByRole('button', { name: 'Tutup' }).click();
};

const [out = 'docs/pictures', mode, only] = process.argv.slice(2);
const variants = mode === '--all' ? VARIANTS : mode === '--only' ? VARIANTS.filter(({ name }) => name === only) : VARIANTS.slice(0, 1);
for (const variant of variants) {
  const folder = mode ? path.join(out, variant.name) : out;
  mkdirSync(folder, { recursive: true });
  await walk(variant, (name, page) => page.screenshot({ path: path.join(folder, `${name}.png`) }));
}
