#include "photo/errors.h"
#include "photo/geometry.h"
#include "photo/photo.h"
#include "photo/stb_decoder.h"

namespace titik::photo {

Result<Pixels> decode(Bytes file, int long_edge) {
  if (long_edge < 1) return failure(ErrorCode::kInvalidArgument, "long_edge");
  const Inspection inspection = TRY(inspect(file));
  if (inspection.format != Format::kJpeg && inspection.format != Format::kPng) {
    return failure(ErrorCode::kUnsupported, "format");
  }
  const Size stored{inspection.width, inspection.height};
  const Orientation orientation = inspection.orientation;
  Pixels reduced;
  {
    const int channels = inspection.format == Format::kJpeg ? 3 : 4;
    const StbPixels decoded(file, channels);
    if (decoded.failure() == StbFailure::kMemory) {
      return failure(ErrorCode::kTooLarge, "memory");
    }
    // A size other than the one we checked means that stb read another header than we did.
    if (decoded.failure() != StbFailure::kNone || !(decoded.size() == stored)) {
      return failure(ErrorCode::kMalformed, "pixels");
    }
    // Reducing before turning touches each stored pixel once, in order.
    const Size target = turned(reduced_size(stored, orientation, long_edge), orientation);
    reduced = reduce_by_area({stored, channels, decoded.bytes()}, target);
  }
  return turn_upright(std::move(reduced), orientation);
}

}  // namespace titik::photo
