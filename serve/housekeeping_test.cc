// What is swept, when, and what is not.
#include "serve/housekeeping.h"

#include <ctime>
#include <thread>

#include "serve/access_log.h"
#include "serve/accounts.h"
#include "serve/scheduler.h"
#include "serve/sessions.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

// The clock begins at the machine's: files on the disk have their times from there.
struct HousekeepingWorld : World {
  HousekeepingWorld() { now = std::int64_t{std::time(nullptr)} * kSecond; }

  Swept sweep() {
    Housekeeping housekeeping(*repository, files, *partial_files);
    Swept swept = housekeeping.sweep_database(now).value();
    swept += sweep_all_shelves();
    return swept;
  }
  // What sixteen hours do; the clock does not move.
  Swept sweep_all_shelves() {
    Swept swept;
    for (int round = 0; round < 16; ++round) swept += Housekeeping(*repository, files, *partial_files).sweep_disk(now + round * kHour).value();
    return swept;
  }
  std::int64_t count(const std::string& table) {
    const SqlLock lock(repository->sql().mutex());
    Statement row = repository->sql().prepare("SELECT count(*) FROM " + table).value();
    (void)row.step().value();
    return row.integer(0);
  }
  bool is_kept(const std::string& bytes) { return files.read(sha256_hex(bytes)).ok(); }
  Response begin(const Headers& who, const std::string& length) {
    Headers headers = who;
    headers["Tus-Resumable"] = "1.0.0";
    headers["Upload-Length"] = length;
    return call("POST", "/titik/1/uploads", headers);
  }
};

TEST_F(HousekeepingWorld, PhotosThatNoReportNamedGoAfterAWeek) {
  const Headers who = phone();
  const std::string lonely = kJpeg + "1", again = kJpeg + "2", used = kJpeg + "3";
  (void)upload(who, lonely);
  const std::string again_id = upload(who, again);
  const std::string used_id = upload(who, used);
  ASSERT_EQ(create(who, report_json("Lubang", "[" + used_id + "]")).status, 201);
  now += 6 * kDay;
  EXPECT_EQ(upload(who, again), again_id);  // begun anew: so does its week
  now += kDay + 1;
  const Swept swept = sweep();
  EXPECT_EQ(swept.files, 1);
  EXPECT_EQ(swept.contents, 1);
  EXPECT_FALSE(is_kept(lonely));
  EXPECT_TRUE(is_kept(again));
  EXPECT_TRUE(is_kept(used));
  EXPECT_EQ(call("GET", "/titik/1/files/" + again_id, who).status, 200);
  now += 7 * kDay;
  EXPECT_EQ(sweep().contents, 1);
  EXPECT_FALSE(is_kept(again));
  EXPECT_TRUE(is_kept(used));
  EXPECT_EQ(create(who, report_json("Lampu", "[" + again_id + "]")).status, 422);  // to be sent again
  const std::string new_id = upload(who, again);
  EXPECT_EQ(create(who, report_json("Lampu", "[" + new_id + "]")).status, 201);
}

TEST_F(HousekeepingWorld, BytesThatAnotherReportNamesStay) {
  const Headers one = phone(), other = phone();
  (void)upload(one);
  ASSERT_EQ(create(other, report_json("Lubang", "[" + upload(other) + "]")).status, 201);
  now += 8 * kDay;
  const Swept swept = sweep();
  EXPECT_EQ(swept.files, 1);
  EXPECT_EQ(swept.contents, 0);
  EXPECT_TRUE(is_kept(kJpeg));
}

TEST_F(HousekeepingWorld, BytesWithoutARowGoWhenTheyAreOld) {
  // Of a form that was refused after its files had come.
  Headers who = phone();
  EXPECT_EQ(follow_up(who, "7999999", "x", {kJpeg}).status, 404);
  ASSERT_TRUE(is_kept(kJpeg));
  now += 2 * kHour;
  EXPECT_EQ(sweep_all_shelves().contents, 1);
  EXPECT_FALSE(is_kept(kJpeg));
  now -= 2 * kHour;
  EXPECT_EQ(follow_up(who, "7999999", "x", {kJpeg}).status, 404);
  EXPECT_FALSE(files.remove(sha256_hex(kJpeg), now - kFreshBytes).value());  // a row may be on its way
  EXPECT_TRUE(is_kept(kJpeg));
}

TEST_F(HousekeepingWorld, TheSameInADatabase) {
  FileStore blobs = FileStore::in_database(folder.path + "/blobs", repository->sql()).value();
  FileStore again = FileStore::in_database(folder.path + "/blobs", repository->sql()).value();  // the table is there
  const auto keep = [&](const std::string& bytes) {
    IncomingFile incoming = again.receive().value();
    (void)incoming.write(bytes).value();
    return incoming.keep().value();
  };
  const KeptFile lonely = keep(kJpeg), named = keep(kJpeg + "2");
  const Headers who = phone();
  const auto caller = repository->caller_by_token(sha256_hex(Headers(who)["Authorization"].substr(7))).value();
  (void)repository->add_upload(caller->id, {named.sha256, named.bytes, "image/jpeg", "a.jpg"}, now).value();
  EXPECT_FALSE(blobs.remove(lonely.sha256, now - kHour).value());
  EXPECT_TRUE(blobs.kept_before(lonely.sha256.substr(0, 2), now - kHour)->empty());
  now += 2 * kHour;
  Swept swept;
  for (int round = 0; round < 16; ++round) swept += Housekeeping(*repository, blobs, *partial_files).sweep_disk(now + round * kHour).value();
  EXPECT_EQ(swept.contents, 1);
  EXPECT_FALSE(blobs.read(lonely.sha256).ok());
  EXPECT_TRUE(blobs.read(named.sha256).ok());
  EXPECT_FALSE(blobs.remove(named.sha256, now).value());  // not even when it is asked for
}

TEST_F(HousekeepingWorld, ExpiredUploadsGoWithWhatHadCome) {
  Headers who = phone();
  const std::string location(begin(who, "1000").header("Location"));
  who["Tus-Resumable"] = "1.0.0";
  who["Content-Type"] = "application/offset+octet-stream";
  who["Upload-Offset"] = "0";
  ASSERT_EQ(call("PATCH", location, who, kJpeg).status, 204);
  { std::ofstream(folder.path + "/partial/5999999999") << "half of a photo"; }  // of an upload that is over
  ASSERT_EQ(partial_files->ids()->size(), 2u);
  EXPECT_EQ(sweep().uploads, 1);
  now += 8 * kDay;
  EXPECT_EQ(sweep().uploads, 1);
  EXPECT_TRUE(partial_files->ids()->empty());
  EXPECT_EQ(call("HEAD", location, who).status, 404);
}

// One sweeps while others make reports with photos that are about to expire: a report has its photo, or none is made.
TEST_F(HousekeepingWorld, NoReportIsMadeWithAPhotoThatIsSweptAtThatMoment) {
  constexpr int kReports = 60;
  const Headers who = phone();
  std::vector<std::string> ids;
  for (int i = 0; i < kReports; ++i) ids.push_back(upload(who, kJpeg + std::to_string(i)));
  now += 8 * kDay;
  const auto other = Repository::open(database.location()).value();
  std::atomic<bool> done = false;
  std::thread sweeper([&] {
    // From the middle on, so that some come before and some after.
    while (count("report") < kReports / 3) std::this_thread::yield();
    while (!done) {
      (void)other->set_setting("swept_at", "0").value();
      (void)Housekeeping(*other, files, *partial_files).sweep_database(now).value();
      for (int round = 0; round < 16; ++round) (void)Housekeeping(*other, files, *partial_files).sweep_disk(now + round * kHour).value();
    }
  });
  int made = 0;
  for (int i = 0; i < kReports; ++i) {
    const Response response = create(who, report_json("Lubang", "[" + ids[static_cast<std::size_t>(i)] + "]"));
    EXPECT_TRUE(response.status == 201 || response.status == 422) << response.status;
    if (response.status != 201) (void)create_report(who);  // so that the count goes on
    else {
      ++made;
      EXPECT_TRUE(is_kept(kJpeg + std::to_string(i)));
    }
  }
  done = true;
  sweeper.join();
  EXPECT_EQ(count("file"), made);
  for (int i = 0; i < kReports; ++i) {
    const std::string sha256 = sha256_hex(kJpeg + std::to_string(i));
    EXPECT_EQ(is_kept(kJpeg + std::to_string(i)), count("file WHERE sha256 = '" + sha256 + "'") == 1) << i;
  }
}

TEST_F(HousekeepingWorld, BytesOfBeforeAreNotNamedAgainOnceTheyAreSwept) {
  const Headers who = phone();
  const auto caller = repository->caller_by_token(sha256_hex(Headers(who)["Authorization"].substr(7))).value();
  (void)upload(who);
  const NewFile known = *repository->known_file(caller->id, sha256_hex(kJpeg)).value();
  now += 8 * kDay;
  EXPECT_EQ(sweep().contents, 1);
  Upload late{.caller_id = caller->id, .length = known.bytes, .sha256 = known.sha256, .expires_at = now + kDay};
  late.id = repository->begin_upload(late, 10).value();
  const Result<std::int64_t> named = repository->finish_upload(late, known, Repository::Bytes::kFromBefore, now);
  ASSERT_FALSE(named.ok());
  EXPECT_EQ(named.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(count("file"), 0);
}

TEST_F(HousekeepingWorld, SessionsAndTheAccessLogForget) {
  Accounts accounts(repository->sql(), gate.passwords);
  (void)accounts.add({.name = "akun", .role = Role::kCoordinator}, "kuda baterai staples", now).value();
  (void)Sessions(repository->sql(), gate.passwords).log_in({"akun", "kuda baterai staples", ""}, now).value();
  const std::string id = lapor::read_created(create(phone(), report_json("Lubang", "[]", R"(,"is_secret":true)")).text())->tracking_id;
  (void)call("GET", "/lapor/3.0.0/complaints/" + id + "/complaint", agency());
  now += kHour;
  (void)sweep();
  EXPECT_EQ(count("office_session"), 1);
  now += kDay;
  (void)sweep();
  EXPECT_EQ(count("office_session"), 0);
  EXPECT_EQ(count("access_log"), 1);
  now += kAccessLogLife;
  (void)sweep();
  EXPECT_EQ(count("access_log"), 0);
}

TEST_F(HousekeepingWorld, OnceAnHourWhoeverAsks) {
  (void)upload(phone());
  EXPECT_EQ(Housekeeping(*repository, files, *partial_files).sweep_database(now).value().files, 0);
  {
    const SqlLock lock(repository->sql().mutex());
    (void)repository->sql().execute("UPDATE file SET uploaded_at = 0").value();
  }
  EXPECT_EQ(Housekeeping(*repository, files, *partial_files).sweep_database(now + kHour - 1).value().files, 0);
  EXPECT_EQ(Housekeeping(*repository, files, *partial_files).sweep_database(now + kHour).value().files, 1);
}

TEST_F(HousekeepingWorld, TheSchedulerSweeps) {
  (void)upload(phone());
  now += 8 * kDay;
  Housekeeping housekeeping(*repository, files, *partial_files);
  {
    Scheduler scheduler(workflow, repository->sql(), app.now, app.log, &housekeeping);
    for (int i = 0; i < 200 && count("file") > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(count("file"), 0);
  EXPECT_NE(log.find(R"("files":1)"), std::string::npos) << log;
}

}  // namespace
}  // namespace titik::serve
