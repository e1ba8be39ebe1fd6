// The reports that this officer may see, newest first, by what there is to do with them.
import { h, button, field, icon, say } from './element.js';
import { ask, officer } from './ask.js';
import { GROUPS, standing } from './words.js';

// Questions to GET /reports, by the name in the address.
const SHOWS = {
  terbuka: ['Terbuka', { open: '1' }],
  baru: ['Baru', { status: 'belum_terverifikasi' }],
  lewat: ['Lewat tenggat', { overdue: '1', open: '1' }],
  kepala: ['Sampai kepala', { level: 'head', open: '1' }],
  walikota: ['Sampai wali kota', { level: 'mayor', open: '1' }],
  tunda: ['Ditunda', { status: 'tunda' }],
  semua: ['Semua', {}],
};
const firstShow = () => ({ mayor: 'walikota', head: 'lewat' })[officer.role] ?? 'terbuka';

export const name = (items, id) => items.find((one) => one.id === id);
export const agencyName = (city, id) => name(city.agencies, id)?.short_name ?? (id || 'Belum ada instansi');
export const categoryName = (city, id) => name(city.categories, id)?.name ?? id;

export const chip = (report) => h('span', { class: `chip ${GROUPS[report.status]}` }, report.status_label);
export const clock = (report) => {
  const [words, urgency] = standing(report.clocks.follow_up, report.clocks);
  return h('span', { class: `clock ${urgency}` }, icon('clock'), words);
};

export const createList = (city) => {
  let wanted = {};
  let here = null;
  let next = null;
  let asked = 0;
  const rows = h('ul', { class: 'rows', 'aria-label': 'Laporan' });
  const tabs = h('div', { class: 'tabs', role: 'group', 'aria-label': 'Yang ditampilkan' });
  const more = button('Muat lebih banyak', () => load(next), { kind: 'soft', hidden: true });
  const number = h('input', { inputmode: 'numeric', pattern: '\\d{1,10}', maxlength: 10, required: true, autocomplete: 'off' });
  const search = h('form', { class: 'search', onsubmit: (event) => { event.preventDefault(); location.hash = `#/laporan/${number.value.trim()}`; } },
    field('Nomor', number), h('button', { class: 'button soft', 'aria-label': 'Buka laporan' }, icon('search')));
  const agencies = h('select', { onchange: () => go({ agency: agencies.value }) }, h('option', { value: '' }, 'Semua instansi'),
    city.agencies.map((one) => h('option', { value: one.id }, one.short_name)));
  const agencyField = field('Instansi', agencies);
  const element = h('section', { class: 'list', 'aria-labelledby': 'list-title' },
    h('div', { class: 'head' }, h('h1', { id: 'list-title' }, 'Laporan'), button('Segarkan', () => load(), { kind: 'small', icon: 'refresh' })),
    tabs, h('div', { class: 'pair' }, search, agencyField), rows, more);

  const address = ({ show = wanted.show, agency = wanted.agency }) => `#/?${new URLSearchParams({ show, ...(agency && { agency }) })}`;
  const go = (change) => { location.hash = address(change); };

  const row = (report) => h('li', {}, h('a', { class: 'row', href: `#/laporan/${report.tracking_id}`, 'aria-current': report.tracking_id === here && 'true' },
    h('span', { class: 'row-title' }, report.is_secret && icon('lock'), report.title || 'Laporan rahasia'),
    h('span', { class: 'row-about' }, `${report.tracking_id} · ${categoryName(city, report.category)} · ${agencyName(city, report.agency)}`),
    h('span', { class: 'row-state' }, chip(report), clock(report))));

  const load = async (before = null) => {
    const turn = ++asked;
    const question = new URLSearchParams({ ...SHOWS[wanted.show][1], ...(wanted.agency && { agency: wanted.agency }), ...(before && { before }) });
    try {
      const answer = await ask(`/reports?${question}`);
      if (turn !== asked) return;  // another was asked for meanwhile
      if (!before) rows.replaceChildren();
      rows.append(...answer.reports.map(row));
      next = answer.next_before;
      more.hidden = !next;
      if (rows.children.length === 0) rows.append(h('li', { class: 'empty' }, 'Tidak ada laporan di sini.'));
      say(`${rows.querySelectorAll('a').length} laporan ditampilkan`);
    } catch (error) {
      say(error.message);
      if (!before) rows.replaceChildren(h('li', { class: 'empty' }, error.message));
    }
  };

  const filter = (query, report) => {
    here = report ?? null;
    const show = SHOWS[query.get('show')] ? query.get('show') : wanted.show ?? firstShow();
    const agency = query.get('agency') ?? (report ? wanted.agency : '') ?? '';
    const isOther = show !== wanted.show || agency !== wanted.agency || !report;
    wanted = { show, agency };
    agencies.value = agency;
    agencyField.hidden = ['liaison', 'head'].includes(officer.role);
    tabs.replaceChildren(...Object.entries(SHOWS).map(([key, [label]]) => h('a', { class: 'tab', href: address({ show: key }), 'aria-current': key === show && 'true' }, label)));
    for (const link of rows.querySelectorAll('a')) {
      if (link.hash === `#/laporan/${here}`) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    if (isOther) load();
  };

  // What others did meanwhile.
  document.addEventListener('visibilitychange', () => { if (!document.hidden && element.isConnected) load(); });
  return { element, filter, load: () => load() };
};
