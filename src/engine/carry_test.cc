// Reports that go from one phone to another in a file.
#include <gtest/gtest.h>

#include "engine/test_world.h"

namespace titik::engine {
namespace {

using report::PhoneState;

class CarryTest : public testing::Test {
 protected:
  void SetUp() override {
    here.start();
    there.start();
  }
  static bool ok(TestWorld& phone, std::int64_t command) {
    const std::optional<Reply> reply = phone.reply(command);
    return reply && !reply->error;
  }
  std::string write(TestWorld& phone, int number = 1) {
    const report::Draft draft = test_draft(number);
    EXPECT_TRUE(ok(phone, phone.command(SaveDraft{draft})));
    EXPECT_TRUE(ok(phone, phone.command(AddPhoto{draft.id, test_photo('a')})));
    return draft.id;
  }
  static std::vector<CarriedReport> exported(TestWorld& phone) {
    std::vector<CarriedReport> reports;
    const std::optional<ReportsChanged> list = phone.last<ReportsChanged>();
    for (const ReportSummary& summary : list->reports) {
      if (summary.state == PhoneState::kReceived) continue;
      reports.push_back({phone.detail_of(summary.id)->draft, summary.state != PhoneState::kDraft});
    }
    return reports;
  }
  static ReportsImported import(TestWorld& phone, const std::vector<CarriedReport>& reports) {
    EXPECT_TRUE(ok(phone, phone.import(reports)));
    return phone.last<ReportsImported>().value();
  }
  TestWorld here, there;
};

TEST_F(CarryTest, EverythingUnsentGoesAndIsTheSameThere) {
  const std::string draft = write(here, 1);
  const std::string queued = write(here, 2);
  const std::string sent = write(here, 3);
  EXPECT_TRUE(ok(here, here.command(Submit{sent})));
  here.run();
  EXPECT_TRUE(ok(here, here.command(Submit{queued})));
  const std::vector<CarriedReport> file = exported(here);
  ASSERT_EQ(file.size(), 2u);

  const ReportsImported told = import(there, file);
  EXPECT_EQ(told.added, 2);
  EXPECT_EQ(there.detail_of(draft)->draft, here.detail_of(draft)->draft);
  EXPECT_EQ(there.state_of(draft), PhoneState::kDraft);
  EXPECT_EQ(there.detail_of(queued)->draft, here.detail_of(queued)->draft);
  there.kill();
  there.start();
  EXPECT_EQ(there.detail_of(draft)->draft, here.detail_of(draft)->draft);
  EXPECT_EQ(there.state_of(queued), PhoneState::kQueued);
  there.run_for(kHour);
  ASSERT_EQ(there.server.reports.size(), 1u);  // what waited for a network has found one
  EXPECT_EQ(there.state_of(queued), PhoneState::kReceived);
  EXPECT_EQ(there.state_of(draft), PhoneState::kDraft);
}

TEST_F(CarryTest, BothPhonesSendTheSameRequest) {
  const std::string id = write(here);
  EXPECT_TRUE(ok(here, here.command(Submit{id})));
  import(there, exported(here));
  here.run();
  there.run();
  EXPECT_EQ(here.server.reports.at(id).body, there.server.reports.at(id).body);
}

TEST_F(CarryTest, WhatIsKnownStays) {
  const std::string id = write(here);
  const std::vector<CarriedReport> file = exported(here);
  import(there, file);
  EXPECT_EQ(import(there, file).known, 1);
  // Changed on the other phone since: the file is older.
  report::Draft later = file[0].draft;
  later.title = "Lebih baru";
  there.clock += kMinute;
  EXPECT_TRUE(ok(there, there.command(SaveDraft{later})));
  EXPECT_EQ(import(there, file).known, 1);
  EXPECT_EQ(there.detail_of(id)->draft.title, "Lebih baru");
  EXPECT_EQ(there.last<ReportsChanged>()->reports.size(), 1u);
  // Sent there: never queued again, however new the file is.
  EXPECT_TRUE(ok(there, there.command(Submit{id})));
  there.run();
  std::vector<CarriedReport> newer = file;
  newer[0].draft.updated_at = there.clock + kDay;
  newer[0].queued = true;
  EXPECT_EQ(import(there, newer).known, 1);
  EXPECT_EQ(there.state_of(id), PhoneState::kReceived);
  there.run();
  EXPECT_EQ(there.server.creates, 1);
}

TEST_F(CarryTest, ANewerOneTakesThePlaceAndWhatDiffersIsKeptBesideIt) {
  const std::string id = write(here);
  import(there, exported(here));
  report::Draft changed = here.detail_of(id)->draft;
  changed.title = "Dari ponsel pertama";
  here.clock += kMinute;
  there.clock += kHour;
  EXPECT_TRUE(ok(here, here.command(SaveDraft{changed})));
  EXPECT_EQ(import(there, exported(here)).updated, 1);
  EXPECT_EQ(there.detail_of(id)->draft.title, "Dari ponsel pertama");
  const std::vector<ReportSummary> reports = there.last<ReportsChanged>()->reports;
  ASSERT_EQ(reports.size(), 2u);
  const std::string copy = reports[0].id == id ? reports[1].id : reports[0].id;
  EXPECT_EQ(there.detail_of(copy)->draft.title, test_draft().title);
  EXPECT_EQ(there.detail_of(copy)->draft.photos.size(), 1u);
  EXPECT_EQ(there.state_of(copy), PhoneState::kDraft);
  EXPECT_TRUE(there.blobs.contains(test_photo('a').sha256));
}

TEST_F(CarryTest, WhatWasCoveredStaysOnItsPhoneAndIsNotLostThere) {
  const std::string id = write(here);
  import(there, exported(here));
  const report::Photo bare = test_photo('a');
  EXPECT_TRUE(ok(there, there.command(ReplacePhoto{id, bare.sha256, test_photo('b'), Original::kKeep})));
  // The file of a phone that kept the original tells nobody of it.
  TestWorld third;
  third.start();
  import(third, exported(there));
  EXPECT_EQ(third.detail_of(id)->draft.photos[0].sha256, test_photo('b').sha256);
  EXPECT_EQ(third.detail_of(id)->draft.photos[0].original_sha256, "");
  // A newer version with the same covered photo: the kept original stays with it.
  report::Draft changed = third.detail_of(id)->draft;
  third.clock += kMinute;
  there.clock += kHour;
  changed.title = "Dari ponsel ketiga";
  EXPECT_TRUE(ok(third, third.command(SaveDraft{changed})));
  import(there, exported(third));
  EXPECT_EQ(there.detail_of(id)->draft.title, "Dari ponsel ketiga");
  EXPECT_EQ(there.detail_of(id)->draft.photos[0].original_sha256, bare.sha256);
  EXPECT_EQ(there.detail_of(id)->draft.photos[0].original_bytes, bare.bytes);
  // One with another photo: what gives way keeps its own.
  changed = here.detail_of(id)->draft;
  here.clock += kDay;
  there.clock += 2 * kDay;
  changed.title = "Dari ponsel pertama";
  EXPECT_TRUE(ok(here, here.command(SaveDraft{changed})));
  import(there, exported(here));
  int kept = 0;
  const std::vector<ReportSummary> all = there.last<ReportsChanged>()->reports;
  for (const ReportSummary& summary : all) {
    const report::Draft draft = there.detail_of(summary.id)->draft;
    for (const report::Photo& photo : draft.photos) kept += photo.original_sha256 == bare.sha256 ? 1 : 0;
  }
  EXPECT_EQ(kept, 2);  // both that gave way
  EXPECT_TRUE(there.blobs.contains(bare.sha256));
}

TEST_F(CarryTest, OneBadReportAndNothingIsTaken) {
  const std::string id = write(here);
  const CarriedReport good = exported(here)[0];
  const auto refused = [&](CarriedReport bad) {
    const std::int64_t command = there.import({good, bad});
    const std::optional<Reply> reply = there.reply(command);
    EXPECT_FALSE(there.detail_of(id).has_value());
    EXPECT_FALSE(there.last<ReportsImported>().has_value());
    EXPECT_TRUE(there.blobs.empty());
    return reply && reply->error ? std::string(error_code_name(reply->error->code)) : "taken";
  };
  CarriedReport bad = good;
  bad.draft.id = "../../etc";
  EXPECT_EQ(refused(bad), "invalid_argument");
  bad = good;
  bad.draft.id = test_draft(2).id;
  bad.draft.content = std::string(300'000, 'x');
  EXPECT_EQ(refused(bad), "too_large");
  bad.draft.content = "x";
  bad.draft.photos[0].sha256 = "abc";
  EXPECT_EQ(refused(bad), "invalid_argument");
  bad.draft.photos = {test_photo('a'), test_photo('a')};
  EXPECT_EQ(refused(bad), "invalid_argument");
  bad.draft.photos = {test_photo('a'), test_photo('b'), test_photo('c'), test_photo('d'), test_photo('e'), test_photo('f')};
  EXPECT_EQ(refused(bad), "too_large");
  bad.draft.photos = {test_photo('a')};
  bad.draft.photos[0].bytes = report::kMaxFileBytes + 1;
  EXPECT_EQ(refused(bad), "too_large");
  EXPECT_EQ(error_code_name(there.reply(there.import(std::vector<CarriedReport>(501, good)))->error->code), "too_large");
  EXPECT_EQ(there.reply(there.import({good}, "x"))->error->code, ErrorCode::kMalformed);
  EXPECT_TRUE(there.blobs.empty());
  // A photo that is named and did not come.
  there.brings_photos = false;
  EXPECT_EQ(refused(good), "invalid_argument");
}

TEST_F(CarryTest, AClockAheadDoesNotMakeTheFutureOurs) {
  write(here);
  std::vector<CarriedReport> file = exported(here);
  file[0].draft.updated_at = here.clock + 400 * kDay;
  import(there, file);
  EXPECT_EQ(there.detail_of(file[0].draft.id)->draft.updated_at, there.clock);
  EXPECT_EQ(there.detail_of(file[0].draft.id)->draft.created_at, file[0].draft.created_at);
}

TEST_F(CarryTest, AFullDiskIsToldAndNothingIsSaidToBeThere) {
  write(here);
  there.disk->fail_next(1);
  const std::int64_t command = there.import(exported(here));
  EXPECT_EQ(there.reply(command)->error->code, ErrorCode::kStorage);
  EXPECT_FALSE(there.last<ReportsImported>().has_value());
}

}  // namespace
}  // namespace titik::engine
