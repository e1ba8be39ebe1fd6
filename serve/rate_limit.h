// How much one device or one address may ask for: token buckets, in the memory of this process. They count citizens
// rather than phones: a volunteer's phone that comes back from a day at a booth sends 500 reports at once, and
// thousands of phones may share one address of a mobile operator.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"

namespace titik::serve {

// What is counted apart.
enum class Budget {
  kNone,
  kRequest,   // anything
  kReport,    // reports, follow-ups, photos begun: what a citizen does
  kRegister,  // new devices
  kLogin,     // tries of an officer's password
  kClaim,     // codes to follow a report by
  kErasure,   // a phone that asks for its own erasure: counted by phone alone
};

class RateLimits {
 public:
  // Bytes of memory at most: about 200 for each.
  explicit RateLimits(std::size_t most_buckets = 100'000) : most_(most_buckets) {}

  // Takes one from the bucket of `who`. 0: it may; else the time after which it may try again.
  UnixMillis take(Budget budget, bool is_device, std::string_view who, UnixMillis now);
  // One request: from kRequest, which all count for, and then from `budget`.
  UnixMillis take_request(Budget budget, bool is_device, std::string_view who, UnixMillis now);

  [[nodiscard]] std::size_t size() const;

 private:
  struct Bucket {
    std::string key;
    double tokens = 0;
    UnixMillis at = 0;
  };
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::list<Bucket> buckets_;  // the one used last comes first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_key_;  // views into buckets_
};

}  // namespace titik::serve
