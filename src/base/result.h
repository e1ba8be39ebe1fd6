// Result<T>: a value or an Error, returned everywhere; nothing in src/ throws.
//
//   Result<Draft> read_draft(std::string_view text);
//   const Draft draft = TRY(read_draft(text));   // hands the error on to our caller
//
// An Error carries a code from one list (for programs), the place where the input was wrong
// (for example "categories[2].hours"), and a sentence for a person. Sentences made here are
// for developers and operators, in English; what a citizen reads is chosen by code in the
// user interface, in their language.
#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace titik {

enum class ErrorCode {
  kInvalidArgument,  // The input breaks a rule; `where` names the field.
  kMalformed,        // The input is not in the format it claims (JSON, JPEG, page, ...).
  kTooLarge,         // Over a stated limit.
  kUnsupported,      // A known format or version that we do not handle.
  kNotFound,
  kConflict,         // Same id, other content; or a state that does not allow the step.
  kUnauthorized,     // No credentials, or wrong ones.
  kForbidden,        // Good credentials, not allowed.
  kStorage,          // The store failed: disk, quota, closed database.
  kCorrupt,          // Stored data failed its check.
  kNetwork,          // No answer.
  kInternal,         // A bug in our own code.
};

// The code's stable name, as it travels in messages: "invalid_argument", ...
std::string_view error_code_name(ErrorCode code);
// The reverse; an unknown name reads as kInternal.
ErrorCode error_code_from_name(std::string_view name);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string where;    // Field or file; empty when there is none.
  std::string message;  // One sentence.
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Precondition: ok().
  T& value() & { assert(ok()); return *std::get_if<0>(&content_); }
  const T& value() const& { assert(ok()); return *std::get_if<0>(&content_); }
  T&& value() && { assert(ok()); return std::move(*std::get_if<0>(&content_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Precondition: !ok().
  [[nodiscard]] const Error& error() const& { assert(!ok()); return *std::get_if<1>(&content_); }
  [[nodiscard]] Error&& error() && { assert(!ok()); return std::move(*std::get_if<1>(&content_)); }

 private:
  std::variant<T, Error> content_;
};

// Success without a value: return Ok{};
struct Ok {};

// Evaluates to the value, or returns the error from the enclosing function. The name counts, because
// an expression may hold a lambda that uses TRY itself.
#define TRY(expression) TITIK_TRY(expression, __COUNTER__)
#define TITIK_TRY(expression, count) TITIK_TRY_COUNTED(expression, count)
#define TITIK_TRY_COUNTED(expression, count) TITIK_TRY_AS(expression, try_result_##count)
#define TITIK_TRY_AS(expression, name)             \
  ({                                               \
    auto name = (expression);                      \
    if (!name.ok()) return std::move(name).error(); \
    std::move(name).value();                       \
  })

}  // namespace titik
