// Officers at their page: from the login to a closed report, by names and roles alone; and what each may not do.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, City, PATIENCE_MS, PHOTOS } from './world.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const KATA_SANDI = 'sandi-uji-kantor-01';

let city;
let browser;
let device;
before(async () => {
  city = new City();
  await city.start();
  for (const [name, ...role] of [['kori', '--role', 'coordinator'], ['liana', '--role', 'liaison', '--agency', 'pupr'], ['wali', '--role', 'mayor']]) {
    await city.account(name, KATA_SANDI, ...role);
  }
  device = await (await fetch(`${city.url}titik/1/devices`, { method: 'POST', headers: { token: city.channelToken } })).json();
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: CHROMIUM_ARGS });
});
after(async () => {
  await browser?.close();
  await city?.remove();
});

// A citizen's report, as a phone sends it.
const report = async (title, more = {}) => {
  const response = await fetch(`${city.url}lapor/3.0.0/complaints/complaint`, { method: 'POST',
    headers: { token: city.channelToken, Authorization: `Bearer ${device.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ title, content: 'Lubang dalam di tikungan, ada motor jatuh.', classification_id: 1, date_of_incident: new Date().toISOString().slice(0, 10),
      latitude: -1.61, longitude: 103.61, attachments: '[]', titik: { category: 'jalan', landmark: 'RT 05 dekat musala' }, ...more }) });
  assert.equal(response.status, 201, await response.clone().text());
  return (await response.json()).complaint_id;
};

const WIDE = { viewport: { width: 1280, height: 800 }, locale: 'id-ID' };
const SMALL = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, locale: 'id-ID', hasTouch: true, isMobile: true };

const openAs = async (name, device = WIDE) => {
  const context = await browser.newContext(device);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  page.on('pageerror', (error) => { throw error; });
  await page.goto(`${city.url}kantor/`);
  if (name) {
    await logIn(page, name);
    await page.getByRole('heading', { name: 'Laporan', exact: true }).waitFor();
  }
  return page;
};
const logIn = async (page, name) => {
  await page.getByLabel('Nama akun').fill(name);
  await page.getByLabel('Kata sandi').fill(KATA_SANDI);
  await page.getByRole('button', { name: 'Masuk' }).click();
};
// What the citizen of report() writes afterwards.
const reply = async (id, content) => {
  const form = new FormData();
  form.set('complaint_id', id);
  form.set('content', content);
  const response = await fetch(`${city.url}lapor/3.0.0/complaints/followup/add`, { method: 'POST',
    headers: { token: city.channelToken, Authorization: `Bearer ${device.token}` }, body: form });
  assert.equal(response.status, 201, await response.clone().text());
};
const step = async (page, name) => page.getByRole('region', { name: 'Yang dapat dilakukan' }).getByRole('button', { name, exact: true }).click();

describe('the desk', { concurrency: 1 }, () => {
  test('a wrong password is refused in words, and nothing is shown before the login', async () => {
    const page = await openAs();
    await page.getByLabel('Nama akun').fill('kori');
    await page.getByLabel('Kata sandi').fill('salah');
    await page.getByRole('button', { name: 'Masuk' }).click();
    await page.getByText('Nama atau kata sandi salah.').waitFor();
    assert.equal(await page.getByRole('listitem').count(), 0);
    await page.context().close();
  });

  test('a report goes from verified to closed, with evidence, and the history says who did what', async () => {
    const id = await report('Jalan berlubang');
    const page = await openAs('liana');
    await page.getByRole('link', { name: /Jalan berlubang/ }).click();
    await page.getByRole('heading', { name: 'Jalan berlubang' }).waitFor();
    await page.getByText('RT 05 dekat musala').waitFor();
    await step(page, 'Verifikasi');
    await page.getByRole('button', { name: 'Verifikasi' }).last().click();
    await page.getByRole('status').filter({ hasText: 'Tersimpan.' }).first().waitFor();

    // Thanks are no action, and the officer is told so.
    await step(page, 'Tanggapi');
    await page.getByRole('radio', { name: /^Jawaban/ }).check();
    await page.getByLabel('Tanggapan', { exact: true }).fill('Terima kasih, akan kami tindak lanjuti');
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    await page.getByText('hanya menyatakan laporan diterima').first().waitFor();
    await page.waitForTimeout(700);  // the list has been loaded too
    assert.ok(await page.locator('.notice', { hasText: 'hanya menyatakan laporan diterima' }).isVisible(), 'it stays to be read');

    // An action without evidence is refused at its field, and the words stay.
    await step(page, 'Tanggapi');
    await page.getByRole('radio', { name: /^Tindakan/ }).check();
    await page.getByLabel('Tanggapan', { exact: true }).fill('Lubang sudah ditambal.');
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    await page.getByText('perlu bukti').waitFor();
    assert.equal(await page.getByLabel('Tanggapan', { exact: true }).inputValue(), 'Lubang sudah ditambal.');
    await page.getByLabel('Tambah bukti').setInputFiles(PHOTOS.evidence);
    await page.getByRole('img', { name: 'Bukti 1' }).waitFor();
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    await page.getByText('selesai tepat waktu').first().waitFor();
    await step(page, 'Tutup');
    await page.getByRole('button', { name: 'Tutup' }).last().click();
    await page.getByText('Ditutup oleh Admin').first().waitFor();
    const shown = await city.desk('show', id);
    assert.match(shown, /Lubang sudah ditambal\. \[1 lampiran\]/);
    // The evidence is compared in the background, and what was found stands with it.
    for (let i = 0; i < 20 && !(await page.getByText('belum pernah dipakai').count()); ++i) {
      await page.waitForTimeout(300);
      await page.reload();
      await page.getByRole('heading', { name: 'Jalan berlubang' }).waitFor();
    }
    await page.getByText('belum pernah dipakai').first().waitFor();
    await page.context().close();
  });

  test('the coordinator hands on; the other agency no longer sees it', async () => {
    const id = await report('Lampu padam');
    const liaison = await openAs('liana');
    await liaison.getByRole('link', { name: /Lampu padam/ }).waitFor();
    const page = await openAs('kori');
    await page.goto(`${city.url}kantor/#/laporan/${id}`);
    await step(page, 'Bukan wewenang');
    await page.getByLabel('Instansi').last().selectOption({ label: 'Dishub' });
    await page.getByLabel(/^(Alasan|Catatan)/).fill('Lampu jalan adalah urusan perhubungan.');
    await page.getByRole('button', { name: 'Bukan wewenang' }).last().click();
    await page.getByText('Diteruskan ke Dishub').first().waitFor();
    await liaison.goto(`${city.url}kantor/#/laporan/${id}`);
    await liaison.getByText('Laporan tidak ditemukan.').waitFor();
    for (const one of [page, liaison]) await one.context().close();
  });

  test('a call is written down once, with a code for the caller', async () => {
    const page = await openAs('kori', SMALL);
    await page.getByRole('link', { name: 'Catat laporan' }).click();
    await page.getByRole('radio', { name: 'Call Center 112' }).check();
    await page.getByLabel('Kategori').selectOption('jalan');
    await page.getByLabel('Judul').fill('Pohon tumbang');
    await page.getByLabel('Isi laporan').fill('Pohon menutup jalan.');
    await page.getByLabel('Patokan').fill('Depan pasar');
    await page.getByLabel('Nama').fill('Siti Rahayu');
    await page.getByLabel('Nomor telepon').fill('081234567890');
    await page.getByLabel('Tambah foto').setInputFiles(PHOTOS.plain);
    await page.getByRole('img', { name: 'Foto 1' }).waitFor();
    await page.getByRole('button', { name: 'Catat laporan' }).click();
    await page.getByRole('heading', { name: 'Laporan dicatat' }).waitFor();
    await page.getByRole('button', { name: 'Buat kode untuk pelapor' }).click();
    await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/).waitFor();
    await page.getByRole('link', { name: 'Buka laporan' }).click();
    await page.getByRole('heading', { name: 'Pohon tumbang' }).waitFor();
    assert.equal(await page.getByText('Siti Rahayu').count(), 0);
    await page.getByRole('button', { name: 'Tampilkan pelapor' }).click();
    await page.getByText('Siti Rahayu').waitFor();
    assert.match(await city.desk('access-log'), /kori/);
    assert.equal((await city.desk('list')).match(/Pohon tumbang/g).length, 1);
    await page.context().close();
  });

  test('a session that ends in the middle of a form costs no word', async () => {
    const id = await report('Drainase mampet');
    const page = await openAs('liana');
    await page.goto(`${city.url}kantor/#/laporan/${id}`);
    await step(page, 'Tanggapi');
    await page.getByRole('radio', { name: /^Pertanyaan/ }).check();
    await page.getByLabel('Tanggapan', { exact: true }).fill('Di sisi jalan yang mana?');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await logIn(page, 'liana');
    await page.getByRole('listitem').filter({ hasText: 'Di sisi jalan yang mana?' }).waitFor();
    await page.context().close();
  });

  test('who logs in where another was sees nothing of theirs, and sends nothing', async () => {
    const id = await report('Saluran bau');
    const page = await openAs('liana');
    await page.goto(`${city.url}kantor/#/laporan/${id}`);
    await step(page, 'Tanggapi');
    await page.getByRole('radio', { name: /^Pertanyaan/ }).check();
    await page.getByLabel('Tanggapan', { exact: true }).fill('Sejak kapan baunya?');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    await logIn(page, 'kori');
    await page.getByText('Koordinator').waitFor();
    await page.getByRole('heading', { name: 'Laporan', exact: true }).waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Saluran bau' }).count(), 0);
    assert.doesNotMatch(await city.desk('show', id), /Sejak kapan/);
    await page.context().close();
  });

  test('nothing that was typed is lost by looking elsewhere', async () => {
    const ids = [await report('Lubang pertama'), await report('Lubang kedua')];
    const page = await openAs('liana');
    await page.goto(`${city.url}kantor/#/laporan/${ids[0]}`);
    await step(page, 'Tanggapi');
    const words = page.getByLabel('Tanggapan', { exact: true });
    await words.fill('Kami ukur besok.');
    await step(page, 'Bukan wewenang');
    await step(page, 'Tanggapi');
    assert.equal(await words.inputValue(), 'Kami ukur besok.');
    await step(page, 'Tanggapi');  // closes it
    assert.equal(await words.count(), 0);
    await page.getByRole('link', { name: /Lubang kedua/ }).click();
    await page.getByRole('heading', { name: 'Lubang kedua' }).waitFor();
    await page.getByRole('link', { name: 'Catat laporan' }).click();
    await page.getByLabel('Judul').fill('Dari telepon');
    await page.getByRole('link', { name: 'Laporan', exact: true }).click();
    await page.getByRole('link', { name: /Lubang pertama/ }).click();
    await page.getByRole('heading', { name: 'Lubang pertama' }).waitFor();
    await step(page, 'Tanggapi');
    assert.equal(await words.inputValue(), 'Kami ukur besok.');
    await page.getByRole('link', { name: 'Catat laporan' }).click();
    assert.equal(await page.getByLabel('Judul').inputValue(), 'Dari telepon');
    await page.context().close();
  });

  test('what the citizen wrote meanwhile is read before anything is sent', async () => {
    const id = await report('Pipa bocor');
    const page = await openAs('liana');
    await page.goto(`${city.url}kantor/#/laporan/${id}`);
    await step(page, 'Tanggapi');
    await page.getByRole('radio', { name: /^Jawaban/ }).check();
    await page.getByLabel('Tanggapan', { exact: true }).fill('Sudah kami perbaiki kemarin.');
    await reply(id, 'Masih bocor sampai pagi ini.');
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    await page.getByText('Pelapor menulis lagi sementara itu').first().waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Masih bocor sampai pagi ini.' }).waitFor();
    assert.equal(await page.getByLabel('Tanggapan', { exact: true }).inputValue(), 'Sudah kami perbaiki kemarin.');
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Sudah kami perbaiki kemarin.' }).waitFor();
    await page.context().close();
  });

  test('a liaison who hands on is told that it is done, and a citizen who disputes is listed', async () => {
    const id = await report('Halte rusak');
    const page = await openAs('liana');
    await page.goto(`${city.url}kantor/#/laporan/${id}`);
    await step(page, 'Tanggapi');
    await page.getByLabel('Tanggapan', { exact: true }).fill('Atap sudah diganti.');
    await page.getByLabel('Tambah bukti').setInputFiles(PHOTOS.evidence);
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();  // at once: it waits for the picture
    await page.getByText('selesai tepat waktu').first().waitFor();
    await page.getByText(/ditutup sendiri pada/).waitFor();
    await reply(id, 'Tiangnya masih miring.');
    await page.getByRole('link', { name: 'Dijawab pelapor' }).click();
    await page.getByRole('link', { name: /Halte rusak.*jawab pelapor: tinggal/ }).click();
    await page.getByRole('listitem').filter({ hasText: 'Tiangnya masih miring.' }).waitFor();
    await step(page, 'Bukan wewenang');
    await page.getByLabel('Instansi').last().selectOption({ label: 'Dishub' });
    await page.getByRole('button', { name: 'Bukan wewenang' }).last().click();
    await page.getByText('Tersimpan.').first().waitFor();
    await page.getByText('Laporan ini sekarang ada pada instansi lain.').waitFor();
    await page.context().close();
  });

  test('a report that names somebody is hidden for good', async () => {
    const id = await report('Parkir liar');
    const page = await openAs('kori');
    await page.goto(`${city.url}kantor/#/laporan/${id}`);
    await step(page, 'Tanggapi');
    await page.getByRole('radio', { name: /^Jawaban/ }).check();
    await page.getByLabel('Tanggapan', { exact: true }).fill('Bu Ani sudah dihubungi.');
    await page.getByRole('checkbox', { name: 'Hanya untuk pelapor' }).check();
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Bu Ani sudah dihubungi.' }).getByText('Hanya untuk pelapor').waitFor();
    await step(page, 'Rahasiakan');
    await page.getByLabel('Alasan').fill('Isinya menyebut nama tetangga.');
    await page.getByRole('button', { name: 'Rahasiakan' }).last().click();
    await page.getByText('Rahasia', { exact: true }).waitFor();
    assert.equal((await fetch(`${city.url}titik/1/public/reports/${id}`)).status, 404);
    await page.context().close();
  });

  test('when and where evidence was taken is kept through its shrinking, for the check alone', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'titik-desk-'));
    const far = path.join(folder, 'far.jpg');
    execFileSync('exiftool', ['-q', '-n', '-GPSLatitude=2.5', '-GPSLatitudeRef=S', '-GPSLongitude=103.61', '-GPSLongitudeRef=E', '-Orientation=6', '-o', far, PHOTOS.large]);
    const id = await report('Jembatan retak');
    const page = await openAs('liana');
    await page.goto(`${city.url}kantor/#/laporan/${id}`);
    await step(page, 'Tanggapi');
    await page.getByLabel('Tanggapan', { exact: true }).fill('Retakan ditutup.');
    await page.getByLabel('Tambah bukti').setInputFiles(far);
    await page.getByRole('img', { name: 'Bukti 1' }).waitFor();
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    const shown = page.getByRole('listitem').filter({ hasText: 'Retakan ditutup.' }).getByRole('link').first();
    await shown.waitFor();
    const file = path.join(folder, 'kept.jpg');
    writeFileSync(file, await (await page.request.get(new URL(await shown.getAttribute('href'), city.url).href)).body());
    const told = JSON.parse(execFileSync('exiftool', ['-n', '-json', '-Orientation', '-GPSLatitude', '-ImageWidth', '-ImageHeight', file], { encoding: 'utf8' }))[0];
    assert.equal(told.Orientation, 1);
    assert.equal(told.GPSLatitude, -2.5);
    assert.ok(told.ImageHeight === 2048 && told.ImageWidth < 2048, 'turned as it was taken');
    for (let i = 0; i < 20 && !(await page.getByText(/meter dari/).count()); ++i) {
      await page.waitForTimeout(300);
      await page.reload();
      await page.getByRole('heading', { name: 'Jembatan retak' }).waitFor();
    }
    await page.getByText(/meter dari/).first().waitFor();
    rmSync(folder, { recursive: true });
    await page.context().close();
  });

  test("the mayor's office sees what was escalated, and writes no report down", async () => {
    const page = await openAs('wali');
    await page.getByText('Tidak ada laporan di sini.').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Catat laporan' }).count(), 0);
    await page.getByRole('link', { name: 'Semua', exact: true }).click();
    await page.getByRole('link', { name: /Jalan berlubang/ }).click();
    await page.getByText('Tidak ada yang dapat dilakukan').waitFor();
    await page.context().close();
  });

  test('axe finds nothing, wide and small, and the keyboard alone opens a report', async () => {
    const id = await report('Trotoar rusak', { is_secret: true });
    for (const device of [WIDE, SMALL]) {
      const page = await openAs('kori', device);
      // What is secret has no title in a list.
      assert.equal(await page.getByText('Trotoar rusak').count(), 0);
      for (const hash of ['#/', `#/laporan/${id}`, '#/catat']) {
        await page.goto(`${city.url}kantor/${hash}`);
        await page.getByRole('heading', { level: 1 }).last().waitFor();
        if (hash.includes('laporan')) await step(page, 'Tanggapi');
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        assert.deepEqual(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes.map((one) => one.target).join(', ')}`), [], hash);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${hash} is wider than the screen`);
      }
      await page.context().close();
    }
    const page = await openAs('kori');
    const first = page.getByRole('list', { name: 'Laporan' }).getByRole('link').first();
    await first.waitFor();
    for (let i = 0; i < 40 && !(await first.evaluate((one) => one === document.activeElement)); ++i) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    await page.context().close();
  });
});
