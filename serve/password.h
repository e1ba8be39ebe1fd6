// Officers' passwords: argon2id (RFC 9106), as text in its usual form ("$argon2id$v=19$m=…"), so that each knows what
// it was made with.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace titik::serve {

inline constexpr std::size_t kMinPassword = 10;   // code points
inline constexpr std::size_t kMaxPassword = 200;  // bytes

// kInvalidArgument, with a sentence, when it is too short, too long, or no UTF-8.
Result<Ok> check_new_password(std::string_view password);

class PasswordHasher {
 public:
  // 64 MiB, three passes, one lane (RFC 9106's second recommendation has four; our threads serve others).
  struct Cost {
    std::uint32_t kibibytes = 64 * 1024;
    std::uint32_t passes = 3;
  };
  // A small server must live through many logins at once: two are worked on (128 MiB), and some wait.
  explicit PasswordHasher(Cost cost);
  PasswordHasher() : PasswordHasher(Cost{}) {}

  Result<std::string> hash(std::string_view password);
  // False for a wrong password. An empty `hash` (no such account) takes as long as a wrong one. kTooLarge: too many
  // are waiting already.
  Result<bool> verify(std::string_view password, std::string_view hash);

 private:
  static constexpr int kAtOnce = 2;
  static constexpr int kMostWaiting = 6;  // fewer than the server's threads: the others go on
  class Place;
  Result<std::string> make(std::string_view password) const;

  const Cost cost_;
  std::string nobody_;  // of a password that nobody knows
  std::mutex mutex_;
  std::condition_variable free_;
  int working_ = 0;
  int waiting_ = 0;
};

}  // namespace titik::serve
