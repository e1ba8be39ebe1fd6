#include "photo/geometry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "photo/test_photos.h"

namespace titik::photo {
namespace {

TEST(ReducedSize, KnownSizes) {
  EXPECT_EQ(reduced_size({4000, 3000}, 1, 1600), (Size{1600, 1200}));
  EXPECT_EQ(reduced_size({4000, 3000}, 6, 1600), (Size{1200, 1600}));
  EXPECT_EQ(reduced_size({5640, 3172}, 1, 1600), (Size{1600, 900}));
  EXPECT_EQ(reduced_size({1600, 1200}, 1, 1600), (Size{1600, 1200}));
  EXPECT_EQ(reduced_size({100, 50}, 5, 1600), (Size{50, 100}));
  EXPECT_EQ(reduced_size({65535, 1}, 1, 320), (Size{320, 1}));
  EXPECT_EQ(reduced_size({4, 3}, 1, 2), (Size{2, 2}));  // 1.5 rounds up
}

TEST(ReducedSize, NeverEnlargesKeepsTheEdgeAndTheAspect) {
  std::mt19937 random(20261121);
  std::uniform_int_distribution<int> side(1, 65535);
  std::uniform_int_distribution<int> edge(1, 4000);
  for (int i = 0; i < 100'000; ++i) {
    const Size stored{side(random), side(random)};
    const Orientation orientation = 1 + i % 8;
    const int limit = edge(random);
    const Size upright = turned(stored, orientation);
    const Size size = reduced_size(stored, orientation, limit);
    ASSERT_GE(size.width, 1);
    ASSERT_GE(size.height, 1);
    ASSERT_LE(size.width, upright.width);
    ASSERT_LE(size.height, upright.height);
    ASSERT_LE(std::max(size.width, size.height), std::max(limit, 1));
    const double scale = std::min(1.0, static_cast<double>(limit) / std::max(upright.width, upright.height));
    ASSERT_LE(std::abs(size.width - std::max(1.0, upright.width * scale)), 0.5 + 1e-9);
    ASSERT_LE(std::abs(size.height - std::max(1.0, upright.height * scale)), 0.5 + 1e-9);
  }
}

TEST(TurnUpright, SeesWhatTheCameraSaw) {
  const Pixels seen = testing::four_quarters({12, 8});
  for (Orientation orientation = 1; orientation <= 8; ++orientation) {
    const Pixels stored = testing::stored_as(seen, orientation);
    EXPECT_EQ(stored.size, turned(seen.size, orientation)) << orientation;
    const Pixels upright = turn_upright(stored, orientation);
    EXPECT_EQ(upright.size, seen.size) << orientation;
    EXPECT_EQ(upright.rgba, seen.rgba) << orientation;
  }
}

// TIFF 6.0, tag 274, in its own words: where the 0th row and the 0th column are seen.
TEST(TurnUpright, FollowsTheStandard) {
  const Pixels stored = testing::four_quarters({8, 8});  // R G / B Y
  EXPECT_EQ(testing::quarters(turn_upright(stored, 1)), "RGBY");  // top, left
  EXPECT_EQ(testing::quarters(turn_upright(stored, 2)), "GRYB");  // top, right
  EXPECT_EQ(testing::quarters(turn_upright(stored, 3)), "YBGR");  // bottom, right
  EXPECT_EQ(testing::quarters(turn_upright(stored, 4)), "BYRG");  // bottom, left
  EXPECT_EQ(testing::quarters(turn_upright(stored, 5)), "RBGY");  // left, top
  EXPECT_EQ(testing::quarters(turn_upright(stored, 6)), "BRYG");  // right, top
  EXPECT_EQ(testing::quarters(turn_upright(stored, 7)), "YGBR");  // right, bottom
  EXPECT_EQ(testing::quarters(turn_upright(stored, 8)), "GYRB");  // left, bottom
}

TEST(ReduceByArea, KeepsFlatColoursAndMeans) {
  std::vector<std::uint8_t> flat(3 * 97 * 61, 200);
  for (const Size target : {Size{97, 61}, Size{1, 1}, Size{50, 60}, Size{96, 1}}) {
    const Pixels out = reduce_by_area({{97, 61}, 3, flat.data()}, target);
    for (std::size_t i = 0; i < out.rgba.size(); ++i) ASSERT_EQ(out.rgba[i], i % 4 == 3 ? 255 : 200);
  }
  const std::uint8_t checks[] = {0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0};
  EXPECT_EQ(reduce_by_area({{2, 2}, 3, checks}, {1, 1}).rgba, (std::vector<std::uint8_t>{128, 128, 128, 255}));
}

TEST(ReduceByArea, SameSizeIsTheSamePicture) {
  const Pixels picture = testing::four_quarters({33, 17});
  EXPECT_EQ(reduce_by_area({picture.size, 4, picture.rgba.data()}, picture.size).rgba, picture.rgba);
}

TEST(ReduceByArea, LaysTransparentOnWhite) {
  const std::uint8_t pixels[] = {0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 0, 51};
  EXPECT_EQ(reduce_by_area({{3, 1}, 4, pixels}, {3, 1}).rgba,
            (std::vector<std::uint8_t>{255, 255, 255, 255, 255, 0, 0, 255, 204, 204, 204, 255}));
}

}  // namespace
}  // namespace titik::photo
