#include "report/sms.h"

#include <algorithm>
#include <cctype>

#include "base/number.h"
#include "base/utf8.h"

namespace titik::report {
namespace {

// One part of a long SMS holds 153 characters of GSM 03.38 or 67 UTF-16 units (3GPP TS 23.040, 9.2.3.24.1).
// One is left at each end of a part, since a character of two is not divided.
constexpr int kMostGsm = 3 * 153 - 2;
constexpr int kMostUnits = 3 * 67 - 2;

// As phones' keyboards write them, and what an SMS can say instead.
std::string_view plain(char32_t c) {
  switch (c) {
    case U'‘': case U'’': case U'`': case U'´': return "'";
    case U'“': case U'”': return "\"";
    case U'–': case U'—': case U'•': return "-";
    case U'\n': case U'\t': case U'\u00A0': return " ";
    case U'…': return "...";
    default: return {};
  }
}

std::string plain(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    const std::string_view instead = plain(next_code_point(text, at));
    const std::string_view piece = instead.empty() ? text.substr(before, at - before) : instead;
    if (piece != " " || (!out.empty() && out.back() != ' ')) out += piece;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

// Of GSM 03.38 we use what it shares with ASCII, where "`" is missing and these count double.
constexpr std::string_view kGsmDouble = "^{}\\[~]|";

bool fits(std::string_view text) {
  int characters = 0, units = 0;
  bool is_gsm = true;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    is_gsm = is_gsm && c <= U'~';
    units += c > 0xFFFF ? 2 : 1;
    characters += c <= U'~' && kGsmDouble.find(static_cast<char>(c)) != std::string_view::npos ? 2 : 1;
  }
  return is_gsm ? characters <= kMostGsm : units <= kMostUnits;
}

}  // namespace

std::string sms_mark(std::string_view report_id) {
  std::string mark = "TL-";
  for (const char c : report_id.substr(report_id.size() - 8)) mark += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return mark;
}

std::string sms_text(const Draft& draft, const CityProfile& profile) {
  std::string tail;
  if (draft.place) tail = " " + with_places(draft.place->point.latitude, 5) + "," + with_places(draft.place->point.longitude, 5) + ".";
  if (draft.is_secret) tail += " Mohon dirahasiakan.";
  if (draft.is_anonymous) tail += " Mohon nama dan nomor tidak diumumkan.";
  else if (!draft.reporter_name.empty()) tail += " Nama: " + plain(draft.reporter_name) + ".";
  tail += " " + sms_mark(draft.id);
  // May be cut, in this order; never the region, by which 1708 finds the city, nor the mark.
  std::string parts[] = {plain(draft.content), plain(draft.landmark), plain(draft.title)};
  const auto& [content, landmark, title] = parts;
  bool cut = false;
  for (;;) {
    std::string text = profile.sms_prefix + " " + title;
    text += title.ends_with('.') ? " " : ". ";
    text += content;
    if (cut) text += "...";
    if (draft.place || !landmark.empty()) text += " Lokasi:";
    if (!landmark.empty()) text.append(" ").append(landmark).append(draft.place ? "," : ".");
    text += tail;
    std::string* part = std::find_if(std::begin(parts), std::end(parts), [](const std::string& one) { return !one.empty(); });
    if (part == std::end(parts) || fits(text)) return text;
    cut = cut || part == parts;
    // What can never fit (three bytes a unit) at once, then one character at a time.
    part->resize(std::min<std::size_t>(part->size() - 1, 3 * kMostUnits));
    while (!part->empty() && !is_valid_utf8(*part)) part->pop_back();
  }
}

std::string sms_link(const Draft& draft, const CityProfile& profile) {
  std::string link = "sms:" + std::string(kSmsNumber) + "?body=";
  for (const char c : sms_text(draft, profile)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (byte < 0x80 && std::isalnum(byte)) || std::string_view("-._~").find(c) != std::string_view::npos;
    if (is_plain) {
      link += c;
    } else {
      link += '%';
      link += "0123456789ABCDEF"[byte >> 4];
      link += "0123456789ABCDEF"[byte & 15];
    }
  }
  return link;
}

}  // namespace titik::report
