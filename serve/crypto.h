// OpenSSL for digests and randomness; signing_key.h has it for signatures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace titik::serve {

// The digest of what is fed piece by piece.
class Digest {
 public:
  enum class Algorithm { kSha256, kSha1 };  // SHA-1 only where a protocol demands it
  explicit Digest(Algorithm algorithm = Algorithm::kSha256);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  void update(std::string_view bytes);
  // Lower-case hex digits, or the bytes themselves; either ends this object's work.
  std::string finish();
  std::string finish_bytes();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

// RFC 4648, with its padding; nothing when it is something else.
std::optional<std::string> from_base64(std::string_view text);

// `count` bytes of the system's cryptographic randomness, as hex. Ends the program when there is none:
// a guessable token is worse than no server.
std::string random_hex(std::size_t count);

// A UUIDv7 of now, with random bits from the same source.
std::string new_uuid(std::int64_t now_ms);

// Compares in time that does not depend on where the difference is.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace titik::serve
