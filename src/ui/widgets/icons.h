// Lucide icons by name. The table is made at build from assets/icons.txt and the city profiles
// (cmake/build-fonts.mjs), so that the font holds just the glyphs in use.
#pragma once

#include <string_view>

namespace titik::ui {

// 0 when the icon font has no such icon.
char32_t icon_code_point(std::string_view name);

}  // namespace titik::ui
