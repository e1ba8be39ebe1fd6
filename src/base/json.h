// JSON access that cannot throw or abort.
//
// nlohmann/json aborts on a type mismatch when built without exceptions, so nothing outside this
// file calls its accessors: text is parsed here, and values are read through the checked getters
// below. A getter's `fallback` is what it answers when the key is missing or has another type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace titik {

using Json = nlohmann::json;

// Parses one JSON value. Refuses (kMalformed) text that is not JSON, is not UTF-8, or nests
// deeper than kMaxJsonDepth, so that hostile input cannot exhaust the stack.
inline constexpr int kMaxJsonDepth = 64;
Result<Json> parse_json(std::string_view text);

// Serialises without spaces. Invalid UTF-8 is replaced by U+FFFD, never an error.
std::string to_text(const Json& value);

// The member `key` of an object, or null (a static null value) when there is none.
const Json& member(const Json& object, std::string_view key);

std::string string_or(const Json& object, std::string_view key, std::string_view fallback = {});
std::int64_t integer_or(const Json& object, std::string_view key, std::int64_t fallback = 0);
double number_or(const Json& object, std::string_view key, double fallback = 0);
bool boolean_or(const Json& object, std::string_view key, bool fallback = false);

// Nothing when missing or of another type.
std::optional<std::string> optional_string(const Json& object, std::string_view key);
std::optional<std::int64_t> optional_integer(const Json& object, std::string_view key);
std::optional<double> optional_number(const Json& object, std::string_view key);

// What foreign systems send for one value: a string, a number or a bool, read as text
// ("501", "501", "1"/"0"); nothing for null, arrays, objects.
std::optional<std::string> scalar_text(const Json& value);
// The same for flags: true, 1, "1", "true" → true; false, 0, "0", "false", "" → false.
std::optional<bool> scalar_flag(const Json& value);

}  // namespace titik
