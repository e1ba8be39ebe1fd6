#include "photo/geometry.h"
#include "photo/photo.h"
#include "photo/stb_decoder.h"

namespace titik::photo {

Result<Pixels> decode(Bytes file, int long_edge) {
  if (long_edge < 1) return Error{ErrorCode::kInvalidArgument, "long_edge", "The long edge is less than 1."};
  const Inspection inspection = TRY(inspect(file));
  if (inspection.format != Format::kJpeg && inspection.format != Format::kPng) {
    return Error{ErrorCode::kUnsupported, "format", "Only the browser decodes this format."};
  }
  const Size stored{inspection.width, inspection.height};
  const Orientation orientation = inspection.orientation;
  Pixels reduced;
  {
    const int channels = inspection.format == Format::kJpeg ? 3 : 4;
    const StbPixels decoded(file, channels);
    if (decoded.failure() == StbFailure::kMemory) {
      return Error{ErrorCode::kTooLarge, "memory", "Decoding takes more memory than we allow."};
    }
    // A size other than the one we checked means that stb read another header than we did.
    if (decoded.failure() != StbFailure::kNone || !(decoded.size() == stored)) {
      return Error{ErrorCode::kMalformed, "pixels", "The image's data do not decode."};
    }
    // Reducing before turning touches each stored pixel once, in order.
    const Size target = turned(reduced_size(stored, orientation, long_edge), orientation);
    reduced = reduce_by_area({stored, channels, decoded.bytes()}, target);
  }
  return turn_upright(std::move(reduced), orientation);
}

}  // namespace titik::photo
