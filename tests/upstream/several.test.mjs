// Three servers with the link on one PostgreSQL, one of them killed: what is told SP4N-LAPOR! is told once.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Here, There, pause, until } from './world.mjs';

const here = fileURLToPath(import.meta.url);
const run = promisify(execFile);

if (process.env.TITIK_TEST_DATABASE) {
  test('three servers on one PostgreSQL, killed in turn, tell everything once', async (context) => {
    const there = await new There().start();
    const first = new Here(there);
    const others = [new Here(there), new Here(there)];
    const servers = [first, ...others];
    for (const one of servers) Object.assign(one, { sharedData: first.data, database: process.env.TITIK_TEST_DATABASE });
    try {
      await first.start();
      for (const one of others) await one.start();
      const ids = [];
      for (let i = 0; i < 12; ++i) {
        ids.push(await servers[i % 3].report({ title: `Laporan ${i}` }));
        if (i % 4 === 3) {
          const victim = servers[(i >> 2) % 3];
          await victim.stop('SIGKILL');
          await victim.start();
        }
      }
      await until('all there', async () => (await there.complaints()).length >= 12, 90_000);
      await until('all numbers', async () => /Tidak ada yang tertahan/.test(await first.desk('upstream')), 90_000);
      await pause(3000);
      const titles = (await there.complaints()).map(({ title }) => title).sort();
      assert.deepEqual(titles, Array.from({ length: 12 }, (_, i) => `Laporan ${i}`).sort());
      context.diagnostic(`${ids.length} reports at 3 servers, 3 kills: ${titles.length} complaints there`);
    } finally {
      for (const one of others) await one.remove();
      await first.remove();
      there.stop();
    }
  });
} else {
  test('three servers on one PostgreSQL', async (context) => {
    const top = path.resolve(path.dirname(here), '../..');
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout } = await run(path.join(top, 'tests/postgresql'), [process.execPath, '--test', here], { env, timeout: 240_000 })
      .catch((error) => { throw new Error(error.stdout + error.stderr); });
    assert.match(stdout, /^# pass 1$/m);
    for (const line of stdout.match(/^# \d+ reports.*$/gm) ?? []) context.diagnostic(line.slice(2));
  });
}
