#include "report/clock.h"

#include <gtest/gtest.h>

#include <limits>
#include <ostream>

namespace titik::report {

void PrintTo(const Remaining& value, std::ostream* out) {
  *out << (value.overdue ? "over " : "left ") << value.count << " of unit " << static_cast<int>(value.unit);
}

namespace {

using Unit = Remaining::Unit;

constexpr UnixMillis kDue = 1'795'000'000'000;

Remaining before(UnixMillis time_left) { return remaining(kDue, kDue - time_left); }
Remaining after(UnixMillis time_over) { return remaining(kDue, kDue + time_over); }

TEST(FollowUpDueAt, CountsHoursFromReceipt) {
  EXPECT_EQ(follow_up_due_at(kDue, 24), kDue + kDay);
  EXPECT_EQ(follow_up_due_at(kDue, 48), kDue + 2 * kDay);
  EXPECT_EQ(follow_up_due_at(kDue, 72), kDue + 3 * kDay);
}

TEST(FollowUpDueAt, DoesNotWrapAtTheEndOfTime) {
  constexpr UnixMillis kLast = std::numeric_limits<UnixMillis>::max();
  EXPECT_EQ(follow_up_due_at(kLast, 24), kLast);
  EXPECT_EQ(follow_up_due_at(kLast - kDay, 24), kLast);
  EXPECT_EQ(follow_up_due_at(std::numeric_limits<UnixMillis>::min(), -24),
            std::numeric_limits<UnixMillis>::min());
}

TEST(Remaining, IsInDaysFrom48Hours) {
  EXPECT_EQ(before(72 * kHour), (Remaining{Unit::kDays, 3, false}));
  EXPECT_EQ(before(72 * kHour - 1), (Remaining{Unit::kDays, 2, false}));
  EXPECT_EQ(before(48 * kHour), (Remaining{Unit::kDays, 2, false}));
  EXPECT_EQ(before(48 * kHour - 1), (Remaining{Unit::kHours, 47, false}));
}

TEST(Remaining, IsInHoursFromOneHour) {
  EXPECT_EQ(before(24 * kHour), (Remaining{Unit::kHours, 24, false}));
  EXPECT_EQ(before(6 * kHour - 1), (Remaining{Unit::kHours, 5, false}));
  EXPECT_EQ(before(kHour), (Remaining{Unit::kHours, 1, false}));
  EXPECT_EQ(before(kHour - 1), (Remaining{Unit::kMinutes, 59, false}));
}

TEST(Remaining, IsNeverLessThanOneMinute) {
  EXPECT_EQ(before(2 * kMinute - 1), (Remaining{Unit::kMinutes, 1, false}));
  EXPECT_EQ(before(kMinute - 1), (Remaining{Unit::kMinutes, 1, false}));
  EXPECT_EQ(before(1), (Remaining{Unit::kMinutes, 1, false}));
}

TEST(Remaining, TheDueMomentItselfIsNotOverdue) {
  EXPECT_EQ(before(0), (Remaining{Unit::kMinutes, 1, false}));
  EXPECT_EQ(after(1), (Remaining{Unit::kMinutes, 1, true}));
}

TEST(Remaining, CountsWhatIsOverInTheSameUnits) {
  EXPECT_EQ(after(kHour - 1), (Remaining{Unit::kMinutes, 59, true}));
  EXPECT_EQ(after(kHour), (Remaining{Unit::kHours, 1, true}));
  EXPECT_EQ(after(48 * kHour - 1), (Remaining{Unit::kHours, 47, true}));
  EXPECT_EQ(after(48 * kHour), (Remaining{Unit::kDays, 2, true}));
}

TEST(Remaining, TakesAnyTwoTimes) {
  constexpr UnixMillis kFirst = std::numeric_limits<UnixMillis>::min();
  constexpr UnixMillis kLast = std::numeric_limits<UnixMillis>::max();
  EXPECT_FALSE(remaining(kLast, kFirst).overdue);
  EXPECT_TRUE(remaining(kFirst, kLast).overdue);
  EXPECT_EQ(remaining(kLast, kFirst).count, remaining(kFirst, kLast).count);
  EXPECT_GT(remaining(kLast, kFirst).count, 200'000'000'000);
}

}  // namespace
}  // namespace titik::report
