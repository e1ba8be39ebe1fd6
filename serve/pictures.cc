#include "serve/pictures.h"

#include <algorithm>
#include <mutex>
#include <span>

#include "photo/perceptual_hash.h"
#include "photo/photo.h"

namespace titik::serve {
namespace {

constexpr std::int64_t kMostPixels = 16'000'000;
constexpr int kHashEdge = 256;    // px: the hash averages to 32
constexpr int kLeastContrast = 16;  // of 255: below it a picture's hash is its noise, and any other grey wall's

photo::Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(const std::vector<std::uint8_t>& file) { return {file.begin(), file.end()}; }

bool is_flat(const photo::Pixels& pixels) {
  int darkest = 255, lightest = 0;
  for (std::size_t at = 0; at + 3 < pixels.rgba.size(); at += 4) {
    const int light = (pixels.rgba[at] * 3 + pixels.rgba[at + 1] * 6 + pixels.rgba[at + 2]) / 10;
    darkest = std::min(darkest, light);
    lightest = std::max(lightest, light);
  }
  return lightest - darkest < kLeastContrast;
}

// "2026-11-21T14:05:09"
UnixMillis moment_of(const photo::Inspection& picture, ZoneOffset zone) {
  if (!picture.taken_local || picture.taken_local->size() < 19) return 0;
  const std::string& text = *picture.taken_local;
  const auto date = parse_date(std::string_view(text).substr(0, 10));
  if (!date) return 0;
  CivilTime civil = *date;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
  for (const std::size_t at : {11u, 12u, 14u, 15u, 17u, 18u}) {
    if (text[at] < '0' || text[at] > '9') return 0;
  }
  civil.hour = two(11);
  civil.minute = two(14);
  civil.second = two(17);
  return from_civil(civil, picture.taken_zone.value_or(zone));
}

}  // namespace

std::mutex& picture_decoder() {
  static std::mutex decoder;
  return decoder;
}

bool is_small_enough(const photo::Inspection& picture) {
  return std::int64_t{picture.width} * picture.height <= kMostPixels;
}

PictureFacts look_at(std::string_view bytes, ZoneOffset zone) {
  PictureFacts facts;
  const Result<photo::Inspection> picture = photo::inspect(bytes_of(bytes));
  if (!picture.ok()) return facts;
  facts.taken_at = moment_of(*picture, zone);
  if (picture->latitude && picture->longitude && report::is_valid_point({*picture->latitude, *picture->longitude})) {
    facts.point = report::GeoPoint{*picture->latitude, *picture->longitude};
  }
  if (!is_small_enough(*picture)) return facts;
  const std::lock_guard<std::mutex> lock(picture_decoder());
  const Result<photo::Pixels> pixels = photo::decode(bytes_of(bytes), kHashEdge);
  if (!pixels.ok()) return facts;
  if (!is_flat(*pixels)) facts.looks = photo::perceptual_hash(*pixels);
  return facts;
}

Result<std::string> without_metadata(std::string_view bytes) { return text_of(TRY(photo::strip_chunks(bytes_of(bytes)))); }

Result<std::string> picture_for_everybody(std::string_view bytes) {
  const photo::Inspection picture = TRY(photo::inspect(bytes_of(bytes)));
  if (picture.format == photo::Format::kJpeg && picture.orientation == 1) {
    return text_of(TRY(photo::strip_metadata(bytes_of(bytes))));
  }
  if (!is_small_enough(picture)) return Error{ErrorCode::kTooLarge, "pixels", "too many pixels to turn"};
  const std::lock_guard<std::mutex> lock(picture_decoder());
  return text_of(TRY(photo::encode_jpeg(TRY(photo::decode(bytes_of(bytes), photo::kLongEdge)))));
}

}  // namespace titik::serve
