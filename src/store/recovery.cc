#include "store/recovery.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "store/migrations.h"
#include "store/paged_vfs.h"

namespace titik::store {
namespace {

// A number far from all others is damage itself, and would cost gigabytes of empty pages.
constexpr PageNumber kMostMissing = 4096;

// The tables, and what a row of each is known by: every page is read as a page of every table.
struct Table {
  const char* name;
  const char* fits;
};
constexpr Table kTables[] = {
    {"report", "state IN('draf','antre','mengirim','diterima','perlu_perhatian') AND length(id)=36"},
    {"photo", "length(sha256)=64 AND typeof(position)='integer' AND length(thumbnail_sha256)=64"},
    {"outbox", "typeof(queued_at)='integer' AND queued_at>1 AND typeof(attempts)='integer'"},
    {"timeline", "typeof(position)='integer' AND typeof(at)='integer' AND typeof(who)='text'"},
    {"evidence", "typeof(entry)='integer' AND typeof(position)='integer' AND typeof(path)='text'"},
    {"sms", "number='1708' AND typeof(at)='integer' AND length(report_id)=36"},
    {"receipt", "length(report_id)=36 AND length(jws)>99"},
    {"setting", "length(name)<36"},  // an index has a hash or an id there
};

// A draft of which only the id is known: %s selects it.
constexpr const char* kStub =
    "INSERT OR IGNORE INTO report(id,state,classification,category_id,title,content,incident_date,is_anonymous,"
    "is_secret,reporter_name,reporter_phone,landmark,created_at,updated_at) "
    "SELECT %s,'draf',1,'','','','',0,0,'','','',0,0%s";

// What the rows that were found do not agree on. No report is sent twice by what is put into the outbox
// here: its id is the Idempotency-Key, and the city's server answers a key it knows with the receipt
// that it gave before.
constexpr const char* kMend[] = {
    // Without its report there is nothing to send and nothing to tell of.
    "DELETE FROM outbox WHERE report_id NOT IN(SELECT id FROM report WHERE state IN('antre','mengirim','diterima'))",
    "DELETE FROM timeline WHERE report_id NOT IN(SELECT id FROM report)",
    "DELETE FROM evidence WHERE report_id NOT IN(SELECT id FROM report)",
    // Of a page whose sum is wrong: checked anew.
    "UPDATE receipt SET verdict=0",
    "DELETE FROM sms WHERE report_id NOT IN(SELECT id FROM report)",
    // Whether it was sent already is not known: asked first, by its key.
    ("INSERT OR IGNORE INTO outbox(report_id,queued_at,create_unanswered) "
     "SELECT id,submitted_at,1 FROM report WHERE state IN('antre','mengirim') OR state='diterima' AND problem='' AND id IN"
     "(SELECT report_id FROM photo WHERE upload_id='' OR substr(upload_id,1,1)='/')"),
    // News that were told may be among what is lost: all are asked for again.
    "DELETE FROM setting WHERE name='changes_cursor'",
};

// SQLite at first hand: an error means that a row cannot be read, which is why we are here, and Result
// would make this file three times as large on the phone.
class Rows {
 public:
  Rows(Database& db, const char* format, const char* first = "", const char* second = "", const char* third = "") {
    char sql[1024];
    sqlite3_snprintf(sizeof sql, sql, format, first, second, third);
    (void)sqlite3_prepare_v2(db.handle(), sql, -1, &statement_, nullptr);
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() { (void)sqlite3_finalize(statement_); }

  bool next() { return (code_ = sqlite3_step(statement_)) == SQLITE_ROW; }
  [[nodiscard]] bool broke_off() const { return code_ != SQLITE_DONE && code_ != SQLITE_ROW; }
  [[nodiscard]] int columns() const { return sqlite3_column_count(statement_); }
  [[nodiscard]] const char* name(int column) const { return sqlite3_column_name(statement_, column); }
  [[nodiscard]] int integer() const { return sqlite3_column_int(statement_, 0); }
  [[nodiscard]] const char* text(int column) const {
    const unsigned char* found = sqlite3_column_text(statement_, column);
    return found ? reinterpret_cast<const char*>(found) : "";
  }
  // As it is, but for text: it ends where a lost page left zeros.
  void bind(int parameter, const Rows& row, int column) {
    if (sqlite3_column_type(row.statement_, column) == SQLITE_TEXT) bind(parameter, row.text(column));
    else (void)sqlite3_bind_value(statement_, parameter, sqlite3_column_value(row.statement_, column));
  }
  void bind(int parameter, const char* text) { (void)sqlite3_bind_text(statement_, parameter, text, -1, SQLITE_TRANSIENT); }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int code_ = SQLITE_DONE;
};

std::uint32_t read16(const Page& page, std::size_t at) { return std::uint32_t{page[at]} << 8 | page[at + 1]; }
void write16(Page& page, std::size_t at, std::uint32_t value) {
  page[at] = static_cast<std::uint8_t>(value >> 8);
  page[at + 1] = static_cast<std::uint8_t>(value);
}

// The page as a leaf that stands for itself; empty when it has no rows of ours. All our tables are
// WITHOUT ROWID, so their rows lie in index pages: in leaves, and in the pages above them, whose cells
// differ by the number of a child in front ("B-tree Pages" of SQLite's file format).
Page as_leaf(const Page& page) {
  constexpr std::uint8_t kInterior = 2, kLeaf = 10;
  if (page[0] == kLeaf) return page;
  if (page[0] != kInterior) return {};
  Page leaf = page;
  leaf[0] = kLeaf;
  const std::uint32_t cells = std::min<std::uint32_t>(read16(page, 3), (kPageSize - 12) / 2);
  for (std::uint32_t i = 0; i < cells; ++i) write16(leaf, 8 + 2 * i, read16(page, 12 + 2 * i) + 4);
  return leaf;
}

// Pages under the numbers they were written for: a sum knows its page's number.
std::vector<Page> in_place(StoredImage& damaged) {
  PageNumber count = 0;
  for (const auto& [number, page] : damaged.pages) {
    if (number - count <= kMostMissing) count = number;
  }
  std::vector<Page> pages(count);
  std::vector<StoredPage> lost;
  for (auto& [number, page] : damaged.pages) {
    page.data.resize(kPageSize);
    if (number == 0 || number > count) continue;
    if (page_checksum(number, page.data) != page.sum) lost.push_back(page);
    pages[number - 1] = std::move(page.data);
  }
  for (StoredPage& page : lost) {
    for (PageNumber number = 1; number <= count; ++number) {
      if (page_checksum(number, page.data) == page.sum) pages[number - 1] = page.data;
    }
  }
  for (Page& page : pages) page.resize(kPageSize);
  return pages;
}

// A row of the damaged database into the table of the new one, if it is not there yet.
void insert(Database& to, const char* table, const Rows& row) {
  std::string parameters = "?";
  for (int i = 1; i < row.columns(); ++i) parameters += ",?";
  Rows into(to, "INSERT OR IGNORE INTO %s VALUES(%s)", table, parameters.c_str());
  for (int i = 0; i < row.columns(); ++i) into.bind(i + 1, row, i);
  (void)into.next();
}

// A report that cannot be read whole: what can, column by column. What has lost a part of its words is not
// sent by itself: it becomes a draft again, unless the city has it already.
void insert_parts(Database& from, Database& to, const char* id, const Rows& whole) {
  Rows stub(to, kStub, "?1");
  stub.bind(1, id);
  (void)stub.next();
  for (int column = 1; column < whole.columns(); ++column) {
    Rows part(from, "SELECT %s FROM report WHERE +id=%Q", whole.name(column), id);
    if (!part.next()) continue;
    if (column == 1 && std::strcmp(part.text(0), "diterima") != 0) continue;
    Rows into(to, "UPDATE OR IGNORE report SET %s=?1 WHERE id=%Q", whole.name(column), id);
    into.bind(1, part, 0);
    (void)into.next();
  }
}

// All rows of the page that `from` has for every table.
void copy_page(Database& from, Database& to) {
  constexpr const char* kEnds[] = {"", " DESC"};
  for (const Table& table : kTables) {
    // From both ends, and no further than a page can reach: a damaged one may lead SQLite round in circles.
    bool broke_off = false;
    for (const char* end : kEnds) {
      Rows rows(from, "SELECT * FROM %s WHERE %s ORDER BY 1%s LIMIT 1500", table.name, table.fits, end);
      while (rows.next()) insert(to, table.name, rows);
      broke_off = rows.broke_off();
      if (!broke_off) break;
    }
    // A report is long: its words may be lost while its place in the page is sound.
    if (!broke_off || &table != kTables) continue;
    std::vector<std::string> ids;
    for (const char* end : kEnds) {
      Rows rows(from, "SELECT id FROM report WHERE %s ORDER BY 1%s LIMIT 1500", table.fits, end);
      while (rows.next()) ids.emplace_back(rows.text(0));
    }
    for (const std::string& id : ids) {
      // The plus keeps SQLite from searching: that would read whole rows, and one of them is damaged.
      Rows whole(from, "SELECT * FROM report WHERE +id=%Q", id.c_str());
      if (whole.next()) insert(to, "report", whole);
      else if (whole.broke_off()) insert_parts(from, to, id.c_str(), whole);
    }
  }
}

// Into `to`, from a database with our tables and nothing in them, whose pages lie behind those of the
// damaged one: so the chains of long rows in there find their pages. Each page in turn becomes the root of
// every table.
Result<Ok> copy_all(const std::vector<Page>& pages, Database& to) {
  PagedFile reader({}, [](const PageBatch&) {});
  std::vector<PageNumber> roots;
  {
    Database db = TRY(open_paged_database(reader));
    TRY(db.execute("CREATE TABLE filler(x);INSERT INTO filler VALUES(zeroblob(" +
                   std::to_string(pages.size() * kPageSize) + "))"));
    TRY(migrate(db));
    for (const Table& table : kTables) {
      Rows root(db, "SELECT rootpage FROM sqlite_schema WHERE name=%Q", table.name);
      if (root.next()) roots.push_back(static_cast<PageNumber>(root.integer()));
    }
  }
  for (PageNumber number = 2; number <= pages.size(); ++number) reader.write(number, pages[number - 1].data());
  for (const Page& page : pages) {
    const Page leaf = as_leaf(page);
    if (leaf.empty()) continue;
    for (const PageNumber root : roots) reader.write(root, leaf.data());
    Database from = TRY(open_paged_database(reader));
    copy_page(from, to);
  }
  return Ok{};
}

void mend(Database& db, UnixMillis now) {
  for (const char* sql : kMend) (void)Rows(db, sql).next();
  (void)Rows(db, kStub, "DISTINCT report_id", " FROM photo").next();
  (void)Rows(db, "UPDATE report SET created_at=%s,updated_at=created_at WHERE created_at=0", std::to_string(now).c_str()).next();
  (void)Rows(db, "INSERT OR REPLACE INTO setting SELECT 'recovered',count(*) FROM report").next();
}

}  // namespace

Result<PageImage> recover(StoredImage damaged, UnixMillis now) {
  const std::vector<Page> pages = in_place(damaged);
  damaged = {};
  PagedFile file({}, [](const PageBatch&) {});
  {
    Database to = TRY(open_paged_database(file));
    TRY(migrate(to));
    // Rows come in the order of pages, not of what refers to what: mend() looks after that.
    TRY(to.execute("PRAGMA foreign_keys=OFF;BEGIN"));
    TRY(copy_all(pages, to));
    mend(to, now);
    TRY(to.execute("COMMIT"));
  }
  PageBatch whole = file.whole();
  return PageImage{.commit = 1, .page_count = whole.page_count, .pages = std::move(whole.pages)};
}

}  // namespace titik::store
