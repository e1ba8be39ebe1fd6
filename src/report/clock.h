// The city's clock: 24, 48 or 72 hours by category from the server's time of receipt (domain.md,
// Clocks). LAPOR!'s working-day clocks are the server's (serve/clocks.h).
#pragma once

#include <cstdint>

#include "base/time.h"

namespace titik::report {

UnixMillis follow_up_due_at(UnixMillis received_at, int hours);

// What remains, cut to the unit a person would say: days from 48 hours on, hours from 1 hour on,
// else minutes. Always at least 1. "tinggal 5 jam": {kHours, 5, false}; "lewat 2 hari": {kDays, 2, true}.
struct Remaining {
  enum class Unit { kMinutes, kHours, kDays };
  Unit unit = Unit::kMinutes;
  std::int64_t count = 0;
  bool overdue = false;
  friend bool operator==(const Remaining&, const Remaining&) = default;
};
Remaining remaining(UnixMillis due_at, UnixMillis now);

}  // namespace titik::report
