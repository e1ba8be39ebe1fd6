// Makes a photo small without WebAssembly: the browser decodes, a canvas scales and writes JPEG. The
// limits are those of src/photo/photo.h. Nothing but the picture leaves the phone.

const LONG_EDGE = 1600;
const THUMBNAIL_EDGE = 320;
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const TYPICAL_BYTES = 450_000;
const QUALITIES = [0.82, 0.7, 0.6];

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

const scaled = async (image, longEdge, qualities) => {
  const scale = Math.min(1, longEdge / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const pen = canvas.getContext('2d');
  pen.fillStyle = 'white';  // JPEG has no transparency
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  let blob = null;
  for (const quality of qualities) {
    blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', quality); });
    if (!blob) throw new Error('no JPEG');
    if (blob.size <= TYPICAL_BYTES) break;
  }
  const bare = withoutMetadata(new Uint8Array(await blob.arrayBuffer()));
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await bare.arrayBuffer()));
  return { blob: bare, sha256, bytes: bare.size, width: canvas.width, height: canvas.height };
};

// {photo, thumbnail}, each {blob, sha256, bytes, width, height}: as photo_worker.js answers.
export const reduceByBrowser = async (file) => {
  if (file.size === 0 || file.size > MAX_FILE_BYTES) throw new Error('size');
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return { photo: await scaled(image, LONG_EDGE, QUALITIES), thumbnail: await scaled(image, THUMBNAIL_EDGE, QUALITIES.slice(0, 1)) };
  } finally {
    URL.revokeObjectURL(url);
  }
};
