// Turns assets/languages/id.json into the table of texts the interface is compiled with.
//   node cmake/build-texts.mjs OUTFILE
// Each line of the output is TEXT(kName, "the words"): src/ui/text.h makes an enum and an array of it.
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = process.argv[2];
if (!out) {
  console.error('usage: build-texts.mjs OUTFILE');
  process.exit(2);
}
const texts = JSON.parse(readFileSync(join(top, 'assets/languages/id.json'), 'utf8'));
const lines = Object.entries(texts).map(([name, words]) => {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name) || typeof words !== 'string' || words === '') {
    console.error(`build-texts: "${name}" is not a name with words`);
    process.exit(1);
  }
  return `TEXT(k${name[0].toUpperCase()}${name.slice(1)}, ${JSON.stringify(words)})\n`;
});
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, lines.join(''));
