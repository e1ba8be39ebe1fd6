#include "serve/compression.h"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace titik::serve {
namespace {

constexpr std::size_t kMinBytes = 512;
// What these cost and save: docs/performance.md.
constexpr int kBrotliQuality = 4;
constexpr int kGzipLevel = 5;

constexpr std::array<std::string_view, 9> kTexts = {
    "application/json", "application/xml", "application/geo+json", "text/csv", "text/css", "text/html", "text/javascript", "text/plain", "text/xml"};

bool is_text(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return std::find(kTexts.begin(), kTexts.end(), type) != kTexts.end();
}

// "" when it does not get smaller.
std::string in_brotli(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t size = out.size();
  if (BrotliEncoderCompress(kBrotliQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, text.size(),
                            reinterpret_cast<const std::uint8_t*>(text.data()), &size, reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_FALSE) {
    return {};
  }
  out.resize(size);
  return out;
}

std::string in_gzip(std::string_view text) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;  // with gzip's head and end, not zlib's
  constexpr int kMemLevel = 8;          // zlib's own default
  if (deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, kMemLevel, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(text.size(), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // NOLINT: zlib reads it only
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return result == Z_STREAM_END ? out : std::string();
}

}  // namespace

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
  bool accepts = false;
  for_each_element(accept_encoding, [&](std::string_view element) {
    const std::size_t semicolon = std::min(element.find(';'), element.size());
    if (trimmed(element.substr(0, semicolon)) != coding) return;
    const std::string_view weight = trimmed(element.substr(std::min(semicolon + 1, element.size())));
    // "q=0", "q=0.0", ...: explicitly not wanted.
    accepts = !weight.starts_with("q=0") || weight.find_first_of("123456789") != std::string_view::npos;
  });
  return accepts;
}

Response compressed(std::string_view accept_encoding, Response response) {
  if (!is_text(response.content_type) || !response.header("Content-Encoding").empty()) return response;
  const bool is_large = response.text().size() >= kMinBytes;
  const auto etag = std::find_if(response.headers.begin(), response.headers.end(), [](const auto& header) { return header.first == "ETag"; });
  const bool has_etag = etag != response.headers.end();
  if (!is_large && !has_etag) return response;

  const bool brotli = accepts_coding(accept_encoding, "br");
  const bool gzip = accepts_coding(accept_encoding, "gzip");
  if (has_etag && (brotli || gzip) && !etag->second.starts_with("W/")) etag->second.insert(0, "W/");
  const std::pair<std::string, std::string> vary{"Vary", "Accept-Encoding"};
  if (std::find(response.headers.begin(), response.headers.end(), vary) == response.headers.end()) response.headers.push_back(vary);
  if (!is_large || !(brotli || gzip)) return response;

  std::string body = brotli ? in_brotli(response.text()) : in_gzip(response.text());
  if (body.empty()) return response;
  response.body = std::make_shared<const std::string>(std::move(body));
  response.headers.emplace_back("Content-Encoding", brotli ? "br" : "gzip");
  return response;
}

}  // namespace titik::serve
