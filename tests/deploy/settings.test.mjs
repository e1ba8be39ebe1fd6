// A city that has its settings from the environment, as serve/deploy/titik@.service gives them: served by them, and
// known to the commands that come later.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

const top = new URL('../..', import.meta.url).pathname;
const SERVE = process.env.TITIK_SERVE ?? path.join(top, 'build/release/serve/titik-serve');
const folder = mkdtempSync(path.join(tmpdir(), 'titik-settings-'));
const client = path.join(folder, 'client');
const data = path.join(folder, 'data');
mkdirSync(client);
writeFileSync(path.join(client, 'index.html'), '<!doctype html><title>uji</title>');
after(() => rmSync(folder, { recursive: true, force: true }));

// Somewhere else than in the repository, as a service is: { code, out, error }.
const run = (words, environment) => new Promise((resolve) => {
  execFile(SERVE, words, { cwd: folder, env: environment }, (failed, out, error) => resolve({ code: failed ? failed.code : 0, out, error }));
});

test('a folder that was never served is no city, and is not made', async () => {
  for (const words of [['list'], ['account', 'list'], ['serve', '--client', client]]) {
    const { code, error } = await run(words, { TITIK_DATA: data });
    assert.equal(code, 1, error);
    assert.match(error, /--profile FILE \(TITIK_PROFILE\)/);
  }
  assert.ok(!existsSync(data));
});

test('a port that cannot be is refused by its name', async () => {
  const { code, error } = await run(['serve', '--client', client], { TITIK_DATA: data, TITIK_MONITOR_PORT: '108080' });
  assert.equal(code, 1);
  assert.match(error, /monitor-port: harus angka 0 sampai 65535/);
});

test('served by its settings, it is known to the commands that have no profile', async () => {
  const server = spawn(SERVE, ['serve'], { cwd: top, stdio: ['ignore', 'pipe', 'pipe'],
    env: { TITIK_DATA: data, TITIK_CLIENT: client, TITIK_PROFILE: 'assets/cities/kota-palangka-raya.json', TITIK_PORT: '0', TITIK_MONITOR_PORT: '0' } });
  let log = '';
  server.stderr.on('data', (text) => { log += text; });
  const ended = new Promise((resolve) => { server.once('exit', resolve); });
  try {
    const line = await Promise.race([new Promise((resolve) => { server.stdout.once('data', resolve); }), ended.then(() => assert.fail(log))]);
    const port = /localhost:(\d+)/.exec(line)[1];
    assert.equal((await (await fetch(`http://127.0.0.1:${port}/titik/1/profile`)).json()).id, 'kota-palangka-raya');
    const monitor = /"port":(\d+)/.exec(log)[1];
    // What the library refuses by itself is in the log and in the sums as all else is.
    const refused = await fetch(`http://127.0.0.1:${port}/`, { headers: { Range: 'bytes=x', 'Accept-Language': 'en' } });
    assert.equal(refused.status, 416);
    assert.equal((await refused.json()).message, 'The request cannot be read.');
    const logged = new RegExp(`"request":"${refused.headers.get('x-request-id')}","route":"\\(refused\\)","status":416`);
    for (let i = 0; i < 50 && !logged.test(log); ++i) await new Promise((resolve) => { setTimeout(resolve, 100); });  // it comes by a pipe
    assert.match(log, logged);
    assert.match(await (await fetch(`http://127.0.0.1:${monitor}/metrics`)).text(), /route="\(refused\)",status="416"\} 1/);
  } finally {
    server.kill();
    await ended;
  }
  for (const words of [['list'], ['account', 'list'], ['check']]) {
    const { code, out, error } = await run(words, { TITIK_DATA: data });
    assert.equal(code, 0, out + error);
  }
  assert.match((await run(['check'], { TITIK_DATA: data })).out, /Palangka Raya/);
});
