// The page: loads the three modules, connects them, and asks for frames when something happened. It
// takes over from the static page (shell/index.html, shell/first.js) with the first frame.
//
// Listeners on window and document live as long as the page: resize, visibilitychange, pagehide,
// online, popstate (history.js), changes of colour scheme; the canvas: context lost and restored.
// Further ones are named in versions.js, install.js and background.js.
import { createBackground } from './background.js';
import { createCamera } from './camera.js';
import { createEngineDoor } from './engine_door.js';
import { createHistory } from './history.js';
import { createImages } from './images.js';
import { createInstall } from './install.js';
import { listenToInput } from './input.js';
import { createLanguage } from './language.js';
import { loadParts } from './modules.js';
import { createPhotos, reducePhoto } from './photos.js';
import { createPieces } from './pieces.js';
import { createPlace } from './place.js';
import { createSemantics } from './semantics.js';
import { createStorage } from './storage.js';
import { createVersions } from './versions.js';

// Filled in with hashed names when the client is put together (cmake/build-client.mjs).
const URLS = {
  parts: '@url:modules.bin@',  // four fonts, ui.wasm, engine.wasm, photo.wasm
  english: '@url:en.txt@',
  engineWorker: '@url:engine_worker.js@', photoWorker: '@url:photo_worker.js@', glue: '@url:glue.js@',
  keep: '@url:keep.js@', archive: '@url:archive.wasm@',
};
const LOST_FOR_GOOD_MS = 10_000;  // after which a lost WebGL context is not waited for any longer
const SAVING_MS = 1_000;          // for the last words to reach the disk
const PROFILE_URL = '/titik/1/profile';

const first = window.titikFirst;
const canvas = document.getElementById('canvas');
const root = document.getElementById('mirror');
// Milliseconds since the navigation began: the first frame is drawn; the interface's own elements take
// taps; the engine has told what is stored.
const counts = { firstFrameMs: null, interactiveMs: null, engineMs: null, frames: 0, lastFrameMs: 0 };
const engineMetrics = { heapBytes: 0, dbPages: 0, durableCommit: 0 };

// Kept from one visit to the next, so that the first frame needs no engine to look right.
const REMEMBERED = { settings: 'titik-settings', textScale: 'titik-text-scale', language: 'titik-language', form: 'titik-form' };

// The same attributes as in ui_host.cc, which gets this context when it asks for one. Made early: the
// browser's graphics process starts while the modules come.
const hasWebGL = () => canvas.getContext('webgl', { alpha: false, antialias: false, depth: false, stencil: false, powerPreference: 'low-power' }) !== null;

const recalled = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const failed = (error) => {
  console.error(error);
  first.fail(`${first.words('@words:fatalOther@')}. ${first.words('@words:fatalOtherText@')}`);
};

// Without WebGL the plain form (shell/form.js) is the interface; engine and photo worker are the same.
const startPlainForm = async (startEngine, assets) => {
  let toldReports = () => {};
  const engine = createEngineDoor({
    event: (text) => { if (text.includes('"reports_changed"')) toldReports(JSON.parse(text).reports); },
    metrics: () => {},
    fatal: (code) => first.fail(code === 'other_owner' ? 'Titik Lapor sedang terbuka di tab lain. Tutup tab itu, lalu muat ulang.' : 'Penyimpanan ponsel tidak bisa dibuka. Muat ulang halaman ini.'),
  });
  await startEngine(engine);
  for (const type of ['visibilitychange', 'online']) {
    addEventListener(type, () => engine.post(type === 'online' ? { type } : { type: 'visible', visible: !document.hidden }), true);
  }
  first.form('titikForm', {
    command: engine.command,
    reduce: (file) => reducePhoto(assets, file),
    reports: (callback) => { toldReports = callback; engine.command({ type: 'start' }); },
  });
  navigator.serviceWorker?.register('/sw.js').catch(() => {});
};

const start = async () => {
  // In the order in which they are wanted: nothing may delay the first frame. WebAssembly is fetched by
  // the page and posted to the workers: Firefox for Android does not let a worker's own fetch reach the
  // service worker when offline.
  let resume = null;
  const parts = loadParts(URLS.parts, 7, {
    onTrouble: () => first.fail(first.words('@words:loadingAgain@')),
    pauseBefore: 5, resume: new Promise((resolve) => { resume = resolve; }),
  });
  const [uiBytes, engineBytes, photoBytes] = parts.slice(4);
  const language = createLanguage(URLS.english, first.language);
  const profile = fetch(PROFILE_URL).then((answer) => (answer.ok ? answer.text() : ''), () => '');
  let photoModule = null;
  const assets = {
    photoWorker: URLS.photoWorker, photoGlue: URLS.glue,
    get photoModule() { return photoModule ??= photoBytes.then((bytes) => WebAssembly.compile(bytes)); },
  };
  const startEngine = async (engine) => {
    const [module, profileText] = await Promise.all([engineBytes.then((bytes) => WebAssembly.compile(bytes)), profile]);
    engine.start({ workerUrl: URLS.engineWorker, glueUrl: URLS.glue, module, profileText });
  };
  const fontsNamed = Promise.all(parts.slice(0, 4)).then((files) => {
    ['400', '600', '700'].forEach((weight, index) => document.fonts.add(new FontFace('Titik', files[index], { weight })));
    return files;
  });
  if (!hasWebGL()) {
    resume();
    await startPlainForm(startEngine, assets);
    return;
  }

  const fonts = await fontsNamed;
  const page = {};
  const wasm = await createUiModule({
    page,
    instantiateWasm: (imports, done) => {
      uiBytes.then((bytes) => WebAssembly.instantiate(bytes, imports)).then(({ instance }) => done(instance), failed);
      return {};
    },
  });

  const call = (name, ...values) => wasm[`_titik_ui_${name}`](...values);
  // Texts go over the heap: ccall would put them, fourfold, on the stack, which a long list overruns.
  const encoder = new TextEncoder();
  const callWithText = (name, ...values) => {
    const copies = [];
    const passed = values.map((value) => {
      if (typeof value !== 'string') return value;
      const bytes = encoder.encode(value);
      const at = call('allocate', bytes.length + 1);
      if (at === 0) throw new Error('out of memory');
      wasm.HEAPU8.set(bytes, at);
      wasm.HEAPU8[at + bytes.length] = 0;
      copies.push(at);
      return at;
    });
    const answer = call(name, ...passed);
    for (const at of copies) call('free', at);
    return answer;
  };

  // --- Frames, only when something happened ---------------------------------------------------------
  let wanted = 0;       // frames still to draw
  let resized = false;  // since the last frame at rest
  let requested = false;
  let wakeTimer = 0;
  // What the person set in the system: ui.wasm's bits.
  const wishes = ['(prefers-color-scheme: dark)', '(prefers-contrast: more), (forced-colors: active)', '(prefers-reduced-motion: reduce)']
    .map((query) => matchMedia(query));
  const probe = document.getElementById('insets');

  // Asked for when it may have changed, not each frame: the answers make the browser lay out the page.
  let screen = null;
  const measureScreen = () => {
    const insets = getComputedStyle(probe);
    return {
      ratio: Math.min(devicePixelRatio || 1, 2),
      width: root.clientWidth,
      height: Math.round(visualViewport?.height ?? innerHeight),
      insetTop: parseFloat(insets.paddingTop) || 0,
      insetBottom: parseFloat(insets.paddingBottom) || 0,
      textScale: parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1,
    };
  };
  const measureAgain = () => {
    screen = null;
    request();
  };

  // One tap a frame, in the order of the taps: of two in one frame the drawing's order would decide.
  const activations = [];

  const draw = () => {
    requested = false;
    if (!document.hidden) frame();
  };
  // What was typed or tapped is acted on by the next frame. Before the page is hidden, or the screen
  // left, that frame is drawn at once, so that nothing of it is lost.
  const settle = () => {
    for (let i = 0; i < 4 && wanted > 0; ++i) frame();
  };
  const frame = () => {
    if (activations.length > 0) call('activate', activations.shift());
    const begin = performance.now();
    screen ??= measureScreen();
    const { ratio, width, height, insetTop, insetBottom, textScale } = screen;
    const deviceWidth = Math.round(width * ratio);
    const deviceHeight = Math.round(height * ratio);
    if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
      canvas.width = deviceWidth;
      canvas.height = deviceHeight;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const wake = call('frame', width, height, ratio, wishes.reduce((all, wish, bit) => all | (wish.matches ? 1 << bit : 0), 0), textScale,
      insetTop, insetBottom, begin / 1000);
    counts.frames += 1;
    counts.lastFrameMs = performance.now() - begin;
    if (counts.firstFrameMs === null) takeOverFromStaticPage();
    wanted = Math.max(0, wanted - 1, activations.length > 0 ? 2 : 0);
    clearTimeout(wakeTimer);
    if (wake === 0) wanted = Math.max(wanted, 1);
    else if (wake > 0) wakeTimer = setTimeout(() => request(1), wake);
    if (wanted > 0) schedule();
    else semantics.settled();
    if (wanted === 0 && resized) {
      // The keyboard came up, or the phone was turned: what is typed in stays in sight.
      resized = false;
      document.activeElement?.scrollIntoView?.({ block: 'nearest' });
    }
  };
  // What was tapped, chosen and focused in the static page goes on in the interface.
  const takeOverFromStaticPage = () => {
    counts.firstFrameMs = performance.now();
    const focused = document.activeElement?.closest('#first [data-says]');
    const { tapped, photos: chosen } = first.take(ui.files);
    if (tapped) {
      call('new_report');
      for (const { file, camera } of chosen) ui.files([file], camera);
    }
    document.documentElement.classList.add('drawn');
    if (focused) semantics.focusLike(focused, first.words(focused.dataset.says));
    counts.interactiveMs = performance.now();
    resume();
  };
  const schedule = () => {
    if (requested || document.hidden) return;
    requested = true;
    requestAnimationFrame(draw);
  };
  // Two frames an event: one that acts on it, one that shows what it changed. Before the interface has started (the words
  // of another language may be on their way) there is nothing to draw with; its start asks by itself.
  let started = false;
  const request = (frames = 2) => {
    if (!started) return;
    wanted = Math.max(wanted, frames);
    schedule();
  };

  // --- What the parts of the page may tell the interface ---------------------------------------------
  const ui = {
    activate: (id) => { activations.push(id); request(); },
    // Without NUL, which would end the text in C, and halves of a character.
    text: (id, whole) => {
      const value = whole.replace(/[\0\ud800-\udfff]/gu, '');
      callWithText('text', id, value);
      request();
    },
    focus: (id, visible) => { call('focus', id, visible ? 1 : 0); request(); },
    scrolled: (id, offset) => { call('scrolled', id, offset); request(); },
    mapKey: (id, dx, dy, zoom) => { call('map_key', id, dx, dy, zoom); request(); },
    mapTap: (id, x, y) => { call('map_tap', id, x, y); request(); },
    pointer: (phase, pointer, x, y, now) => { const drag = call('pointer', phase, pointer, x, y, now) === 1; request(); return drag; },
    wheel: (x, y, dx, dy, zooming) => { call('wheel', x, y, dx, dy, zooming ? 1 : 0); request(); },
    escape: () => { settle(); call('back'); request(); },
    navigate: (routes) => { settle(); callWithText('navigate', routes); request(); },
    archive: (file) => storage.open(file),
    carried: (...facts) => { call('carried', ...facts); request(); },
    storageSeen: (...facts) => { call('storage_seen', ...facts); request(); },
    files: (files, fromCamera) => { photos.add(files, fromCamera); request(); },
    beforeChooser: () => { settle(); call('hidden'); },
    camera: (state, torch) => { call('camera', state, torch ? 1 : 0); request(); },
    cameraFailed: () => { call('camera_failed'); request(); },
    photoChosen: (bytes, fromCamera, takenAt) => call('photo_chosen', bytes, fromCamera ? 1 : 0, takenAt),
    photoStage: (job, stage) => { call('photo_stage', job, stage); request(); },
    photoFailed: (job, code, where) => { callWithText('photo_failed', job, code, where); request(); },
    photoReady: (job, done) => { callWithText('photo_ready', job, done); request(); },
    position: (latitude, longitude, accuracy, at) => { call('position', latitude, longitude, accuracy, at); request(); },
    placePermission: (granted) => { call('place_permission', granted ? 1 : 0); request(); },
    positionFailed: (denied) => { call('position_failed', denied ? 1 : 0); request(); },
    image: (slot, width, height, rgba) => {
      const at = call('allocate', rgba.length);
      if (at === 0) {
        ui.imageFailed(slot);
        return;
      }
      wasm.HEAPU8.set(rgba, at);
      call('image', slot, width, height, at);
      call('free', at);
      request();
    },
    // Asked for again with the next frame that is drawn for another reason.
    imageFailed: (slot) => call('image_failed', slot),
  };

  const photos = createPhotos(ui, assets, (sha256) => engine.readPicture(sha256));
  const camera = createCamera(ui, (picture, at) => { photos.add([picture], true, at); request(); });
  const semantics = createSemantics(root, ui, camera.video);
  const navigation = createHistory(ui);
  const images = createImages(ui, assets, (sha256) => engine.readPicture(sha256));
  const place = createPlace(ui);
  const drawPiece = createPieces();
  const versions = createVersions({
    announce: () => { call('new_version_waiting'); request(); },
    isIdle: () => call('idle_at_root') === 1,
    stop: () => { settle(); call('hidden'); },
  });
  let install = null;
  let background = null;

  // --- The engine --------------------------------------------------------------------------------------
  const engine = createEngineDoor({
    event: (text) => {
      callWithText('event', text);
      if (counts.engineMs === null && text.includes('reports_changed')) engineIsThere();
      if (text.includes('"settings_changed"')) remember(text);
      storage.event(text);
      background.event(text);
      engine.post({ type: 'metrics' });
      request();
    },
    metrics: ({ heapBytes, dbPages, durableCommit }) => Object.assign(engineMetrics, { heapBytes, dbPages, durableCommit }),
    fatal: (code) => { callWithText('fatal', code); request(); },
  });
  const { post } = engine;
  const storage = createStorage(ui, engine, { keep: URLS.keep, archive: URLS.archive }, assets);
  const engineIsThere = () => {
    counts.engineMs = performance.now();
    versions.begin();  // only now: on the first visit its downloads would delay the first frame
    if (recalled(REMEMBERED.form)) first.form('titikFormImport', engine);
  };
  const remember = (text) => {
    try {
      localStorage.setItem(REMEMBERED.settings, text);
      const { settings } = JSON.parse(text);
      localStorage.setItem(REMEMBERED.textScale, settings.text_scale);
      localStorage.setItem(REMEMBERED.language, settings.language);
    } catch { /* no storage: the next start begins with the usual size */ }
  };
  Object.assign(page, {
    send: (text, photoJob) => {
      if (photoJob === 0) {
        post({ type: 'command', text });
        return;
      }
      const reportId = JSON.parse(text).report_id ?? '';
      post({ type: 'command', text, blobs: photos.take(photoJob).map((one) => ({ ...one, report_id: reportId })) });
    },
    nodes: (text) => semantics.patch(JSON.parse(text)),
    showHistory: (routes) => {
      const stack = routes.split('\n');
      semantics.left(stack.length);
      navigation.show(stack);
    },
    loadLanguage: (code) => {
      language.load(code, (...words) => {
        const spoken = callWithText('language', ...words) === 1;
        request();
        return spoken;
      });
    },
    watchPosition: (on) => place.watch(on),
    camera: (wish) => camera.wish(wish),
    coverPhoto: (...wish) => photos.cover(...wish),
    takeNewVersion: () => versions.take(),
    install: () => install.ask(),
    refuseInstall: () => install.refuse(),
    notify: () => background.ask(),
    persist: () => storage.persist(),
    keep: (task) => storage.task(task),
    share: (...file) => storage.share(file),
    takeOver: () => engine.takeOver(),
    drawPiece: (text, size, weight, facts) => {
      const { left, top, width, height, advance, coloured, rgba } = drawPiece(text, size, weight);
      const at = call('allocate', rgba.length);
      if (at === 0) return 0;
      wasm.HEAPU8.set(rgba, at);
      wasm.HEAPF32.set([left, top, width, height, advance, coloured ? 1 : 0], facts >> 2);
      return at;
    },
    requestImage: (slot, sha256, longEdge) => { images.request(slot, sha256, longEdge); },
  });

  for (const [index, font] of fonts.entries()) {
    const at = call('allocate', font.length);
    wasm.HEAPU8.set(font, at);
    call('font', index, at, font.length);
    call('free', at);
  }

  await language.begin((...words) => callWithText('language', ...words) === 1);

  // While the context is lost the interface goes on without drawing: what is typed and tapped counts.
  // A browser that does not give it back may do so for a new page.
  let reloadTimer = 0;
  canvas.addEventListener('webglcontextlost', (event) => {
    event.preventDefault();  // or it would never come back
    reloadTimer = setTimeout(() => { settle(); call('hidden'); setTimeout(() => location.reload(), SAVING_MS); }, LOST_FOR_GOOD_MS);
  });
  canvas.addEventListener('webglcontextrestored', () => {
    clearTimeout(reloadTimer);
    call('context_restored');
    request();
  });

  if (call('start') !== 1) throw new Error('WebGL refuses to work');
  started = true;
  const settings = recalled(REMEMBERED.settings);
  if (settings) callWithText('event', settings);
  navigation.start();  // before anything asks for a frame: the first carries out what was tapped in the static page
  camera.offer();
  install = createInstall((kind) => { call('install_offer', kind); request(); });
  background = createBackground((state) => { call('notify', state); request(); });
  listenToInput(root, ui, semantics);
  const onResize = () => { resized = true; measureAgain(); };
  window.addEventListener('resize', onResize);
  visualViewport?.addEventListener('resize', onResize);
  for (const wish of wishes) wish.addEventListener('change', () => request());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) settle();
    call(document.hidden ? 'hidden' : 'shown');
    post({ type: 'visible', visible: !document.hidden });
    measureAgain();  // settings may have been changed elsewhere
  });
  window.addEventListener('pagehide', () => { settle(); call('hidden'); });
  window.addEventListener('online', () => post({ type: 'online' }));

  request();
  if (document.hidden) resume();  // nothing is drawn before it is shown; what waits to be sent shall not wait for that
  startEngine(engine).catch(() => { callWithText('fatal', 'internal'); request(); });
};

if (first.modules) {
  window.titik = { metrics: () => ({ ...counts, ...engineMetrics }) };
  start().catch(failed);
}
