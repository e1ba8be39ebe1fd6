// A marker in every field that a phone can fill is found nowhere once the phone's data are erased: not in the database's
// file or in any of its columns, and in no file.
#include "serve/erasure.h"

#include <algorithm>
#include <ctime>

#include "base/base64.h"
#include "serve/access_log.h"
#include "serve/api_health.h"
#include "serve/commands.h"
#include "serve/entered.h"
#include "serve/export_person.h"
#include "serve/housekeeping.h"
#include "serve/test_world.h"
#include "serve/upstream_store.h"

namespace titik::serve {
namespace {

const std::string kMark = "ZEBRAMARKA";
constexpr const char* kPhone = "081298765432";
constexpr const char* kKey = "0192f0c1-0000-7000-8000-000000000001";
constexpr const char* kSecondKey = "0192f0c1-0000-7000-8000-000000000002";

struct ErasureWorld : World {
  ErasureWorld() {
    now = std::int64_t{std::time(nullptr)} * kSecond;
    owner_id = repository->caller_by_token(sha256_hex(owner["Authorization"].substr(7))).value()->id;
  }

  std::string marked_report(const std::string& attachments) {
    return R"({"title":"Judul )" + kMark + R"(","content":"Isi )" + kMark + R"(","classification_id":1,"category_id":"11",)" +
           R"("date_of_incident":")" + format_date(to_civil(now, 420)) + R"(","latitude":-1.612345678,"longitude":103.6,"attachments":")" + attachments +
           R"(","is_new_user_slider":true,"nameUser":"Nama )" + kMark + R"(","phoneUser":")" + kPhone + R"(","emailUser":"a@)" + kMark +
           R"(.id","titik":{"category":"jalan","landmark":"Patokan )" + kMark + R"("}})";
  }
  std::string upload_named(const std::string& bytes) {
    Headers headers = owner;
    headers["Content-Type"] = "multipart/form-data; boundary=B";
    std::string body = form_of({bytes});
    body.replace(body.find("a.jpg"), 5, kMark + ".jpg");
    return lapor::read_uploaded(call("POST", "/lapor/3.0.0/complaints/complaint/file", headers, body).text())->images[0].id;
  }
  std::int64_t count(const std::string& table) { return number("SELECT count(*) FROM " + table); }
  std::int64_t number(const std::string& question) {
    const SqlLock lock(repository->sql().mutex());
    Statement row = repository->sql().prepare(question).value();
    (void)row.step().value();
    return row.integer(0);
  }
  void run(const std::string& statements) {
    const SqlLock lock(repository->sql().mutex());
    repository->sql().execute(statements).value();
  }

  // The command line, on this data folder: its exit code, and what it says.
  struct Said {
    int code = 0;
    std::string out;
  };
  Said command(std::vector<std::string> arguments) {
    for (const std::string& word : {std::string("--data"), folder.path, std::string("--profile"), std::string("assets/cities/kota-jambi.json")}) {
      arguments.push_back(word);
    }
    if (database.is_postgresql()) arguments.insert(arguments.end(), {"--database", database.location()});
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = titik::serve::run(arguments);
    std::string out = testing::internal::GetCapturedStdout();
    return {code, out + testing::internal::GetCapturedStderr()};
  }
  // What came by another way than a phone: written down by the office for who called 112.
  std::string entered_report() {
    Headers office = agency();
    office["Idempotency-Key"] = kKey;
    const std::string report = marked_report("[" + upload(office, kJpeg + kMark) + "]");
    const Response entered = call("POST", "/titik/1/office/reports", office, R"({"report":)" + report +
                                  R"(,"channel":"112","consent":"lisan","contact":{"name":"Ibu )" + kMark + R"(","phone":")" + kPhone + R"("}})");
    return lapor::read_created(entered.text())->tracking_id;
  }
  // The bytes that came a moment ago go with the housekeeping.
  void sweep() {
    now += 2 * kHour;
    for (int round = 0; round < 16; ++round) (void)Housekeeping(*repository, files, *partial_files).sweep_disk(now + round * kHour).value();
    (void)public_face->catch_up().value();
    run(repository->sql().dialect() == Dialect::kSqlite ? "PRAGMA wal_checkpoint(TRUNCATE)" : "SELECT 1");
  }

  // Every kind of thing a phone can leave behind.
  void leave_traces() {
    id = std::stoll(lapor::read_created(create(owner, marked_report("[" + upload_named(kJpeg + kMark) + "]"), kKey).text())->tracking_id);
    ASSERT_EQ(follow_up(owner, std::to_string(id), "Tambahan " + kMark, {kJpeg + kMark + "2"}).status, 201);
    const Headers agencys = agency();
    // What others wrote about it, which names them too.
    ASSERT_EQ(follow_up(agencys, std::to_string(id), "Bapak " + kMark + ", sudah diperbaiki", {kJpeg + "bukti"}).status, 201);
    ASSERT_TRUE(workflow.take(id, desk(), {.action = Action::kHold, .text = "Menunggu " + kMark}, now).ok());
    // One whose photo is still to come, with the half of it that came.
    const std::string sha256 = sha256_hex(kJpeg + kMark + "3");
    std::string waiting = marked_report("[]");
    waiting.replace(waiting.rfind("}}"), 2, R"(,"photos_follow":true,"photos":[{"sha256":")" + sha256 + R"(","bytes":320}]}})");
    ASSERT_EQ(create(owner, waiting, kSecondKey).status, 201);
    second_id = id + 1;
    Headers tus = owner;
    tus["Tus-Resumable"] = "1.0.0";
    tus["Upload-Length"] = "9000";
    tus["Upload-Metadata"] = "filename " + to_base64(kMark + ".jpg") + ",sha256 " + to_base64(sha256) + ",report " + to_base64(std::string(kSecondKey));
    const std::string location(call("POST", "/titik/1/uploads", tus).header("Location"));
    tus["Content-Type"] = "application/offset+octet-stream";
    tus["Upload-Offset"] = "0";
    ASSERT_EQ(call("PATCH", location, tus, kJpeg + kMark).status, 204);
    (void)upload_named(kJpeg + kMark + "4");  // of no report
    // Who follows it, what it follows, what it said of others'.
    const std::string code = string_or(*parse_json(call("POST", "/titik/1/reports/" + std::string(kKey) + "/code", owner).text()), "code");
    ASSERT_EQ(call("POST", "/titik/1/claims", follower, to_text({{"code", code}})).status, 200);
    others = std::stoll(create_report(other));
    ASSERT_EQ(call("POST", "/titik/1/reports/" + std::to_string(others) + "/affected", owner).status, 200);
    // The link has passed it on, and has more to tell.
    run("INSERT INTO upstream_report(tracking_id, upstream_id, origin, status_told, agency_told, follow_ups_after, status_seen, next_poll_at, "
        "poll_wait, news_at) VALUES (" + std::to_string(id) + ", '990011', 'ours', 'proses', 'pupr', 0, '', 1, 1, 1);"
        "INSERT INTO outbox(tracking_id, kind, reference, word, state, attempts, created_at, sent_at, next_at, last_error, upstream_id) VALUES (" +
        std::to_string(id) + ", 'state', 0, 'tunda', 'waiting', 1, 1, 1, 1, 'ditolak " + kMark + "', '');"
        "INSERT INTO upstream_seen(tracking_id, upstream_id) VALUES (" + std::to_string(id) + ", '" + kMark + "')");
    for (int i = 0; i < 20 && proofs.work(20, now).value() > 0; ++i) {}
    (void)public_face->catch_up().value();
    (void)call("GET", "/lapor/3.0.0/complaints/" + std::to_string(id) + "/complaint", agencys);  // stands in the access log
  }

  // Where the words are found: "table.column" and paths.
  std::vector<std::string> found(const std::vector<std::string>& words) {
    std::vector<std::string> places;
    Sql& sql = repository->sql();
    const bool sqlite = sql.dialect() == Dialect::kSqlite;
    std::vector<std::pair<std::string, std::string>> columns;
    {
      const SqlLock lock(sql.mutex());
      Statement row = sql.prepare(sqlite ? "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
                                         : "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
                                           "AND data_type IN ('text', 'bytea', 'character varying')").value();
      while (row.step().value()) columns.emplace_back(row.text(0), row.text(1));
    }
    EXPECT_GT(columns.size(), 60u);
    for (const std::string& word : words) {
      for (const auto& [table, column] : columns) {
        const std::string text = sqlite ? "CAST(" + column + " AS TEXT)" : "encode(" + column + "::bytea, 'escape')";
        if (number("SELECT count(*) FROM " + table + " WHERE " + text + " LIKE '%" + word + "%'") > 0) places.push_back(table + "." + column);
      }
      for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        if (bytes.find(word) != std::string::npos) places.push_back(entry.path().string().substr(folder.path.size()) + " " + word);
      }
    }
    return places;
  }
  std::vector<std::string> marks() { return {kMark, kPhone, to_base64(kMark + ".jpg"), sha256_hex(owner["Authorization"].substr(7))}; }

  Erasure erasure{*repository, files, *partial_files, workflow};
  Headers owner = phone(), other = phone(), follower = phone();
  std::int64_t owner_id = 0, id = 0, second_id = 0, others = 0;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += word + "\n";
  return text;
}

// An officer took the citizen's photo as "before". With the citizen's row gone nothing else would keep it from the public.
TEST_F(ErasureWorld, AnAgencysCopyOfACitizensPhotoGoesWithIt) {
  const Headers who = phone();
  const std::string bytes = kJpeg + "sebelum";
  const std::string one = lapor::read_created(create(who, report_json("Lubang", "[" + upload(who, bytes) + "]")).text())->tracking_id;
  EXPECT_EQ(follow_up(agency(), one, "Dikerjakan", {bytes}).status, 201);
  const auto rows = [&] {
    const SqlLock lock(repository->sql().mutex());
    Statement row = repository->sql().prepare("SELECT count(*) FROM file WHERE sha256 = ?1").value();
    EXPECT_TRUE(row.bind(1, sha256_hex(bytes)).ok());
    EXPECT_TRUE(row.step().value());
    return row.integer(0);
  };
  EXPECT_EQ(rows(), 2);
  ASSERT_TRUE(erasure.photos(std::stoll(one), now).ok());
  EXPECT_EQ(rows(), 0);
}

// A photo that went round: what answers one citizen's report stays when the other's goes.
TEST_F(ErasureWorld, AnAgencysCopyStaysWhereAnotherCitizensPhotoIsTheSame) {
  const Headers who = phone(), other = phone();
  const std::string bytes = kJpeg + "beredar";
  const std::string one = lapor::read_created(create(who, report_json("Lubang", "[" + upload(who, bytes) + "]")).text())->tracking_id;
  const std::string two = lapor::read_created(create(other, report_json("Lubang", "[" + upload(other, bytes) + "]")).text())->tracking_id;
  EXPECT_EQ(follow_up(agency(), two, "Dikerjakan", {bytes}).status, 201);
  ASSERT_TRUE(erasure.photos(std::stoll(one), now).ok());
  EXPECT_EQ(repository->files_of_report(std::stoll(two))->size(), 1u);
  EXPECT_EQ(repository->follow_ups(std::stoll(two), 1, 10)->items.at(0).attachments.size(), 1u);
}

TEST_F(ErasureWorld, NothingOfAPersonIsFoundAnywhere) {
  leave_traces();
  const std::string before = joined(found(marks()));
  for (const char* place : {"report.request", "report.title", "follow_up.content", "history.note", "file.file_name", "upload.metadata",
                            "public_report.title", "outbox.last_error", "upstream_seen.upstream_id", "/files/", "/partial/"}) {
    EXPECT_NE(before.find(place), std::string::npos) << place << " held no mark: the search does not see it\n" << before;
  }
  const auto reports_before = public_face->whole().value().received;
  const auto by_agency = [&] { return public_face->tallies("agency", 0, 100'000).value()["pupr"].received; };
  const auto of_agency_before = by_agency();
  EXPECT_GT(of_agency_before, 0);
  now += kHour;
  const Erased erased = erasure.person(owner_id, desk(), now).value();
  (void)public_face->catch_up().value();
  run(repository->sql().dialect() == Dialect::kSqlite ? "PRAGMA wal_checkpoint(TRUNCATE)" : "SELECT 1");
  EXPECT_EQ(joined(found(marks())), "");
  EXPECT_EQ(erased.reports, (std::vector<std::int64_t>{id, second_id}));
  ASSERT_EQ(erased.passed_on.size(), 1u);
  EXPECT_EQ(erased.passed_on[0].tracking_id, id);
  EXPECT_EQ(erased.passed_on[0].upstream_id, "990011");
  EXPECT_EQ(erased.left, 0);
  EXPECT_EQ(erased.contents, 4);  // two photos of it, the evidence that answers it, and the one of no report
  // What stays: two reports in the sums, closed, and that an erasure happened.
  EXPECT_EQ(public_face->whole().value().received, reports_before);
  EXPECT_EQ(by_agency(), of_agency_before);
  for (const std::int64_t one : {id, second_id}) {
    const CaseRow row = workflow.row(one).value();
    EXPECT_EQ(row.title, "");
    EXPECT_TRUE(row.is_secret);
    EXPECT_FALSE(is_open(row.subject.status));
    EXPECT_EQ(row.subject.agency_id, "pupr");
    EXPECT_EQ(workflow.audit(one)->back().action, "erase");
    const auto readings = AccessLog(repository->sql()).list(one, 10).value();
    ASSERT_EQ(readings.size(), 1u);
    EXPECT_EQ(readings[0].actor_kind, "erasure");
    EXPECT_EQ(readings[0].actor_name, "kantor");
  }
  for (const char* table : {"outbox", "upstream_seen", "upload", "affected", "watcher", "claim_code", "pending_photo"}) EXPECT_EQ(count(table), 0) << table;
  // Nothing of it is sent on: the link's row says that all is told.
  EXPECT_EQ(number("SELECT count(*) FROM upstream_report WHERE upstream_id IS NULL AND next_poll_at = 0"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM upstream_report WHERE upstream_id = '990011' AND origin = 'ours' AND next_poll_at = 0"), 1);
  // Its number opens nothing, to nobody, and it is not sent in once more.
  EXPECT_EQ(call("GET", "/titik/1/reports/changes", owner).status, 401);
  EXPECT_EQ(call("GET", "/lapor/3.0.0/complaints/" + std::to_string(id) + "/complaint", follower).status, 404);
  EXPECT_EQ(call("GET", "/titik/1/public/reports/" + std::to_string(id), {}).status, 404);
  EXPECT_EQ(create(other, marked_report("[]"), kKey).status, 409);
  // Officers see the empty case; others' reports are as they were.
  EXPECT_EQ(call("GET", "/titik/1/office/reports/" + std::to_string(id), agency()).status, 200);
  EXPECT_EQ(detail(other, std::to_string(others)).status_name, "Belum Terverifikasi");
  EXPECT_EQ(erasure.person(owner_id, desk(), now).error().code, ErrorCode::kNotFound);
}

TEST_F(ErasureWorld, ThePhoneAsksForItItself) {
  leave_traces();
  now += kHour;
  EXPECT_EQ(call("POST", "/titik/1/devices/own/erasure", owner, "{}").status, 422);
  EXPECT_EQ(count("caller WHERE id = " + std::to_string(owner_id)), 1);
  const Response done = call("POST", "/titik/1/devices/own/erasure", owner, R"({"confirm":"hapus"})");
  EXPECT_EQ(done.text(), R"({"passed_on":[{"tracking_id":")" + std::to_string(id) + R"(","upstream_id":"990011"}],"reports":2})");
  EXPECT_EQ(joined(found(marks())), "");
  EXPECT_EQ(number("SELECT actor_id FROM access_log WHERE tracking_id = " + std::to_string(id)), 0);
  EXPECT_EQ(call("POST", "/titik/1/devices/own/erasure", agency(), R"({"confirm":"hapus"})").status, 403);
}

TEST_F(ErasureWorld, AfterAFailureNothingIsGoneAndThePhoneCanAskAgain) {
  leave_traces();
  now += kHour;
  // A row that the erasure does not know of keeps the last statement from its work.
  run("INSERT INTO account(caller_id, name, role, agency_id, password_hash, created_at) VALUES (" + std::to_string(owner_id) + ", 'x', 'liaison', '', '', 1)");
  EXPECT_EQ(call("POST", "/titik/1/devices/own/erasure", owner, R"({"confirm":"hapus"})").status, 500);
  EXPECT_NE(joined(found({kMark})).find("report.request"), std::string::npos);
  EXPECT_EQ(call("GET", "/titik/1/reports/changes", owner).status, 200);
  run("DELETE FROM account");
  EXPECT_EQ(call("POST", "/titik/1/devices/own/erasure", owner, R"({"confirm":"hapus"})").status, 200);
  EXPECT_EQ(joined(found(marks())), "");
}

TEST_F(ErasureWorld, WhatTheDiskRefusesIsNoFailureForTheCitizen) {
  leave_traces();
  now += kHour;
  const std::string aside = folder.path + "/files/incoming";  // nothing can be put aside now
  std::filesystem::remove_all(aside);
  { std::ofstream(aside) << "in the way"; }
  const Response done = call("POST", "/titik/1/devices/own/erasure", owner, R"({"confirm":"hapus"})");
  EXPECT_EQ(done.status, 200);
  EXPECT_NE(done.text().find("990011"), std::string::npos);
  EXPECT_NE(log.find(R"("event":"erasure")"), std::string::npos) << log;
  std::filesystem::remove(aside);
  std::filesystem::create_directory(aside);
  for (int round = 0; round < 16; ++round) (void)Housekeeping(*repository, files, *partial_files).sweep_disk(now + kHour + round * kHour).value();
  EXPECT_EQ(joined(found(marks())), "");
}

TEST_F(ErasureWorld, AskedForTooOftenItHasToWait) {
  int refused = 0;
  for (int i = 0; i < 100 && refused == 0; ++i) refused = call("POST", "/titik/1/devices/own/erasure", owner, "{}").status == 429 ? i : 0;
  EXPECT_GT(refused, 0);
}

// One phone at a time: behind the same address the next person still has all their tries.
TEST_F(ErasureWorld, OnePhoneThatAsksTooOftenKeepsNoOther) {
  peer = "203.0.113.9";
  for (int i = 0; i < 30; ++i) (void)call("POST", "/titik/1/devices/own/erasure", owner, "{}");
  EXPECT_EQ(call("POST", "/titik/1/devices/own/erasure", owner, "{}").status, 429);
  EXPECT_EQ(call("POST", "/titik/1/devices/own/erasure", other, "{}").status, 422);
}

TEST_F(ErasureWorld, BytesOfThisMomentGoALittleLater) {
  leave_traces();
  const Erased erased = erasure.person(owner_id, desk(), now).value();
  EXPECT_EQ(erased.contents, 0);
  EXPECT_EQ(erased.left, 4);
  now += 2 * kHour;
  for (int round = 0; round < 16; ++round) (void)Housekeeping(*repository, files, *partial_files).sweep_disk(now + round * kHour).value();
  (void)public_face->catch_up().value();
  run(repository->sql().dialect() == Dialect::kSqlite ? "PRAGMA wal_checkpoint(TRUNCATE)" : "SELECT 1");
  EXPECT_EQ(joined(found(marks())), "");
}

TEST_F(ErasureWorld, BytesThatAnotherReportNamesStay) {
  leave_traces();
  ASSERT_EQ(create(other, report_json("Sama", "[" + upload(other, kJpeg + kMark) + "]")).status, 201);
  now += kHour;
  const Erased erased = erasure.person(owner_id, desk(), now).value();
  EXPECT_EQ(erased.left, 1);
  EXPECT_TRUE(files.read(sha256_hex(kJpeg + kMark)).ok());
}

TEST_F(ErasureWorld, IsExportedWhole) {
  leave_traces();
  const std::string to = folder.path + "/export";
  const ExportedPerson exported = export_person(*repository, files, owner_id, desk(), to, now).value();
  EXPECT_EQ(exported.reports, 2);
  EXPECT_EQ(exported.files, 4);
  std::ifstream in(to + "/data.json");
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const Json person = *parse_json(text);
  for (const std::string& word : {"Judul " + kMark, "Isi " + kMark, "Nama " + kMark, std::string(kPhone), "Patokan " + kMark, "Tambahan " + kMark,
                                  "Bapak " + kMark, "Menunggu " + kMark, kMark + ".jpg", std::string("990011")}) {
    EXPECT_NE(text.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(text.find(sha256_hex(owner["Authorization"].substr(7))), std::string::npos);
  EXPECT_EQ(member(person, "affected").size(), 1u);
  EXPECT_EQ(member(person, "uploads").size(), 1u);
  std::size_t files_there = 0;
  for (const auto& entry : std::filesystem::directory_iterator(to + "/files")) files_there += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files_there, 4u);
  EXPECT_EQ(std::filesystem::status(to).permissions(), std::filesystem::perms::owner_all);
  EXPECT_EQ(export_person(*repository, files, owner_id, desk(), to, now).error().code, ErrorCode::kConflict);
  EXPECT_EQ(export_person(*repository, files, 999, desk(), to + "2", now).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(count("access_log WHERE actor_name = 'kantor'"), 2);  // each report once, whoever asked
}

TEST_F(ErasureWorld, WhatCameFromTheLinkIsNotBroughtAgain) {
  const std::int64_t theirs = std::stoll(lapor::read_created(create(agency(), marked_report("[]"), kKey).text())->tracking_id);
  run("INSERT INTO upstream_report(tracking_id, upstream_id, origin, status_told, agency_told, follow_ups_after, status_seen, next_poll_at, "
      "poll_wait, news_at) VALUES (" + std::to_string(theirs) + ", '1500003', 'theirs', 'proses', 'pupr', 0, 'x', 1, 1, 1)");
  EXPECT_EQ(erasure.report(theirs, desk(), now)->passed_on.size(), 1u);
  EXPECT_EQ(number("SELECT count(*) FROM upstream_report WHERE upstream_id = '1500003' AND origin = 'theirs' AND next_poll_at = 0"), 1);
  EXPECT_NE(command({"erased-upstream"}).out.find("1500003"), std::string::npos);
  EXPECT_EQ(joined(found({kMark, kPhone})).find("report."), std::string::npos);
}

// --- One report, whatever way it came ---------------------------------------------------------------

TEST_F(ErasureWorld, AReportOfNoPhoneIsErasedByItsNumber) {
  const std::string entered = entered_report();
  EXPECT_NE(joined(found({kMark, kPhone})).find("entered_report.contact_name"), std::string::npos);
  const Said asked = command({"erase-report", entered});
  EXPECT_EQ(asked.code, 0) << asked.out;
  EXPECT_NE(asked.out.find("Belum ada yang dihapus"), std::string::npos) << asked.out;
  EXPECT_EQ(asked.out.find(kMark), std::string::npos);  // what it says is read by nobody in particular
  EXPECT_FALSE(found({kMark}).empty());
  EXPECT_EQ(command({"erase-report", entered, "--confirm", "ya"}).code, 2);
  const Said done = command({"erase-report", entered, "--confirm", "hapus"});
  EXPECT_EQ(done.code, 0) << done.out;
  sweep();
  EXPECT_EQ(joined(found({kMark, kPhone})), "");
  EXPECT_EQ(EnteredReports(repository->sql()).of(std::stoll(entered)).value()->channel, "112");  // still counted as such
  EXPECT_NE(command({"erase-report", entered, "--confirm", "hapus"}).out.find("sudah dihapus"), std::string::npos);
  EXPECT_EQ(command({"erase-report", "7999999", "--confirm", "hapus"}).code, 1);
  EXPECT_EQ(command({"erase-report"}).code, 2);
}

// Erased reports are nobody's: how they came is kept, or the sums would move to the phones.
TEST_F(ErasureWorld, HowAReportCameIsCountedAsBefore) {
  const std::string by_system = lapor::read_created(create(agency(), report_json()).text())->tracking_id;
  const std::string by_phone = create_report(owner);
  for (const std::string& id : {by_system, by_phone}) {
    EXPECT_EQ(command({"erase-report", id, "--confirm", "hapus"}).code, 0);
  }
  EXPECT_EQ(channel_of(repository->sql(), std::stoll(by_system)).value(), "sistem");
  EXPECT_EQ(channel_of(repository->sql(), std::stoll(by_phone)).value(), "app");
}

TEST_F(ErasureWorld, OneReportOfABoothsPhoneGoesAndTheOthersStay) {
  leave_traces();
  // The half of its photo that came goes too, and not after a week.
  const Said done = command({"erase-report", std::to_string(second_id), "--confirm", "hapus"});
  EXPECT_EQ(done.code, 0) << done.out;
  EXPECT_EQ(count("upload"), 0);
  EXPECT_EQ(number("SELECT erased_at FROM report WHERE tracking_id = " + std::to_string(id)), 0);
  EXPECT_EQ(detail(owner, std::to_string(id)).status_name, "Tunda");
  EXPECT_EQ(call("GET", "/lapor/3.0.0/complaints/" + std::to_string(second_id) + "/complaint", owner).status, 404);
  EXPECT_EQ(repository->report(second_id)->title, "");
  const std::string places = joined(found({kMark}));
  EXPECT_EQ(places.find("/partial/"), std::string::npos) << places;
  EXPECT_NE(places.find("report.title"), std::string::npos);
}

TEST_F(ErasureWorld, OneReportIsExportedWhole) {
  const std::string entered = entered_report();
  const std::string to = folder.path + "/export";
  const Said done = command({"export-report", entered, "--to", to});
  ASSERT_EQ(done.code, 0) << done.out;
  std::ifstream in(to + "/data.json");
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  for (const std::string& word : {"Judul " + kMark, "Isi " + kMark, "Patokan " + kMark, "Ibu " + kMark, std::string(kPhone)}) {
    EXPECT_NE(text.find(word), std::string::npos) << word;
  }
  const Json data = *parse_json(text);
  const Json& list = member(data, "files");
  ASSERT_EQ(list.size(), 1u);
  std::ifstream photo(to + "/" + string_or(list[0], "path"), std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(photo), {}), kJpeg + kMark);
  EXPECT_EQ(std::filesystem::status(to).permissions(), std::filesystem::perms::owner_all);
  EXPECT_EQ(AccessLog(repository->sql()).list(std::stoll(entered), 10)->size(), 1u);
  EXPECT_EQ(command({"export-report", entered, "--to", to}).code, 1);  // the folder is there
  EXPECT_EQ(command({"export-report", "7999999", "--to", to + "2"}).code, 1);
  EXPECT_FALSE(std::filesystem::exists(to + "2"));
  EXPECT_EQ(command({"export-report", entered}).code, 2);
}

// --- What is at SP4N-LAPOR! -------------------------------------------------------------------------

TEST_F(ErasureWorld, WhatIsToBeErasedThereIsKnownUntilSomebodyHasDoneSo) {
  leave_traces();
  const std::string number_here = std::to_string(id);
  EXPECT_NE(command({"erased-upstream"}).out.find("Tidak ada"), std::string::npos);
  ASSERT_EQ(call("POST", "/titik/1/devices/own/erasure", owner, R"({"confirm":"hapus"})").status, 200);
  run("INSERT INTO setting(name, value) VALUES ('upstream_cursor', '0')");  // the link was turned on
  const auto counted = [&](const std::string& line) { return std::string(monitor(app, {"GET", "/metrics", {}, 0, {}}).text()).find(line) != std::string::npos; };
  EXPECT_TRUE(counted("titik_upstream_to_erase 1\n"));
  const Said listed = command({"erased-upstream"});
  EXPECT_NE(listed.out.find(number_here + "  990011"), std::string::npos) << listed.out;
  EXPECT_EQ(listed.out.find(std::to_string(second_id)), std::string::npos);  // it was never sent
  EXPECT_EQ(command({"erased-upstream-done", std::to_string(second_id)}).code, 1);
  EXPECT_EQ(command({"erased-upstream-done", number_here, "--id", "990012"}).code, 1);  // it has another number
  EXPECT_EQ(command({"erased-upstream-done", number_here}).code, 0);
  EXPECT_NE(command({"erased-upstream"}).out.find("Tidak ada"), std::string::npos);
  EXPECT_TRUE(counted("titik_upstream_to_erase 0\n"));
  EXPECT_EQ(command({"erased-upstream-done", number_here}).code, 1);
  // Done or not, its number is known, so that a list that shows it brings nothing; and nothing is asked or told of it.
  UpstreamStore store(repository->sql());
  ASSERT_TRUE(store.report_there("990011").value());
  EXPECT_EQ(store.report_there("990011").value()->tracking_id, id);
  const auto all = [](auto&&...) { return true; };
  while (store.take_changes(0, all, all, now).value() > 0) {}
  EXPECT_EQ(number("SELECT count(*) FROM outbox WHERE tracking_id IN (" + number_here + ", " + std::to_string(second_id) + ")"), 0);
  EXPECT_TRUE(store.poll_by(id, now).ok());
  EXPECT_TRUE(store.due_polls(now + 365 * kDay, 100)->empty());
  // Whoever erases it once more learns nothing new.
  EXPECT_TRUE(erasure.report(id, desk(), now)->passed_on.empty());
  EXPECT_NE(command({"erased-upstream"}).out.find("Tidak ada"), std::string::npos);
}

TEST_F(ErasureWorld, WhatMayBeThereIsListedWithoutItsNumber) {
  leave_traces();
  const std::string number_here = std::to_string(second_id);
  run("INSERT INTO outbox(tracking_id, kind, reference, word, state, attempts, created_at, sent_at, next_at, last_error, upstream_id) VALUES (" +
      number_here + ", 'create', 0, 'pupr', 'sending', 1, 1, 5, 9, '', '')");
  ASSERT_EQ(command({"erase-report", number_here, "--confirm", "hapus"}).code, 0);
  EXPECT_NE(command({"erased-upstream"}).out.find(number_here + "  tidak diketahui"), std::string::npos) << command({"erased-upstream"}).out;
  EXPECT_EQ(command({"erased-upstream-done", number_here, "--id", "990011"}).code, 1);  // another report's
  EXPECT_EQ(command({"erased-upstream-done", number_here, "--id", "x"}).code, 2);
  EXPECT_EQ(command({"erased-upstream-done", number_here, "--id", "990012"}).code, 0);
  EXPECT_EQ(UpstreamStore(repository->sql()).report_there("990012").value()->tracking_id, second_id);
}

TEST_F(ErasureWorld, TheDeviceIsFoundByItsReport) {
  leave_traces();
  EXPECT_EQ(device_of_report(repository->sql(), id).value(), owner_id);
  EXPECT_EQ(device_of_report(repository->sql(), 7999999).error().code, ErrorCode::kNotFound);
  const std::string entered = lapor::read_created(create(agency(), report_json()).text())->tracking_id;
  EXPECT_EQ(device_of_report(repository->sql(), std::stoll(entered)).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace titik::serve
