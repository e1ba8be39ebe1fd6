// Makes a photo small without WebAssembly: the browser decodes, a canvas scales and writes JPEG. The
// limits are those of src/photo/photo.h. Nothing but the picture leaves the phone.

const LONG_EDGE = 1600;
const THUMBNAIL_EDGE = 320;
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_PIXELS = 51e6;  // an image element is decoded whole
// As in web/photo_worker.js, which says why.
const LEAST_BYTES = 150_000;
const MOST_BYTES = 400_000;
const QUALITY = 0.82;
const FINE_QUALITY = 0.89;
const LOWEST_QUALITY = 0.6;

// JPEG without its APP1–APP15 and comment segments: no place, no camera, no colour profile.
const withoutMetadata = (bytes) => {
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (bytes[at] === 0xFF && bytes[at + 1] !== 0xDA) {
    const marker = bytes[at + 1];
    const end = at + 2 + (bytes[at + 2] << 8 | bytes[at + 3]);
    if (!(marker > 0xE0 && marker <= 0xEF) && marker !== 0xFE) kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(bytes.subarray(at));
  return new Blob(kept, { type: 'image/jpeg' });
};

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

const draw = (source, width, height, scale) => {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext('2d');
  pen.fillStyle = 'white';  // JPEG has no transparency
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
};

const reduced = (image, longEdge) => {
  const { naturalWidth: width, naturalHeight: height } = image;
  return draw(image, width, height, Math.min(1, longEdge / Math.max(width, height)));
};

const encode = async (canvas, quality) => {
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', quality); });
  if (!blob) throw new Error('no JPEG');
  return blob;
};

const sealed = async (canvas, blob) => {
  const bare = withoutMetadata(new Uint8Array(await blob.arrayBuffer()));
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await bare.arrayBuffer()));
  return { blob: bare, sha256, bytes: bare.size, width: canvas.width, height: canvas.height };
};

const encodeWithinBounds = async (image) => {
  let canvas = reduced(image, LONG_EDGE);
  let quality = QUALITY;
  let blob = await encode(canvas, quality);
  if (blob.size < LEAST_BYTES) {
    const finer = await encode(canvas, FINE_QUALITY);
    if (finer.size <= MOST_BYTES) blob = finer;
  }
  if (blob.size > MOST_BYTES) {
    quality = Math.max(LOWEST_QUALITY, quality - 0.55 * (1 - 380_000 / blob.size));
    blob = await encode(canvas, quality);
  }
  if (blob.size > MOST_BYTES) {
    canvas = draw(canvas, canvas.width, canvas.height, Math.sqrt(350_000 / blob.size));
    blob = await encode(canvas, quality);
  }
  return sealed(canvas, blob);
};

const tooLarge = () => Object.assign(new Error('too large'), { code: 'too_large' });

// {photo, thumbnail}, each {blob, sha256, bytes, width, height}: as photo_worker.js answers.
export const reduceByBrowser = async (file) => {
  if (file.size > MAX_FILE_BYTES) throw tooLarge();
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    // Not decode(): its size is known before its pixels are.
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new Error('no picture'));
      image.src = url;
    });
    if (image.naturalWidth * image.naturalHeight > MAX_PIXELS) throw tooLarge();
    const small = reduced(image, THUMBNAIL_EDGE);
    return { photo: await encodeWithinBounds(image), thumbnail: await sealed(small, await encode(small, QUALITY)) };
  } finally {
    URL.revokeObjectURL(url);
  }
};
