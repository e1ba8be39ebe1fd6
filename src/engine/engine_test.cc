#include "engine/engine.h"

#include <gtest/gtest.h>

#include "base/id.h"
#include "engine/test_engine.h"
#include "store/migrations.h"
#include "store/recovery.h"

namespace titik::engine {
namespace {

using Fate = TestWorld::Fate;

TEST_F(EngineTest, AReportGoesFromDraftToReceipt) {
  const std::string id = write();
  EXPECT_TRUE(ok(world.command(Submit{id})));
  EXPECT_TRUE(ok(world.command(Submit{id})));  // a second tap changes nothing
  EXPECT_EQ(world.state_of(id), PhoneState::kQueued);
  world.run();
  expect_one_whole_report(id);
  EXPECT_EQ(world.server.creates, 1);
  EXPECT_EQ(world.server.uploads, 2);
  EXPECT_EQ(world.server.devices, 1);
  EXPECT_EQ(world.detail_of(id)->tracking_id, "7000001");
  EXPECT_NE(world.detail_of(id)->follow_up_due_at, 0);
  EXPECT_EQ(world.last<SyncStateChanged>()->phase, SyncStateChanged::Phase::kIdle);
  EXPECT_EQ(world.last<CountsChanged>()->counts.received, 5);
}

TEST_F(EngineTest, RepliesToASavingCommandOnlyWhenItIsDurable) {
  world.disk->hold(true);
  const std::int64_t save = world.command(SaveDraft{test_draft()});
  EXPECT_FALSE(world.reply(save).has_value());
  EXPECT_TRUE(world.last<SaveStateChanged>()->unsaved);
  world.disk->release();
  EXPECT_TRUE(ok(save));
  EXPECT_FALSE(world.last<SaveStateChanged>()->unsaved);
  EXPECT_EQ(world.last<SaveStateChanged>()->saved_at, world.clock);
}

TEST_F(EngineTest, AFullDiskIsToldAndTriedAgain) {
  world.disk->fail_next(1);
  const std::int64_t save = world.command(SaveDraft{test_draft()});
  EXPECT_EQ(error(save), ErrorCode::kStorage);
  EXPECT_EQ(world.last<SaveStateChanged>()->problem, "storage");
  EXPECT_TRUE(world.last<SaveStateChanged>()->unsaved);
  world.run_for(kMinute);
  EXPECT_FALSE(world.last<SaveStateChanged>()->unsaved);
  EXPECT_EQ(world.last<SaveStateChanged>()->problem, "");
  restart();
  EXPECT_EQ(world.detail_of(test_draft().id)->draft.title, test_draft().title);
}

TEST_F(EngineTest, WhatWasRepliedToSurvivesAKill) {
  const std::string id = write();
  restart();
  const std::optional<ReportDetail> detail = world.detail_of(id);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->draft.title, test_draft().title);
  EXPECT_EQ(detail->draft.photos.size(), 2u);
  EXPECT_EQ(world.last<StorageChanged>()->drafts, 1);
}

// After any number of delivered requests the phone dies, the answer of the last being seen or not.
TEST_F(EngineTest, KilledAtAnyStepItDeliversExactlyOneReport) {
  for (int steps = 0; steps < 12; ++steps) {
    for (const Fate fate : {Fate::kAnswered, Fate::kLost, Fate::kNeverSent}) {
      TestWorld fresh;
      fresh.start();
      const std::string id = test_draft().id;
      fresh.command(SaveDraft{test_draft()});
      fresh.command(AddPhoto{id, test_photo('a')});
      fresh.command(AddPhoto{id, test_photo('b')});
      fresh.command(Submit{id});
      for (int i = 0; i < steps && fresh.deliver(); ++i) {}
      fresh.deliver(fate);
      fresh.kill();
      fresh.start();
      ASSERT_NE(fresh.engine, nullptr);
      fresh.run_for(kHour);
      ASSERT_EQ(fresh.server.reports.size(), 1u) << steps;
      EXPECT_EQ(fresh.server.reports.begin()->second.photos.size(), 2u);
      EXPECT_EQ(fresh.state_of(id), PhoneState::kReceived) << steps;
      EXPECT_LE(fresh.server.uploads, 3) << steps;
    }
  }
}

// The city has the id with other content, as after an edit on two phones: nothing of this one is lost.
TEST_F(EngineTest, WhatTheCityHasWithOtherContentGoesAsANewReport) {
  const std::string id = write();
  world.server.first = [&](const HttpRequest& request) -> std::optional<TestServer::Answer> {
    const bool is_create = request.url.ends_with("/complaints/complaint") && request.method == "POST";
    if (!is_create || std::find(request.headers.begin(), request.headers.end(), std::pair<std::string, std::string>("Idempotency-Key", id)) == request.headers.end()) return {};
    return TestServer::Answer{.status = 409, .body = lapor::write_error({"Nomor laporan ini sudah dipakai untuk isi yang lain.", {}})};
  };
  EXPECT_EQ(error(world.command(SendAsNew{id})), ErrorCode::kConflict);  // nothing is wrong with it yet
  world.command(Submit{id});
  world.run();
  ASSERT_EQ(world.state_of(id), PhoneState::kNeedsAttention);
  EXPECT_EQ(world.detail_of(id)->problems, (std::vector<report::Problem>{{report::Field::kId, report::ProblemCode::kInvalid}}));
  restart();
  ASSERT_TRUE(ok(world.command(SendAsNew{id})));
  EXPECT_EQ(world.last<ReportRemoved>()->report_id, id);
  world.run();
  ASSERT_EQ(world.last<ReportsChanged>()->reports.size(), 1u);
  const std::string new_id = world.last<ReportsChanged>()->reports[0].id;
  EXPECT_NE(new_id, id);
  expect_one_whole_report(new_id);
  EXPECT_EQ(world.detail_of(new_id)->draft.content, test_draft().content);
  EXPECT_EQ(world.blobs.size(), 4u);  // two photos, two thumbnails
}

TEST_F(EngineTest, WordsGoFirstAndPhotosFollow) {
  world.server.words_first = true;
  report::Photo large = test_photo('c');
  large.bytes = 300'000;
  const std::string id = write();
  ASSERT_TRUE(ok(world.command(AddPhoto{id, large})));
  world.command(Submit{id});
  while (world.server.reports.empty() && world.deliver()) {}
  // The city has the words: so the citizen is told, and that photos follow.
  EXPECT_EQ(world.state_of(id), PhoneState::kReceived);
  EXPECT_EQ(world.detail_of(id)->tracking_id, "7000001");
  EXPECT_TRUE(world.detail_of(id)->photos_on_way);
  EXPECT_TRUE(world.last<ReportsChanged>()->reports.at(0).photos_on_way);
  EXPECT_EQ(world.server.uploads, 0);
  restart();
  EXPECT_TRUE(world.detail_of(id)->photos_on_way) << "told at start, like all that is not wholly sent";
  world.run();
  EXPECT_EQ(world.state_of(id), PhoneState::kReceived);
  EXPECT_FALSE(world.detail_of(id)->photos_on_way);
  EXPECT_EQ(world.detail_of(id)->photos_sent, 3);
  EXPECT_EQ(world.server.reports.begin()->second.photos.size(), 3u);
  EXPECT_EQ(world.server.bytes_taken, 302'000);
  EXPECT_EQ(world.last<SyncStateChanged>()->phase, SyncStateChanged::Phase::kIdle);
  EXPECT_TRUE(world.blobs.contains(large.sha256));
}

// As above, with a server to which photos follow: not a byte is taken twice.
TEST_F(EngineTest, KilledAtAnyStepOfWordsFirstItDeliversExactlyOneReport) {
  for (int steps = 0; steps < 16; ++steps) {
    for (const Fate fate : {Fate::kAnswered, Fate::kLost, Fate::kNeverSent, Fate::kCut}) {
      TestWorld fresh;
      fresh.server.words_first = true;
      fresh.start();
      report::Photo large = test_photo('a');
      large.bytes = 300'001;
      const std::string id = test_draft().id;
      fresh.command(SaveDraft{test_draft()});
      fresh.command(AddPhoto{id, large});
      fresh.command(AddPhoto{id, test_photo('b')});
      fresh.command(Submit{id});
      for (int i = 0; i < steps && fresh.deliver(); ++i) {}
      fresh.deliver(fate);
      fresh.kill();
      fresh.start();
      ASSERT_NE(fresh.engine, nullptr);
      fresh.run_for(kHour);
      ASSERT_EQ(fresh.server.reports.size(), 1u) << steps;
      const TestServer::Report& report = fresh.server.reports.begin()->second;
      EXPECT_EQ(report.photos, (std::vector<std::string>{large.sha256, test_photo('b').sha256})) << steps;
      EXPECT_EQ(fresh.state_of(id), PhoneState::kReceived) << steps;
      EXPECT_EQ(fresh.last<SyncStateChanged>()->phase, SyncStateChanged::Phase::kIdle) << steps;
      EXPECT_EQ(fresh.server.bytes_taken, 301'001) << steps;
      EXPECT_EQ(fresh.server.uploads, 0);
    }
  }
}

TEST_F(EngineTest, APhotoThatIsLostAfterTheWordsArrivedLeavesTheReportReceived) {
  world.server.words_first = true;
  const std::string id = write();
  world.command(Submit{id});
  while (world.state_of(id) != PhoneState::kReceived) ASSERT_TRUE(world.deliver());
  const std::string tracking = world.detail_of(id)->tracking_id;
  world.blobs.erase(test_photo('a').sha256);
  world.run_for(kHour);
  EXPECT_EQ(world.state_of(id), PhoneState::kReceived);
  EXPECT_FALSE(world.detail_of(id)->photos_on_way);
  EXPECT_FALSE(world.detail_of(id)->problem.empty());
  EXPECT_EQ(world.detail_of(id)->tracking_id, tracking);
  EXPECT_EQ(world.server.reports.size(), 1u);
  EXPECT_EQ(world.last<SyncStateChanged>()->phase, SyncStateChanged::Phase::kIdle);
}

// The disk stops at every write in turn, and tears as disks do; what was replied to is there.
TEST_F(EngineTest, KilledAtAnyWriteItLosesNothingThatWasReplied) {
  for (std::uint64_t stop = 1; stop < 14; ++stop) {
    for (const auto disk_fate : {store::CrashingPageStore::Fate::kDropped, store::CrashingPageStore::Fate::kStored}) {
      TestWorld fresh;
      fresh.disk->stop_at(stop, disk_fate, stop);
      fresh.start();
      const std::string id = test_draft().id;
      bool saved = false, queued = false;
      if (fresh.engine) {
        const std::int64_t save = fresh.command(SaveDraft{test_draft()});
        const std::int64_t photo = fresh.command(AddPhoto{id, test_photo('a')});
        const std::int64_t submit = fresh.command(Submit{id});
        fresh.run_for(kMinute);
        saved = fresh.reply(photo) && !fresh.reply(photo)->error && fresh.reply(save);
        queued = fresh.reply(submit) && !fresh.reply(submit)->error;
      }
      fresh.kill();
      fresh.start();
      ASSERT_NE(fresh.engine, nullptr) << stop;
      if (saved) EXPECT_EQ(fresh.last<ReportsChanged>()->reports.size(), 1u) << stop;
      if (queued) {
        fresh.run_for(kHour);
        EXPECT_EQ(fresh.server.reports.size(), 1u) << stop;
        EXPECT_EQ(fresh.state_of(id), PhoneState::kReceived) << stop;
      }
      EXPECT_LE(fresh.server.reports.size(), 1u);
    }
  }
}

TEST_F(EngineTest, WithoutNetworkItWaitsAndGoesOnWhenTold) {
  const std::string id = write();
  world.command(Submit{id});
  world.run_for(10 * kMinute, Fate::kNeverSent);
  EXPECT_EQ(world.state_of(id), PhoneState::kQueued);
  EXPECT_EQ(world.last<SyncStateChanged>()->phase, SyncStateChanged::Phase::kWaitingForNetwork);
  EXPECT_GT(world.last<SyncStateChanged>()->next_attempt_at, world.clock);
  EXPECT_TRUE(world.server.reports.empty());
  EXPECT_TRUE(ok(world.command(Wake{WakeReason::kOnline})));
  world.run();
  expect_one_whole_report(id);
}

TEST_F(EngineTest, ALostAnswerIsAskedForAndNotSentAgain) {
  const std::string id = write();
  world.command(Submit{id});
  while (world.server.creates == 0) {
    ASSERT_FALSE(world.requests.empty());
    const bool is_create = world.requests.front().url.ends_with(lapor::kCreatePath);
    world.deliver(is_create ? Fate::kLost : Fate::kAnswered);
  }
  EXPECT_EQ(world.state_of(id), PhoneState::kQueued);
  world.command(SendNow{});
  world.run();
  expect_one_whole_report(id);
  EXPECT_EQ(world.server.creates, 1);
  EXPECT_EQ(world.server.asks, 1);
}

TEST_F(EngineTest, ARefusedReportTellsWhyAndGoesAfterCorrection) {
  bool refuse = true;
  world.server.first = [&](const HttpRequest& request) -> std::optional<TestServer::Answer> {
    if (!refuse || !request.url.ends_with(lapor::kCreatePath)) return std::nullopt;
    return TestServer::Answer{422, lapor::write_error({"Judul tidak boleh kosong", {{"title", "too_long", "Terlalu panjang"}}})};
  };
  const std::string id = write();
  world.command(Submit{id});
  world.run();
  ASSERT_EQ(world.state_of(id), PhoneState::kNeedsAttention);
  EXPECT_EQ(world.detail_of(id)->problem, "Judul tidak boleh kosong");
  EXPECT_EQ(world.detail_of(id)->problems,
            (std::vector<report::Problem>{{report::Field::kTitle, report::ProblemCode::kTooLong}}));
  refuse = false;
  report::Draft changed = world.detail_of(id)->draft;
  changed.title = "Judul baru";
  EXPECT_TRUE(ok(world.command(SaveDraft{changed})));
  EXPECT_TRUE(ok(world.command(Submit{id})));
  world.run();
  expect_one_whole_report(id);
  EXPECT_EQ(world.server.uploads, 2);  // not again
  EXPECT_NE(world.server.reports.begin()->second.body.find("Judul baru"), std::string::npos);
}

TEST_F(EngineTest, OneBadReportDoesNotHoldUpTheNext) {
  const std::string bad = test_draft(1).id, good = test_draft(2).id;
  world.server.first = [&](const HttpRequest& request) -> std::optional<TestServer::Answer> {
    for (const auto& [name, value] : request.headers) {
      if (name == "Idempotency-Key" && value == bad) return TestServer::Answer{503, "", "600"};
    }
    return std::nullopt;
  };
  for (const int number : {1, 2}) {
    world.command(SaveDraft{test_draft(number)});
    world.command(Submit{test_draft(number).id});
  }
  world.run();
  EXPECT_EQ(world.state_of(good), PhoneState::kReceived);
  EXPECT_EQ(world.state_of(bad), PhoneState::kQueued);
  world.server.first = nullptr;
  world.run_for(9 * kMinute);
  EXPECT_EQ(world.state_of(bad), PhoneState::kQueued);  // the server asked for ten minutes
  world.run_for(2 * kMinute);
  EXPECT_EQ(world.state_of(bad), PhoneState::kReceived);
}

TEST_F(EngineTest, ARefusedTokenIsRenewedOnceAndNeverInALoop) {
  const std::string id = write();
  world.command(Submit{id});
  world.deliver();  // counts or the first step
  while (world.server.uploads == 0) ASSERT_TRUE(world.deliver());
  world.server.tokens.clear();  // the server forgot us
  world.run();
  expect_one_whole_report(id);
  EXPECT_EQ(world.server.devices, 2);

  world.server.first = [](const HttpRequest& request) -> std::optional<TestServer::Answer> {
    if (request.url == lapor::kDevicesPath) return std::nullopt;
    return TestServer::Answer{401, ""};
  };
  world.command(SaveDraft{test_draft(2)});
  world.command(Submit{test_draft(2).id});
  world.run_for(kHour);
  EXPECT_LE(world.server.devices, 2 + 5);
  world.server.first = nullptr;
  world.run_for(kHour);
  EXPECT_EQ(world.state_of(test_draft(2).id), PhoneState::kReceived);
}

// --- Covered photos, places that come later ----------------------------------------------------------

TEST_F(EngineTest, CommandsThatCannotBeDoneSayWhy) {
  report::Draft bad = test_draft();
  bad.id = "x";
  EXPECT_EQ(error(world.command(SaveDraft{bad})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error(world.command(AddPhoto{test_draft().id, test_photo('a')})), ErrorCode::kNotFound);
  EXPECT_FALSE(world.blobs.contains(test_photo('a').sha256));  // nothing is left lying about
  EXPECT_EQ(error(world.command(DeleteDraft{test_draft().id})), ErrorCode::kNotFound);
  EXPECT_EQ(error(world.command(OpenReport{test_draft().id})), ErrorCode::kNotFound);
  EXPECT_EQ(error(world.command(SaveSettings{{99}})), ErrorCode::kInvalidArgument);
  const std::string id = write();
  for (const char name : {'c', 'd', 'e'}) EXPECT_TRUE(ok(world.command(AddPhoto{id, test_photo(name)})));
  EXPECT_EQ(error(world.command(AddPhoto{id, test_photo('f')})), ErrorCode::kTooLarge);
  EXPECT_TRUE(ok(world.command(AddPhoto{id, test_photo('e')})));  // one of the five
  report::Draft empty = test_draft(3);
  empty.title.clear();
  world.command(SaveDraft{empty});
  const std::int64_t submit = world.command(Submit{empty.id});
  EXPECT_EQ(error(submit), ErrorCode::kInvalidArgument);
  EXPECT_EQ(world.reply(submit)->problems.at(0).field, report::Field::kTitle);
  world.command(Submit{id});
  EXPECT_EQ(error(world.command(SaveDraft{test_draft()})), ErrorCode::kConflict);
  EXPECT_EQ(error(world.command(DeleteDraft{id})), ErrorCode::kConflict);
  world.engine->handle("{\"id\":4711,\"type\":\"nonsense\"}");
  EXPECT_EQ(error(4711), ErrorCode::kMalformed);
  world.engine->handle("\xff");
  EXPECT_EQ(error(0), ErrorCode::kMalformed);
}

TEST_F(EngineTest, RefusalsAreAskedForInTheLanguageOfTheSettings) {
  EXPECT_TRUE(ok(world.command(SaveSettings{{100, "en"}})));
  int creates = 0;
  world.server.first = [&](const HttpRequest& request) -> std::optional<TestServer::Answer> {
    if (!request.url.ends_with("/complaints/complaint")) return std::nullopt;
    ++creates;
    const auto& headers = request.headers;
    EXPECT_NE(std::find(headers.begin(), headers.end(), std::pair<std::string, std::string>("Accept-Language", "en")), headers.end());
    return std::nullopt;
  };
  EXPECT_TRUE(ok(world.command(Submit{write()})));
  world.run();
  EXPECT_EQ(creates, 1);
}

TEST_F(EngineTest, SettingsAndProfileSurvive) {
  EXPECT_TRUE(ok(world.command(SaveSettings{{150, "en"}})));
  EXPECT_EQ(error(world.command(SaveSettings{{150, "xx"}})), ErrorCode::kInvalidArgument);
  world.server.first = [](const HttpRequest& request) -> std::optional<TestServer::Answer> {
    if (request.url == lapor::kProfilePath) return TestServer::Answer{200, test_profile(2)};
    return std::nullopt;
  };
  restart();
  EXPECT_EQ(world.last<SettingsChanged>()->settings, (Settings{150, "en"}));
  world.run();
  EXPECT_EQ(world.last<ProfileChanged>()->json, test_profile(2));
  restart();
  EXPECT_EQ(world.last<ProfileChanged>()->json, test_profile(2));
}

// The page keeps what it is told, to start in: never a choice that the next start would not find.
TEST_F(EngineTest, SettingsAreToldOnceTheyAreDurable) {
  const auto told = [&] { return world.last<SettingsChanged>()->settings; };
  const Settings before = told();
  world.disk->hold(true);
  world.command(SaveSettings{{100, "en"}});
  EXPECT_EQ(told(), before);
  world.command(SaveSettings{{150, "en"}});
  world.disk->hold(false);
  world.disk->release();
  EXPECT_EQ(told(), (Settings{150, "en"}));
  const auto is_first = [](const Event& event) {
    const auto* changed = std::get_if<SettingsChanged>(&event);
    return changed != nullptr && changed->settings == Settings{100, "en"};
  };
  EXPECT_EQ(std::count_if(world.events.begin(), world.events.end(), is_first), 0) << "a choice that was changed meanwhile";
}

TEST_F(EngineTest, PublicReportsAreAnsweredWhenTheServerDoes) {
  const std::int64_t load = world.command(LoadPublicReports{});
  EXPECT_FALSE(world.reply(load));
  world.run();
  EXPECT_TRUE(ok(load));
  EXPECT_EQ(world.last<PublicReportsChanged>()->reports.at(0).title, "Lampu");
  const std::int64_t offline = world.command(LoadPublicReports{});
  world.deliver(Fate::kNeverSent);
  EXPECT_EQ(error(offline), ErrorCode::kNetwork);
}

// --- Opening what is not as it should be ------------------------------------------------------------

// Changes what is durable, as another version of the app would have.
void change_database(TestWorld& world, const std::string& sql) {
  world.kill();
  store::CrashingPageStore& disk = *world.disk;
  store::CommitQueue queue(disk, disk.disk().head->commit);
  store::PagedFile file(store::checked_image(disk.disk()).value(),
                        [&](store::PageBatch batch) { queue.add(std::move(batch)); });
  store::Database database = store::open_paged_database(file).value();
  ASSERT_TRUE(database.execute(sql).ok());
}
const std::string kNewer = "PRAGMA user_version=" + std::to_string(store::kSchemaVersion + 1);

TEST_F(EngineTest, ANewerDatabaseCanBeReadAndNotChanged) {
  const std::string id = write();
  EXPECT_TRUE(ok(world.command(Submit{id})));
  EXPECT_TRUE(ok(world.command(SaveDraft{test_draft(2)})));
  change_database(world, kNewer);
  const store::StoredImage before = world.disk->disk();
  world.requests.clear();
  world.start();
  ASSERT_NE(world.engine, nullptr);
  EXPECT_EQ(world.last<StorageNotice>()->kind, StorageNotice::Kind::kNewer);
  EXPECT_EQ(world.last<ReportsChanged>()->reports.size(), 2u);
  EXPECT_TRUE(ok(world.command(OpenReport{id})));
  EXPECT_EQ(world.detail_of(id)->draft.photos.size(), 2u);
  report::Draft changed = test_draft(2);
  changed.title = "Lain";
  EXPECT_EQ(error(world.command(SaveDraft{changed})), ErrorCode::kUnsupported);
  EXPECT_EQ(error(world.command(SaveDraft{test_draft(3)})), ErrorCode::kUnsupported);
  EXPECT_EQ(error(world.command(AddPhoto{changed.id, test_photo('c')})), ErrorCode::kUnsupported);
  EXPECT_EQ(error(world.command(DeleteDraft{changed.id})), ErrorCode::kUnsupported);
  EXPECT_EQ(error(world.command(SaveSettings{{150, "en"}})), ErrorCode::kUnsupported);
  world.command(SendNow{});
  world.engine->online();
  world.engine->page_visible(true);
  world.engine->sweep_blobs({{test_photo('x').sha256, 1}});
  EXPECT_TRUE(world.requests.empty());
  EXPECT_EQ(world.disk->disk().head->commit, before.head->commit);
  EXPECT_EQ(world.disk->disk().head->sum, before.head->sum);
}

TEST_F(EngineTest, ANewerDatabaseWithOtherTablesIsToldAndLeftAlone) {
  change_database(world, kNewer + ";ALTER TABLE report RENAME TO story");
  const std::uint64_t commit = world.disk->disk().head->commit;
  world.start();
  ASSERT_EQ(world.engine, nullptr);
  EXPECT_EQ(world.open_error->code, ErrorCode::kUnsupported);
  EXPECT_EQ(world.disk->disk().head->commit, commit);
}

TEST_F(EngineTest, WhatWasRecoveredIsStoredWholeToldOnceAndSentOnce) {
  const std::string id = write();
  EXPECT_TRUE(ok(world.command(Submit{id})));
  while (world.server.reports.empty()) {  // until the report is there, its receipt lost
    ASSERT_FALSE(world.requests.empty());
    const bool create = world.requests.front().url.ends_with("/complaints/complaint");
    world.deliver(create ? Fate::kLost : Fate::kAnswered);
  }
  ASSERT_EQ(world.server.reports.size(), 1u);
  world.kill();
  store::StoredImage damaged = world.disk->disk();
  damaged.pages.erase(1);
  damaged.head.reset();
  store::PageImage image = store::recover(damaged, world.clock).value();
  world.disk = std::make_unique<store::CrashingPageStore>();
  world.engine = std::move(Engine::open(world, *world.disk, image, test_profile(), Keeping::kUnstored)).value();
  world.command(Start{});
  EXPECT_EQ(world.disk->disk().pages.size(), image.page_count);
  EXPECT_EQ(world.last<StorageNotice>()->kind, StorageNotice::Kind::kRecovered);
  EXPECT_EQ(world.last<StorageNotice>()->reports, 1);
  world.run_for(kHour);
  EXPECT_EQ(world.server.reports.size(), 1u);
  EXPECT_EQ(world.state_of(id), PhoneState::kReceived);

  // Photos of a report of which no row is left.
  const std::string lost = test_draft(7).id;
  EXPECT_TRUE(world.engine->wants_lost_photos());
  EXPECT_TRUE(ok(world.command(AdoptPhoto{lost, test_photo('c'), world.clock})));
  EXPECT_TRUE(ok(world.command(AdoptPhoto{lost, test_photo('c'), world.clock})));
  EXPECT_TRUE(ok(world.command(AdoptPhoto{lost, test_photo('a'), world.clock})));  // it is another report's
  EXPECT_EQ(world.detail_of(lost)->draft.photos.size(), 1u);
  EXPECT_EQ(world.state_of(lost), PhoneState::kDraft);
  restart();
  EXPECT_EQ(world.last<StorageNotice>()->kind, StorageNotice::Kind::kRecovered);
  EXPECT_TRUE(ok(world.command(DismissNotice{})));
  EXPECT_EQ(world.last<StorageNotice>()->kind, StorageNotice::Kind::kNone);
  restart();
  EXPECT_EQ(world.last<StorageNotice>()->kind, StorageNotice::Kind::kNone);
}

TEST_F(EngineTest, InMemoryNothingIsCalledSaved) {
  world.kill();
  world.disk = std::make_unique<store::CrashingPageStore>();
  world.engine = std::move(Engine::open(world, *world.disk, {}, test_profile(), Keeping::kMemory)).value();
  world.command(Start{});
  EXPECT_EQ(world.last<StorageNotice>()->kind, StorageNotice::Kind::kMemory);
  const std::string id = write();
  EXPECT_EQ(world.last<SaveStateChanged>()->problem, "memory");
  EXPECT_TRUE(ok(world.command(Submit{id})));
  world.run();
  expect_one_whole_report(id);
}

TEST_F(EngineTest, HeadersHaveTheNamesOfTheProfile) {
  Json profile = parse_json(test_profile()).value();
  profile["token_header"] = "X-Kanal";
  profile["auth_header"] = "auth";
  world.kill();
  world.disk = std::make_unique<store::CrashingPageStore>();
  world.engine = std::move(Engine::open(world, *world.disk, {}, to_text(profile), Keeping::kStored)).value();
  int asked = 0;
  bool known = false;
  world.server.first = [&](const HttpRequest& request) -> std::optional<TestServer::Answer> {
    if (request.url == lapor::kProfilePath) return TestServer::Answer{404, ""};
    ++asked;
    int channels = 0;
    for (const auto& [name, value] : request.headers) {
      EXPECT_TRUE(name != "token" && name != "Authorization") << request.url;
      if (name == "X-Kanal") channels += value.starts_with('{') ? 1 : 0;
      if (name == "auth") known = known || value.starts_with("Bearer token-");
    }
    EXPECT_EQ(channels, 1) << request.url;
    return std::nullopt;
  };
  world.command(Start{});
  EXPECT_TRUE(ok(world.command(Submit{write()})));
  world.run_for(kMinute);
  EXPECT_GT(asked, 2);
  EXPECT_TRUE(known);
}

TEST_F(EngineTest, WithoutAnInterfaceItDeliversAndAsksForNoNews) {
  const std::string id = write();
  EXPECT_TRUE(ok(world.command(Submit{id})));
  world.kill();
  store::PageImage image = store::checked_image(world.disk->disk()).value();
  world.engine = std::move(Engine::open(world, *world.disk, std::move(image), test_profile(), Keeping::kStored, Asks::kNothing)).value();
  std::vector<std::string> asked;
  world.server.first = [&](const HttpRequest& request) -> std::optional<TestServer::Answer> {
    if (request.method == "GET") asked.push_back(request.url);
    return std::nullopt;
  };
  world.engine->link({});
  world.command(Start{});
  world.run_for(kHour);
  expect_one_whole_report(id);
  for (const std::string& url : asked) EXPECT_TRUE(url.find("/complaint") != std::string::npos) << url;  // the delivered one
}

TEST_F(EngineTest, TheWholeDatabaseIsThatOfTheNewestCommit) {
  const std::string id = write();
  store::PageBatch whole = world.engine->whole_database();
  EXPECT_EQ(whole.commit, world.engine->durable_commit());
  store::StoredImage anew;
  store::apply(anew, whole, store::PageSums().head_after(whole));
  const Result<store::PageImage> image = store::checked_image(anew);
  ASSERT_TRUE(image.ok());
  EXPECT_EQ(image->pages, store::checked_image(world.disk->disk())->pages);
}

}  // namespace
}  // namespace titik::engine
