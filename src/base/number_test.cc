#include "base/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace titik {
namespace {

// glibc's strtod rounds exactly.
void expect_as_strtod(const std::string& text) {
  const double theirs = std::strtod(text.c_str(), nullptr);
  ASSERT_EQ(std::bit_cast<std::uint64_t>(double_of(text)), std::bit_cast<std::uint64_t>(theirs)) << text;
}

TEST(DoubleOf, RoundsTheHardOnesAsStrtodDoes) {
  for (const char* text : {"0", "-0", "-0.000e99", "1", "-6.9147444", "0.1", "1e23", "9007199254740993", "9007199254740993.0000001",
                           "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e309", "-1e400",
                           "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.2250738585072011e-308",
                           "2.2250738585072014e-308", "1e-400", "1e99999999999999999999", "-1e-99999999999999999999",
                           "0.500000000000000166533453693773481063544750213623046875", "179769313486231580793728971405301e276"}) {
    expect_as_strtod(text);
  }
  expect_as_strtod("0." + std::string(5000, '0') + "1e5001");
  expect_as_strtod("1" + std::string(5000, '0') + "e-5000");
}

TEST(DoubleOf, AgreesWithStrtodOnRandomText) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 50'000; ++round) {
    std::string text = random() % 2 == 0 ? "-" : "";
    text += std::to_string(random() >> (random() % 64));
    if (random() % 2 == 0) text += "." + std::to_string(random() >> (random() % 64));
    if (random() % 2 == 0) text += "e" + std::to_string(static_cast<int>(random() % 700) - 360);
    expect_as_strtod(text);
  }
}

// Halfway between two neighbours, written in full, and a last digit above and below.
TEST(DoubleOf, AgreesWithStrtodAroundTheMiddleOfNeighbours) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 1'000; ++round) {
    const auto low = std::bit_cast<double>(random() >> (random() % 12 == 0 ? 12 : 1));
    const double high = std::nextafter(low, HUGE_VAL);
    if (!std::isfinite(low) || !std::isfinite(high)) continue;
    char middle[1200];  // a long double holds the middle exactly, and printf writes it in full
    const int length = std::snprintf(middle, sizeof middle, "%.780Le", (static_cast<long double>(low) + static_cast<long double>(high)) / 2);
    ASSERT_LT(length, static_cast<int>(sizeof middle));
    std::string text(middle);
    expect_as_strtod(text);
    const std::size_t exponent = text.find('e');
    expect_as_strtod(text.substr(0, exponent) + "1" + text.substr(exponent));
    expect_as_strtod(text.substr(0, exponent) + std::string(900, '0') + "1" + text.substr(exponent));
    text[exponent - 1] = '1';
    expect_as_strtod(text);
  }
}

TEST(DoubleOf, ReadsBackEveryDouble) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 20'000; ++round) {
    const auto value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    ASSERT_EQ(double_of(text), value) << text;
  }
}

TEST(WithPlaces, RoundsAndFillsUp) {
  EXPECT_EQ(with_places(-6.9147444, 5), "-6.91474");
  EXPECT_EQ(with_places(107.6, 5), "107.60000");
  EXPECT_EQ(with_places(0.05, 1), "0.1");
  EXPECT_EQ(with_places(-0.04, 1), "0.0");
  EXPECT_EQ(with_places(2.5, 0), "3");
}

TEST(Padded, FillsWithZeros) {
  EXPECT_EQ(padded(7, 2), "07");
  EXPECT_EQ(padded(123, 2), "123");
}

}  // namespace
}  // namespace titik
