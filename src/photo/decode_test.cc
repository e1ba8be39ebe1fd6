#include <gtest/gtest.h>

#include <set>

#include "photo/geometry.h"
#include "photo/test_photos.h"

namespace titik::photo {
namespace {

using testing::Buffer;

TEST(Decode, AllOrientationsComeOutUpright) {
  const Pixels seen = testing::four_quarters({480, 320});
  for (Orientation orientation = 1; orientation <= 8; ++orientation) {
    const Buffer plain = encode_jpeg(testing::stored_as(seen, orientation), 95).value();
    const Buffer file = testing::with_orientation(plain, orientation);
    const Inspection inspection = inspect(file).value();
    EXPECT_EQ(inspection.orientation, orientation);
    EXPECT_EQ((Size{inspection.width, inspection.height}), turned(seen.size, orientation));
    for (const int edge : {480, 1600, 240, 32}) {
      const Pixels upright = decode(file, edge).value();
      EXPECT_EQ(upright.size, reduced_size(seen.size, 1, edge)) << orientation << " at " << edge;
      EXPECT_EQ(testing::quarters(upright), "RGBY") << orientation << " at " << edge;
    }
  }
}

TEST(Decode, PngOnWhite) {
  const Pixels pixels = decode(testing::rgba_png({4, 2}, Buffer(32, 0)), 320).value();
  EXPECT_EQ(pixels.size, (Size{4, 2}));
  EXPECT_EQ(pixels.rgba, Buffer(32, 255));
}

TEST(Decode, HandsOnErrors) {
  EXPECT_EQ(decode(Buffer{}, 320).error().where, "empty");
  EXPECT_EQ(decode(testing::grey_jpeg(11001, 10000), 320).error().where, "pixels");
  // Within what a browser decodes at a part of its size, but stb decodes whole.
  EXPECT_EQ(decode(testing::grey_jpeg(11000, 10000), 320).error().where, "memory");
  EXPECT_EQ(decode(testing::grey_jpeg(8, 8), 0).error().where, "long_edge");
  EXPECT_EQ(decode(testing::heic({{640, 480}}), 320).error().code, ErrorCode::kUnsupported);
  Buffer broken = testing::grey_jpeg(64, 64);
  // Its Huffman code is all zeros; a one is no code.
  broken[broken.size() - 3] = broken[broken.size() - 4] = broken[broken.size() - 5] = 0xFE;
  const Result<Pixels> result = decode(broken, 320);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().where, "pixels");
}

TEST(Decode, APngThatUnpacksToGigabytesIsRefused) {
  // One pixel, and a stream that repeats 258 zeros with two bits: 1 MB of it asks for over a GB.
  Buffer file = testing::rgba_png({1, 1}, Buffer(4, 9));
  Buffer bomb(file.begin(), file.begin() + 33);  // Signature and IHDR.
  Buffer data = {0x78, 0x01};
  // Fixed Huffman block: final bit 1, type 01; literal 0 ("00110000"); then (length 258, distance 1)
  // = "11000101" "00000", thirteen bits, again and again.
  std::vector<bool> bits = {true, true, false};
  const auto put = [&](std::string_view code) { for (const char c : code) bits.push_back(c == '1'); };
  put("00110000");
  for (int i = 0; i < 2'000'000; ++i) put("1100010100000");
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    int byte = 0;
    for (std::size_t bit = 0; bit < 8 && i + bit < bits.size(); ++bit) byte |= bits[i + bit] ? 1 << bit : 0;
    data.push_back(static_cast<std::uint8_t>(byte));
  }
  const auto put_big = [&](std::size_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) bomb.push_back(static_cast<std::uint8_t>(value >> shift));
  };
  put_big(data.size());
  for (const char c : {'I', 'D', 'A', 'T'}) bomb.push_back(static_cast<std::uint8_t>(c));
  bomb.insert(bomb.end(), data.begin(), data.end());
  put_big(0);
  bomb.insert(bomb.end(), file.end() - 12, file.end());  // IEND.
  const Result<Pixels> result = decode(bomb, 320);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(result.error().where, "memory");
  // What the refused file took was given back.
  EXPECT_TRUE(decode(file, 320).ok());
}

// The markers of a JPEG up to its scan.
std::multiset<int> markers_of(const Buffer& jpeg) {
  std::multiset<int> markers;
  for (std::size_t at = 2; at + 4 <= jpeg.size();) {
    EXPECT_EQ(jpeg[at], 0xFF);
    markers.insert(jpeg[at + 1]);
    if (jpeg[at + 1] == 0xDA) break;
    at += 2 + 256u * jpeg[at + 2] + jpeg[at + 3];
  }
  return markers;
}

TEST(EncodeJpeg, WritesNoMetadata) {
  const Buffer file = encode_jpeg(testing::four_quarters({64, 48})).value();
  const std::multiset<int> markers = markers_of(file);
  EXPECT_EQ(markers.count(0xDA), 1u);
  EXPECT_EQ(markers.count(0xC0), 1u);  // Baseline.
  for (int app = 0xE1; app <= 0xEF; ++app) EXPECT_EQ(markers.count(app), 0u) << app;  // APP0 is JFIF.
  EXPECT_EQ(markers.count(0xFE), 0u);  // No comment.
  const Inspection inspection = inspect(file).value();
  EXPECT_EQ(inspection.width, 64);
  EXPECT_EQ(inspection.height, 48);
}

TEST(EncodeJpeg, RefusesWhatDoesNotFit) {
  EXPECT_EQ(encode_jpeg({{0, 1}, {}}).error().where, "size");
  EXPECT_EQ(encode_jpeg({{2, 2}, Buffer(15)}).error().where, "size");
  EXPECT_EQ(encode_jpeg({{70000, 1}, Buffer(280000)}).error().where, "size");
  EXPECT_EQ(encode_jpeg({{1, 1}, Buffer(4)}, 0).error().where, "quality");
}

}  // namespace
}  // namespace titik::photo
