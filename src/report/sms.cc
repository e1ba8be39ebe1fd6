#include "report/sms.h"

#include <algorithm>
#include <cctype>

#include "base/number.h"
#include "base/utf8.h"

namespace titik::report {
namespace {

// One part of a long SMS holds 153 characters of GSM 03.38 or 67 UTF-16 units (3GPP TS 23.040, 9.2.3.24.1).
// One is left at each end of a part, since a character of two is not divided.
constexpr std::size_t kMostGsm = 3 * 153 - 2;
constexpr std::size_t kMostUnits = 3 * 67 - 2;

// Of GSM 03.38 we use what it shares with ASCII, where "`" is missing and these count double.
constexpr std::u32string_view kGsmDouble = U"^{}\\[~]|";

// As phones' keyboards write them, and what an SMS can say instead.
char32_t plain(char32_t c) {
  switch (c) {
    case U'‘': case U'’': case U'`': case U'´': return U'\'';
    case U'“': case U'”': return U'"';
    case U'–': case U'—': case U'•': return U'-';
    case U'\n': case U'\t': case U'\u00A0': return U' ';
    default: return c;
  }
}

bool is_gsm(char32_t c) { return c >= U' ' && c <= U'~'; }

std::u32string plain(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = plain(next_code_point(text, at));
    if (c == U'…') out += U"...";
    else if (c != U' ' || (!out.empty() && out.back() != U' ')) out += c;
  }
  while (out.ends_with(U' ')) out.pop_back();
  return out;
}

struct Length {
  std::size_t used = 0, most = kMostGsm;
  [[nodiscard]] bool fits() const { return used <= most; }
};

Length length_of(std::u32string_view text) {
  Length length;
  std::size_t units = 0;
  for (const char32_t c : text) {
    if (!is_gsm(c)) length.most = kMostUnits;
    length.used += kGsmDouble.find(c) != std::u32string_view::npos ? 2 : 1;
    units += c > 0xFFFF ? 2 : 1;
  }
  if (length.most == kMostUnits) length.used = units;
  return length;
}

}  // namespace

std::string sms_mark(std::string_view report_id) {
  std::string mark = "TL-";
  for (const char c : report_id.substr(report_id.size() - 8)) mark += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return mark;
}

std::string sms_text(const Draft& draft, const CityProfile& profile) {
  // May be cut, in this order; never the region, by which 1708 finds the city, nor the mark.
  std::u32string content = plain(draft.content), landmark = plain(draft.landmark), title = plain(draft.title);
  bool cut = content.size() > kMostGsm;
  for (std::u32string* part : {&content, &landmark, &title}) part->resize(std::min(part->size(), kMostGsm));
  std::string tail;
  if (draft.place) tail = with_places(draft.place->point.latitude, 5) + "," + with_places(draft.place->point.longitude, 5) + ".";
  if (draft.is_secret) tail += " Mohon dirahasiakan.";
  if (!draft.is_anonymous && !draft.reporter_name.empty()) tail += " Nama: " + draft.reporter_name + ".";
  if (draft.is_anonymous) tail += " Mohon nama dan nomor tidak diumumkan.";
  const std::u32string head = plain(profile.sms_prefix), end = U" " + plain(tail + " " + sms_mark(draft.id));
  const auto whole = [&] {
    std::u32string text = head + U" " + title + (title.ends_with(U'.') ? U" " : U". ") + content + (cut ? U"..." : U"");
    if (draft.place || !landmark.empty()) text += U" Lokasi:";
    if (!landmark.empty()) text += U" " + landmark + (draft.place ? U"," : U".");
    return text + end;
  };
  while (!length_of(whole()).fits()) {
    std::u32string& part = !content.empty() ? content : !landmark.empty() ? landmark : title;
    if (part.empty()) break;
    cut = cut || &part == &content;
    part.pop_back();
  }
  std::string text;
  for (const char32_t c : whole()) append_utf8(text, c);
  return text;
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
