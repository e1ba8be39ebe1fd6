// How well the tests of src/sync hold its rules: each is turned round in a copy of the source, and the tests are
// to notice. Then what they run of src/sync, by lines and branches. In build/sync; nothing of the tree is changed.
//   node tests/fault/mutations.mjs            needs build/deps (serve/run --build-only)
// Ends with 1 when a mutant lives.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const folder = path.join(top, 'build/sync');

// [what would go wrong, what stands there, what is put in its place]
const MUTANTS = [
  ['sends again without asking (step 3)', 'if (item.create_unanswered) return {.step = Step::kAsk', 'if (false) return {.step = Step::kAsk'],
  ['forgets that a create may have arrived (step 5)', 'item->create_unanswered = true;', 'item->create_unanswered = false;'],
  ['takes any receipt (step 6)', 'receipt.report_id != item.report_id || !every(is_named)', 'false'],
  ['lets a report go whose photos are to come (step 8)', 'const bool whole = every(is_here);', 'const bool whole = every(is_named);'],
  ['takes an upload of other bytes (step 4)', '!file.sha256.empty() && file.sha256 != sha256', 'false'],
  ['sends photos before others\' words (step 1)', '? best->words_at_server', '? item.words_at_server'],
  ['does not ask for the offset after a cut (step 10)', 'reached->is_certain && reached->report_id', 'reached->report_id'],
  ['goes on from an offset of before (step 11)', 'offset >= 0 && offset <= photo->bytes && moves', 'moves'],
  ['sends to a path on another server (step 9)', 'location[0] == \'/\' && location[1] != \'/\'', 'location[0] == \'/\''],
  ['never slows down', 'item.not_before = now + (told > 0 ? told : backoff(item.attempts, random));', 'item.not_before = now;'],
  ['ignores Retry-After', 'item.told_to_wait = told > 0;', 'item.told_to_wait = false;'],
  ['floods a server that refuses every token', 'if (recently || outbox.token.empty()) return;', 'if (outbox.token.empty()) return;'],
  ['takes late answers for new ones', 'outbox.in_flight->number != event.number', 'false'],
  ['makes uploads again for ever', 'item.uploads_lost < kMostUploadsLost;', 'true;'],
  ['refuses for good what the city has', 'if (item.words_at_server) return wait(item, answer, now, random);', ''],
  ['sends photos on a link that costs (step 13)', 'item.words_at_server && outbox.photos_wait && !outbox.photos_now', 'false'],
  ['does not know when the network is back', 'if (actions.received) network_is_back(outbox, actions);', ''],
  ['sends photos where only words are due', 'outbox.way == Way::kWordsFirst) {\n    if (missing', 'outbox.way != Way::kWordsFirst) {\n    if (missing'],
];

const run = (command, args, options = {}) => spawnSync(command, args, { cwd: top, encoding: 'utf8', maxBuffer: 1 << 26, ...options });
const flags = ['-std=c++20', '-g', '-O1', '-fno-exceptions', '-fno-rtti', `-I${path.join(folder, 'src')}`, `-I${path.join(top, 'src')}`];
const sources = ['backoff', 'outbox', 'refresh'].map((name) => path.join(folder, `src/sync/${name}.cc`));
const tests = ['backoff_test', 'outbox_test', 'outbox_property_test', 'refresh_test'].map((name) => path.join(top, `src/sync/${name}.cc`));

rmSync(folder, { recursive: true, force: true });
mkdirSync(path.join(folder, 'src'), { recursive: true });
cpSync(path.join(top, 'src/sync'), path.join(folder, 'src/sync'), { recursive: true });
const outbox = readFileSync(path.join(folder, 'src/sync/outbox.cc'), 'utf8');

// What does not change is built once: the tests, and the libraries as cmake makes them.
execFileSync('cmake', ['-S', top, '-B', path.join(folder, 'cmake'), '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug', '-DTITIK_TESTS=ON',
  '-DCMAKE_CXX_COMPILER=clang++', '-DCMAKE_C_COMPILER=clang'], { stdio: 'ignore' });
execFileSync('cmake', ['--build', path.join(folder, 'cmake'), '--target', 'sync_test'], { stdio: 'inherit' });
const libraries = ['titik_lapor', 'titik_report', 'titik_base'].map((name) =>
  execFileSync('find', [path.join(folder, 'cmake'), '-name', `lib${name}.a`], { encoding: 'utf8' }).trim());
const json = execFileSync('find', [path.join(folder, 'cmake'), top + '/build/deps', '/usr/include', '-maxdepth', '3', '-path', '*nlohmann/json.hpp'], { encoding: 'utf8' }).split('\n')[0];
if (json && !json.startsWith('/usr/include')) flags.push(`-I${path.dirname(path.dirname(json))}`);
const compile = (...words) => {
  const made = run('clang++', [...flags, ...words]);
  if (made.status !== 0) throw new Error(made.stderr.slice(0, 3000));
};
const link = [...libraries, '-lgtest', '-lgtest_main', '-lpthread', '-o'];
const objects = [...tests, ...sources.filter((name) => !name.endsWith('outbox.cc'))].map((name) => {
  const object = path.join(folder, `${path.basename(name)}.o`);
  compile('-c', name, '-o', object);
  return object;
});

let alive = 0;
for (const [harm, before, after] of MUTANTS) {
  if (outbox.split(before).length !== 2) throw new Error(`"${before}" does not stand once in outbox.cc`);
  writeFileSync(path.join(folder, 'src/sync/outbox.cc'), outbox.replace(before, after));
  compile(path.join(folder, 'src/sync/outbox.cc'), ...objects, ...link, path.join(folder, 'mutant'));
  const tested = run(path.join(folder, 'mutant'), ['--gtest_fail_fast'], { timeout: 300_000, env: { ...process.env, TITIK_LIVES: '3000' } });
  const by = [...new Set([...tested.stdout.matchAll(/^\[ {2}FAILED {2}\] (\w+\.\w+)/gm)].map(([, name]) => name))];
  const dead = tested.status !== 0;
  if (!dead) alive += 1;
  console.log(`${dead ? 'noticed' : 'LIVES  '}  ${harm}${dead ? `: ${by[0] ?? 'crash'}` : ''}`);
}
writeFileSync(path.join(folder, 'src/sync/outbox.cc'), outbox);

// Coverage.
compile('-fprofile-instr-generate', '-fcoverage-mapping', ...sources, ...tests, ...link, path.join(folder, 'covered'));
const profile = path.join(folder, 'covered.profraw');
run(path.join(folder, 'covered'), [], { env: { ...process.env, LLVM_PROFILE_FILE: profile } });
execFileSync('llvm-profdata', ['merge', '-sparse', profile, '-o', `${profile}.data`]);
console.log(execFileSync('llvm-cov', ['report', path.join(folder, 'covered'), `-instr-profile=${profile}.data`, ...sources], { encoding: 'utf8' }));
console.log(`${MUTANTS.length - alive} of ${MUTANTS.length} mutants noticed`);
process.exit(alive ? 1 : 0);
