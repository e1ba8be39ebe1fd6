// The words of the interface, in the language that was chosen. They live in assets/i18n/, one file a
// language; cmake/build-texts.mjs checks and compiles them.
//
// Indonesian is part of the program. English is a table that the page fetches when it is wanted.
// Words are asked for each frame: a kept copy would stay in the language it was made in.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace titik::ui {

enum class Text {
#define TEXT(name, words) name,
#include "texts.inc"
#undef TEXT
  kEndOfTexts
};

// Texts that go with a number, which is their {0}. They follow the others in the table.
enum class Plural {
  kEndOfTexts = static_cast<int>(Text::kEndOfTexts) - 1,
#define PLURAL(name, words) name,
#include "plurals.inc"
#undef PLURAL
  kEndOfPlurals
};

enum class Language { kIndonesian, kEnglish };

// What tr() speaks now.
[[nodiscard]] Language language();
[[nodiscard]] std::string_view code_of(Language language);  // "id", "en": BCP 47

void speak_indonesian();
// `table` is en.txt. False, and nothing changes, when it is not a whole table of this version's texts.
// Views answered by tr() stay valid whatever is spoken later.
[[nodiscard]] bool speak_english(std::string_view table);

[[nodiscard]] std::string_view tr(Text text);

// With {0}, {1}, … replaced.
[[nodiscard]] std::string tr(Text text, std::initializer_list<std::string_view> values);

// The form that goes with `number`: Indonesian has one, English another for 1. `values` fill the
// placeholders, {0} the number as it is to be read ("1.204").
[[nodiscard]] std::string tr(Plural text, std::int64_t number, std::initializer_list<std::string_view> values);

}  // namespace titik::ui
