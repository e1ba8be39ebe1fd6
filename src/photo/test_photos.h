// Photos and EXIF blocks made for the tests of this folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "photo/byte_reader.h"
#include "photo/photo.h"

namespace titik::photo::testing {

using Buffer = std::vector<std::uint8_t>;

// Four quarters: red, green / blue, yellow, as seen upright.
Pixels four_quarters(Size size);
// The quarter that a pixel belongs to by its colour: 'R', 'G', 'B', 'Y'; '?' for anything else.
char quarter_colour(const Pixels& pixels, int x, int y);
// The quarters as read: top left, top right, bottom left, bottom right.
std::string quarters(const Pixels& pixels);

// What a camera held in the given way stores: turning it upright gives `upright` again.
Pixels stored_as(const Pixels& upright, Orientation orientation);

// Writes TIFF directories, in the given byte order.
class ExifWriter {
 public:
  explicit ExifWriter(ByteOrder order) : order_(order) {}
  struct Field {
    std::uint16_t tag;
    std::uint16_t type;
    std::uint32_t count;
    Buffer value;
  };
  Field ascii(std::uint16_t tag, const std::string& text) const;  // adds the NUL
  Field short_number(std::uint16_t tag, std::uint16_t value) const;
  Field rationals(std::uint16_t tag, const std::vector<std::uint32_t>& numerators_and_denominators) const;
  // A TIFF block with these fields in IFD0, the Exif IFD and the GPS IFD.
  Buffer tiff(std::vector<Field> main, const std::vector<Field>& exif, const std::vector<Field>& gps) const;

 private:
  void put(Buffer& out, std::uint32_t value, int bytes) const;
  void put_directory(Buffer& out, const std::vector<Field>& fields) const;
  ByteOrder order_;
};

Buffer with_exif(const Buffer& jpeg, const Buffer& tiff);
Buffer with_orientation(const Buffer& jpeg, Orientation orientation);

// A whole, valid, grey baseline JPEG of any size: two bits a block of 8 × 8 pixels.
Buffer grey_jpeg(int width, int height);

// The boxes of a HEIC with images of these sizes, and 8 bytes for their pixels.
Buffer heic(const std::vector<Size>& images);

// A PNG of one colour type 6 (RGBA) row-filter-0 image, zlib "stored" blocks.
Buffer rgba_png(Size size, const Buffer& rgba, const Buffer& exif_tiff = {});

// Nothing when the file cannot be read.
Buffer read_file(const std::filesystem::path& path);

// The files of the packages that cmake/setup --tests fetches.
inline const std::filesystem::path kExiv2Data = "build/deps/exiv2/test/data";
inline const std::filesystem::path kMateBackgrounds = "build/deps/mate/usr/share/backgrounds/mate";
inline const std::filesystem::path kStarfish = "node_modules/exif-parser/test/starfish.jpg";

}  // namespace titik::photo::testing
