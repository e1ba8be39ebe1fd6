// The light of Penyimpanan: what the browser says of its storage, in words and with what to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { city, cityAndPhones, phone, PHOTOS, send, trackingId, writeReport } from './world.mjs';

cityAndPhones();

// The browser's answers are given by the test; asked() counts the questions for persistence.
const withStorage = async ({ persisted, usage, quota, userAgent = '' }) => {
  phone.beforeOpen = async (context) => {
    await context.addInitScript((facts) => {
      window.persistenceAsked = 0;
      let kept = facts.persisted;
      Object.defineProperty(navigator.storage, 'persisted', { value: async () => kept });
      Object.defineProperty(navigator.storage, 'persist', { value: async () => {
        window.persistenceAsked += 1;
        window.persistenceInTap = navigator.userActivation?.isActive;
        kept = true;
        return true;
      } });
      Object.defineProperty(navigator.storage, 'estimate', { value: async () => ({ usage: facts.usage, quota: facts.quota }) });
      if (facts.userAgent) Object.defineProperty(navigator, 'userAgent', { value: facts.userAgent });
    }, { persisted, usage, quota, userAgent });
  };
  return phone.open(city.url);
};
// From Periksa to Beranda; the draft stays.
const leave = async (page) => {
  await page.getByRole('button', { name: 'Kembali' }).click();
  await page.getByRole('button', { name: 'Tutup' }).click();
};
const toMore = (page) => page.getByRole('navigation').getByRole('button', { name: 'Lainnya' }).click();

test('not kept: it says so, asks in a tap, and turns green', async () => {
  const page = await withStorage({ persisted: false, usage: 20e6, quota: 4e9 });
  await toMore(page);
  await page.getByRole('button', { name: 'Data bisa terhapus sendiri' }).click();
  await page.getByText(/peramban boleh menghapus data ini/).waitFor();
  await page.getByText(/^Ruang bebas: 4,0 GB/).waitFor();
  await page.getByText(/^Aplikasi: /).waitFor();
  await page.getByRole('button', { name: 'Minta jangan dihapus' }).click();
  await page.getByText(/Penyimpanan aman.*tidak akan menghapusnya sendiri/).waitFor();
  assert.equal(await page.evaluate(() => window.persistenceAsked), 1);
  assert.equal(await page.evaluate(() => window.persistenceInTap), true);
});

test('persistence is asked for in the tap on Kirim laporan', async () => {
  const page = await withStorage({ persisted: false, usage: 20e6, quota: 4e9 });
  await writeReport(page, { photos: [] });
  assert.equal(await page.evaluate(() => window.persistenceAsked), 0);
  await send(page);
  await trackingId(page);
  assert.equal(await page.evaluate(() => window.persistenceAsked), 1);
  assert.equal(await page.evaluate(() => window.persistenceInTap), true);
});

test('Safari in a tab: seven days, and what to do; on Beranda only with something unsent', async () => {
  const page = await withStorage({ persisted: true, usage: 20e6, quota: 4e9,
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Mobile/15E148 Safari/604.1' });
  await page.getByText('Belum ada laporan').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Penyimpanan' }).count(), 0);
  await writeReport(page, { photos: [PHOTOS.gps] });
  await leave(page);
  await page.getByText(/tujuh hari tidak dibuka.*Tambah ke Layar Utama/).waitFor();
  await page.getByRole('button', { name: 'Penyimpanan' }).click();
  await page.getByRole('heading', { name: 'Penyimpanan' }).waitFor();
  await page.getByText(/^Foto: \d/).waitFor();
  await page.getByText(/^Foto kecil: \d/).waitFor();
});

test('little space is said, with how much', async () => {
  const page = await withStorage({ persisted: true, usage: 20e6, quota: 32e6 });
  await toMore(page);
  await page.getByRole('button', { name: 'Ruang hampir habis' }).click();
  await page.getByText(/Sisa 12(,0)? MB/).first().waitFor();
});
