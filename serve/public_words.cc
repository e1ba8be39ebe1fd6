#include "serve/public_words.h"

#include <set>
#include <vector>

namespace titik::serve {
namespace {

constexpr std::size_t kPersonalDigits = 9;  // a telephone number has as many, a date with its year has eight
constexpr std::string_view kMasked = "[disamarkan]";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Where the number that begins at `from` ends; up to three separators may stand between two digits: "+62 (812) - 34".
std::size_t end_of_number(std::string_view text, std::size_t from, std::size_t& digits) {
  std::size_t end = from;
  digits = 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    if (is_digit(text[at])) {
      ++digits;
      end = at + 1;
    } else if (at - end >= 3 || std::string_view(" .-()/").find(text[at]) == std::string_view::npos) {
      break;
    }
  }
  return end;
}

bool may_stand_in_address(char c) {
  return is_digit(c) || is_letter(c) || std::string_view("._%+-").find(c) != std::string_view::npos;
}

// Lower-case words; what is neither a letter nor a digit parts them.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (is_letter(c) || is_digit(c)) {
      words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool stands_at(const std::vector<std::string>& words, std::size_t at, const std::vector<std::string>& name) {
  if (name.empty() || at + name.size() > words.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (words[at + i] != name[i]) return false;
  }
  return true;
}

struct Named {
  std::set<std::string> by_word;   // after "kelurahan"
  std::set<std::string> by_name;
};

// At each place the longest name counts: "Pasar Jambi" is not "Pasar".
Named villages_named(const report::CityProfile& profile, std::string_view text) {
  const std::vector<std::string> words = words_of(text);
  Named named;
  for (std::size_t at = 0; at < words.size(); ++at) {
    std::string code;
    std::size_t longest = 0;
    for (const report::District& district : profile.districts) {
      for (const report::Village& village : district.villages) {
        const std::vector<std::string> name = words_of(village.name);
        if (name.size() <= longest || !stands_at(words, at, name)) continue;
        longest = name.size();
        code = village.code;
      }
    }
    if (code.empty()) continue;
    const std::string_view before = at > 0 ? std::string_view(words[at - 1]) : std::string_view();
    // A district may be called as one of its villages.
    if (before == "kecamatan" || before == "kec") {
      at += longest - 1;
      continue;
    }
    (before == "kelurahan" || before == "kel" || before == "desa" ? named.by_word : named.by_name).insert(code);
    at += longest - 1;
  }
  return named;
}

}  // namespace

std::string without_personal_numbers(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (is_digit(text[at])) {
      std::size_t digits = 0;
      const std::size_t end = end_of_number(text, at, digits);
      out += digits >= kPersonalDigits ? kMasked : text.substr(at, end - at);
      at = end;
    } else if (text[at] == '@' && at + 1 < text.size() && may_stand_in_address(text[at + 1]) && !out.empty() &&
               may_stand_in_address(out.back())) {
      while (!out.empty() && may_stand_in_address(out.back())) out.pop_back();
      for (++at; at < text.size() && may_stand_in_address(text[at]);) ++at;
      out += kMasked;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string village_in_words(const report::CityProfile& profile, std::string_view landmark, std::string_view title) {
  const Named there = villages_named(profile, landmark);
  if (there.by_word.size() == 1) return *there.by_word.begin();
  if (!there.by_word.empty()) return {};
  if (there.by_name.size() == 1) return *there.by_name.begin();
  if (!there.by_name.empty()) return {};
  const Named in_title = villages_named(profile, title);
  return in_title.by_word.size() == 1 ? *in_title.by_word.begin() : std::string();
}

}  // namespace titik::serve
