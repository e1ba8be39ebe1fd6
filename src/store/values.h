// Parameters of one statement, as a list: run(db, "… WHERE id=?1 AND at>?2", {id, at}).
// Not templates, so that each call costs the phone a few bytes and not a function of its own.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/database.h"

namespace titik::store {

// Text is referred to, not copied: a Value lives no longer than its statement's bind.
struct Value {
  enum class Type { kNull, kText, kInteger, kReal };
  Value() = default;
  Value(std::string_view value) : type(Type::kText), text(value) {}
  Value(const std::string& value) : type(Type::kText), text(value) {}
  Value(const char* value) : type(Type::kText), text(value) {}
  Value(std::int64_t value) : type(Type::kInteger), integer(value) {}
  Value(int value) : type(Type::kInteger), integer(value) {}
  Value(bool value) : type(Type::kInteger), integer(value ? 1 : 0) {}
  Value(double value) : type(Type::kReal), real(value) {}

  Type type = Type::kNull;
  std::string_view text;
  std::int64_t integer = 0;
  double real = 0;
};

// Binds from parameter `first` on; kNull leaves a parameter unbound, which SQLite reads as NULL.
Result<Ok> bind_all(Statement& statement, std::initializer_list<Value> values, int first);
Result<Statement> query(Database& db, std::string_view sql, std::initializer_list<Value> values);
Result<Ok> run(Database& db, std::string_view sql, std::initializer_list<Value> values);

}  // namespace titik::store
