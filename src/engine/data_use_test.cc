// What sending costs, and the way that needs no data: photos that wait for Wi-Fi, bytes of today, SMS.
#include "base/json.h"
#include "engine/requests.h"
#include "engine/test_engine.h"

namespace titik::engine {
namespace {

class DataUseTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    world.server.words_first = true;
  }
  void wait_for_wifi() { ASSERT_TRUE(ok(world.command(SaveSettings{{.photos_wait = true}}))); }
  std::size_t photos_at_server() { return world.server.reports.empty() ? 0 : world.server.reports.begin()->second.photos.size(); }
};

TEST_F(DataUseTest, PhotosThatWaitForWifiGoWithIt) {
  wait_for_wifi();
  const std::string id = write();
  world.command(Submit{id});
  world.run_for(kHour);
  EXPECT_EQ(world.state_of(id), PhoneState::kReceived);  // the words did not wait
  EXPECT_EQ(photos_at_server(), 0u);
  EXPECT_TRUE(world.last<SyncStateChanged>()->photos_held);

  restart();  // the wish outlives the page
  world.run_for(kHour);
  EXPECT_TRUE(world.last<SettingsChanged>()->settings.photos_wait);
  EXPECT_EQ(photos_at_server(), 0u);

  world.engine->link({.is_unmetered = true});
  world.run();
  EXPECT_EQ(photos_at_server(), 2u);
  EXPECT_FALSE(world.last<SyncStateChanged>()->photos_held);
  expect_one_whole_report(id);
}

TEST_F(DataUseTest, ThumbnailsGoAheadOfPhotosThatWait) {
  world.server.takes_thumbnails = true;
  wait_for_wifi();
  const std::string id = write();
  world.command(Submit{id});
  world.run_for(kHour);
  EXPECT_EQ(photos_at_server(), 0u);
  EXPECT_TRUE(world.last<SyncStateChanged>()->photos_held);
  const std::vector<std::string> thumbnails = world.server.thumbnails;
  EXPECT_EQ(thumbnails, (std::vector<std::string>{"aa", "bb"}));
  restart();
  world.engine->link({.is_unmetered = true});
  world.run();
  expect_one_whole_report(id);
  EXPECT_EQ(world.server.thumbnails, thumbnails);  // not again
}

TEST_F(DataUseTest, DataSaverHoldsPhotosByItselfUntilSomebodyAsks) {
  world.engine->link({.saves_data = true});
  const std::string id = write();
  world.command(Submit{id});
  world.run_for(kHour);
  EXPECT_EQ(photos_at_server(), 0u);
  world.command(SendNow{});
  world.run();
  expect_one_whole_report(id);
}

TEST_F(DataUseTest, TakingTheWishBackSendsWhatWaited) {
  wait_for_wifi();
  const std::string id = write();
  world.command(Submit{id});
  world.run_for(kHour);
  ASSERT_EQ(photos_at_server(), 0u);
  world.command(SaveSettings{{.photos_wait = false}});
  world.run();
  expect_one_whole_report(id);
}

TEST_F(DataUseTest, BytesOfTodayAreCountedAndForgottenAtMidnightInTheCity) {
  const std::string id = write();
  world.command(Submit{id});
  world.run();
  const std::int64_t photos = test_photo('a').bytes + test_photo('b').bytes;
  const std::int64_t sent = world.last<SyncStateChanged>()->sent_today;
  EXPECT_GT(sent, photos);
  EXPECT_LT(sent, photos + 4000);
  restart();
  EXPECT_GE(world.last<SyncStateChanged>()->sent_today, photos);
  // 2026-11-20 in Jambi ends at 17.00 UTC.
  const UnixMillis midnight = (world.clock / kDay) * kDay + 17 * kHour;
  world.clock = midnight + (midnight > world.clock ? 0 : kDay) - 1;
  world.engine->tick();
  EXPECT_GE(world.last<SyncStateChanged>()->sent_today, photos);
  world.clock += 1;
  world.engine->tick();
  EXPECT_EQ(world.last<SyncStateChanged>()->sent_today, 0);
}

TEST_F(DataUseTest, FilesThatGoFirstAreCountedToo) {
  world.server.words_first = false;
  const std::string id = write();
  world.command(Submit{id});
  world.run();
  EXPECT_GT(world.last<SyncStateChanged>()->sent_today, test_photo('a').bytes + test_photo('b').bytes);
}

TEST_F(DataUseTest, TheCityIsToldOfAnSms) {
  const std::string id = write();
  world.command(Submit{id});
  const UnixMillis at = world.clock;
  ASSERT_TRUE(ok(world.command(MarkSms{id})));
  EXPECT_EQ(world.detail_of(id)->sms_at, at);
  world.clock += kHour;
  ASSERT_TRUE(ok(world.command(MarkSms{id})));  // a second tap
  restart();
  world.run_for(kHour);
  EXPECT_EQ(world.detail_of(id)->sms_at, at);
  ASSERT_EQ(world.server.reports.size(), 1u);
  const Result<Json> body = parse_json(world.server.reports.begin()->second.body);
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(integer_or(member(*body, "titik"), "sms_at"), at);
}

TEST_F(DataUseTest, TheCityIsToldWhichNoticeWasInForce) {
  report::CityProfile profile = report::parse_city_profile(test_profile()).value();
  const store::StoredReport stored{.draft = test_draft(1)};
  const auto told = [&] {
    const Result<Json> body = parse_json(create_request({profile, "token", "1001"}, stored, {}, Photos::kFollow).body[0].text);
    return integer_or(member(*body, "titik"), "privacy_version");
  };
  EXPECT_EQ(told(), 0);
  profile.privacy_version = 3;
  EXPECT_EQ(told(), 3);
}

TEST_F(DataUseTest, WhatIsAtTheCityNeedsNoSms) {
  const std::string id = write();
  world.command(Submit{id});
  world.run();
  ASSERT_TRUE(ok(world.command(MarkSms{id})));
  EXPECT_EQ(world.detail_of(id)->sms_at, 0);
  EXPECT_EQ(error(world.command(MarkSms{test_draft(7).id})), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace titik::engine
