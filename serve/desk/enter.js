// A report written down for somebody: a call to 112, a message, a person at the counter.
import { h, button, choices, field } from './element.js';
import { ask, officer } from './ask.js';
import { agencyName, name as found } from './list.js';
import { pictureField } from './pictures.js';
import { codeButton, sending } from './steps.js';
import { CHANNELS, CLASSIFICATIONS, today } from './words.js';

// `again` when the next one is to be written down.
export const createEntering = (city, again) => {
  let isDirty = false;
  let isSent = false;
  let wasSeen = false;  // its number, by the officer who may have looked elsewhere meanwhile
  const content = h('textarea', { rows: 6, required: true, maxlength: 5000 });
  const title = h('input', { required: true, maxlength: 150 });
  const category = h('select', { required: true }, h('option', { value: '' }, 'Pilih kategori'), city.categories.map((one) => h('option', { value: one.id }, one.name)));
  const landmark = h('input', { required: true, maxlength: 200 });
  const date = h('input', { type: 'date', value: today(), max: today(), required: true });
  const dateField = field('Tanggal kejadian', date, { name: 'date_of_incident' });
  const name = h('input', { maxlength: 100, autocomplete: 'off' });
  const phone = h('input', { type: 'tel', maxlength: 20, autocomplete: 'off' });
  const secret = h('input', { type: 'checkbox' });
  const pictures = pictureField('Foto');
  const submit = button('Catat laporan', null, { kind: 'primary', type: 'submit' });
  const form = h('form', { class: 'card' },
    h('p', { class: 'form-wrong wrong', role: 'alert' }),
    choices('Masuk lewat', 'channel', Object.entries(CHANNELS), 'telepon'),
    choices('Persetujuan warga dicatat', 'consent', [['lisan', 'Lisan'], ['tertulis', 'Tertulis'], ['publik', 'Sudah terbit di pers']], 'lisan'),
    choices('Jenis', 'classification', Object.entries(CLASSIFICATIONS), '1'),
    field('Kategori', category, { name: 'category' }), field('Judul', title, { name: 'title' }), field('Isi laporan', content, { name: 'content' }),
    field('Patokan', landmark, { name: 'place', hint: 'Jalan, RT/RW, kelurahan, dekat apa.' }), dateField, pictures.element,
    h('fieldset', {}, h('legend', {}, 'Pelapor'), h('p', { class: 'hint' }, 'Tidak pernah tampil di halaman publik.'), field('Nama', name, { name: 'nameUser' }), field('Nomor telepon', phone, { name: 'phoneUser' }),
      h('label', { class: 'choice' }, secret, h('span', {}, h('b', {}, 'Rahasia'), h('small', {}, 'Laporan tidak tampil di halaman publik.')))),
    submit);
  const element = h('section', { class: 'enter' }, h('h1', { tabindex: '-1' }, 'Catat laporan untuk warga'), form);

  // One key for one report, however often it is sent; photos that arrived are not sent again.
  let key = crypto.randomUUID();
  let sent = { files: [], ids: [] };
  form.addEventListener('input', () => {
    key = crypto.randomUUID();
    isDirty = true;
  });
  const value = (of) => new FormData(form).get(of);
  form.addEventListener('change', () => { dateField.hidden = value('classification') !== '1'; date.required = !dateField.hidden; });

  const upload = async () => {
    const files = await pictures.files();
    if (files.length === 0) return [];
    if (files.length !== sent.files.length || files.some((one, index) => one !== sent.files[index])) {
      const body = new FormData();
      for (const one of files) body.append('attachments[]', one);
      sent = { files, ids: (await ask('/files', { method: 'POST', form: body })).results.images.map(({ id }) => id) };
      key = crypto.randomUUID();
    }
    return sent.ids;
  };

  const send = async () => {
    const attachments = await upload();
    const isComplaint = value('classification') === '1';
    return (await ask('/reports', { method: 'POST', key, json: {
      channel: value('channel'), consent: value('consent'), contact: { name: name.value, phone: phone.value },
      report: { title: title.value, content: content.value, classification_id: Number(value('classification')), is_secret: secret.checked,
        ...(isComplaint && { date_of_incident: date.value }), attachments: JSON.stringify(attachments.map(Number)),
        titik: { category: category.value, landmark: landmark.value } } } })).complaint_id;
  };
  const showSent = (id) => {
    const agency = found(city.categories, category.value)?.agency ?? '';
    // Who works for one agency does not see what another has.
    const isSeen = !officer.agency_id || officer.agency_id === agency;
    element.replaceChildren(h('h1', { tabindex: '-1' }, 'Laporan dicatat'), h('div', { class: 'card' }, h('p', {}, 'Nomor lacak'), h('p', { class: 'big' }, id),
      h('p', { class: 'hint' }, `Bacakan nomor ini kepada pelapor. Diteruskan ke ${agencyName(city, agency)}.`), codeButton(id),
      h('div', { class: 'actions' }, isSeen && h('a', { class: 'button primary', href: `#/laporan/${id}` }, 'Buka laporan'),
        button('Catat lagi', again, { kind: 'soft' }))));
    element.querySelector('h1').focus();
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    let id;
    const problem = await sending(form, submit, async () => { id = await send(); });
    if (problem) return;
    isSent = true;
    showSent(id);
    wasSeen = element.isConnected;
  });
  return { element, isUnsent: () => isDirty && !isSent, isOver: () => isSent && wasSeen, seen: () => { wasSeen = isSent; } };
};
