#include "base/json.h"

namespace titik {
namespace {

const Json kNull;

// Nesting depth outside strings, so that a deep document is refused before it is parsed.
bool nests_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      else if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    else if (c == '{' || c == '[') {
      if (++depth > kMaxJsonDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (nests_too_deep(text)) return Error{ErrorCode::kMalformed, "", "JSON nests too deep"};
  Json value = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return Error{ErrorCode::kMalformed, "", "not valid JSON"};
  return value;
}

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json& member(const Json& object, std::string_view key) {
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

std::optional<std::string> optional_string(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  if (const auto* text = value.get_ptr<const std::string*>()) return *text;
  return std::nullopt;
}

std::optional<std::int64_t> optional_integer(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  if (const auto* number = value.get_ptr<const Json::number_unsigned_t*>()) {
    if (*number > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    return static_cast<std::int64_t>(*number);
  }
  if (const auto* number = value.get_ptr<const Json::number_integer_t*>()) return *number;
  return std::nullopt;
}

std::optional<double> optional_number(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  if (const auto* number = value.get_ptr<const Json::number_float_t*>()) return *number;
  if (const auto integer = optional_integer(object, key)) return static_cast<double>(*integer);
  return std::nullopt;
}

std::string string_or(const Json& object, std::string_view key, std::string_view fallback) {
  return optional_string(object, key).value_or(std::string(fallback));
}

std::int64_t integer_or(const Json& object, std::string_view key, std::int64_t fallback) {
  return optional_integer(object, key).value_or(fallback);
}

double number_or(const Json& object, std::string_view key, double fallback) {
  return optional_number(object, key).value_or(fallback);
}

bool boolean_or(const Json& object, std::string_view key, bool fallback) {
  const Json& value = member(object, key);
  if (const auto* flag = value.get_ptr<const bool*>()) return *flag;
  return fallback;
}

std::optional<std::string> scalar_text(const Json& value) {
  if (const auto* text = value.get_ptr<const std::string*>()) return *text;
  if (value.is_number()) return value.dump();
  if (const auto* flag = value.get_ptr<const bool*>()) return std::string(*flag ? "1" : "0");
  return std::nullopt;
}

std::optional<bool> scalar_flag(const Json& value) {
  const std::optional<std::string> text = scalar_text(value);
  if (!text) return std::nullopt;
  if (*text == "1" || *text == "true") return true;
  if (*text == "0" || *text == "false" || text->empty()) return false;
  return std::nullopt;
}

}  // namespace titik
