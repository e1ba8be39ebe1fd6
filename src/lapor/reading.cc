#include "lapor/reading.h"

#include "base/id.h"
#include "base/utf8.h"

namespace titik::lapor {
namespace {

constexpr UnixMillis kEndOfYear9999 = 253'402'300'800'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Two digits at `offset`, or -1.
int two_digits(std::string_view text, std::size_t offset) {
  if (offset + 2 > text.size() || !is_digit(text[offset]) || !is_digit(text[offset + 1])) return -1;
  return (text[offset] - '0') * 10 + (text[offset + 1] - '0');
}

// "2026-11-21", "2026-11-21 14:05", "2026-11-21T07:05:09Z", "2026-11-21 14:05:09.000".
UnixMillis iso_time(std::string_view text, ZoneOffset zone) {
  std::optional<CivilTime> civil = parse_date(text.substr(0, 10));
  if (!civil) return 0;
  text.remove_prefix(std::min<std::size_t>(10, text.size()));
  if (text.empty()) return from_civil(*civil, zone);
  if (text[0] != ' ' && text[0] != 'T') return 0;
  civil->hour = two_digits(text, 1);
  civil->minute = two_digits(text, 4);
  civil->second = two_digits(text, 7) < 0 ? 0 : two_digits(text, 7);
  if (civil->hour < 0 || civil->hour > 23 || civil->minute < 0 || civil->minute > 59 || civil->second > 59) {
    return 0;
  }
  return from_civil(*civil, text.back() == 'Z' ? 0 : zone);
}

// The value of one placeholder.
std::string placeholder(std::string_view name, const Json& entry) {
  constexpr std::string_view kLink = "_link";
  if (name.ends_with(kLink)) name.remove_suffix(kLink.size());
  if (name == "institution") {
    const std::string own = name_of(entry, "institution");
    return own.empty() ? name_of(entry, "institution_to") : own;
  }
  for (const std::string_view known : {"institution_from", "institution_to", "status_old", "status_new"}) {
    if (name == known) return name_of(entry, known);
  }
  return {};
}

}  // namespace

std::string text_of(const Json& object, std::string_view key) {
  const std::optional<std::string> text = scalar_text(member(object, key));
  return text ? std::string(trimmed(*text)) : std::string();
}

std::string first_text(const Json& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (std::string text = text_of(object, key); !text.empty()) return text;
  }
  return {};
}

std::string name_of(const Json& object, std::string_view key) {
  if (std::string text = text_of(object, std::string(key) + "_name"); !text.empty()) return text;
  const Json& value = member(object, key);
  if (value.is_object()) return text_of(value, "name");
  return text_of(object, key);
}

std::string id_of(const Json& object, std::string_view key) {
  std::string text = text_of(object, key);
  return is_lapor_id(text) ? text : std::string();
}

std::int64_t integer_of(const Json& object, std::string_view key, std::int64_t fallback, std::int64_t lowest,
                        std::int64_t highest) {
  std::optional<std::int64_t> number = optional_integer(object, key);
  if (const std::optional<std::string> text = optional_string(object, key)) {
    if (const std::string_view digits = trimmed(*text); is_lapor_id(digits)) {
      number = 0;
      for (const char c : digits) number = *number * 10 + (c - '0');
    }
  }
  return number && *number >= lowest && *number <= highest ? *number : fallback;
}

UnixMillis time_of(const Json& value, ZoneOffset zone) {
  const std::optional<std::string> scalar = scalar_text(value);
  if (!scalar) return 0;
  const std::string_view text = trimmed(*scalar);
  if (const auto lapor = parse_lapor_time(text, zone)) return *lapor;
  if (const UnixMillis iso = iso_time(text, zone)) return iso;
  if (is_lapor_id(text)) {  // ten digits: seconds until the year 2286
    UnixMillis seconds = 0;
    for (const char c : text) seconds = seconds * 10 + (c - '0');
    return seconds * kSecond;
  }
  return 0;
}

UnixMillis first_time(const Json& object, std::initializer_list<std::string_view> keys, ZoneOffset zone) {
  for (const std::string_view key : keys) {
    if (const UnixMillis time = time_of(member(object, key), zone)) return time;
  }
  return 0;
}

UnixMillis millis_of(const Json& object, std::string_view key) {
  const UnixMillis time = integer_or(object, key);
  return time > 0 && time < kEndOfYear9999 ? time : 0;
}

std::vector<std::string> hashes_of(const Json& object, std::string_view key) {
  std::vector<std::string> hashes;
  const Json& list = member(object, key);
  if (!list.is_array()) return hashes;
  for (const Json& item : list) {
    if (hashes.size() == kMaxListItems) break;
    const std::optional<std::string> hash = scalar_text(item);
    if (hash && is_sha256(*hash)) hashes.push_back(*hash);
  }
  return hashes;
}

std::string fill_template(std::string_view content, const Json& entry) {
  constexpr std::size_t kMostFilled = 64 * 1024;  // a hostile text has thousands of them
  std::string out;
  while (out.size() < kMostFilled) {
    const std::size_t open = content.find("{{");
    const std::size_t close = open == content.npos ? content.npos : content.find("}}", open);
    if (close == content.npos) break;
    out += content.substr(0, open);
    out += placeholder(trimmed(content.substr(open + 2, close - open - 2)), entry);
    content.remove_prefix(close + 2);
  }
  out += content;
  return out;
}

}  // namespace titik::lapor
