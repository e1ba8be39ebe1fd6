#include "engine/messages.h"

#include <gtest/gtest.h>

#include <limits>

#include <string>

namespace titik::engine {
namespace {

report::Draft full_draft() {
  const report::Place place{{-1.6101, 103.6131}, 12.5, report::PlaceSource::kGps, 1'795'000'000'123};
  report::Photo photo{std::string(64, 'a'), 123'456, 1600, 1200, std::string(64, 'b'), 4'321,
                      report::PhotoOrigin::kCamera, 1'795'000'000'000, place, -0x123456789ABCDEF0, std::string(64, 'e'), 234'567};
  report::Photo bare{std::string(64, 'c'), 1, 1, 1, std::string(64, 'd'), 1};
  return {.id = "019aa7d2-0000-7000-8000-000000000001",
          .classification = report::Classification::kAspiration,
          .category_id = "jalan",
          .title = "Lubang \"besar\" di jalan",
          .content = "Baris satu\nBaris dua \xF0\x9F\x9A\xA7",
          .incident_date = "2026-11-20",
          .is_anonymous = true,
          .is_secret = true,
          .reporter_name = "Siti",
          .reporter_phone = "+62 812-0000",
          .place = place,
          .landmark = "RT 05",
          .photos = {photo, bare},
          .created_at = 1,
          .updated_at = 2};
}

// What was written is read back, and writes the same text again: no member is lost either way.
template <typename Message>
Message round_trip(Message body) {
  const std::string text = write_command({.id = 77, .body = body});
  const Result<Command> read = read_command(text);
  EXPECT_TRUE(read.ok()) << text;
  if (!read.ok()) return {};
  EXPECT_EQ(read->id, 77);
  EXPECT_EQ(write_command(*read), text);
  EXPECT_TRUE(std::holds_alternative<Message>(read->body)) << text;
  return std::get<Message>(read->body);
}

template <typename Message>
Message event_round_trip(Message event) {
  const std::string text = write_event(event);
  const Result<Event> read = read_event(text);
  EXPECT_TRUE(read.ok()) << text;
  if (!read.ok()) return {};
  EXPECT_EQ(write_event(*read), text);
  EXPECT_TRUE(std::holds_alternative<Message>(*read)) << text;
  return std::get<Message>(*read);
}

TEST(Messages, CommandsSurviveTheWay) {
  round_trip(Start{});
  EXPECT_EQ(round_trip(SaveDraft{full_draft()}).draft, full_draft());
  for (const std::int64_t hash : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(), std::int64_t{0x123456789abcdef0}}) {
    report::Photo photo = full_draft().photos[0];
    photo.perceptual_hash = hash;
    EXPECT_EQ(round_trip(AddPhoto{"report", photo}).photo, photo);
    EXPECT_EQ(write_command({1, AddPhoto{"report", photo}}).find(std::to_string(0x123456789abcdef0)), std::string::npos)
        << "JavaScript has no whole numbers of 64 bits";
  }
  const AddPhoto added = round_trip(AddPhoto{"report", full_draft().photos[0]});
  EXPECT_EQ(added.report_id, "report");
  EXPECT_EQ(added.photo, full_draft().photos[0]);
  EXPECT_EQ(round_trip(RemovePhoto{"r", "s"}).sha256, "s");
  const ReplacePhoto replaced = round_trip(ReplacePhoto{"r", "old", full_draft().photos[0], Original::kKeep});
  EXPECT_EQ(replaced.old_sha256, "old");
  EXPECT_EQ(replaced.photo, full_draft().photos[0]);
  EXPECT_EQ(replaced.original, Original::kKeep);
  EXPECT_EQ(round_trip(ReplacePhoto{"r", "old", full_draft().photos[0]}).original, Original::kDelete);
  EXPECT_EQ(round_trip(DeleteDraft{"r"}).report_id, "r");
  EXPECT_EQ(round_trip(Submit{"r"}).report_id, "r");
  round_trip(SendNow{});
  EXPECT_EQ(round_trip(Wake{WakeReason::kOnline}).reason, WakeReason::kOnline);
  EXPECT_EQ(round_trip(Wake{WakeReason::kShown}).reason, WakeReason::kShown);
  EXPECT_EQ(round_trip(OpenReport{"r"}).report_id, "r");
  EXPECT_EQ(round_trip(LoadEvidence{"r", "/files/1"}).path, "/files/1");
  round_trip(LoadPublicReports{});
  EXPECT_EQ(round_trip(SaveSettings{{150, "en"}}).settings, (Settings{150, "en"}));
}

TEST(Messages, EventsSurviveTheWay) {
  const Reply reply = event_round_trip(
      Reply{5, Error{ErrorCode::kConflict, "draft", "on its way"},
            {{report::Field::kTitle, report::ProblemCode::kMissing}, {report::Field::kPhotos, report::ProblemCode::kInFuture}}});
  EXPECT_EQ(reply.error->code, ErrorCode::kConflict);
  EXPECT_EQ(reply.error->where, "draft");
  EXPECT_EQ(reply.error->message, "on its way");
  ASSERT_EQ(reply.problems.size(), 2u);
  EXPECT_EQ(reply.problems[1], (report::Problem{report::Field::kPhotos, report::ProblemCode::kInFuture}));
  EXPECT_FALSE(event_round_trip(Reply{6}).error.has_value());

  const ReportsChanged list = event_round_trip(ReportsChanged{
      {{"id", report::PhoneState::kNeedsAttention, "title", "jalan", "thumb", 1, "123", "proses", 2, 3}, {}}});
  ASSERT_EQ(list.reports.size(), 2u);
  EXPECT_EQ(list.reports[0].state, report::PhoneState::kNeedsAttention);
  EXPECT_EQ(list.reports[0].follow_up_stopped_at, 3);

  ReportDetail detail;
  detail.draft = full_draft();
  detail.state = report::PhoneState::kReceived;
  detail.problem = "Kategori tidak dikenal";
  detail.problems = {{report::Field::kCategory, report::ProblemCode::kInvalid}};
  detail.photos_sent = 2;
  detail.receipt = "a.b.c";
  detail.receipt_verdict = report::ReceiptVerdict::kInvalid;
  detail.receipt_at = 7;
  detail.receipt_photos = 3;
  detail.timeline = {{TimelineEntry::Kind::kAction, 9, "PUPR", "Sudah ditambal", {{"sha", "a.jpg", "jpg", 10, "/files/1", "small"}}},
                     {TimelineEntry::Kind::kReceived, 8}};
  const ReportDetail read = event_round_trip(ReportChanged{detail}).report;
  EXPECT_EQ(read.draft, full_draft());
  EXPECT_EQ(read.timeline[0].kind, TimelineEntry::Kind::kAction);
  EXPECT_EQ(read.timeline[0].evidence[0].bytes, 10);
  EXPECT_EQ(read.timeline[0].evidence[0].path, "/files/1");
  EXPECT_EQ(read.timeline[0].evidence[0].thumbnail_sha256, "small");
  EXPECT_EQ(read.receipt, "a.b.c");
  EXPECT_EQ(read.receipt_verdict, report::ReceiptVerdict::kInvalid);
  EXPECT_EQ(read.receipt_at, 7);
  EXPECT_EQ(read.receipt_photos, 3);
  EXPECT_EQ(read.problems, detail.problems);

  EXPECT_EQ(event_round_trip(ReportRemoved{"r"}).report_id, "r");
  EXPECT_EQ(event_round_trip(ProfileChanged{"{\"a\":1}"}).json, "{\"a\":1}");
  const SaveStateChanged saved = event_round_trip(SaveStateChanged{true, 12, 34, "storage"});
  EXPECT_TRUE(saved.unsaved);
  EXPECT_EQ(saved.durable_commit, 12u);
  EXPECT_EQ(saved.problem, "storage");
  using Phase = SyncStateChanged::Phase;
  for (const Phase phase : {Phase::kIdle, Phase::kWaitingForNetwork, Phase::kSending}) {
    EXPECT_EQ(event_round_trip(SyncStateChanged{phase, 5}).phase, phase);
  }
  EXPECT_EQ(event_round_trip(CountsChanged{{1, 2, 3}}).counts.done, 3);
  const PublicReportsChanged open = event_round_trip(
      PublicReportsChanged{{{"1", "t", "c", "proses", report::GeoPoint{-1.5, 103.25}, 7}, {"2", "u", "d", "tunda", {}, 8}}});
  EXPECT_EQ(open.reports[0].point->longitude, 103.25);
  EXPECT_FALSE(open.reports[1].point.has_value());
  const StorageChanged storage = event_round_trip(StorageChanged{1, 2, 3, 4, 5});
  EXPECT_EQ(storage.thumbnail_bytes, 2);
  EXPECT_EQ(storage.evidence_bytes, 3);
  EXPECT_EQ(storage.drafts, 5);
  const ReportsImported imported = event_round_trip(ReportsImported{1, 2, 3});
  EXPECT_EQ(imported.added, 1);
  EXPECT_EQ(imported.updated, 2);
  EXPECT_EQ(imported.known, 3);
  EXPECT_EQ(round_trip(ImportReports{"[]"}).reports, "[]");
  EXPECT_FALSE(read_carried_reports("{}").ok());
  EXPECT_FALSE(read_carried_reports(R"([{"draft":{"classification":9}}])").ok());
  EXPECT_FALSE(read_carried_reports(std::string(70, '[') + std::string(70, ']')).ok());
  EXPECT_EQ(event_round_trip(StorageNotice{StorageNotice::Kind::kRecovered, 4}).kind, StorageNotice::Kind::kRecovered);
  EXPECT_EQ(event_round_trip(StorageNotice{StorageNotice::Kind::kRecovered, 4}).reports, 4);
  EXPECT_EQ(event_round_trip(SettingsChanged{{200, "id"}}).settings, (Settings{200, "id"}));
}

TEST(Messages, TypeNamesTheStruct) {
  EXPECT_NE(write_command({1, SendNow{}}).find("\"type\":\"send_now\""), std::string::npos);
  EXPECT_NE(write_event(SyncStateChanged{}).find("\"type\":\"sync_state_changed\""), std::string::npos);
}

TEST(Messages, MalformedTextIsRefused) {
  for (const std::string_view text :
       {"", "null", "[]", "7", "{}", R"({"type":"nothing"})", R"({"type":7})", R"({"type":"wake","reason":"x"})",
        R"({"type":"save_draft","draft":{"classification":4}})",
        R"({"type":"save_draft","draft":{"place":{"source":"moon"}}})",
        R"({"type":"save_draft","draft":{"place":{"source":"gps","latitude":91}}})",
        R"({"type":"save_draft","draft":{"place":{"source":"gps","latitude":1e999}}})",
        R"({"type":"save_draft","draft":{"photos":[{"origin":"x"}]}})",
        R"({"type":"save_draft","draft":{"photos":[{"origin":"camera","width":9999999999}]}})"}) {
    const Result<Command> read = read_command(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kMalformed) << text;
  }
  for (const std::string_view text : {R"({"type":"reply","error":{"code":"what"}})", R"({"type":"start"})",
                                      R"({"type":"save_state_changed","durable_commit":-1})"}) {
    EXPECT_FALSE(read_event(text).ok()) << text;
  }
}

// A member of another type is no danger: it reads as its default.
TEST(Messages, MembersOfOtherTypesReadAsDefaults) {
  const Result<Command> read = read_command(
      R"({"id":"x","type":"save_draft","draft":{"title":7,"photos":{"a":1},"is_secret":"yes","created_at":1.5}})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->id, 0);
  const report::Draft& draft = std::get<SaveDraft>(read->body).draft;
  EXPECT_EQ(draft.title, "");
  EXPECT_TRUE(draft.photos.empty());
  EXPECT_FALSE(draft.is_secret);
  EXPECT_EQ(draft.created_at, 0);
}

// Every prefix and every changed byte of a full message is read or refused, never worse.
TEST(Messages, DamagedTextNeverDoesHarm) {
  const std::string text = write_command({.id = 1, .body = SaveDraft{full_draft()}});
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(read_command(std::string_view(text).substr(0, i)).ok());
    for (const char byte : {'\0', '"', '{', '[', '9', '\xff'}) {
      std::string damaged = text;
      damaged[i] = byte;
      (void)read_command(damaged).ok();
      (void)read_event(damaged).ok();
    }
  }
}

}  // namespace
}  // namespace titik::engine
