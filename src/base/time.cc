#include "base/time.h"

#include "base/number.h"

namespace titik {
namespace {

// Days since 1970-01-01, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
std::int64_t days_from_civil(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

void civil_from_days(std::int64_t days, CivilTime& out) {
  const std::int64_t z = days + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const std::int64_t day_of_era = z - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  out.day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  out.month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  out.year = static_cast<int>(year_of_era + era * 400 + (out.month <= 2 ? 1 : 0));
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Reads exactly `digits` decimal digits.
std::optional<int> read_digits(std::string_view text, std::size_t offset, std::size_t digits) {
  if (offset + digits > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = offset; i < offset + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::string clock(const CivilTime& c) {
  return padded(c.hour, 2) + ":" + padded(c.minute, 2) + ":" + padded(c.second, 2);
}

}  // namespace

CivilTime to_civil(UnixMillis time, ZoneOffset zone) {
  const UnixMillis local = time + zone * kMinute;
  const std::int64_t days = floor_div(local, kDay);
  const std::int64_t seconds = (local - days * kDay) / kSecond;
  CivilTime civil;
  civil_from_days(days, civil);
  civil.hour = static_cast<int>(seconds / 3600);
  civil.minute = static_cast<int>(seconds / 60 % 60);
  civil.second = static_cast<int>(seconds % 60);
  return civil;
}

UnixMillis from_civil(const CivilTime& civil, ZoneOffset zone) {
  const std::int64_t days = days_from_civil(civil.year, civil.month, civil.day);
  const std::int64_t seconds = civil.hour * 3600 + civil.minute * 60 + civil.second;
  return days * kDay + seconds * kSecond - zone * kMinute;
}

bool is_valid_date(int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return false;
  CivilTime round_trip;
  civil_from_days(days_from_civil(year, month, day), round_trip);
  return round_trip.day == day && round_trip.month == month;
}

std::optional<CivilTime> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = read_digits(text, 0, 4);
  const auto month = read_digits(text, 5, 2);
  const auto day = read_digits(text, 8, 2);
  if (!year || !month || !day || !is_valid_date(*year, *month, *day)) return std::nullopt;
  return CivilTime{*year, *month, *day, 0, 0, 0};
}

std::string format_date(const CivilTime& c) {
  return padded(c.year, 4) + "-" + padded(c.month, 2) + "-" + padded(c.day, 2);
}

std::string format_rfc3339(UnixMillis time) {
  const CivilTime c = to_civil(time, 0);
  return format_date(c) + "T" + clock(c) + "Z";
}

std::string format_lapor_time(UnixMillis time, ZoneOffset zone) {
  const CivilTime c = to_civil(time, zone);
  return padded(c.day, 2) + "-" + padded(c.month, 2) + "-" + padded(c.year, 4) + " " + clock(c);
}

std::optional<UnixMillis> parse_lapor_time(std::string_view text, ZoneOffset zone) {
  if (text.size() != 19 || text[2] != '-' || text[5] != '-' || text[10] != ' ' || text[13] != ':' ||
      text[16] != ':') {
    return std::nullopt;
  }
  const auto day = read_digits(text, 0, 2);
  const auto month = read_digits(text, 3, 2);
  const auto year = read_digits(text, 6, 4);
  const auto hour = read_digits(text, 11, 2);
  const auto minute = read_digits(text, 14, 2);
  const auto second = read_digits(text, 17, 2);
  if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
  if (!is_valid_date(*year, *month, *day) || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  return from_civil(CivilTime{*year, *month, *day, *hour, *minute, *second}, zone);
}

}  // namespace titik
