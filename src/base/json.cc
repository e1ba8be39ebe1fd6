#include "base/json.h"

#include <cmath>

#include "base/number.h"
#include "base/utf8.h"

namespace titik {
namespace {

const Json kNull;

// RFC 8259, by recursive descent; the text is valid UTF-8. Ours, because nlohmann's parser and
// serialiser, with messages nobody reads, are 10 KB of what a phone downloads (json_test.cc holds both
// against each other).
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool document(Json& out) {
    skip("\xEF\xBB\xBF");
    return value(out, 0) && (blank(), at_ == text_.size());
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool skip(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  // After white space.
  bool sign(char wanted) {
    blank();
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }
  void blank() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }
  bool digits() {
    const std::size_t first = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > first;
  }

  bool value(Json& out, int depth) {
    blank();
    switch (peek()) {
      case '{': return depth < kMaxJsonDepth && object(out, depth + 1);
      case '[': return depth < kMaxJsonDepth && array(out, depth + 1);
      case '"': out = Json(Json::value_t::string); return string(*out.get_ptr<std::string*>());
      case 't': out = true; return skip("true");
      case 'f': out = false; return skip("false");
      case 'n': out = nullptr; return skip("null");
      default: return number(out);
    }
  }

  // The last of members with the same name counts.
  bool object(Json& out, int depth) {
    out = Json(Json::value_t::object);
    ++at_;
    if (sign('}')) return true;
    do {
      blank();
      std::string name;
      if (peek() != '"' || !string(name) || !sign(':')) return false;
      if (!value((*out.get_ptr<Json::object_t*>())[std::move(name)], depth)) return false;
    } while (sign(','));
    return sign('}');
  }

  bool array(Json& out, int depth) {
    out = Json(Json::value_t::array);
    ++at_;
    if (sign(']')) return true;
    do {
      if (!value(out.get_ptr<Json::array_t*>()->emplace_back(), depth)) return false;
    } while (sign(','));
    return sign(']');
  }

  bool string(std::string& out) {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        out += c;
      } else if (!escape(out)) {
        return false;
      }
    }
    return false;
  }

  bool escape(std::string& out) {
    constexpr std::string_view kShort = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
    const char c = peek();
    ++at_;
    if (const std::size_t found = kShort.find(c); found != kShort.npos) {
      out += kMeant[found];
      return true;
    }
    char32_t code = 0;
    if (c != 'u' || !hex(code) || (code >= 0xDC00 && code <= 0xDFFF)) return false;
    if (code >= 0xD800 && code <= 0xDBFF) {
      char32_t low = 0;
      if (!skip("\\u") || !hex(low) || low < 0xDC00 || low > 0xDFFF) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
    return true;
  }

  bool hex(char32_t& out) {
    for (int i = 0; i < 4; ++i) {
      const char c = peek();
      const int digit = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
      if (digit < 0) return false;
      out = out * 16 + static_cast<char32_t>(digit);
      ++at_;
    }
    return true;
  }

  // Whole numbers stay exact as long as 64 bits hold them; the rest, and what is written with a point
  // or an exponent, is a double. One beyond a double's range is refused.
  bool number(Json& out) {
    const std::size_t first = at_;
    skip("-");
    if (!skip("0") && !digits()) return false;
    bool whole = true;
    if (skip(".")) {
      whole = false;
      if (!digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return false;
    }
    const std::string_view text = text_.substr(first, at_ - first);
    if (whole && integer(text, out)) return true;
    const double number = double_of(text);
    out = number;
    return std::isfinite(number);
  }

  // False when 64 bits do not hold it.
  static bool integer(std::string_view text, Json& out) {
    const bool negative = text.starts_with('-');
    std::uint64_t magnitude = 0;
    for (const char c : text.substr(negative ? 1 : 0)) {
      const auto digit = static_cast<std::uint64_t>(c - '0');
      if (magnitude > (UINT64_MAX - digit) / 10) return false;
      magnitude = magnitude * 10 + digit;
    }
    if (!negative) {
      out = magnitude;
    } else {
      if (magnitude > std::uint64_t{1} << 63) return false;
      out = static_cast<std::int64_t>(0 - magnitude);
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void write_string(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code = next_code_point(text, at);
    switch (code) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (code < 0x20) {
          out += "\\u00";
          out += kHex[code >> 4];
          out += kHex[code & 15];
        } else {
          append_utf8(out, code);
        }
    }
  }
  out += '"';
}

void write(const Json& value, std::string& out) {
  if (const auto* object = value.get_ptr<const Json::object_t*>()) {
    char before = '{';
    for (const auto& [name, item] : *object) {
      out += before;
      before = ',';
      write_string(name, out);
      out += ':';
      write(item, out);
    }
    out += before == '{' ? "{}" : "}";
  } else if (const auto* array = value.get_ptr<const Json::array_t*>()) {
    char before = '[';
    for (const Json& item : *array) {
      out += before;
      before = ',';
      write(item, out);
    }
    out += before == '[' ? "[]" : "]";
  } else if (const auto* text = value.get_ptr<const std::string*>()) {
    write_string(*text, out);
  } else if (const auto* flag = value.get_ptr<const bool*>()) {
    out += *flag ? "true" : "false";
  } else if (const auto* natural = value.get_ptr<const Json::number_unsigned_t*>()) {
    out += std::to_string(*natural);
  } else if (const auto* integer = value.get_ptr<const Json::number_integer_t*>()) {
    out += std::to_string(*integer);
  } else if (const auto* number = value.get_ptr<const double*>(); number && std::isfinite(*number)) {
    char digits[64];  // the shortest that reads back as the same double
    out.append(digits, nlohmann::detail::to_chars(digits, digits + sizeof digits, *number));
  } else {
    out += "null";
  }
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  Json value;
  if (!is_valid_utf8(text) || !Parser(text).document(value)) {
    return Error{ErrorCode::kMalformed, "", "not valid JSON, or nested too deep"};
  }
  return value;
}

std::string to_text(const Json& value) {
  std::string out;
  write(value, out);
  return out;
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
  if (value.is_number()) return to_text(value);
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
