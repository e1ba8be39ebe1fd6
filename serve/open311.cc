#include "serve/open311.h"

#include "base/utf8.h"

namespace titik::serve::open311 {
namespace {

// The name of a list's elements is that of the list, without the s: endpoints, formats, attributes, values.
std::string singular(std::string_view name) {
  return std::string(name.ends_with('s') ? name.substr(0, name.size() - 1) : name);
}

// XML 1.0 has no way to write most control characters, nor U+FFFE and U+FFFF.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t c = next_code_point(text, at);
    switch (c) {
      case U'&': out += "&amp;"; break;
      case U'<': out += "&lt;"; break;
      case U'>': out += "&gt;"; break;
      case U'"': out += "&quot;"; break;
      default:
        if ((c < 0x20 && c != U'\n' && c != U'\t' && c != U'\r') || c == 0xFFFE || c == 0xFFFF) break;
        out += text.substr(from, at - from);
    }
  }
  return out;
}

void write(std::string& out, std::string_view name, const Json& value, std::string_view item) {
  out += "<" + std::string(name) + ">";
  if (value.is_object()) {
    for (const auto& [key, one] : value.items()) write(out, key, one, singular(key));
  } else if (value.is_array()) {
    for (const Json& one : value) write(out, item, one, singular(item));
  } else if (!value.is_null()) {
    const std::optional<std::string> text = scalar_text(value);
    out += value.is_boolean() ? to_text(value) : escaped(text ? *text : "");
  }
  out += "</" + std::string(name) + ">";
}

bool two_digits(std::string_view text, int& number) {
  if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return false;
  number = (text[0] - '0') * 10 + text[1] - '0';
  return true;
}

}  // namespace

Format format_of(std::string_view target) {
  return target.substr(0, target.find_first_of("?#")).ends_with(".xml") ? Format::kXml : Format::kJson;
}

std::string to_xml(const Json& body, std::string_view root, std::string_view item) {
  std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
  write(out, root, body, item);
  return out + "\n";
}

Response answer(Format format, int status, const Json& body, std::string_view root, std::string_view item) {
  Response response = json_response(status, format == Format::kJson ? to_text(body) : to_xml(body, root, item));
  if (format == Format::kXml) response.content_type = "text/xml; charset=utf-8";
  return response;
}

Response refusal_from(Format format, Response response) {
  if (response.status < 400) return response;
  const lapor::ErrorBody error = lapor::read_error(response.text());
  // What breaks a rule is 400 in GeoReport.
  const int status = response.status == 422 ? 400 : response.status;
  Json list = Json::array();
  for (const lapor::FieldError& one : error.errors) {
    list.push_back({{"code", status}, {"description", one.field + ": " + one.message}});
  }
  if (list.empty()) list.push_back({{"code", status}, {"description", error.message}});
  Response refused = answer(format, status, list, "errors", "error");
  refused.headers = std::move(response.headers);  // Retry-After, Allow, the language
  refused.fault = std::move(response.fault);
  return refused;
}

std::optional<UnixMillis> read_time(std::string_view text, ZoneOffset zone) {
  std::optional<CivilTime> civil = parse_date(text.substr(0, 10));
  if (!civil) return std::nullopt;
  text.remove_prefix(10);
  if (text.empty()) return from_civil(*civil, zone);
  if (text.size() < 9 || text[0] != 'T' || text[3] != ':' || text[6] != ':' || !two_digits(text.substr(1, 2), civil->hour) ||
      !two_digits(text.substr(4, 2), civil->minute) || !two_digits(text.substr(7, 2), civil->second) ||
      civil->hour > 23 || civil->minute > 59 || civil->second > 60) {
    return std::nullopt;
  }
  text.remove_prefix(9);
  if (text.starts_with('.')) {
    const std::size_t end = text.find_first_not_of("0123456789", 1);
    text.remove_prefix(end == text.npos ? text.size() : end);
  }
  if (text.empty()) return from_civil(*civil, zone);
  if (text == "Z") return from_civil(*civil, 0);
  int hours = 0, minutes = 0;
  // A plus that came unescaped in an address has become a space.
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-' && text[0] != ' ') || text[3] != ':' ||
      !two_digits(text.substr(1, 2), hours) || !two_digits(text.substr(4, 2), minutes) || hours > 14 || minutes > 59) {
    return std::nullopt;
  }
  const int offset = hours * 60 + minutes;
  return from_civil(*civil, text[0] == '-' ? -offset : offset);
}

}  // namespace titik::serve::open311
