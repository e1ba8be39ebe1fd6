// Walks the containers. What is wanted: size, EXIF, and whether the file is whole. A photo that lost
// its end in a transfer must be refused here, because every decoder would fill the rest with grey.
#include <string_view>

#include "photo/byte_reader.h"
#include "photo/errors.h"
#include "photo/exif.h"
#include "photo/jpeg_segments.h"
#include "photo/photo.h"

namespace titik::photo {
namespace {

Error not_an_image() { return failure(ErrorCode::kUnsupported, "format"); }

Error too_many_pixels() { return failure(ErrorCode::kTooLarge, "pixels"); }

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
  const std::int64_t most = inspection.format == Format::kJpeg ? kMaxPixels : kMaxWholePixels;
  if (std::int64_t{inspection.width} * inspection.height > most) {
    return too_many_pixels();
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
      inspection.exif_at = static_cast<std::size_t>(segment.data.data() - file.data());
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

// RFC 9649: the first chunk has the size, in one of three shapes.
Result<Inspection> inspect_webp(Bytes file) {
  const ByteReader reader(file, ByteOrder::kLittle);
  const std::uint32_t after_head = reader.u32(4).value_or(0xFFFFFFFF);
  if (after_head > file.size() - 8) return cut_off();
  const auto bits = [&](std::size_t at, int from, int count) {
    return static_cast<int>(reader.u32(at).value_or(0) >> from & ((1u << count) - 1));
  };
  // 20 bytes are before its data.
  const auto begins_with = [&](std::string_view chunk, std::uint32_t least) {
    return reader.spells(12, chunk) && reader.u32(16).value_or(0) >= least && after_head >= 12 + least;
  };
  Inspection inspection{.format = Format::kWebp};
  if (begins_with("VP8 ", 10)) {  // after the frame tag of 3 bytes and the start code
    inspection.width = bits(26, 0, 14);
    inspection.height = bits(26, 16, 14);
  } else if (begins_with("VP8L", 5)) {  // after a byte of signature
    inspection.width = bits(21, 0, 14) + 1;
    inspection.height = bits(21, 14, 14) + 1;
  } else if (begins_with("VP8X", 10)) {
    inspection.width = bits(24, 0, 24) + 1;
    inspection.height = bits(26, 8, 24) + 1;
  }
  return within_limits(std::move(inspection));
}

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

// ISO/IEC 14496-12, 4.2: boxes one after the other. Each image of the file has its size in an 'ispe' box; the
// photo's is the largest, the others are tiles and thumbnails.
constexpr std::string_view kWayToSizes[] = {"meta", "iprp", "ipco", "ispe"};

Result<Ok> find_sizes(Bytes boxes, std::size_t depth, Inspection& inspection) {
  const ByteReader reader(boxes, ByteOrder::kBig);
  for (std::size_t at = 0; at < boxes.size();) {
    const std::uint32_t length = reader.u32(at).value_or(0);
    const std::size_t size = length == 0   ? boxes.size() - at                  // up to the end
                             : length == 1 ? reader.u32(at + 12).value_or(0)    // of 64 bits we can have 32
                                           : length;
    const auto box = reader.slice(at, size);
    const std::size_t head = 8 + (depth == 0 || depth == 3 ? 4 : 0);  // meta and ispe have a version
    if (!box || size < 8) {
      // Some cameras append what is no box. A file that ends in its pixels or before its sizes is cut off.
      if (inspection.width == 0 || reader.spells(at + 4, "mdat")) return cut_off();
      return Ok{};
    }
    if (reader.spells(at + 4, kWayToSizes[depth]) && size >= head) {
      const Bytes inside = box->subspan(head);
      if (depth < 3) {
        TRY(find_sizes(inside, depth + 1, inspection));
      } else {
        const ByteReader fields(inside, ByteOrder::kBig);
        const std::uint32_t width = fields.u32(0).value_or(0), height = fields.u32(4).value_or(0);
        if (width > 0xFFFF || height > 0xFFFF) return too_many_pixels();
        if (std::int64_t{width} * height > std::int64_t{inspection.width} * inspection.height) {
          inspection.width = static_cast<int>(width);
          inspection.height = static_cast<int>(height);
        }
      }
    }
    at += size;
  }
  return Ok{};
}

Result<Inspection> inspect_heic(Bytes file) {
  Inspection inspection{.format = Format::kHeic};
  TRY(find_sizes(file, 0, inspection));
  return within_limits(std::move(inspection));
}

}  // namespace

Result<Inspection> inspect(Bytes file) {
  if (file.empty()) return failure(ErrorCode::kInvalidArgument, "empty");
  const ByteReader reader(file, ByteOrder::kBig);
  if (reader.spells(0, "\xFF\xD8\xFF")) return inspect_jpeg(file);
  if (reader.spells(0, kPngSignature)) return inspect_png(file);
  if (is_webp(reader)) return inspect_webp(file);
  if (is_heic(reader)) return inspect_heic(file);
  return not_an_image();
}

}  // namespace titik::photo
