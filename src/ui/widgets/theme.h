// How everything looks, as data: palette, type, spacing, radii. Source: the tokens of docs/design.md.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace titik::ui {

// 0xRRGGBB, opaque; `alpha` is given where it is drawn.
struct Color {
  std::uint32_t rgb = 0;
  friend bool operator==(const Color&, const Color&) = default;
};

struct Palette {
  Color background, surface, surface_2, line;
  Color edge;                   // of what can be typed in or switched: told apart without its ground
  Color text, text_2;
  Color accent, on_accent, accent_soft, on_accent_soft;
  Color success, success_soft;  // the first is legible on the second, as are the next three pairs
  Color info, info_soft;
  Color warning, warning_soft;
  Color danger, danger_soft;
  Color map_land, map_line;
  float shadow_alpha = 0;  // 0: no shadows
};

extern const Palette kLight;
extern const Palette kDark;
// For who asks for more contrast (prefers-contrast: more, or forced colours): text 7:1, strong lines, no shadows.
extern const Palette kLightContrast;
extern const Palette kDarkContrast;

// Every pair of text or icon over ground that a widget may draw; the contrast test walks it.
struct ColorPair {
  std::string_view name;
  Color Palette::*over;
  Color Palette::*ground;
};
extern const std::array<ColorPair, 23> kTextPairs;

// Lines, fills and rings that must be told from their ground without words (3:1).
extern const std::array<ColorPair, 9> kShapePairs;

// WCAG 2.2 contrast ratio, 1 to 21.
double contrast_ratio(Color a, Color b);

enum class Tone { kNeutral, kAccent, kSuccess, kInfo, kWarning, kDanger };
Color tone_text(const Palette& palette, Tone tone);
Color tone_ground(const Palette& palette, Tone tone);

enum class TextSize { kSmall, kBody, kTitle, kHeading };  // 13, 16, 20, 28 CSS px
float base_size(TextSize size);

enum class Weight { kRegular, kSemibold, kBold };

// CSS px.
inline constexpr float kMargin = 16;
inline constexpr float kGap = 12;
inline constexpr float kTouch = 48;          // least height and width of what can be touched
inline constexpr float kPrimaryHeight = 56;
inline constexpr float kSecondShare = 0.355f;   // of the width, for the lesser of two buttons
inline constexpr float kBarHeight = 64;
inline constexpr float kCardRadius = 16;
inline constexpr float kFieldRadius = 14;
inline constexpr float kDialogRadius = 24;
inline constexpr float kDialogPadding = 20;

}  // namespace titik::ui
