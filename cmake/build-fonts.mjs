// Makes the fonts the interface loads, each cut down to the glyphs in use, and the table of icons.
//   node cmake/build-fonts.mjs OUTDIR
// Text: Plus Jakarta Sans (OFL) in three weights: ASCII, Latin-1 (in full only in the regular one) and
// the punctuation people type.
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

// The text fonts also serve the browser's own fields, and browsers want OS/2, name and post; the icons
// are read by ImGui's stb_truetype alone. No layout tables. Outlines are rounded to a coarser grid, whose
// smaller numbers compress better: half a unit of 512 is 0.05 device pixels in our largest heading, of
// 256 is 0.1 in an icon (0.6 KB brotli a font, 2.5 KB for the icons).
const UNUSED = { text: 'GDEF,GPOS,GSUB,STAT,gasp,prep,DSIG', icons: 'OS/2,name,post,GSUB' };
const SCALE = 'import sys\nfrom fontTools.ttLib import TTFont\nfrom fontTools.ttLib.scaleUpem import scale_upem\n' +
  'font = TTFont(sys.argv[1])\nscale_upem(font, int(sys.argv[2]))\nfont.save(sys.argv[1])\n';
const subset = (font, unicodes, name, unused, grid) => {
  const file = join(out, name);
  execFileSync('/usr/bin/python3', ['-m', 'fontTools.subset', font, `--unicodes=${unicodes}`, '--layout-features=',
    '--no-hinting', '--desubroutinize', '--name-IDs=', `--drop-tables+=${unused}`, `--output-file=${file}`]);
  execFileSync('/usr/bin/python3', ['-c', SCALE, file, String(grid)]);
};

// Citizens write in the regular weight: all of Latin-1. The heavier two set our own words and titles:
// é, è, ±, · and no more of it (3 KB brotli each).
const PUNCTUATION = 'U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+2192,U+FFFD';
const everything = `U+0020-007E,U+00A0-00FF,${PUNCTUATION}`;
const headings = `U+0020-007E,U+00A0,U+00B1,U+00B7,U+00C9,U+00E8,U+00E9,${PUNCTUATION}`;
const jakarta = join(top, 'node_modules/@expo-google-fonts/plus-jakarta-sans');
for (const [style, name, unicodes] of [['400Regular', 'text-400.ttf', everything],
  ['600SemiBold', 'text-600.ttf', headings], ['700Bold', 'text-700.ttf', headings]]) {
  subset(join(jakarta, style, `PlusJakartaSans_${style}.ttf`), unicodes, name, UNUSED.text, 512);
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
subset(join(lucide, 'lucide.ttf'), icons.map((name) => `U+${codePoints[name].toString(16)}`).join(','), 'icons.ttf', UNUSED.icons, 256);
writeFileSync(join(out, 'icons.inc'),
  icons.map((name) => `    {"${name}", 0x${codePoints[name].toString(16).toUpperCase()}},\n`).join(''));
