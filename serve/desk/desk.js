// The entry: who is here, and which view the address's hash names.
//   #/?show=…&agency=…   the reports        #/laporan/7000001   one of them        #/catat   write one down
import { h, button, say } from './element.js';
import * as server from './ask.js';
import { ROLES, useZone } from './words.js';
import { createList } from './list.js';
import { createReport } from './report.js';
import { createEntering } from './enter.js';

const main = document.getElementById('main');
const title = document.title;
let city;
let list;
let entering = null;        // until it is sent
const opened = new Map();   // reports that were looked at, by number: what was begun on them is kept
let isLeaving = false;

const isUnsent = () => entering?.isUnsent() || [...opened.values()].some((one) => one.isUnsent());
const leave = () => {
  isLeaving = true;
  location.replace('/kantor/');  // without a fragment: loaded anew
};
const logOut = async () => {
  if (isUnsent() && !confirm('Yang belum dikirim akan hilang. Keluar?')) return;
  try {
    await server.logOut();
    leave();
  } catch (error) {
    alert(`Belum keluar. ${error.message}`);
  }
};

const showWho = () => {
  const { officer } = server;
  const who = document.getElementById('who');
  who.replaceChildren(h('span', {}, h('b', {}, officer.name), ' ', h('small', {}, [ROLES[officer.role], officer.agency_name].filter(Boolean).join(', '))),
    button('Keluar', logOut, { kind: 'small' }));
  who.hidden = false;
  document.querySelector('nav').hidden = false;
  document.getElementById('enter-link').hidden = officer.role === 'mayor';
};

const show = async () => {
  const [path, query = ''] = location.hash.replace(/^#/, '').split('?');
  const number = /^\/laporan\/(\d{1,10})$/.exec(path)?.[1];
  for (const link of document.querySelectorAll('nav a')) {
    const here = link.hash === '#/catat' ? path === '/catat' : path !== '/catat';
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  say('');
  // On a wide screen list and report stand side by side; on a phone the report covers the list (desk.css).
  main.className = number ? 'with-report' : path === '/catat' ? 'entering' : 'with-list';
  let view = null;
  if (path === '/catat') {
    if (entering?.isOver()) entering = null;
    entering ??= createEntering(city, () => { entering = null; show(); });
    view = entering;
    view.seen();
    main.replaceChildren(view.element);
  } else {
    list ??= createList(city, (changed) => opened.get(changed)?.refresh());
    list.filter(new URLSearchParams(query), number);
    document.querySelector('nav a').href = list.address();
    if (number && !opened.has(number)) opened.set(number, createReport(city, number, () => list.address(), () => list.load()));
    view = number ? opened.get(number) : null;
    for (const [other, one] of opened) if (other !== number && !one.isUnsent()) opened.delete(other);
    // The list stays where it is: taken out, it would be at its top again.
    if (!list.element.isConnected) main.replaceChildren(list.element);
    while (main.children.length > 1) main.lastChild.remove();
    main.append(view?.element ?? h('section', { class: 'nothing', 'aria-hidden': 'true' }, h('p', {}, 'Pilih laporan dari daftar.')));
  }
  await view?.load?.();
  if (view && !view.element.isConnected) return;  // another was opened meanwhile
  const heading = (view ?? list).element.querySelector('h1');
  document.title = `${heading?.textContent ?? ''} — ${title}`;
  if (view) {
    heading?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
};

const begin = async () => {
  city = await server.profile();
  useZone(city.zone);
  document.getElementById('city').textContent = city.name;
  server.onLogin(showWho, leave);
  await server.start();
  window.addEventListener('hashchange', show);
  window.addEventListener('beforeunload', (event) => { if (isUnsent() && !isLeaving) event.preventDefault(); });
  await show();
};

begin().catch((error) => main.replaceChildren(h('section', { class: 'card' }, h('h1', {}, 'Kantor tidak dapat dibuka'), h('p', {}, error.message),
  button('Coba lagi', () => location.reload(), { kind: 'primary' }))));
