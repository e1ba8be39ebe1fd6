#include "ui/text.h"

#include <array>

namespace titik::ui {
namespace {

constexpr std::string_view kIndonesianTexts[] = {
#define TEXT(name, words) words,
#include "texts.inc"
#undef TEXT
#define PLURAL(name, words) words,
#include "plurals.inc"
#undef PLURAL
};
constexpr std::size_t kCount = std::size(kIndonesianTexts);
static_assert(static_cast<std::size_t>(Plural::kEndOfPlurals) == kCount);

constexpr std::string_view kMark =
#include "texts_mark.inc"
    ;

// Made once and kept for as long as the page lives.
struct English {
  std::string table;
  std::array<std::string_view, kCount> texts;
};
English* english = nullptr;
Language spoken = Language::kIndonesian;

// Cuts the next line off; false when there is no whole one.
bool take_line(std::string_view& rest, std::string_view& line) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return false;
  line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

bool read_table(std::string_view rest, std::array<std::string_view, kCount>& texts) {
  std::string_view line;
  if (!take_line(rest, line) || line != kMark) return false;
  for (std::string_view& text : texts) {
    if (!take_line(rest, text) || text.empty()) return false;
  }
  return rest.empty();
}

std::string_view words_of(std::size_t index) {
  return spoken == Language::kEnglish ? english->texts[index] : kIndonesianTexts[index];
}

std::string filled(std::string_view pattern, std::initializer_list<std::string_view> values) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool placeholder = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}';
    const auto index = placeholder ? static_cast<std::size_t>(pattern[i + 1] - '0') : values.size();
    if (index < values.size()) {
      out += *(values.begin() + index);
      i += 2;
    } else {
      out += pattern[i];
    }
  }
  return out;
}

}  // namespace

Language language() { return spoken; }

std::string_view code_of(Language language) { return language == Language::kEnglish ? "en" : "id"; }

void speak_indonesian() { spoken = Language::kIndonesian; }

bool speak_english(std::string_view table) {
  std::array<std::string_view, kCount> texts;
  if (!read_table(table, texts)) return false;
  if (!english) {
    english = new English{std::string(table), {}};
    read_table(english->table, english->texts);
  }
  spoken = Language::kEnglish;
  return true;
}

std::string_view tr(Text text) { return words_of(static_cast<std::size_t>(text)); }

std::string tr(Text text, std::initializer_list<std::string_view> values) { return filled(tr(text), values); }

std::string tr(Plural text, std::int64_t number, std::initializer_list<std::string_view> values) {
  const std::string_view forms = words_of(static_cast<std::size_t>(text));
  const std::size_t tab = forms.find('\t');
  if (tab == std::string_view::npos) return filled(forms, values);
  return filled(number == 1 ? forms.substr(0, tab) : forms.substr(tab + 1), values);
}

}  // namespace titik::ui
