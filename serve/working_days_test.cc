#include "serve/working_days.h"

#include <gtest/gtest.h>

namespace titik::serve {
namespace {

constexpr ZoneOffset kWib = 420;
constexpr ZoneOffset kWita = 480;
constexpr ZoneOffset kWit = 540;

UnixMillis at(std::string_view date, int hour, ZoneOffset zone = kWib) {
  CivilTime civil = *parse_date(date);
  civil.hour = hour;
  return from_civil(civil, zone);
}

// Midnight at the end of that day.
UnixMillis end_of(std::string_view date, ZoneOffset zone = kWib) { return at(date, 0, zone) + kDay; }

// 2026-12-24 is a Thursday (joint leave), 25 a Friday (Christmas); 2027-01-01 a Friday.
WorkingDays year_end(ZoneOffset zone = kWib) {
  return {zone, {"2027-01-01", "2026-12-25", "2026-12-24", "2026-12-25"}};
}

TEST(WorkingDays, WeekendsAndHolidaysAreNone) {
  const WorkingDays days = year_end();
  EXPECT_TRUE(days.is_working_day(at("2026-12-23", 12)));
  EXPECT_FALSE(days.is_working_day(at("2026-12-24", 12)));
  EXPECT_FALSE(days.is_working_day(at("2026-12-26", 12)));  // Saturday
  EXPECT_FALSE(days.is_working_day(at("2026-12-27", 23)));  // Sunday
  EXPECT_TRUE(days.is_working_day(at("2026-12-28", 0)));
}

TEST(WorkingDays, TheDayOfReceiptDoesNotCountAtWhateverHour) {
  const WorkingDays days = year_end();
  for (const int hour : {0, 8, 16, 23}) {
    EXPECT_EQ(days.after(at("2026-11-23", hour), 3), end_of("2026-11-26")) << hour;  // Monday → Thursday
  }
}

TEST(WorkingDays, WhatComesOnAWeekendBeginsOnMonday) {
  const WorkingDays days = year_end();
  const UnixMillis due = end_of("2026-11-25");  // Wednesday
  EXPECT_EQ(days.after(at("2026-11-20", 8), 3), due);   // Friday
  EXPECT_EQ(days.after(at("2026-11-20", 23), 3), due);  // Friday night
  EXPECT_EQ(days.after(at("2026-11-21", 9), 3), due);   // Saturday
  EXPECT_EQ(days.after(at("2026-11-22", 23), 3), due);  // Sunday
  EXPECT_EQ(days.after(at("2026-11-23", 0), 3), end_of("2026-11-26"));  // Monday 00:00
}

TEST(WorkingDays, ThreeFiveAndTenOverChristmasAndNewYear) {
  const WorkingDays days = year_end();
  const UnixMillis received = at("2026-12-22", 10);  // Tuesday; then 23, 28, 29, 30, 31 | 4–8 January
  EXPECT_EQ(days.after(received, 1), end_of("2026-12-23"));
  EXPECT_EQ(days.after(received, 3), end_of("2026-12-29"));
  EXPECT_EQ(days.after(received, 5), end_of("2026-12-31"));
  EXPECT_EQ(days.after(received, 10), end_of("2027-01-08"));
}

TEST(WorkingDays, EachZoneHasItsOwnMidnight) {
  // 2026-11-20 (Friday) 16:30 UTC: 23:30 in Jambi, Saturday 00:30 in Kotamobagu, 01:30 in Jayapura.
  const UnixMillis moment = at("2026-11-20", 16, 0) + 30 * kMinute;
  EXPECT_TRUE(WorkingDays(kWib, {}).is_working_day(moment));
  EXPECT_FALSE(WorkingDays(kWita, {}).is_working_day(moment));
  EXPECT_EQ(year_end(kWib).after(moment, 1), end_of("2026-11-23", kWib));
  EXPECT_EQ(year_end(kWita).after(moment, 1), end_of("2026-11-23", kWita));
  EXPECT_EQ(year_end(kWit).after(moment, 1), year_end(kWib).after(moment, 1) - 2 * kHour);
}

TEST(WorkingDays, BetweenCountsWhatAfterAdds) {
  const WorkingDays days = year_end();
  const UnixMillis from = at("2026-12-18", 14);
  for (int count = 1; count <= 30; ++count) {
    const UnixMillis due = days.after(from, count);
    EXPECT_EQ(days.between(from, due - 1), count);
    EXPECT_EQ(days.between(from, due - kDay - 1), count - 1) << count;
  }
  EXPECT_EQ(days.between(from, from), 0);
  EXPECT_EQ(days.between(from, from - 10 * kDay), 0);
}

TEST(WorkingDays, ADueTimeMovesByWorkingDays) {
  const WorkingDays days = year_end();
  const UnixMillis due = end_of("2026-12-23");
  EXPECT_EQ(days.moved(due, 0), due);
  EXPECT_EQ(days.moved(due, 1), end_of("2026-12-28"));
  EXPECT_EQ(days.moved(due, 5), end_of("2027-01-04"));
}

TEST(WorkingDays, YearsWhoseHolidaysAreNotAllListedAreTold) {
  std::vector<std::string> listed;
  for (int day = 1; day <= 25; ++day) listed.push_back("2026-08-" + std::string(day < 10 ? "0" : "") + std::to_string(day));
  listed.emplace_back("2027-01-01");
  const WorkingDays days(kWib, listed);
  EXPECT_TRUE(days.gaps(at("2026-01-01", 0), at("2026-12-31", 23)).empty());
  const auto gaps = days.gaps(at("2026-12-01", 0), at("2028-01-15", 0));
  ASSERT_EQ(gaps.size(), 2u);
  EXPECT_EQ(gaps[0], (WorkingDays::Gap{2027, 1}));
  EXPECT_EQ(gaps[1], (WorkingDays::Gap{2028, 0}));
  EXPECT_NE(gaps_in_words(gaps).find("2027 di profil kota baru 1 hari"), std::string::npos);
  EXPECT_NE(gaps_in_words(gaps).find("2028 belum ada"), std::string::npos);
  EXPECT_EQ(gaps_in_words({}), "");
}

}  // namespace
}  // namespace titik::serve
