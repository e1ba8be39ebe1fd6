// Three servers on one PostgreSQL, killed in turn: what is told SP4N-LAPOR! is told once, and each step of time is taken
// once.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Here, There, pause, until } from './world.mjs';

const here = fileURLToPath(import.meta.url);
const run = promisify(execFile);

// Three that share a folder and a database.
const three = (there, database) => {
  const servers = [new Here(there), new Here(there), new Here(there)];
  for (const one of servers) Object.assign(one, { sharedData: servers[0].data, database });
  return servers;
};

const outbox = async (context) => {
  const there = await new There().start();
  const servers = three(there, process.env.TITIK_TEST_DATABASE);
  const [first] = servers;
  try {
    for (const one of servers) await one.start();
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
    await until('all numbers', async () => /^0 belum terkirim/m.test(await first.desk('upstream')), 90_000);
    await pause(3000);
    const titles = (await there.complaints()).map(({ title }) => title).sort();
    assert.deepEqual(titles, Array.from({ length: 12 }, (_, i) => `Laporan ${i}`).sort());
    context.diagnostic(`${ids.length} reports at 3 servers, 3 kills: ${titles.length} complaints there`);
  } finally {
    for (const one of servers.toReversed()) await one.remove();
    there.stop();
  }
};

const OF_EACH = 40;  // reports whose time runs out, and reports whose citizen stays silent
const STAGGER = 1500;  // ms between the starts, and so between the rounds, which come every 20 s
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const MONDAY = Date.UTC(2026, 11, 7, 2);

const clocks = async (context) => {
  const psql = async (sql, name = 'clocks') => {
    const url = process.env.TITIK_TEST_DATABASE.replace('/postgres?', `/${name}?`);
    return (await run('psql', ['-d', url, '-At', '-v', 'ON_ERROR_STOP=1', '-c', sql])).stdout.trim();
  };
  await psql('CREATE DATABASE clocks', 'postgres');
  const servers = three({ base: 'http://127.0.0.1:1' }, process.env.TITIK_TEST_DATABASE.replace('/postgres?', '/clocks?'));
  const [first] = servers;
  for (const one of servers) one.upstream = '';  // without the link
  const at = (time) => ['--clock', `${new Date(time).toISOString().slice(0, 19)}Z`];
  try {
    // 1. Answered with a reason, on a Monday: closed by silence ten working days later.
    await first.start(...at(MONDAY));
    const office = { Authorization: `Bearer ${(await first.desk('token', '--name', 'uji')).trim()}` };
    const silent = [];
    for (let i = 0; i < OF_EACH; ++i) {
      const id = await first.report({ title: `Dijawab ${i}` });
      const body = new FormData();
      body.append('kind', 'refusal');
      body.append('content', 'Jalan ini milik provinsi, bukan kewenangan kota.');
      await first.call(`/titik/1/office/reports/${id}/follow-up`, { method: 'POST', body, headers: office });
      silent.push(id);
    }
    const closes = Number(await psql('SELECT min(closes_at) FROM report'));
    await first.stop();
    // 2. Left lying, 72 hours before that.
    await first.start(...at(closes - 72 * HOUR));
    const late = [];
    for (let i = 0; i < OF_EACH; ++i) late.push(await first.report({ title: `Terlambat ${i}` }));
    const due = Number(await psql('SELECT max(greatest(closes_at, escalates_at)) FROM report'));
    assert.equal(Number(await psql(`SELECT count(*) FROM report WHERE greatest(closes_at, escalates_at) BETWEEN ${due - 60 * SECOND} AND ${due}`)), 2 * OF_EACH);
    await first.stop();

    // 3. Three servers shortly before, on a database that takes its time for each step: rounds of the others come amid one
    // server's, and so do the kills. The first victim comes again when the second is gone, as systemd would have it.
    await psql(`CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END';
      CREATE TRIGGER slowly BEFORE INSERT ON history FOR EACH ROW WHEN (NEW.action IN ('escalate', 'close-silent')) EXECUTE FUNCTION slowly()`);
    const begun = Date.now();
    const now = () => at(due - 15 * SECOND + Date.now() - begun);
    for (const one of servers) {
      await one.start(...now());
      if (one !== servers.at(-1)) await pause(STAGGER);
    }
    const taken = async () => Number(await psql(`SELECT count(*) FROM history WHERE action IN ('escalate', 'close-silent')`));
    const holder = async () => {
      const pid = Number((await psql(`SELECT owner FROM lease WHERE name = 'clocks'`)).split('/').at(-2));
      const found = servers.find((one) => one.process.pid === pid && one.process.signalCode === null);
      assert.ok(found, `the lease is held by ${pid}, which is none of the servers that live`);
      return found;
    };
    const told = () => servers.map(({ log }) => [...log.matchAll(/\{[^\n]*"event":"clocks"[^\n]*\}/g)].map(([line]) => JSON.parse(line))
      .reduce((sum, { escalated, closed }) => sum + escalated + closed, 0));
    const victims = [];
    const done = [];
    for (const steps of [OF_EACH / 4, OF_EACH + OF_EACH / 4]) {  // amid the escalations, amid the closings
      await until(`${steps} steps of time`, async () => (await taken()) >= steps, 60_000);
      victims.push(await holder());
      done.push(await taken());
      await victims.at(-1).stop('SIGKILL');
      assert.deepEqual(told(), [0, 0, 0], 'a round has ended before a kill');
    }
    await victims[0].start(...now());
    await until('every step', async () => (await taken()) >= 2 * OF_EACH, 60_000);
    await until('its end', () => told().some((steps) => steps > 0));
    await pause(SECOND);
    const rest = told().filter((steps) => steps > 0);
    assert.ok(rest.length === 1 && rest[0] <= 2 * OF_EACH - done[1], `${rest} steps after ${done[1]}: another server took some beside the one that holds the lease`);

    // 4. Those that come again, and whoever else tries, find nothing more to do.
    await victims[1].start(...now());
    await Promise.all(servers.map((one) => one.desk('tick', ...now())));
    await pause(2 * SECOND);
    const steps = async (id) => {
      const { history, status, level } = await first.call(`/titik/1/office/reports/${id}`, { headers: office });
      return { taken: history.map(({ action }) => action).filter((action) => /^escalate$|-silent$/.test(action)), status, level };
    };
    for (const id of late) assert.deepEqual(await steps(id), { taken: ['escalate'], status: 'belum_terverifikasi', level: 'head' }, id);
    for (const id of silent) assert.deepEqual(await steps(id), { taken: ['close-silent'], status: 'ditutup_sistem', level: 'liaison' }, id);
    context.diagnostic(`${OF_EACH} reports escalated and ${OF_EACH} closed once each at 3 servers; the lease's holder killed after ${done.join(' and ')} of them`);
  } finally {
    for (const one of servers.toReversed()) await one.remove();
  }
};

if (process.env.TITIK_TEST_DATABASE) {
  test('three servers on one PostgreSQL, killed in turn, tell everything once', outbox);
  test('three servers on one PostgreSQL, the one with the clocks killed amid its round, take each step of time once', clocks);
} else {
  test('three servers on one PostgreSQL', async (context) => {
    const top = path.resolve(path.dirname(here), '../..');
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout } = await run(path.join(top, 'tests/postgresql'), [process.execPath, '--test', here], { env, timeout: 240_000 })
      .catch((error) => { throw new Error(error.stdout + error.stderr); });
    assert.match(stdout, /^# pass 2$/m);
    for (const line of stdout.match(/^# \d+ reports.*$/gm) ?? []) context.diagnostic(line.slice(2));
  });
}
