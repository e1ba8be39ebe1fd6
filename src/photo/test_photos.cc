#include "photo/test_photos.h"

#include <array>
#include <fstream>
#include <iterator>

#include "photo/geometry.h"

namespace titik::photo::testing {
namespace {

std::uint8_t low_byte(std::uint32_t value) { return static_cast<std::uint8_t>(value & 0xFF); }

void put_big(Buffer& out, std::uint32_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(low_byte(value >> shift));
}

void put_chunk(Buffer& out, const char* type, const Buffer& data) {
  put_big(out, static_cast<std::uint32_t>(data.size()), 4);
  const std::size_t begin = out.size();
  out.insert(out.end(), type, type + 4);
  out.insert(out.end(), data.begin(), data.end());
  std::uint32_t crc = 0xFFFFFFFF;
  for (std::size_t i = begin; i < out.size(); ++i) {
    crc ^= out[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  put_big(out, ~crc, 4);
}

}  // namespace

Pixels four_quarters(Size size) {
  Pixels pixels{size, {}};
  constexpr std::array<std::array<std::uint8_t, 4>, 4> kColours = {
      {{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 0, 255}}};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const std::size_t quarter = (2 * y >= size.height ? 2u : 0u) + (2 * x >= size.width ? 1u : 0u);
      pixels.rgba.insert(pixels.rgba.end(), kColours[quarter].begin(), kColours[quarter].end());
    }
  }
  return pixels;
}

char quarter_colour(const Pixels& pixels, int x, int y) {
  const std::uint8_t* p = pixels.rgba.data() + 4 * (std::ptrdiff_t{y} * pixels.size.width + x);
  const bool red = p[0] > 200;
  const bool green = p[1] > 200;
  const bool blue = p[2] > 200;
  const bool pure = (red || p[0] < 55) && (green || p[1] < 55) && (blue || p[2] < 55);
  if (!pure) return '?';
  if (red && green && !blue) return 'Y';
  if (red && !green && !blue) return 'R';
  if (!red && green && !blue) return 'G';
  if (!red && !green && blue) return 'B';
  return '?';
}

std::string quarters(const Pixels& pixels) {
  const int left = pixels.size.width / 8;
  const int top = pixels.size.height / 8;
  const int right = pixels.size.width - 1 - left;
  const int bottom = pixels.size.height - 1 - top;
  return {quarter_colour(pixels, left, top), quarter_colour(pixels, right, top),
          quarter_colour(pixels, left, bottom), quarter_colour(pixels, right, bottom)};
}

Pixels stored_as(const Pixels& upright, Orientation orientation) {
  // Every orientation undoes itself, except the two quarter turns, which undo each other.
  const Orientation inverse = orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;
  return turn_upright(upright, inverse);
}

void ExifWriter::put(Buffer& out, std::uint32_t value, int bytes) const {
  for (int i = 0; i < bytes; ++i) {
    const int shift = 8 * (order_ == ByteOrder::kBig ? bytes - 1 - i : i);
    out.push_back(low_byte(value >> shift));
  }
}

ExifWriter::Field ExifWriter::ascii(std::uint16_t tag, const std::string& text) const {
  Field field{tag, 2, static_cast<std::uint32_t>(text.size() + 1), Buffer(text.begin(), text.end())};
  field.value.push_back(0);
  return field;
}

ExifWriter::Field ExifWriter::short_number(std::uint16_t tag, std::uint16_t value) const {
  Field field{tag, 3, 1, {}};
  put(field.value, value, 2);
  return field;
}

ExifWriter::Field ExifWriter::rationals(std::uint16_t tag,
                                        const std::vector<std::uint32_t>& parts) const {
  Field field{tag, 5, static_cast<std::uint32_t>(parts.size() / 2), {}};
  for (const std::uint32_t part : parts) put(field.value, part, 4);
  return field;
}

void ExifWriter::put_directory(Buffer& out, const std::vector<Field>& fields) const {
  std::size_t values_at = out.size() + 2 + 12 * fields.size() + 4;
  Buffer values;
  put(out, static_cast<std::uint32_t>(fields.size()), 2);
  for (const Field& field : fields) {
    put(out, field.tag, 2);
    put(out, field.type, 2);
    put(out, field.count, 4);
    if (field.value.size() <= 4) {
      out.insert(out.end(), field.value.begin(), field.value.end());
      out.insert(out.end(), 4 - field.value.size(), 0);
    } else {
      put(out, static_cast<std::uint32_t>(values_at + values.size()), 4);
      values.insert(values.end(), field.value.begin(), field.value.end());
    }
  }
  put(out, 0, 4);
  out.insert(out.end(), values.begin(), values.end());
}

Buffer ExifWriter::tiff(std::vector<Field> main, const std::vector<Field>& exif,
                        const std::vector<Field>& gps) const {
  const auto size_of = [](const std::vector<Field>& fields) {
    std::size_t size = 2 + 12 * fields.size() + 4;
    for (const Field& field : fields) size += field.value.size() > 4 ? field.value.size() : 0;
    return size;
  };
  main.push_back({0x8769, 4, 1, Buffer(4)});
  main.push_back({0x8825, 4, 1, Buffer(4)});
  const std::size_t exif_at = 8 + size_of(main);
  Field& exif_link = main[main.size() - 2];
  exif_link.value.clear();
  put(exif_link.value, static_cast<std::uint32_t>(exif_at), 4);
  main.back().value.clear();
  put(main.back().value, static_cast<std::uint32_t>(exif_at + size_of(exif)), 4);

  Buffer out(2, order_ == ByteOrder::kBig ? 'M' : 'I');
  put(out, 42, 2);
  put(out, 8, 4);
  put_directory(out, main);
  put_directory(out, exif);
  put_directory(out, gps);
  return out;
}

Buffer with_exif(const Buffer& jpeg, const Buffer& tiff) {
  Buffer out = {0xFF, 0xD8, 0xFF, 0xE1};
  put_big(out, static_cast<std::uint32_t>(2 + 6 + tiff.size()), 2);
  for (const char c : {'E', 'x', 'i', 'f', '\0', '\0'}) out.push_back(static_cast<std::uint8_t>(c));
  out.insert(out.end(), tiff.begin(), tiff.end());
  out.insert(out.end(), jpeg.begin() + 2, jpeg.end());
  return out;
}

Buffer with_orientation(const Buffer& jpeg, Orientation orientation) {
  const ExifWriter writer(ByteOrder::kBig);
  return with_exif(jpeg,
                   writer.tiff({writer.short_number(0x0112, static_cast<std::uint16_t>(orientation))}, {}, {}));
}

Buffer grey_jpeg(int width, int height) {
  Buffer out = {0xFF, 0xD8, 0xFF, 0xDB, 0x00, 0x43, 0x00};
  out.insert(out.end(), 64, 1);
  out.insert(out.end(), {0xFF, 0xC0, 0x00, 0x0B, 0x08});
  put_big(out, static_cast<std::uint32_t>(height), 2);
  put_big(out, static_cast<std::uint32_t>(width), 2);
  out.insert(out.end(), {0x01, 0x01, 0x11, 0x00});
  for (const std::uint8_t table : {std::uint8_t{0x00}, std::uint8_t{0x10}}) {  // DC and AC: one code "0" for the symbol 0
    out.insert(out.end(), {0xFF, 0xC4, 0x00, 0x14, table, 0x01});
    out.insert(out.end(), 15, 0);
    out.push_back(0x00);
  }
  out.insert(out.end(), {0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3F, 0x00});
  const std::size_t blocks = static_cast<std::size_t>((width + 7) / 8) * static_cast<std::size_t>((height + 7) / 8);
  out.insert(out.end(), (blocks * 2 + 7) / 8, 0x00);
  out.insert(out.end(), {0xFF, 0xD9});
  return out;
}

namespace {
Buffer box(std::string_view type, const Buffer& inside) {
  Buffer out;
  put_big(out, static_cast<std::uint32_t>(inside.size() + 8), 4);
  out.insert(out.end(), type.begin(), type.end());
  out.insert(out.end(), inside.begin(), inside.end());
  return out;
}
}  // namespace

Buffer heic(const std::vector<Size>& images) {
  const auto version_and = [](const Buffer& boxes) {
    Buffer out(4);
    out.insert(out.end(), boxes.begin(), boxes.end());
    return out;
  };
  Buffer sizes;
  for (const Size& image : images) {
    Buffer content;
    put_big(content, static_cast<std::uint32_t>(image.width), 4);
    put_big(content, static_cast<std::uint32_t>(image.height), 4);
    const Buffer one = box("ispe", version_and(content));
    sizes.insert(sizes.end(), one.begin(), one.end());
  }
  constexpr std::string_view kBrands("heic\0\0\0\0mif1heic", 16);
  Buffer out = box("ftyp", Buffer(kBrands.begin(), kBrands.end()));
  const Buffer hidden = box("meta", version_and(box("iprp", box("ipco", sizes))));
  const Buffer pixels = box("mdat", Buffer(8));
  out.insert(out.end(), hidden.begin(), hidden.end());
  out.insert(out.end(), pixels.begin(), pixels.end());
  return out;
}

Buffer rgba_png(Size size, const Buffer& rgba, const Buffer& exif_tiff) {
  Buffer out = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  Buffer header;
  put_big(header, static_cast<std::uint32_t>(size.width), 4);
  put_big(header, static_cast<std::uint32_t>(size.height), 4);
  header.insert(header.end(), {8, 6, 0, 0, 0});
  put_chunk(out, "IHDR", header);
  if (!exif_tiff.empty()) put_chunk(out, "eXIf", exif_tiff);
  Buffer rows;
  const std::ptrdiff_t stride = 4 * std::ptrdiff_t{size.width};
  for (int y = 0; y < size.height; ++y) {
    rows.push_back(0);
    rows.insert(rows.end(), rgba.begin() + y * stride, rgba.begin() + (y + 1) * stride);
  }
  Buffer data = {0x78, 0x01};
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t count = std::min<std::size_t>(65535, rows.size() - at);
    data.push_back(at + count == rows.size() ? 1 : 0);
    for (const std::size_t length : {count, ~count}) {
      data.push_back(low_byte(static_cast<std::uint32_t>(length)));
      data.push_back(low_byte(static_cast<std::uint32_t>(length >> 8)));
    }
    for (std::size_t i = at; i < at + count; ++i) {
      data.push_back(rows[i]);
      a = (a + rows[i]) % 65521;
      b = (b + a) % 65521;
    }
    at += count;
  }
  put_big(data, (b << 16) | a, 4);
  put_chunk(out, "IDAT", data);
  put_chunk(out, "IEND", {});
  return out;
}

Buffer read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Buffer(std::istreambuf_iterator<char>(in), {});
}

}  // namespace titik::photo::testing
