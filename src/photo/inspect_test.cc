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
  EXPECT_EQ(failure(grey_jpeg(11001, 10000)), "too_large pixels");
  EXPECT_EQ(failure(grey_jpeg(11000, 10000)), "ok");
  EXPECT_EQ(failure(grey_jpeg(0, 4000)), "malformed format");
}

Buffer bytes(std::string_view text) { return Buffer(text.begin(), text.end()); }

TEST(Inspect, ReadsTheSizeOfEveryKindOfWebp) {
  const auto size_of = [](std::string_view chunk) -> Size {
    Buffer file = bytes(std::string_view("RIFF\0\0\0\0WEBP", 12));
    file.insert(file.end(), chunk.begin(), chunk.end());
    file[4] = static_cast<std::uint8_t>(file.size() - 8);
    const Inspection found = inspect(file).value();
    EXPECT_EQ(found.format, Format::kWebp);
    file.pop_back();
    EXPECT_EQ(failure(file), "malformed cut_off");
    return {found.width, found.height};
  };
  // The two bits above a size of VP8 are its scale, the bits above a size of VP8L its alpha and version.
  EXPECT_EQ(size_of(std::string_view("VP8 \x0A\0\0\0\x30\x01\0\x9D\x01\x2A\xD0\x47\xE8\x43", 18)), (Size{2000, 1000}));
  EXPECT_EQ(size_of(std::string_view("VP8L\x05\0\0\0\x2F\xCF\xC7\xF9\x10", 13)), (Size{2000, 1000}));
  EXPECT_EQ(size_of(std::string_view("VP8X\x0A\0\0\0\0\0\0\0\xCF\x07\0\xE7\x03\0", 18)), (Size{2000, 1000}));
  EXPECT_EQ(failure(bytes(std::string_view("RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\xFF\x3E\0\xFF\x3E\0", 30))), "too_large pixels");
  EXPECT_EQ(failure(bytes(std::string_view("RIFF\x08\0\0\0WEBPNONE", 16))), "malformed format");
}

TEST(Inspect, TakesTheLargestSizeOfAHeic) {
  const Buffer whole = testing::heic({{512, 512}, {8064, 6048}, {320, 240}});
  const Inspection found = inspect(whole).value();
  EXPECT_EQ(found.format, Format::kHeic);
  EXPECT_EQ((Size{found.width, found.height}), (Size{8064, 6048}));
  const std::size_t pixels = whole.size() - 16;  // where their box begins: a file without it is the decoder's to refuse
  for (std::size_t length = 32; length < whole.size(); ++length) {
    if (length >= pixels && length < pixels + 8) continue;
    ASSERT_EQ(failure(Buffer(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))), "malformed cut_off") << length;
  }
  Buffer with_trailer = whole;
  with_trailer.insert(with_trailer.end(), {'S', 'E', 'F', 'T'});  // as cameras append
  EXPECT_EQ(failure(with_trailer), "ok");
  EXPECT_EQ(failure(testing::heic({{512, 512}, {9000, 8000}})), "too_large pixels");
  EXPECT_EQ(failure(testing::heic({{0x40000000, 0x40000000}})), "too_large pixels");
  EXPECT_EQ(failure(testing::heic({})), "malformed format");
}

TEST(Inspect, KnowsAHeicByItsCompatibleBrandsToo) {
  const std::string_view film("\0\0\0\x18" "ftypisom\0\0\0\0isomavc1", 24);
  EXPECT_EQ(failure(bytes(film)), "unsupported format");
  const std::string_view other("\0\0\0\x18" "ftypmif1\0\0\0\0mif1heic", 24);
  EXPECT_EQ(failure(bytes(other)), "malformed format");  // a HEIC, but without an image
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
