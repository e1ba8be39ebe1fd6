// The forms of what may be done with a report. Which there are, and what each needs, the server tells (`steps`).
import { h, button, choices, field, showProblems } from './element.js';
import { ask } from './ask.js';
import { pictureField } from './pictures.js';
import { agencyName } from './list.js';
import { KINDS, STEPS } from './words.js';

// A key for what is sent: the same words sent again after a lost answer are one follow-up, other words another.
const keyOf = (form) => {
  let key = crypto.randomUUID();
  form.addEventListener('input', () => { key = crypto.randomUUID(); });
  form.addEventListener('change', () => { key = crypto.randomUUID(); });
  return () => key;
};

// One form at a time lies open beneath the buttons. `send` answers what to say.
const formOf = (title, hint, parts, label, send, done) => {
  const submit = button(label, null, { kind: 'primary', type: 'submit' });
  const form = h('form', { class: 'step' }, h('h2', { tabindex: '-1' }, title), h('p', { class: 'hint' }, hint), h('p', { class: 'form-wrong wrong', role: 'alert' }), parts, submit);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    submit.disabled = true;
    showProblems(form, null);
    try {
      await done(await send(form));
    } catch (error) {
      showProblems(form, error);
      submit.disabled = false;
    }
  });
  return form;
};

const text = (rows, attributes = {}) => h('textarea', { rows, maxlength: 5000, ...attributes });

const followUpForm = (report, kinds, done) => {
  const needsEvidence = report.steps.find((one) => one.action === 'action')?.needs_evidence;
  const content = text(4);
  const pictures = pictureField('Bukti', { documents: true, hint: needsEvidence ? 'Tindakan untuk kategori ini perlu foto atau dokumen.' : 'Bila ada.' });
  const form = formOf('Tanggapi', 'Yang ditulis di sini dibaca pelapor.',
    [choices('Jenis tanggapan', 'kind', kinds.map((kind) => [kind, ...KINDS[kind]]), kinds[0]), field('Tanggapan', content, { name: 'text' }), pictures.element],
    'Kirim tanggapan', async () => {
      const body = new FormData();
      body.set('kind', new FormData(form).get('kind'));
      body.set('content', content.value);
      pictures.files().forEach((one, index) => body.append(`attachment[${index}]`, one));
      return (await ask(`/reports/${report.tracking_id}/follow-up`, { method: 'POST', form: body, key: key() })).message;
    }, done);
  const key = keyOf(form);
  return form;
};

const stepForm = (city, report, step, done) => {
  const [title, hint] = STEPS[step.action];
  const reason = text(3, { required: step.needs_reason });
  const agency = h('select', { required: true }, h('option', { value: '' }, 'Pilih instansi'),
    city.agencies.filter((one) => one.id !== report.agency).map((one) => h('option', { value: one.id }, agencyName(city, one.id))));
  const wantsWords = step.needs_reason || step.needs_agency || step.action === 'close';
  return formOf(title, hint, [step.needs_agency && field('Instansi', agency, { name: 'agency' }),
    wantsWords && field(step.needs_reason ? 'Alasan' : 'Catatan (boleh kosong)', reason, { name: 'reason' })], title, async () => {
    const json = { ...(wantsWords && { reason: reason.value }), ...(step.needs_agency && { agency: agency.value }) };
    return (await ask(`/reports/${report.tracking_id}/${step.action}`, { method: 'POST', json })).message;
  }, done);
};

// What the person says for whom the report was written down, and a code for their own phone.
const wordsForm = (report, done) => {
  const content = text(3);
  const isClosed = report.clocks.closed_at !== null;
  const rating = h('select', {}, h('option', { value: '0' }, 'Tanpa nilai'), [1, 2, 3, 4, 5].map((one) => h('option', { value: one }, `${one} dari 5`)));
  const again = h('input', { type: 'checkbox' });
  const form = formOf('Catat ucapan pelapor', 'Dengan aturan yang sama seperti tulisan warga di ponselnya.', [field('Ucapan pelapor', content, { name: 'text' }),
    isClosed && field('Nilai', rating, { name: 'rating' }), isClosed && h('label', { class: 'choice' }, again, h('span', {}, 'Minta dibuka kembali'))],
  'Simpan', async () => (await ask(`/reports/${report.tracking_id}/words`, { method: 'POST', key: key(),
    json: { content: content.value, rating: Number(rating.value), action: again.checked ? 'reopen' : 'reply' } })).message, done);
  const key = keyOf(form);
  return form;
};

export const codeButton = (trackingId) => {
  const place = h('div', { class: 'code', 'aria-live': 'polite' });
  place.append(button('Buat kode untuk pelapor', async () => {
    try {
      const { code } = await ask(`/reports/${trackingId}/code`, { method: 'POST' });
      place.replaceChildren(h('p', {}, 'Kode untuk mengikuti laporan dari ponsel, berlaku 7 hari, sekali pakai:'), h('p', { class: 'big' }, code));
    } catch (error) {
      place.append(h('p', { class: 'wrong' }, error.message));
    }
  }, { kind: 'soft' }));
  return place;
};

export const stepForms = (city, report, done) => {
  const place = h('div', {});
  const buttons = h('div', { class: 'actions' });
  const open = (make, one) => {
    for (const other of buttons.children) other.setAttribute('aria-expanded', String(other === one));
    const form = make();
    place.replaceChildren(form);
    form.querySelector('h2').focus();
    form.scrollIntoView({ block: 'nearest' });
  };
  const add = (label, make, kind = 'soft') => {
    const one = button(label, () => open(make, one), { kind, 'aria-expanded': 'false' });
    buttons.append(one);
  };
  const kinds = Object.keys(KINDS).filter((kind) => report.steps.some((step) => step.action === kind));
  if (kinds.length > 0) add('Tanggapi', () => followUpForm(report, kinds, done), 'primary');
  for (const step of report.steps) {
    if (STEPS[step.action]) add(STEPS[step.action][0], () => stepForm(city, report, step, done));
  }
  const isEntered = report.channel !== null;
  if (isEntered && report.may_speak_for) add('Catat ucapan pelapor', () => wordsForm(report, done));
  if (buttons.children.length === 0) return h('p', { class: 'hint' }, 'Tidak ada yang dapat dilakukan dengan laporan ini sekarang.');
  return h('section', { class: 'card', 'aria-label': 'Yang dapat dilakukan' }, buttons, place, isEntered && codeButton(report.tracking_id));
};
