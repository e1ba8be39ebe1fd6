// The reports that this officer may see, by what there is to do with them: newest first, and what is open by its deadline.
import { h, button, field, icon, say } from './element.js';
import { ask, officer } from './ask.js';
import { GROUPS, standing, waiting } from './words.js';

// Questions to GET /reports, by the name in the address.
const SHOWS = {
  terbuka: ['Terbuka', { open: '1', order: 'due' }],
  baru: ['Baru', { status: 'belum_terverifikasi', open: '1' }],
  lewat: ['Lewat tenggat', { overdue: '1', open: '1', order: 'due' }],
  dijawab: ['Dijawab pelapor', { status: 'ditanggapi_pelapor', open: '1', order: 'due' }],
  kepala: ['Sampai kepala', { level: 'head', open: '1', order: 'due' }],
  walikota: ['Sampai wali kota', { level: 'mayor', open: '1', order: 'due' }],
  tunda: ['Ditunda', { status: 'tunda', open: '1' }],
  semua: ['Semua', {}],
};
const firstShow = () => ({ mayor: 'walikota', head: 'lewat' })[officer.role] ?? 'terbuka';

export const name = (items, id) => items.find((one) => one.id === id);
export const agencyName = (city, id) => name(city.agencies, id)?.short_name ?? (id || 'Belum ada instansi');
export const categoryName = (city, id) => name(city.categories, id)?.name ?? id;

export const chip = (report) => h('span', { class: `chip ${GROUPS[report.status]}` }, report.status_label);
export const clock = (report) => {
  const [words, urgency] = waiting(report) ?? standing(report.clocks.follow_up, report.clocks);
  return h('span', { class: `clock ${urgency}` }, icon('clock'), words);
};

const EVERY = 60_000;  // milliseconds: clocks go on, and others work too

// `news(number)` is told when the report that lies open beside the list is not as it was.
export const createList = (city, news) => {
  let wanted = {};
  let here = null;
  let next = null;
  let asked = 0;
  let reports = [];
  const rows = h('ul', { class: 'rows', 'aria-label': 'Laporan' });
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  const tabs = h('div', { class: 'tabs', role: 'group', 'aria-label': 'Yang ditampilkan' });
  const more = button('Muat lebih banyak', () => loadMore(), { kind: 'soft', hidden: true });
  const number = h('input', { inputmode: 'numeric', pattern: '\\d{1,10}', maxlength: 10, required: true, autocomplete: 'off' });
  const search = h('form', { class: 'search', onsubmit: (event) => { event.preventDefault(); location.hash = `#/laporan/${number.value.trim()}`; } },
    field('Nomor', number), h('button', { class: 'button soft', 'aria-label': 'Buka laporan' }, icon('search')));
  const agencies = h('select', { onchange: () => go({ agency: agencies.value }) }, h('option', { value: '' }, 'Semua'),
    city.agencies.map((one) => h('option', { value: one.id }, one.short_name)));
  const agencyField = field('Instansi', agencies);
  const element = h('section', { class: 'list', 'aria-labelledby': 'list-title' },
    h('div', { class: 'head' }, h('h1', { id: 'list-title' }, 'Laporan'), button('Segarkan', () => load(), { kind: 'small', icon: 'refresh' })),
    tabs, h('div', { class: 'pair' }, search, agencyField), wrong, rows, more);

  const address = ({ show = wanted.show, agency = wanted.agency } = {}) => `#/?${new URLSearchParams({ ...(show && { show }), ...(agency && { agency }) })}`;
  const go = (change) => { location.hash = address(change); };

  const row = (report) => h('li', {}, h('a', { class: 'row', href: `#/laporan/${report.tracking_id}`, 'aria-current': report.tracking_id === here && 'true' },
    h('span', { class: 'row-title' }, report.is_secret && icon('lock'), report.title || 'Laporan rahasia'),
    h('span', { class: 'row-about' }, `${report.tracking_id} · ${categoryName(city, report.category)} · ${agencyName(city, report.agency)}`),
    h('span', { class: 'row-state' }, chip(report), clock(report))));

  const page = (before) => ask(`/reports?${new URLSearchParams({ ...SHOWS[wanted.show][1], ...(wanted.agency && { agency: wanted.agency }), ...(before && { before }) })}`);
  const draw = (all, after) => {
    const was = reports.find((one) => one.tracking_id === here);
    reports = all;
    next = after;
    more.hidden = !next;
    wrong.textContent = '';
    const focused = rows.contains(document.activeElement) ? document.activeElement.hash : null;
    rows.replaceChildren(...(all.length > 0 ? all.map(row) : [h('li', { class: 'empty' }, 'Tidak ada laporan di sini.')]));
    if (focused) [...rows.querySelectorAll('a')].find(({ hash }) => hash === focused)?.focus({ preventScroll: true });
    const is = all.find((one) => one.tracking_id === here);
    if (was && JSON.stringify(was) !== JSON.stringify(is)) news(here);
  };
  // Of another question nothing that is shown is an answer.
  const empty = () => {
    reports = [];
    next = null;
    rows.replaceChildren();
    more.hidden = true;
  };
  const told = () => say(`${reports.length} laporan ditampilkan`);

  // Anew, as many as are shown. What cannot be refreshed stays as it was, and says so.
  const load = async ({ isQuiet = false, isOther = false } = {}) => {
    const turn = ++asked;
    const many = isOther ? 1 : reports.length;
    try {
      let all = [];
      let after = null;
      do {
        const answer = await page(after);
        if (turn !== asked) return;  // another was asked for meanwhile
        all = all.concat(answer.reports);
        after = answer.next_before;
      } while (after && all.length < many);
      draw(all, after);
      if (!isQuiet) told();
    } catch (error) {
      if (turn !== asked) return;
      wrong.textContent = isOther ? error.message : `Belum disegarkan. ${error.message}`;
    }
  };
  const loadMore = async () => {
    const turn = ++asked;
    const known = reports.length;
    try {
      const answer = await page(next);
      if (turn !== asked) return;
      draw(reports.concat(answer.reports), answer.next_before);
      told();
      rows.children[known]?.querySelector('a').focus();
    } catch (error) {
      if (turn === asked) wrong.textContent = error.message;
    }
  };

  const filter = (query, report) => {
    here = report ?? null;
    const show = SHOWS[query.get('show')] ? query.get('show') : wanted.show ?? firstShow();
    const agency = query.get('agency') ?? (report ? wanted.agency : '') ?? '';
    const isOther = show !== wanted.show || agency !== wanted.agency;
    wanted = { show, agency };
    agencies.value = agency;
    agencyField.hidden = ['liaison', 'head'].includes(officer.role);
    tabs.replaceChildren(...Object.entries(SHOWS).map(([key, [label]]) => h('a', { class: 'tab', href: address({ show: key }), 'aria-current': key === show && 'true' }, label)));
    for (const link of rows.querySelectorAll('a')) {
      if (link.hash === `#/laporan/${here}`) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    if (isOther) empty();
    if (isOther || !report) load({ isOther });
  };

  const refresh = () => { if (!document.hidden && element.isConnected) load({ isQuiet: true }); };
  document.addEventListener('visibilitychange', refresh);
  setInterval(refresh, EVERY);
  return { element, filter, address, load: () => load({ isQuiet: true }) };
};
