// What the phone hears of reports that were received.
#include "engine/test_engine.h"
#include "engine/timeline.h"

namespace titik::engine {
namespace {

class FollowedTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    id = write();
    world.command(Submit{id});
    world.run();
    expect_one_whole_report(id);
    const UnixMillis at = world.clock + kHour;
    world.server.detail = {.status_name = "Proses", .disposition_name = "Dinas PUPR"};
    world.server.detail.log = {{"Laporan diterima", 1'795'200'100'000, "Belum Terverifikasi", ""},
                               {"Diteruskan ke Dinas PUPR", at + 1000, "", "Diskominfo"},
                               {"Status menjadi Proses", at + 5 * kMinute, "Proses", "Dinas PUPR"}};
    lapor::Attachment file{"/lapor/3.0.0/files/9", "bukti.jpg", "jpg", std::string(64, 'e'), 1};
    world.server.follow_ups = {
        {.id = "1", .kind = lapor::FollowUpKind::kDisposition, .institution_from = "Diskominfo", .at = at, .content = "Diteruskan"},
        {.id = "2", .kind = lapor::FollowUpKind::kAnswer, .institution_from = "Dinas PUPR", .at = at + 10 * kMinute, .content = "Kami cek"},
        {.id = "3", .kind = lapor::FollowUpKind::kAction, .institution_from = "Dinas PUPR", .at = at + kHour, .content = "Sudah ditambal", .attachments = {file}}};
    world.server.evidence[file.path] = std::string(64, 'e');
  }
  std::string id;
};

// The receipt tells milliseconds, the city's log whole seconds.
TEST(Timeline, NothingIsOlderThanTheReceiptInItsSecond) {
  constexpr UnixMillis kSecondOfIt = 1'795'200'100'000;
  const lapor::Detail detail{.log = {{"Diteruskan ke Dinas PUPR", kSecondOfIt, "", "Diskominfo"},
                                     {"Status menjadi Proses", kSecondOfIt + kSecond, "Proses", "Dinas PUPR"}}};
  const auto lines = merged_timeline(kSecondOfIt + 700, detail, {});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].text, "Status menjadi Proses");
  EXPECT_EQ(lines[1].text, "Diteruskan ke Dinas PUPR");
  EXPECT_EQ(lines[2].kind, static_cast<int>(TimelineEntry::Kind::kReceived));
}

TEST_F(FollowedTest, NewsComeEveryMinuteWhileThePageIsShown) {
  world.run_for(kMinute);
  const ReportDetail detail = *world.detail_of(id);
  EXPECT_EQ(detail.status_name, "proses");
  EXPECT_EQ(detail.disposition_name, "Dinas PUPR");
  ASSERT_EQ(detail.timeline.size(), 5u);  // nothing twice
  using Kind = TimelineEntry::Kind;
  const Kind kinds[] = {Kind::kAction, Kind::kAnswer, Kind::kStatus, Kind::kDisposition, Kind::kReceived};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(detail.timeline[i].kind, kinds[i]) << i;
  EXPECT_EQ(detail.timeline[0].evidence.at(0).sha256, "");  // nobody has opened it: no data spent

  const std::uint64_t commits = world.engine->durable_commit();
  const int questions = world.server.questions;
  world.run_for(3 * kMinute);
  EXPECT_GT(world.server.questions, questions);
  EXPECT_EQ(world.engine->durable_commit(), commits);  // no news, no write

  // And ever less of them, while nothing happens: 1 + 2 + 4 + 8 minutes, then every 15.
  world.run_for(kHour);
  const int rare = world.server.questions;
  world.run_for(kHour);
  EXPECT_EQ(world.server.questions, rare + 4);

  world.engine->page_visible(false);
  world.run();
  const int before = world.server.questions;
  world.run_for(kHour);
  EXPECT_EQ(world.server.questions, before);
}

TEST_F(FollowedTest, AServerWithoutTheFeedIsAskedReportByReport) {
  world.server.has_feed = false;
  world.run_for(kMinute);
  EXPECT_EQ(world.detail_of(id)->status_name, "proses");
  EXPECT_EQ(world.detail_of(id)->timeline.size(), 5u);
}

TEST_F(FollowedTest, OneAnswerBringsAShortThreadWhole) {
  world.server.page_size = 20;
  const int before = world.server.questions;
  world.run_for(kMinute);
  EXPECT_EQ(world.server.questions, before + 1);
  EXPECT_EQ(world.detail_of(id)->timeline.size(), 5u);
  // What is known stays known after a restart.
  world.kill();
  world.start();
  const std::uint64_t commits = world.engine->durable_commit();
  const int asked = world.server.questions;
  world.run_for(kSecond);
  EXPECT_EQ(world.server.questions, asked + 1);
  EXPECT_EQ(world.engine->durable_commit(), commits);
  world.command(OpenReport{id});
  EXPECT_EQ(world.detail_of(id)->timeline.size(), 5u);
}

TEST_F(FollowedTest, OpeningFetchesTheEvidence) {
  EXPECT_TRUE(ok(world.command(OpenReport{id})));
  world.run();
  EXPECT_EQ(world.detail_of(id)->timeline.at(0).evidence.at(0).sha256, std::string(64, 'e'));
  EXPECT_TRUE(world.blobs.contains(std::string(64, 'e')));
  world.run_for(kMinute);
  const std::uint64_t commits = world.engine->durable_commit();
  world.run_for(5 * kMinute);
  EXPECT_EQ(world.engine->durable_commit(), commits);
}

TEST_F(FollowedTest, ThumbnailsComeWithTheNewsAndTheWholePictureWhenItIsLookedAt) {
  lapor::Attachment& file = world.server.follow_ups[2].attachments[0];
  file.thumbnail = file.path + "/thumbnail";
  world.server.evidence[file.thumbnail] = std::string(64, 't');
  world.run_for(kMinute);
  const Evidence small = world.detail_of(id)->timeline.at(0).evidence.at(0);
  EXPECT_EQ(small.thumbnail_sha256, std::string(64, 't'));  // nobody has opened the report
  EXPECT_EQ(small.sha256, "");
  EXPECT_EQ(small.path, file.path);
  EXPECT_TRUE(ok(world.command(OpenReport{id})));
  world.run();
  EXPECT_EQ(world.detail_of(id)->timeline.at(0).evidence.at(0).sha256, "");  // nobody has looked at it
  EXPECT_TRUE(ok(world.command(LoadEvidence{id, file.path})));
  world.run();
  EXPECT_EQ(world.detail_of(id)->timeline.at(0).evidence.at(0).sha256, std::string(64, 'e'));

  // Both stay, after a restart and with other news of the same report.
  world.kill();
  world.start();
  world.server.follow_ups[1].content += "!";
  world.run_for(2 * kMinute);
  EXPECT_EQ(world.detail_of(id)->timeline.at(0).evidence.at(0).sha256, std::string(64, 'e'));
  EXPECT_EQ(world.detail_of(id)->timeline.at(0).evidence.at(0).thumbnail_sha256, std::string(64, 't'));
  EXPECT_TRUE(world.blobs.contains(std::string(64, 't')));
  // No path but one of the report's own is asked for.
  const std::size_t blobs = world.blobs.size();
  world.server.evidence["/titik/1/files/77"] = std::string(64, 'f');
  EXPECT_TRUE(ok(world.command(LoadEvidence{id, "/titik/1/files/77"})));
  world.run();
  EXPECT_EQ(world.blobs.size(), blobs);
}

TEST_F(FollowedTest, APhoneThatSavesDataWaitsWithThumbnailsUntilTheReportIsOpened) {
  lapor::Attachment& file = world.server.follow_ups[2].attachments[0];
  file.thumbnail = file.path + "/thumbnail";
  world.server.evidence[file.thumbnail] = std::string(64, 't');
  world.engine->link({.saves_data = true});
  world.run_for(20 * kMinute);
  EXPECT_EQ(world.detail_of(id)->timeline.size(), 5u);
  EXPECT_EQ(world.detail_of(id)->timeline.at(0).evidence.at(0).thumbnail_sha256, "");
  world.command(OpenReport{id});
  world.run();
  EXPECT_EQ(world.detail_of(id)->timeline.at(0).evidence.at(0).thumbnail_sha256, std::string(64, 't'));
}

TEST_F(FollowedTest, EvidenceThatIsNotWhatWasToldIsNotShown) {
  world.server.evidence.begin()->second = std::string(64, 'd');
  world.command(OpenReport{id});
  world.run();
  EXPECT_EQ(world.detail_of(id)->timeline.at(0).evidence.at(0).sha256, "");
  EXPECT_FALSE(world.blobs.contains(std::string(64, 'd')));
}

TEST_F(FollowedTest, OurTokenNeverGoesToAnotherServer) {
  for (const char* path : {"//evil.example/x", "https://evil.example/x", "/\\evil.example/x", "", "x"}) {
    world.server.follow_ups[2].attachments[0].path = path;
    world.server.follow_ups[2].content += "!";
    world.command(OpenReport{id});
    while (!world.requests.empty()) {
      EXPECT_EQ(world.requests.front().url.find("evil"), std::string::npos);
      EXPECT_TRUE(world.requests.front().blob_for_report.empty()) << path;
      world.deliver();
    }
  }
}

}  // namespace
}  // namespace titik::engine
