// Databases of every earlier version: brought to this one with what is in them, and served.
#include "serve/schema.h"

#include "serve/test_world.h"

namespace titik::serve {
namespace {

const std::string kOwner = "a phone of long ago";
constexpr std::string_view kOpen = "7000001", kClosed = "7000002", kDisputed = "7000003";
constexpr UnixMillis kSettled = kToday + kHour, kEnd = kToday + 2 * kHour;

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

// What version 1 could hold already: three reports, one with a photo; one of them answered and closed, one answered
// with evidence that the citizen disputes.
std::string reports_of_version_1() {
  const auto report = [](std::string_view key, std::string_view status, UnixMillis stopped_at) {
    const std::string request = R"({"title":"Lubang","content":"Ada lubang","classification_id":1,"category_id":"11","latitude":-1.61,"longitude":103.6})";
    return "INSERT INTO report(caller_id, report_id, content_sha256, request, title, category_id, is_secret, latitude, longitude, "
           "agency_id, status, received_at, follow_up_due_at, follow_up_stopped_at) VALUES (1001, " + in_quotes(key) + ", '', " + in_quotes(request) +
           ", 'Lubang', 'jalan', 0, -1.61, 103.6, 'pupr', " + in_quotes(status) + ", " + std::to_string(kToday) + ", " +
           std::to_string(kToday + 72 * kHour) + ", " + std::to_string(stopped_at) + ");";
  };
  const auto line = [](std::string_view id, UnixMillis at, std::string_view status) {
    return "INSERT INTO history(tracking_id, at, text, status_new, institution) VALUES (" + std::string(id) + ", " + std::to_string(at) +
           ", 'Laporan berubah', " + in_quotes(status) + ", 'Dinas PUPR');";
  };
  const auto words = [](std::string_view id, UnixMillis at, std::string_view kind) {
    return "INSERT INTO follow_up(tracking_id, caller_id, content_sha256, kind, institution_from, institution_to, at, template_code, content, "
           "rating) VALUES (" + std::string(id) + ", 1001, '', " + in_quotes(kind) + ", '', '', " + std::to_string(at) + ", '', 'Kata-kata', 0);";
  };
  return "INSERT INTO caller(kind, name, token_sha256, created_at) VALUES ('device', '', " + in_quotes(sha256_hex(kOwner)) + ", 0);" +
         report("0190a0e0-0000-7000-8000-000000000001", "belum_terverifikasi", 0) +
         report("0190a0e0-0000-7000-8000-000000000002", "ditutup_admin", kSettled) +
         report("0190a0e0-0000-7000-8000-000000000003", "ditanggapi_pelapor", kSettled) +
         line(kOpen, kToday, "belum_terverifikasi") + line(kClosed, kToday, "belum_terverifikasi") + line(kClosed, kSettled, "terverifikasi") +
         line(kClosed, kSettled, "proses") + line(kClosed, kEnd, "ditutup_admin") + line(kDisputed, kToday, "belum_terverifikasi") +
         words(kClosed, kSettled, "action") + words(kDisputed, kSettled, "action") + words(kDisputed, kEnd, "citizen") +
         "INSERT INTO file(caller_id, sha256, bytes, mime, file_name, uploaded_at, tracking_id) VALUES (1001, " +
         in_quotes(std::string(64, 'a')) + ", 5, 'image/jpeg', 'a.jpg', 0, " + std::string(kOpen) + ");";
}

// And what later ones brought, for these reports.
std::string more_of_version(int version) {
  std::string more;
  if (version >= 2) more += "INSERT INTO caller(kind, name, token_sha256, created_at) VALUES ('device', '', 'other', 0); INSERT INTO follower VALUES (7000001, 1002);";
  if (version >= 3) more += "INSERT INTO upload(caller_id, length, metadata, sha256, file_name, expires_at) VALUES (1001, 9, '', '', 'b.jpg', 1);";
  if (version >= 4) more += "INSERT INTO pending_photo VALUES (7000001, " + in_quotes(std::string(64, 'b')) + ", 1);";
  if (version >= 8) {
    more += "INSERT INTO upstream_report(tracking_id, upstream_id, origin, status_told, agency_told, follow_ups_after, status_seen, next_poll_at, "
            "poll_wait, news_at) VALUES (7000001, '1500001', 'ours', 'belum_terverifikasi', 'pupr', 0, '', 0, 0, 0);";
  }
  if (version >= 11) more += "INSERT INTO pending_thumbnail VALUES (7000001, " + in_quotes(std::string(64, 'b')) + ", '');";
  if (version >= 12) more += "UPDATE report SET clocks_started_at = received_at, response_due_at = follow_up_due_at, escalates_at = follow_up_due_at WHERE tracking_id = 7000001;";
  return more;
}

// A city that was served by a program of this version, and now is by this one.
struct OldCity : World {
  explicit OldCity(int version) : World(test_city(), kTestPhrases, [version](const TestDatabase& database) {
    const auto sql = (database.is_postgresql() ? open_postgresql(database.location()) : open_sqlite(database.location())).value();
    migrate(*sql, version).value();
    sql->execute(reports_of_version_1() + more_of_version(version)).value();
  }) {}
  void TestBody() override {}
};

TEST(Schema, EveryEarlierVersionComesAlongWhole) {
  for (int version = 1; version < kSchemaVersion; ++version) {
    SCOPED_TRACE("version " + std::to_string(version));
    OldCity city(version);
    {
      const SqlLock lock(city.repository->sql().mutex());
      EXPECT_EQ(schema_version(city.repository->sql()).value(), kSchemaVersion);
    }
    const World::Headers owner = World::with(kOwner);
    for (const std::string_view id : {kOpen, kClosed, kDisputed}) EXPECT_EQ(city.detail(owner, std::string(id)).disposition_name, "Dinas Pekerjaan Umum") << id;
    EXPECT_EQ(city.repository->files_of_report(std::stoll(std::string(kOpen)))->size(), 1u);
    EXPECT_EQ(parse_json(city.call("GET", "/titik/1/reports/changes?since=0", owner).text())->at("reports").size(), 3u);
    while (city.public_face->catch_up().value()) {}
    EXPECT_EQ(parse_json(city.call("GET", "/titik/1/public/counts", {}).text())->at("received"), 3);
    // And it goes on from there: the next number, a reply, the clocks.
    city.now = kEnd + kMinute;
    EXPECT_EQ(city.create_report(owner), "7000004");
    EXPECT_EQ(city.follow_up(owner, std::string(kOpen), "Masih begitu").status, 201);
    EXPECT_EQ(city.workflow.tick(kToday + 72 * kHour + kMinute)->escalated, 1);
  }
}

// Reports of a program that had no workflow get its clocks, by what their history says.
TEST(Schema, ReportsFromBeforeTheWorkflowGetTheirClocks) {
  for (const int version : {1, 11}) {
    SCOPED_TRACE(version);
    OldCity city(version);
    const auto times = [&](std::string_view id) { return city.workflow.row(std::stoll(std::string(id)))->subject.times; };
    EXPECT_EQ(times(kDisputed).escalates_at, kEnd + 7 * kDay);
    EXPECT_EQ(times(kOpen).escalates_at, kToday + 72 * kHour);
    EXPECT_EQ(times(kOpen).verified_at, 0);
    EXPECT_EQ(times(kOpen).closed_at, 0);
    EXPECT_EQ(times(kClosed).verified_at, kSettled);
    EXPECT_EQ(times(kClosed).response_stopped_at, kSettled);
    EXPECT_EQ(times(kClosed).follow_up_stopped_at, kSettled);
    EXPECT_EQ(times(kClosed).closed_at, kEnd);
    EXPECT_EQ(times(kClosed).escalates_at, 0);
  }
}

TEST(Schema, ANewerDatabaseIsRefusedAndUntouched) {
  const TemporaryFolder folder;
  const TestDatabase database(folder.path);
  const bool is_postgresql = database.is_postgresql();
  {
    const auto sql = Sql::open(database.location()).value();
    ASSERT_TRUE(sql->execute(is_postgresql ? "UPDATE schema_version SET version = 99" : "PRAGMA user_version = 99").ok());
  }
  const auto opened = Repository::open(database.location());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
  const auto sql = (is_postgresql ? open_postgresql(database.location()) : open_sqlite(database.location())).value();
  EXPECT_EQ(schema_version(*sql).value(), 99);
}

}  // namespace
}  // namespace titik::serve
