#include "photo/perceptual_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "photo/geometry.h"
#include "photo/test_photos.h"

namespace titik::photo {
namespace {

namespace fs = std::filesystem;

std::uint64_t hash_of(const Pixels& pixels) { return perceptual_hash(pixels); }
Pixels brighter(Pixels pixels, int by) {
  for (std::size_t i = 0; i < pixels.rgba.size(); ++i) {
    if (i % 4 != 3) pixels.rgba[i] = static_cast<std::uint8_t>(std::clamp(pixels.rgba[i] + by, 0, 255));
  }
  return pixels;
}

TEST(PerceptualHash, IsWrittenAsSixteenDigits) {
  EXPECT_EQ(write_hash(0), "0000000000000000");
  EXPECT_EQ(write_hash(0x0123456789abcdefu), "0123456789abcdef");
  EXPECT_EQ(hash_distance(0, 0), 0);
  EXPECT_EQ(hash_distance(0, ~std::uint64_t{0}), 64);
  EXPECT_EQ(hash_distance(5, 6), 2);
}

TEST(PerceptualHash, AnyPictureHasOne) {
  for (const Size size : {Size{1, 1}, Size{1, 300}, Size{31, 33}, Size{320, 240}}) {
    (void)perceptual_hash(testing::four_quarters(size));
  }
  EXPECT_EQ(perceptual_hash({}), 0u);
  // A fixed value: hashes are stored, and compared with those of other phones.
  Pixels slope{{320, 240}, {}};
  for (int y = 0; y < 240; ++y) {
    for (int x = 0; x < 320; ++x) {
      for (const int value : {x * x / 500, x * y / 400, y * (320 - x) / 350, 255}) slope.rgba.push_back(static_cast<std::uint8_t>(value));
    }
  }
  EXPECT_EQ(write_hash(perceptual_hash(slope)), "ffd5ee50aac0ea00");
}

// The bounds that perceptual_hash.h states, on the photos of the tests.
TEST(PerceptualHash, TellsTheSamePictureFromAnotherOne) {
  if (!fs::exists(testing::kMateBackgrounds)) GTEST_SKIP() << "run cmake/setup --tests first";
  std::vector<std::pair<std::string, Pixels>> photos;
  for (const fs::directory_entry& entry : fs::directory_iterator(testing::kMateBackgrounds / "nature")) {
    if (entry.path().extension() != ".jpg") continue;
    Result<Pixels> pixels = decode(testing::read_file(entry.path()), kThumbnailEdge);
    if (pixels.ok()) photos.emplace_back(entry.path().filename().string(), std::move(pixels).value());
  }
  ASSERT_GE(photos.size(), 8u);
  int most_same = 0, least_other = 64;
  for (const auto& [name, photo] : photos) {
    const std::uint64_t hash = hash_of(photo);
    std::vector<Pixels> same = {brighter(photo, 25), brighter(photo, -25)};
    for (const int quality : {85, 50, 20}) same.push_back(decode(encode_jpeg(photo, quality).value(), kThumbnailEdge).value());
    for (const int edge : {200, 120, 64}) {
      same.push_back(reduce_by_area({photo.size, 4, photo.rgba.data()}, reduced_size(photo.size, 1, edge)));
    }
    for (const Pixels& again : same) most_same = std::max(most_same, hash_distance(hash, hash_of(again)));
    for (const auto& [other_name, other] : photos) {
      if (other_name != name) least_other = std::min(least_other, hash_distance(hash, hash_of(other)));
    }
  }
  std::printf("%zu photos: the same at most %d bits apart, others at least %d\n", photos.size(), most_same, least_other);
  EXPECT_LE(most_same, 8);
  EXPECT_GE(least_other, 16);
}

}  // namespace
}  // namespace titik::photo
