// How long to wait after a failure (docs/sync-protocol.md, "Waiting").
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace titik::sync {

inline constexpr UnixMillis kFirstBackoff = 5 * kSecond;
inline constexpr UnixMillis kLongestBackoff = 15 * kMinute;
// The longest wait we take from a server; also the longest that a jump of the phone's clock can cost.
inline constexpr UnixMillis kLongestWait = kDay;

// Full jitter: evenly spread between one second and a ceiling that doubles with each failure.
// `attempts` is the number of failures in a row, at least 1; `random` any 64 random bits.
UnixMillis backoff(int attempts, std::uint64_t random);

// The wait a Retry-After header asks for, in seconds or as an HTTP date; 0 when there is none or it
// cannot be read. Never more than kLongestWait.
UnixMillis retry_after(std::string_view header, UnixMillis now);

// True when `not_before` has passed. A time further ahead than any wait we set means that the clock
// was moved back: it counts as passed.
bool is_due(UnixMillis not_before, UnixMillis now);

}  // namespace titik::sync
