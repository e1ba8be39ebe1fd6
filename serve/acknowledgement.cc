#include "serve/acknowledgement.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"
#include "base/utf8.h"

namespace titik::serve {
namespace {

constexpr std::size_t kMostPhrases = 200;
constexpr std::size_t kLongestPhrase = 200;  // code points

// As they are typed on phones and in office chats. Words of one meaning only.
constexpr auto kAbbreviations = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"trims", "terima kasih"}, {"trimakasih", "terima kasih"}, {"trmksh", "terima kasih"}, {"tks", "terima kasih"},
    {"thx", "terima kasih"}, {"thanks", "terima kasih"}, {"makasih", "terima kasih"}, {"mksh", "terima kasih"},
    {"trm", "terima"}, {"trma", "terima"}, {"tma", "terima"}, {"trima", "terima"}, {"kasi", "kasih"}, {"ksh", "kasih"}, {"ksih", "kasih"},
    {"akn", "akan"}, {"kmi", "kami"}, {"km", "kami"}, {"sgr", "segera"}, {"sgera", "segera"}, {"dgn", "dengan"},
    {"dg", "dengan"}, {"utk", "untuk"}, {"u", "untuk"}, {"yg", "yang"}, {"ats", "atas"}, {"sdh", "sudah"},
    {"tlh", "telah"}, {"lap", "laporan"}, {"lprn", "laporan"}, {"lapor", "laporan"}, {"tl", "tindak lanjut"},
    {"tlanjuti", "tindak lanjuti"}, {"followup", "tindak lanjuti"}, {"pak", "bapak"}, {"bpk", "bapak"},
    {"bu", "ibu"}, {"sdr", "saudara"}, {"sdri", "saudari"}, {"infonya", "informasinya"}, {"info", "informasi"},
    {"tsb", "tersebut"}, {"kpd", "kepada"}, {"pd", "pada"}, {"mhn", "mohon"}, {"hrp", "harap"},
});

// Who is spoken to, greetings and particles: they add nothing to a phrase, and are none by themselves.
constexpr auto kCourtesies = std::to_array<std::string_view>({
    "yth", "yang terhormat", "kepada", "bapak", "ibu", "saudara", "saudari", "kakak", "warga", "pelapor", "masyarakat",
    "selamat pagi", "selamat siang", "selamat sore", "selamat malam", "salam", "salam sehat", "hormat kami",
    "assalamualaikum", "wassalamualaikum", "wr wb", "halo", "hai", "baik", "baiklah", "siap", "oke", "ok", "ya", "dan", "serta", "atas",
    "dengan hormat", "dengan ini", "tersebut", "ini", "anda", "nya", "sekali lagi",
});

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// Lower-case words of ASCII letters and digits; everything else separates. "tindak-lanjuti" is two words.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char raw : text) {
    const char c = raw >= 'A' && raw <= 'Z' ? static_cast<char>(raw - 'A' + 'a') : raw;
    if (is_letter(c) || (c >= '0' && c <= '9')) {
      words.back().push_back(c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// "terimaaa" → "terima". Digits stay: 100 is not 10.
std::string squeezed(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (out.empty() || out.back() != c || !is_letter(c)) out.push_back(c);
  }
  return out;
}

// Letters and digits of other scripts, and pictures other than decoration, are something that was said.
// ASCII symbols, punctuation and everything below the letters of Latin-1 are not.
bool says_more_than_ascii(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    const bool is_mark = c < 0xC0 || (c >= 0x2000 && c <= 0x2BFF) || c == 0xFE0F || (c >= 0x1F300 && c <= 0x1FAFF);
    if (!is_mark) return true;
  }
  return false;
}

}  // namespace

std::string comparable(std::string_view text) {
  std::string out;
  for (const std::string& word : words_of(text)) {
    const std::string plain = squeezed(word);
    const auto known = std::find_if(kAbbreviations.begin(), kAbbreviations.end(),
                                    [&](const auto& one) { return one.first == plain || one.first == word; });
    for (const std::string& part : words_of(known == kAbbreviations.end() ? std::string_view(word) : known->second)) {
      out += squeezed(part);
    }
  }
  return squeezed(out);  // where two words meet: "telah hadir" and "telahhadir" are one
}

Acknowledgements::Acknowledgements(const std::vector<std::string>& phrases) {
  for (const std::string& phrase : phrases) {
    if (std::string plain = comparable(phrase); !plain.empty()) phrases_.push_back(std::move(plain));
  }
  std::sort(phrases_.begin(), phrases_.end());
  phrases_.erase(std::unique(phrases_.begin(), phrases_.end()), phrases_.end());
}

Result<Acknowledgements> Acknowledgements::of_profile(std::string_view json) {
  const Json profile = TRY(parse_json(json));
  const Json& list = member(profile, "acknowledgements");
  if (list.is_null()) return Acknowledgements();
  const Error wrong{ErrorCode::kInvalidArgument, "acknowledgements", "must be a list of at most 200 short texts"};
  if (!list.is_array() || list.size() > kMostPhrases) return wrong;
  std::vector<std::string> phrases;
  for (const Json& item : list) {
    const std::optional<std::string> text = item.is_string() ? scalar_text(item) : std::nullopt;
    if (!text || count_code_points(*text) > kLongestPhrase || comparable(*text).empty()) return wrong;
    phrases.push_back(*text);
  }
  return Acknowledgements(phrases);
}

Acknowledgements::Weight Acknowledgements::weigh(std::string_view text) const {
  if (says_more_than_ascii(text)) return Weight::kWords;
  const std::string plain = comparable(text);
  static const std::vector<std::string> courtesies = [] {
    std::vector<std::string> list;
    for (const std::string_view word : kCourtesies) list.push_back(comparable(word));
    return list;
  }();
  // reach[i]: the first i letters fall into phrases and courtesies; 2 when a phrase is among them. Where one ends
  // with the letter with which the next begins, squeezing has left one of the two: the next may begin on it.
  std::vector<char> reach(plain.size() + 1, 0);
  reach[0] = 1;
  const auto take = [&](std::size_t from, std::string_view piece, char at_least) {
    const auto mark = [&](std::size_t start) {
      if (std::string_view(plain).substr(start).starts_with(piece)) {
        char& there = reach[start + piece.size()];
        there = std::max(there, std::max(reach[from], at_least));
      }
    };
    mark(from);
    if (from > 0 && piece.size() > 1 && plain[from - 1] == piece.front()) mark(from - 1);
  };
  for (std::size_t from = 0; from < plain.size(); ++from) {
    if (reach[from] == 0) continue;
    for (const std::string& phrase : phrases_) take(from, phrase, 2);
    for (const std::string& word : courtesies) take(from, word, 1);
  }
  const char reached = reach[plain.size()];
  return reached == 2 ? Weight::kAcknowledgement : reached == 1 ? Weight::kNothing : Weight::kWords;
}

}  // namespace titik::serve
