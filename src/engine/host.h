// What the engine needs of the world around it: the browser's worker (web/engine_host.cc), the service
// worker, or a test. All calls come from the engine's one thread; none may call back before it returns.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace titik::engine {

// A piece of a request's body: text, or the bytes of a stored blob.
struct HttpPart {
  std::string text;
  std::string blob_sha256;  // not empty: this blob instead; its hash and size are checked when read
  std::int64_t from = 0, bytes = 0;  // of the blob; bytes 0: all of it
};

struct HttpRequest {
  std::uint64_t id = 0;
  std::string method;
  std::string url;  // absolute path on the page's own server, or an absolute URL
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<HttpPart> body;
  UnixMillis timeout = 30 * kSecond;
  // A 2xx answer is stored durably as a blob of this report, and told by hash and size; empty: text.
  std::string blob_for_report;
};

struct HttpAnswer {
  int status = 0;
  std::string_view retry_after;  // the header; empty when there is none
  std::string_view location;     // the headers Location and Tus-Extension
  std::string_view tus_extension;
  std::int64_t upload_offset = -1;  // the header Upload-Offset; -1: none that can be read
  std::string_view body;         // text answers
  std::string blob_sha256;       // blob answers
  std::int64_t blob_bytes = 0;
};

enum class HttpFailure {
  kNetwork,         // no answer: no network, time-out, cut off, redirected, too long
  kBlobUnreadable,  // a blob of the body is missing or not what its hash says
  kStorage,         // the answer's blob could not be stored
};

// A receipt to be checked: is `jws` signed (RFC 7515, ES256) by the key (x, y), and is `words_sha256` that of `words`?
struct ReceiptCheck {
  std::string jws;
  std::string x, y;  // base64url
  std::string words;
  std::string words_sha256;
};
enum class ReceiptAnswer { kWrong, kRight, kCannot };  // kCannot: no WebCrypto here

struct BlobInfo {
  std::string sha256;
  UnixMillis at = 0;  // when it was stored
};

class Host {
 public:
  virtual ~Host() = default;
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  virtual UnixMillis now() = 0;
  virtual void random(std::span<std::uint8_t> bytes) = 0;  // from a cryptographic source
  virtual void send_event(std::string_view json) = 0;
  // Engine::http_done or http_failed follows, once for each request.
  virtual void start_http(const HttpRequest& request) = 0;
  // Engine::tick at `at`, which replaces the time set before; 0: none.
  virtual void set_timer(UnixMillis at) = 0;
  // Engine::receipt_checked follows, once.
  virtual void check_receipt(const ReceiptCheck& check) = 0;
  virtual void delete_blobs(const std::vector<std::string>& sha256s) = 0;
};

}  // namespace titik::engine
