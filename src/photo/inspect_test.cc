#include <gtest/gtest.h>

#include "photo/test_photos.h"

namespace titik::photo {
namespace {

using testing::Buffer;
using testing::grey_jpeg;

std::string failure(const Buffer& file) {
  const Result<Inspection> result = inspect(file);
  if (result.ok()) return "ok";
  return std::string(error_code_name(result.error().code)) + " " + result.error().where;
}

TEST(Inspect, NamesWhatIsWrong) {
  EXPECT_EQ(failure({}), "invalid_argument empty");
  const std::string text = "Jalan rusak di RT 05";
  EXPECT_EQ(failure(Buffer(text.begin(), text.end())), "unsupported format");
  EXPECT_EQ(failure({'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0}), "unsupported format");
  EXPECT_EQ(failure({0xFF, 0xD8, 0xFF, 0xD9}), "malformed format");  // No picture in it.
  EXPECT_EQ(failure(grey_jpeg(8000, 5000)), "too_large pixels");
  EXPECT_EQ(failure(grey_jpeg(8000, 4000)), "ok");  // Exactly 32 MP.
  EXPECT_EQ(failure(grey_jpeg(0, 4000)), "malformed format");
}

TEST(Inspect, RecognisesWhatOnlyTheBrowserDecodes) {
  const auto format_of = [](std::string_view text) { return inspect(Buffer(text.begin(), text.end())).value().format; };
  EXPECT_EQ(format_of(std::string_view("RIFF\x24\0\0\0WEBPVP8 ", 16)), Format::kWebp);
  EXPECT_EQ(format_of(std::string_view("\0\0\0\x18" "ftypheic\0\0\0\0mif1heic", 24)), Format::kHeic);
  EXPECT_EQ(format_of(std::string_view("\0\0\0\x18" "ftypmif1\0\0\0\0mif1heic", 24)), Format::kHeic);
  const std::string_view film("\0\0\0\x18" "ftypisom\0\0\0\0isomavc1", 24);
  EXPECT_EQ(failure(Buffer(film.begin(), film.end())), "unsupported format");
}

TEST(Inspect, FindsTheEndBehindWhatLooksLikeIt) {
  // An EXIF block that holds a whole thumbnail, with an end marker of its own.
  const Buffer thumbnail = grey_jpeg(16, 16);
  const Buffer photo = testing::with_exif(grey_jpeg(640, 480), thumbnail);
  EXPECT_EQ(failure(photo), "ok");
  const Buffer without_picture(photo.begin(), photo.begin() + 4 + 6 + static_cast<std::ptrdiff_t>(thumbnail.size()) + 2);
  EXPECT_EQ(failure(without_picture), "malformed cut_off");
}

TEST(Inspect, ToleratesWhatFollowsTheEnd) {
  Buffer motion_photo = grey_jpeg(640, 480);
  const std::string film = "....ftypmp42 the film of a motion photo";
  motion_photo.insert(motion_photo.end(), film.begin(), film.end());
  EXPECT_EQ(failure(motion_photo), "ok");
}

TEST(Inspect, EveryPrefixOfAJpegIsRefused) {
  const Buffer whole = testing::with_orientation(grey_jpeg(640, 480), 6);
  ASSERT_EQ(failure(whole), "ok");
  for (std::size_t length = 3; length < whole.size(); ++length) {
    const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    ASSERT_EQ(failure(cut), "malformed cut_off") << length;
  }
}

TEST(Inspect, ALostEndPaddedWithZerosIsRefused) {
  Buffer file = grey_jpeg(640, 480);
  file.resize(file.size() - 2);
  file.insert(file.end(), 5000, 0);  // A file made at full size, whose writing stopped.
  EXPECT_EQ(failure(file), "malformed cut_off");
}

TEST(Inspect, ManyScansAreRefused) {
  // A scan of no data costs ten bytes and a decoder a whole pass over the picture.
  Buffer file = grey_jpeg(640, 480);
  file.resize(file.size() - 2);
  for (int i = 0; i < 200; ++i) file.insert(file.end(), {0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3F, 0x00});
  file.insert(file.end(), {0xFF, 0xD9});
  EXPECT_EQ(failure(file), "malformed format");
}

TEST(Inspect, HuffmanTablesOfTooManySymbolsAreRefused) {
  // Found by photo_fuzz: stb_image wrote beyond its table of 256 code lengths.
  Buffer file = grey_jpeg(64, 64);
  Buffer table = {0xFF, 0xC4, 0x01, 0x18, 0x00};  // Length 2 + 17 + 261.
  table.push_back(255);
  table.push_back(6);
  table.insert(table.end(), 14, 0);
  table.insert(table.end(), 261, 0);
  file.insert(file.begin() + 2, table.begin(), table.end());
  EXPECT_EQ(failure(file), "malformed format");
}

TEST(Inspect, PaddingBetweenSegmentsIsSkipped) {
  Buffer file = grey_jpeg(64, 64);
  const Buffer padding = {0x00, 0x00, 0x00, 0xFF, 0xFF};
  file.insert(file.begin() + 71, padding.begin(), padding.end());  // After the quantisation table.
  EXPECT_EQ(failure(file), "ok");
}

TEST(Inspect, Png) {
  const testing::ExifWriter writer(ByteOrder::kLittle);
  const Buffer whole = testing::rgba_png({5, 3}, Buffer(60, 128), writer.tiff({writer.short_number(0x0112, 8)}, {}, {}));
  const Inspection inspection = inspect(whole).value();
  EXPECT_EQ(inspection.format, Format::kPng);
  EXPECT_EQ(inspection.width, 5);
  EXPECT_EQ(inspection.height, 3);
  EXPECT_EQ(inspection.orientation, 8);
  for (std::size_t length = 8; length < whole.size(); ++length) {
    const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    ASSERT_EQ(failure(cut), "malformed cut_off") << length;
  }
  Buffer huge = whole;
  huge[16] = 0x7F;  // The width's first byte.
  EXPECT_EQ(failure(huge), "too_large pixels");
  huge[16] = 0xFF;
  EXPECT_EQ(failure(huge), "malformed format");
}

}  // namespace
}  // namespace titik::photo
