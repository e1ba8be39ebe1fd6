// photo.wasm: the photo functions of src/photo behind C exports. The only C++ that this module adds.
//
// It lives in a short-lived worker (photo_worker.js) and handles one file at a time. The file is
// copied into the module's memory, the answer is JSON text, and pictures are named in it by their
// place in memory: {"at": address, "bytes": count, "width": px, "height": px}.
//
// Exports (also listed in photo_exports.txt, which the linker reads):
//
//   void* titik_photo_alloc(size)
//       Room for a file, or 0 when there is no memory. The caller writes the file there.
//   void titik_photo_free(file)
//       Gives it back.
//   const char* titik_photo_inspect(file, size)
//       {"format":"jpeg|png|webp|heic", "width", "height", "orientation", "taken_local": text|null,
//        "taken_zone": minutes|null, "latitude": degrees|null, "longitude", "position_error_m",
//        "exif_at": where "Exif" stands in a JPEG, 0: nowhere, "photo":{"width","height"},
//        "thumbnail":{"width","height"}}
//       width and height are as stored; photo and thumbnail are the upright sizes to reduce to, both
//       0 × 0 for WebP and HEIC, of which only the browser knows how they are turned (ask
//       titik_photo_reduced_size).
//   const char* titik_photo_reduced_size(width, height)
//       The same two sizes for a picture that is upright: {"photo":{…},"thumbnail":{…}}, or the
//       error too_large "pixels".
//   const char* titik_photo_reduce(file, size)
//       Decodes by stb, once, and writes both JPEGs: {"photo":{at,…},"thumbnail":{at,…}}. They stay
//       until the next call that answers with pictures, or titik_photo_release.
//   const char* titik_photo_decode(file, size, long_edge)
//       RGBA for drawing, long edge at most 2048: {"pixels":{at,…}}. Stays likewise.
//   const char* titik_photo_strip(file, size)
//       A JPEG that the browser wrote, without metadata: {"photo":{at, bytes, width, height}}, as above.
//   const char* titik_photo_cover(file, size, cells, count, columns)
//       The same picture as titik_photo_reduce, at its full size, with the cells of a grid covered
//       (photo/cover.h). `cells`: `count` times '0' or '1'.
//   const char* titik_photo_hash(file, size)
//       {"perceptual_hash": 16 hex digits} of a JPEG or PNG (photo/perceptual_hash.h).
//   void titik_photo_release()
//       Frees the pictures of the last answer.
//
// An answer of {"error":{"code","where"}} carries the codes of base/result.h and the places of
// photo/photo.h. The text is valid until the next call.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

#include <emscripten.h>

#include "photo/cover.h"
#include "photo/geometry.h"
#include "photo/perceptual_hash.h"
#include "photo/photo.h"

namespace {

using namespace titik;

constexpr int kLargestDrawnEdge = 2048;          // px

// A photo's file: over the most it is written again, coarser and then smaller; under the least finer, once.
// A wall has not the detail for the least at any quality.
constexpr std::size_t kLeastBytes = 150'000;
constexpr std::size_t kMostBytes = 400'000;
constexpr int kFineQuality = 89;  // from 91 on stb writes colours at their full size
constexpr int kLowestQuality = 60;

// What the last call answered. Owned here, because the worker reads it after the call has returned.
struct Answer {
  std::string text;
  std::vector<std::uint8_t> photo;
  std::vector<std::uint8_t> thumbnail;
  std::vector<std::uint8_t> pixels;
};
Answer answer;

void release_pictures() {
  answer.photo = {};
  answer.thumbnail = {};
  answer.pixels = {};
}

// JSON by hand: the values are numbers, names of ours, and times of a checked shape, and a JSON
// library or printf would be a third of this module.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) { out_ = "{"; }
  const char* finish() {
    out_ += '}';
    return out_.c_str();
  }
  void open(std::string_view key) {
    name(key);
    out_ += '{';
  }
  void close() { out_ += '}'; }
  void text(std::string_view key, std::string_view value) {
    name(key);
    out_ += '"';
    out_ += value;
    out_ += '"';
  }
  void integer(std::string_view key, std::int64_t value) {
    name(key);
    append(value);
  }
  // Seven decimals: about a centimetre on the ground.
  void decimal(std::string_view key, double value) {
    name(key);
    constexpr std::int64_t kUnit = 10'000'000;
    // A rational of EXIF is below 2³², so the scaled number fits.
    const auto scaled = static_cast<std::int64_t>(value * kUnit + (value < 0 ? -0.5 : 0.5));
    const std::int64_t magnitude = scaled < 0 ? -scaled : scaled;
    if (scaled < 0) out_ += '-';
    append(magnitude / kUnit);
    std::string decimals = std::to_string(magnitude % kUnit);
    out_ += '.';
    out_.append(7 - decimals.size(), '0');
    out_ += decimals;
  }
  void nothing(std::string_view key) {
    name(key);
    out_ += "null";
  }
  void picture(std::string_view key, const std::vector<std::uint8_t>& bytes, photo::Size size) {
    open(key);
    integer("at", static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(bytes.data())));
    integer("bytes", static_cast<std::int64_t>(bytes.size()));
    this->size(size);
    close();
  }
  void size(photo::Size size) {
    integer("width", size.width);
    integer("height", size.height);
  }

 private:
  void name(std::string_view key) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += key;
    out_ += "\":";
  }
  void append(std::int64_t value) { out_ += std::to_string(value); }

  std::string& out_;
};

const char* answer_error(const Error& error) {
  JsonWriter json(answer.text);
  json.open("error");
  json.text("code", error_code_name(error.code));
  json.text("where", error.where);
  json.close();
  return json.finish();
}

std::string_view format_name(photo::Format format) {
  switch (format) {
    case photo::Format::kJpeg: return "jpeg";
    case photo::Format::kPng: return "png";
    case photo::Format::kWebp: return "webp";
    case photo::Format::kHeic: return "heic";
  }
  return "";
}

void write_reduced_sizes(JsonWriter& json, photo::Size stored, photo::Orientation orientation) {
  const bool known = stored.width > 0 && stored.height > 0;
  json.open("photo");
  json.size(known ? photo::reduced_size(stored, orientation, photo::kLongEdge) : photo::Size{});
  json.close();
  json.open("thumbnail");
  json.size(known ? photo::reduced_size(stored, orientation, photo::kThumbnailEdge) : photo::Size{});
  json.close();
}

// At most three times. `pixels` becomes what was written. The same steps as in photo_worker.js.
Result<std::vector<std::uint8_t>> encode_within_bounds(photo::Pixels& pixels) {
  std::vector<std::uint8_t> file = TRY(photo::encode_jpeg(pixels));
  if (file.size() < kLeastBytes) {
    std::vector<std::uint8_t> finer = TRY(photo::encode_jpeg(pixels, kFineQuality));
    return finer.size() > kMostBytes ? std::move(file) : std::move(finer);
  }
  int quality = photo::kJpegQuality;
  if (file.size() > kMostBytes) {
    quality -= 55 - static_cast<int>(55 * 380'000 / file.size());
    quality = std::max(quality, kLowestQuality);
    file = TRY(photo::encode_jpeg(pixels, quality));
  }
  if (file.size() > kMostBytes) {
    const float scale = std::sqrt(350'000.0f / static_cast<float>(file.size()));
    const auto scaled = [&](int side) { return std::max(1, static_cast<int>(static_cast<float>(side) * scale + 0.5f)); };
    pixels = photo::reduce_by_area({pixels.size, 4, pixels.rgba.data()}, {scaled(pixels.size.width), scaled(pixels.size.height)});
    file = TRY(photo::encode_jpeg(pixels, quality));
  }
  return file;
}

// `cells`: what is covered; empty: nothing.
Result<Ok> reduce(photo::Bytes file, std::string_view cells, int columns) {
  const photo::Inspection inspection = TRY(photo::inspect(file));
  photo::Pixels pixels = TRY(photo::decode(file, photo::kLongEdge));
  if (!cells.empty()) TRY(photo::cover(pixels, cells, columns));
  // From the reduced photo, which is at hand; its size from the stored one, as the browser's way does.
  const photo::Size size = photo::reduced_size({inspection.width, inspection.height}, inspection.orientation,
                                               photo::kThumbnailEdge);
  const photo::Pixels thumbnail = photo::reduce_by_area({pixels.size, 4, pixels.rgba.data()}, size);
  answer.thumbnail = TRY(photo::encode_jpeg(thumbnail));
  answer.photo = TRY(encode_within_bounds(pixels));
  JsonWriter json(answer.text);
  json.picture("photo", answer.photo, pixels.size);
  json.picture("thumbnail", answer.thumbnail, size);
  json.finish();
  return Ok{};
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void* titik_photo_alloc(std::size_t size) { return std::malloc(std::max<std::size_t>(size, 1)); }

EMSCRIPTEN_KEEPALIVE void titik_photo_free(void* file) { std::free(file); }

EMSCRIPTEN_KEEPALIVE const char* titik_photo_inspect(const std::uint8_t* file, std::size_t size) {
  const Result<photo::Inspection> result = photo::inspect({file, size});
  if (!result.ok()) return answer_error(result.error());
  const photo::Inspection& inspection = *result;
  JsonWriter json(answer.text);
  json.text("format", format_name(inspection.format));
  json.integer("width", inspection.width);
  json.integer("height", inspection.height);
  json.integer("orientation", inspection.orientation);
  if (inspection.taken_local) json.text("taken_local", *inspection.taken_local);
  else json.nothing("taken_local");
  if (inspection.taken_zone) json.integer("taken_zone", *inspection.taken_zone);
  else json.nothing("taken_zone");
  const auto number = [&](std::string_view key, const std::optional<double>& value) {
    if (value) json.decimal(key, *value);
    else json.nothing(key);
  };
  number("latitude", inspection.latitude);
  number("longitude", inspection.longitude);
  number("position_error_m", inspection.position_error_m);
  json.integer("exif_at", static_cast<std::int64_t>(inspection.exif_at));
  const bool turn_known = inspection.format == photo::Format::kJpeg || inspection.format == photo::Format::kPng;
  write_reduced_sizes(json, turn_known ? photo::Size{inspection.width, inspection.height} : photo::Size{}, inspection.orientation);
  return json.finish();
}

EMSCRIPTEN_KEEPALIVE const char* titik_photo_reduced_size(int width, int height) {
  if (width < 1 || height < 1) return answer_error({ErrorCode::kMalformed, "pixels", ""});
  if (std::int64_t{width} * height > photo::kMaxWholePixels) return answer_error({ErrorCode::kTooLarge, "pixels", ""});
  JsonWriter json(answer.text);
  write_reduced_sizes(json, {width, height}, 1);
  return json.finish();
}

EMSCRIPTEN_KEEPALIVE const char* titik_photo_reduce(const std::uint8_t* file, std::size_t size) {
  release_pictures();
  const Result<Ok> result = reduce({file, size}, {}, 0);
  return result.ok() ? answer.text.c_str() : answer_error(result.error());
}

EMSCRIPTEN_KEEPALIVE const char* titik_photo_cover(const std::uint8_t* file, std::size_t size, const char* cells,
                                                   std::size_t count, int columns) {
  release_pictures();
  if (count == 0) return answer_error({ErrorCode::kInvalidArgument, "cells", ""});
  const Result<Ok> result = reduce({file, size}, {cells, count}, columns);
  return result.ok() ? answer.text.c_str() : answer_error(result.error());
}

EMSCRIPTEN_KEEPALIVE const char* titik_photo_hash(const std::uint8_t* file, std::size_t size) {
  const Result<photo::Pixels> pixels = photo::decode({file, size}, photo::kThumbnailEdge);
  if (!pixels.ok()) return answer_error(pixels.error());
  JsonWriter json(answer.text);
  json.text("perceptual_hash", photo::write_hash(photo::perceptual_hash(*pixels)));
  return json.finish();
}

EMSCRIPTEN_KEEPALIVE const char* titik_photo_decode(const std::uint8_t* file, std::size_t size, int long_edge) {
  release_pictures();
  Result<photo::Pixels> pixels = photo::decode({file, size}, std::min(long_edge, kLargestDrawnEdge));
  if (!pixels.ok()) return answer_error(pixels.error());
  answer.pixels = std::move(pixels->rgba);
  JsonWriter json(answer.text);
  json.picture("pixels", answer.pixels, pixels->size);
  return json.finish();
}

EMSCRIPTEN_KEEPALIVE const char* titik_photo_strip(const std::uint8_t* file, std::size_t size) {
  release_pictures();
  const Result<photo::Inspection> inspection = photo::inspect({file, size});
  Result<std::vector<std::uint8_t>> bare = photo::strip_metadata({file, size});
  if (!bare.ok()) return answer_error(bare.error());
  answer.photo = std::move(*bare);
  JsonWriter json(answer.text);
  json.picture("photo", answer.photo, {inspection->width, inspection->height});
  return json.finish();
}

EMSCRIPTEN_KEEPALIVE void titik_photo_release() { release_pictures(); }

}  // extern "C"
