#include "serve/rate_limit.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace titik::serve {
namespace {

struct Rate {
  double at_once;     // after a time without any
  double per_minute;  // in the long run
};

// A booth's day is 500 reports with five photos each: 500 creates, 2500 photos, and about 12,000 requests in all.
// Nothing: it is not counted.
std::optional<Rate> rate_of(Budget budget, bool is_device) {
  switch (budget) {
    case Budget::kRequest: return is_device ? Rate{20'000, 600} : Rate{60'000, 6'000};
    case Budget::kReport: return is_device ? Rate{4'000, 60} : Rate{20'000, 1'200};
    case Budget::kRegister: return Rate{60, 6};
    case Budget::kLogin: return Rate{20, 4};
    // A code has 60 bits: what an address with thousands of phones may try finds none in the life of a code.
    case Budget::kClaim: return is_device ? Rate{20, 4} : Rate{2'000, 120};
    case Budget::kErasure:
      if (is_device) return Rate{20, 4};
      break;
    case Budget::kNone: break;
  }
  return std::nullopt;
}

}  // namespace

UnixMillis RateLimits::take(Budget budget, bool is_device, std::string_view who, UnixMillis now) {
  const std::optional<Rate> rate = rate_of(budget, is_device);
  if (!rate || who.empty()) return 0;
  std::string key{static_cast<char>('0' + static_cast<int>(budget)), is_device ? 'd' : 'a'};
  key += who;
  const std::lock_guard lock(mutex_);
  const auto known = by_key_.find(key);
  if (known != by_key_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, known->second);
  } else {
    if (buckets_.size() >= most_) {  // whoever was idle longest has most of it back anyway
      by_key_.erase(buckets_.back().key);
      buckets_.pop_back();
    }
    buckets_.push_front({std::move(key), rate->at_once, now});
    by_key_.emplace(buckets_.front().key, buckets_.begin());
  }
  Bucket& bucket = buckets_.front();
  const double each = static_cast<double>(kMinute) / rate->per_minute;  // milliseconds
  const auto passed = static_cast<double>(std::max<UnixMillis>(0, now - bucket.at));
  bucket.tokens = std::min(rate->at_once, bucket.tokens + passed / each);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return 0;
  }
  return std::max<UnixMillis>(1, static_cast<UnixMillis>(std::ceil((1 - bucket.tokens) * each)));
}

UnixMillis RateLimits::take_request(Budget budget, bool is_device, std::string_view who, UnixMillis now) {
  const UnixMillis wait = take(Budget::kRequest, is_device, who, now);
  return wait > 0 ? wait : take(budget, is_device, who, now);
}

std::size_t RateLimits::size() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace titik::serve
