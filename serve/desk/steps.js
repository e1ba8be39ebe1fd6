// The forms of what may be done with a report. Which there are, and what each needs, the server tells (`steps`).
import { h, button, choices, field, showProblems, tell } from './element.js';
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

// While `work` runs the button says so, and nothing in the form can be pressed or changed: what is sent is what stands
// there. What the server refuses is shown in the form; the error that was shown, or null.
export const sending = async (form, submit, work) => {
  const label = submit.querySelector('span');
  const words = label.textContent;
  submit.disabled = true;
  form.inert = true;
  label.textContent = 'Mengirim…';
  showProblems(form, null);
  let problem = null;
  try {
    await work();
  } catch (error) {
    problem = error;
  }
  form.inert = false;
  if (problem) showProblems(form, problem);
  submit.disabled = false;
  label.textContent = words;
  return problem;
};

const formOf = (title, hints, parts, label) => {
  const submit = button(label, null, { kind: 'primary', type: 'submit' });
  const form = h('form', { class: 'step' }, h('h2', { tabindex: '-1' }, title), hints.filter(Boolean).map((hint) => h('p', { class: 'hint' }, hint)),
    h('p', { class: 'form-wrong wrong', role: 'alert' }), parts, submit);
  return { form, submit };
};

const text = (rows, attributes = {}) => h('textarea', { rows, maxlength: 5000, ...attributes });
// The last words in the thread that the officer has before them: what came after must be read first.
const seen = (report) => report.thread.at(-1)?.id ?? '0';

// Each answers { form, submit, send }; `send(report)` gets the report as it is shown then, and answers what to say.

const followUpForm = (city, report) => {
  const kinds = Object.keys(KINDS).filter((kind) => report.steps.some((step) => step.action === kind));
  const needsEvidence = report.steps.find((one) => one.action === 'action')?.needs_evidence;
  const content = text(4);
  const secret = h('input', { type: 'checkbox' });
  const pictures = pictureField('Bukti', { documents: true, hint: needsEvidence ? 'Tindakan untuk kategori ini perlu foto atau dokumen.' : 'Bila ada.' });
  const { form, submit } = formOf('Tanggapi', [report.is_secret ? 'Dibaca pelapor; laporan rahasia tidak tampil di halaman publik.'
    : 'Dibaca pelapor, dan tampil di halaman publik. Jangan menulis nama, alamat atau nomor telepon siapa pun.'],
  [choices('Jenis tanggapan', 'kind', kinds.map((kind) => [kind, ...KINDS[kind]]), kinds[0]), field('Tanggapan', content, { name: 'text' }), pictures.element,
    !report.is_secret && h('label', { class: 'choice' }, secret, h('span', {}, h('b', {}, 'Hanya untuk pelapor'), h('small', {}, 'Tanggapan dan lampirannya tidak tampil di halaman publik.')))],
  'Kirim tanggapan');
  const key = keyOf(form);
  const send = async (now) => {
    const files = await pictures.files();
    const body = new FormData();
    body.set('kind', new FormData(form).get('kind'));
    body.set('content', content.value);
    body.set('seen', seen(now));
    if (secret.checked) body.set('is_secret', '1');
    files.forEach((one, index) => body.append(`attachment[${index}]`, one));
    return (await ask(`/reports/${report.tracking_id}/follow-up`, { method: 'POST', form: body, key: key() })).message;
  };
  return { form, submit, send };
};

const stepForm = (city, report, step) => {
  const [title, hint, whenPublic] = STEPS[step.action];
  const reason = text(3, { required: step.needs_reason });
  const agency = h('select', { required: true }, h('option', { value: '' }, 'Pilih instansi'),
    city.agencies.filter((one) => one.id !== report.agency).map((one) => h('option', { value: one.id }, agencyName(city, one.id))));
  const wantsWords = step.needs_reason || step.needs_agency || step.action === 'close';
  const { form, submit } = formOf(title, [hint, !report.is_secret && whenPublic], [step.needs_agency && field('Instansi', agency, { name: 'agency' }),
    wantsWords && field(step.needs_reason ? 'Alasan' : 'Catatan (boleh kosong)', reason, { name: 'reason', hint: 'Dibaca pelapor.' })], title);
  const send = async (now) => {
    const json = { seen: seen(now), ...(wantsWords && { reason: reason.value }), ...(step.needs_agency && { agency: agency.value }) };
    return (await ask(`/reports/${report.tracking_id}/${step.action}`, { method: 'POST', json })).message;
  };
  return { form, submit, send };
};

// What the person says for whom the report was written down.
const wordsForm = (city, report) => {
  const content = text(3);
  const isClosed = report.clocks.closed_at !== null;
  const rating = h('select', {}, h('option', { value: '0' }, 'Tanpa nilai'), [1, 2, 3, 4, 5].map((one) => h('option', { value: one }, `${one} dari 5`)));
  const again = h('input', { type: 'checkbox' });
  const { form, submit } = formOf('Catat ucapan pelapor', ['Dengan aturan yang sama seperti tulisan warga di ponselnya.'], [field('Ucapan pelapor', content, { name: 'text' }),
    isClosed && field('Nilai', rating, { name: 'rating' }), isClosed && h('label', { class: 'choice' }, again, h('span', {}, 'Minta dibuka kembali'))], 'Simpan');
  const key = keyOf(form);
  const send = async () => (await ask(`/reports/${report.tracking_id}/words`, { method: 'POST', key: key(),
    json: { content: content.value, rating: Number(rating.value), action: again.checked ? 'reopen' : 'reply' } })).message;
  return { form, submit, send };
};

// A code for the phone of the person for whom the report was written down.
export const codeButton = (trackingId) => {
  const place = h('div', { class: 'code' });
  place.append(button('Buat kode untuk pelapor', async () => {
    try {
      const { code } = await ask(`/reports/${trackingId}/code`, { method: 'POST' });
      tell(place, h('p', {}, 'Kode untuk mengikuti laporan dari ponsel, berlaku 7 hari, sekali pakai:'), h('p', { class: 'big' }, code));
    } catch (error) {
      place.append(h('p', { class: 'wrong', role: 'alert' }, error.message));
    }
  }, { kind: 'soft' }));
  return place;
};

// What the officer has begun on one report, which lives longer than what is drawn of it: forms by their button's name,
// and the one that lies open.
export const createBegun = () => ({ forms: new Map(), open: null });
export const isUnsent = ({ forms }) => [...forms.values()].some(({ isDirty }) => isDirty);
export const isSending = ({ forms }) => [...forms.values()].some(({ form }) => form.inert);

// `done(message)` when a step was taken; `stale(sentence)` when the report is not as it is shown. `begun` keeps what is
// typed through both.
export const stepForms = (city, report, begun, { done, stale }) => {
  const place = h('div', {});
  const buttons = h('div', { class: 'actions' });
  const made = new Map();  // by name: who makes its form

  const show = (name) => {
    begun.open = name;
    for (const one of buttons.children) one.setAttribute('aria-expanded', String(one.dataset.name === name));
    const begin = () => {
      const kept = made.get(name)(city, report);
      kept.form.addEventListener('input', () => { kept.isDirty = true; });
      kept.form.addEventListener('change', () => { kept.isDirty = true; });
      begun.forms.set(name, kept);
      return kept;
    };
    const kept = name && (begun.forms.get(name) ?? begin());
    if (!kept) return place.replaceChildren();
    kept.form.onsubmit = async (event) => {
      event.preventDefault();
      let message;
      const problem = await sending(kept.form, kept.submit, async () => { message = await kept.send(report); });
      if (!problem) {
        begun.forms.delete(name);
        if (begun.open === name) begun.open = null;
        await done(message);
      } else if (problem.status === 409 || problem.status === 404) {
        await stale(problem.message);
      }
    };
    place.replaceChildren(kept.form);
  };

  const add = (name, make, kind = 'soft') => {
    made.set(name, make);
    const one = button(name, () => {
      show(begun.open === name ? null : name);
      if (!begun.open) return;
      place.querySelector('h2').focus();
      place.firstElementChild.scrollIntoView({ block: 'nearest' });
    }, { kind, 'aria-expanded': 'false', 'data-name': name });
    buttons.append(one);
  };

  // Of a form without a word in it nothing is kept: it is made anew for the report as it is now.
  for (const [name, { isDirty }] of begun.forms) if (!isDirty) begun.forms.delete(name);
  if (report.steps.some((step) => KINDS[step.action])) add('Tanggapi', followUpForm, 'primary');
  for (const step of report.steps) {
    if (STEPS[step.action] && !(step.action === 'hide' && report.is_secret)) add(STEPS[step.action][0], (_, now) => stepForm(city, now, step));
  }
  if (report.may_speak_for) add('Catat ucapan pelapor', wordsForm);
  // What was begun and is possible no more can still be read and copied.
  for (const name of begun.forms.keys()) if (!made.has(name)) add(name, null);
  if (begun.open && made.has(begun.open)) show(begun.open);
  else begun.open = null;
  if (buttons.children.length === 0) return h('p', { class: 'hint' }, 'Tidak ada yang dapat dilakukan dengan laporan ini sekarang.');
  return h('section', { class: 'card', 'aria-label': 'Yang dapat dilakukan' }, buttons, place, report.is_entered && codeButton(report.tracking_id));
};
