#include "serve/copy_database.h"

#include <algorithm>
#include <string>
#include <vector>

namespace titik::serve {
namespace {

constexpr std::int64_t kNumbersAhead = 1'000'000;

struct Column {
  std::string name;
  std::string type;  // SQLite's: INTEGER, REAL or TEXT
};
struct Table {
  std::string name;
  std::vector<Column> columns;
  std::string id;  // the column that counts by itself; empty: none
};

std::string names_of(const Table& table) {
  std::string names;
  for (const Column& column : table.columns) names += (names.empty() ? "" : ", ") + column.name;
  return names;
}

// Without `blob`, which is copied as files. In the order of their making, so that what is referred to comes first; the feed's numbers, which triggers fill while
// the others come, at the end.
Result<std::vector<Table>> tables_of(Sql& sqlite) {
  std::vector<Table> tables;
  Statement names = TRY(sqlite.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'blob' "
      "ORDER BY name = 'change', rowid"));
  while (TRY(names.step())) tables.push_back({.name = names.text(0), .columns = {}, .id = {}});
  for (Table& table : tables) {
    Statement columns = TRY(sqlite.prepare("PRAGMA table_info(" + table.name + ")"));
    std::vector<std::string> key;
    while (TRY(columns.step())) {
      table.columns.push_back({columns.text(1), columns.text(2)});
      if (columns.integer(5) != 0 && columns.text(2) == "INTEGER") key.push_back(columns.text(1));
    }
    if (key.size() == 1) table.id = key.front();
  }
  return tables;
}

Result<Ok> copy_row(const Table& table, const Statement& row, Statement& insert) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const int column = static_cast<int>(i);
    const std::string& type = table.columns[i].type;
    if (row.is_null(column)) TRY(insert.bind_null(column + 1));
    else if (type == "INTEGER") TRY(insert.bind(column + 1, row.integer(column)));
    else if (type == "REAL") TRY(insert.bind(column + 1, row.number(column)));
    else TRY(insert.bind(column + 1, row.text(column)));
  }
  return insert.run();
}

Result<Ok> copy_table(const Table& table, Sql& from, Sql& to) {
  std::string parameters;
  for (std::size_t i = 1; i <= table.columns.size(); ++i) parameters += (i == 1 ? "?" : ", ?") + std::to_string(i);
  Statement insert = TRY(to.prepare("INSERT INTO " + table.name + "(" + names_of(table) + ") VALUES (" + parameters + ")"));
  const std::string select = "SELECT " + names_of(table) + " FROM " + table.name;
  if (from.dialect() == Dialect::kSqlite) {
    Statement row = TRY(from.prepare(select));
    while (TRY(row.step())) TRY(copy_row(table, row, insert));
    return Ok{};
  }
  // PostgreSQL gives a result whole: by a cursor, so that it need not fit into memory.
  TRY(from.execute("DECLARE copy_" + table.name + " CURSOR FOR " + select));
  Statement row = TRY(from.prepare("FETCH 1000 FROM copy_" + table.name));
  for (bool more = true; more;) {
    more = false;
    while (TRY(row.step())) {
      more = true;
      TRY(copy_row(table, row, insert));
    }
  }
  return from.execute("CLOSE copy_" + table.name);
}

// The last number that a table has given: numbers of what was deleted are not given again.
Result<std::int64_t> last_number(const Table& table, Sql& sql) {
  Statement row = TRY(sql.prepare("SELECT coalesce(max(" + table.id + "), 0) FROM " + table.name));
  TRY(row.step());
  const std::int64_t highest = row.integer(0);
  row.reset();
  std::string given = "SELECT seq FROM sqlite_sequence WHERE name = '" + table.name + "'";
  if (sql.dialect() == Dialect::kPostgresql) {
    given = "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('" + table.name + "', '" + table.id + "')::regclass), 0)";
  }
  Statement last = TRY(sql.prepare(given));
  return TRY(last.step()) ? std::max(highest, last.integer(0)) : highest;
}

Result<Ok> continue_from(const Table& table, std::int64_t number, Sql& sql) {
  if (number == 0) return Ok{};
  const std::string text = std::to_string(number);
  if (sql.dialect() == Dialect::kSqlite) {
    return sql.execute("UPDATE sqlite_sequence SET seq = " + text + " WHERE name = '" + table.name + "' AND seq < " + text +
                       "; INSERT INTO sqlite_sequence(name, seq) SELECT '" + table.name + "', " + text +
                       " WHERE EXISTS (SELECT 1 FROM sqlite_master WHERE name = '" + table.name +
                       "' AND sql LIKE '%AUTOINCREMENT%') AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '" +
                       table.name + "')");
  }
  // A key that is another table's number has no sequence of its own: then nothing is set.
  return sql.execute("SELECT setval(pg_get_serial_sequence('" + table.name + "', '" + table.id + "')::regclass, " + text + ")");
}

Result<Ok> copy_all(Sql& from, Sql& to) {
  const std::vector<Table> tables = TRY(tables_of(from.dialect() == Dialect::kSqlite ? from : to));
  for (const Table& table : tables) {
    if (table.name == "change") TRY(to.execute("DELETE FROM change"));
    TRY(copy_table(table, from, to));
    if (table.id.empty()) continue;
    // An item's number is its mark at SP4N-LAPOR!: one that was given after a backup must not be given again.
    const std::int64_t ahead = table.name == "outbox" ? kNumbersAhead : 0;
    TRY(continue_from(table, TRY(last_number(table, from)) + ahead, to));
  }
  // By way of negative ones: on its way no number may meet one that is still there.
  const Table change{.name = "change", .columns = {}, .id = "number"};
  const std::int64_t ahead = TRY(last_number(change, from)) + kNumbersAhead;
  TRY(to.execute("UPDATE change SET number = -number - " + std::to_string(ahead) + "; UPDATE change SET number = -number"));
  return continue_from(change, 2 * ahead, to);
}

Result<Ok> refuse_unless_empty(Sql& to) {
  Statement row = TRY(to.prepare("SELECT (SELECT count(*) FROM report) + (SELECT count(*) FROM caller)"));
  TRY(row.step());
  if (row.integer(0) == 0) return Ok{};
  return Error{ErrorCode::kConflict, "database", "tujuan sudah berisi data; pakailah folder atau basis data yang kosong"};
}

}  // namespace

Result<Ok> copy_database(Sql& from, Sql& to) {
  const std::scoped_lock locks(from.mutex(), to.mutex());
  TRY(refuse_unless_empty(to));
  return to.transaction([&] { return from.snapshot([&] { return copy_all(from, to); }); });
}

}  // namespace titik::serve
