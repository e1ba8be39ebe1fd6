// Walks the containers. What is wanted: size, EXIF, and whether the file is whole. A photo that lost
// its end in a transfer must be refused here, because every decoder would fill the rest with grey.
#include <string_view>

#include "photo/byte_reader.h"
#include "photo/exif.h"
#include "photo/photo.h"

namespace titik::photo {
namespace {

Error malformed() { return {ErrorCode::kMalformed, "format", "The image's structure is broken."}; }
Error cut_off() { return {ErrorCode::kMalformed, "cut_off", "The image ends before its end marker."}; }
Error not_an_image() { return {ErrorCode::kUnsupported, "format", "Not an image that we know."}; }

// Each scan makes a decoder go over the whole image, and costs ten bytes in the file: without a limit
// a small file could keep a phone busy for hours. Encoders write about ten.
constexpr int kMaxScans = 100;

void adopt(const ExifFacts& facts, Inspection& inspection) {
  inspection.orientation = facts.orientation;
  inspection.taken_local = facts.taken_local;
  inspection.taken_zone = facts.taken_zone;
  inspection.latitude = facts.latitude;
  inspection.longitude = facts.longitude;
  inspection.position_error_m = facts.position_error_m;
}

Result<Inspection> within_limits(Inspection inspection) {
  if (inspection.width <= 0 || inspection.height <= 0) return malformed();
  if (std::int64_t{inspection.width} * inspection.height > kMaxPixels) {
    return Error{ErrorCode::kTooLarge, "pixels", "The image has more pixels than we accept."};
  }
  return inspection;
}

// --- JPEG (ITU-T T.81, annex B) --------------------------------------------------------------------

enum Marker : std::uint8_t {
  kTem = 0x01,
  kFirstFrame = 0xC0,  // SOF0
  kHuffmanTable = 0xC4,
  kJpegExtension = 0xC8,
  kArithmeticTable = 0xCC,
  kLastFrame = 0xCF,  // SOF15
  kFirstRestart = 0xD0,
  kLastRestart = 0xD7,
  kStartOfImage = 0xD8,
  kEndOfImage = 0xD9,
  kStartOfScan = 0xDA,
  kApp1 = 0xE1,
};

bool is_frame(std::uint8_t marker) {
  return marker >= kFirstFrame && marker <= kLastFrame && marker != kHuffmanTable &&
         marker != kJpegExtension && marker != kArithmeticTable;
}

// The offset of the 0xFF of the next marker in entropy-coded data, or the end. There 0xFF 0x00 is a
// data byte of 0xFF, and restart markers belong to the data; reserved codes are left to the decoder.
std::size_t end_of_entropy(Bytes file, std::size_t at) {
  for (; at + 1 < file.size(); ++at) {
    if (file[at] != 0xFF) continue;
    const std::uint8_t code = file[at + 1];
    const bool restart = code >= kFirstRestart && code <= kLastRestart;
    if (code >= kFirstFrame && code != 0xFF && !restart) return at;
  }
  return file.size();
}

Result<Inspection> inspect_jpeg(Bytes file) {
  const ByteReader reader(file, ByteOrder::kBig);
  Inspection inspection{.format = Format::kJpeg};
  bool has_frame = false;
  bool has_exif = false;
  int scans = 0;
  std::size_t at = 2;  // After SOI.
  for (;;) {
    // Between segments stands 0xFF, any number of fill bytes 0xFF, then the marker's code.
    const auto prefix = reader.u8(at);
    if (!prefix) return cut_off();
    if (*prefix != 0xFF) return malformed();
    while (reader.u8(at) == std::uint8_t{0xFF}) ++at;
    const auto marker = reader.u8(at++);
    if (!marker) return cut_off();
    if (*marker == kEndOfImage) break;  // What follows (a motion photo's film) is not ours.
    if (*marker == kTem || (*marker >= kFirstRestart && *marker <= kLastRestart)) continue;
    if (*marker < kFirstFrame || *marker == kStartOfImage) return malformed();

    const auto length = reader.u16(at);  // Counts itself.
    if (!length) return cut_off();
    if (*length < 2) return malformed();
    const auto segment = reader.slice(at + 2, *length - 2u);
    if (!segment) return cut_off();
    const ByteReader fields(*segment, ByteOrder::kBig);
    at += *length;

    if (is_frame(*marker)) {
      const auto height = fields.u16(1);
      const auto width = fields.u16(3);
      if (has_frame || !height || !width) return malformed();
      has_frame = true;
      inspection.height = *height;
      inspection.width = *width;
    } else if (*marker == kApp1 && !has_exif && fields.spells(0, std::string_view("Exif\0\0", 6))) {
      has_exif = true;
      adopt(read_exif(segment->subspan(6)), inspection);
    } else if (*marker == kStartOfScan) {
      if (!has_frame || ++scans > kMaxScans) return malformed();
      at = end_of_entropy(file, at);
    }
  }
  if (scans == 0) return malformed();
  return within_limits(std::move(inspection));
}

// --- PNG (ISO/IEC 15948, 5) ------------------------------------------------------------------------

constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1A\n";

Result<Inspection> inspect_png(Bytes file) {
  const ByteReader reader(file, ByteOrder::kBig);
  Inspection inspection{.format = Format::kPng};
  bool has_data = false;
  bool has_exif = false;
  std::size_t at = kPngSignature.size();
  for (bool first = true;; first = false) {
    const auto length = reader.u32(at);
    if (!length || !reader.slice(at + 4, 4)) return cut_off();
    // Length, type, data, CRC. The CRC is not compared: the decoders show what there is.
    const auto data = reader.slice(at + 8, *length);
    if (first && (!reader.spells(at + 4, "IHDR") || *length != 13)) return malformed();
    if (!data || !reader.slice(at + 8 + *length, 4)) return cut_off();
    if (first) {
      const std::uint32_t width = *reader.u32(at + 8);
      const std::uint32_t height = *reader.u32(at + 12);
      if (width > 0x7FFFFFFF || height > 0x7FFFFFFF) return malformed();
      inspection.width = static_cast<int>(width);
      inspection.height = static_cast<int>(height);
    } else if (reader.spells(at + 4, "IDAT")) {
      has_data = true;
    } else if (reader.spells(at + 4, "eXIf") && !has_exif) {
      has_exif = true;
      adopt(read_exif(*data), inspection);
    } else if (reader.spells(at + 4, "IEND")) {
      break;
    }
    at += 12 + std::size_t{*length};
  }
  if (!has_data) return malformed();
  return within_limits(std::move(inspection));
}

// --- Formats that only the browser decodes ---------------------------------------------------------

bool is_webp(const ByteReader& reader) { return reader.spells(0, "RIFF") && reader.spells(8, "WEBP"); }

// ISO/IEC 23008-12, annex B: the brands of images coded with HEVC, as major or compatible brand.
bool is_heic(const ByteReader& reader) {
  const auto length = reader.u32(0);
  if (!length || !reader.spells(4, "ftyp")) return false;
  for (std::size_t at = 8; at + 4 <= *length && at < 128; at += 4) {
    for (const std::string_view brand : {"heic", "heix", "heim", "heis", "hevc", "hevx"}) {
      if (reader.spells(at, brand)) return true;
    }
  }
  return false;
}

}  // namespace

Result<Inspection> inspect(Bytes file) {
  if (file.empty()) return Error{ErrorCode::kInvalidArgument, "empty", "The file has no bytes."};
  const ByteReader reader(file, ByteOrder::kBig);
  if (reader.spells(0, "\xFF\xD8\xFF")) return inspect_jpeg(file);
  if (reader.spells(0, kPngSignature)) return inspect_png(file);
  if (is_webp(reader)) return Inspection{.format = Format::kWebp};
  if (is_heic(reader)) return Inspection{.format = Format::kHeic};
  return not_an_image();
}

}  // namespace titik::photo
