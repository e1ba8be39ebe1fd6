// Puts the client together: names files by their content, links them, compresses them, writes the
// service worker's list, and measures what the first visit loads (BUILD/first-visit.json).
//   node cmake/build-client.mjs BUILD OUT
//   node cmake/build-client.mjs --check BUILD   fails when that is over the budget; a build never does
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

// Bytes of brotli: everything the first visit loads; what it loads before the first frame is drawn.
const BUDGET = 450_000;
const FIRST_FRAME_BUDGET = 200_000;

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv[2] === '--check';
const [build, out] = process.argv.slice(check ? 3 : 2);
if (!build || (!check && !out)) {
  console.error('usage: build-client.mjs BUILD OUT | --check BUILD');
  process.exit(2);
}
const measured = join(build, 'first-visit.json');
if (check) {
  const { total, firstFrame } = JSON.parse(readFileSync(measured, 'utf8'));
  console.log(`First visit: ${total} bytes of brotli, budget ${BUDGET}; before the first frame: ${firstFrame}, budget ${FIRST_FRAME_BUDGET}`);
  process.exit(total > BUDGET || firstFrame > FIRST_FRAME_BUDGET ? 1 : 0);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const fonts = join(build, 'generated/ui');
// In order: a file may name only those before it. 'main.js' brings the modules it imports.
const page = ['background.js', 'camera.js', 'engine_door.js', 'history.js', 'images.js', 'input.js', 'install.js', 'language.js', 'modules.js', 'photos.js', 'pieces.js', 'place.js', 'semantics.js', 'storage.js', 'versions.js', 'main.js'].map((name) => join(top, 'web', name));
const hashed = [
  join(top, 'assets/icon.svg'), ...['app.css', 'first.js', 'form.css', 'form.js'].map((name) => join(top, 'shell', name)),
  join(fonts, 'en.txt'),
  join(build, 'modules.bin'),
  ...['glue.js', 'engine_worker.js'].map((name) => join(build, name)),
  join(top, 'web/photo_worker.js'),
  join(build, 'archive.wasm'), join(top, 'web/keep.js'),
  join(top, 'web/main.js'),
];
// Fonts and modules as one file, in the order in which web/modules.js wants them.
const PARTS = [...['text-400.ttf', 'text-600.ttf', 'text-700.ttf', 'icons.ttf'].map((name) => join(fonts, name)),
  ...['ui.wasm', 'engine.wasm', 'photo.wasm'].map((name) => join(build, name))];
const parts = PARTS.map((path) => readFileSync(path));
const lengths = Buffer.alloc(4 * parts.length);
parts.forEach((part, index) => lengths.writeUInt32LE(part.length, 4 * index));
writeFileSync(join(build, 'modules.bin'), Buffer.concat([lengths, ...parts]));

// The glue of engine.wasm and of photo.wasm is nearly the same: 1.3 KB brotli less as one file.
writeFileSync(join(build, 'glue.js'), ['engine.js', 'photo.js'].map((name) => readFileSync(join(build, name), 'utf8')).join('\n'));

const TEXT = new Set(['.js', '.css', '.html', '.svg', '.webmanifest', '.json']);
const urls = new Map();   // original name → URL
const sizes = [];

const link = (text, from) => text
  .replace(/@url:([^@]+)@/g, (whole, name) => {
    if (!urls.has(name)) throw new Error(`${from} names ${name}, which is not there yet`);
    return urls.get(name);
  })
  .replace(/@icon:([^@]+)@/g, (whole, name) => icon(name))
  .replace(/@(text|words):([^@:]+):?([^@]*)@/g, (whole, form, name, value) => inBoth(form, name, value, from));

// Our words outside of the interface, by their names in assets/i18n, with an optional {0}: @text:name:{0}@ is an
// element for each language, of which app.css shows one; @words:name:{0}@ is "Indonesian|English".
const TEXTS = ['id', 'en'].map((language) => [language, JSON.parse(readFileSync(join(top, `assets/i18n/${language}.json`), 'utf8'))]);
const inBoth = (form, name, value, from) => {
  const words = TEXTS.map(([, texts]) => texts[name].replace('{0}', value));
  if (words.some((one) => /[|'"<>&\\{]/.test(one))) throw new Error(`${from}: ${name} has characters that need escaping`);
  if (form === 'words') return words.join('|');
  return TEXTS.map(([language], index) => `<span lang="${language}">${words[index]}</span>`).join('');
};

// An icon of Lucide for the static page, which is drawn before the icon font is there.
const icon = (name) => {
  const drawing = readFileSync(join(top, `node_modules/lucide-static/icons/${name}.svg`), 'utf8');
  const shapes = drawing.slice(drawing.indexOf('>', drawing.indexOf('<svg')) + 1, drawing.indexOf('</svg>')).replace(/\s*\n\s*/g, '');
  return `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shapes}</svg>`;
};

// Our own JavaScript without its comments and long names, and the page's modules as one file: 12 KB
// brotli and six requests less. SIMPLE renames locals only, so that what crosses between files stays.
const closure = join(top, 'node_modules/.bin/google-closure-compiler');
const minify = (paths, { entry, language = 'ECMASCRIPT_2020' } = {}) => execFileSync(closure, ['--language_in', 'ECMASCRIPT_NEXT', '--language_out', language,
  '--compilation_level', 'SIMPLE', '--warning_level', 'QUIET', '--emit_use_strict', 'false', '--charset', 'UTF-8',
  ...(entry ? ['--dependency_mode', 'PRUNE', '--entry_point', entry] : []), ...paths.flatMap((path) => ['--js', path])],
{ encoding: 'utf8', maxBuffer: 1 << 24 });
const minified = new Map([
  // With the glue of ui.wasm before it: one request less before the first frame.
  ['main.js', () => `${readFileSync(join(build, 'ui.js'), 'utf8')}\n{${minify(page, { entry: join(top, 'web/main.js') })}}`],
  ['keep.js', () => `${readFileSync(join(build, 'archive.js'), 'utf8')}\n{${minify([join(top, 'web/keep.js')])}}`],
  ['form.js', () => minify(['form_photo.js', 'form_send.js', 'form_store.js', 'form.js'].map((name) => join(top, 'shell', name)), { entry: join(top, 'shell/form.js') })],
  ['first.js', () => minify([join(top, 'shell/first.js')], { language: 'ECMASCRIPT5' })],
  ...[join(build, 'engine_worker.js'), join(top, 'web/photo_worker.js')]
    .map((path) => [basename(path), () => minify([path])]),
]);

const write = (name, content) => {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  writeFileSync(join(out, name), bytes);
  const compressed = extname(name) === '.png' ? bytes : brotliCompressSync(bytes, {
    params: { // The mode for fonts also suits our modules: 0.4 KB.
      ...(extname(name) === '.bin' && { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_FONT }),
      [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  if (extname(name) !== '.png') writeFileSync(join(out, `${name}.br`), compressed);
  sizes.push({ name, raw: bytes.length, brotli: compressed.length });
  return compressed.length;
};

const writeHashed = (name, content, folder = '') => {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const hashedName = `${folder}${name.replace(extname(name), `.${hash}${extname(name)}`)}`;
  write(hashedName, content);
  urls.set(name, `/${hashedName}`);
};

for (const path of hashed) {
  const name = basename(path);
  let content = minified.has(name) ? Buffer.from(minified.get(name)()) : readFileSync(path);
  if (TEXT.has(extname(name))) content = Buffer.from(link(content.toString('utf8'), name));
  writeHashed(name, content);
}
const icons = { 'icon-192.png': ['icon.svg', 192], 'icon-512.png': ['icon.svg', 512], 'icon-maskable-512.png': ['icon-maskable.svg', 512] };
for (const [name, [source, size]] of Object.entries(icons)) {
  write(name, execFileSync('rsvg-convert', ['-w', String(size), '-h', String(size), join(top, 'assets', source)]));
}
write('manifest.webmanifest', readFileSync(join(top, 'shell/manifest.webmanifest')));
write('index.html', link(readFileSync(join(top, 'shell/index.html'), 'utf8'), 'index.html'));

// Not the icons: the browser asks for one when the app is put on the home screen, and keeps it itself.
// Nor the plain form, nor what deals with reports that are there already: phones that need it keep it themselves.
const later = ['form.css', 'form.js', 'archive.wasm', 'keep.js'].map((name) => urls.get(name));
const precache = ['/', '/manifest.webmanifest', ...[...urls.values()].filter((url) => !later.includes(url))];
const version = createHash('sha256').update(readdirSync(out).sort().map((name) => readFileSync(join(out, name)).toString('base64')).join()).digest('hex').slice(0, 12);
// The officers' page, in a folder of its own: citizens' phones never load it, nor does the service worker keep it.
const desk = join(top, 'serve/desk');
const DESK = ['ask.js', 'element.js', 'enter.js', 'list.js', 'pictures.js', 'report.js', 'steps.js', 'words.js', 'desk.js'].map((name) => join(desk, name));
mkdirSync(join(out, 'kantor'));
for (const weight of ['400', '700']) writeHashed(`desk-${weight}.ttf`, readFileSync(join(fonts, `text-${weight}.ttf`)), 'kantor/');
writeHashed('desk.css', Buffer.from(link(readFileSync(join(desk, 'desk.css'), 'utf8'), 'desk.css')), 'kantor/');
writeHashed('desk.js', Buffer.from(minify(DESK, { entry: join(desk, 'desk.js') })), 'kantor/');
write('kantor/index.html', link(readFileSync(join(desk, 'index.html'), 'utf8'), 'kantor/index.html'));

const linked = join(build, 'sw.js');  // first: the minifier works out what is done with words
writeFileSync(linked, link(readFileSync(join(top, 'shell/sw.js'), 'utf8'), 'sw.js'));
const worker = minify([linked]).replace('@version@', version).replace(/(["'])@precache@\1/, JSON.stringify(precache)).replace(/(["'])@later@\1/, JSON.stringify(later));
if (!worker.includes(version) || worker.includes('@precache@')) throw new Error('sw.js has lost its placeholders');
write('sw.js', worker);

// The first visit loads the list above and the worker itself; the city's profile comes from the server.
const loaded = new Set([...precache.map((url) => (url === '/' ? 'index.html' : url.slice(1))), 'sw.js']);
const files = sizes.filter(({ name }) => loaded.has(name)).sort((a, b) => b.brotli - a.brotli);
const total = files.reduce((sum, { brotli }) => sum + brotli, 0);
console.log('First visit, bytes of brotli (raw):');
for (const { name, raw, brotli } of files) {
  console.log(`${String(brotli).padStart(8)}  (${String(raw).padStart(8)})  ${name}`);
}
console.log(`${String(total).padStart(8)}  of ${BUDGET} budget`);

// Of modules.bin the first frame needs what lies before engine.wasm: as many bytes of the compressed
// stream as a decoder must have read before it has given out the last of them.
const wantedFirst = lengths.length + parts.slice(0, 5).reduce((sum, part) => sum + part.length, 0);
const stream = readFileSync(join(out, `${urls.get('modules.bin').slice(1)}.br`));
let enough = stream.length;
for (let tooFew = 0; enough - tooFew > 1;) {
  const middle = (tooFew + enough) >> 1;
  const given = brotliDecompressSync(stream.subarray(0, middle), { finishFlush: constants.BROTLI_OPERATION_FLUSH }).length;
  if (given < wantedFirst) tooFew = middle;
  else enough = middle;
}
const beforeFirstFrame = ['index.html', ...['app.css', 'first.js', 'main.js'].map((name) => urls.get(name).slice(1))]
  .map((name) => sizes.find((one) => one.name === name).brotli);
const firstFrame = beforeFirstFrame.reduce((sum, bytes) => sum + bytes, enough);
console.log(`${String(firstFrame).padStart(8)}  of ${FIRST_FRAME_BUDGET} before the first frame: page, styles, scripts ${firstFrame - enough}; fonts and ui.wasm, the first ${enough} of modules.bin`);
writeFileSync(measured, `${JSON.stringify({ budget: BUDGET, total, firstFrameBudget: FIRST_FRAME_BUDGET, firstFrame, files }, null, 2)}\n`);
writeFileSync(join(out, '.complete'), '');
