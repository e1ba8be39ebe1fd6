// serve/deploy/nginx.conf, as it stands but for names and ports, with Debian's nginx before a real server: what it
// promises of slow clients, of what a stranger may claim, and of photos that are cut.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { greyJpeg } from '../e2e/made_photos.mjs';
import { City } from '../e2e/world.mjs';

const SAMPLE = new URL('../../serve/deploy/nginx.conf', import.meta.url);
const SERVE = process.env.TITIK_SERVE ?? new URL('../../build/release/serve/titik-serve', import.meta.url).pathname;
const THREADS = 64;  // of titik-serve (kThreads in serve/http_server.cc)
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

// A picture of at least so many bytes, like no other: most of it is comments.
const photoOf = (bytes) => {
  const grey = greyJpeg(8, 8);
  const parts = [grey.subarray(0, 2)];
  for (let left = bytes; left > 0; left -= 60_000) {
    const comment = randomBytes(Math.min(left, 60_000));
    parts.push(Buffer.from([0xff, 0xfe, (comment.length + 2) >> 8, (comment.length + 2) & 255]), comment);
  }
  return Buffer.concat([...parts, grey.subarray(2)]);
};

class Nginx {
  async start(upstreamPort) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'titik-nginx-'));
    [this.plain, this.secure] = [await freePort(), await freePort()];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-keyout', `${this.folder}/privkey.pem`, '-out', `${this.folder}/fullchain.pem`], { stdio: 'ignore' });
    const site = readFileSync(SAMPLE, 'utf8').replace(/^ *listen \[::\].*\n/gm, '').replace('listen 80;', `listen 127.0.0.1:${this.plain};`)
      .replace('listen 443 ', `listen 127.0.0.1:${this.secure} `).replaceAll('CITY', 'localhost').replaceAll('/etc/ssl/titik', this.folder)
      .replace('127.0.0.1:8080', `127.0.0.1:${upstreamPort}`);
    mkdirSync(path.join(this.folder, 'temp'));
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${this.folder}/temp/${one};`).join('\n');
    writeFileSync(path.join(this.folder, 'nginx.conf'), `${process.getuid() === 0 ? 'user root;\n' : ''}daemon off; pid ${this.folder}/pid; error_log ${this.folder}/error.log;
      events { worker_connections 2048; }\nhttp { access_log off; ${temp}\n${site}\n}`);
    this.process = spawn('/usr/sbin/nginx', ['-c', path.join(this.folder, 'nginx.conf'), '-p', this.folder], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    this.process.stderr.on('data', (text) => { complaint += text; });
    for (let i = 0; ; ++i) {
      const up = await new Promise((resolve) => { http.get({ port: this.plain, host: '127.0.0.1' }, (answer) => { answer.resume(); resolve(true); }).on('error', () => resolve(false)); });
      if (up) return;
      assert.ok(i < 100 && this.process.exitCode === null, `nginx does not start: ${complaint}`);
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  }

  async stop() {
    const ended = new Promise((resolve) => { this.process.once('exit', resolve); });
    this.process.kill('SIGQUIT');
    setTimeout(() => this.process.kill('SIGTERM'), 500).unref();
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  // `from`: a loopback address, all of which are this machine's.
  ask(target, { method = 'GET', headers = {}, body, from = '127.0.0.1' } = {}) {
    return new Promise((resolve, reject) => {
      const request = https.request({ port: this.secure, host: '127.0.0.1', localAddress: from, path: target, method, headers, rejectUnauthorized: false, agent: false,
        signal: AbortSignal.timeout(30_000) }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part)).on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, raw: answer.rawHeaders, body: Buffer.concat(parts) }));
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  // A client that sends this head and then a byte a second. `answer` is what has come back.
  async drip(from, head) {
    const socket = tls.connect({ port: this.secure, host: '127.0.0.1', localAddress: from, rejectUnauthorized: false });
    const slow = { socket, answer: '' };
    socket.on('error', () => {}).on('data', (text) => { slow.answer += text; });
    await new Promise((resolve) => { socket.once('secureConnect', resolve); });
    socket.write(head);
    const dripping = setInterval(() => { if (!socket.destroyed) socket.write(' '); }, 1000);
    slow.end = () => {
      clearInterval(dripping);
      socket.destroy();
    };
    return slow;
  }
}

// One of nginx's own answers, in the documented form (docs/api.md, "Errors").
const assertOwnError = (answer, status) => {
  assert.equal(answer.status, status);
  assert.match(answer.headers['content-type'], /^application\/json/);
  const body = JSON.parse(answer.body);
  assert.ok(body.message.length > 10, body.message);
  assert.deepEqual(body.errors, []);
  assert.equal(answer.headers['x-request-id'], undefined, 'titik-serve was asked');
  assert.equal(answer.raw.filter((name) => name.toLowerCase() === 'strict-transport-security').length, 1);
};

const city = new City();
const nginx = new Nginx();
let phone;
before(async () => {
  await city.start();
  await nginx.start(city.port);
  const made = await nginx.ask('/titik/1/devices', { method: 'POST', headers: { token: city.channelToken } });
  assert.equal(made.status, 201);
  phone = { token: city.channelToken, Authorization: `Bearer ${JSON.parse(made.body).token ?? JSON.parse(made.body).results?.token}` };
});
after(async () => {
  await nginx.stop();
  await city.remove();
});

test('pages and answers come through, once with their headers, over HTTP/2 too; plain HTTP is sent on', async () => {
  const page = await nginx.ask('/');
  assert.equal(page.status, 200);
  assert.equal(page.raw.filter((name) => name.toLowerCase() === 'content-security-policy').length, 1);
  assert.match(page.headers['strict-transport-security'], /max-age=/);
  assert.doesNotMatch(page.headers.server ?? '', /\d/);
  for (const coding of ['br', 'gzip']) {
    const profile = await nginx.ask('/titik/1/profile', { headers: { 'Accept-Encoding': coding } });
    assert.equal(profile.headers['content-encoding'], coding);
    assert.equal(profile.headers.vary, 'Accept-Encoding');
  }
  const plain = await new Promise((resolve) => { http.get({ port: nginx.plain, host: '127.0.0.1', path: '/x?y', headers: { Host: 'localhost' } }, resolve); });
  assert.equal(plain.statusCode, 301);
  assert.equal(plain.headers.location, 'https://localhost/x?y');
  plain.resume();
  const session = http2.connect(`https://127.0.0.1:${nginx.secure}`, { rejectUnauthorized: false });
  const status = await new Promise((resolve) => { session.request({ ':path': '/healthz' }).on('response', (headers) => resolve(headers[':status'])).resume(); });
  session.close();
  assert.equal(status, 200);
  const services = await nginx.ask('/open311/v2/services.xml', { headers: { 'Accept-Encoding': 'gzip' } });
  assert.match(services.headers['content-type'], /^text\/xml/);
  assert.equal(services.headers['content-encoding'], 'gzip');
});

test('what nginx refuses by itself is JSON with a sentence; what titik-serve refuses passes as it is', async () => {
  const large = await nginx.ask('/lapor/3.0.0/complaints/complaint', { method: 'POST', headers: phone, body: 'x'.repeat(600_000) });
  assertOwnError(large, 413);
  assertOwnError(await nginx.ask('/metrics'), 404);
  assertOwnError(await nginx.ask('/titik/1/counts', { headers: { Cookie: 'x'.repeat(20_000) } }), 431);
  const theirs = await nginx.ask('/titik/1/nowhere');
  assert.equal(theirs.status, 404);
  assert.ok(theirs.headers['x-request-id']);
  const alone = new Nginx();
  await alone.start(await freePort());  // where nobody listens
  const down = await alone.ask('/titik/1/counts');
  await alone.stop();
  assertOwnError(down, 502);
  assert.equal(down.headers['retry-after'], '30');
});

test('officers send evidence of more than a page', async () => {
  execFileSync(SERVE, ['account', 'add', 'sari', '--role', 'administrator', '--data', city.data], { input: 'kata sandi sari\n' });
  const office = { 'X-Titik-Office': '1', 'Content-Type': 'application/json' };
  const login = await nginx.ask('/titik/1/office/session', { method: 'POST', headers: office, body: JSON.stringify({ name: 'sari', password: 'kata sandi sari' }) });
  assert.equal(login.status, 200, login.body.toString());
  office.Cookie = login.headers['set-cookie'].map((cookie) => cookie.split(';')[0]).join('; ');
  const category = city.profile.categories[0];
  const made = await nginx.ask('/lapor/3.0.0/complaints/complaint', { method: 'POST', headers: { ...phone, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: JSON.stringify({ title: 'Lubang', content: 'Dalam sekali', classification_id: 1, category_id: category.lapor_category_id,
      date_of_incident: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10), latitude: -1.61, longitude: 103.61, attachments: '[]' }) });
  assert.equal(made.status, 201, made.body.toString());
  const id = String(JSON.parse(made.body).complaint_id);
  const verified = await nginx.ask(`/titik/1/office/reports/${id}/verify`, { method: 'POST', headers: office, body: '{}' });
  assert.equal(verified.status, 200, verified.body.toString());

  const photo = photoOf(3_000_000);
  const form = new FormData();
  form.append('kind', 'action');
  form.append('content', 'Lubang sudah ditambal dengan aspal.');
  form.append('files[]', new Blob([photo], { type: 'image/jpeg' }), 'bukti.jpg');
  const packed = new Response(form);
  const body = Buffer.from(await packed.arrayBuffer());
  const headers = { ...office, 'Content-Type': packed.headers.get('content-type') };
  const done = await nginx.ask(`/titik/1/office/reports/${id}/follow-up`, { method: 'POST', headers, body });
  assert.equal(done.status, 200, done.body.toString());
  assert.deepEqual(city.file(createHash('sha256').update(photo).digest('hex')), photo);
  const files = await nginx.ask('/titik/1/office/files', { method: 'POST', headers, body });
  assert.ok(files.headers['x-request-id'], `titik-serve decides: ${files.status}`);
  assertOwnError(await nginx.ask(`/titik/1/office/reports/${id}/verify`, { method: 'POST', headers, body }), 413);
});

test('what a stranger claims of its address does not pass', async () => {
  const seen = [];
  const echo = http.createServer((request, response) => { seen.push(request.headers); response.end('{}'); }).listen(0, '127.0.0.1');
  await new Promise((resolve) => { echo.once('listening', resolve); });
  const other = new Nginx();
  await other.start(echo.address().port);
  await other.ask('/titik/1/counts', { headers: { 'X-Forwarded-For': '198.51.100.1', 'X-Forwarded-Proto': 'http' } });
  await other.stop();
  echo.close();
  assert.equal(seen.at(-1)['x-forwarded-for'], '127.0.0.1');
  assert.equal(seen.at(-1)['x-forwarded-proto'], 'https');
});

test('a photo that is cut on its way goes on where it was', async () => {
  const photo = photoOf(300_000);
  const hash = createHash('sha256').update(photo).digest('hex');
  const made = await nginx.ask('/titik/1/uploads', { method: 'POST', headers: { ...phone, 'Tus-Resumable': '1.0.0',
    'Upload-Length': photo.length, 'Upload-Metadata': `sha256 ${Buffer.from(hash).toString('base64')}` } });
  assert.equal(made.status, 201, made.body.toString());
  const target = new URL(made.headers.location, 'https://localhost').pathname;
  const headers = (offset, length) => ({ ...phone, 'Tus-Resumable': '1.0.0', 'Upload-Offset': offset, 'Content-Length': length, 'Content-Type': 'application/offset+octet-stream' });
  await new Promise((resolve) => {
    const request = https.request({ port: nginx.secure, host: '127.0.0.1', path: target, method: 'PATCH', headers: headers(0, photo.length), rejectUnauthorized: false, agent: false });
    request.on('error', resolve).on('close', resolve);
    request.write(photo.subarray(0, 100_000), () => setTimeout(() => request.destroy(), 300));
  });
  let offset = 0;
  for (let i = 0; i < 50 && offset === 0; ++i) {
    offset = Number((await nginx.ask(target, { method: 'HEAD', headers: { ...phone, 'Tus-Resumable': '1.0.0' } })).headers['upload-offset']);
    if (offset === 0) await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  assert.ok(offset >= 50_000 && offset <= 100_000, `what arrived counts: ${offset}`);
  const rest = photo.subarray(offset);
  const done = await nginx.ask(target, { method: 'PATCH', headers: headers(offset, rest.length), body: rest });
  assert.equal(done.status, 204, done.body.toString());
  assert.deepEqual(city.file(hash), photo);
});

test('clients that send a byte a second, more than the server has threads, hold up nobody', async () => {
  const body = JSON.stringify({ title: 'x'.repeat(5000) });
  const head = `POST /lapor/3.0.0/complaints/complaint HTTP/1.1\r\nHost: localhost\r\ntoken: ${city.channelToken}\r\nAuthorization: ${phone.Authorization}\r\nContent-Length: ${body.length}\r\n\r\n{`;
  const slow = [];
  try {
    for (let i = 0; i < THREADS + 16; ++i) slow.push(await nginx.drip(`127.0.0.${2 + (i % 4)}`, head));
    await pause(1500);
    for (let i = 0; i < 5; ++i) {
      const start = Date.now();
      assert.equal((await nginx.ask('/titik/1/counts')).status, 200);
      assert.ok(Date.now() - start < 2000, `${Date.now() - start} ms`);
    }
    assert.equal(slow.filter(({ socket, answer }) => !socket.destroyed && answer === '').length, THREADS + 16, 'they are still there');
  } finally {
    for (const one of slow) one.end();
  }
});

test('one address does not take all places to send photos in pieces', async () => {
  const begin = async (from, photo) => {
    const made = await nginx.ask('/titik/1/uploads', { method: 'POST', from, headers: { ...phone, 'Tus-Resumable': '1.0.0', 'Upload-Length': photo.length } });
    assert.equal(made.status, 201, made.body.toString());
    return new URL(made.headers.location, 'https://localhost').pathname;
  };
  const photo = photoOf(5000);
  const slow = [];
  try {
    for (let i = 0; i < 45; ++i) {
      const target = await begin('127.0.0.3', photo);
      slow.push(await nginx.drip('127.0.0.2', `PATCH ${target} HTTP/1.1\r\nHost: localhost\r\ntoken: ${city.channelToken}\r\nAuthorization: ${phone.Authorization}\r\n` +
        `Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${photo.length}\r\n\r\n`));
    }
    await pause(500);
    assert.equal(slow.filter(({ answer }) => answer === '').length, 8, 'as many are taken');
    assert.equal(slow.filter(({ answer }) => answer.startsWith('HTTP/1.1 429')).length, 37);
    assertOwnError(await nginx.ask('/titik/1/uploads', { method: 'POST', from: '127.0.0.2', headers: phone }), 429);
    assert.equal((await nginx.ask('/titik/1/counts', { from: '127.0.0.2' })).status, 200, 'for everything else there is room');
    const headers = { ...phone, 'Tus-Resumable': '1.0.0', 'Upload-Offset': 0, 'Content-Type': 'application/offset+octet-stream' };
    const sent = await nginx.ask(await begin('127.0.0.3', photo), { method: 'PATCH', from: '127.0.0.3', headers, body: photo });
    assert.equal(sent.status, 204, sent.body.toString());
  } finally {
    for (const one of slow) one.end();
  }
});
