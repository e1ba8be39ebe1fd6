// cmake/build-texts.mjs refuses what it is there to refuse, and the names in docs/interface.md are those
// of assets/i18n.   node tests/texts/check-texts.mjs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const scratch = mkdtempSync(path.join(tmpdir(), 'titik-texts-'));
const copy = path.join(scratch, 'top');
for (const folder of ['assets/i18n', 'src/ui', 'shell', 'web']) cpSync(path.join(top, folder), path.join(copy, folder), { recursive: true });

const build = () => spawnSync('node', [path.join(top, 'cmake/build-texts.mjs'), path.join(scratch, 'out'), copy], { encoding: 'utf8' });
// With one file changed: what the build says; and the file is as before again.
const refusedWith = (file, from, to) => {
  const at = path.join(copy, file);
  const before = readFileSync(at, 'utf8');
  const after = before.replace(from, to);
  assert.notEqual(after, before, `${file} has no ${from}`);
  writeFileSync(at, after);
  const { status, stderr } = build();
  writeFileSync(at, before);
  return status === 0 ? 'nothing' : stderr;
};
const refuses = (file, from, to, said) => {
  const found = refusedWith(file, from, to);
  assert.ok(found.includes(said), `${file}, ${from} → ${to}: expected "${said}", was refused with: ${found}`);
};

try {
  assert.equal(build().status, 0, build().stderr);
  const id = 'assets/i18n/id.json';
  const en = 'assets/i18n/en.json';
  refuses(en, /^ {2}"makeReport".*\n/m, '', 'en.json: "makeReport" is missing');
  refuses(id, /^ {2}"makeReport".*\n/m, '', 'id.json: "makeReport" is missing');
  refuses(en, '  "makeReport"', '  "makeReport": "Report",\n  "makeReport"', 'en.json: "makeReport" is there twice');
  refuses(id, '  "makeReport"', '  "nobody": "x",\n  "makeReport"', 'id.json: "nobody" is used nowhere');
  refuses(en, 'Remove photo {0}', 'Remove photo', 'en.json: "removePhoto" has the placeholders');
  refuses(en, 'Remove photo {0}', 'Remove photo {1}', 'en.json: "removePhoto" has the placeholders');
  refuses(en, 'Remove photo {0}', 'Remove photo {0', 'en.json: "removePhoto" has the placeholders');
  refuses(en, '"one": "{0} day"', '"one": "a day"', 'en.json: "days" has the placeholders');
  refuses(en, '"one": "{0} day", ', '', 'en.json: "days" needs the forms one,other');
  refuses(en, /"makeReport": ".*"/, '"makeReport": ""', 'en.json: "makeReport" has no words');
  refuses(en, /"makeReport": ".*"/, '"makeReport": "Make\\ta report"', 'en.json: "makeReport" has no words, or a control character');
  refuses('src/ui/screens/home.cc', 'Text::kMakeReport', 'Text::kMakeAReport', '"makeAReport" is missing; the code uses it');
  refuses('shell/index.html', '@text:homeQuestion@', '@text:homeQuestions@', '"homeQuestions" is missing; the code uses it');

  // The documented names: | role | `Indonesian` | `English` |
  const texts = [id, en].map((file) => JSON.parse(readFileSync(path.join(top, file), 'utf8')));
  const rows = [...readFileSync(path.join(top, 'docs/interface.md'), 'utf8').matchAll(/^\| [a-z ]+ \| `(.*)` \| `(.*)` \|$/gm)];
  assert.ok(rows.length > 40, `docs/interface.md names only ${rows.length}`);
  for (const [, indonesian, english] of rows) {
    assert.ok(Object.keys(texts[0]).some((key) => texts[0][key] === indonesian && texts[1][key] === english),
      `docs/interface.md: "${indonesian}" is not "${english}" in assets/i18n`);
  }
  console.log(`texts: ${Object.keys(texts[0]).length} in two languages, ${rows.length} names documented`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
