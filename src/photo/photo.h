// Photos as they come from a phone: what they are, what they say about themselves, and how they are
// made small. Every function takes untrusted bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace titik::photo {

using Bytes = std::span<const std::uint8_t>;

inline constexpr int kLongEdge = 1600;          // px, of the photo that is sent
inline constexpr int kThumbnailEdge = 320;      // px, long edge
// More is refused. A JPEG is decoded at a part of its size, so that its pixels are never in memory together,
// by every browser with ImageDecoder; the rest is decoded whole, and 51 MP take 204 MB as RGBA. stb has a limit
// of its own (stb_decoder.h).
inline constexpr std::int64_t kMaxPixels = 110'000'000;      // of a JPEG: phones take up to 108 MP
inline constexpr std::int64_t kMaxWholePixels = 51'000'000;  // of the rest: 8160 × 6144, an iPhone's 8064 × 6048
inline constexpr int kJpegQuality = 80;         // stb_image_write, 1–100

enum class Format { kJpeg, kPng, kWebp, kHeic };

// Position of the eight EXIF orientations: 1 is upright; 2–8 as TIFF 6.0 tag 274 numbers them.
using Orientation = int;

struct Inspection {
  Format format = Format::kJpeg;
  int width = 0;    // as stored, before turning upright
  int height = 0;
  std::size_t exif_at = 0;  // of a JPEG: where "Exif" stands, 0 when it does not
  Orientation orientation = 1;
  // EXIF DateTimeOriginal is local time with no zone unless OffsetTimeOriginal is there.
  std::optional<std::string> taken_local;   // "2026-11-21T14:05:09"
  std::optional<ZoneOffset> taken_zone;     // minutes east of UTC
  std::optional<double> latitude;           // WGS 84 degrees, both or neither
  std::optional<double> longitude;
  std::optional<double> position_error_m;   // GPSHPositioningError
};

// Looks at the container only; decodes no pixels. Errors, with `where`:
//   kInvalidArgument "empty": no bytes;  kUnsupported "format": not an image we know;
//   kMalformed "cut_off": a JPEG without its end (EOI), a PNG without IEND, a WebP or HEIC shorter than it says;
//   kMalformed "format": broken structure;  kTooLarge "pixels": more than kMaxPixels or kMaxWholePixels.
// Of WebP and HEIC only the size is read, not how they are turned.
// EXIF that is damaged never fails the photo: what can be read is reported, the rest left out.
Result<Inspection> inspect(Bytes file);

struct Size {
  int width = 0;
  int height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

// Size of the upright result whose long edge is at most `long_edge`; never enlarges; at least 1 × 1;
// rounds half up. Used by both decoders, so that both give the same geometry.
Size reduced_size(Size stored, Orientation orientation, int long_edge);

// RGBA, 8 bits a channel, rows top to bottom without padding.
struct Pixels {
  Size size;
  std::vector<std::uint8_t> rgba;  // 4 × width × height bytes
};

// Decodes a JPEG or PNG with stb_image, turns it upright, reduces it to `long_edge`.
// Transparent pixels are laid on white. Errors as inspect(), and kMalformed "pixels" when the data
// do not decode; kUnsupported "format" for WebP and HEIC.
Result<Pixels> decode(Bytes file, int long_edge);

// Baseline JPEG without any metadata.
Result<std::vector<std::uint8_t>> encode_jpeg(const Pixels& pixels, int quality = kJpegQuality);

// The same JPEG, bit for bit the same picture, without EXIF, XMP, ICC profile, comments, thumbnails and
// whatever follows its end. For what a browser wrote: it is upright and sRGB, so the orientation and
// the profile that go with the rest are not missed (Chromium adds a profile to all it writes).
// Errors as inspect(), and kUnsupported "format" for anything but JPEG.
Result<std::vector<std::uint8_t>> strip_metadata(Bytes file);

// The same PNG or WebP, bit for bit the same picture, without EXIF, XMP, ICC profile, texts, times, chunks of other
// programs and whatever follows its end. An orientation that EXIF told is lost; cameras write JPEG and HEIC. Not what
// an animated WebP has inside its frames. Of any size: nothing is decoded. kMalformed "cut_off" or "format" when the
// chunks do not add up, kUnsupported "format" for anything else. Apart from strip_metadata(), since the phone's own
// module (photo.wasm) writes JPEG alone.
Result<std::vector<std::uint8_t>> strip_chunks(Bytes file);

}  // namespace titik::photo
