// The file that cities exchange, out of one city and into another, and on to SP4N-LAPOR!'s news of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Here, There, until } from './world.mjs';

const HEAD = 'Tracking ID;Tanggal Laporan Masuk;Waktu Laporan Masuk;Isi Laporan Awal;Judul Laporan;Status Laporan;ID Instansi Terdisposisi;Tipe Laporan (Anonim/Rahasia);Nama Pelapor\r\n';

test('what one city writes another reads, without names that nobody asked for', async () => {
  const there = await new There().start();
  const one = await new Here(there, { send: 'vertical' }).start();
  const other = new Here(there, { send: 'vertical' });
  try {
    const id = await one.report({ title: '=HYPERLINK("http://jahat")', content: 'Baris satu\nbaris "dua", akhir', nameUser: 'Siti Aminah', phoneUser: '081234567890' });
    await one.report({ title: 'Anonim', is_anonymous: true, nameUser: 'Budi Hartono', phoneUser: '081234567891' });
    await one.report({ title: 'Rahasia', is_secret: true, nameUser: 'Citra Dewi', phoneUser: '081234567892' });
    await one.desk('verify', id);
    const file = path.join(one.data, 'ekspor.csv');
    assert.match(await one.desk('export-csv', '--file', file), /^2 laporan ditulis/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const plain = readFileSync(file, 'utf8');
    assert.ok(plain.startsWith('\uFEFFTracking ID,Tanggal Laporan Masuk,'));
    assert.doesNotMatch(plain, /Siti|Budi|Rahasia"?,Titik|0812/);
    assert.match(plain, /"'=HYPERLINK\(""http:\/\/jahat""\)"/);
    assert.match(await one.desk('export-csv', '--file', file, '--names', 'ya', '--secret', 'ya'), /^3 laporan ditulis/);
    const named = readFileSync(file, 'utf8');
    assert.match(named, /Siti Aminah/);
    assert.doesNotMatch(named, /Budi|Citra|0812/);

    assert.match(await other.desk('import-csv', '--file', file), /^3 laporan ditambahkan, 0 sudah ada/);
    assert.match(await other.desk('import-csv', '--file', file), /^0 laporan ditambahkan, 3 sudah ada/);
    const again = path.join(other.data, 'lagi.csv');
    await other.desk('export-csv', '--file', again, '--names', 'ya', '--secret', 'ya');
    // The numbers are the other city's own; all else is the same.
    const words = (text) => text.replace(/^7\d{6},/gm, '').replaceAll(',,,Kota Jambi,', ',Kota Jambi,');
    assert.equal(words(readFileSync(again, 'utf8')), words(named));
  } finally {
    await one.remove();
    await other.remove();
    there.stop();
  }
});

test('a row with mistakes is named and stops no other, and the mended file adds the rest', async () => {
  const there = await new There().start();
  const here = new Here(there);
  try {
    const file = path.join(here.data, 'salah.csv');
    const rows = (third) => `${HEAD}1500001;3 Jan 2026;10.30;Isi;Judul;Proses;101;;\r\n${third}\r\n1500003;4 Jan 2026;10.30;Isi tiga;Tiga;Proses;101;;\r\n`;
    writeFileSync(file, rows('x;33 Jan 2026;;"Dua\nbaris";J;Entah;;;'));
    await assert.rejects(here.desk('import-csv', '--file', file), ({ stdout, stderr }) => {
      assert.match(stdout, /^2 laporan ditambahkan, 0 sudah ada, 0 milik kami, 1 baris tidak diambil/);
      assert.match(stderr, /baris 3, kolom Tracking ID: harus 1 sampai 10 angka/);
      assert.match(stderr, /baris 3, kolom Tanggal Laporan Masuk/);
      assert.match(stderr, /baris 3, kolom Status Laporan/);
      return true;
    });
    writeFileSync(file, rows('1500002;3 Jan 2026;;"Dua\nbaris";J;Proses;;;'));
    assert.match(await here.desk('import-csv', '--file', file), /^1 laporan ditambahkan, 2 sudah ada, 0 milik kami, 0 baris/);
    assert.equal((await here.desk('list')).match(/\b70000\d\d\b/g).length, 3);
  } finally {
    await here.remove();
    there.stop();
  }
});

test('an import that is killed, again and again, and then let go on has every report once', async (context) => {
  const there = await new There().start();
  const here = new Here(there);
  try {
    const COUNT = 400;
    const file = path.join(here.data, 'banyak.csv');
    const rows = Array.from({ length: COUNT }, (_, i) => `${1_500_001 + i};3 Jan 2026;10.30;Isi ke-${i};Judul ${i};Ditutup oleh Admin;101;;\r\n`);
    writeFileSync(file, HEAD + rows.join(''));
    await here.desk('list');  // makes the database
    // Read beside the import, which is at work on it: a program of ours would wait for its turn, until all rows are there.
    const count = async () => Number(execFileSync('python3', ['-c',
      'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM report").fetchone()[0])', path.join(here.data, 'titik.db')]));
    for (let kill = 0, before = await count(); kill < 3; ++kill) {
      const importing = here.deskProcess('import-csv', '--file', file, '--link', 'ya');
      const ended = new Promise((resolve) => { importing.once('exit', (code, signal) => resolve(signal)); });
      const now = await until('some of it', async () => {
        const some = await count();
        return some > before && some;
      });
      importing.kill('SIGKILL');
      assert.equal(await ended, 'SIGKILL');
      before = now;
    }
    const said = /^(\d+) laporan ditambahkan, (\d+) sudah ada, 0 milik kami, 0 baris/.exec(await here.desk('import-csv', '--file', file, '--link', 'ya'));
    context.diagnostic(`3 kills; then ${said[1]} added, ${said[2]} known`);
    assert.equal(Number(said[1]) + Number(said[2]), COUNT);
    assert.ok(Number(said[1]) > 0, said[0]);
    const again = path.join(here.data, 'lagi.csv');
    assert.match(await here.desk('export-csv', '--file', again), new RegExp(`^${COUNT} laporan`));
    const text = readFileSync(again, 'utf8');
    for (let i = 0; i < COUNT; ++i) assert.equal(text.split(`,Judul ${i},`).length, 2, `Judul ${i}`);
    assert.equal(text.match(/,Ditutup oleh Admin,/g).length, COUNT);
  } finally {
    await here.remove();
    there.stop();
  }
});

test('our own reports in the national file are not taken again, and what is theirs does not go back', async () => {
  const there = await new There().start();
  const here = new Here(there);
  try {
    await here.start();
    await here.report({ title: 'Lubang', content: 'Dalam sekali' });
    const [complaint] = await until('it there', async () => {
      const all = await there.complaints();
      return all.length > 0 && all;
    });
    await until('its number', async () => /Diteruskan ke SP4N-LAPOR!, nomor/.test(await here.desk('show', '7000001')));
    const { id } = await there.do('create', { title: 'Bukan di daftar', content: 'Parit meluap', disposition_id: '900' });
    const file = path.join(here.data, 'nasional.csv');
    writeFileSync(file, `${HEAD}${complaint.id};3 Jan 2026;10.30;Dalam sekali;Lubang;Proses;101;;\r\n${id};3 Jan 2027;10.30;Parit meluap;Bukan di daftar;Proses;101;;\r\n`);
    // Whose numbers they are is asked: taken for another city's, theirs would go back as new.
    await assert.rejects(here.desk('import-csv', '--file', file), /tulis --link ya/);
    assert.match(await here.desk('import-csv', '--file', file, '--link', 'ya'), /^1 laporan ditambahkan, 0 sudah ada, 1 milik kami/);
    assert.match(await here.desk('import-csv', '--file', file, '--link', 'ya'), /^0 laporan ditambahkan, 1 sudah ada, 1 milik kami/);
    await there.do('dispose', { id, to: '101' });  // and now the list shows it too
    const asked = (await there.do('state')).requests.length;
    await until('some rounds', async () => (await there.do('state')).requests.length > asked + 12);
    assert.equal((await here.call('/titik/1/reports')).reports.length, 2);
    assert.equal((await there.complaints()).length, 2);
  } finally {
    await here.remove();
    there.stop();
  }
});

test('reports of the national file are followed there', async () => {
  const there = await new There().start();
  const here = new Here(there, { list_path: '' });
  try {
    const { id } = await there.do('create', { title: 'Parit tersumbat', content: 'Meluap', disposition_id: '101' });
    const file = path.join(here.data, 'nasional.csv');
    writeFileSync(file, `${HEAD}${id};3 Jan 2026;10.30;Meluap;Parit tersumbat;Belum Ditindaklanjuti;101;;\r\n`);
    await here.start();
    await here.desk('import-csv', '--file', file, '--link', 'ya');
    const [number] = /\b7\d{6}\b/.exec(await here.desk('list'));
    await here.desk('follow-up', number, '--text', 'Regu kami keruk parit itu besok pagi');
    await until('the answer there', async () => (await there.complaint(id)).thread.some(({ content }) => content.startsWith('Regu kami keruk')));
    await there.do('answer', { id, content: 'Warga berterima kasih' });
    // Not before its turn in the day; an answer of ours makes it come soon.
    await until('the answer here', async () => /Warga berterima kasih/.test(await here.desk('show', number)));
    assert.equal((await there.complaints()).length, 1);
  } finally {
    await here.remove();
    there.stop();
  }
});
