// node check-arrows.mjs ROOT: walks every C++ file under src/, serve/, web/ and tests/.
// First it must refuse what it is there to refuse; a check that cannot fail checks nothing.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { violation } from './arrows.mjs';

const root = process.argv[2] ?? '.';

const REFUSED = [
  ['src/base/json.cc', '"report/report.h"'],
  ['src/report/report.cc', '"geo/distance.h"'],
  ['src/geo/distance.cc', '"lapor/lapor.h"'],
  ['src/photo/exif.cc', '"report/place.h"'],
  ['src/store/repository.cc', '"sync/outbox.h"'],
  ['src/sync/outbox.cc', '"engine/engine.h"'],
  ['src/engine/engine.cc', '"ui/app.h"'],
  ['src/engine/engine.cc', '"photo/photo.h"'],
  ['src/ui/app.cc', '"engine/engine.h"'],
  ['src/ui/app.cc', '"store/repository.h"'],
  ['src/ui/screens/home.cc', '"imgui.h"'],
  ['src/ui/app.cc', '"imgui_internal.h"'],
  ['src/ui/widgets/map.cc', '"ui/app.h"'],
  ['src/ui/widgets/map.cc', '"ui/text.h"'],
  ['src/ui/widgets/map.cc', '"engine/messages.h"'],
  ['serve/app.cc', '"engine/messages.h"'],
  ['serve/app.cc', '"store/repository.h"'],
  ['serve/app.cc', '<emscripten.h>'],
  ['src/engine/engine.cc', '<emscripten/html5.h>'],
  ['src/engine/engine.cc', '<sqlite3.h>'],
  ['web/engine_host.cc', '<sqlite3.h>'],
  ['web/engine_host.cc', '"imgui.h"'],
  ['src/lapor/create.cc', '<nlohmann/json.hpp>'],
  ['src/engine/engine.cc', '<sys/stat.h>'],
  ['src/engine/engine.cc', '"engine/test_world.h"'],
  ['src/store/database.cc', '<gtest/gtest.h>'],
  ['src/store/database.cc', '"store/page_store_conformance.h"'],
  ['src/base/utf8.cc', '<boost/asio.hpp>'],
  ['src/new/thing.cc', '"base/json.h"'],
];
const ALLOWED = [
  ['src/geo/distance.cc', '"report/place.h"'],
  ['src/ui/app.cc', '"engine/messages.h"'],
  ['src/ui/app.cc', '"ui/widgets/ui.h"'],
  ['src/ui/widgets/ui.cc', '"imgui.h"'],
  ['serve/schema.cc', '<sqlite3.h>'],
  ['web/ui_host.cc', '<GLES2/gl2.h>'],
  ['src/base/id_test.cc', '<gtest/gtest.h>'],
  ['src/base/id.cc', '<array>'],
];

const problems = [];
for (const [path, include] of REFUSED) if (violation(path, include) === null) problems.push(`not refused: ${include} in ${path}`);
for (const [path, include] of ALLOWED) if (violation(path, include) !== null) problems.push(`refused: ${include} in ${path}`);

let files = 0;
let includes = 0;
for (const folder of ['src', 'serve', 'web', 'tests']) {
  for (const entry of readdirSync(join(root, folder), { recursive: true })) {
    const path = `${folder}/${entry}`;
    if (!/\.(h|cc)$/.test(path)) continue;
    files += 1;
    for (const [, include] of readFileSync(join(root, path), 'utf8').matchAll(/^[ \t]*#[ \t]*include[ \t]*(["<][^">]+[">])/gm)) {
      includes += 1;
      const words = violation(path, include);
      if (words) problems.push(words);
    }
  }
}
if (files < 150 || includes < 500) problems.push(`only ${files} files with ${includes} includes: the walk is broken`);
for (const problem of problems) console.error(problem);
console.log(`${includes} includes in ${files} files, ${problems.length} against the arrows`);
process.exit(problems.length === 0 ? 0 : 1);
