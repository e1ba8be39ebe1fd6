#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "photo/test_photos.h"

namespace titik::photo {
namespace {

using testing::Buffer;

Buffer bytes_of(std::string_view text) { return {text.begin(), text.end()}; }
bool holds(const Buffer& file, std::string_view text) { return std::search(file.begin(), file.end(), text.begin(), text.end()) != file.end(); }

void put(Buffer& out, std::size_t value, bool is_big) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * (is_big ? 3 - i : i))));
}

// Nobody compares the CRC.
Buffer png_chunk(std::string_view type, std::string_view data) {
  Buffer out;
  put(out, data.size(), true);
  for (const std::string_view part : {type, data, std::string_view("CRC.")}) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Buffer riff_chunk(std::string_view type, std::string_view data) {
  Buffer out = bytes_of(type);
  put(out, data.size(), false);
  out.insert(out.end(), data.begin(), data.end());
  if (data.size() % 2 != 0) out.push_back(0);
  return out;
}

Buffer webp(const std::vector<Buffer>& chunks) {
  Buffer body = bytes_of("WEBP");
  for (const Buffer& chunk : chunks) body.insert(body.end(), chunk.begin(), chunk.end());
  Buffer out = bytes_of("RIFF");
  put(out, body.size(), false);
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

// Flags, three reserved bytes, 64 × 48 (less one each).
std::string size_64_48(char flags) { return flags + std::string("\0\0\0\x3F\0\0\x2F\0\0", 9); }

TEST(StripChunks, LeavesExactlyThePictureOfAPng) {
  const Buffer plain = testing::rgba_png({2, 2}, Buffer(16, 200));
  EXPECT_EQ(strip_chunks(plain).value(), plain);

  const testing::ExifWriter writer(ByteOrder::kBig);
  Buffer dressed = testing::rgba_png({2, 2}, Buffer(16, 200), writer.tiff({}, {}, {writer.ascii(1, "S")}));
  for (const char* type : {"tEXt", "zTXt", "iTXt", "tIME", "iCCP", "spAl"}) {
    const Buffer chunk = png_chunk(type, "Siti");
    dressed.insert(dressed.begin() + 8 + 25, chunk.begin(), chunk.end());  // after IHDR
  }
  dressed.insert(dressed.end(), 100, 'x');
  EXPECT_EQ(strip_chunks(dressed).value(), plain);
}

TEST(StripChunks, LeavesExactlyThePictureOfAWebp) {
  const Buffer pixels = riff_chunk("VP8 ", "pixels!");
  const Buffer plain = webp({riff_chunk("VP8X", size_64_48(0x10)), riff_chunk("ALPH", "alpha"), pixels});
  EXPECT_EQ(strip_chunks(plain).value(), plain);
  Buffer dressed = webp({riff_chunk("VP8X", size_64_48(0x3C)), riff_chunk("ICCP", "Siti's screen"), riff_chunk("ALPH", "alpha"), pixels,
                         riff_chunk("EXIF", "Siti"), riff_chunk("XMP ", "Siti."), riff_chunk("nama", "Siti")});
  dressed.insert(dressed.end(), 100, 'x');
  EXPECT_EQ(strip_chunks(dressed).value(), plain);
  const Buffer simple = webp({riff_chunk("VP8L", std::string("\x2F\x3F\xC0\x0B\0..", 7))});
  EXPECT_EQ(strip_chunks(simple).value(), simple);
}

TEST(StripChunks, RefusesWhatIsNotWhole) {
  EXPECT_EQ(strip_chunks(Buffer{}).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(strip_chunks(testing::grey_jpeg(8, 8)).error().code, ErrorCode::kUnsupported);
  Buffer cut = testing::rgba_png({1, 1}, Buffer(4));
  cut.pop_back();
  EXPECT_EQ(strip_chunks(cut).error().where, "cut_off");
  // A chunk that says it is longer than the file.
  Buffer longer = webp({riff_chunk("VP8X", size_64_48(0)), riff_chunk("EXIF", "Siti")});
  longer[12 + 18 + 4] = 200;
  EXPECT_EQ(strip_chunks(longer).error().where, "cut_off");
  longer.resize(30);
  EXPECT_EQ(strip_chunks(longer).error().where, "cut_off");
  // What follows the last chunk and is none goes.
  EXPECT_EQ(strip_chunks(webp({riff_chunk("VP8X", size_64_48(0)), bytes_of("EXIF")})).value(), webp({riff_chunk("VP8X", size_64_48(0))}));
}

// Sizes are read out of the first chunk, never out of what stands behind it.
TEST(StripChunks, AWebpBeginsWithItsPicture) {
  Buffer outside = webp({riff_chunk("VP8X", size_64_48(0))});
  outside[4] = 4;  // "WEBP" alone
  EXPECT_FALSE(inspect(outside).ok());
  EXPECT_FALSE(inspect(webp({riff_chunk("VP8X", ""), riff_chunk("EXIF", std::string(10, '\1'))})).ok());
  EXPECT_FALSE(inspect(webp({riff_chunk("EXIF", "Siti"), riff_chunk("VP8X", size_64_48(0))})).ok());
  const Inspection whole = inspect(webp({riff_chunk("VP8X", size_64_48(0))})).value();
  EXPECT_EQ(whole.width, 64);
  EXPECT_EQ(whole.height, 48);
}

TEST(StripChunks, PicturesKeepTheirPixels) {
  const Pixels quarters = testing::four_quarters({64, 48});
  const testing::ExifWriter writer(ByteOrder::kLittle);
  const Buffer file = testing::rgba_png(quarters.size, quarters.rgba, writer.tiff({writer.ascii(0x010F, "Siti")}, {}, {}));
  ASSERT_TRUE(holds(file, "Siti"));
  const Buffer stripped = strip_chunks(file).value();
  EXPECT_FALSE(holds(stripped, "Siti"));
  EXPECT_EQ(decode(stripped, 64)->rgba, quarters.rgba);
}

}  // namespace
}  // namespace titik::photo
