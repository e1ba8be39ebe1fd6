#include "serve/durations.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace titik::serve {
namespace {

constexpr int kExact = 32;      // below it each minute has a bucket
constexpr int kParts = 16;      // of each power of two above
constexpr int kFirstPower = 5;  // 2^5 is kExact

}  // namespace

int duration_bucket(std::int64_t minutes) {
  minutes = std::clamp<std::int64_t>(minutes, 0, std::int64_t{1} << 40);
  if (minutes < kExact) return static_cast<int>(minutes);
  const int power = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(minutes))) - 1;
  const auto part = static_cast<int>(minutes >> (power - 4) & (kParts - 1));
  return kExact + (power - kFirstPower) * kParts + part;
}

std::int64_t duration_of_bucket(int bucket) {
  if (bucket < kExact) return bucket;
  const int power = (bucket - kExact) / kParts + kFirstPower;
  const int part = (bucket - kExact) % kParts;
  const std::int64_t width = std::int64_t{1} << (power - 4);
  return (kParts + part) * width + width / 2;
}

std::optional<std::int64_t> percentile(const std::map<int, std::int64_t>& counts, double share) {
  std::int64_t all = 0;
  for (const auto& [bucket, count] : counts) all += count;
  if (all <= 0) return std::nullopt;
  const auto wanted = std::max<std::int64_t>(1, std::llround(std::ceil(share * static_cast<double>(all))));
  std::int64_t seen = 0;
  for (const auto& [bucket, count] : counts) {
    seen += count;
    if (seen >= wanted) return duration_of_bucket(bucket);
  }
  return duration_of_bucket(counts.rbegin()->first);
}

}  // namespace titik::serve
