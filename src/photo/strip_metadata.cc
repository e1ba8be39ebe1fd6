#include "photo/errors.h"
#include "photo/jpeg_segments.h"
#include "photo/photo.h"

namespace titik::photo {
namespace {

// APP0 "JFIF" and APP14 "Adobe" say how the colours are coded; without them a decoder would guess.
// A JFIF header may hold a thumbnail of the photo before it was made anonymous: only a bare one stays.
bool says_how_to_decode(const JpegSegment& segment) {
  const ByteReader fields(segment.data, ByteOrder::kBig);
  if (segment.marker == kApp0) return segment.data.size() == 14 && fields.spells(0, std::string_view("JFIF\0", 5));
  if (segment.marker == kApp14) return segment.data.size() == 12 && fields.spells(0, "Adobe");
  return false;
}

bool is_metadata(const JpegSegment& segment) {
  const bool application = segment.marker >= kApp0 && segment.marker <= kApp15;
  return segment.marker == kComment || (application && !says_how_to_decode(segment));
}

}  // namespace

Result<std::vector<std::uint8_t>> strip_metadata(Bytes file) {
  const Inspection inspection = TRY(inspect(file));
  if (inspection.format != Format::kJpeg) {
    return failure(ErrorCode::kUnsupported, "format");
  }
  std::vector<std::uint8_t> out = {0xFF, kStartOfImage};
  out.reserve(file.size());
  JpegSegments segments(file);
  for (;;) {
    const JpegSegment segment = TRY(segments.next());
    if (!is_metadata(segment)) out.insert(out.end(), segment.whole.begin(), segment.whole.end());
    if (segment.marker == kEndOfImage) return out;
  }
}

}  // namespace titik::photo
