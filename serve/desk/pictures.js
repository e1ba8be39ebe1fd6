// Photos and documents chosen for sending, with their pictures, each to be taken back. Pictures from a camera are made
// small here: the server takes 10 MB, and an officer's connection may be as slow as anybody's.
import { h, button, icon } from './element.js';
import { size } from './words.js';

const EDGE = 2048;
const MOST = 5;

const small = async (file) => {
  if (!file.type.startsWith('image/') || file.size < 600_000) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
    const canvas = h('canvas', { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', 0.85); });
    return blob ? new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file;
  } catch {
    return file;  // not a picture that this browser reads: the server says what it thinks of it
  }
};

export const pictureField = (label, { documents = false, hint = '' } = {}) => {
  let chosen = [];
  const list = h('ul', { class: 'files' });
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  const input = h('input', { type: 'file', accept: documents ? 'image/jpeg,image/png,image/webp,application/pdf' : 'image/jpeg,image/png,image/webp', multiple: true });
  const draw = () => {
    for (const picture of list.querySelectorAll('img')) URL.revokeObjectURL(picture.src);
    list.replaceChildren(...chosen.map((one, index) => h('li', {}, one.type.startsWith('image/')
      ? h('img', { src: URL.createObjectURL(one), alt: `${label} ${index + 1}` }) : h('span', { class: 'document' }, icon('file'), h('span', {}, one.name)),
    h('small', {}, size(one.size)), button(`Hapus ${label.toLowerCase()} ${index + 1}`, () => { chosen = chosen.filter((other) => other !== one); draw(); input.focus(); }, { kind: 'small' }))));
  };
  input.addEventListener('change', async () => {
    const added = await Promise.all([...input.files].map(small));
    input.value = '';
    wrong.textContent = chosen.length + added.length > MOST ? `Paling banyak ${MOST} berkas.` : '';
    chosen = [...chosen, ...added].slice(0, MOST);
    draw();
  });
  const element = h('div', { class: 'field', 'data-field': 'photo' }, h('label', { class: 'button soft pick' }, icon('camera'), h('span', {}, `Tambah ${label.toLowerCase()}`), input),
    hint && h('small', {}, hint), wrong, list);
  return { element, files: () => chosen, clear: () => { chosen = []; draw(); } };
};
