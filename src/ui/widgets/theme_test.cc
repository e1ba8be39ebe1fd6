#include "ui/widgets/theme.h"

#include <gtest/gtest.h>

namespace titik::ui {
namespace {

TEST(Contrast, AgreesWithTheExamplesOfWcag) {
  EXPECT_NEAR(contrast_ratio({0x000000}, {0xFFFFFF}), 21, 1e-9);
  EXPECT_NEAR(contrast_ratio({0xFFFFFF}, {0x000000}), 21, 1e-9);
  EXPECT_NEAR(contrast_ratio({0x777777}, {0xFFFFFF}), 4.478, 0.001);  // the well-known grey that just fails
  EXPECT_NEAR(contrast_ratio({0x767676}, {0xFFFFFF}), 4.542, 0.001);  // and the one that just passes
  EXPECT_NEAR(contrast_ratio({0x0B6B5B}, {0x0B6B5B}), 1, 1e-9);
}

struct NamedPalette { const Palette* palette; const char* name; double text; };
constexpr NamedPalette kPalettes[] = {{&kLight, "light", 4.5}, {&kDark, "dark", 4.5},
                                      {&kLightContrast, "light, more contrast", 7}, {&kDarkContrast, "dark, more contrast", 7}};

TEST(Contrast, EveryPairIsLegibleInEveryPalette) {
  for (const auto& [palette, name, least] : kPalettes) {
    for (const ColorPair& pair : kTextPairs) {
      EXPECT_GE(contrast_ratio(palette->*pair.over, palette->*pair.ground), least) << pair.name << ", " << name;
    }
  }
}

TEST(Contrast, EveryShapeIsToldFromItsGround) {
  for (const auto& [palette, name, least] : kPalettes) {
    for (const ColorPair& pair : kShapePairs) {
      EXPECT_GE(contrast_ratio(palette->*pair.over, palette->*pair.ground), 3) << pair.name << ", " << name;
    }
  }
}

TEST(Contrast, LinesAreStrongWhereMoreContrastIsAskedFor) {
  for (const Palette* palette : {&kLightContrast, &kDarkContrast}) {
    EXPECT_GE(contrast_ratio(palette->line, palette->background), 3);
    EXPECT_EQ(palette->shadow_alpha, 0);
  }
}

TEST(Contrast, EveryToneIsAmongThePairs) {
  for (const Tone tone : {Tone::kNeutral, Tone::kAccent, Tone::kSuccess, Tone::kInfo, Tone::kWarning, Tone::kDanger}) {
    for (const Palette* palette : {&kLight, &kDark, &kLightContrast, &kDarkContrast}) {
      bool found = false;
      for (const ColorPair& pair : kTextPairs) {
        found |= palette->*pair.over == tone_text(*palette, tone) && palette->*pair.ground == tone_ground(*palette, tone);
      }
      EXPECT_TRUE(found) << "tone " << static_cast<int>(tone);
    }
  }
}

// What map.cc writes on the map beside its pins: the scale's words, over land and beyond the city.
TEST(Contrast, TheMapsScaleIsLegible) {
  for (const Palette* palette : {&kLight, &kDark, &kLightContrast, &kDarkContrast}) {
    EXPECT_GE(contrast_ratio(palette->text_2, palette->map_land), 4.5);
    EXPECT_GE(contrast_ratio(palette->text_2, palette->surface_2), 4.5);
  }
}

// White captions and crosses lie on #12201B at 60 % or more, over a photo that may be white.
TEST(Contrast, CaptionsAreLegibleOverAWhitePhoto) {
  const auto mixed = [](double share) {
    std::uint32_t rgb = 0;
    for (const int shift : {16, 8, 0}) {
      const double dark = (0x12201B >> shift) & 0xFF;
      rgb |= static_cast<std::uint32_t>(dark * share + 255 * (1 - share)) << shift;
    }
    return Color{rgb};
  };
  EXPECT_GE(contrast_ratio({0xFFFFFF}, mixed(0.72)), 4.5);
  EXPECT_GE(contrast_ratio({0xFFFFFF}, mixed(0.6)), 3.0);  // an icon needs 3
}

TEST(Theme, MatchesTheTokensOfTheDesign) {
  EXPECT_EQ(kLight.accent, Color{0x0B6B5B});
  EXPECT_EQ(kDark.background, Color{0x0D1412});
  EXPECT_EQ(kDark.shadow_alpha, 0);
  EXPECT_EQ(base_size(TextSize::kSmall), 13);
  EXPECT_EQ(base_size(TextSize::kBody), 16);
  EXPECT_EQ(base_size(TextSize::kTitle), 20);
  EXPECT_EQ(base_size(TextSize::kHeading), 28);
  EXPECT_GE(kTouch, 48);
}

}  // namespace
}  // namespace titik::ui
