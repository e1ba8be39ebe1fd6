// Photos made for tests: of any size, of one colour in any coding, with a colour profile, and real scenes of
// as many megapixels as phones take.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, PHOTOS } from './world.mjs';

const big = (value, bytes = 2) => Array.from({ length: bytes }, (_, i) => value / 256 ** (bytes - 1 - i) & 255);
const segment = (marker, content) => [0xFF, marker, ...big(content.length + 2), ...content];

// A whole grey baseline JPEG of any size: one Huffman code "0", two bits a block of 8 × 8 pixels.
export const greyJpeg = (width, height) => {
  const table = (kind) => segment(0xC4, [kind, 1, ...Array(15).fill(0), 0]);
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  return Buffer.concat([
    Buffer.from([0xFF, 0xD8, ...segment(0xDB, [0, ...Array(64).fill(1)]),
      ...segment(0xC0, [8, ...big(height), ...big(width), 1, 1, 0x11, 0]), ...table(0), ...table(0x10),
      ...segment(0xDA, [1, 1, 0, 0, 0x3F, 0])]),
    Buffer.alloc(Math.ceil(blocks / 4)), Buffer.from([0xFF, 0xD9])]);
};

// So many bytes that nobody has seen before, with the structure of a JPEG, which is what the server asks of a photo.
export const noiseJpeg = (bytes) => {
  const head = Buffer.from('ffd8ffc0000b080001000101011100ffda0008010100003f00', 'hex');
  const scan = randomBytes(bytes - head.length - 2).map((byte) => (byte === 0xFF ? 0xFE : byte));
  return Buffer.concat([head, scan, Buffer.from([0xFF, 0xD9])]);
};

// A JPEG of one colour, given as its components are stored: three of Y Cb Cr, four of CMYK or YCCK.
// `segments`: what stands before the picture.
export const flatJpeg = (side, components, segments = []) => {
  let bits = '';
  const code = (value) => {  // T.81, F.1.2.1: the category, here in 4 bits, then the value's own
    const size = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1;
    bits += size.toString(2).padStart(4, '0');
    if (size > 0) bits += (value > 0 ? value : value + 2 ** size - 1).toString(2).padStart(size, '0');
    bits += '0';  // no AC coefficients
  };
  for (let block = 0; block < (side / 8) ** 2; ++block) {
    for (const value of components) code(block === 0 ? 8 * (value - 128) : 0);  // DC coefficients as differences
  }
  const data = [];
  for (let at = 0; at < bits.length; at += 8) {
    const byte = parseInt(bits.slice(at, at + 8).padEnd(8, '1'), 2);
    data.push(byte, ...(byte === 0xFF ? [0] : []));
  }
  return Buffer.from([0xFF, 0xD8, ...segments.flat(), ...segment(0xDB, [0, ...Array(64).fill(1)]),
    ...segment(0xC0, [8, ...big(side), ...big(side), components.length, ...components.flatMap((_, i) => [i + 1, 0x11, 0])]),
    ...segment(0xC4, [0, 0, 0, 0, 12, ...Array(12).fill(0), ...Array(12).keys()]),
    ...segment(0xC4, [0x10, 1, ...Array(15).fill(0), 0]),
    ...segment(0xDA, [components.length, ...components.flatMap((_, i) => [i + 1, 0]), 0, 0x3F, 0]), ...data, 0xFF, 0xD9]);
};
// Adobe's segment: 0 means that the components are as they are, 2 that they are Y Cb Cr K.
export const adobe = (transform) => segment(0xEE, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform]);
export const yCbCr = ([r, g, b]) => [0.299 * r + 0.587 * g + 0.114 * b, 128 - 0.168736 * r - 0.331264 * g + 0.5 * b,
  128 + 0.5 * r - 0.418688 * g - 0.081312 * b].map(Math.round);

// --- Colour ---------------------------------------------------------------------------------------------

// Columns: the primaries in XYZ, adapted to D50, as profiles have them.
export const DISPLAY_P3 = [[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]];
export const ADOBE_RGB = [[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]];
const TO_SRGB = [[3.134136, -1.617386, -0.490662], [-0.978795, 1.916254, 0.033443], [0.071955, -0.228977, 1.405386]];
// Transfer functions: sRGB's as a curve of five numbers, Adobe's as a power.
export const SRGB_CURVE = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];
export const ADOBE_CURVE = [2.19921875];

const linear = ([gamma, a = 1, b = 0, c = 0, d = -1], x) => (x >= d ? (a * x + b) ** gamma : c * x);
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));
// What these numbers of another colour space are in sRGB.
export const inSrgb = (matrix, curve, rgb) => times(TO_SRGB, times(matrix, rgb.map((value) => linear(curve, value / 255))))
  .map((x) => Math.min(1, Math.max(0, x))).map((x) => Math.round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055)));

// ICC.1:2010, a matrix profile, as the APP2 segment of a JPEG.
export const iccSegment = (matrix, curve) => {
  const fixed = (value) => big(Math.round(value * 65536) + (value < 0 ? 2 ** 32 : 0), 4);
  const text = (value) => [...Buffer.from(value)];
  const words = [...text('mluc'), ...big(0, 4), ...big(1, 4), ...big(12, 4), ...text('enUS'), ...big(4, 4), ...big(28, 4), 0, 88, 0, 88];
  const xyz = (...values) => [...text('XYZ '), ...big(0, 4), ...values.flatMap(fixed)];
  const column = (i) => xyz(...matrix.map((row) => row[i]));
  const transfer = [...text('para'), ...big(0, 4), ...big(curve.length === 1 ? 0 : 3), 0, 0, ...curve.flatMap(fixed)];
  const tags = { desc: words, cprt: words, wtpt: xyz(0.9642, 1, 0.8249), rXYZ: column(0), gXYZ: column(1), bXYZ: column(2),
    rTRC: transfer, gTRC: transfer, bTRC: transfer };
  const names = Object.keys(tags);
  const table = [...big(names.length, 4)];
  const body = [];
  for (const name of names) {
    table.push(...text(name), ...big(128 + 4 + 12 * names.length + body.length, 4), ...big(tags[name].length, 4));
    body.push(...tags[name]);
  }
  const head = Array(128).fill(0);
  const put = (at, values) => values.forEach((value, i) => { head[at + i] = value; });
  put(0, big(128 + table.length + body.length, 4));
  put(8, [4, 0x30, 0, 0]);
  put(12, text('mntrRGB XYZ '));
  put(36, text('acsp'));
  put(68, [0.9642, 1, 0.8249].flatMap(fixed));
  return segment(0xE2, [...text('ICC_PROFILE\0'), 1, 1, ...head, ...table, ...body]);
};

// --- Scenes of real size --------------------------------------------------------------------------------

export const SCENES = { 12: [4000, 3000], 24: [6000, 4000], 50: [8160, 6144], 108: [12000, 9000] };
const scenes = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../build/deps/made');

// A real photo enlarged to as many megapixels, once, by the browser itself.
export const scenePhoto = async (megapixels) => {
  const [width, height] = SCENES[megapixels];
  const file = path.join(scenes, `${width}x${height}-scene.jpg`);
  if (!existsSync(file)) {
    const browser = await chromium.launch({ executablePath: process.env.TITIK_CHROMIUM ?? '/usr/bin/chromium', args: CHROMIUM_ARGS });
    const page = await browser.newPage();
    const base64 = await page.evaluate(async ([source, w, h]) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/jpeg;base64,${source}`)).blob());
      const canvas = new OffscreenCanvas(w, h);
      canvas.getContext('2d').drawImage(bitmap, 0, 0, w, h);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
      return new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(',')[1]);
        reader.readAsDataURL(blob);
      });
    }, [readFileSync(PHOTOS.large).toString('base64'), width, height]);
    await browser.close();
    mkdirSync(scenes, { recursive: true });
    writeFileSync(file, Buffer.from(base64, 'base64'));
  }
  return file;
};
// The same scene as a progressive JPEG.
export const progressiveScene = async (megapixels) => {
  const file = await scenePhoto(megapixels);
  const out = file.replace('-scene', '-scene-progressive');
  if (!existsSync(out)) execFileSync('jpegtran', ['-progressive', '-outfile', out, file]);
  return out;
};
