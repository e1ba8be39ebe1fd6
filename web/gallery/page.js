// The gallery's page: the client's own mirror and input over gallery.wasm, without an engine.
//   ?page=0…4 &scale=2 &now=0 (time stands still, for pictures)
import { listenToInput } from './input.js';
import { createSemantics } from './semantics.js';

const asked = new URLSearchParams(location.search);
const still = asked.has('now');
const root = document.getElementById('mirror');
const canvas = document.getElementById('canvas');
const wasm = await createGalleryModule();
const call = (name, ...values) => wasm.ccall(`gallery_${name}`, 'number', values.map((value) => (typeof value === 'string' ? 'string' : 'number')), values);
const fonts = ['text-400.ttf', 'text-600.ttf', 'text-700.ttf', 'icons.ttf'];
for (const [index, name] of fonts.entries()) {
  const bytes = new Uint8Array(await (await fetch(name)).arrayBuffer());
  const at = wasm._malloc(bytes.length);
  wasm.HEAPU8.set(bytes, at);
  call('font', index, at, bytes.length);
  wasm._free(at);
}
if (call('start', Number(asked.get('page') ?? 0)) !== 1) throw new Error('no WebGL');

const wishes = ['(prefers-color-scheme: dark)', '(prefers-contrast: more), (forced-colors: active)', '(prefers-reduced-motion: reduce)'].map((query) => matchMedia(query));
let wanted = 0;
let requested = false;
const draw = () => {
  requested = false;
  const ratio = Math.min(devicePixelRatio, 2);
  canvas.width = Math.round(innerWidth * ratio);
  canvas.height = Math.round(innerHeight * ratio);
  canvas.style.width = `${innerWidth}px`;
  canvas.style.height = `${innerHeight}px`;
  const more = call('frame', innerWidth, innerHeight, ratio, wishes.reduce((all, wish, bit) => all | (wish.matches ? 1 << bit : 0), 0),
    Number(asked.get('scale') ?? 1), still ? 1 : performance.now() / 1000);
  const nodes = wasm.ccall('gallery_nodes', 'string', [], []);
  if (nodes) semantics.patch(JSON.parse(nodes));
  wanted = Math.max(wanted - 1, more && !still ? 1 : 0);
  if (wanted > 0) schedule();
  else document.documentElement.dataset.rests = '1';
};
const schedule = () => {
  if (requested) return;
  requested = true;
  requestAnimationFrame(draw);
};
const request = () => {
  delete document.documentElement.dataset.rests;
  wanted = Math.max(wanted, 3);
  schedule();
};
const tell = (name) => (...values) => {
  const answer = call(name, ...values.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
  request();
  return answer === 1;
};
const ui = { activate: tell('activate'), text: tell('text'), focus: tell('focus'), scrolled: tell('scrolled'), mapKey: tell('map_key'),
  mapTap: tell('map_tap'), pointer: tell('pointer'), wheel: tell('wheel'), escape() {}, files() {} };
const semantics = createSemantics(root, ui);
listenToInput(root, ui, semantics);
addEventListener('resize', request);
for (const wish of wishes) wish.addEventListener('change', request);
document.documentElement.classList.add('drawn');
request();
