// Walks the containers. What is wanted: size, EXIF, and whether the file is whole. A photo that lost
// its end in a transfer must be refused here, because every decoder would fill the rest with grey.
#include <string_view>

#include "photo/byte_reader.h"
#include "photo/exif.h"
#include "photo/jpeg_segments.h"
#include "photo/photo.h"

namespace titik::photo {
namespace {

Error not_an_image() { return {ErrorCode::kUnsupported, "format", "Not an image that we know."}; }

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

// --- JPEG ------------------------------------------------------------------------------------------

Result<Inspection> inspect_jpeg(Bytes file) {
  Inspection inspection{.format = Format::kJpeg};
  bool has_frame = false;
  bool has_scan = false;
  bool has_exif = false;
  JpegSegments segments(file);
  for (;;) {
    const JpegSegment segment = TRY(segments.next());
    if (segment.marker == kEndOfImage) break;  // What follows (a motion photo's film) is not ours.
    const ByteReader fields(segment.data, ByteOrder::kBig);
    if (is_frame(segment.marker)) {
      const auto height = fields.u16(1);
      const auto width = fields.u16(3);
      if (has_frame || !height || !width) return malformed();
      has_frame = true;
      inspection.height = *height;
      inspection.width = *width;
    } else if (segment.marker == kApp1 && !has_exif && fields.spells(0, std::string_view("Exif\0\0", 6))) {
      has_exif = true;
      adopt(read_exif(segment.data.subspan(6)), inspection);
    } else if (segment.marker == kStartOfScan) {
      if (!has_frame) return malformed();
      has_scan = true;
    }
  }
  if (!has_scan) return malformed();
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
