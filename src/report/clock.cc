#include "report/clock.h"

#include <algorithm>
#include <limits>

namespace titik::report {

UnixMillis follow_up_due_at(UnixMillis received_at, int hours) {
  UnixMillis due_at = 0;
  if (__builtin_add_overflow(received_at, hours * kHour, &due_at)) {
    // A nonsense time of receipt must not wrap into "already overdue", or the reverse.
    return hours > 0 ? std::numeric_limits<UnixMillis>::max() : std::numeric_limits<UnixMillis>::min();
  }
  return due_at;
}

Remaining remaining(UnixMillis due_at, UnixMillis now) {
  const bool overdue = now > due_at;
  // Unsigned, because the distance between two 64-bit times may not fit a signed one.
  const auto later = static_cast<std::uint64_t>(overdue ? now : due_at);
  const auto earlier = static_cast<std::uint64_t>(overdue ? due_at : now);
  const std::uint64_t distance = later - earlier;

  const auto counted = [&](Remaining::Unit unit, UnixMillis length) {
    const auto count = static_cast<std::int64_t>(distance / static_cast<std::uint64_t>(length));
    return Remaining{unit, std::max<std::int64_t>(count, 1), overdue};
  };
  if (distance >= static_cast<std::uint64_t>(48 * kHour)) return counted(Remaining::Unit::kDays, kDay);
  if (distance >= static_cast<std::uint64_t>(kHour)) return counted(Remaining::Unit::kHours, kHour);
  return counted(Remaining::Unit::kMinutes, kMinute);
}

}  // namespace titik::report
