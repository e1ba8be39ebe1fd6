#include "store/database.h"

#include <sqlite3.h>

namespace titik::store {
namespace {

ErrorCode code_of(int sqlite_code) {
  switch (sqlite_code & 0xff) {  // the low byte is the primary code of an extended one
    case SQLITE_BUSY:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
      return ErrorCode::kStorage;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kCorrupt;
    case SQLITE_CONSTRAINT:
      return ErrorCode::kConflict;
    default:
      return ErrorCode::kInternal;
  }
}

// SQLite's message names tables, columns and SQL, never a bound value: it is safe to log.
Error error_of(sqlite3* database, int sqlite_code) {
  const char* message = database ? sqlite3_errmsg(database) : sqlite3_errstr(sqlite_code);
  return Error{code_of(sqlite_code), "database", message ? message : "unknown error"};
}

Result<Ok> bound(sqlite3_stmt* statement, int sqlite_code) {
  if (sqlite_code == SQLITE_OK) return Ok{};
  return error_of(sqlite3_db_handle(statement), sqlite_code);
}

// White space and semicolons, or nothing.
bool is_blank(std::string_view sql) { return sql.find_first_not_of(" \t\r\n;") == sql.npos; }

}  // namespace

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Statement::~Statement() {
  // The code repeats the error of the last step, which step() has already told.
  (void)sqlite3_finalize(handle_);
}

Result<Ok> Statement::bind(int parameter, std::string_view text) {
  // A null pointer would bind NULL; an empty view may have one.
  const char* data = text.data() ? text.data() : "";
  return bound(handle_, sqlite3_bind_text64(handle_, parameter, data, text.size(), SQLITE_TRANSIENT,
                                            SQLITE_UTF8));
}

Result<Ok> Statement::bind(int parameter, std::int64_t number) {
  return bound(handle_, sqlite3_bind_int64(handle_, parameter, number));
}

Result<Ok> Statement::bind(int parameter, double number) {
  return bound(handle_, sqlite3_bind_double(handle_, parameter, number));
}

Result<Ok> Statement::bind_bytes(int parameter, std::string_view bytes) {
  return bound(handle_, sqlite3_bind_blob64(handle_, parameter, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_TRANSIENT));
}

Result<Ok> Statement::bind_null(int parameter) {
  return bound(handle_, sqlite3_bind_null(handle_, parameter));
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  Error error = error_of(sqlite3_db_handle(handle_), code);  // before reset() can replace it
  reset();
  return error;
}

Result<Ok> Statement::run() {
  while (TRY(step())) {
  }
  return Ok{};
}

void Statement::reset() { (void)sqlite3_reset(handle_); }

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (!bytes) return {};
  return std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)));
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

double Statement::number(int column) const { return sqlite3_column_double(handle_, column); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

Result<Database> Database::open(const std::string& path, const char* vfs) {
  return open_with(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
}

Result<Database> Database::open_to_read(const std::string& uri) { return open_with(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr); }

Result<Database> Database::open_with(const std::string& name, int flags, const char* vfs) {
  // The phone's SQLite is built with SQLITE_OMIT_AUTOINIT. Later calls do nothing.
  if (const int code = sqlite3_initialize(); code != SQLITE_OK) return error_of(nullptr, code);

  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags, vfs);
  Database database(handle);  // SQLite makes a handle even when it fails; it is closed here
  if (code != SQLITE_OK) return error_of(handle, code);

  (void)sqlite3_extended_result_codes(handle, 1);
  const int keys = sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  if (keys != SQLITE_OK) return error_of(handle, keys);
  return database;
}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

// Statements that outlive their database keep it alive until they end.
Database::~Database() { (void)sqlite3_close_v2(handle_); }

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &handle, &rest);
  if (code != SQLITE_OK) return error_of(handle_, code);
  Statement statement(handle);
  if (!handle) return Error{ErrorCode::kInternal, "database", "no SQL statement to prepare"};
  const auto used = static_cast<std::size_t>(rest - sql.data());
  if (!is_blank(sql.substr(used))) {
    return Error{ErrorCode::kInternal, "database", "more than one SQL statement to prepare"};
  }
  return statement;
}

Result<Ok> Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(handle_, code);
  return Ok{};
}

std::int64_t Database::last_insert_rowid() const { return sqlite3_last_insert_rowid(handle_); }

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

}  // namespace titik::store
