// The city's signed receipt: shown, handed on, and checked by a stranger with the published key alone. And
// what the phone says when somebody between it and the city has touched it.
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';
import { PHOTOS, STORY, city, cityAndPhones, phone, send, sha256, status, trackingId, writeReport } from './world.mjs';

cityAndPhones();

// docs/api.md, "Signed receipts", by its words alone.
const wordsOf = (story) => ['1', story.category.toLowerCase(), story.title, story.content, story.date, story.landmark, '', '']
  .map((text) => `${text}\0`).join('');
const isSignedBy = (jws, jwk) => {
  const [header, payload, signature] = jws.split('.');
  return verify('sha256', Buffer.from(`${header}.${payload}`), { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'));
};
const part = (jws, index) => JSON.parse(Buffer.from(jws.split('.')[index], 'base64url'));
const keysAt = async (url) => (await (await fetch(url)).json()).keys;

const sendReport = async (url, photos) => {
  const page = await phone.open(url);
  await writeReport(page, { photos });
  await send(page);
  const id = await trackingId(page);
  await page.getByRole('button', { name: 'Lihat laporan' }).click();
  await page.getByRole('heading', { name: STORY.title }).waitFor();
  return { page, id };
};
const openReceipt = async (page) => {
  await page.getByRole('button', { name: 'Tanda terima' }).click();
  await page.getByRole('heading', { name: 'Tanda terima', level: 1 }).waitFor();
};

test('is shown, handed on, and proves itself to a stranger', async () => {
  const { page, id } = await sendReport(city.url, [PHOTOS.plain]);
  await openReceipt(page);
  await page.getByText('Tanda tangan sah').waitFor();
  await page.getByText(id, { exact: true }).waitFor();
  await page.getByText('1 dari 1 sudah sampai').waitFor();
  // A place of the history: loaded anew, it is there.
  await page.reload();
  await page.getByText('Tanda tangan sah').waitFor();

  const share = page.getByRole('button', { name: 'Bagikan tanda terima' });
  await share.focus();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  assert.equal(download.suggestedFilename(), `tanda-terima-${id}.txt`);
  const text = readFileSync(await download.path(), 'utf8');

  const [jws] = text.split('\n').filter((line) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(line));
  const url = text.trimEnd().split('\n').pop();
  assert.equal(new URL(url).pathname, '/titik/1/keys');
  const header = part(jws, 0);
  assert.deepEqual([header.alg, header.typ], ['ES256', 'titik-receipt+jwt']);
  const keys = await keysAt(url);
  const key = keys.find(({ kid }) => kid === header.kid);
  assert.equal(isSignedBy(jws, key), true);
  const flipped = jws.replace(/.{10}$/, (end) => (end[0] === 'A' ? 'B' : 'A') + end.slice(1));
  assert.equal(isSignedBy(flipped, key), false);

  const payload = part(jws, 1);
  const own = payload.photo_sha256.map((hash) => sha256(city.file(hash)));
  assert.deepEqual(own, payload.photo_sha256);
  assert.equal(own.length, 1);
  assert.deepEqual(payload.pending_sha256, []);
  assert.equal(payload.city, city.profile.id);
  assert.equal(payload.tracking_id, id);
  assert.ok(Math.abs(Date.now() - payload.received_at) < 120_000);
  const date = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Jakarta' }).format(new Date());
  assert.equal(payload.words_sha256, sha256(wordsOf({ ...STORY, date })));
  // The same for people.
  const when = new Date(payload.received_at + 7 * 3600_000).toISOString();
  const months = 'Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember'.split(' ');
  const words = `${Number(when.slice(8, 10))} ${months[when.slice(5, 7) - 1]} ${when.slice(0, 4)}, ${when.slice(11, 13)}.${when.slice(14, 16)} WIB`;
  for (const line of [`Nomor lacak: ${id}`, `Kota: ${city.profile.name}`, `Diterima kota: ${words}`, `Foto laporan 1: ${own[0]}`, 'Tanda tangan sah']) {
    assert.ok(text.includes(line), `${line} is not in\n${text}`);
  }

  // The key outlives the program.
  await city.stop();
  await city.start();
  assert.deepEqual(await keysAt(`${city.url}titik/1/keys`), keys);
});

// Somebody between the phone and the city, who changes the answers to what `change` makes of them.
const between = async (change) => {
  const server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const headers = { ...request.headers, host: `localhost:${city.port}` };
      delete headers['accept-encoding'];
      const onward = http.request({ port: city.port, host: '127.0.0.1', method: request.method, path: request.url, headers }, (answer) => {
        const parts = [];
        answer.on('data', (piece) => parts.push(piece));
        answer.on('end', () => {
          const body = change(request.url, Buffer.concat(parts));
          const told = { ...answer.headers };
          if (request.method !== 'HEAD' && answer.statusCode !== 304) told['content-length'] = String(body.length);
          response.writeHead(answer.statusCode, told);
          response.end(body);
        });
      });
      onward.end(Buffer.concat(pieces));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://localhost:${server.address().port}/`, stop: () => { server.closeAllConnections(); server.close(); } };
};
const withJson = (body, edit) => {
  const json = JSON.parse(body);
  edit(json);
  return Buffer.from(JSON.stringify(json));
};
const isReceipt = (url) => url.endsWith('/complaints/complaint') || /\/titik\/1\/reports\/[0-9a-f-]{36}$/.test(url);

const CHANGES = {
  'a letter of the signature': (url, body) => (isReceipt(url) && body.includes('"receipt"')
    ? withJson(body, ({ titik }) => { titik.receipt = titik.receipt.replace(/.{9}$/, (end) => (end[0] === 'A' ? 'B' : 'A') + end.slice(1)); }) : body),
  'the time, unsigned': (url, body) => (isReceipt(url) && body.includes('"receipt"')
    ? withJson(body, ({ titik }) => {
      const [header, , signature] = titik.receipt.split('.');
      const payload = { ...part(titik.receipt, 1), received_at: 1_600_000_000_000 };
      titik.receipt = [header, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join('.');
    }) : body),
  'the key': (url, body) => (url === '/titik/1/profile' && body.length > 0
    ? withJson(body, ({ receipt_keys: [key] }) => { [key.x, key.y] = OTHER_POINT; }) : body),
};
// Of P-256: RFC 7515, A.3.
const OTHER_POINT = ['f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0'];

for (const [what, change] of Object.entries(CHANGES)) {
  test(`with ${what} changed it is told as not valid, and the report is received all the same`, async () => {
    const proxy = await between(change);
    try {
      const { page, id } = await sendReport(proxy.url, []);
      await status(page, 'Terkirim').waitFor();
      await page.getByText('Tanda tangan tidak sah').waitFor();
      await openReceipt(page);
      await page.getByText('Tanda tangan tidak sah').waitFor();
      await page.getByText('bukan bukti').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Bagikan tanda terima' }).count(), 0);
      assert.ok((await city.trackingIds()).includes(id));
    } finally {
      proxy.stop();
    }
  });
}

test('a city that does not sign is no worse: no receipt, and no word of it', async () => {
  const proxy = await between((url, body) => (isReceipt(url) && body.includes('"receipt"') ? withJson(body, ({ titik }) => { delete titik.receipt; }) : body));
  try {
    const { page } = await sendReport(proxy.url, []);
    await page.getByRole('heading', { name: 'Riwayat' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Tanda terima' }).count(), 0);
    assert.equal(await page.getByText('Tanda tangan').count(), 0);
  } finally {
    proxy.stop();
  }
});
