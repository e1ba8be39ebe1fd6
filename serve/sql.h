// The server's database: SQLite in a file (docs/api.md's default), or PostgreSQL, which several processes may share.
// One interface, and one dialect: what both understand, with SQLite's `?1` for parameters. Both are driven alike:
// one connection behind one mutex, and one writer at a time, SQLite by its own lock and PostgreSQL by an advisory
// one. So what holds inside a transaction holds on both, and nothing has to be tried again.
//
//   Statement row = TRY(sql.prepare("INSERT INTO report(title) VALUES (?1) RETURNING tracking_id"));
//   TRY(row.bind(1, title));
//   const std::int64_t id = TRY(row.insert());
//
// Errors: kConflict, a constraint was broken; kStorage, the database cannot be reached or written; kCorrupt; else
// kInternal. `where` is "database"; the message names tables and columns, never a value: it is safe to log.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace titik::serve {

enum class Dialect { kSqlite, kPostgresql };

class Statement {
 public:
  // What a database brings. Parameters count from 1, columns from 0.
  class Driver {
   public:
    virtual ~Driver() = default;
    virtual Result<Ok> bind_text(int parameter, std::string_view text) = 0;
    virtual Result<Ok> bind_integer(int parameter, std::int64_t number) = 0;
    virtual Result<Ok> bind_number(int parameter, double number) = 0;
    virtual Result<Ok> bind_bytes(int parameter, std::string_view bytes) = 0;
    virtual Result<Ok> bind_null(int parameter) = 0;
    virtual Result<bool> step() = 0;
    virtual void reset() = 0;
    [[nodiscard]] virtual std::string text(int column) const = 0;
    [[nodiscard]] virtual std::string bytes(int column) const = 0;
    [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
    [[nodiscard]] virtual double number(int column) const = 0;
    [[nodiscard]] virtual bool is_null(int column) const = 0;
    [[nodiscard]] virtual std::int64_t changes() const = 0;
  };
  explicit Statement(std::unique_ptr<Driver> driver) : driver_(std::move(driver)) {}

  // Text is copied.
  Result<Ok> bind(int parameter, std::string_view text) { return driver_->bind_text(parameter, text); }
  Result<Ok> bind(int parameter, const char* text) { return driver_->bind_text(parameter, text); }
  Result<Ok> bind(int parameter, const std::string& text) { return driver_->bind_text(parameter, text); }
  Result<Ok> bind(int parameter, std::int64_t number) { return driver_->bind_integer(parameter, number); }
  Result<Ok> bind(int parameter, int number) { return driver_->bind_integer(parameter, number); }
  Result<Ok> bind(int parameter, bool flag) { return driver_->bind_integer(parameter, flag ? 1 : 0); }
  Result<Ok> bind(int parameter, double number) { return driver_->bind_number(parameter, number); }
  // For a column of bytes: BLOB, BYTEA.
  Result<Ok> bind_bytes(int parameter, std::string_view bytes) { return driver_->bind_bytes(parameter, bytes); }
  Result<Ok> bind_null(int parameter) { return driver_->bind_null(parameter); }
  template <typename T>
  Result<Ok> bind(int parameter, const std::optional<T>& value) {
    return value ? bind(parameter, *value) : bind_null(parameter);
  }
  // All parameters in their order, from the first.
  template <typename... Values>
  Result<Ok> bind_all(const Values&... values) {
    int parameter = 0;
    Result<Ok> bound = Ok{};
    ((bound.ok() ? void(bound = bind(++parameter, values)) : void()), ...);
    return bound;
  }

  // True: a row is there to read. False: done; the statement is reset and can be bound anew.
  Result<bool> step() { return driver_->step(); }
  // Steps to the end, for statements without rows.
  Result<Ok> run();
  // Runs an INSERT that ends with RETURNING one number: the new row's id.
  Result<std::int64_t> insert();
  void reset() { driver_->reset(); }
  // Rows that the last run of this statement inserted, changed or deleted.
  [[nodiscard]] std::int64_t changes() const { return driver_->changes(); }

  // Valid after step() answered true. NULL reads as "" or 0.
  [[nodiscard]] std::string text(int column) const { return driver_->text(column); }
  [[nodiscard]] std::string bytes(int column) const { return driver_->bytes(column); }
  [[nodiscard]] std::int64_t integer(int column) const { return driver_->integer(column); }
  [[nodiscard]] double number(int column) const { return driver_->number(column); }
  [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
  [[nodiscard]] bool is_null(int column) const { return driver_->is_null(column); }

 private:
  std::unique_ptr<Driver> driver_;
};

class Sql {
 public:
  // `location`: "postgresql://…" (libpq's own form), else a file's path. The schema is brought to this program's.
  static Result<std::unique_ptr<Sql>> open(const std::string& location);
  static bool is_postgresql(std::string_view location);

  virtual ~Sql() = default;
  Sql(const Sql&) = delete;
  Sql& operator=(const Sql&) = delete;

  [[nodiscard]] virtual Dialect dialect() const = 0;
  // The mutex must be held for all below, also while a statement lives.
  std::mutex& mutex() { return mutex_; }

  virtual Result<Statement> prepare(std::string_view statement) = 0;
  // Runs statements without parameters or rows.
  virtual Result<Ok> execute(const std::string& statements) = 0;

  // Runs `work` in one transaction, in which nobody else writes: COMMIT when it answers ok, else ROLLBACK.
  // `work` returns a Result<T>; so does transaction().
  template <typename Work>
  auto transaction(Work&& work) -> decltype(work()) {
    return between(begin(), std::forward<Work>(work));
  }
  // Runs `work`, which only reads, on the database as it is now: others may write meanwhile, and it sees nothing of it.
  template <typename Work>
  auto snapshot(Work&& work) -> decltype(work()) {
    return between(begin_reading(), std::forward<Work>(work));
  }

 protected:
  Sql() = default;

 private:
  template <typename Work>
  auto between(Result<Ok> begun, Work&& work) -> decltype(work()) {
    if (!begun.ok()) return std::move(begun).error();
    auto result = work();
    if (!result.ok()) {
      (void)roll_back();  // the work's own error is the one to tell
      return result;
    }
    Result<Ok> committed = commit();
    if (!committed.ok()) {
      (void)roll_back();
      return std::move(committed).error();
    }
    return result;
  }

  virtual Result<Ok> begin() = 0;
  virtual Result<Ok> begin_reading() = 0;
  virtual Result<Ok> commit() { return execute("COMMIT"); }
  virtual Result<Ok> roll_back() { return execute("ROLLBACK"); }
  std::mutex mutex_;
};

using SqlLock = std::lock_guard<std::mutex>;

// sql_sqlite.cc, sql_postgresql.cc: a connection, the schema as it is.
Result<std::unique_ptr<Sql>> open_sqlite(const std::string& path);
Result<std::unique_ptr<Sql>> open_postgresql(const std::string& url);
// The same to read only: nothing of what is there is written, not even journals; also while a server runs on it.
Result<std::unique_ptr<Sql>> open_sqlite_to_read(const std::string& path);
Result<std::unique_ptr<Sql>> open_postgresql_to_read(const std::string& url);

}  // namespace titik::serve
