// Makes the fonts the interface loads, each cut down to the glyphs in use, and the table of icons.
//   node cmake/build-fonts.mjs OUTDIR
// Text: Plus Jakarta Sans (OFL) in three weights: ASCII, Latin-1 and the punctuation people type.
// Icons: Lucide (ISC): the names in assets/icons.txt and in the city profiles.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = process.argv[2];
if (!out) {
  console.error('usage: build-fonts.mjs OUTDIR');
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const subset = (font, unicodes, name) =>
  execFileSync('/usr/bin/python3', ['-m', 'fontTools.subset', font, `--unicodes=${unicodes}`,
    "--layout-features=", '--no-hinting', '--desubroutinize', '--name-IDs=', `--output-file=${join(out, name)}`]);

const textRanges = 'U+0020-007E,U+00A0-00FF,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+2192,U+FFFD';
const jakarta = join(top, 'node_modules/@expo-google-fonts/plus-jakarta-sans');
for (const [folder, style, name] of [['400Regular', '400Regular', 'text-400.ttf'],
  ['600SemiBold', '600SemiBold', 'text-600.ttf'], ['700Bold', '700Bold', 'text-700.ttf']]) {
  subset(join(jakarta, folder, `PlusJakartaSans_${style}.ttf`), textRanges, name);
}

const lucide = join(top, 'node_modules/lucide-static/font');
const codePoints = JSON.parse(readFileSync(join(lucide, 'codepoints.json'), 'utf8'));
const names = new Set(readFileSync(join(top, 'assets/icons.txt'), 'utf8').split('\n').filter(Boolean));
const cities = join(top, 'assets/cities');
for (const file of readdirSync(cities).filter((name) => name.endsWith('.json') && !name.includes('schema'))) {
  for (const category of JSON.parse(readFileSync(join(cities, file), 'utf8')).categories ?? []) {
    names.add(category.icon);
  }
}
const icons = [...names].sort();
for (const name of icons) {
  if (!(name in codePoints)) {
    console.error(`build-fonts: Lucide has no icon named "${name}"`);
    process.exit(1);
  }
}
subset(join(lucide, 'lucide.ttf'), icons.map((name) => `U+${codePoints[name].toString(16)}`).join(','), 'icons.ttf');
writeFileSync(join(out, 'icons.inc'),
  icons.map((name) => `    {"${name}", 0x${codePoints[name].toString(16).toUpperCase()}},\n`).join(''));
