// Times that agencies took, as counts in buckets: percentiles of any span of months are read from sums. A bucket is one
// minute wide up to 32 minutes, then a sixteenth of its power of two: what is told is within 3.2 % of the truth.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace titik::serve {

int duration_bucket(std::int64_t minutes);        // of less than 0: of 0
std::int64_t duration_of_bucket(int bucket);      // minutes, its middle

// The smallest duration that `share` (0 to 1) of all are not above; nothing without any.
std::optional<std::int64_t> percentile(const std::map<int, std::int64_t>& counts, double share);

}  // namespace titik::serve
