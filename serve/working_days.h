// LAPOR!'s clocks run in working days: Monday to Friday less national holidays and joint leave, which the city's
// profile lists, by the city's own calendar (WIB, WITA or WIT).
//
// How a day is counted, after the administrative habit "N working days from the day of receipt": the day on which
// something came in does not count, at whatever hour it came; the first working day after it is day 1; the time is
// up at the end of day N, midnight in the city. So a report of Friday 08:00, of Friday 23:00 and of Sunday all
// begin their first day on Monday: an office's hours need not be known, and nobody gains by a late hour.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "report/city_profile.h"

namespace titik::serve {

class WorkingDays {
 public:
  // `holidays` as in the profile, "2026-12-25", in any order.
  WorkingDays(ZoneOffset zone, const std::vector<std::string>& holidays);
  explicit WorkingDays(const report::CityProfile& profile) : WorkingDays(profile.zone, profile.holidays) {}

  [[nodiscard]] bool is_working_day(UnixMillis at) const;
  // The first moment after the `count`th working day after `from`: the time is up when it is reached. count >= 1.
  [[nodiscard]] UnixMillis after(UnixMillis from, int count) const;
  // Working days after the day of `from`, up to and with the day of `to`; 0 when `to` is not later.
  [[nodiscard]] int between(UnixMillis from, UnixMillis to) const;
  // `due`, which is the end of a day, later by `count` working days.
  [[nodiscard]] UnixMillis moved(UnixMillis due, int count) const;

  // Years from that of `from` to that of `to` whose holidays are not all known: none is listed, or fewer than
  // every year has. Clocks that reach into such a year run out too early.
  struct Gap {
    int year = 0;
    int listed = 0;  // days
    friend bool operator==(const Gap&, const Gap&) = default;
  };
  [[nodiscard]] std::vector<Gap> gaps(UnixMillis from, UnixMillis to) const;

 private:
  [[nodiscard]] bool is_working(std::int64_t day) const;
  [[nodiscard]] std::int64_t day_of(UnixMillis at) const;
  [[nodiscard]] UnixMillis start_of(std::int64_t day) const;

  ZoneOffset zone_;
  std::vector<std::int64_t> holidays_;  // days since 1970-01-01, in order, each once
};

// A sentence for the operator, in Indonesian; empty when there is no gap.
std::string gaps_in_words(const std::vector<WorkingDays::Gap>& gaps);

}  // namespace titik::serve
