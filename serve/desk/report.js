// One report: what was said and shown of it, how its clocks stand, and what may be done with it.
import { h, button, icon, say, tell } from './element.js';
import { ask, file } from './ask.js';
import { agencyName, categoryName, chip } from './list.js';
import { createBegun, isSending, isUnsent, stepForms } from './steps.js';
import { CAME_BY, CLASSIFICATIONS, SOURCES, THREAD, size, standing, time, waiting } from './words.js';

const clockRow = (label, clock, [words, urgency]) => {
  return h('div', { class: 'clock-row' }, h('dt', {}, label), h('dd', {}, h('span', { class: `clock ${urgency}` }, icon('clock'), words),
    clock.due_at && h('small', {}, `tenggat ${time(clock.due_at)}`)));
};

// Pictures as pictures; documents by their name.
const files = (list, label, findings = []) => list.length > 0 && h('ul', { class: 'files', 'aria-label': label }, list.map((one, index) => {
  const isPicture = one.mime.startsWith('image/');
  const name = `${label} ${index + 1}`;
  return h('li', {}, h('a', { href: file(one.id), target: '_blank', rel: 'noopener', class: isPicture ? 'picture' : 'document' },
    isPicture ? h('img', { src: file(one.id), alt: name, loading: 'lazy' }) : [icon('file'), h('span', {}, one.file_name || name, h('small', {}, size(one.bytes)))]),
  findings.filter((finding) => finding.file_id === one.id).map((finding) =>
    h('p', { class: `finding ${['clear', 'bytes_only'].includes(finding.finding) ? 'calm' : 'warning'}` },
      icon(finding.finding === 'clear' ? 'check' : 'warning'), h('span', {}, finding.text))));
}));

const about = (report) => {
  const { place } = report;
  const position = place && `${place.latitude.toFixed(6)}, ${place.longitude.toFixed(6)}`;
  return h('dl', { class: 'about' },
    [['Jenis', CLASSIFICATIONS[report.classification]], ['Tanggal kejadian', report.incident_date], ['Patokan', report.landmark],
      ['Lokasi', place && [position, ' ', h('small', {}, [SOURCES[place.source], place.accuracy_m > 0 && `±${Math.round(place.accuracy_m)} m`].filter(Boolean).join(', ')),
        h('span', { class: 'links' }, h('a', { href: `geo:${place.latitude},${place.longitude}` }, 'Buka di aplikasi peta'),
          // Where a secret report is, is nobody else's to know.
          !report.is_secret && h('a', { href: `https://www.openstreetmap.org/?mlat=${place.latitude}&mlon=${place.longitude}#map=18/${place.latitude}/${place.longitude}`,
            target: '_blank', rel: 'noopener noreferrer' }, 'Lihat di OpenStreetMap'))]],
      ['Masuk lewat', CAME_BY[report.channel] ?? report.channel],
      ['Ikut terdampak', report.affected > 0 && `${report.affected} warga`],
      ['Kata tetangga', report.confirmations.works + report.confirmations.does_not_work > 0 &&
        `${report.confirmations.works} bilang sudah baik, ${report.confirmations.does_not_work} bilang belum`],
      ['Nilai pelapor', report.rating && `${report.rating} dari 5`],
    ].filter(([, value]) => value).map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))));
};

// Who it is stands apart: each look is written down by the server.
const reporter = (report) => {
  if (report.is_anonymous && !report.has_contact) return h('p', { class: 'hint' }, 'Pelapor anonim.');
  if (!report.has_contact) return h('p', { class: 'hint' }, 'Pelapor tidak memberi nama atau nomor telepon.');
  const place = h('div', {});
  place.append(button('Tampilkan pelapor', async () => {
    try {
      const { name, phone } = await ask(`/reports/${report.tracking_id}/reporter`);
      tell(place, h('p', {}, icon('person'), ' ', h('b', {}, name || 'Tanpa nama'), ' ', phone && h('a', { href: `tel:${phone}` }, phone)));
    } catch (error) {
      place.append(h('p', { class: 'wrong', role: 'alert' }, error.message));
    }
  }, { kind: 'soft', icon: 'person' }), h('p', { class: 'hint' }, 'Setiap kali dibuka, dicatat siapa yang melihat.'));
  return place;
};

// What the server did by itself has nobody's name.
const byWhom = ({ institution, actor }) => [institution, actor.kind !== 'system' && actor.name].filter(Boolean).join(' · ');

// History and thread are one story, oldest first.
const story = (report) => {
  const lines = report.history.filter((line) => line.text).map((line) => ({ at: line.at, element: h('li', { class: 'event' },
    h('time', {}, time(line.at)), h('p', {}, line.text), byWhom(line) && h('small', {}, byWhom(line))) }));
  const words = report.thread.map((one) => ({ at: one.at, element: h('li', { class: `words ${one.kind}` },
    h('time', {}, time(one.at)), h('p', { class: 'who' }, h('b', {}, one.kind === 'citizen' ? 'Pelapor' : one.institution), ' ', one.kind !== 'citizen' && h('span', { class: `kind ${one.kind}` }, THREAD[one.kind])),
    one.is_secret && h('p', { class: 'finding' }, icon('lock'), h('span', {}, 'Hanya untuk pelapor')),
    one.content && h('p', { class: 'content' }, one.content), files(one.files, one.kind === 'action' ? 'Bukti' : 'Lampiran', report.proof)) }));
  return h('ol', { class: 'story' }, [...lines, ...words].sort((a, b) => a.at - b.at).map(({ element }) => element));
};

// `back`: the address of the list as it stands. `changed` is told when a step was taken here.
export const createReport = (city, number, back, changed) => {
  const element = h('article', { class: 'report', 'aria-busy': 'true' }, h('h1', { tabindex: '-1' }, `Laporan ${number}`));
  const begun = createBegun();
  const backLink = () => h('a', { class: 'back', href: back() }, icon('back'), 'Daftar laporan');

  let shown = '';  // what was said last, until the report is left
  let turn = 0;    // of the loads: what was asked for before the last of them is not drawn any more

  const draw = (report) => {
    const notice = shown;
    const clocks = report.clocks;
    const reply = waiting(report);
    const row = (label, clock) => clockRow(label, clock, standing(clock, clocks));
    element.replaceChildren(...[
      backLink(),
      h('h1', { tabindex: '-1' }, report.is_secret && icon('lock'), report.title),
      h('p', { class: 'meta' }, chip(report), h('span', {}, `Nomor lacak ${report.tracking_id}`), h('span', {}, `${categoryName(city, report.category)} · ${agencyName(city, report.agency)}`),
        report.is_secret && h('span', { class: 'chip away' }, 'Rahasia'), report.is_anonymous && h('span', { class: 'chip away' }, 'Anonim')),
      notice && h('p', { class: 'notice' }, notice),
      h('dl', { class: 'clocks card', 'aria-label': 'Tenggat' },
        row('Tanggapan pertama', clocks.response), row('Tindak lanjut', clocks.follow_up),
        reply && clockRow('Setelah dijawab', { due_at: report.level === 'liaison' && clocks.escalates_at }, reply),
        row('LAPOR!: verifikasi', clocks.verify), row('LAPOR!: jawaban', clocks.answer)),
      clocks.closes_at && !clocks.closed_at && h('p', { class: 'hint' }, `Bila pelapor diam, ditutup sendiri pada ${time(clocks.closes_at)}.`),
      report.level !== 'liaison' && h('p', { class: 'notice late' }, report.level === 'head' ? 'Sudah sampai kepala instansi.' : 'Sudah sampai kantor wali kota.'),
      stepForms(city, report, begun, { done: async (message) => { await load(message); changed(); }, stale: async (sentence) => { await load(sentence); changed(); } }),
      h('section', { class: 'card' }, h('h2', {}, 'Cerita'), h('p', { class: 'content' }, report.content || '—'),
        files(report.photos, 'Foto pelapor'), report.photos_pending > 0 && h('p', { class: 'hint' }, `${report.photos_pending} foto masih dikirim dari ponsel pelapor.`),
        about(report), reporter(report)),
      h('section', { class: 'card' }, h('h2', {}, 'Riwayat'), story(report)),
    ].filter(Boolean));
  };

  // It cannot be shown; what was said is true all the same, and what was begun is kept.
  const drawProblem = (error) => {
    const isGone = error.status === 404;
    const isOthers = isGone && shown;
    element.replaceChildren(...[backLink(), h('h1', { tabindex: '-1' }, `Laporan ${number}`), shown && h('p', { class: 'notice' }, shown),
      h('p', { class: isOthers ? '' : 'wrong', role: 'alert' }, isOthers ? 'Laporan ini sekarang ada pada instansi lain.' : error.message),
      !isGone && button('Coba lagi', () => load(shown), { kind: 'primary' })].filter(Boolean));
  };

  // `notice`: what has just been done, or what was found; told, and then the focus is on the report's title.
  const load = async (notice = '') => {
    const own = ++turn;
    shown = notice;
    element.setAttribute('aria-busy', 'true');
    try {
      const report = await ask(`/reports/${number}`);
      if (own !== turn) return;
      draw(report);
    } catch (error) {
      if (own !== turn) return;
      drawProblem(error);
    }
    element.setAttribute('aria-busy', 'false');
    if (!notice) return;
    element.querySelector('h1').focus({ preventScroll: true });
    element.scrollIntoView({ block: 'start' });
    say(notice);
  };

  // What others did meanwhile: drawn unless the officer is in the middle of something, with the focus where it is.
  const refresh = async () => {
    const own = turn;
    const isBusy = () => isSending(begun) || (element.contains(document.activeElement) && document.activeElement !== element.querySelector('h1'));
    if (isBusy()) return;
    try {
      const report = await ask(`/reports/${number}`);
      if (own !== turn || isBusy()) return;
      const hadFocus = element.contains(document.activeElement);
      draw(report);
      if (hadFocus) element.querySelector('h1').focus({ preventScroll: true });
    } catch { /* what is shown stays; the next thing that is asked for tells */ }
  };
  return { element, load: () => load(), refresh, isUnsent: () => isUnsent(begun) };
};
