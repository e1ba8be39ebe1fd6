// Photos of real cameras and files made to break readers. The expected values are exiftool's, an
// outside witness: exiftool -n -DateTimeOriginal -GPSLatitude -GPSLongitude -Orientation FILE
#include <gtest/gtest.h>

#include "photo/test_photos.h"

namespace titik::photo {
namespace {

namespace fs = std::filesystem;
using testing::Buffer;

class RealPhotos : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(testing::kExiv2Data) || !fs::exists(testing::kStarfish) ||
        !fs::exists(testing::kMateBackgrounds)) {
      GTEST_SKIP() << "run cmake/setup --tests first";
    }
  }
};

TEST_F(RealPhotos, StarfishHasAPosition) {
  const Inspection found = inspect(testing::read_file(testing::kStarfish)).value();
  EXPECT_EQ(found.width, 1278);
  EXPECT_EQ(found.height, 720);
  EXPECT_EQ(found.orientation, 1);
  EXPECT_EQ(found.taken_local, "2013-05-10T15:21:35");
  EXPECT_FALSE(found.taken_zone.has_value());
  EXPECT_NEAR(found.latitude.value(), 55.0387558333333, 1e-9);
  EXPECT_NEAR(found.longitude.value(), 8.45719055555556, 1e-9);
}

struct Expected {
  const char* file;
  int width;
  int height;
  Orientation orientation;
  const char* taken;  // "" when the file's is not a date
  double latitude;    // 0 for none
  double longitude;
};

TEST_F(RealPhotos, AgreeWithExiftool) {
  constexpr Expected kExpected[] = {
      {"FurnaceCreekInn.jpg", 400, 300, 1, "2008-05-08T09:54:28", 36.4483333333333, -116.855},
      {"exiv2-bug1202.jpg", 150, 91, 6, "2003-09-25T20:18:50", 0, 0},
      {"exiv2-bug528.jpg", 150, 91, 1, "2008-04-01T13:40:03", 47.6161166666667, 1.51692777777778},
      {"exiv2-canon-eos-300d.jpg", 150, 91, 6, "2003-09-26T08:19:51", 0, 0},
      {"exiv2-nikon-d70.jpg", 150, 91, 6, "2004-03-30T10:43:46", 0, 0},
  };
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(expected.file);
    const Result<Inspection> result = inspect(testing::read_file(testing::kExiv2Data / expected.file));
    ASSERT_TRUE(result.ok()) << result.error().where;
    EXPECT_EQ(result->width, expected.width);
    EXPECT_EQ(result->height, expected.height);
    EXPECT_EQ(result->orientation, expected.orientation);
    EXPECT_EQ(result->taken_local.value_or(""), expected.taken);
    EXPECT_EQ(result->latitude.has_value(), expected.latitude != 0);
    EXPECT_NEAR(result->latitude.value_or(0), expected.latitude, 1e-6);
    EXPECT_NEAR(result->longitude.value_or(0), expected.longitude, 1e-6);
  }
}

TEST_F(RealPhotos, EveryFileOfExiv2IsAnsweredOrRefused) {
  int decoded = 0;
  int refused = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(testing::kExiv2Data)) {
    if (!entry.is_regular_file()) continue;
    SCOPED_TRACE(entry.path().string());
    const Buffer file = testing::read_file(entry.path());
    const Result<Pixels> pixels = decode(file, kThumbnailEdge);
    if (!pixels.ok()) {
      EXPECT_FALSE(pixels.error().where.empty());
      ++refused;
      continue;
    }
    const Inspection inspection = inspect(file).value();
    EXPECT_EQ(pixels->size,
              reduced_size({inspection.width, inspection.height}, inspection.orientation, kThumbnailEdge));
    EXPECT_TRUE(encode_jpeg(pixels.value()).ok());
    ++decoded;
  }
  EXPECT_GT(decoded, 50);
  EXPECT_GT(refused, 50);
  RecordProperty("decoded", decoded);
  RecordProperty("refused", refused);
}

TEST_F(RealPhotos, CutAnywhereIsRefused) {
  for (const fs::path& path : {testing::kStarfish, testing::kExiv2Data / "FurnaceCreekInn.jpg",
                               testing::kMateBackgrounds / "nature/LadyBird.jpg"}) {
    const Buffer whole = testing::read_file(path);
    ASSERT_TRUE(inspect(whole).ok()) << path;
    for (std::size_t part = 1; part < 50; ++part) {
      const auto length = static_cast<std::ptrdiff_t>(whole.size() * part / 50);
      const Buffer cut(whole.begin(), whole.begin() + length);
      const Result<Pixels> result = decode(cut, kThumbnailEdge);
      ASSERT_FALSE(result.ok()) << path << " cut at " << length;
      EXPECT_EQ(result.error().code, ErrorCode::kMalformed);
      EXPECT_TRUE(result.error().where == "cut_off" || result.error().where == "format");
    }
  }
}

TEST_F(RealPhotos, SeventeenMegapixels) {
  const Buffer file = testing::read_file(testing::kMateBackgrounds / "abstract/Elephants_5640x3172.jpg");
  const Pixels photo = decode(file, kLongEdge).value();
  EXPECT_EQ(photo.size, (Size{1600, 900}));
  const Buffer small = encode_jpeg(photo).value();
  EXPECT_LT(small.size(), 450'000u);
  EXPECT_TRUE(inspect(small).ok());
}

}  // namespace
}  // namespace titik::photo
