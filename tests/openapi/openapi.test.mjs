// serve/openapi.yaml is what the server does: it is valid OpenAPI 3.1, names every route and no other, and every
// answer that the native tests of serve/ get is one that it describes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const TESTS = process.env.TITIK_SERVE_TEST ?? path.join(top, 'build/asan/serve/serve_test');
const document = parse(readFileSync(path.join(top, 'serve/openapi.yaml'), 'utf8'));
const folder = mkdtempSync(path.join(tmpdir(), 'titik-answers-'));
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

let answers = [];
let routes = [];
before(() => {
  let file = process.env.TITIK_ANSWERS;  // tests/run has just run them
  if (!file) {
    file = path.join(folder, 'answers.jsonl');
    execFileSync(TESTS, ['--gtest_brief=1'], { cwd: top, env: { ...process.env, TITIK_ANSWERS: file }, stdio: ['ignore', 'pipe', 'pipe'] });
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  answers = lines.filter((line) => 'status' in line);
  routes = lines.filter((line) => 'pattern' in line);
}, { timeout: 300_000 });
after(() => rmSync(folder, { recursive: true, force: true }));

const operations = () => Object.entries(document.paths).flatMap(([pattern, item]) =>
  METHODS.filter((method) => item[method]).map((method) => ({ pattern, method, operation: item[method] })));
// Names of parameters are the document's own business.
const shape = (pattern) => pattern.replaceAll(/\{[^}]*\}/g, '{}');
const resolved = (thing) => (thing?.$ref ? thing.$ref.slice(2).split('/').reduce((at, key) => at[key.replaceAll('~1', '/').replaceAll('~0', '~')], document) : thing);
const pointer = (...keys) => keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

test('it is valid OpenAPI 3.1, and every operation has a name of its own', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors, null, 1));
  assert.match(document.openapi, /^3\.1\./);
  const names = operations().map(({ operation }) => operation.operationId);
  assert.deepEqual(names.filter((name, i) => !name || names.indexOf(name) !== i), []);
  for (const { pattern, method, operation } of operations()) {
    const own = [...(operation.parameters ?? []), ...(document.paths[pattern].parameters ?? [])].map(resolved);
    const inPath = [...pattern.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name).sort();
    assert.deepEqual(own.filter((one) => one.in === 'path').map((one) => one.name).sort(), inPath, `${method} ${pattern}`);
  }
});

test('it names every route of the server, and no other', () => {
  assert.ok(routes.length > 20, 'the native tests tell their routes');
  const told = operations().map(({ pattern, method }) => `${method} ${shape(pattern)}`).sort();
  assert.deepEqual(told, routes.map(({ method, pattern }) => `${method.toLowerCase()} ${shape(pattern)}`).sort());
});

test('every answer in the native tests is one that it describes, and every operation succeeded once', (t) => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats(ajv);
  ajv.addSchema({ ...document, $id: 'openapi' });
  const patterns = Object.keys(document.paths)
    .map((pattern) => ({ pattern, matcher: new RegExp(`^${pattern.split(/\{[^}]*\}/).map(RegExp.escape ?? ((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('[^/]+')}$`) }))
    .sort((a, b) => a.pattern.split('{').length - b.pattern.split('{').length);
  const problems = new Map();
  const succeeded = new Set();
  let checked = 0;
  for (const { method, target, status, type, body } of answers) {
    const at = target.split('?')[0];
    const item = patterns.find(({ pattern, matcher }) => matcher.test(decodeURIComponent(at)) && document.paths[pattern][method.toLowerCase()]);
    // What is no route answers 404 or 405 in the common form; HEAD is GET without its body.
    if (!item || status === 405) continue;
    const name = `${method} ${item.pattern} ${status}`;
    const operation = document.paths[item.pattern][method.toLowerCase()];
    const key = [String(status), `${String(status)[0]}XX`, 'default'].find((one) => operation.responses[one]);
    const complain = (what) => { if (!problems.has(name)) problems.set(name, what); };
    if (!key) { complain('is not described'); continue; }
    checked += 1;
    if (status < 400) succeeded.add(operation.operationId);
    const response = operation.responses[key];
    const content = resolved(response).content;
    if (!body) continue;
    const media = type.split(';')[0];
    if (!content?.[media]) { complain(`answers ${media}, which is not described`); continue; }
    if (!/json$/.test(media) || !content[media].schema) continue;
    const where = response.$ref ? `${response.$ref}${pointer('content', media, 'schema')}` : `#${pointer('paths', item.pattern, method.toLowerCase(), 'responses', key, 'content', media, 'schema')}`;
    const validate = ajv.getSchema(`openapi${where}`);
    if (!validate(JSON.parse(body))) complain(`${ajv.errorsText(validate.errors)}: ${body.slice(0, 300)}`);
  }
  assert.deepEqual([...problems].map(([name, what]) => `${name}: ${what}`), []);
  t.diagnostic(`${checked} answers checked`);
  const never = operations().map(({ operation }) => operation.operationId).filter((name) => !succeeded.has(name));
  assert.deepEqual(never, [], 'operations that no test saw succeed');
});
