// What people really choose, paste and send: files that are no photographs, texts without end, and
// requests that no client of ours makes. Nothing is lost, everything is said, everything goes on.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { greyJpeg } from './made_photos.mjs';
import { City, MORE_PHOTOS, PHOTOS, Phone, STORY, alertWith, choosePhotos, saved, send, storedPhotos,
  trackingId, writeReport } from './world.mjs';

let city;
let folder;

before(async () => {
  city = new City();
  await city.start();
  folder = mkdtempSync(path.join(tmpdir(), 'titik-bad-'));
});
after(async () => {
  await city.remove();
  rmSync(folder, { recursive: true, force: true });
});

const withPhone = (job) => async () => {
  const phone = new Phone();
  try {
    await job(await phone.open(city.url));
  } finally {
    await phone.remove();
  }
  assert.deepEqual(phone.problems, [], 'errors in the page');
};

const file = (name, bytes) => {
  const full = path.join(folder, name);
  writeFileSync(full, bytes);
  return full;
};

// --- Files ------------------------------------------------------------------------------------------

test('a file that is no photo is named as what it is, and takes nothing with it', withPhone(async (page) => {
  const whole = readFileSync(PHOTOS.plain);
  const noise = whole.subarray(0, 5000);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const header = (width, height) => {
    const chunk = Buffer.alloc(25);
    chunk.writeUInt32BE(13, 0);
    chunk.write('IHDR', 4, 'latin1');
    chunk.writeUInt32BE(width, 8);
    chunk.writeUInt32BE(height, 12);
    chunk.set([8, 2, 0, 0, 0], 16);
    return chunk;
  };
  const chunk = (type, data) => {
    const bytes = Buffer.alloc(12 + data.length);
    bytes.writeUInt32BE(data.length, 0);
    bytes.write(type, 4, 'latin1');
    data.copy(bytes, 8);
    return bytes;
  };
  // No two with the same sentence follow each other: the second's would not be waited for.
  const bad = [
    [file('catatan.jpg', 'Lubang di depan pasar, besok difoto.\n'.repeat(50)), 'Berkas itu bukan foto yang bisa dibaca. Pilih foto JPEG atau PNG.'],
    [file('kosong.jpg', ''), 'Berkas foto itu kosong. Coba pilih lagi atau ambil foto baru.'],
    [file('terpotong.jpg', whole.subarray(0, whole.length / 2)), 'Foto itu terpotong, mungkin belum selesai disalin. Pilih foto lain atau ambil lagi.'],
    [file('besar.jpg', greyJpeg(12000, 10000)), 'Foto itu punya terlalu banyak piksel. Kecilkan ukuran foto di kamera, lalu coba lagi.'],
    [file('rusak.png', Buffer.concat([signature, header(640, 480), chunk('IDAT', noise), chunk('IEND', Buffer.alloc(0))])),
      'Foto itu rusak dan tidak bisa dibuka. Pilih foto lain atau ambil lagi.'],
    [file('bom.png', Buffer.concat([signature, header(60000, 60000), chunk('IDAT', noise), chunk('IEND', Buffer.alloc(0))])),
      'Foto itu punya terlalu banyak piksel. Kecilkan ukuran foto di kamera, lalu coba lagi.'],
  ];

  // A good photo and some words are there already.
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await choosePhotos(page, [PHOTOS.plain]);
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('textbox', { name: 'Patokan' }).fill(STORY.landmark);
  await page.getByRole('button', { name: 'Kembali', exact: true }).click();
  await page.getByRole('button', { name: 'Hapus foto 1' }).waitFor();
  await saved(page);
  const before = await storedPhotos(page);

  for (const [name, sentence] of bad) {
    await page.getByLabel('Pilih dari galeri').setInputFiles(name);
    await alertWith(page, sentence).waitFor();
    assert.equal(await page.getByRole('alert').count(), 1, `one alert for ${path.basename(name)}`);
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('img', { name: 'Foto 1 dari 1' }).count(), 1, `the photo is kept after ${path.basename(name)}`);
    assert.deepEqual(await storedPhotos(page), before, `the store after ${path.basename(name)}`);
  }

  // It goes on: a good photo takes the alert away, a bad one among good ones stops none of them.
  await page.getByLabel('Pilih dari galeri').setInputFiles([MORE_PHOTOS[0], bad[0][0], MORE_PHOTOS[1]]);
  await page.getByRole('button', { name: 'Foto 3 dari 3' }).waitFor();
  await alertWith(page, bad[0][1]).waitFor();
  await page.getByRole('button', { name: 'Hapus foto 3' }).click();
  await page.getByRole('button', { name: 'Foto 2 dari 2' }).waitFor();
  await choosePhotos(page, [MORE_PHOTOS[2]]);
  assert.equal(await page.getByRole('alert').count(), 0, 'the alert has had its time');
  await page.getByRole('button', { name: 'Lanjut' }).click();
  assert.equal(await page.getByRole('textbox', { name: 'Patokan' }).inputValue(), STORY.landmark);
}));

test('of six photos five are kept, and this is said', withPhone(async (page) => {
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  await page.getByRole('heading', { name: 'Foto', exact: true }).waitFor();
  await page.getByLabel('Pilih dari galeri').setInputFiles(MORE_PHOTOS);
  await alertWith(page, 'Paling banyak 5 foto. Sebagian foto tidak ditambahkan.').waitFor();
  await page.getByRole('button', { name: 'Foto 5 dari 5' }).waitFor({ timeout: 90000 });
  await page.getByText('Sudah 5 foto, itu paling banyak.').waitFor();
  assert.ok(await page.getByLabel('Pilih dari galeri').isDisabled());
  assert.ok(await page.getByLabel('Ambil foto').isDisabled());
  assert.equal((await storedPhotos(page)).length, 10, 'five photos and their thumbnails');
  // One removed, one may come again.
  await page.getByRole('button', { name: 'Hapus foto 5' }).click();
  await page.getByRole('button', { name: 'Foto 4 dari 4' }).waitFor();
  assert.ok(await page.getByLabel('Pilih dari galeri').isEnabled());
}));

// --- Words ------------------------------------------------------------------------------------------

const problemsOf = (page) => page.getByRole('alert').filter({ hasText: 'Ada yang belum lengkap' });

test('a hundred thousand letters are refused in words, and are still there to be shortened', withPhone(async (page) => {
  const long = 'Lubang besar 🕳️ sekali. '.repeat(4200);
  assert.ok(long.length > 100_000);
  await writeReport(page, { photos: [], story: { ...STORY, title: 'Judul panjang '.repeat(7200), content: long } });
  await send(page);
  await problemsOf(page).waitFor();
  const words = await problemsOf(page).textContent();
  assert.match(words, /Judul terlalu panjang, paling banyak 150 huruf\./);
  assert.match(words, /Isi laporan terlalu panjang, paling banyak 5\.000 huruf\./);
  await page.getByRole('button', { name: 'Ubah cerita' }).click();
  await page.getByRole('heading', { name: 'Cerita' }).waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Isi laporan' }).inputValue(), long, 'not a letter is cut off');
  assert.equal(await page.getByRole('textbox', { name: 'Judul' }).getAttribute('aria-invalid'), 'true');
  await page.getByRole('textbox', { name: 'Judul' }).fill('Judul pendek saja');
  await page.getByRole('textbox', { name: 'Isi laporan' }).fill('Isi pendek saja');
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('heading', { name: 'Periksa' }).waitFor();
  await problemsOf(page).waitFor({ state: 'detached' });
  await send(page);
  const shown = await city.desk('show', await trackingId(page));
  for (const part of ['Judul pendek saja', 'Isi pendek saja']) assert.ok(shown.includes(part), `${part} in ${shown}`);
}));

test('emoji, other scripts and control characters: what is meant arrives, the rest is left out', withPhone(async (page) => {
  const family = '👨‍👩‍👧';
  const story = {
    ...STORY,
    title: `Lubang\u0007 di\u001b[31m jalan \u{1F573}\uFE0F ${family}`,
    content: `Baris satu\u0000, <b>bukan tebal</b> & "kutip" \u202Eterbalik\nBaris dua: 日本語 العربية e\u0301 \uD83D tamat`,
    landmark: `RT 05\u0000 '; DROP TABLE report; --`,
  };
  await writeReport(page, { photos: [], story });
  await page.getByText('<b>bukan tebal</b>').waitFor();
  await send(page);
  const shown = await city.desk('show', await trackingId(page));
  for (const part of ['Lubang', '\u{1F573}\uFE0F', family, 'Baris satu', '<b>bukan tebal</b> & "kutip"', 'terbalik', 'Baris dua: 日本語 العربية e\u0301',
    'tamat', "RT 05", "'; DROP TABLE report; --"]) assert.ok(shown.includes(part), `${JSON.stringify(part)} in ${JSON.stringify(shown)}`);
  assert.doesNotMatch(shown, /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e]/, JSON.stringify(shown));
}));

test('a field that wants something says what, on the step and in the summary', withPhone(async (page) => {
  const before = await city.trackingIds();
  await page.getByRole('button', { name: 'Buat laporan' }).click();
  for (const heading of ['Lokasi', 'Cerita']) {
    await page.getByRole('button', { name: 'Lanjut' }).click();
    await page.getByRole('heading', { name: heading }).waitFor();
  }
  const future = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Tanggal kejadian').fill(future);
  await page.getByRole('textbox', { name: 'Nomor telepon' }).fill('12ab');
  await page.getByRole('button', { name: 'Lanjut' }).click();
  await page.getByRole('heading', { name: 'Periksa' }).waitFor();
  await send(page);
  const words = await problemsOf(page).textContent();
  for (const part of ['Pilih kategori.', 'Tulis judul singkat.', 'Ceritakan apa yang terjadi.', 'Tanggal kejadian tidak boleh setelah hari ini.',
    'Nomor telepon berisi 8 sampai 15 angka.', 'Tandai tempatnya di peta, atau tulis patokan.']) assert.ok(words.includes(part), `${part} in ${words}`);
  assert.deepEqual(await city.trackingIds(), before, 'nothing was sent');
  await page.getByRole('heading', { name: 'Periksa' }).waitFor();
}));

// --- Requests ---------------------------------------------------------------------------------------

describe('a stranger at the server', () => {
  let device;
  let others;    // a report of another phone
  let category;
  const LAPOR = 'lapor/3.0.0/';

  const call = async (route, { method = 'GET', headers = {}, body } = {}) => {
    const answer = await fetch(city.url + route, { method, headers, body });
    const text = await answer.text();
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/, `${route}: ${text}`);
    return { status: answer.status, json: JSON.parse(text) };
  };
  const known = () => ({ token: city.channelToken, authorization: `Bearer ${device}` });
  const report = (change = {}) => JSON.stringify({
    title: 'Lampu mati', content: 'Sejak kemarin', classification_id: 1, category_id: category, date_of_incident: '2026-01-02',
    latitude: -1.61, longitude: 103.6, attachments: '[]', ...change });
  const photos = (count, bytes) => {
    const form = new FormData();
    for (let i = 0; i < count; ++i) form.append('attachments', new Blob([bytes], { type: 'image/jpeg' }), `foto-${i}.jpg`);
    return form;
  };
  // Text as a person reads it: a sentence in Indonesian.
  const refused = ({ status: code, json }, expected, sentence) => {
    assert.equal(code, expected, JSON.stringify(json));
    assert.match(json.message, sentence);
    assert.match(json.message, /^[A-Z].*\.$/);
  };

  const register = async () => {
    const { status: code, json } = await call('titik/1/devices', { method: 'POST', headers: { token: city.channelToken }, body: '{}' });
    assert.equal(code, 201, JSON.stringify(json));
    return json.token;
  };
  before(async () => {
    category = (await call('titik/1/profile')).json.categories[0].lapor_category_id;
    device = await register();
    const { status: code, json } = await call(`${LAPOR}complaints/complaint`, { method: 'POST', headers: known(), body: report() });
    assert.equal(code, 201, JSON.stringify(json));
    others = json.complaint_id;
    assert.equal((await call(`${LAPOR}complaints/${others}/complaint`, { headers: known() })).status, 200);
    device = await register();
  });

  test('without the channel\'s code, or with another', async () => {
    refused(await call(`${LAPOR}complaints/complaint`, { method: 'POST', body: report() }), 401, /`token`.*tidak ada/);
    refused(await call(`${LAPOR}complaints/complaint`, { method: 'POST', headers: { token: '{00000000-0000-0000-0000-000000000000}' }, body: report() }), 401, /bukan kode kanal/);
    refused(await call('titik/1/devices', { method: 'POST', body: '{}' }), 401, /`token`.*tidak ada/);
  });

  test('without a device\'s code, or with one that nobody has', async () => {
    refused(await call(`${LAPOR}complaints/complaint`, { method: 'POST', headers: { token: city.channelToken }, body: report() }), 401, /`Authorization.*tidak ada/);
    refused(await call(`${LAPOR}complaints/complaint`, { method: 'POST', headers: { token: city.channelToken, authorization: 'Bearer salah' }, body: report() }), 401, /tidak dikenal/);
  });

  test('with a body that is no JSON, or no report', async () => {
    for (const body of ['{"title": "tanpa akhir', 'halo', '[]', '', '{"title":'.repeat(2000)]) {
      refused(await call(`${LAPOR}complaints/complaint`, { method: 'POST', headers: known(), body }), 400, /tidak dapat dibaca/);
    }
    refused(await call(`${LAPOR}complaints/complaint`, { method: 'POST', headers: known(), body: '{}' }), 422, /belum lengkap/);
  });

  test('with ids that are none, or another\'s', async () => {
    for (const id of ['abc', '9999999', '-1', '99999999999999999999999', "7000001'--", '%2e%2e']) {
      refused(await call(`${LAPOR}complaints/${id}/complaint`, { headers: known() }), 404, /Laporan tidak ditemukan|Alamat ini tidak ada/);
      refused(await call(`titik/1/reports/${id}`, { headers: known() }), 404, /Laporan tidak ditemukan|Alamat ini tidak ada/);
      refused(await call(`titik/1/files/${id}`, { headers: known() }), 404, /Berkas tidak ditemukan|Alamat ini tidak ada/);
    }
    refused(await call(`${LAPOR}complaints/${others}/complaint`, { headers: known() }), 404, /Laporan tidak ditemukan/);
  });

  test('at an address that is none, by a method that is none', async () => {
    refused(await call('titik/1/nothing', { headers: known() }), 404, /Alamat ini tidak ada/);
    refused(await call(`${LAPOR}complaints`, { headers: known() }), 404, /Alamat ini tidak ada/);
    refused(await call('titik/1/counts', { method: 'DELETE' }), 405, /tidak didukung/);
    // fetch() would mend this one.
    const raw = await new Promise((resolve, reject) => {
      http.get({ port: city.port, path: '/titik/1/%zz' }, (answer) => {
        let text = '';
        answer.on('data', (piece) => { text += piece; });
        answer.on('end', () => resolve({ status: answer.statusCode, json: JSON.parse(text) }));
      }).on('error', reject);
    });
    refused(raw, 400, /tidak dapat dibaca/);
  });

  test('with too much of everything', async () => {
    const upload = (body) => call(`${LAPOR}complaints/complaint/file`, { method: 'POST', headers: known(), body });
    const photo = readFileSync(PHOTOS.gps);
    refused(await upload(photos(1, Buffer.concat([photo, Buffer.alloc(11 * 1024 * 1024)]))), 413, /paling besar 10 MB/);
    refused(await upload(photos(6, photo)), 413, /Paling banyak 5 berkas/);
    refused(await upload(photos(1, Buffer.alloc(0))), 422, /kosong|Tidak ada berkas/i);
    refused(await upload(photos(1, Buffer.from('bukan foto'))), 415, /JPEG|PNG|foto/i);
    refused(await call(`${LAPOR}complaints/complaint`, { method: 'POST', headers: known(), body: report({ content: 'x'.repeat(300 * 1024) }) }), 413, /terlalu besar/);
  });

  test('and the server still works for everybody else', withPhone(async (page) => {
    assert.equal((await call('titik/1/health')).status, 200);
    await writeReport(page, { photos: [PHOTOS.gps] });
    await send(page);
    const shown = await city.desk('show', await trackingId(page));
    assert.ok(shown.includes(STORY.title));
    assert.doesNotMatch(city.log, /fault/, city.log);
  }));
});
