// Checks the texts of assets/i18n against each other and against the code, and makes of them what the
// interface is compiled with and what it fetches.
//   node cmake/build-texts.mjs OUTDIR [TOP]
// Writes into OUTDIR
//   texts.inc    TEXT(kName, "words") a line, Indonesian: src/ui/text.h makes an enum and an array of it
//   plurals.inc  the same, PLURAL(…), for the texts that go with a number
//   en.txt       English, one text a line in the same order, after a first line that both know
// A key that is missing in a language, written twice, used nowhere, or whose placeholders differ ends
// the build with its name.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [out, top = join(dirname(fileURLToPath(import.meta.url)), '..')] = process.argv.slice(2);
if (!out) {
  console.error('usage: build-texts.mjs OUTDIR [TOP]');
  process.exit(2);
}
const faults = [];
const fault = (language, key, what) => faults.push(`${language}.json: "${key}" ${what}`);

const FORMS = { id: ['other'], en: ['one', 'other'] };  // of a noun that is counted

// name → words, or {one, other}. JSON.parse would silently take the last of two equal keys: every key
// is on a line of its own, and counted there.
const read = (language) => {
  const text = readFileSync(join(top, `assets/i18n/${language}.json`), 'utf8');
  const texts = JSON.parse(text);
  const lines = [...text.matchAll(/^ {2}"([^"]*)":/gm)].map(([, key]) => key);
  for (const key of new Set(lines.filter((one, index) => lines.indexOf(one) !== index))) fault(language, key, 'is there twice');
  for (const [key, words] of Object.entries(texts)) {
    if (!lines.includes(key)) fault(language, key, 'is not on a line of its own, indented by two spaces');
    if (!/^[a-z][A-Za-z0-9]*$/.test(key)) fault(language, key, 'is not a name like "sendReport"');
    const forms = typeof words === 'string' ? [words] : Object.values(words);
    if (forms.some((form) => typeof form !== 'string' || form === '' || /\p{Cc}/u.test(form))) fault(language, key, 'has no words, or a control character');
    if (typeof words !== 'string' && Object.keys(words).join() !== FORMS[language].join()) fault(language, key, `needs the forms ${FORMS[language]}`);
  }
  return texts;
};
const indonesian = read('id');
const english = read('en');

const placeholders = (words) => [...new Set([...words.matchAll(/\{[^}]*\}?/g)].map(([one]) => one))].sort();
const formsOf = (words) => (typeof words === 'string' ? [words] : Object.values(words));
for (const [one, here, other, there] of [['id', indonesian, 'en', english], ['en', english, 'id', indonesian]]) {
  for (const key of Object.keys(here)) if (!(key in there)) fault(other, key, `is missing; ${one}.json has it`);
}
const isPlural = (key) => typeof english[key] === 'object' || typeof indonesian[key] === 'object';
for (const key of Object.keys(indonesian).filter((one) => one in english)) {
  const expected = placeholders(formsOf(indonesian[key])[0]);
  if (expected.some((one, index) => one !== `{${index}}`)) fault('id', key, `has ${expected.join(' ')}: placeholders count {0}, {1}, …`);
  for (const form of formsOf(english[key])) {
    if (placeholders(form).join() !== expected.join()) fault('en', key, `has the placeholders "${placeholders(form)}", Indonesian "${expected}"`);
  }
  if (isPlural(key) && !expected.includes('{0}')) fault('id', key, 'goes with a number and does not say {0}');
}

// --- Used ------------------------------------------------------------------------------------------
// As Text::kName or Plural::kName in src/ui, as @text:name@ or @words:name@ in what the browser loads first.
const sourcesIn = (folder, ending) => readdirSync(join(top, folder), { withFileTypes: true }).flatMap((entry) => {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return sourcesIn(path, ending);
  return ending.test(entry.name) && !/test/.test(entry.name) ? [readFileSync(join(top, path), 'utf8')] : [];
});
const used = new Set();
for (const source of sourcesIn('src/ui', /\.(cc|h)$/)) {
  for (const [, name] of source.matchAll(/\b(?:Text|Plural)::k((?!EndOf)[A-Z][A-Za-z0-9]*)/g)) used.add(name[0].toLowerCase() + name.slice(1));
}
for (const source of [...sourcesIn('shell', /\.(html|js)$/), ...sourcesIn('web', /\.js$/)]) {
  for (const [, name] of source.matchAll(/@(?:text|words):([A-Za-z0-9]+)(?::[^@]*)?@/g)) used.add(name);
}
for (const key of Object.keys(indonesian)) if (!used.has(key)) fault('id', key, 'is used nowhere');
for (const name of used) if (!(name in indonesian)) fault('id', name, 'is missing; the code uses it');

if (faults.length > 0) {
  for (const one of faults) console.error(`build-texts: ${one}`);
  process.exit(1);
}

// --- Written ---------------------------------------------------------------------------------------
const keys = [...Object.keys(indonesian).filter((key) => !isPlural(key)), ...Object.keys(indonesian).filter(isPlural)];
const constant = (key) => `k${key[0].toUpperCase()}${key.slice(1)}`;
const inc = (macro, of) => of.map((key) => `${macro}(${constant(key)}, ${JSON.stringify(formsOf(indonesian[key])[0])})\n`).join('');
// A table of other texts, as of another version, must not be taken for this one.
const mark = `titik-texts ${keys.length} ${createHash('sha256').update(JSON.stringify(keys)).digest('hex').slice(0, 8)}`;
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'texts.inc'), inc('TEXT', keys.filter((key) => !isPlural(key))));
writeFileSync(join(out, 'plurals.inc'), inc('PLURAL', keys.filter(isPlural)));
writeFileSync(join(out, 'texts_mark.inc'), `${JSON.stringify(mark)}\n`);
writeFileSync(join(out, 'en.txt'), [mark, ...keys.map((key) => formsOf(english[key]).join('\t'))].map((line) => `${line}\n`).join(''));
