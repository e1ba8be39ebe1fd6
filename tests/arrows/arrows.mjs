// Which file may include what: the arrows of docs/design.md, as a function of two names.
//
//   violation('src/ui/app.cc', '"store/database.h"')  →  a sentence, or null when it is allowed
//
// An include that is in no table here is refused too: a new dependency is a decision, taken here.

// What each folder may include beside itself: another folder, or a single header of it.
const ARROWS = {
  'src/base': [],
  'src/report': ['base'],
  'src/geo': ['base', 'report'],
  'src/photo': ['base'],
  'src/lapor': ['base', 'report'],
  'src/store': ['base', 'report'],
  'src/sync': ['base', 'report', 'lapor', 'store'],
  'src/engine': ['base', 'report', 'geo', 'lapor', 'store', 'sync'],
  'src/ui': ['base', 'report', 'geo', 'engine/messages.h'],
  // Widgets know no screen and no engine; screens speak to them.
  'src/ui/widgets': ['base', 'report', 'geo'],
  // store/database.h only: the server has tables of its own.
  serve: ['base', 'report', 'geo', 'photo', 'lapor', 'store/database.h'],
  web: ['base', 'report', 'geo', 'photo', 'lapor', 'store', 'sync', 'engine', 'ui'],
  tests: ['base', 'report', 'geo', 'photo', 'lapor', 'store', 'sync', 'engine', 'ui', 'serve'],
};
const FOLDERS = new Set(['base', 'report', 'geo', 'photo', 'lapor', 'store', 'sync', 'engine', 'ui', 'serve']);

// Headers that are neither ours nor the C++ standard's, and who may see them.
const OUTSIDE = [
  { include: /^(emscripten(\/|\.h$)|GLES2\/)/, users: /^web\// },
  { include: /^sqlite3\.h$/, users: /^(src\/store|serve)\// },
  { include: /^imgui(_internal)?\.h$/, users: /^(src\/ui\/widgets\/|web\/(ui_host|gl_renderer|gallery\/gallery_host)\.cc$)/ },
  { include: /^nlohmann\//, users: /^src\/base\/json\.h$/ },
  { include: /^stb\//, users: /^src\/photo\// },
  { include: /^httplib\.h$/, users: /^serve\/(http_server(_test)?\.cc|upstream_client\.cc|test_upstream\.h)$/ },
  { include: /^libpq-fe\.h$/, users: /^serve\/sql_postgresql\.cc$/ },
  { include: /^argon2\.h$/, users: /^serve\/password\.cc$/ },
  { include: /^(brotli\/encode|zlib)\.h$/, users: /^serve\/compression\.cc$/ },
  // In src/ only where a test signs what the phone is to verify.
  { include: /^openssl\//, users: /^(serve\/|src\/lapor\/test_receipts\.cc$)/ },
  { include: /^(gtest|gmock)\//, users: /(_test\.cc|\/test_[a-z_]+\.(h|cc)|_conformance\.h)$/ },
  // The operating system: the file store and the server; all else runs in a browser too.
  { include: /^(arpa|sys)\/|^(fcntl|poll|stdlib|unistd)\.h$/, users: /^(src\/store\/file_page_store\.cc$|serve\/|tests\/fuzz\/http_fuzz\.cc$)/ },
  // Made at build time, beside the only file that reads them.
  { include: /^(texts|plurals|texts_mark)\.inc$/, users: /^src\/ui\/text(_test)?\.(h|cc)$/ },
  { include: /^icons\.inc$/, users: /^src\/ui\/widgets\/icons\.cc$/ },
  { include: /^gl_renderer\.h$/, users: /^web\// },
  { include: /^(ui|engine)_imports\.h$/, users: /^web\/(ui|engine)_host\.cc$/ },
];

const isTest = (path) => /^tests\/|_test\.cc$|\/test_[a-z_]+\.(h|cc)$|_conformance\.h$/.test(path);

const folderOf = (path) => Object.keys(ARROWS).filter((folder) => path.startsWith(`${folder}/`))
  .sort((a, b) => b.length - a.length)[0];

// `path`: from the source root. `include`: with its quotes or angle brackets.
export const violation = (path, include) => {
  const name = include.slice(1, -1);
  const folder = folderOf(path);
  if (!folder) return `${path} lies in no folder that tests/arrows knows`;
  if (!isTest(path) && isTest(name.includes('/') ? `src/${name}` : `src/x/${name}`)) return `${path} is no test, yet includes ${include}`;

  const target = name.split('/')[0];
  if (FOLDERS.has(target) && include.startsWith('"')) {
    const allowed = ARROWS[folder];
    const own = folder === 'src/ui/widgets' ? 'ui/widgets' : folder.replace(/^src\//, '');
    const fits = (arrow) => name === arrow || name.startsWith(`${arrow}/`);
    if (fits(own) || allowed.some(fits)) return null;
    return `${folder} may not include ${include} (${path})`;
  }
  const outside = OUTSIDE.find((one) => one.include.test(name));
  if (outside) return outside.users.test(path) ? null : `${path} may not include ${include}`;
  // The C++ standard's headers, and C's in their C++ names.
  if (include.startsWith('<') && /^[a-z_]+$/.test(name)) return null;
  return `${include} in ${path} is in no table of tests/arrows`;
};
