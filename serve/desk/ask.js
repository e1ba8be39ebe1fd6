// Requests to /titik/1/office. Refusals become errors with the server's sentence; where the session has ended, the login
// is laid over what is there, so that nothing typed is lost, and the request goes again.
import { h, button, field, showProblems } from './element.js';

// `status` 0: nothing, or nothing whole, was answered.
export class Refused extends Error {
  constructor(status, body) {
    super(status >= 500 ? 'Server sedang bermasalah. Belum tersimpan: jangan tutup halaman ini, lalu coba lagi.'
      : body.message || 'Server tidak menjawab. Periksa jaringan, lalu coba lagi.');
    this.status = status;
    this.errors = body.errors ?? [];
  }
}

const PATIENCE = { json: 30_000, form: 300_000 };  // milliseconds: photos go by any connection
const OFFICE = '/titik/1/office';

const request = async (path, { method = 'GET', json, form, key } = {}) => {
  // The server takes changes only with this header, which no other site's page can send.
  const headers = { Accept: 'application/json', 'Accept-Language': 'id', ...(method !== 'GET' && { 'X-Titik-Office': '1' }),
    ...(json && { 'Content-Type': 'application/json' }), ...(key && { 'Idempotency-Key': key }) };
  let response;
  try {
    response = await fetch(path, { method, headers, body: json ? JSON.stringify(json) : form, cache: 'no-store',
      signal: AbortSignal.timeout(form ? PATIENCE.form : PATIENCE.json) });
  } catch {
    throw new Refused(0, {});
  }
  if (response.status === 204) return {};
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Refused(response.status, body ?? {});
  if (body === null) throw new Refused(0, {});  // cut off, or not of this server
  return body;
};

// `officer` as GET /session tells: name, role, agency_id, agency_name.
export let officer = null;
let loggedIn = () => {};
let replaced = () => {};
// `another`: somebody else logs in where an officer was; what is on the screen, and what waits, is not theirs.
export const onLogin = (tell, another) => { loggedIn = tell; replaced = another; };

let open = null;  // one login for all who wait for it
let before = '';  // who was here
const logIn = () => (open ??= new Promise((resolve) => {
  const name = h('input', { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, maxlength: 100 });
  const password = h('input', { type: 'password', autocomplete: 'current-password', required: true });
  const submit = button('Masuk', null, { kind: 'primary', type: 'submit' });
  const form = h('form', {},
    h('h1', { id: 'login-title' }, 'Masuk sebagai petugas'),
    h('p', { class: 'form-wrong wrong', role: 'alert' }),
    field('Nama akun', name), field('Kata sandi', password), submit,
    h('p', { class: 'hint' }, 'Akun dibuat oleh pengelola server kota.'));
  let isIn = false;
  // Browsers let a second Escape through, whatever is prevented.
  const dialog = h('dialog', { class: 'login', 'aria-labelledby': 'login-title', oncancel: (event) => event.preventDefault(),
    onclose: () => { if (!isIn) dialog.showModal(); } }, form);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    submit.disabled = true;
    showProblems(form, null);
    try {
      officer = await request(`${OFFICE}/session`, { method: 'POST', json: { name: name.value, password: password.value } });
      isIn = true;
      if (before && before !== officer.name) return replaced();
      before = officer.name;
      dialog.close();
      dialog.remove();
      open = null;
      loggedIn();
      resolve();
    } catch (error) {
      form.querySelector('.form-wrong').textContent = error.message;
      password.value = '';
      password.focus();
    }
    submit.disabled = false;
  });
  document.body.append(dialog);
  dialog.showModal();
}));

// `path` below /titik/1/office.
export const ask = async (path, options) => {
  for (;;) {
    try {
      return await request(OFFICE + path, options);
    } catch (error) {
      if (error.status !== 401) throw error;
      await logIn();
    }
  }
};

export const profile = () => request('/titik/1/profile');

export const start = async () => {
  officer = await ask('/session');
  before = officer.name;
  loggedIn();
};

export const logOut = () => request(`${OFFICE}/session`, { method: 'DELETE' });

export const file = (id) => `${OFFICE}/files/${encodeURIComponent(id)}`;
