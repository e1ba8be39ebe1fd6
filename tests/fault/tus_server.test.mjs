// Our client's resumable uploads, held to a server that is not ours: the phone's photos go to @tus/server, by a
// network that ends in the middle over and over, and from there to the city.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import * as tus from 'tus-js-client';
import { City, PHOTOS, Phone, send, sha256, status, storedPhotos, trackingId, writeReport } from '../e2e/world.mjs';
import { CuttingNetwork } from './cutting.mjs';

const CUTS = 10;
const UPLOADS = '/titik/1/uploads';

// Everything is the city's, but the uploads. What is whole goes on to the city in the phone's name.
class Gateway {
  constructor(city) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'titik-tus-'));
    this.methods = [];
    this.whole = [];
    const store = new FileStore({ directory: this.folder });
    this.tus = new Server({ path: UPLOADS, datastore: store, respectForwardedHeaders: false,
      onUploadFinish: async (request, upload) => {
        const bytes = readFileSync(path.join(this.folder, upload.id));
        this.whole.push(sha256(bytes));
        await new Promise((resolve, reject) => {
          new tus.Upload(bytes, { endpoint: new URL(UPLOADS.slice(1), city.url).href, metadata: upload.metadata, onError: reject, onSuccess: resolve,
            headers: { token: city.channelToken, Authorization: request.headers.get('authorization') } }).start();
        });
        return {};
      } });
    this.server = http.createServer((request, response) => {
      if (request.url.startsWith(UPLOADS)) {
        this.methods.push(request.method);
        if (request.method === 'OPTIONS') {
          // It does not know that photos may follow; that part is the city's.
          response.writeHead(204, { 'Tus-Resumable': '1.0.0', 'Tus-Version': '1.0.0', 'Tus-Extension': `${store.extensions.join(',')},titik-report` });
          response.end();
        } else {
          this.tus.handle(request, response);
        }
        return;
      }
      const on = http.request({ port: city.port, host: '127.0.0.1', path: request.url, method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      on.on('error', () => response.destroy());
      request.pipe(on);
    });
  }

  async start() {
    await new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
    this.port = this.server.address().port;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

test(`photos reach a tus server that is not ours through ${CUTS} cuts, and the city from there`, async (t) => {
  const city = new City();
  await city.start();
  const gateway = new Gateway(city);
  await gateway.start();
  const network = new CuttingNetwork(gateway, gateway.port);
  await network.start();
  const phone = new Phone();
  try {
    const page = await phone.open(network.url);
    await writeReport(page, { photos: [PHOTOS.plain, PHOTOS.rotated] });
    const photos = (await storedPhotos(page)).filter((one) => one.key === one.sha256);
    network.sent = 0;
    network.slow = 2;
    network.onSent = (cut) => {
      if (network.cuts < CUTS && network.sent >= (network.cuts + 1) * 25_000) cut();
    };
    await send(page);
    const id = await trackingId(page);
    await page.getByRole('button', { name: 'Lihat laporan' }).click();
    const end = Date.now() + 150_000;
    while (gateway.whole.length < 2) {
      assert.ok(Date.now() < end, `${gateway.whole.length} whole after ${network.cuts} cuts, ${network.sent} bytes`);
      const now = page.getByRole('button', { name: 'Kirim sekarang' });
      if (await now.isVisible()) await now.click({ timeout: 2000 }).catch(() => {});  // nobody wants to wait for the back-off
      await page.waitForTimeout(300);
    }
    await status(page, 'Terkirim').waitFor();
    assert.equal(network.cuts, CUTS);
    const arrived = photos.filter((photo) => city.file(photo.key));
    assert.deepEqual(gateway.whole.toSorted(), arrived.map((photo) => photo.key).toSorted());
    assert.equal(arrived.length, 2);
    for (const photo of arrived) assert.equal(sha256(city.file(photo.key)), photo.key);
    assert.deepEqual(await city.trackingIds(), [id]);
    const bytes = arrived.reduce((sum, photo) => sum + city.file(photo.key).length, 0);
    const count = (method) => gateway.methods.filter((one) => one === method).length;
    t.diagnostic(`${bytes} bytes of photos, ${network.cuts} cuts: ${network.sent} bytes sent with all headers and words; ${count('POST')} POST, ${count('HEAD')} HEAD, ${count('PATCH')} PATCH`);
  } finally {
    await phone.remove();
    await network.stop();
    await gateway.stop();
    await city.remove();
  }
});
