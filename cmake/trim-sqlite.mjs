// Writes a copy of the phone's SQLite without what no statement of the phone's (src/store) makes use of, and
// no flag leaves out: the compiler cannot know, a table names all SQL functions and a word of bits all
// optimisations.
//   node cmake/trim-sqlite.mjs SQLITE_C OUT_C [--functions]
// --functions: all SQL functions stay. The native tests ask for more of them than the phone's own code.
// An edit that does not fit the version found is left out, with a warning: the program is the same, only larger
// (and node cmake/build-client.mjs --check may then fail).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const [from, to, all] = process.argv.slice(2);
if (!from || !to) {
  console.error('usage: trim-sqlite.mjs SQLITE_C OUT_C [--functions]');
  process.exit(2);
}
let text = readFileSync(from, 'utf8');

// With their number of arguments: what src/store says in SQL, and what VACUUM says inside SQLite (quote).
const FUNCTIONS = ['coalesce -4', 'count 0', 'count 1', 'length 1', 'max 1', 'quote 1', 'substr 3', 'sum 1', 'typeof 1', 'zeroblob 1'];
// Each may be switched off alone by sqlite3_test_control(): answers stay the same. They are for joins of
// many large tables, subqueries and statistics; ours look up by key and read short lists in order.
const OPTIMIZATIONS = ['QueryFlattener', 'GroupByOrder', 'DistinctOpt', 'Transitive', 'OmitNoopJoin', 'CountOfView', 'Stat4',
  'PushDown', 'SimplifyJoin', 'SkipScan', 'PropagateConst', 'SeekScan', 'BloomFilter', 'BloomPulldown', 'BalancedMerge',
  'FlttnUnionAll', 'IndexedExpr', 'NullUnusedCols', 'OrderBySubq', 'StarQuery', 'ExistsToJoin'];

const edit = (what, pattern, wanted) => {
  const edited = text.replace(pattern, wanted);
  if (edited === text) console.error(`trim-sqlite: warning: this version of SQLite has no such ${what}`);
  text = edited;
};

const masks = OPTIMIZATIONS.map((name) => `SQLITE_${name}`).join('|');
edit('OptimizationDisabled', '(((db)->dbOptFlags&(mask))!=0)', `(((mask)&~(${masks}))==0 || ((db)->dbOptFlags&(mask))!=0)`);
edit('OptimizationEnabled', '(((db)->dbOptFlags&(mask))==0)', '(!OptimizationDisabled(db, mask))');
if (!all) {
  const entry = /^ {4}(?:FUNCTION2?|[VDS]FUNCTION|INLINE_FUNC|WAGGREGATE|LIKEFUNC)\((\w+), *(-?\d+)[^;]*?\),\n/gm;
  edit('table of functions', /static FuncDef aBuiltinFunc\[\] = \{[^;]*?\n {2}\};/, (table) =>
    table.replace(entry, (one, name, count) => (FUNCTIONS.includes(`${name} ${count}`) ? one : '')));
  edit('table of times', /( {2}static FuncDef aDateTimeFuncs\[\] = \{)[^;]*\};\n.*\n/, '');
}
// Names of databases are no addresses.
edit('condition of an URI', /\(\(flags & SQLITE_OPEN_URI\)[^|]*\|\| AtomicLoad\(&sqlite3GlobalConfig.bOpenUri\)\)/, '0');

if (!existsSync(to) || readFileSync(to, 'utf8') !== text) writeFileSync(to, text);  // else nothing is compiled anew
