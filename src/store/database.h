// A thin, typed layer over SQLite: no exceptions, no implicit conversions, no forgotten results.
//
//   Statement s = TRY(db.prepare("SELECT title FROM report WHERE id = ?1"));
//   TRY(s.bind(1, id));
//   while (TRY(s.step())) use(s.text(0));
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace titik::store {

class Statement {
 public:
  Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  // Parameters count from 1. Text is copied.
  Result<Ok> bind(int parameter, std::string_view text);
  Result<Ok> bind(int parameter, const char* text) { return bind(parameter, std::string_view(text)); }
  Result<Ok> bind(int parameter, const std::string& text) { return bind(parameter, std::string_view(text)); }
  Result<Ok> bind(int parameter, std::int64_t number);
  Result<Ok> bind(int parameter, int number) { return bind(parameter, std::int64_t{number}); }
  Result<Ok> bind(int parameter, bool flag) { return bind(parameter, std::int64_t{flag ? 1 : 0}); }
  Result<Ok> bind(int parameter, double number);
  Result<Ok> bind_null(int parameter);
  Result<Ok> bind_bytes(int parameter, std::string_view bytes);  // as a BLOB; copied
  template <typename T>
  Result<Ok> bind(int parameter, const std::optional<T>& value) {
    return value ? bind(parameter, *value) : bind_null(parameter);
  }

  // True: a row is there to read. False: done; the statement is reset and can be bound anew.
  Result<bool> step();
  // Steps to the end, for statements without rows.
  Result<Ok> run();
  void reset();

  // Columns count from 0; valid after step() answered true. NULL reads as "" or 0.
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double number(int column) const;
  [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Database;
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  sqlite3_stmt* handle_ = nullptr;
};

class Database {
 public:
  // `vfs` names the VFS to use; null is SQLite's default. The file is made when it is missing.
  static Result<Database> open(const std::string& path, const char* vfs = nullptr);
  // What is there, not to be written. `uri` is SQLite's form: "file:PATH?mode=ro".
  static Result<Database> open_to_read(const std::string& uri);

  Database(Database&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Database& operator=(Database&& other) noexcept;
  ~Database();

  Result<Statement> prepare(std::string_view sql);
  // Runs statements without parameters or rows.
  Result<Ok> execute(const std::string& sql);

  // Runs `work` in one transaction: BEGIN IMMEDIATE, then COMMIT when it answers ok, else ROLLBACK.
  // `work` returns a Result<T>; so does transaction().
  template <typename Work>
  auto transaction(Work&& work) -> decltype(work()) {
    TRY(execute("BEGIN IMMEDIATE"));
    auto result = work();
    if (!result.ok()) {
      (void)execute("ROLLBACK");  // the work's own error is the one to tell
      return result;
    }
    Result<Ok> committed = execute("COMMIT");
    if (!committed.ok()) {
      (void)execute("ROLLBACK");
      return std::move(committed).error();
    }
    return result;
  }

  [[nodiscard]] std::int64_t last_insert_rowid() const;
  [[nodiscard]] std::int64_t changes() const;
  // For what is not a statement whose failure matters: recovery.cc.
  [[nodiscard]] sqlite3* handle() const { return handle_; }

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  static Result<Database> open_with(const std::string& name, int flags, const char* vfs);
  sqlite3* handle_ = nullptr;
};

}  // namespace titik::store
