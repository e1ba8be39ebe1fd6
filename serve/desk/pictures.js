// Photos and documents chosen for sending, with their pictures, each to be taken back. Pictures from a camera are made
// small here: the server takes 10 MB, and an officer's connection may be as slow as anybody's.
import { h, button, icon } from './element.js';
import { size } from './words.js';

const EDGE = 2048;
const MOST = 5;
const LARGE = 600_000;  // bytes

// The segment of a JPEG that says when and where it was taken, as it is: nothing when there is none. Bytes.
const exifOf = (bytes) => {
  const view = new DataView(bytes.buffer);
  if (bytes.length < 4 || view.getUint16(0) !== 0xFFD8) return null;
  for (let at = 2; at + 10 < bytes.length && view.getUint8(at) === 0xFF && view.getUint8(at + 1) !== 0xDA; at += 2 + view.getUint16(at + 2)) {
    const end = at + 2 + view.getUint16(at + 2);
    if (view.getUint8(at + 1) === 0xE1 && view.getUint32(at + 4) === 0x45786966 && end <= bytes.length) return bytes.slice(at, end);
  }
  return null;
};

// The browser has turned the picture already: what says that it is to be turned (tag 0x0112) becomes 1, "as it is".
const upright = (segment) => {
  const TIFF = 10;
  const view = new DataView(segment.buffer);
  const little = view.getUint16(TIFF) === 0x4949;
  const first = TIFF + view.getUint32(TIFF + 4, little);
  if (first + 2 > segment.length) return segment;
  for (let i = 0, at = first + 2; i < view.getUint16(first, little) && at + 12 <= segment.length; ++i, at += 12) {
    if (view.getUint16(at, little) === 0x0112) view.setUint16(at + 8, 1, little);
  }
  return segment;
};

const small = async (file) => {
  if (!file.type.startsWith('image/') || file.size < LARGE) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
    const canvas = h('canvas', { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', 0.85); });
    if (!blob) return file;
    // When and where evidence was taken is held against the report by the server, which publishes neither.
    const exif = exifOf(new Uint8Array(await file.arrayBuffer()));
    const parts = exif ? [blob.slice(0, 2), upright(exif), blob.slice(2)] : [blob];
    return new File(parts, file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' });
  } catch {
    return file;  // not a picture that this browser reads: the server says what it thinks of it
  }
};

// `files()` answers when all that was chosen is ready to be sent.
export const pictureField = (label, { documents = false, hint = '' } = {}) => {
  let chosen = [];
  let ready = Promise.resolve();
  const list = h('ul', { class: 'files' });
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  const working = h('p', { class: 'hint', role: 'status' });
  const input = h('input', { type: 'file', accept: documents ? 'image/jpeg,image/png,image/webp,application/pdf' : 'image/jpeg,image/png,image/webp', multiple: true });
  const draw = () => {
    for (const picture of list.querySelectorAll('img')) URL.revokeObjectURL(picture.src);
    list.replaceChildren(...chosen.map((one, index) => h('li', {}, one.type.startsWith('image/')
      ? h('img', { src: URL.createObjectURL(one), alt: `${label} ${index + 1}` }) : h('span', { class: 'document' }, icon('file'), h('span', {}, one.name)),
    h('small', {}, size(one.size)), button(`Hapus ${label.toLowerCase()} ${index + 1}`, () => { chosen = chosen.filter((other) => other !== one); draw(); input.focus(); }, { kind: 'small' }))));
  };
  const add = async (files) => {
    working.textContent = 'Menyiapkan foto…';
    const added = await Promise.all(files.map(small));
    wrong.textContent = chosen.length + added.length > MOST ? `Paling banyak ${MOST} berkas.` : '';
    chosen = [...chosen, ...added].slice(0, MOST);
    working.textContent = '';
    draw();
  };
  input.addEventListener('change', () => {
    const files = [...input.files];
    input.value = '';
    ready = ready.then(() => add(files));
  });
  const element = h('div', { class: 'field', 'data-field': 'photo' }, h('label', { class: 'button soft pick' }, icon('camera'), h('span', {}, `Tambah ${label.toLowerCase()}`), input),
    hint && h('small', {}, hint), working, wrong, list);
  return { element, files: async () => { await ready; return chosen; } };
};
