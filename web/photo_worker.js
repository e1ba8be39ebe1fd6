// Makes a phone's photo small, in a classic Web Worker that the page ends (worker.terminate()) after a
// photo: WebAssembly memory never shrinks, and a photo may have taken hundreds of megabytes of it.
//
// Messages in (jobs are done one after the other, in the order they came):
//   {type: 'reduce', id, glueUrl, module, blob, forceStb}
//   {type: 'decode', id, glueUrl, module, blob, longEdge}
//   {type: 'cover', id, glueUrl, module, blob, cells, columns}
//     blob      a photo that was reduced before; cells: of photo/cover.h, '0' or '1' each
//     glueUrl   URL of photo.js, of our own origin
//     module    WebAssembly.Module of photo.wasm. The page compiles it, because Firefox for Android does
//               not let a worker's fetch reach the service worker when there is no network.
//     forceStb  true: do not use the browser's decoder
// Messages out:
//   {type: 'progress', id, stage}   'inspect' | 'decode' | 'encode' | 'hash', of 'reduce' only
//   {type: 'reduced', id, photo, thumbnail, perceptual_hash, inspection, way}   also of 'cover'
//     photo, thumbnail   {blob, sha256, bytes, width, height}: JPEG, upright, without metadata
//     inspection         {format, width, height, orientation, taken_local, taken_zone, latitude,
//                         longitude, position_error_m}: as photo_host.cc documents it
//     way                'browser' | 'stb'
//   {type: 'decoded', id, width, height, rgba}   rgba: Uint8ClampedArray, transferred
//   {type: 'failed', id, error: {code, where}}
//     codes and places of src/photo/photo.h; also too_large "bytes" (file over 64 MB), too_large "memory",
//     unsupported "format" (WebP or HEIC that this browser cannot decode), storage "file" (the file
//     cannot be read any more: Android took it back), internal "photo_worker".
//
// One listener, on the worker's own scope ('message', last line); it goes when the worker ends.
// Nothing here is evaluated from text, so the page's CSP needs 'wasm-unsafe-eval' only.
'use strict';

(() => {
  const MAX_FILE_BYTES = 64 * 1024 * 1024;
  // kMaxWholePixels of src/photo/photo.h: what a browser may decode at its full size.
  const MAX_WHOLE_PIXELS = 51e6;
  // A photo's file: over the most it is written again, coarser and then smaller; under the least finer, once.
  // A wall has not the detail for the least at any quality. The same steps as in photo_host.cc.
  const LEAST_BYTES = 150_000;
  const MOST_BYTES = 400_000;
  const QUALITY = 0.82;
  const FINE_QUALITY = 0.89;  // Firefox writes colours at their full size from 0.9 on.
  const LOWEST_QUALITY = 0.6;
  const STB_FORMATS = ['jpeg', 'png'];

  // What the citizen or the program is told: the codes of base/result.h.
  class PhotoError extends Error {
    constructor(code, where) {
      super(`${code} ${where}`);
      this.code = code;
      this.where = where;
    }
  }

  // --- photo.wasm --------------------------------------------------------------------------------

  let host = null;  // The module's exports, once per worker.

  function startHost(glueUrl, module) {
    if (host) return host;
    importScripts(glueUrl);
    host = new Promise((resolve, reject) => {
      self.createPhotoModule({
        // The glue would wait for ever if this threw, so the failure is handed on from here.
        instantiateWasm(imports, receive) {
          WebAssembly.instantiate(module, imports).then((instance) => receive(instance, module), reject);
          return {};
        },
      }).then(resolve, reject);
    });
    return host;
  }

  function textAt(wasm, address) {
    const bytes = wasm.HEAPU8;
    return new TextDecoder().decode(bytes.slice(address, bytes.indexOf(0, address)));
  }

  function answerOf(wasm, address) {
    const answer = JSON.parse(textAt(wasm, address));
    if (answer.error) throw new PhotoError(answer.error.code, answer.error.where);
    return answer;
  }

  // A copy: growing the module's memory detaches every view of it.
  function bytesOf(wasm, picture) {
    return wasm.HEAPU8.slice(picture.at, picture.at + picture.bytes);
  }

  // Calls use(address, size) with the file in the module's memory.
  async function withFile(wasm, blob, use) {
    if (blob.size > MAX_FILE_BYTES) throw new PhotoError('too_large', 'bytes');
    let buffer;
    try {
      buffer = await blob.arrayBuffer();
    } catch {
      throw new PhotoError('storage', 'file');
    }
    const address = wasm._titik_photo_alloc(buffer.byteLength);
    if (address === 0) throw new PhotoError('too_large', 'memory');
    try {
      wasm.HEAPU8.set(new Uint8Array(buffer), address);
      return use(address, buffer.byteLength);
    } finally {
      wasm._titik_photo_free(address);
    }
  }

  // --- Way 1: the browser decodes ------------------------------------------------------------------

  // Firefox with resistFingerprinting (and Tor Browser) answers every read of a canvas with white or
  // noise, without an error: a photo would be sent as a blank sheet. So a known picture is read first.
  function canvasTellsTheTruth() {
    const side = 8;
    const context = new OffscreenCanvas(side, side).getContext('2d', {willReadFrequently: true});
    if (!context) return false;
    for (let i = 0; i < side; ++i) {
      context.fillStyle = `rgb(${i * 31}, ${255 - i * 31}, ${i * 17})`;
      context.fillRect(i, 0, 1, side);
    }
    const {data} = context.getImageData(0, 0, side, side);
    for (let i = 0; i < side * side; ++i) {
      const column = i % side;
      const expected = [column * 31, 255 - column * 31, column * 17, 255];
      if (expected.some((value, channel) => Math.abs(value - data[4 * i + channel]) > 2)) return false;
    }
    return true;
  }

  function browserCanDoIt() {
    return typeof createImageBitmap === 'function' && typeof OffscreenCanvas === 'function' &&
           typeof OffscreenCanvas.prototype.convertToBlob === 'function' && canvasTellsTheTruth();
  }

  // The upright picture at exactly `size`. Browsers differ in whether they decode at the small size,
  // but all apply resizeWidth and resizeHeight to the turned picture; a bitmap of another size means
  // one that does not, and stb takes over.
  async function decodeWhole(blob, size) {
    const bitmap = await createImageBitmap(blob, {
      imageOrientation: 'from-image',
      resizeWidth: size.width,
      resizeHeight: size.height,
      resizeQuality: 'high',
    });
    if (bitmap.width === size.width && bitmap.height === size.height) return bitmap;
    bitmap.close();
    throw new Error('the bitmap has another size than was asked for');
  }

  // A JPEG as it is stored, at so many eighths that it is still larger than the photo: its decoders can do
  // that, and then never hold all of its pixels (Chromium takes an area for the wish, so a pixel more is
  // asked for). Without its EXIF: browsers are not of one mind whether this turns the picture.
  async function decodeEighths(blob, {width, height, exif_at: exif, photo}) {
    const eighths = Math.ceil(8 * Math.max(photo.width, photo.height) / Math.max(width, height));
    const wish = (side) => Math.min(side, Math.ceil(side * eighths / 8) + 1);
    const data = new Blob(exif ? [blob.slice(0, exif), '\0', blob.slice(exif + 1)] : [blob]).stream();
    const decoder = new ImageDecoder({
      data, type: 'image/jpeg', desiredWidth: wish(width), desiredHeight: wish(height)});
    try {
      const {image} = await decoder.decode();
      if (image.displayWidth * 8 >= width * eighths) return image;
      image.close();
      throw new Error('the frame is smaller than was asked for');
    } finally {
      decoder.close();
    }
  }

  // `orientation` as EXIF numbers it: how the source is to be turned.
  function draw(source, {width, height}, orientation = 1) {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context.fillStyle = 'white';  // JPEG has no transparency.
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = 'high';
    const sideways = orientation > 4;
    const fromRight = orientation >> 1 & 1;
    const fromBottom = orientation - 1 >> 1 & 1;
    const [x, y] = [1 - 2 * fromRight, 1 - 2 * fromBottom];
    context.setTransform(...(sideways ? [0, y, x, 0] : [x, 0, 0, y]), fromRight * width, fromBottom * height);
    context.drawImage(source, 0, 0, ...(sideways ? [height, width] : [width, height]));
    return canvas;
  }

  // The JPEG and its size, which has become smaller where nothing else helped.
  async function encodeWithinBounds(canvas) {
    const encode = (quality) => canvas.convertToBlob({type: 'image/jpeg', quality});
    let quality = QUALITY;
    let blob = await encode(quality);
    if (blob.size < LEAST_BYTES) {
      const finer = await encode(FINE_QUALITY);
      if (finer.size <= MOST_BYTES) blob = finer;
    }
    if (blob.size > MOST_BYTES) {
      quality = Math.max(LOWEST_QUALITY, quality - 0.55 * (1 - 380_000 / blob.size));
      blob = await encode(quality);
    }
    if (blob.size > MOST_BYTES) {
      const scale = Math.sqrt(350_000 / blob.size);
      const scaled = (side) => Math.max(1, Math.round(side * scale));
      canvas = draw(canvas, {width: scaled(canvas.width), height: scaled(canvas.height)});
      blob = await encode(quality);
    }
    return {blob, width: canvas.width, height: canvas.height};
  }

  // Chromium adds a colour profile to every JPEG. Nothing but the picture leaves the phone; and the
  // strict walk over the file is a check of what the browser wrote.
  async function stripped({blob, width, height}, wasm) {
    if (blob.type !== 'image/jpeg') throw new Error('this browser writes no JPEG');
    return withFile(wasm, blob, (address, size) => {
      const {photo} = answerOf(wasm, wasm._titik_photo_strip(address, size));
      const bare = new Blob([bytesOf(wasm, photo)], {type: 'image/jpeg'});
      wasm._titik_photo_release();
      return {blob: bare, width, height};
    });
  }

  // What `draw` takes, and the sizes to draw it at.
  async function browserDecode(blob, inspection, wasm) {
    const {format, width, height, photo, thumbnail} = inspection;
    if (format === 'jpeg' && typeof ImageDecoder === 'function') {
      try {
        return [await decodeEighths(blob, inspection), photo, thumbnail, inspection.orientation];
      } catch {
        // It may still be one that the browser decodes whole.
      }
    }
    if (width * height > MAX_WHOLE_PIXELS) throw new Error('too large to be decoded whole');
    if (photo.width > 0) return [await decodeWhole(blob, photo), photo, thumbnail];
    // WebP and HEIC: only the bitmap knows the size, already upright.
    const bitmap = await createImageBitmap(blob, {imageOrientation: 'from-image'});
    try {
      const sizes = answerOf(wasm, wasm._titik_photo_reduced_size(bitmap.width, bitmap.height));
      return [bitmap, sizes.photo, sizes.thumbnail];
    } catch (error) {
      bitmap.close();
      throw error;
    }
  }

  async function reduceByBrowser(blob, inspection, wasm, progress) {
    progress('decode');
    const [source, photo, thumbnail, orientation] = await browserDecode(blob, inspection, wasm);
    const canvas = draw(source, photo, orientation);
    source.close();  // Frees it now, not when the collector comes.
    const small = draw(canvas, thumbnail);
    progress('encode');
    return {
      photo: await stripped(await encodeWithinBounds(canvas), wasm),
      thumbnail: await stripped({
        blob: await small.convertToBlob({type: 'image/jpeg', quality: QUALITY}), ...thumbnail}, wasm),
    };
  }

  // --- Way 2: stb decodes --------------------------------------------------------------------------

  // `work`: the export that reduces, with the file's address and size.
  function reduceByStb(wasm, blob, progress, work = (...file) => wasm._titik_photo_reduce(...file)) {
    // One call decodes and writes; 'encode' is told when both are done.
    progress('decode');
    return withFile(wasm, blob, (address, size) => {
      const answer = answerOf(wasm, work(address, size));
      progress('encode');
      const take = (picture) => ({
        blob: new Blob([bytesOf(wasm, picture)], {type: 'image/jpeg'}),
        width: picture.width,
        height: picture.height,
      });
      const result = {photo: take(answer.photo), thumbnail: take(answer.thumbnail)};
      wasm._titik_photo_release();
      return result;
    });
  }

  // --- Jobs ----------------------------------------------------------------------------------------

  async function sealed({blob, width, height}) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return {blob, sha256, bytes: blob.size, width, height};
  }

  async function reduceTheBestWay(job, inspection, wasm, progress) {
    const stbCan = STB_FORMATS.includes(inspection.format);
    if (!job.forceStb && browserCanDoIt()) {
      try {
        return {way: 'browser', ...await reduceByBrowser(job.blob, inspection, wasm, progress)};
      } catch (error) {
        if (error instanceof PhotoError) throw error;
        // Out of memory, an option this browser does not know, or a file its decoder refuses.
        // stb is the second opinion; for what stb cannot read there is none.
      }
    }
    if (!stbCan) throw new PhotoError('unsupported', 'format');
    return {way: 'stb', ...await reduceByStb(wasm, job.blob, progress)};
  }

  async function reduce(job) {
    const progress = (stage) => self.postMessage({type: 'progress', id: job.id, stage});
    const wasm = await startHost(job.glueUrl, job.module);
    progress('inspect');
    const inspection = await withFile(wasm, job.blob,
        (address, size) => answerOf(wasm, wasm._titik_photo_inspect(address, size)));
    const done = job.type === 'cover' ? await cover(job, wasm, progress)
                                      : await reduceTheBestWay(job, inspection, wasm, progress);
    progress('hash');
    const {photo: photoSize, thumbnail: thumbnailSize, exif_at: exif, ...facts} = inspection;
    const {perceptual_hash: perceptualHash} = await withFile(wasm, done.thumbnail.blob,
        (address, size) => answerOf(wasm, wasm._titik_photo_hash(address, size)));
    self.postMessage({
      type: 'reduced',
      id: job.id,
      photo: await sealed(done.photo),
      thumbnail: await sealed(done.thumbnail),
      perceptual_hash: perceptualHash,
      inspection: facts,
      way: done.way,
    });
  }

  async function cover({blob, cells, columns}, wasm, progress) {
    const bytes = new TextEncoder().encode(cells);
    return {way: 'stb', ...await reduceByStb(wasm, blob, progress, (address, size) => {
      const at = wasm._titik_photo_alloc(bytes.length);
      if (at === 0) throw new PhotoError('too_large', 'memory');
      wasm.HEAPU8.set(bytes, at);
      const answer = wasm._titik_photo_cover(address, size, at, bytes.length, columns);
      wasm._titik_photo_free(at);
      return answer;
    })};
  }

  async function decode(job) {
    const wasm = await startHost(job.glueUrl, job.module);
    const {width, height, rgba} = await withFile(wasm, job.blob, (address, size) => {
      const {pixels} = answerOf(wasm, wasm._titik_photo_decode(address, size, job.longEdge));
      const copy = bytesOf(wasm, pixels);
      wasm._titik_photo_release();
      return {width: pixels.width, height: pixels.height, rgba: new Uint8ClampedArray(copy.buffer)};
    });
    self.postMessage({type: 'decoded', id: job.id, width, height, rgba}, [rgba.buffer]);
  }

  async function run(job) {
    try {
      if (job.type === 'reduce' || job.type === 'cover') await reduce(job);
      else if (job.type === 'decode') await decode(job);
      else throw new PhotoError('invalid_argument', 'type');
    } catch (error) {
      const known = error instanceof PhotoError;
      if (!known) console.error('photo_worker:', error);
      self.postMessage({
        type: 'failed',
        id: job.id,
        error: known ? {code: error.code, where: error.where} : {code: 'internal', where: 'photo_worker'},
      });
    }
  }

  let previous = Promise.resolve();
  self.addEventListener('message', ({data}) => { previous = previous.then(() => run(data)); });
})();
