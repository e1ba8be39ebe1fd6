#include "ui/widgets/theme.h"

#include <cmath>

namespace titik::ui {

const Palette kLight = {
    .background = {0xF5F7F5}, .surface = {0xFFFFFF}, .surface_2 = {0xEBF0ED}, .line = {0xD5DDD8}, .edge = {0x7B8B84},
    .text = {0x12201B}, .text_2 = {0x4B5B54},
    .accent = {0x0B6B5B}, .on_accent = {0xFFFFFF}, .accent_soft = {0xD8EFE9}, .on_accent_soft = {0x07493E},
    .success = {0x1C6A35}, .success_soft = {0xDDF1E2},
    .info = {0x1C4E8F}, .info_soft = {0xDFEAF9},
    .warning = {0x7A4F00}, .warning_soft = {0xFFEDC7},
    .danger = {0xB3261E}, .danger_soft = {0xFBE4E1},
    .map_land = {0xF8FAF8}, .map_line = {0xC5D2CB},
    .shadow_alpha = 0.06f,
};

const Palette kDark = {
    .background = {0x0D1412}, .surface = {0x17211D}, .surface_2 = {0x22302B}, .line = {0x33423C}, .edge = {0x6F827A},
    .text = {0xE9F0EC}, .text_2 = {0xA8B8B0},
    .accent = {0x5FCDB7}, .on_accent = {0x04231D}, .accent_soft = {0x123A31}, .on_accent_soft = {0xA5EBDC},
    .success = {0x85D79A}, .success_soft = {0x17351F},
    .info = {0x9CC4FF}, .info_soft = {0x1B2C45},
    .warning = {0xFFCF78}, .warning_soft = {0x3A2E12},
    .danger = {0xFF9389}, .danger_soft = {0x44211D},
    .map_land = {0x1B2722}, .map_line = {0x3A4B44},
    .shadow_alpha = 0,
};

const Palette kLightContrast = {
    .background = {0xFFFFFF}, .surface = {0xFFFFFF}, .surface_2 = {0xF0F4F2}, .line = {0x4B5B54}, .edge = {0x12201B},
    .text = {0x000000}, .text_2 = {0x1F2E28},
    .accent = {0x054A3F}, .on_accent = {0xFFFFFF}, .accent_soft = {0xE4F4F0}, .on_accent_soft = {0x03352D},
    .success = {0x0D4720}, .success_soft = {0xE9F6EC},
    .info = {0x0F3566}, .info_soft = {0xEAF1FB},
    .warning = {0x523400}, .warning_soft = {0xFFF4DD},
    .danger = {0x7F1510}, .danger_soft = {0xFDEEEC},
    .map_land = {0xFFFFFF}, .map_line = {0x4B5B54},
    .shadow_alpha = 0,
};

const Palette kDarkContrast = {
    .background = {0x000000}, .surface = {0x0B110F}, .surface_2 = {0x17211D}, .line = {0x8FA39A}, .edge = {0xE9F0EC},
    .text = {0xFFFFFF}, .text_2 = {0xDCE6E1},
    .accent = {0x8BE6D3}, .on_accent = {0x00150F}, .accent_soft = {0x0E2D26}, .on_accent_soft = {0xCDF7EE},
    .success = {0xB5F0C2}, .success_soft = {0x0F2716},
    .info = {0xC6DDFF}, .info_soft = {0x122036},
    .warning = {0xFFE0A6}, .warning_soft = {0x2A200B},
    .danger = {0xFFC1BB}, .danger_soft = {0x331512},
    .map_land = {0x0B110F}, .map_line = {0x8FA39A},
    .shadow_alpha = 0,
};

const std::array<ColorPair, 9> kShapePairs = {{
    {"a field's edge on background", &Palette::edge, &Palette::background},
    {"a field's edge on surface", &Palette::edge, &Palette::surface},
    {"focus ring on background", &Palette::accent, &Palette::background},
    {"focus ring on surface", &Palette::accent, &Palette::surface},
    {"focus ring on surface 2", &Palette::accent, &Palette::surface_2},
    {"focus ring on danger soft", &Palette::accent, &Palette::danger_soft},
    {"a wrong field's edge on background", &Palette::danger, &Palette::background},
    {"a switch that is on", &Palette::accent, &Palette::surface},
    {"a switch that is off, its knob", &Palette::text_2, &Palette::surface_2},
}};

const std::array<ColorPair, 23> kTextPairs = {{
    {"text on background", &Palette::text, &Palette::background},
    {"text on surface", &Palette::text, &Palette::surface},
    {"text on surface 2", &Palette::text, &Palette::surface_2},
    {"text 2 on background", &Palette::text_2, &Palette::background},
    {"text 2 on surface", &Palette::text_2, &Palette::surface},
    {"text 2 on surface 2", &Palette::text_2, &Palette::surface_2},
    {"text 2 on accent soft", &Palette::text_2, &Palette::accent_soft},
    {"accent on background", &Palette::accent, &Palette::background},
    {"accent on surface", &Palette::accent, &Palette::surface},
    {"on accent", &Palette::on_accent, &Palette::accent},
    {"on accent soft", &Palette::on_accent_soft, &Palette::accent_soft},
    {"accent on accent soft", &Palette::accent, &Palette::accent_soft},
    {"success", &Palette::success, &Palette::success_soft},
    {"success on background", &Palette::success, &Palette::background},
    {"success on surface", &Palette::success, &Palette::surface},
    {"info", &Palette::info, &Palette::info_soft},
    {"info on surface", &Palette::info, &Palette::surface},
    {"warning", &Palette::warning, &Palette::warning_soft},
    {"warning on background", &Palette::warning, &Palette::background},
    {"danger", &Palette::danger, &Palette::danger_soft},
    {"danger on background", &Palette::danger, &Palette::background},
    {"danger on surface", &Palette::danger, &Palette::surface},
    {"text on map", &Palette::text, &Palette::map_land},
}};

double contrast_ratio(Color a, Color b) {
  const auto luminance = [](Color color) {
    const auto channel = [&](int shift) {
      const double value = ((color.rgb >> shift) & 0xFF) / 255.0;
      return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0);
  };
  const double first = luminance(a) + 0.05;
  const double second = luminance(b) + 0.05;
  return first > second ? first / second : second / first;
}

Color tone_text(const Palette& palette, Tone tone) {
  switch (tone) {
    case Tone::kNeutral: return palette.text_2;
    case Tone::kAccent: return palette.on_accent_soft;
    case Tone::kSuccess: return palette.success;
    case Tone::kInfo: return palette.info;
    case Tone::kWarning: return palette.warning;
    case Tone::kDanger: return palette.danger;
  }
  return palette.text;
}

Color tone_ground(const Palette& palette, Tone tone) {
  switch (tone) {
    case Tone::kNeutral: return palette.surface_2;
    case Tone::kAccent: return palette.accent_soft;
    case Tone::kSuccess: return palette.success_soft;
    case Tone::kInfo: return palette.info_soft;
    case Tone::kWarning: return palette.warning_soft;
    case Tone::kDanger: return palette.danger_soft;
  }
  return palette.surface;
}

float base_size(TextSize size) {
  switch (size) {
    case TextSize::kSmall: return 13;
    case TextSize::kBody: return 16;
    case TextSize::kTitle: return 20;
    case TextSize::kHeading: return 28;
  }
  return 16;
}

}  // namespace titik::ui
