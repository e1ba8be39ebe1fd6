#include "serve/http.h"

#include <array>
#include <cstdio>

#include <algorithm>

#include "base/utf8.h"

namespace titik::serve {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum class Plus { kIsPlus, kIsSpace };

std::optional<std::string> percent_decoded(std::string_view text, Plus plus) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::kIsSpace) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return out;
}

}  // namespace

bool HeaderLess::operator()(std::string_view a, std::string_view b) const {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return lower(x) < lower(y); });
}

std::string Request::header(std::string_view name) const {
  const auto found = headers.find(std::string(name));
  return found == headers.end() ? std::string() : found->second;
}

std::string Response::header(std::string_view name) const {
  const HeaderLess less;
  for (const auto& [key, value] : headers) {
    if (!less(key, name) && !less(name, key)) return value;
  }
  return {};
}

void for_each_element(std::string_view list, const std::function<void(std::string_view)>& use) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    use(trimmed(list.substr(0, end)));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

Response json_response(int status, std::string json) {
  Response response;
  response.status = status;
  response.body = std::make_shared<const std::string>(std::move(json));
  response.headers = {{"Cache-Control", "no-store"}};
  return response;
}

std::optional<std::string> decoded_path(std::string_view target) {
  const std::string_view path = target.substr(0, target.find_first_of("?#"));
  if (!path.starts_with('/')) return std::nullopt;
  std::optional<std::string> decoded = percent_decoded(path, Plus::kIsPlus);
  if (decoded && decoded->find('\0') != std::string::npos) return std::nullopt;
  return decoded;
}

std::map<std::string, std::string> form_fields(std::string_view body) {
  std::map<std::string, std::string> fields;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('&'), body.size());
    const std::string_view pair = body.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = percent_decoded(pair.substr(0, equals), Plus::kIsSpace);
    const auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), Plus::kIsSpace);
    if (name && value && !name->empty()) fields[*name] = *value;
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return fields;
}

std::string query_value(std::string_view target, std::string_view name) {
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return {};
  const auto fields = form_fields(target.substr(question + 1, target.find('#') - question - 1));
  const auto found = fields.find(std::string(name));
  return found == fields.end() ? std::string() : found->second;
}

std::string cookie_value(const Request& request, std::string_view name) {
  const std::string header = request.header("Cookie");
  std::string_view rest = header;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view pair = rest.substr(0, end);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) return std::string(pair.substr(name.size() + 1));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::string http_date(UnixMillis time) {
  constexpr std::array kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};  // the first of 1970 was a Thursday
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilTime civil = to_civil(time, 0);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(time / kDay % 7)], civil.day,
                kMonths[static_cast<std::size_t>(civil.month - 1)], civil.year, civil.hour, civil.minute, civil.second);
  return text.data();
}

std::vector<std::pair<std::string, std::string>> security_headers(const std::string& other_url) {
  const std::string other_origin = other_url.substr(0, other_url.find('/', std::string_view("https://").size()));
  return {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
       "img-src 'self' blob: data:; connect-src 'self'" + (other_origin.empty() ? "" : " " + other_origin) + "; worker-src 'self'; manifest-src 'self'; "
       "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Permissions-Policy", "geolocation=(self), camera=(self)"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
  };
}

}  // namespace titik::serve
