// Pictures that the server itself looks at: one at a time, and never one that would take more than about 200 MB while
// it is decoded (a progressive JPEG of 16 MP; the phones of our client send 2 MP).
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "photo/photo.h"
#include "report/place.h"

namespace titik::serve {

// To be held while anything is decoded: the decoder counts its memory in one place, for one thread
// (photo/stb_decoder.h).
std::mutex& picture_decoder();
bool is_small_enough(const photo::Inspection& picture);

struct PictureFacts {
  std::uint64_t looks = 0;  // photo/perceptual_hash.h; 0: not comparable (too large, broken, no format of ours, or flat)
  UnixMillis taken_at = 0;  // EXIF; 0: not told
  std::optional<report::GeoPoint> point;  // EXIF
};

// Never fails: what cannot be read is left out. EXIF's time without a zone is taken for the city's.
PictureFacts look_at(std::string_view bytes, ZoneOffset zone);

// A JPEG without EXIF, upright: the same bits when there is nothing to turn, else written anew. Errors as
// photo::decode().
Result<std::string> picture_for_everybody(std::string_view bytes);

// A PNG or WebP without metadata, of the same format (photo::strip_chunks). Errors as there.
Result<std::string> without_metadata(std::string_view bytes);

}  // namespace titik::serve
