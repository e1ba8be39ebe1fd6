// The two-way link with SP4N-LAPOR!, over real HTTP against the simulator.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Here, There, pause, photo, sha256, until } from './world.mjs';

// Both sides, ended whatever happens.
const linked = (name, work, settings, profile) => test(name, async (context) => {
  const there = await new There().start();
  const here = new Here(there, settings, profile);
  try {
    await work(here, there, context);
  } catch (error) {
    context.diagnostic(here.log ?? '');
    throw error;
  } finally {
    await here.remove();
    there.stop();
  }
});

const arrived = (there, count = 1) => until(`${count} complaints there`, async () => {
  const all = (await there.complaints()).filter(({ source }) => source === 'api');
  return all.length >= count && all;
});

linked('a report travels there with its photos, and an answer given there comes back to the phone', async (here, there) => {
  await here.start();
  const photos = [photo(), photo()];
  const id = await here.report({ photos, title: 'Lubang', content: 'Dalam\nsekali', nameUser: 'Siti Aminah', phoneUser: '081234567890', is_new_user_slider: true });
  const [complaint] = await arrived(there);
  assert.equal(complaint.title, 'Lubang');
  assert.equal(complaint.content, `Dalam sekali [Titik Lapor kota-jambi ${id}]`);
  assert.equal(complaint.fields.disposition_id, '101');
  assert.equal(complaint.fields.channel, 13);
  assert.equal(complaint.fields.user_id, '77');
  assert.equal(typeof complaint.fields.attachments, 'string');
  const { files } = await there.do('state');
  assert.deepEqual(files.map((file) => file.sha256), photos.map(sha256));
  // No identity is passed on unless it is switched on, not even in a file's name.
  assert.doesNotMatch(JSON.stringify(await there.do('state')), /Siti|0812/);

  // An answer with evidence comes back, in the thread that the phone asks for.
  const evidence = photo();
  await there.do('answer', { id: complaint.id, institution: '101', content: 'Sudah kami tambal kemarin sore, lihat foto.', photos: [evidence.toString('base64')] });
  const [answer] = await until('the answer on the phone', async () => {
    const thread = await here.thread(id);
    return thread.length > 0 && thread;
  });
  assert.equal(answer.content, 'Sudah kami tambal kemarin sore, lihat foto.');
  assert.equal(answer.institution_from_name, 'Dinas Pekerjaan Umum dan Penataan Ruang');
  const shown = await fetch(new URL(answer.attachments['0'].path, here.url), { headers: { token: `{${here.profile.channel_token}}`, Authorization: `Bearer ${here.token}` } });
  assert.deepEqual(Buffer.from(await shown.arrayBuffer()), evidence);
  // And so does a state.
  await there.do('status', { id: complaint.id, name: 'Ditutup oleh Admin' });
  await until('the state on the phone', async () => (await here.detail(id)).data.status_name === 'Ditutup oleh Admin');
  const { data_logs: logs } = await here.detail(id);
  assert.ok(logs.some(({ content }) => content === `Diteruskan ke SP4N-LAPOR!, nomor ${complaint.id}`), JSON.stringify(logs));
});

linked('a complaint written there appears in the city, and the city\'s answer goes there', async (here, there) => {
  await here.start();
  const picture = photo();
  const { id } = await there.do('create', { title: 'Lampu padam', content: 'Gelap sekali', disposition_id: '102', latitude: '-1.61', longitude: '103.61',
    photos: [picture.toString('base64')] });
  await there.do('create', { title: 'Bukan untuk kami', content: 'x', disposition_id: '900' });
  const reports = await until('it in the city\'s list', async () => {
    const list = (await here.call('/titik/1/reports')).reports;
    return list.length > 0 && list;
  });
  assert.deepEqual(reports.map(({ title }) => title), ['Lampu padam']);
  const number = reports[0].tracking_id;
  const shown = await here.desk('show', number);
  assert.match(shown, /Dishub|Dinas Perhubungan/);
  assert.match(shown, new RegExp(`Diterima dari SP4N-LAPOR!, nomor ${id}`));
  await here.desk('follow-up', number, '--text', 'Lampu kami ganti besok pagi');
  const complaint = await until('the answer there', async () => {
    const found = await there.complaint(id);
    return found.thread.some(({ by }) => by === 'api') && found;
  });
  const [answer] = complaint.thread.filter(({ by }) => by === 'api');
  assert.match(answer.content, /^Lampu kami ganti besok pagi \[Titik Lapor kota-jambi \d+\/\d+\]$/);
  assert.equal(answer.institution_from, '102');
  // What was said there before comes here; what we said does not come back.
  await there.do('answer', { id, content: 'Terima kasih, saya tunggu' });
  await until('the citizen\'s words', async () => /saya tunggu/.test(await here.desk('show', number)));
  assert.equal((await here.desk('show', number)).match(/ganti besok/g).length, 1);
});

linked('both directions wait while the link is down, and lose nothing', async (here, there) => {
  await here.start();
  await there.do('down');
  const ids = [await here.report({ title: 'Satu' }), await here.report({ title: 'Dua', photos: [photo()] })];
  await there.do('create', { title: 'Dari sana', content: 'x', disposition_id: '101' });
  await pause(5000);
  assert.equal((await there.complaints()).length, 1);
  // What is new is looked for when the link's own wait is over.
  await until('what waits', async () => /create  waiting/.test(await here.desk('upstream')), 60_000);
  await there.do('up');
  const complaints = await until('both there', async () => {
    const all = (await there.complaints()).filter(({ source }) => source === 'api');
    return all.length === 2 && all;
  }, 60_000);
  assert.deepEqual(complaints.map(({ title }) => title).sort(), ['Dua', 'Satu']);
  await until('theirs here', async () => (await here.call('/titik/1/reports')).reports.some(({ title }) => title === 'Dari sana'), 60_000);
  await there.do('answer', { id: complaints[0].id, institution: '101', content: 'Baik' });
  const [answered] = ids.filter((_, index) => ['Satu', 'Dua'][index] === complaints[0].title);
  await until('the answer', async () => (await here.thread(answered)).length === 1);
  assert.equal((await there.complaints()).length, 3);
});

linked('killed between sending and recording, the server sends nothing twice', async (here, there) => {
  await here.start();
  await there.do('trouble', { match: 'POST /lapor/3.0.0/complaints/complaint', times: 1, after: 'hang' });
  // Not the file's path, which begins alike.
  const id = await here.report();
  await arrived(there);
  await here.stop('SIGKILL');
  await there.do('calm');
  await here.start();
  await until('its number', async () => /Diteruskan ke SP4N-LAPOR!, nomor/.test(await here.desk('show', id)));
  // The same with a follow-up, which is found by its mark.
  await there.do('trouble', { match: 'followup/add', times: 1, after: 'hang' });
  await here.desk('follow-up', id, '--text', 'Kami periksa besok pagi di tempat');
  await until('it there', async () => (await there.complaints())[0].thread.some(({ by }) => by === 'api'));
  await here.stop('SIGKILL');
  await there.do('calm');
  await here.start();
  await until('nothing waiting', async () => /^0 belum terkirim/m.test(await here.desk('upstream')));
  await pause(4000);
  const complaints = await there.complaints();
  assert.equal(complaints.length, 1);
  assert.equal(complaints[0].thread.filter(({ by }) => by === 'api').length, 1);
});

linked('an answer that gets lost, or a gateway that fails after the work was done, makes no second report', async (here, there) => {
  await there.do('trouble', { match: 'complaints/complaint', times: 1, after: 'drop' });
  await there.do('trouble', { match: 'complaints/complaint', times: 1, status: 504, after: 'status' });
  await here.start();
  const ids = [await here.report({ title: 'Satu' }), await here.report({ title: 'Dua' })];
  for (const id of ids) await until('its number', async () => /Diteruskan ke SP4N-LAPOR!, nomor/.test(await here.desk('show', id)), 60_000);
  assert.equal((await there.complaints()).length, 2);
});

linked('without a list nobody but a person can tell, and the server asks one', async (here, there) => {
  await there.do('trouble', { match: 'complaints/complaint', times: 1, after: 'drop' });
  await here.start();
  const id = await here.report();
  await until('the question', async () => /create  asks/.test(await here.desk('upstream')));
  await pause(3000);
  const complaints = await there.complaints();
  assert.equal(complaints.length, 1);
  await here.desk('upstream-is', id, '--id', complaints[0].id);
  await there.do('answer', { id: complaints[0].id, institution: '101', content: 'Baik, kami ke sana siang ini' });
  await until('the answer', async () => (await here.thread(id)).length === 1);
  assert.equal((await there.complaints()).length, 1);
}, { list_path: '' });

linked('an anonymous report stays anonymous, and a secret one secret', async (here, there) => {
  await here.start();
  await here.report({ title: 'Anonim', is_anonymous: true, nameUser: 'Siti Aminah', phoneUser: '081234567890' });
  await here.report({ title: 'Rahasia', is_secret: true, nameUser: 'Budi Hartono', phoneUser: '081298765432' });
  const complaints = await arrived(there, 2);
  const text = JSON.stringify(await there.do('state'));
  assert.doesNotMatch(text, /Siti|081234567890/);
  const [anonymous] = complaints.filter(({ title }) => title === 'Anonim');
  assert.equal(anonymous.fields.is_anonymous, true);
  assert.equal(anonymous.fields.is_new_user_slider, false);
  const [secret] = complaints.filter(({ title }) => title === 'Rahasia');
  assert.equal(secret.fields.is_secret, true);
  assert.equal(secret.fields.nameUser, 'Budi Hartono');  // send_identity, and not anonymous
  assert.doesNotMatch(here.log, /Siti|Budi|0812/);
}, { send_identity: true });

linked('nothing goes round in circles', async (here, there) => {
  await here.start();
  const ours = await here.report();
  const [complaint] = await arrived(there);
  await until('its number', async () => /nomor/.test(await here.desk('show', ours)));
  const { id: theirs } = await there.do('create', { title: 'Dari sana', content: 'x', disposition_id: '102' });
  await until('theirs here', async () => (await here.call('/titik/1/reports')).reports.length === 2);
  const number = (await here.call('/titik/1/reports')).reports.find(({ title }) => title === 'Dari sana').tracking_id;
  await here.desk('follow-up', ours, '--text', 'Kata kota satu: alat kami siapkan');
  await here.desk('follow-up', number, '--text', 'Kata kota dua: alat kami siapkan');
  await here.followUp(ours, 'Kata warga');
  await there.do('answer', { id: complaint.id, institution: '101', content: 'Kata sana satu' });
  await there.do('answer', { id: theirs, content: 'Kata sana dua' });
  // One that quotes our mark, as mail programs do, is still an answer of theirs.
  await until('ours there', async () => (await there.complaint(theirs)).thread.some(({ by }) => by === 'api'));
  const [said] = (await there.complaint(theirs)).thread.filter(({ by }) => by === 'api');
  await until('it seen', async () => (await there.do('state')).requests.length > 20);
  await there.do('answer', { id: theirs, content: `Saya setuju: ${said.content}` });
  await here.stop();
  for (let round = 0; round < 10; ++round) {
    await here.sync();
    await pause(800);
  }
  const complaints = await there.complaints();
  assert.equal(complaints.length, 2);
  const words = (one) => one.thread.filter(({ template_code: code }) => code !== 'disposition').map(({ by, content }) => `${by}: ${content.replace(/ \[Titik.*?\]/, '')}`).sort();
  assert.deepEqual(words(complaints.find(({ id }) => id === complaint.id)),
    ['api: Kata kota satu: alat kami siapkan', 'api: Tanggapan pelapor: Kata warga', 'there: Kata sana satu']);
  assert.deepEqual(words(complaints.find(({ id }) => id === theirs)),
    ['api: Kata kota dua: alat kami siapkan', 'there: Kata sana dua', 'there: Saya setuju: Kata kota dua: alat kami siapkan']);
  const shown = `${await here.desk('show', ours)}${await here.desk('show', number)}`;
  for (const text of ['Kata kota satu', 'Kata warga', 'Kata sana satu', 'Kata sana dua', 'Saya setuju']) assert.equal(shown.split(text).length - 1, 1, text);
});

linked('what the city hands on to a vertical body goes there, and closing is told', async (here, there) => {
  await here.start();
  const id = await here.report({ category: 'listrik' });  // PLN: vertical, 900 there
  const [complaint] = await arrived(there);
  assert.equal(complaint.fields.disposition_id, '900');
  await here.report({ category: 'jalan' });
  await pause(5000);
  assert.equal((await there.complaints()).length, 1);
  await here.desk('verify', id);
  await here.desk('close', id, '--reason', 'Tiang sudah diganti PLN');
  await until('the closing there', async () => (await there.complaint(complaint.id)).thread.some(({ content }) =>
    content.startsWith('Status laporan di Kota Jambi: Ditutup oleh Admin. Laporan ditutup: Tiang sudah diganti PLN')));
}, { send: 'vertical' });

linked('several days of asking cost few requests', async (here, there, context) => {
  await here.start();
  for (let i = 0; i < 5; ++i) await here.report({ title: `Laporan ${i}` });
  await arrived(there, 5);
  await until('all numbers', async () => (await here.changes()).every((one) => JSON.stringify(one).includes('Diteruskan ke SP4N-LAPOR!')));
  await here.stop();
  await there.do('forget');
  // A week, in rounds of ten minutes of which each is a process of its own.
  const DAYS = 3;
  const begin = Date.now() + 60_000;
  for (let at = begin; at < begin + DAYS * 86_400_000; at += 20 * 60_000) await here.sync(at);
  const { requests } = await there.do('state');
  const polls = requests.filter((line) => /complaints\/\d+\/complaint/.test(line)).length;
  context.diagnostic(`5 reports, ${DAYS} days: ${polls} questions for their state, ${requests.length} requests in all`);
  assert.ok(polls >= 5 * DAYS, `${polls}`);
  assert.ok(polls <= 5 * (8 + DAYS), `${polls}`);
  assert.ok(requests.length <= 2 * polls + DAYS * 144 + 10, `${requests.length}`);
}, { poll_first_minutes: 10, poll_longest_minutes: 1440 });

linked('errors: no access pauses the link, a refusal is told, redirects are not followed, answers are bounded', async (here, there) => {
  await there.do('trouble', { match: 'complaints/complaint', times: 1, redirect: 'http://127.0.0.1:9/elsewhere' });
  await there.do('trouble', { match: 'complaints/complaint', times: 1, status: 503 });
  await here.start();
  const id = await here.report({ title: 'Satu' });
  await until('it there', async () => (await there.complaints()).length === 1, 60_000);
  assert.match(here.log, /HTTP 302/);
  await until('its number', async () => /nomor/.test(await here.desk('show', id)));
  await there.do('trouble', { match: 'followup/add', times: 1, status: 422 });
  await here.desk('follow-up', id, '--text', 'Kami ke sana besok pagi pukul tujuh');
  await until('the refusal', async () => /follow-up  refused  1 kali dicoba  HTTP 422: Server sedang sibuk/.test(await here.desk('upstream')));
  await here.desk('upstream-again', id);
  await until('it there', async () => (await there.complaints())[0].thread.some(({ by }) => by === 'api'));
  await there.do('trouble', { match: '/followups', times: 1, size: 5 << 20 });
  await until('the long answer refused', async () => /jawaban terlalu panjang/.test(here.log));
  const [{ id: number }] = await there.complaints();
  await there.do('answer', { id: number, institution: '101', content: 'Baik, kami catat untuk besok' });
  await until('the answer after it', async () => (await here.thread(id)).some(({ content }) => content.startsWith('Baik')), 60_000);
});

test('over https the certificate must be one that is trusted, and the server its owner', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'titik-tls-'));
  const make = (name, subject) => execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', `/CN=${subject}`, '-addext', `subjectAltName=DNS:${subject}`, '-keyout', `${folder}/${name}key.pem`, '-out', `${folder}/${name}cert.pem`], { stdio: 'ignore' });
  make('', 'localhost');
  const there = await new There().start('--tls', folder);
  const trusted = new Here(there, { ca_file: `${folder}/cert.pem` });
  const doubted = new Here(there);
  const elsewhere = new Here(there, { ca_file: `${folder}/cert.pem`, base_url: there.base.replace('localhost', '127.0.0.1') });
  try {
    for (const one of [doubted, elsewhere]) {
      await one.start();
      await one.report({ title: 'Tidak boleh sampai' });
      await until('the refusal', async () => /tidak tersambung: SSL/.test(one.log));
      await one.stop();
    }
    assert.equal((await there.do('state')).requests.length, 0);
    await trusted.start();
    await trusted.report({ title: 'Sampai' });
    await until('it there', async () => (await there.complaints()).some(({ title }) => title === 'Sampai'));
  } finally {
    for (const one of [trusted, doubted, elsewhere]) await one.remove();
    there.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('with placeholders for ids the server does not start with the link', async () => {
  const there = await new There().start();
  const here = new Here(there, {}, { lapor_ids_are_placeholders: true });
  try {
    await assert.rejects(here.start(), /nomor LAPOR! buatan sendiri/);
  } finally {
    await here.remove();
    there.stop();
  }
});
