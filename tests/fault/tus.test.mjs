// Resumable uploads, held to a client that is not ours: tus-js-client against titik-serve, by a network
// that ends in the middle of the file over and over.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as tus from 'tus-js-client';
import { City, MORE_PHOTOS, sha256 } from '../e2e/world.mjs';
import { CuttingNetwork } from './cutting.mjs';

const CUTS = 20;

test(`a photo whose upload is cut ${CUTS} times arrives whole, and costs at most a tenth more`, async (t) => {
  const city = new City();
  await city.start();
  const network = new CuttingNetwork(city, city.port);
  network.slow = 2;
  await network.start();
  try {
    const photo = MORE_PHOTOS.map((file) => readFileSync(file)).sort((a, b) => a.length - b.length)
      .find(({ length }) => length > 300_000);
    const headers = { token: city.channelToken };
    const { token } = await (await fetch(`${network.url}titik/1/devices`, { method: 'POST', headers })).json();
    headers.Authorization = `Bearer ${token}`;

    network.sent = 0;
    network.onSent = (cut) => {
      if (network.cuts < CUTS && network.sent >= ((network.cuts + 1) * photo.length) / (CUTS + 2)) cut();
    };
    const url = await new Promise((resolve, reject) => {
      const upload = new tus.Upload(photo, {
        endpoint: `${network.url}titik/1/uploads`, headers, retryDelays: Array(2 * CUTS).fill(100),
        metadata: { filename: 'lubang.jpg', sha256: sha256(photo) },
        onError: reject, onSuccess: () => resolve(upload.url),
      });
      upload.start();
    });
    assert.equal(network.cuts, CUTS);
    assert.deepEqual(city.file(sha256(photo)), photo);
    t.diagnostic(`${photo.length} bytes, ${CUTS} cuts: ${network.sent} bytes went over the network with all headers, ${(network.sent / photo.length).toFixed(3)} of the photo`);
    assert.ok(network.sent <= 1.1 * photo.length);

    // Its id is an attachment like any other.
    const created = await fetch(`${network.url}lapor/3.0.0/complaints/complaint`, {
      method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ title: 'Lubang', content: 'Di jalan', classification_id: 3, category_id: city.profile.categories[0].lapor_category_id, latitude: -1.61, longitude: 103.61,
        attachments: `[${url.split('/').at(-1)}]` }),
    });
    const answer = await created.text();
    assert.equal(created.status, 201, answer);
    assert.ok(answer.includes(sha256(photo)), answer);
  } finally {
    await network.stop();
    await city.remove();
  }
});
