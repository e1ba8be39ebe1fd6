#include "sync/refresh.h"

#include <gtest/gtest.h>

#include <set>

namespace titik::sync {
namespace {

// A server that is asked for each report.
Refresh without_feed() {
  Refresh refresh;
  refresh.has_feed = false;
  return refresh;
}

std::vector<store::FollowedReport> reports(int count) {
  std::vector<store::FollowedReport> all;
  for (int i = 0; i < count; ++i) all.push_back({"r" + std::to_string(i), std::to_string(i)});
  return all;
}

TEST(Refresh, ARoundAsksForEachReportOnce) {
  Refresh refresh = without_feed();
  plan_round(refresh, reports(3), Wish::kPerson, 1000);
  plan_round(refresh, reports(3), Wish::kPerson, 1000);
  EXPECT_EQ(refresh.wanted.size(), 4u);  // and the counts
  EXPECT_EQ(refresh.next_round_at, 1000 + kRoundEvery);
}

TEST(Refresh, ManyReportsTakeTurns) {
  Refresh refresh = without_feed();
  std::set<std::string> asked;
  for (int round = 0; round < 3; ++round) {
    plan_round(refresh, reports(50), Wish::kPerson, 1000);
    EXPECT_LE(refresh.wanted.size(), kReportsInARound + 1);
    while (const auto question = next_question(refresh, true, 1000)) {
      asked.insert(question->report_id);
      settled(refresh);
    }
  }
  EXPECT_EQ(asked.size(), 50u + 1u);
}

TEST(Refresh, WithoutATokenOnlyPublicThingsAreAsked) {
  Refresh refresh = without_feed();
  plan_round(refresh, reports(1), Wish::kPerson, 1000);
  EXPECT_TRUE(needs_token(refresh));
  EXPECT_EQ(next_question(refresh, false, 1000)->topic, Topic::kCounts);
  settled(refresh);
  EXPECT_FALSE(next_question(refresh, false, 1000));
  EXPECT_EQ(next_question(refresh, true, 1000)->topic, Topic::kDetail);
}

TEST(Refresh, OneAtATimeAndTheOpenedReportFirst) {
  Refresh refresh = without_feed();
  plan_round(refresh, reports(3), Wish::kPerson, 1000);
  const Question opened{.topic = Topic::kDetail, .report_id = "r2", .tracking_id = "2"};
  want(refresh, opened, Place::kNext);
  EXPECT_EQ(refresh.wanted.size(), 4u);
  EXPECT_EQ(*next_question(refresh, true, 1000), opened);
  EXPECT_FALSE(next_question(refresh, true, 1000));
}

TEST(Refresh, WithoutAnswerTheRestWaitsForTheNextRound) {
  Refresh refresh = without_feed();
  plan_round(refresh, reports(3), Wish::kPerson, 1000);
  (void)next_question(refresh, true, 1000);
  failed(refresh, "600", 1000);
  EXPECT_TRUE(refresh.wanted.empty());
  EXPECT_EQ(wake_at(refresh, 1000), 1000 + 600 * kSecond);
  EXPECT_FALSE(is_round_due(refresh, 1000 + kRoundEvery));
  EXPECT_TRUE(is_round_due(refresh, 1000 + 600 * kSecond));
  refresh.visible = false;
  EXPECT_EQ(wake_at(refresh, 1000 + 600 * kSecond), 0);
}

TEST(Refresh, OneQuestionBringsAllChangesUntilTheServerRefusesIt) {
  Refresh refresh;
  plan_round(refresh, reports(50), Wish::kClock, 1000);
  EXPECT_EQ(next_question(refresh, true, 1000)->topic, Topic::kChanges);
  settled(refresh);
  EXPECT_FALSE(next_question(refresh, true, 1000));
  no_feed(refresh, reports(50));
  EXPECT_EQ(refresh.wanted.size(), kReportsInARound);
  EXPECT_EQ(next_question(refresh, true, 1000)->topic, Topic::kDetail);
  Refresh nothing_sent;
  plan_round(nothing_sent, {}, Wish::kClock, 1000);
  EXPECT_TRUE(nothing_sent.wanted.empty());
}

TEST(Refresh, RoundsStretchWhileNothingHappensAndStartAgainWithNews) {
  Refresh refresh;
  UnixMillis now = 1000;
  std::vector<UnixMillis> minutes;
  for (int i = 0; i < 6; ++i) {
    plan_round(refresh, reports(1), Wish::kClock, now);
    minutes.push_back((refresh.next_round_at - now) / kMinute);
    now = refresh.next_round_at;
  }
  EXPECT_EQ(minutes, (std::vector<UnixMillis>{1, 2, 4, 8, 15, 15}));
  expect_news(refresh);
  EXPECT_TRUE(is_round_due(refresh, now));
  plan_round(refresh, reports(1), Wish::kClock, now);
  EXPECT_EQ(refresh.next_round_at, now + kRoundEvery);
  // Shown again after a while: at once, but never sooner than a minute after the last.
  for (int i = 0; i < 5; ++i) plan_round(refresh, reports(1), Wish::kClock, now);
  set_visible(refresh, false);
  EXPECT_FALSE(is_round_due(refresh, now + kHour));
  set_visible(refresh, true);
  EXPECT_FALSE(is_round_due(refresh, now + kRoundEvery - 1));
  EXPECT_TRUE(is_round_due(refresh, now + kRoundEvery));
}

TEST(Refresh, APhoneThatSavesDataAsksEveryQuarterOfAnHour) {
  Refresh refresh;
  refresh.saves_data = true;
  plan_round(refresh, reports(1), Wish::kClock, 1000);
  expect_news(refresh);
  EXPECT_EQ(refresh.next_round_at, 1000 + kRoundAtLatest);
}

}  // namespace
}  // namespace titik::sync
