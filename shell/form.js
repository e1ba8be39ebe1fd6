// The plain form: a report without the drawn interface, where WebGL or WebAssembly is missing. Loaded
// only then (first.js, main.js), and once more by the full interface to take over what was left.
//
//   titikForm(api)         shows the form. `api`: the engine, where WebAssembly works:
//                          {command(body, blobs) → reply, reduce(file) → {photo, thumbnail}, reports(callback)}; else null
//   titikFormImport(api)   hands what the form left to the engine
//
// Each change is kept in form_store.js. "Kirim laporan" gives the report to the engine with the same
// commands as the interface; without an engine form_send.js sends it.
//
// Listeners, for the life of the page. On the form: input, change, submit; on document: visibilitychange;
// on window: pagehide.
import { reduceByBrowser } from './form_photo.js';
import { createSender } from './form_send.js';
import { allRecords, putRecord, readSetting, removeRecord, writeSetting } from './form_store.js';

const PROFILE_URL = '/titik/1/profile';
const MAX_PHOTOS = 5;
const AUTOSAVE_MS = 400;
const STATE_WORDS = { queued: 'Menunggu jaringan', sending: 'Mengirim…', sent: 'Terkirim', problem: 'Perlu perhatian',
  antre: 'Menunggu jaringan', mengirim: 'Mengirim…', diterima: 'Terkirim', perlu_perhatian: 'Perlu perhatian' };

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
};

// UUIDv7, as base/id.h makes it.
const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let i = 0; i < 6; ++i) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = (bytes[6] & 0x0F) | 0x70;
  bytes[8] = (bytes[8] & 0x3F) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

const todayIn = (profile) => new Date(Date.now() + profile.zone * 60_000).toISOString().slice(0, 10);

const newRecord = (profile, id = newId()) => ({
  id, state: 'draft', photos: [], uploads: {}, trackingId: '', problem: '',
  draft: { id, classification: 1, category_id: '', title: '', content: '', incident_date: todayIn(profile), is_anonymous: false,
    is_secret: false, reporter_name: '', reporter_phone: '', landmark: '', created_at: Date.now(), updated_at: Date.now() },
});

// What would be refused; the rules are those of src/report/validation.h. [field, words], in reading order.
const problemsOf = (draft, profile) => {
  const blank = (text) => text.trim() === '';
  return [
    [!draft.place && blank(draft.landmark), 'landmark', 'Pakai lokasi saya atau tulis patokan.'],
    [!draft.category_id, 'category_id', 'Pilih kategori.'],
    [blank(draft.title), 'title', 'Isi judul laporan.'],
    [blank(draft.content), 'content', 'Tulis isi laporan.'],
    [draft.classification === 1 && !draft.incident_date, 'incident_date', 'Isi tanggal kejadian.'],
    [draft.classification === 1 && draft.incident_date > todayIn(profile), 'incident_date', 'Tanggal kejadian belum lewat.'],
    [draft.reporter_phone !== '' && !/^\+?(?:[ -]*\d){8,15}[ -]*$/.test(draft.reporter_phone.trim()), 'reporter_phone', 'Nomor telepon 8 sampai 15 angka.'],
  ].filter(([wrong]) => wrong).map(([, field, words]) => [field, words]);
};

// The draft as it is sent: validation.h, normalised().
const normalised = (draft) => ({
  ...draft,
  title: draft.title.trim(), content: draft.content.trim(), landmark: draft.landmark.trim(),
  incident_date: draft.classification === 1 ? draft.incident_date : '',
  reporter_name: draft.is_anonymous ? '' : draft.reporter_name.trim(),
  reporter_phone: draft.is_anonymous ? '' : draft.reporter_phone.trim(),
});

// Gives a record to the engine, which keeps it from then on. Answers an error's words, or nothing.
const handOver = async (api, record) => {
  const saved = await api.command({ type: 'save_draft', draft: { ...record.draft, photos: [] } });
  // The engine has it already: the page ended between its taking it and our forgetting it.
  const has = saved.error?.code === 'conflict';
  if (saved.error && !has) return saved.error.message || saved.error.code;
  if (!has) {
    for (const { photo, blobs } of record.photos) {
      const added = await api.command({ type: 'add_photo', report_id: record.id, photo }, blobs.map((one) => ({ ...one, report_id: record.id })));
      if (added.error) return added.error.message || added.error.code;
    }
    if (record.state === 'queued') {
      const submitted = await api.command({ type: 'submit', report_id: record.id });
      if (submitted.error) return submitted.error.message || submitted.error.code;
    }
  }
  await removeRecord(record.id);
  return '';
};

const profileText = async () => {
  try {
    const answer = await fetch(PROFILE_URL);
    if (answer.ok) {
      const text = await answer.text();
      await writeSetting('profile', text);
      return text;
    }
  } catch { /* no network: the one of the last time */ }
  return readSetting('profile');
};

const handOverAll = async (api, states) => {
  const records = await allRecords();
  for (const record of records) if (states.includes(record.state)) await handOver(api, record);
  // What the server may have under the form's own registration is finished by it.
  if (records.some(({ state }) => state === 'sending')) createSender(JSON.parse(await profileText()), () => {}).now();
};
window.titikFormImport = (api) => handOverAll(api, ['draft', 'problem', 'queued']);

// --- The form ----------------------------------------------------------------------------------------

const field = (name, label, input, hint) => {
  input.name = name;
  input.id = `form-${name}`;
  input.setAttribute('aria-describedby', `wrong-${name}`);
  return make('div', { class: 'field' }, make('label', { for: input.id }, label), input,
    ...(hint ? [make('p', { class: 'hint' }, hint)] : []), make('p', { class: 'wrong', id: `wrong-${name}` }));
};
const choices = (name, legend, options) => make('fieldset', {}, make('legend', {}, legend),
  ...options.map(([value, label]) => make('label', { class: 'choice' }, make('input', { type: 'radio', name, value }), make('span', {}, label))),
  make('p', { class: 'wrong', id: `wrong-${name}` }));
const check = (name, label, hint) => make('label', { class: 'choice' }, make('input', { type: 'checkbox', name, 'aria-label': label }),
  make('span', {}, label, make('small', {}, hint)));
const file = (label, attributes) => make('label', { class: 'button' }, label, make('input', { type: 'file', accept: 'image/*', 'aria-label': label, ...attributes }));

const build = (profile) => make('form', { novalidate: true },
  make('h2', {}, 'Foto'),
  make('p', { class: 'hint' }, 'Satu dari dekat, satu dari jauh. Paling banyak 5; boleh dilewati.'),
  make('ul', { class: 'photos', 'aria-label': 'Foto yang dipilih' }),
  make('p', { class: 'wrong', id: 'wrong-photos', role: 'alert' }),
  make('div', { class: 'pair' }, file('Ambil foto', { capture: 'environment' }), file('Pilih dari galeri', { multiple: true })),
  make('h2', {}, 'Lokasi'),
  make('button', { type: 'button', class: 'button', name: 'find' }, 'Pakai lokasi saya'),
  make('p', { id: 'place', role: 'status' }),
  field('landmark', 'Patokan', make('input', { type: 'text', maxlength: 200, autocomplete: 'off' }), 'Misalnya: depan warung, RT 03'),
  make('h2', {}, 'Cerita'),
  choices('classification', 'Jenis laporan', [[1, 'Pengaduan'], [2, 'Permintaan informasi'], [3, 'Aspirasi']]),
  choices('category_id', 'Kategori', profile.categories.map(({ id, name }) => [id, name])),
  field('title', 'Judul', make('input', { type: 'text', maxlength: 150, autocomplete: 'off' })),
  field('content', 'Isi laporan', make('textarea', { maxlength: 5000, rows: 5 })),
  field('incident_date', 'Tanggal kejadian', make('input', { type: 'date' })),
  check('is_anonymous', 'Anonim', 'Nama dan nomor Anda tidak ikut dikirim.'),
  check('is_secret', 'Rahasia', 'Tidak tampil untuk umum.'),
  field('reporter_name', 'Nama', make('input', { type: 'text', maxlength: 100, autocomplete: 'name' }), 'Boleh kosong'),
  field('reporter_phone', 'Nomor telepon', make('input', { type: 'tel', maxlength: 20, autocomplete: 'tel' }), 'Boleh kosong'),
  make('p', { id: 'saved', role: 'status' }),
  make('p', { class: 'wrong', id: 'wrong-all', role: 'alert' }),
  make('button', { type: 'submit', class: 'button primary' }, 'Kirim laporan'));

window.titikForm = async (api) => {
  const text = await profileText();
  const styles = make('link', { rel: 'stylesheet', href: '@url:form.css@' });
  const styled = new Promise((resolve) => { styles.onload = styles.onerror = resolve; });
  document.head.append(styles);
  if (!text) {
    window.titikFirst.fail('Formulir belum bisa dimuat. Periksa jaringan, lalu muat ulang halaman ini.');
    return;
  }
  const profile = JSON.parse(text);
  const form = build(profile);
  const list = make('ul', { 'aria-label': 'Laporan saya' });
  // What is done in it before the lines below would be lost, or sent by the browser in an address: it is
  // in the page only when it works.
  let record = (await allRecords()).find(({ state }) => state === 'draft' || state === 'problem') ?? newRecord(profile);
  await styled;
  document.body.append(frame(profile, form, list, Boolean(api)));
  const { tapped, photos: chosen } = window.titikFirst.take((files, camera) => addPhotos(files, camera));
  document.documentElement.classList.add('plain');
  document.documentElement.lang = 'id';  // the form speaks no other language

  const sender = api ? null : createSender(profile, () => showReports());
  let engineReports = [];
  let timer = 0;
  let last = Promise.resolve();
  const element = (id) => form.querySelector(`#${id}`);

  // --- Keeping ---
  const save = () => {
    clearTimeout(timer);
    timer = 0;
    record.draft.updated_at = Date.now();
    const now = record;
    last = last.then(() => putRecord(now)).then(
      () => { if (now === record && timer === 0) element('saved').textContent = 'Tersimpan di ponsel'; },
      () => { element('saved').textContent = 'Belum tersimpan: penyimpanan ponsel penuh atau ditolak.'; });
    return last;
  };
  const changed = () => {
    element('saved').textContent = 'Menyimpan…';
    clearTimeout(timer);
    timer = setTimeout(save, AUTOSAVE_MS);
  };
  const saveAtOnce = () => { if (timer !== 0) save(); };

  // --- Showing ---
  const showPlace = () => {
    const { place } = record.draft;
    element('place').textContent = place ? `Lokasi Anda, ±${Math.round(place.accuracy_m)} m` : '';
  };
  const showPhotos = () => {
    const photos = form.querySelector('.photos');
    for (const image of photos.querySelectorAll('img')) URL.revokeObjectURL(image.src);
    photos.replaceChildren(...record.photos.map(({ blobs }, index) => {
      const remove = make('button', { type: 'button', class: 'remove', 'aria-label': `Hapus foto ${index + 1}` }, '×');
      remove.onclick = () => {
        record.photos.splice(index, 1);
        showPhotos();
        save();
        form.querySelector('input[type=file]').focus();
      };
      return make('li', {}, make('img', { src: URL.createObjectURL(blobs[1].blob), alt: `Foto ${index + 1}` }), remove);
    }));
  };
  const fill = () => {
    for (const [name, value] of Object.entries(record.draft)) {
      const control = form.elements[name];
      if (!control) continue;
      if (typeof value === 'boolean') control.checked = value;
      else control.value = String(value);
    }
    showPlace();
    showPhotos();
    showFields();
    element('wrong-all').textContent = record.problem;
    element('saved').textContent = '';
  };
  const showFields = () => {
    element('form-incident_date').parentElement.hidden = record.draft.classification !== 1;
    for (const name of ['reporter_name', 'reporter_phone']) element(`form-${name}`).parentElement.hidden = record.draft.is_anonymous;
  };
  const showProblems = (problems) => {
    for (const one of form.querySelectorAll('.wrong')) one.textContent = '';
    for (const one of form.querySelectorAll('[aria-invalid]')) one.removeAttribute('aria-invalid');
    for (const [name, words] of problems) {
      element(`wrong-${name}`).textContent = words;
      element(`form-${name}`)?.setAttribute('aria-invalid', 'true');
    }
    if (problems.length === 0) return;
    element('wrong-all').textContent = 'Belum lengkap. Lihat isian yang diberi tanda.';
    const control = form.elements[problems[0][0]];
    (control.focus ? control : control[0]).focus();
  };
  const showReports = async () => {
    const rows = [...engineReports, ...(await allRecords()).filter(({ state }) => state !== 'draft' && state !== 'problem')
      .map(({ draft, state, trackingId }) => ({ title: draft.title, state, tracking_id: trackingId }))];
    list.parentElement.hidden = rows.length === 0;
    list.replaceChildren(...rows.map(({ title, state, tracking_id: id }) => make('li', {}, make('strong', {}, title),
      make('span', { role: 'status' }, STATE_WORDS[state] ?? ''), ...(id ? [make('span', {}, `Nomor lacak ${id}`)] : []))));
    const failed = (await allRecords()).find(({ state, id }) => state === 'problem' && id !== record.id);
    if (failed && !record.draft.title && record.photos.length === 0) {
      record = failed;
      fill();
    }
  };

  // --- Doing ---
  const addPhotos = async (files, camera) => {
    element('wrong-photos').textContent = '';
    for (const one of files) {
      if (record.photos.length >= MAX_PHOTOS) {
        element('wrong-photos').textContent = 'Paling banyak 5 foto. Sebagian foto tidak ditambahkan.';
        break;
      }
      element('saved').textContent = 'Foto sedang diperkecil…';
      try {
        const { photo, thumbnail } = await (api ? api.reduce(one) : reduceByBrowser(one));
        const { sha256, bytes, width, height } = photo;
        if (record.photos.some((other) => other.photo.sha256 === sha256)) continue;
        record.photos.push({
          photo: { sha256, bytes, width, height, thumbnail_sha256: thumbnail.sha256, thumbnail_bytes: thumbnail.bytes, origin: camera ? 'camera' : 'gallery' },
          blobs: [photo, thumbnail].map(({ sha256: hash, blob }) => ({ sha256: hash, blob })),
        });
        showPhotos();
      } catch (error) {
        element('wrong-photos').textContent = error.code === 'too_large'
          ? 'Foto itu terlalu besar. Kecilkan ukuran foto di kamera, lalu coba lagi.'
          : 'Berkas itu bukan foto yang bisa dibaca. Pilih foto JPEG atau PNG.';
      }
    }
    await save();
  };
  const find = () => {
    element('place').textContent = 'Mencari lokasi…';
    const fail = (error) => {
      element('place').textContent = error.code === 1 ? 'Izin lokasi belum diberikan. Tulis patokan.' : 'Lokasi tidak ditemukan. Tulis patokan.';
    };
    if (!navigator.geolocation) {
      fail({});
      return;
    }
    navigator.geolocation.getCurrentPosition(({ coords, timestamp }) => {
      record.draft.place = { latitude: coords.latitude, longitude: coords.longitude, accuracy_m: coords.accuracy, source: 'gps', at: Math.round(timestamp) };
      showPlace();
      changed();
    }, fail, { enableHighAccuracy: true, timeout: 30_000, maximumAge: 10_000 });
  };
  const submit = async () => {
    const problems = problemsOf(record.draft, profile);
    showProblems(problems);
    if (problems.length > 0) return;
    const button = form.querySelector('[type=submit]');
    button.disabled = true;
    try {
      record.draft = normalised(record.draft);
      record.state = 'queued';
      record.problem = '';
      await save();
      if (api) {
        const wrong = await handOver(api, record);
        if (wrong) {
          record.state = 'draft';
          await save();
          element('wrong-all').textContent = wrong;
          return;
        }
      }
      record = newRecord(profile);
      fill();
      await showReports();
      list.parentElement.scrollIntoView();
      list.parentElement.querySelector('h2').focus();
      sender?.now();
      navigator.storage?.persist?.();
    } finally {
      button.disabled = false;
    }
  };

  form.addEventListener('input', ({ target }) => {
    if (!(target.name in record.draft)) return;
    const { draft } = record;
    if (target.type === 'checkbox') draft[target.name] = target.checked;
    else draft[target.name] = target.name === 'classification' ? Number(target.value) : target.value;
    if (target.name === 'classification' && draft.classification === 1 && !draft.incident_date) draft.incident_date = form.elements.incident_date.value;
    showFields();
    changed();
  });
  form.addEventListener('change', ({ target }) => {
    if (target.type !== 'file') return;
    const files = [...target.files];
    target.value = '';
    addPhotos(files, target.hasAttribute('capture'));
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  form.elements.find.onclick = find;
  document.addEventListener('visibilitychange', saveAtOnce);
  window.addEventListener('pagehide', saveAtOnce);
  document.querySelector('#form .now').onclick = () => { if (api) api.command({ type: 'send_now' }); else sender.now(); };

  fill();
  api?.reports((reports) => {
    engineReports = reports.filter(({ state }) => state !== 'draf');
    showReports();
  });
  if (api) await handOverAll(api, ['queued']);
  else sender.now();
  await showReports();
  for (const { file: one, camera } of chosen) await addPhotos([one], camera);
  if (tapped) form.querySelector('h2').scrollIntoView();
  // Where WebAssembly is missing main.js does not run, and nobody else does this.
  if (!api) navigator.serviceWorker?.register('/sw.js').catch(() => {});
  // The worker keeps these two for the next start without a network; other phones never load them.
  navigator.serviceWorker?.ready.then(({ active }) => active.postMessage({ type: 'keep', urls: [styles.getAttribute('href'), document.querySelector('script[data-form]').dataset.form] }));
};

// The frame around the form, not yet in the page: what is missing here is said first.
const frame = (profile, form, list, hasEngine) => make('main', { id: 'form' },
  make('h1', {}, 'Titik Lapor'),
  make('a', { class: 'emergency', href: `tel:${profile.emergency_number}` }, `Telepon ${profile.emergency_number}`),
  make('p', { class: 'notice' }, `${hasEngine ? 'Ponsel atau peramban ini tidak bisa menggambar Titik Lapor yang lengkap (WebGL tidak ada).' : 'Peramban ini tidak bisa menjalankan Titik Lapor yang lengkap (WebAssembly tidak ada).'} `
    + 'Laporan tetap bisa dibuat, disimpan tanpa internet, dan dikirim di sini. Yang tidak ada: peta, beberapa draf sekaligus, jawaban kota, dan laporan di sekitar. '
    + `${hasEngine ? '' : 'Laporan yang menunggu dikirim selama halaman ini terbuka. '}Simpan nomor lacak untuk menanyakan perkembangannya.`),
  make('section', { hidden: true }, make('h2', { tabindex: '-1' }, 'Laporan saya'), list,
    make('button', { type: 'button', class: 'button now' }, 'Kirim sekarang')),
  make('h2', { class: 'new' }, 'Laporan baru'),
  form);
