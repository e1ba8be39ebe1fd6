// node check-headers.mjs ROOT COMPILER HEADERS…: every header compiles alone, as the first line of a
// file: what it needs, it includes itself. Two compilers at a time. HEADERS: include folders, as CMake
// has them. First a header that needs what it does not include must be refused. A header of the product that
// its own source includes first is not compiled once more: the release and web builds have shown it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';

const [root, compiler, ...folders] = process.argv.slice(2);

// Headers that only Emscripten can compile, with the reason; none at present.
const SKIPPED = {};

const flags = ['-std=gnu++20', '-fsyntax-only', '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror',
  '-Wno-missing-field-initializers', '-DJSON_NOEXCEPTION', '-DJSON_NO_IO',
  '-I', join(root, 'src'), '-I', root, ...folders.flatMap((folder) => ['-isystem', folder])];

// Answers the compiler's words; empty when the header stands alone.
const compile = (header) => new Promise((resolve) => {
  const child = spawn(compiler, [...flags, '-xc++', '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
  child.stdin.end(`#include "${resolvePath(header)}"\n`);
  let words = '';
  child.stderr.on('data', (data) => { words += data; });
  child.on('error', (error) => resolve(String(error)));
  child.on('close', (code) => resolve(code === 0 ? '' : words || `exit ${code}`));
});

const problems = [];
const scratch = mkdtempSync(join(tmpdir(), 'titik-headers-'));
writeFileSync(join(scratch, 'needy.h'), '#pragma once\ninline std::string needy() { return {}; }\n');
if ((await compile(join(scratch, 'needy.h'))) === '') problems.push('a header without its <string> was not refused');
rmSync(scratch, { recursive: true });

const leadsItsSource = (header) => {
  const source = join(root, header.replace(/\.h$/, '.cc'));
  if (/(^|\/)test_/.test(header) || !existsSync(source)) return false;
  return /^#include (.*)$/m.exec(readFileSync(source, 'utf8'))?.[1] === `"${header.replace(/^src\//, '')}"`;
};

const headers = [];
let led = 0;
for (const folder of ['src', 'serve', 'web', 'tests']) {
  for (const entry of readdirSync(join(root, folder), { recursive: true })) {
    const header = `${folder}/${entry}`;
    if (!/\.h$/.test(entry) || header in SKIPPED) continue;
    if (leadsItsSource(header)) ++led;
    else headers.push(header);
  }
}
for (const skipped of Object.keys(SKIPPED)) {
  if (!existsSync(join(root, skipped))) problems.push(`${skipped} is skipped and does not exist`);
}
const begin = Date.now();
const queue = [...headers];
const work = async () => {
  for (let header = queue.shift(); header; header = queue.shift()) {
    const words = await compile(join(root, header));
    if (words) problems.push(`${header} does not compile alone:\n${words}`);
  }
};
await Promise.all([work(), work()]);
if (headers.length + led < 60) problems.push(`only ${headers.length + led} headers: the walk is broken`);
for (const problem of problems) console.error(problem);
console.log(`${led} headers lead their source, ${headers.length} compiled alone in ${Math.round((Date.now() - begin) / 1000)} s, ${problems.length} problems; skipped: ${Object.entries(SKIPPED).map(([name, why]) => `${name} (${why})`).join(', ') || 'none'}`);
process.exit(problems.length === 0 ? 0 : 1);
