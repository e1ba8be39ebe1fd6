#include "sync/backoff.h"

#include <gtest/gtest.h>

namespace titik::sync {
namespace {

// Each ceiling is reached and never passed; the shortest wait is a second.
TEST(Backoff, DoublesFromFiveSecondsToFifteenMinutes) {
  const UnixMillis ceilings[] = {5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900};
  for (int attempts = 1; attempts <= 11; ++attempts) {
    const UnixMillis ceiling = ceilings[attempts - 1] * kSecond;
    EXPECT_EQ(backoff(attempts, static_cast<std::uint64_t>(ceiling - kSecond)), ceiling) << attempts;
    for (std::uint64_t random = 0; random < 5000; ++random) {
      const UnixMillis wait = backoff(attempts, random * 7919 * 104729);
      ASSERT_GE(wait, kSecond);
      ASSERT_LE(wait, ceiling);
    }
  }
  EXPECT_LE(backoff(2'000'000'000, ~0ull), kLongestBackoff);
}

TEST(RetryAfter, ReadsSecondsAndDates) {
  const UnixMillis now = 784'111'777'000;  // Sun, 06 Nov 1994 08:49:37 GMT
  EXPECT_EQ(retry_after("120", now), 120 * kSecond);
  EXPECT_EQ(retry_after(" 7", now), 7 * kSecond);
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), kMinute);
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), 0);
  EXPECT_EQ(retry_after("99999999999999", now), kLongestWait);
  for (const char* text : {"", "soon", "-5", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08-49-37 GMT", "Sun, xx Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(retry_after(text, now), 0) << text;
  }
}

// A phone whose clock was set back by a year does not wait for a year.
TEST(IsDue, TakesATimeFarAheadForAClockThatWasMovedBack) {
  EXPECT_TRUE(is_due(0, 100));
  EXPECT_TRUE(is_due(100, 100));
  EXPECT_FALSE(is_due(101, 100));
  EXPECT_FALSE(is_due(100 + kLongestWait, 100));
  EXPECT_TRUE(is_due(101 + kLongestWait, 100));
}

}  // namespace
}  // namespace titik::sync
