// Makes the profiles that are shipped: node cmake/build-cities.mjs OUTDIR [PROFILE.json...]
//
// For each profile (all of assets/cities when none is named):
//   1. checks it against assets/cities/profile.schema.json, and what a schema cannot say;
//   2. fills in its districts and villages from idn-area-data, by the city's Kemendagri code;
//   3. checks the result against the schema again, and writes it to OUTDIR/<id>.json, compact.
// Any fault ends the run with status 1 and a line "file: field: what is wrong", one for each fault;
// nothing is written then.

import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(join(root, 'package.json'));
const { default: Ajv2020 } = require('ajv/dist/2020.js');
const Papa = require('papaparse');

const citiesFolder = join(root, 'assets/cities');
const schemaFile = join(citiesFolder, 'profile.schema.json');

// What idn-area-data 3.1.2 has for the cities we ship (docs: domain.md, Cities). A change of these
// numbers is news about the city, or a fault of the package: a person has to look.
const expectedCounts = {
  '15.71': { districts: 11, villages: 68 },
  '71.74': { districts: 4, villages: 33 },
  '62.71': { districts: 5, villages: 30 },
};

function readRows(name) {
  const file = join(root, 'node_modules/idn-area-data/data', name);
  const { data, errors } = Papa.parse(readFileSync(file, 'utf8'), { header: true, skipEmptyLines: true });
  if (errors.length > 0) throw new Error(`${file}: row ${errors[0].row}: ${errors[0].message}`);
  return data;
}

// "PASAR JAMBI" → "Pasar Jambi"; names with any lower-case letter stay as the source writes them.
// Roman numerals stay: "MOGOLAING II".
export function titleCase(name) {
  const text = name.trim().replace(/\s+/g, ' ');
  if (text !== text.toUpperCase()) return text;
  return text.replace(/[\p{L}']+/gu, word =>
    /^[IVX]+$/.test(word) ? word : word[0] + word.slice(1).toLowerCase());
}

const byCode = (a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);

function districtsOf(code, districtRows, villageRows) {
  return districtRows.filter(row => row.regency_code === code).sort(byCode).map(district => ({
    code: district.code,
    name: titleCase(district.name),
    villages: villageRows.filter(row => row.district_code === district.code).sort(byCode)
      .map(village => ({ code: village.code, name: titleCase(village.name) })),
  }));
}

// "/categories/2/hours" → "categories[2].hours", as src/report/city_profile.h names fields.
function fieldOf(error) {
  const extra = error.params.additionalProperty ?? error.params.missingProperty;
  const parts = error.instancePath.split('/').slice(1).map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'));
  if (extra !== undefined) parts.push(extra);
  let field = '';
  for (const part of parts) field += /^\d+$/.test(part) ? `[${part}]` : (field ? '.' : '') + part;
  return field || '(the document)';
}

function schemaFaults(validate, profile) {
  if (validate(profile)) return [];
  return validate.errors.map(error => {
    const allowed = error.params.allowedValues ? `: ${error.params.allowedValues.join(', ')}` : '';
    return [fieldOf(error), error.message + allowed];
  });
}

// Member names that come twice are dropped silently by JSON.parse, so they are looked for in the text.
function duplicateMembers(text) {
  const faults = [];
  const stack = [];
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token[0] === '{') stack.push(new Set());
    else if (token[0] === '[') stack.push(null);
    else if (token[0] === '}' || token[0] === ']') stack.pop();
    else if (token[1] !== undefined) {
      const name = JSON.parse(token[0].slice(0, -token[1].length));
      const names = stack.at(-1);
      if (names?.has(name)) faults.push([name, 'is there twice in one object']);
      names?.add(name);
    }
  }
  return faults;
}

const zoneNames = { 420: 'WIB', 480: 'WITA', 540: 'WIT' };

function otherFaults(profile, file, icons) {
  const faults = [];
  const complain = (field, message) => faults.push([field, message]);
  if (basename(file) !== `${profile.id}.json`) complain('id', 'must be the name of the file');
  if (zoneNames[profile.zone] !== profile.zone_name) complain('zone_name', `must be ${zoneNames[profile.zone]}, which zone says`);
  const first = profile.boundary[0];
  const last = profile.boundary.at(-1);
  if (first.latitude === last.latitude && first.longitude === last.longitude) {
    complain(`boundary[${profile.boundary.length - 1}]`, 'repeats the first point: the ring closes by itself');
  }
  for (const list of ['agencies', 'categories']) {
    const seen = new Set();
    profile[list].forEach(({ id }, i) => {
      if (seen.has(id)) complain(`${list}[${i}].id`, `is there twice: ${id}`);
      seen.add(id);
    });
  }
  const agencies = new Set(profile.agencies.map(agency => agency.id));
  profile.categories.forEach((category, i) => {
    if (!agencies.has(category.agency)) complain(`categories[${i}].agency`, 'is not the id of an agency');
    if (!Object.hasOwn(icons, category.icon)) complain(`categories[${i}].icon`, 'is not a Lucide icon');
  });
  profile.holidays.forEach((date, i) => {
    const time = Date.parse(`${date}T00:00:00Z`);
    if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) {
      complain(`holidays[${i}]`, 'is not a day of the calendar');
    }
  });
  return faults;
}

function countFaults(profile) {
  const villages = profile.districts.reduce((sum, district) => sum + district.villages.length, 0);
  if (profile.districts.length === 0) return [['code', 'has no districts in idn-area-data']];
  const expected = expectedCounts[profile.code];
  if (expected === undefined) return [];
  if (profile.districts.length === expected.districts && villages === expected.villages) return [];
  return [['districts', `idn-area-data has ${profile.districts.length} districts and ${villages} villages, ` +
    `expected ${expected.districts} and ${expected.villages}`]];
}

// Answers { profile, faults }; profile is complete when there are no faults.
function build(file, tools) {
  const text = readFileSync(file, 'utf8');
  let profile;
  try {
    profile = JSON.parse(text);
  } catch (error) {
    return { faults: [['(the document)', `is not JSON: ${error.message}`]] };
  }
  // Each check may rely on the one before it.
  const stages = [
    () => duplicateMembers(text),
    () => schemaFaults(tools.validate, profile),
    () => otherFaults(profile, file, tools.icons),
    () => {
      if (profile.districts !== undefined) return [];  // the city brings its own
      profile.districts = districtsOf(profile.code, tools.districtRows, tools.villageRows);
      return countFaults(profile);
    },
    () => schemaFaults(tools.validate, profile),
  ];
  for (const stage of stages) {
    const faults = stage();
    if (faults.length > 0) return { faults };
  }
  return { profile, faults: [] };
}

function main([outFolder, ...named]) {
  if (!outFolder) {
    console.error('usage: node cmake/build-cities.mjs OUTDIR [PROFILE.json...]');
    return 2;
  }
  const files = named.length > 0 ? named.map(file => resolve(file))
    : readdirSync(citiesFolder).filter(name => name.endsWith('.json') && !name.endsWith('.schema.json'))
      .sort().map(name => join(citiesFolder, name));
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8'));
  const tools = {
    validate: new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(schema),
    icons: JSON.parse(readFileSync(join(root, 'node_modules/lucide-static/font/codepoints.json'), 'utf8')),
    districtRows: readRows('districts.csv'),
    villageRows: readRows('villages.csv'),
  };

  const results = files.map(file => ({ file, ...build(file, tools) }));
  const faulty = results.filter(result => result.faults.length > 0);
  for (const { file, faults } of faulty) {
    for (const [field, message] of faults) console.error(`${file}: ${field}: ${message}`);
  }
  if (faulty.length > 0) return 1;

  mkdirSync(outFolder, { recursive: true });
  for (const { profile } of results) {
    const target = join(outFolder, `${profile.id}.json`);
    writeFileSync(`${target}.new`, JSON.stringify(profile) + '\n');
    renameSync(`${target}.new`, target);  // a build that is cut short leaves the old file whole
  }
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
