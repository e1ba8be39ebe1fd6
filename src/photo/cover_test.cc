#include "photo/cover.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "photo/test_photos.h"

namespace titik::photo {
namespace {

// Every pixel another colour, so that nothing can be guessed from its neighbours.
Pixels noise(Size size, unsigned seed) {
  std::mt19937 dice(seed);
  Pixels pixels{size, {}};
  for (int i = 0; i < size.width * size.height; ++i) {
    for (int channel = 0; channel < 3; ++channel) pixels.rgba.push_back(static_cast<std::uint8_t>(dice()));
    pixels.rgba.push_back(255);
  }
  return pixels;
}
std::string grid(int columns, int rows, int left, int top, int right, int bottom) {
  std::string cells;
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) cells += x >= left && x < right && y >= top && y < bottom ? '1' : '0';
  }
  return cells;
}
std::uint32_t colour(const Pixels& pixels, int x, int y) {
  const std::size_t at = 4 * static_cast<std::size_t>(y * pixels.size.width + x);
  return static_cast<std::uint32_t>(pixels.rgba[at] << 16 | pixels.rgba[at + 1] << 8 | pixels.rgba[at + 2]);
}

TEST(Cover, WhatIsNotCoveredStaysToTheBit) {
  const Pixels before = noise({480, 360}, 1);
  Pixels after = before;
  ASSERT_TRUE(cover(after, grid(48, 36, 10, 10, 20, 20), 48).ok());
  for (int y = 0; y < 360; ++y) {
    for (int x = 0; x < 480; ++x) {
      const bool covered = x >= 100 && x < 200 && y >= 100 && y < 200;
      if (!covered) ASSERT_EQ(colour(after, x, y), colour(before, x, y)) << x << ' ' << y;
    }
  }
}

// Two regions whose 4 × 4 averages are equal become equal, whatever else was in them: the pixels of each
// average's block are shuffled.
TEST(Cover, NothingButTheAveragesIsLeftOfARegion) {
  const Pixels one = noise({480, 480}, 2);
  Pixels other = one;
  std::mt19937 dice(3);
  constexpr int kBlock = 40;  // of 160 pixels, 16 cells
  for (int block = 0; block < 16; ++block) {
    const int left = 80 + block % 4 * kBlock, top = 80 + block / 4 * kBlock;
    std::vector<std::array<std::uint8_t, 4>> inside;
    const auto at = [&](int i) { return 4 * static_cast<std::size_t>((top + i / kBlock) * 480 + left + i % kBlock); };
    for (int i = 0; i < kBlock * kBlock; ++i) {
      inside.push_back({other.rgba[at(i)], other.rgba[at(i) + 1], other.rgba[at(i) + 2], 255});
    }
    std::shuffle(inside.begin(), inside.end(), dice);
    for (int i = 0; i < kBlock * kBlock; ++i) {
      std::copy_n(inside[static_cast<std::size_t>(i)].begin(), 4, other.rgba.begin() + static_cast<std::ptrdiff_t>(at(i)));
    }
  }
  ASSERT_NE(one.rgba, other.rgba);
  const std::string cells = grid(48, 48, 8, 8, 24, 24);
  Pixels covered_one = one, covered_other = other;
  ASSERT_TRUE(cover(covered_one, cells, 48).ok());
  ASSERT_TRUE(cover(covered_other, cells, 48).ok());
  EXPECT_EQ(covered_one.rgba, covered_other.rgba);
}

TEST(Cover, AStrokeAcrossThePhotoIsOneRegionAndSmooth) {
  Pixels pixels = testing::four_quarters({400, 300});
  ASSERT_TRUE(cover(pixels, grid(40, 30, 0, 0, 40, 30), 40).ok());
  // No edge is left where red met green.
  for (int x = 1; x < 400; ++x) {
    for (int shift = 0; shift <= 16; shift += 8) {
      const int before = static_cast<int>(colour(pixels, x - 1, 75) >> shift & 255);
      const int now = static_cast<int>(colour(pixels, x, 75) >> shift & 255);
      ASSERT_LE(std::abs(now - before), 8) << x;
    }
  }
}

TEST(Cover, RegionsApartKeepTheirOwnColours) {
  Pixels pixels = testing::four_quarters({400, 400});
  std::string cells = grid(40, 40, 2, 2, 8, 8);
  const std::string far = grid(40, 40, 30, 30, 36, 36);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (far[i] == '1') cells[i] = '1';
  }
  ASSERT_TRUE(cover(pixels, cells, 40).ok());
  EXPECT_EQ(testing::quarter_colour(pixels, 50, 50), 'R');
  EXPECT_EQ(testing::quarter_colour(pixels, 330, 330), 'Y');
}

TEST(Cover, AnyGridOnAnyPhotoIsCoveredOrRefused) {
  for (const Size size : {Size{1, 1}, Size{3, 500}, Size{500, 3}, Size{47, 47}}) {
    Pixels pixels = noise(size, 4);
    ASSERT_TRUE(cover(pixels, std::string(48 * 36, '1'), 48).ok());
    EXPECT_EQ(pixels.rgba.size(), 4u * static_cast<std::size_t>(size.width * size.height));
  }
  Pixels pixels = noise({10, 10}, 5);
  for (const int columns : {0, -1, 7}) EXPECT_EQ(cover(pixels, "10", columns).error().where, "cells") << columns;
  EXPECT_FALSE(cover(pixels, "", 1).ok());
  EXPECT_FALSE(cover(pixels, std::string(1 << 17, '1'), 1 << 8).ok());
}

}  // namespace
}  // namespace titik::photo
