// libFuzzer target of a photo's whole way: what is it, decode, cover, hash, write, take the metadata out.
//   photo_fuzz CORPUS tests/fuzz/corpus/photo build/deps/exiv2/test/data
// Checks, beyond "no sanitizer report", what photo.h promises.
#include <cstdlib>

#include "photo/cover.h"
#include "photo/perceptual_hash.h"
#include "photo/photo.h"

namespace {

using namespace titik::photo;

void require(bool truth) {
  if (!truth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes file{data, size};
  const auto inspection = inspect(file);
  if (!inspection.ok()) {
    require(!inspection.error().where.empty());
    return 0;
  }
  require(inspection->width > 0 && inspection->height > 0);
  require(std::int64_t{inspection->width} * inspection->height <=
          (inspection->format == Format::kJpeg ? kMaxPixels : kMaxWholePixels));
  require(inspection->orientation >= 1 && inspection->orientation <= 8);
  require(inspection->exif_at + 4 <= size);
  for (const auto& bare : {strip_metadata(file), strip_chunks(file)}) {
    if (!bare.ok()) continue;
    const auto again = inspect(bare.value());
    require(again.ok() && again->width == inspection->width && again->height == inspection->height);
    require(again->orientation == 1 && !again->latitude.has_value() && !again->taken_local.has_value());
  }
  // Large pictures take long and teach nothing that small ones do not.
  if (std::int64_t{inspection->width} * inspection->height > 500'000) return 0;
  auto pixels = decode(file, kThumbnailEdge);
  if (!pixels.ok()) return 0;
  require(pixels->size == reduced_size({inspection->width, inspection->height}, inspection->orientation, kThumbnailEdge));
  require(write_hash(perceptual_hash(pixels.value())).size() == 16);
  // The grid's shape from the file too: any must be covered or refused.
  const int columns = data[size / 2] % 32;
  const std::string cells(data[size / 3], '1');
  const auto covered = cover(pixels.value(), cells, columns);
  require(covered.ok() == (columns > 0 && !cells.empty() && cells.size() % static_cast<std::size_t>(columns) == 0));
  const auto small = encode_jpeg(pixels.value());
  require(small.ok() && inspect(small.value()).ok());
  return 0;
}
