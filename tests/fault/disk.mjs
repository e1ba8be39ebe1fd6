// What a phone's browser has on its disk, read as another program would: the pages of IndexedDB put
// together to a file (docs/storage-format.md), and that file opened with sqlite3.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const DUMP = readFileSync(new URL('dump.js', import.meta.url), 'utf8');
const PAGE_BYTES = 8192;

// {reports, photos, outbox, blobs, integrity, orphans}. `which`: 'now', or 'dumped': what dump.js, given
// to the page as its first script, found when the page began.
export const readPhone = async (page, which = 'now') => {
  if (which === 'now' && !(await page.evaluate(() => Boolean(window.titikDump)))) await page.evaluate(DUMP);
  const found = await page.evaluate((name) => (name === 'dumped' ? window.titikDumped : window.titikDump()), which);
  if (!found || found.pageCount === 0) return { reports: [], photos: [], outbox: [], blobs: found?.blobs ?? [], integrity: ['ok'], orphans: [] };
  assert.deepEqual(found.pages.map(([number]) => number), Array.from({ length: found.pageCount }, (_, i) => i + 1), 'pages 1 to the last, and no other');
  const folder = mkdtempSync(path.join(tmpdir(), 'titik-disk-'));
  try {
    const file = path.join(folder, 'phone.db');
    const pages = found.pages.map(([, text]) => Buffer.from(text, 'base64'));
    for (const one of pages) assert.equal(one.length, PAGE_BYTES);
    writeFileSync(file, Buffer.concat(pages));
    const rows = (sql) => JSON.parse(execFileSync('sqlite3', ['-json', '-readonly', file, sql], { maxBuffer: 1 << 26 }).toString() || '[]');
    return {
      reports: rows('SELECT * FROM report'), photos: rows('SELECT * FROM photo'), outbox: rows('SELECT * FROM outbox'), blobs: found.blobs,
      integrity: rows('PRAGMA integrity_check').map((row) => row.integrity_check), orphans: rows('PRAGMA foreign_key_check'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
