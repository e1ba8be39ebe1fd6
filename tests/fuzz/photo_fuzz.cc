// libFuzzer target of everything that reads photos: photo_fuzz CORPUS build/deps/exiv2/test/data
// Checks, beyond "no sanitizer report", what photo.h promises.
#include <cstdlib>

#include "photo/exif.h"
#include "photo/photo.h"

namespace {

using namespace titik::photo;

void require(bool truth) {
  if (!truth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes file{data, size};
  const ExifFacts facts = read_exif(file);
  require(facts.orientation >= 1 && facts.orientation <= 8);
  require(facts.latitude.has_value() == facts.longitude.has_value());

  const auto inspection = inspect(file);
  if (!inspection.ok()) {
    require(!inspection.error().where.empty());
    return 0;
  }
  if (const auto bare = strip_metadata(file); bare.ok()) {
    const auto again = inspect(bare.value());
    require(again.ok() && again->width == inspection->width && again->height == inspection->height);
    require(again->orientation == 1 && !again->latitude.has_value() && !again->taken_local.has_value());
  }
  // Large pictures take long and teach nothing that small ones do not.
  if (std::int64_t{inspection->width} * inspection->height > 500'000) return 0;
  const auto pixels = decode(file, kThumbnailEdge);
  if (!pixels.ok()) return 0;
  require(pixels->size == reduced_size({inspection->width, inspection->height}, inspection->orientation, kThumbnailEdge));
  const auto small = encode_jpeg(pixels.value());
  require(small.ok() && inspect(small.value()).ok());
  return 0;
}
