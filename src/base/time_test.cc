#include "base/time.h"

#include <gtest/gtest.h>

namespace titik {
namespace {

constexpr ZoneOffset kWib = 420;

TEST(Civil, RoundTripsOverFourCenturies) {
  for (UnixMillis time = -6'000'000'000'000; time < 6'000'000'000'000; time += 86'399'000LL * 7) {
    ASSERT_EQ(from_civil(to_civil(time, kWib), kWib), time - ((time % 1000) + 1000) % 1000);
  }
}

TEST(Civil, CrossesMidnightInTheCitysZone) {
  const UnixMillis time = from_civil({2026, 12, 31, 17, 30, 0}, 0);
  EXPECT_EQ(to_civil(time, kWib), (CivilTime{2027, 1, 1, 0, 30, 0}));
}

TEST(Dates, RefuseDaysThatDoNotExist) {
  EXPECT_TRUE(parse_date("2024-02-29").has_value());
  for (const std::string_view text : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-10", "26-01-10",
                                      "2026-01-1a", "", "2026/01/10", "0000-01-01"}) {
    EXPECT_FALSE(parse_date(text).has_value()) << text;
  }
}

TEST(LaporTime, IsLocalAndRoundTrips) {
  const UnixMillis time = from_civil({2026, 11, 21, 14, 5, 9}, kWib);
  EXPECT_EQ(format_lapor_time(time, kWib), "21-11-2026 14:05:09");
  EXPECT_EQ(parse_lapor_time("21-11-2026 14:05:09", kWib), time);
  EXPECT_EQ(format_rfc3339(time), "2026-11-21T07:05:09Z");
  for (const std::string_view text : {"31-02-2026 10:00:00", "21-11-2026 24:00:00", "21-11-2026", "2026-11-21 10:00:00"}) {
    EXPECT_FALSE(parse_lapor_time(text, kWib).has_value()) << text;
  }
}

}  // namespace
}  // namespace titik
