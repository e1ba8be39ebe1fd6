// The photo worker in Debian's Chromium, under the CSP of production. Run: node --test tests/e2e/
//   TITIK_WEB_BUILD  folder of photo.js and photo.wasm (default build/web)
//   TITIK_BROWSER    'chromium' (default) or 'firefox' (needs firefox-esr, and npm puppeteer-core, whose
//                    entry file TITIK_PUPPETEER may name)
// exiftool is the witness outside: it says that nothing about the citizen is left in a photo.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {crc32, deflateSync} from 'node:zlib';

import {PNG} from 'pngjs';

import {ADOBE_CURVE, ADOBE_RGB, DISPLAY_P3, SRGB_CURVE, adobe, flatJpeg, greyJpeg, iccSegment, inSrgb, progressiveScene,
        scenePhoto, yCbCr} from './made_photos.mjs';
import {MORE_PHOTOS} from './world.mjs';

const run = promisify(execFile);
const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const built = path.resolve(top, process.env.TITIK_WEB_BUILD ?? 'build/web');
const starfish = path.join(top, 'node_modules/exif-parser/test/starfish.jpg');
const elephants = path.join(top, 'build/deps/mate/usr/share/backgrounds/mate/abstract/Elephants_5640x3172.jpg');

const canon = path.join(top, 'build/deps/exiv2/test/data/exiv2-canon-eos-300d.jpg');

// --- Input files -------------------------------------------------------------------------------------

function withOrientation(jpeg, orientation) {
  const exif = Buffer.from([0xFF, 0xE1, 0, 34, ...Buffer.from('Exif\0\0MM\0*'), 0, 0, 0, 8, 0, 1,
                            0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

// One colour, 16 bits a channel.
function deepPng(side, rgb) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const row = Buffer.from([0, ...Array(side).fill(rgb.flatMap((value) => [value, 0x7F])).flat()]);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'),
    chunk('IHDR', Buffer.from([0, 0, 0, side, 0, 0, 0, side, 16, 2, 0, 0, 0])),
    chunk('IDAT', deflateSync(Buffer.concat(Array(side).fill(row)))), chunk('IEND', Buffer.alloc(0))]);
}

// Half transparent, half red, and a tEXt chunk with a name that must not travel on.
function pngWithAlpha() {
  const image = new PNG({width: 400, height: 200});
  for (let i = 0; i < 400 * 200; ++i) image.data.set(i % 400 < 200 ? [0, 0, 0, 0] : [255, 0, 0, 255], 4 * i);
  const file = PNG.sync.write(image);
  const body = Buffer.from('tEXtAuthor\0Siti');
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return Buffer.concat([file.subarray(0, 33), chunk, file.subarray(33)]);
}

// What a camera with this orientation stores of the picture R G / B Y. Index: quarter stored at
// top left, top right, bottom left, bottom right.
const STORED = {1: 'RGBY', 2: 'GRYB', 3: 'YBGR', 4: 'BYRG', 5: 'RBGY', 6: 'GYRB', 7: 'YGBR', 8: 'BRYG'};
const COLOUR = {R: 'rgb(255,0,0)', G: 'rgb(0,255,0)', B: 'rgb(0,0,255)', Y: 'rgb(255,255,0)'};

// --- Server and browser --------------------------------------------------------------------------------

const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
const files = new Map();
let folder;
let server;
let origin;
let browser;
let page;

async function serve(request, response) {
  const name = new URL(request.url, 'http://x').pathname;
  const sources = {
    '/photo.js': [path.join(built, 'photo.js'), 'text/javascript'],
    '/photo.wasm': [path.join(built, 'photo.wasm'), 'application/wasm'],
    '/photo_worker.js': [path.join(top, 'web/photo_worker.js'), 'text/javascript'],
  };
  response.setHeader('Content-Security-Policy', CSP);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  let body = files.get(name);
  let type = 'application/octet-stream';
  if (name === '/') [body, type] = ['<!doctype html><title>photo worker</title>', 'text/html'];
  if (sources[name]) {
    type = sources[name][1];
    body = await readFile(sources[name][0]);
  }
  if (body === undefined) response.writeHead(404).end();
  else response.writeHead(200, {'Content-Type': type}).end(body);
}

async function startBrowser() {
  if (process.env.TITIK_BROWSER === 'firefox') {
    const {default: puppeteer} = await import(process.env.TITIK_PUPPETEER ?? 'puppeteer-core');
    return puppeteer.launch({browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true});
  }
  const {chromium} = await import('playwright-core');
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run',
           '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'titik-photo-'));
  server = createServer((request, response) => void serve(request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${server.address().port}`;
  browser = await startBrowser();
  page = await browser.newPage();
  page.on('console', (message) => console.log('browser:', message.text()));
  await page.goto(`${origin}/`);
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, {recursive: true});
});

// Gives the jobs to one worker and returns each job's last message; blobs come back as base64.
async function work(jobs) {
  return page.evaluate(async (list) => {
    const module = await WebAssembly.compileStreaming(fetch('/photo.wasm'));
    const worker = new Worker('/photo_worker.js');
    const base64 = async (blob) => {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    };
    const answers = [];
    const stages = [];
    const finished = new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message ?? 'worker failed to load'));
      worker.onmessage = ({data}) => {
        if (data.type === 'progress') stages.push(data.stage);
        else answers.push(data);
        if (answers.length === list.length) resolve();
      };
    });
    const started = performance.now();
    for (const [id, job] of list.entries()) {
      const blob = await (await fetch(job.file)).blob();
      worker.postMessage({...job, id, glueUrl: '/photo.js', module, blob});
    }
    await finished;
    const milliseconds = performance.now() - started;
    worker.terminate();
    for (const answer of answers) {
      for (const name of ['photo', 'thumbnail']) {
        if (!answer[name]) continue;
        const {blob} = answer[name];
        answer[name].type = blob.type;
        answer[name].base64 = await base64(blob);
        const bitmap = await createImageBitmap(blob);
        answer[name].seen = {width: bitmap.width, height: bitmap.height};
        const context = new OffscreenCanvas(bitmap.width, bitmap.height)
            .getContext('2d', {willReadFrequently: true});
        context.drawImage(bitmap, 0, 0);
        const at = (x, y) => [...context.getImageData(Math.floor(x * bitmap.width), Math.floor(y * bitmap.height), 1, 1).data];
        answer[name].corners = [at(0.1, 0.1), at(0.9, 0.1), at(0.1, 0.9), at(0.9, 0.9)];
        delete answer[name].blob;
      }
      if (answer.rgba) {
        answer.length = answer.rgba.length;
        answer.first = [...answer.rgba.slice(0, 4)];
        delete answer.rgba;
      }
    }
    return {answers, stages, milliseconds};
  }, jobs);
}

async function reduce(name, forceStb) {
  const {answers: [answer], stages, milliseconds} = await work([{type: 'reduce', file: name, forceStb}]);
  return {...answer, stages, milliseconds};
}

// Only these groups and JFIF's own fields may be in a photo that leaves the phone.
async function assertClean(picture, label) {
  const file = path.join(folder, `${createHash('sha1').update(label).digest('hex')}.jpg`);
  await writeFile(file, Buffer.from(picture.base64, 'base64'));
  const {stdout} = await run('exiftool', ['-j', '-G0', '-a', '-u', file]);
  const groups = new Set(Object.keys(JSON.parse(stdout)[0]).filter((key) => key.includes(':'))
      .map((key) => key.split(':')[0]));
  for (const group of groups) {
    assert.ok(['ExifTool', 'File', 'JFIF', 'Composite'].includes(group), `${label}: ${group}`);
  }
  assert.ok(!stdout.includes('Comment'), label);
}

async function assertWhole(answer, label, longEdge) {
  assert.equal(answer.type, 'reduced', `${label}: ${JSON.stringify(answer.error)}`);
  assert.deepEqual(answer.stages, ['inspect', 'decode', 'encode', 'hash'], label);
  for (const [name, edge] of [['photo', longEdge.photo], ['thumbnail', longEdge.thumbnail]]) {
    const picture = answer[name];
    const bytes = Buffer.from(picture.base64, 'base64');
    assert.equal(picture.type, 'image/jpeg');
    assert.equal(picture.bytes, bytes.length);
    assert.equal(picture.sha256, createHash('sha256').update(bytes).digest('hex'));
    assert.deepEqual(picture.seen, {width: picture.width, height: picture.height}, `${label} ${name}`);
    assert.equal(Math.max(picture.width, picture.height), edge, `${label} ${name}`);
    await assertClean(picture, `${label} ${name}`);
  }
}

function letterOf([red, green, blue]) {
  const bit = (value) => (value > 190 ? 1 : value < 65 ? 0 : 9);
  return {'100': 'R', '010': 'G', '001': 'B', '110': 'Y'}[`${bit(red)}${bit(green)}${bit(blue)}`] ?? '?';
}

const WAYS = [['browser', false], ['stb', true]];

// --- Tests ---------------------------------------------------------------------------------------------

test('all eight orientations come out upright, by both ways alike', async () => {
  for (const [orientation, stored] of Object.entries(STORED)) {
    const sideways = orientation >= 5;
    const [width, height] = sideways ? [1400, 2100] : [2100, 1400];
    const plain = Buffer.from(await page.evaluate(async ([w, h, colours]) => {
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext('2d');
      colours.forEach((colour, i) => {
        context.fillStyle = colour;
        context.fillRect((i % 2) * w / 2, Math.floor(i / 2) * h / 2, w / 2, h / 2);
      });
      const blob = await canvas.convertToBlob({type: 'image/jpeg', quality: 0.95});
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    }, [width, height, [...stored].map((letter) => COLOUR[letter])]), 'base64');
    files.set('/turned.jpg', withOrientation(plain, Number(orientation)));
    for (const [way, forceStb] of WAYS) {
      const label = `orientation ${orientation} by ${way}`;
      const answer = await reduce('/turned.jpg', forceStb);
      await assertWhole(answer, label, {photo: 1600, thumbnail: 320});
      assert.equal(answer.way, way, label);
      assert.equal(answer.inspection.orientation, Number(orientation));
      for (const [name, size] of [['photo', [1600, 1067]], ['thumbnail', [320, 213]]]) {
        assert.deepEqual([answer[name].width, answer[name].height], size, label);
        assert.equal(answer[name].corners.map(letterOf).join(''), 'RGBY', `${label} ${name}`);
      }
    }
  }
});

test('a photo with a position: reported, and gone from the result', async () => {
  files.set('/starfish.jpg', await readFile(starfish));
  for (const [way, forceStb] of WAYS) {
    const answer = await reduce('/starfish.jpg', forceStb);
    await assertWhole(answer, `starfish by ${way}`, {photo: 1278, thumbnail: 320});
    assert.equal(answer.way, way);
    // Expected values: exiftool -n on the original.
    assert.ok(Math.abs(answer.inspection.latitude - 55.0387558333333) < 1e-7);
    assert.ok(Math.abs(answer.inspection.longitude - 8.45719055555556) < 1e-7);
    const {latitude, longitude, ...rest} = answer.inspection;
    assert.deepEqual(rest, {format: 'jpeg', width: 1278, height: 720, orientation: 1,
                            taken_local: '2013-05-10T15:21:35', taken_zone: null, position_error_m: null});
  }
});

test('a photo full of metadata leaves with none', async () => {
  const file = path.join(folder, 'full.jpg');
  const profile = path.join(folder, 'p3.icc');
  await writeFile(profile, Buffer.from(iccSegment(DISPLAY_P3, SRGB_CURVE).slice(18)));
  await writeFile(file, await readFile(starfish));
  await writeFile(path.join(folder, 'small.jpg'), flatJpeg(64, [100, 128, 128]));
  await run('exiftool', ['-q', '-overwrite_original', '-TagsFromFile', canon, '-MakerNotes', '-Make', '-Model', file]);
  await run('exiftool', ['-q', '-overwrite_original', '-Artist=Siti', '-GPSLatitude=-1.61', '-GPSLatitudeRef=S', '-GPSLongitude=103.61',
    '-GPSLongitudeRef=E', '-XMP:City=Jambi', '-IPTC:Caption-Abstract=Rumah Siti', '-Comment=Siti', `-ThumbnailImage<=${path.join(folder, 'small.jpg')}`,
    `-ICC_Profile<=${profile}`, file]);
  const {stdout} = await run('exiftool', ['-j', '-G0', '-a', file]);
  for (const tag of ['EXIF:Artist', 'EXIF:GPSLatitude', 'XMP:City', 'IPTC:Caption-Abstract', 'File:Comment', 'EXIF:ThumbnailImage',
                     'ICC_Profile:ProfileVersion', '"MakerNotes:']) assert.ok(stdout.includes(tag), `${tag} in the original`);
  files.set('/full.jpg', await readFile(file));
  for (const [way, forceStb] of WAYS) {
    const answer = await reduce('/full.jpg', forceStb);
    await assertWhole(answer, `full by ${way}`, {photo: 1278, thumbnail: 320});
    assert.equal(answer.way, way);
    for (const name of ['photo', 'thumbnail']) {
      const text = Buffer.from(answer[name].base64, 'base64').toString('latin1');
      for (const word of ['Siti', 'Jambi', 'Canon', 'Exif', 'http', 'ICC', 'Photoshop']) assert.ok(!text.includes(word), `${name} by ${way}: ${word}`);
    }
  }
});

test('colours are what they were: wide gamut, CMYK, 16 bits', async () => {
  const rgb = [200, 90, 70];
  const cmyk = [230, 60, 40, 240];  // as Adobe stores it: 255 is no ink
  const printed = cmyk.slice(0, 3).map((value) => value * cmyk[3] / 255);
  const ycck = [...yCbCr(cmyk.slice(0, 3).map((value) => 255 - value)), cmyk[3]];
  const cases = {
    '/srgb.jpg': [flatJpeg(64, yCbCr(rgb)), rgb, rgb],
    // stb does not know of profiles: it takes the numbers as they are.
    '/p3.jpg': [flatJpeg(64, yCbCr(rgb), [iccSegment(DISPLAY_P3, SRGB_CURVE)]), inSrgb(DISPLAY_P3, SRGB_CURVE, rgb), rgb],
    '/adobe_rgb.jpg': [flatJpeg(64, yCbCr(rgb), [iccSegment(ADOBE_RGB, ADOBE_CURVE)]), inSrgb(ADOBE_RGB, ADOBE_CURVE, rgb), rgb],
    '/cmyk.jpg': [flatJpeg(64, cmyk, [adobe(0)]), printed, printed],
    '/ycck.jpg': [flatJpeg(64, ycck, [adobe(2)]), printed, printed],
    '/deep.png': [deepPng(64, rgb), rgb, rgb],
  };
  for (const [name, [bytes, ...expected]] of Object.entries(cases)) {
    files.set(name, bytes);
    for (const [i, [way, forceStb]] of WAYS.entries()) {
      const answer = await reduce(name, forceStb);
      await assertWhole(answer, `${name} by ${way}`, {photo: 64, thumbnail: 64});
      assert.equal(answer.way, way, name);
      const seen = answer.photo.corners[0].slice(0, 3);
      assert.ok(seen.every((value, channel) => Math.abs(value - expected[i][channel]) <= 4), `${name} by ${way}: ${seen}, expected ${expected[i]}`);
    }
  }
});

// A photo with less in it than this at quality 0.89 is smaller, and no worse for it.
const SMOOTH = ['wall', 'FreshFlower', 'Aqua'];
test('a photo takes 150 to 400 KB, also at 12 and 24 megapixels and at its extremes', async () => {
  const extreme = async (kind, width, height) => Buffer.from(await page.evaluate(async ([what, w, h]) => {
    const tile = new OffscreenCanvas(1600, 1200);
    const pen = tile.getContext('2d');
    const grain = pen.createImageData(1600, 1200);
    let state = 1;
    for (let i = 0; i < grain.data.length; ++i) {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7FFFFFFF;
      const dice = state >> 16 & 255;
      grain.data[i] = i % 4 === 3 ? 255 : what === 'wall' ? 188 + dice % 4 : dice;
    }
    pen.putImageData(grain, 0, 0);
    const canvas = new OffscreenCanvas(w, h);
    canvas.getContext('2d').drawImage(tile, 0, 0, w, h);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({type: 'image/jpeg', quality: 0.92})).arrayBuffer());
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  }, [kind, width, height]), 'base64');
  const photos = {};
  for (const file of MORE_PHOTOS) photos[path.basename(file, '.jpg')] = await readFile(file);
  for (const [megapixels, width, height] of [[12, 4000, 3000], [24, 6000, 4000]]) {
    photos[`scene ${megapixels}`] = await readFile(await scenePhoto(megapixels));
    for (const kind of ['wall', 'noise']) photos[`${kind} ${megapixels}`] = await extreme(kind, width, height);
  }
  for (const [name, bytes] of Object.entries(photos)) {
    files.set('/any.jpg', bytes);
    for (const [way, forceStb] of WAYS) {
      const {photo} = await reduce('/any.jpg', forceStb);
      console.log(`${name} by ${way}: ${photo.width} × ${photo.height}, ${Math.round(photo.bytes / 1000)} KB`);
      assert.ok(photo.bytes <= 400_000, `${name} by ${way}: ${photo.bytes}`);
      assert.ok(photo.bytes >= 150_000 || SMOOTH.some((one) => name.startsWith(one)), `${name} by ${way}: ${photo.bytes}`);
    }
  }
});

test('18 megapixels', async () => {
  files.set('/elephants.jpg', await readFile(elephants));
  for (const [way, forceStb] of WAYS) {
    const answer = await reduce('/elephants.jpg', forceStb);
    await assertWhole(answer, `elephants by ${way}`, {photo: 1600, thumbnail: 320});
    assert.equal(answer.way, way);
    assert.deepEqual([answer.photo.width, answer.photo.height], [1600, 900]);
    console.log(`17.9 MP by ${way}: ${Math.round(answer.milliseconds)} ms, photo ${answer.photo.bytes} B, ` +
                `thumbnail ${answer.thumbnail.bytes} B`);
  }
});

test('a PNG with transparency is laid on white', async () => {
  files.set('/alpha.png', pngWithAlpha());
  for (const [way, forceStb] of WAYS) {
    const answer = await reduce('/alpha.png', forceStb);
    await assertWhole(answer, `alpha by ${way}`, {photo: 400, thumbnail: 320});
    assert.equal(answer.way, way);
    assert.ok(answer.photo.corners[0].every((value) => value > 250), String(answer.photo.corners[0]));
    assert.equal(letterOf(answer.photo.corners[1]), 'R');
  }
});

test('WebP goes by the browser, and is refused where only stb is left', async () => {
  const webp = Buffer.from(await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2000, 1000);
    canvas.getContext('2d').fillRect(0, 0, 1000, 1000);
    const blob = await canvas.convertToBlob({type: 'image/webp'});
    return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
  }), 'base64');
  files.set('/photo.webp', webp);
  const answer = await reduce('/photo.webp', false);
  await assertWhole(answer, 'webp', {photo: 1600, thumbnail: 320});
  assert.deepEqual([answer.photo.width, answer.photo.height], [1600, 800]);
  assert.equal(answer.inspection.format, 'webp');
  assert.deepEqual((await reduce('/photo.webp', true)).error, {code: 'unsupported', where: 'format'});
});

test('what is no photo is refused by name', async () => {
  const whole = await readFile(starfish);
  const cases = {
    '/empty': [Buffer.alloc(0), 'invalid_argument', 'empty'],
    '/text': [Buffer.from('Jalan rusak di RT 05'), 'unsupported', 'format'],
    '/cut': [whole.subarray(0, Math.floor(whole.length * 0.6)), 'malformed', 'cut_off'],
    '/large': [greyJpeg(12000, 10000), 'too_large', 'pixels'],
    // Their sizes are read before any browser decodes them: a few bytes may stand for gigabytes.
    '/large.webp': [Buffer.from('RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\xFF\x3E\0\xFF\x3E\0', 'latin1'), 'too_large', 'pixels'],
    '/cut.webp': [Buffer.from('RIFF\xFF\x16\0\0WEBPVP8X\x0A\0\0\0', 'latin1'), 'malformed', 'cut_off'],
  };
  for (const [name, [bytes, code, where]] of Object.entries(cases)) {
    files.set(name, bytes);
    for (const [way, forceStb] of WAYS) {
      const answer = await reduce(name, forceStb);
      assert.equal(answer.type, 'failed', `${name} by ${way}`);
      assert.deepEqual(answer.error, {code, where}, `${name} by ${way}`);
    }
  }
});

test('the largest photos: a JPEG of 108 megapixels by the browser, of 50 by stb', async () => {
  files.set('/108.jpg', greyJpeg(12000, 9000));
  files.set('/50.jpg', await readFile(await progressiveScene(50)));
  for (const [name, way, forceStb] of [['/108.jpg', 'browser', false], ['/50.jpg', 'browser', false], ['/50.jpg', 'stb', true]]) {
    const answer = await reduce(name, forceStb);
    await assertWhole(answer, `${name} by ${way}`, {photo: 1600, thumbnail: 320});
    assert.equal(answer.way, way);
  }
  assert.deepEqual((await reduce('/108.jpg', true)).error, {code: 'too_large', where: 'memory'});
});

test('one worker decodes several pictures for drawing, and goes on after a bad one', async () => {
  files.set('/starfish.jpg', await readFile(starfish));
  files.set('/text', Buffer.from('no picture'));
  const {answers} = await work([
    {type: 'decode', file: '/starfish.jpg', longEdge: 320},
    {type: 'decode', file: '/text', longEdge: 320},
    {type: 'decode', file: '/starfish.jpg', longEdge: 96},
    {type: 'sing', file: '/text'},
  ]);
  assert.deepEqual(answers.map(({type, id}) => [type, id]),
                   [['decoded', 0], ['failed', 1], ['decoded', 2], ['failed', 3]]);
  assert.deepEqual([answers[0].width, answers[0].height, answers[0].length], [320, 180, 320 * 180 * 4]);
  assert.deepEqual([answers[2].width, answers[2].height], [96, 54]);
  assert.equal(answers[0].first[3], 255);
  assert.deepEqual(answers[1].error, {code: 'unsupported', where: 'format'});
  assert.deepEqual(answers[3].error, {code: 'invalid_argument', where: 'type'});
});
