#include "ui/text.h"

namespace titik::ui {
namespace {

constexpr std::string_view kTexts[] = {
#define TEXT(name, words) words,
#include "texts.inc"
#undef TEXT
};

}  // namespace

std::string_view tr(Text text) { return kTexts[static_cast<std::size_t>(text)]; }

std::string tr(Text text, std::initializer_list<std::string_view> values) {
  std::string out;
  const std::string_view pattern = tr(text);
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

}  // namespace titik::ui
