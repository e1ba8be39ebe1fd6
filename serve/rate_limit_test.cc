#include "serve/rate_limit.h"

#include "serve/test_world.h"

namespace titik::serve {
namespace {

TEST(RateLimits, ABucketEmptiesAndFills) {
  RateLimits limits;
  UnixMillis now = kToday;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(limits.take(Budget::kLogin, false, "a", now), 0) << i;
  const UnixMillis wait = limits.take(Budget::kLogin, false, "a", now);
  EXPECT_EQ(wait, 15'000);
  EXPECT_EQ(limits.take(Budget::kLogin, false, "b", now), 0);  // another address
  EXPECT_EQ(limits.take(Budget::kRegister, false, "a", now), 0);  // another budget
  EXPECT_GT(limits.take(Budget::kLogin, false, "a", now + wait - 1), 0);
  EXPECT_EQ(limits.take(Budget::kLogin, false, "a", now + wait), 0);
  EXPECT_GT(limits.take(Budget::kLogin, false, "a", now + wait), 0);
  EXPECT_GT(limits.take(Budget::kLogin, false, "a", now - kDay), 0);  // a clock that was set back gives nothing
  for (int i = 0; i < 20; ++i) EXPECT_EQ(limits.take(Budget::kLogin, false, "a", now + kDay), 0) << i;
  EXPECT_GT(limits.take(Budget::kLogin, false, "a", now + kDay), 0);  // and never more than at first
  EXPECT_EQ(limits.take(Budget::kLogin, false, "", now), 0);  // nobody in particular
}

// A mobile operator's address is many people's; a phone is one's.
TEST(RateLimits, CodesAreCountedByPhoneAndLooselyByAddress) {
  RateLimits limits;
  const auto taken = [&](Budget budget, bool is_device) {
    int count = 0;
    while (count < 5'000 && limits.take(budget, is_device, "x", kToday) == 0) ++count;
    return count;
  };
  EXPECT_EQ(taken(Budget::kClaim, true), 20);
  EXPECT_EQ(limits.take(Budget::kClaim, true, "x", kToday), 15'000);
  EXPECT_EQ(taken(Budget::kClaim, false), 2'000);
  EXPECT_EQ(limits.take(Budget::kClaim, false, "x", kToday), 500);
  EXPECT_EQ(taken(Budget::kErasure, true), 20);
  EXPECT_EQ(taken(Budget::kErasure, false), 5'000);  // not at all
  EXPECT_EQ(taken(Budget::kLogin, false), 20);
}

TEST(RateLimits, MemoryIsBounded) {
  RateLimits limits(100);
  for (int i = 0; i < 10'000; ++i) {
    (void)limits.take(Budget::kLogin, false, std::to_string(i), kToday);
    (void)limits.take(Budget::kLogin, false, "often", kToday);
  }
  EXPECT_EQ(limits.size(), 100u);
  EXPECT_GT(limits.take(Budget::kLogin, false, "often", kToday), 0);  // who asks all the time is not forgotten
}

// 500 reports with five photos each, as fast as the network carries them.
TEST_F(World, ABoothsDayComesInAtOnce) {
  const Headers booth = phone();
  const std::string device = "1001";
  int refused = 0;
  for (int report = 0; report < 500; ++report) {
    const auto ask = [&](Budget budget) { refused += app.gate.limits.take(budget, true, device, now) > 0 ? 1 : 0; };
    for (int photo = 0; photo < 5; ++photo) {
      ask(Budget::kRequest), ask(Budget::kReport);                  // POST
      for (int i = 0; i < 3; ++i) ask(Budget::kRequest);            // HEAD, PATCH
    }
    ask(Budget::kRequest), ask(Budget::kReport);
    ask(Budget::kRequest);
    if (report < 50) EXPECT_EQ(create(booth, report_json("Lubang " + std::to_string(report))).status, 201);
  }
  EXPECT_EQ(refused, 0);
}

TEST_F(World, WhoAsksTooOftenIsToldWhenToComeBack) {
  peer = "203.0.113.9";
  int made = 0;
  Response response;
  for (; made < 1000; ++made) {
    response = call("POST", "/titik/1/devices", channel());
    if (response.status != 201) break;
  }
  EXPECT_EQ(made, 60);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.header("Retry-After"), "10");
  EXPECT_FALSE(lapor::read_error(response.text()).message.empty());
  EXPECT_EQ(call("GET", "/titik/1/counts", {}).status, 200);  // only this is too much
  peer = "203.0.113.10";
  EXPECT_EQ(call("POST", "/titik/1/devices", channel()).status, 201);
  now += 10'000;
  peer = "203.0.113.9";
  EXPECT_EQ(call("POST", "/titik/1/devices", channel()).status, 201);
  // Nor by saying that it is another, unless it is a proxy of ours that says so.
  Headers lying = channel();
  lying["X-Forwarded-For"] = "198.51.100.1";
  EXPECT_EQ(call("POST", "/titik/1/devices", lying).status, 429);
  peer = "10.0.0.2";
  EXPECT_EQ(call("POST", "/titik/1/devices", lying).status, 201);
  EXPECT_EQ(log.find("203.0.113"), std::string::npos);
}

}  // namespace
}  // namespace titik::serve
