// Points in time and calendar dates. No function here reads a clock: time comes in as an argument,
// so that every rule about time can be tested.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace titik {

// Milliseconds since 1970-01-01T00:00:00Z.
using UnixMillis = std::int64_t;

inline constexpr UnixMillis kSecond = 1000;
inline constexpr UnixMillis kMinute = 60 * kSecond;
inline constexpr UnixMillis kHour = 60 * kMinute;
inline constexpr UnixMillis kDay = 24 * kHour;

// Indonesia's zones have no daylight saving: WIB +7, WITA +8, WIT +9 hours.
using ZoneOffset = std::int32_t;  // minutes east of UTC

struct CivilTime {
  int year = 1970;
  int month = 1;  // 1–12
  int day = 1;    // 1–31
  int hour = 0;
  int minute = 0;
  int second = 0;
  friend bool operator==(const CivilTime&, const CivilTime&) = default;
};

CivilTime to_civil(UnixMillis time, ZoneOffset zone);
UnixMillis from_civil(const CivilTime& civil, ZoneOffset zone);

// True when year 1–9999 and the day exists in the proleptic Gregorian calendar.
bool is_valid_date(int year, int month, int day);

// "2026-11-21". Refuses anything else, and days that do not exist.
std::optional<CivilTime> parse_date(std::string_view text);
std::string format_date(const CivilTime& civil);

// RFC 3339 in UTC, whole seconds: "2026-11-21T07:05:09Z".
std::string format_rfc3339(UnixMillis time);

// The LAPOR! thread's "dd-mm-YYYY HH:MM:SS", local time of the city (docs/api.md, Follow-ups).
std::string format_lapor_time(UnixMillis time, ZoneOffset zone);
std::optional<UnixMillis> parse_lapor_time(std::string_view text, ZoneOffset zone);

}  // namespace titik
