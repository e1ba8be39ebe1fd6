// The words of the interface. They live in assets/languages/, one file a language.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace titik::ui {

enum class Text {
#define TEXT(name, words) name,
#include "texts.inc"
#undef TEXT
};

std::string_view tr(Text text);

// With {0}, {1}, … replaced.
std::string tr(Text text, std::initializer_list<std::string_view> values);

}  // namespace titik::ui
