// serve/deploy/nginx.conf, as it stands but for names and ports, with Debian's nginx before a real server: what it
// promises of slow clients, of what a stranger may claim, and of photos that are cut.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { City } from '../e2e/world.mjs';

const SAMPLE = new URL('../../serve/deploy/nginx.conf', import.meta.url);
const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

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

  ask(target, { method = 'GET', headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
      const request = https.request({ port: this.secure, host: '127.0.0.1', path: target, method, headers, rejectUnauthorized: false, agent: false }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part)).on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, raw: answer.rawHeaders, body: Buffer.concat(parts) }));
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}

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
  const profile = await nginx.ask('/titik/1/profile', { headers: { 'Accept-Encoding': 'gzip' } });
  assert.equal(profile.headers['content-encoding'], 'gzip');
  const plain = await new Promise((resolve) => { http.get({ port: nginx.plain, host: '127.0.0.1', path: '/x?y', headers: { Host: 'localhost' } }, resolve); });
  assert.equal(plain.statusCode, 301);
  assert.equal(plain.headers.location, 'https://localhost/x?y');
  plain.resume();
  const session = http2.connect(`https://127.0.0.1:${nginx.secure}`, { rejectUnauthorized: false });
  const status = await new Promise((resolve) => { session.request({ ':path': '/healthz' }).on('response', (headers) => resolve(headers[':status'])).resume(); });
  session.close();
  assert.equal(status, 200);
  assert.equal((await nginx.ask('/metrics')).status, 404);
  assert.equal((await nginx.ask('/lapor/3.0.0/complaints/complaint', { method: 'POST', headers: phone, body: 'x'.repeat(600_000) })).status, 413);
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
  const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(300_000)]);
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

test('30 clients that send a byte a second, more than the server has threads, hold up nobody', async () => {
  const slow = [];
  const body = JSON.stringify({ title: 'x'.repeat(5000) });
  for (let i = 0; i < 30; ++i) {
    const socket = tls.connect({ port: nginx.secure, host: '127.0.0.1', rejectUnauthorized: false });
    socket.on('error', () => {});
    slow.push(socket);
    await new Promise((resolve) => { socket.once('secureConnect', resolve); });
    socket.write(`POST /lapor/3.0.0/complaints/complaint HTTP/1.1\r\nHost: localhost\r\ntoken: ${city.channelToken}\r\nAuthorization: ${phone.Authorization}\r\nContent-Length: ${body.length}\r\n\r\n{`);
  }
  const dripping = setInterval(() => { for (const socket of slow) if (!socket.destroyed) socket.write(' '); }, 1000);
  try {
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    for (let i = 0; i < 5; ++i) {
      const start = Date.now();
      assert.equal((await nginx.ask('/titik/1/counts')).status, 200);
      assert.ok(Date.now() - start < 2000, `${Date.now() - start} ms`);
    }
    assert.equal(slow.filter((socket) => !socket.destroyed).length, 30, 'they are still there');
  } finally {
    clearInterval(dripping);
    for (const socket of slow) socket.destroy();
  }
});
