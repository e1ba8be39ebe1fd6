#include "photo/jpeg_segments.h"

#include "photo/errors.h"

namespace titik::photo {
namespace {

// Each scan makes a decoder go over the whole image, and costs ten bytes in the file: without a limit
// a small file could keep a phone busy for hours. Encoders write about ten.
constexpr int kMaxScans = 100;

// The end of entropy-coded data: the offset of the next marker's 0xFF, or the end of the file. In the
// data 0xFF 0x00 is a byte 0xFF, and restart markers belong to it; reserved codes are the decoder's.
std::size_t end_of_entropy(Bytes file, std::size_t at) {
  for (; at + 1 < file.size(); ++at) {
    if (file[at] != 0xFF) continue;
    const std::uint8_t code = file[at + 1];
    const bool restart = code >= kFirstRestart && code <= kLastRestart;
    if (code >= kFirstFrame && code != 0xFF && !restart) return at;
  }
  return file.size();
}

// T.81, B.2.4.2: tables of a class and number, sixteen counts, and as many symbols as these count, at
// most 256. stb_image writes beyond its table when they are more (found by photo_fuzz).
bool are_huffman_tables(Bytes data) {
  while (!data.empty()) {
    if (data.size() < 17) return false;
    std::size_t symbols = 0;
    for (const std::uint8_t count : data.subspan(1, 16)) symbols += count;
    if (symbols > 256 || data.size() < 17 + symbols) return false;
    data = data.subspan(17 + symbols);
  }
  return true;
}

}  // namespace

Result<JpegSegment> JpegSegments::next() {
  for (;;) {
    // A marker is 0xFF, any number of fill bytes 0xFF, and a code. Other bytes before it are skipped,
    // as all decoders do: some cameras pad.
    while (reader_.u8(at_).value_or(0xFF) != 0xFF) ++at_;
    const std::size_t begin = at_;
    while (reader_.u8(at_) == std::uint8_t{0xFF}) ++at_;
    const auto marker = reader_.u8(at_++);
    if (!marker) return cut_off();
    if (*marker == kEndOfImage) return JpegSegment{*marker, {}, *reader_.slice(at_ - 2, 2)};
    if (*marker == 0 || *marker == kTem || (*marker >= kFirstRestart && *marker <= kLastRestart)) continue;
    if (*marker < kFirstFrame || *marker == kStartOfImage) return malformed();

    const auto length = reader_.u16(at_);  // Counts itself.
    if (!length) return cut_off();
    if (*length < 2) return malformed();
    const auto data = reader_.slice(at_ + 2, *length - 2u);
    if (!data) return cut_off();
    at_ += *length;
    if (*marker == kHuffmanTable && !are_huffman_tables(*data)) return malformed();
    if (*marker == kStartOfScan) {
      if (++scans_ > kMaxScans) return malformed();
      at_ = end_of_entropy(*reader_.slice(0, reader_.size()), at_);
    }
    return JpegSegment{*marker, *data, *reader_.slice(begin, at_ - begin)};
  }
}

}  // namespace titik::photo
