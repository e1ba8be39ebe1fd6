// SQLite, through the layer that the phone uses too.
#include <chrono>
#include <filesystem>
#include <thread>

#include "serve/sql.h"
#include "store/database.h"

namespace titik::serve {
namespace {

class SqliteStatement final : public Statement::Driver {
 public:
  SqliteStatement(store::Database& db, store::Statement statement) : db_(db), statement_(std::move(statement)) {}

  Result<Ok> bind_text(int parameter, std::string_view text) override { return statement_.bind(parameter, text); }
  Result<Ok> bind_integer(int parameter, std::int64_t number) override { return statement_.bind(parameter, number); }
  Result<Ok> bind_number(int parameter, double number) override { return statement_.bind(parameter, number); }
  Result<Ok> bind_bytes(int parameter, std::string_view bytes) override { return statement_.bind_bytes(parameter, bytes); }
  Result<Ok> bind_null(int parameter) override { return statement_.bind_null(parameter); }
  Result<bool> step() override {
    const bool row = TRY(statement_.step());
    if (!row) changes_ = db_.changes();
    return row;
  }
  void reset() override { statement_.reset(); }
  [[nodiscard]] std::string text(int column) const override { return statement_.text(column); }
  // SQLite gives a BLOB as text byte for byte.
  [[nodiscard]] std::string bytes(int column) const override { return statement_.text(column); }
  [[nodiscard]] std::int64_t integer(int column) const override { return statement_.integer(column); }
  [[nodiscard]] double number(int column) const override { return statement_.number(column); }
  [[nodiscard]] bool is_null(int column) const override { return statement_.is_null(column); }
  [[nodiscard]] std::int64_t changes() const override { return changes_; }

 private:
  store::Database& db_;
  store::Statement statement_;
  std::int64_t changes_ = 0;
};

class Sqlite final : public Sql {
 public:
  explicit Sqlite(store::Database db) : db_(std::move(db)) {}

  [[nodiscard]] Dialect dialect() const override { return Dialect::kSqlite; }
  Result<Statement> prepare(std::string_view statement) override {
    return Statement(std::make_unique<SqliteStatement>(db_, TRY(db_.prepare(statement))));
  }
  Result<Ok> execute(const std::string& statements) override { return db_.execute(statements); }

 private:
  // At once for writing: a transaction that begins with reading could be refused in its middle.
  Result<Ok> begin() override { return db_.execute("BEGIN IMMEDIATE"); }
  Result<Ok> begin_reading() override { return db_.execute("BEGIN"); }

  store::Database db_;
};

// Two that open a new file at once both want it alone: SQLite then refuses one of them without waiting.
Result<Ok> use_wal(store::Database& db) {
  constexpr int kTries = 100;
  Result<Ok> used = Ok{};
  for (int i = 0; i < kTries; ++i) {
    used = db.execute("PRAGMA journal_mode = WAL");
    if (used.ok() || used.error().code != ErrorCode::kStorage) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return used;
}

// What has a meaning of its own in a URI, as %HH.
std::string uri_path(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '%') out += "%25";
    else if (c == '?') out += "%3f";
    else if (c == '#') out += "%23";
    else out += c;
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<Sql>> open_sqlite_to_read(const std::string& path) {
  // A server that runs, or fell, has left its journal and the index to it: they are read as they are. Where there is
  // none, the file is all there is, and SQLite is told so: else it would make both.
  const bool has_journal = std::filesystem::exists(path + "-wal") && std::filesystem::exists(path + "-shm");
  store::Database db =
      TRY(store::Database::open_to_read("file:" + uri_path(path) + "?mode=ro&" + (has_journal ? "readonly_shm=1" : "immutable=1")));
  TRY(db.execute("PRAGMA busy_timeout = 5000"));
  return std::unique_ptr<Sql>(std::make_unique<Sqlite>(std::move(db)));
}

Result<std::unique_ptr<Sql>> open_sqlite(const std::string& path) {
  store::Database db = TRY(store::Database::open(path));
  // It holds the key that signs, and what citizens wrote. New journals take over its mode; those that an earlier
  // server left behind have their own.
  for (const char* end : {"", "-wal", "-shm"}) {
    using std::filesystem::perms;
    std::error_code refused;
    std::filesystem::permissions(path + end, perms::owner_read | perms::owner_write, refused);
    const bool is_none = *end != '\0' && refused == std::errc::no_such_file_or_directory;
    if (refused && !is_none) return Error{ErrorCode::kStorage, path + end, "hak akses basis data tidak dapat dibatasi"};
  }
  TRY(db.execute("PRAGMA busy_timeout = 5000"));
  TRY(use_wal(db));
  // FULL: a receipt is only given for what survives pulling the plug.
  TRY(db.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"));
  return std::unique_ptr<Sql>(std::make_unique<Sqlite>(std::move(db)));
}

}  // namespace titik::serve
