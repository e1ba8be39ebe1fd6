// Walks the segments of a JPEG (ITU-T T.81, annex B). Decodes nothing.
#pragma once

#include <cstdint>

#include "photo/byte_reader.h"

namespace titik::photo {

enum Marker : std::uint8_t {
  kTem = 0x01,
  kFirstFrame = 0xC0,  // SOF0
  kHuffmanTable = 0xC4,
  kJpegExtension = 0xC8,
  kArithmeticTable = 0xCC,
  kLastFrame = 0xCF,  // SOF15
  kFirstRestart = 0xD0,
  kLastRestart = 0xD7,
  kStartOfImage = 0xD8,
  kEndOfImage = 0xD9,
  kStartOfScan = 0xDA,
  kApp0 = 0xE0,
  kApp1 = 0xE1,
  kApp14 = 0xEE,
  kApp15 = 0xEF,
  kComment = 0xFE,
};

inline bool is_frame(std::uint8_t marker) {
  return marker >= kFirstFrame && marker <= kLastFrame && marker != kHuffmanTable &&
         marker != kJpegExtension && marker != kArithmeticTable;
}

struct JpegSegment {
  std::uint8_t marker = 0;
  Bytes data;  // Between the length and the next segment; empty for EOI.
  // All of it as it stands in the file, from its 0xFF to its end; for SOS with the entropy-coded data.
  Bytes whole;
};

//   JpegSegments segments(file);
//   for (;;) { const JpegSegment segment = TRY(segments.next()); if (segment.marker == kEndOfImage) break; … }
class JpegSegments {
 public:
  // Precondition: `file` begins with SOI. It is not copied.
  explicit JpegSegments(Bytes file) : reader_(file, ByteOrder::kBig) {}

  // kMalformed "cut_off" when the file ends before EOI, kMalformed "format" when it is broken.
  // What a decoder writes tables from is checked here, before any decoder sees it.
  Result<JpegSegment> next();

 private:
  ByteReader reader_;
  std::size_t at_ = 2;  // After SOI.
  int scans_ = 0;
};

}  // namespace titik::photo
