#include <gtest/gtest.h>

#include <algorithm>

#include "photo/test_photos.h"

namespace titik::photo {
namespace {

using testing::Buffer;

TEST(StripMetadata, LeavesExactlyThePicture) {
  const Buffer plain = encode_jpeg(testing::four_quarters({64, 48})).value();
  EXPECT_EQ(strip_metadata(plain).value(), plain);

  Buffer dressed = testing::with_orientation(plain, 6);
  const std::string_view comment("\xFF\xFE\0\6Siti", 8);
  dressed.insert(dressed.begin() + 2, comment.begin(), comment.end());
  const std::string_view profile("\xFF\xE2\0\x10ICC_PROFILE\0..", 18);
  dressed.insert(dressed.begin() + 2, profile.begin(), profile.end());
  dressed.insert(dressed.end(), 100, 'x');
  EXPECT_EQ(strip_metadata(dressed).value(), plain);
}

TEST(StripMetadata, DropsTheThumbnailOfJfif) {
  const Buffer plain = encode_jpeg(testing::four_quarters({64, 48})).value();
  Buffer with_thumbnail = {0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x13, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 9, 9, 9};
  with_thumbnail.insert(with_thumbnail.end(), plain.begin() + 2, plain.end());
  EXPECT_EQ(strip_metadata(with_thumbnail).value(), plain);
}

TEST(StripMetadata, RefusesWhatIsNoWholeJpeg) {
  EXPECT_EQ(strip_metadata(Buffer{}).error().where, "empty");
  EXPECT_EQ(strip_metadata(testing::rgba_png({1, 1}, Buffer(4))).error().code, ErrorCode::kUnsupported);
  Buffer cut = testing::grey_jpeg(64, 64);
  cut.pop_back();
  EXPECT_EQ(strip_metadata(cut).error().where, "cut_off");
}

TEST(StripMetadata, RealPhotosKeepTheirPixels) {
  if (!std::filesystem::exists(testing::kStarfish)) GTEST_SKIP() << "run cmake/setup --tests first";
  const Buffer file = testing::read_file(testing::kStarfish);
  const Buffer stripped = strip_metadata(file).value();
  EXPECT_LT(stripped.size(), file.size());
  EXPECT_FALSE(inspect(stripped)->latitude.has_value());
  EXPECT_EQ(decode(stripped, 320)->rgba, decode(file, 320)->rgba);
}

}  // namespace
}  // namespace titik::photo
