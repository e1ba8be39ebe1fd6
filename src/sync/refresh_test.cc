#include "sync/refresh.h"

#include <gtest/gtest.h>

#include <set>

namespace titik::sync {
namespace {

std::vector<store::FollowedReport> reports(int count) {
  std::vector<store::FollowedReport> all;
  for (int i = 0; i < count; ++i) all.push_back({"r" + std::to_string(i), std::to_string(i)});
  return all;
}

TEST(Refresh, ARoundAsksForEachReportOnce) {
  Refresh refresh;
  plan_round(refresh, reports(3), 1000);
  plan_round(refresh, reports(3), 1000);
  EXPECT_EQ(refresh.wanted.size(), 4u);  // and the counts
  EXPECT_EQ(refresh.next_round_at, 1000 + kRoundEvery);
}

TEST(Refresh, ManyReportsTakeTurns) {
  Refresh refresh;
  std::set<std::string> asked;
  for (int round = 0; round < 3; ++round) {
    plan_round(refresh, reports(50), 1000);
    EXPECT_LE(refresh.wanted.size(), kReportsInARound + 1);
    while (const auto question = next_question(refresh, true, 1000)) {
      asked.insert(question->report_id);
      settled(refresh);
    }
  }
  EXPECT_EQ(asked.size(), 50u + 1u);
}

TEST(Refresh, WithoutATokenOnlyPublicThingsAreAsked) {
  Refresh refresh;
  plan_round(refresh, reports(1), 1000);
  EXPECT_TRUE(needs_token(refresh));
  EXPECT_EQ(next_question(refresh, false, 1000)->topic, Topic::kCounts);
  settled(refresh);
  EXPECT_FALSE(next_question(refresh, false, 1000));
  EXPECT_EQ(next_question(refresh, true, 1000)->topic, Topic::kDetail);
}

TEST(Refresh, OneAtATimeAndTheOpenedReportFirst) {
  Refresh refresh;
  plan_round(refresh, reports(3), 1000);
  const Question opened{.topic = Topic::kDetail, .report_id = "r2", .tracking_id = "2"};
  want(refresh, opened, Place::kNext);
  EXPECT_EQ(refresh.wanted.size(), 4u);
  EXPECT_EQ(*next_question(refresh, true, 1000), opened);
  EXPECT_FALSE(next_question(refresh, true, 1000));
}

TEST(Refresh, WithoutAnswerTheRestWaitsForTheNextRound) {
  Refresh refresh;
  plan_round(refresh, reports(3), 1000);
  (void)next_question(refresh, true, 1000);
  failed(refresh, "600", 1000);
  EXPECT_TRUE(refresh.wanted.empty());
  EXPECT_EQ(wake_at(refresh, 1000), 1000 + 600 * kSecond);
  EXPECT_FALSE(is_round_due(refresh, 1000 + kRoundEvery));
  EXPECT_TRUE(is_round_due(refresh, 1000 + 600 * kSecond));
  refresh.visible = false;
  EXPECT_EQ(wake_at(refresh, 1000 + 600 * kSecond), 0);
}

}  // namespace
}  // namespace titik::sync
