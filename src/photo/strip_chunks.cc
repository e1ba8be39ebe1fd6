#include <algorithm>
#include <string_view>

#include "photo/byte_reader.h"
#include "photo/errors.h"
#include "photo/photo.h"

namespace titik::photo {
namespace {

// What a picture is drawn from. Colour profiles go, as those of a JPEG do: a screen's own names its owner's machine.
constexpr std::string_view kPngChunks[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB",
                                           "cICP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"};
constexpr std::string_view kWebpChunks[] = {"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"};

constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1A\n";
constexpr std::size_t kRiffHeadBytes = 12;  // "RIFF", the size of what follows, "WEBP"
constexpr std::size_t kChunkHeadBytes = 8;  // four letters and a length
constexpr std::uint8_t kHasProfile = 0x20, kHasExif = 0x08, kHasXmp = 0x04;  // RFC 9649, 2.7

template <std::size_t N>
bool is_one_of(const std::string_view (&names)[N], const ByteReader& reader, std::size_t at) {
  return std::any_of(std::begin(names), std::end(names), [&](std::string_view name) { return reader.spells(at, name); });
}

void append(std::vector<std::uint8_t>& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

Result<std::vector<std::uint8_t>> strip_png(Bytes file) {
  const ByteReader reader(file, ByteOrder::kBig);
  std::vector<std::uint8_t> out;
  out.reserve(file.size());
  append(out, file.first(kPngSignature.size()));
  for (std::size_t at = kPngSignature.size();;) {
    const auto length = reader.u32(at);
    const auto chunk = length ? reader.slice(at, std::size_t{*length} + 12) : std::nullopt;  // with length, type and CRC
    if (!chunk) return cut_off();
    if (is_one_of(kPngChunks, reader, at + 4)) append(out, *chunk);
    if (reader.spells(at + 4, "IEND")) return out;
    at += chunk->size();
  }
}

Result<std::vector<std::uint8_t>> strip_webp(Bytes file) {
  const std::size_t end = 8 + std::size_t{*ByteReader(file, ByteOrder::kLittle).u32(4)};
  if (end < kRiffHeadBytes) return malformed();
  if (end > file.size()) return cut_off();
  const Bytes whole = file.first(end);
  const ByteReader reader(whole, ByteOrder::kLittle);
  std::vector<std::uint8_t> out;
  out.reserve(end);
  append(out, whole.first(kRiffHeadBytes));
  for (std::size_t at = kRiffHeadBytes; at + kChunkHeadBytes <= end;) {  // what is less at the end is no chunk
    const auto length = reader.u32(at + 4);
    const std::size_t size = kChunkHeadBytes + std::size_t{*length};
    const auto chunk = reader.slice(at, size);
    if (!chunk) return cut_off();
    if (is_one_of(kWebpChunks, reader, at)) {
      const std::size_t begin = out.size();
      append(out, *chunk);
      if (size % 2 != 0) out.push_back(0);
      if (reader.spells(at, "VP8X") && *length > 0) {
        out[begin + kChunkHeadBytes] = static_cast<std::uint8_t>(out[begin + kChunkHeadBytes] & ~(kHasProfile | kHasExif | kHasXmp));
      }
    }
    at += size + size % 2;
  }
  const std::size_t size = out.size() - 8;
  for (std::size_t i = 0; i < 4; ++i) out[4 + i] = static_cast<std::uint8_t>(size >> (8 * i));
  return out;
}

}  // namespace

Result<std::vector<std::uint8_t>> strip_chunks(Bytes file) {
  const ByteReader reader(file, ByteOrder::kBig);
  if (reader.spells(0, kPngSignature)) return strip_png(file);
  if (reader.spells(0, "RIFF") && reader.spells(8, "WEBP")) return strip_webp(file);
  return failure(ErrorCode::kUnsupported, "format");
}

}  // namespace titik::photo
