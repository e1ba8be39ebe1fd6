// OpenSSL for the two things the server needs of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace titik::serve {

// SHA-256 of what is fed piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(std::string_view bytes);
  // 64 lower-case hex digits; ends this object's work.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

// `count` bytes of the system's cryptographic randomness, as hex. Ends the program when there is none:
// a guessable token is worse than no server.
std::string random_hex(std::size_t count);

// A UUIDv7 of now, with random bits from the same source.
std::string new_uuid(std::int64_t now_ms);

// Compares in time that does not depend on where the difference is.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace titik::serve
