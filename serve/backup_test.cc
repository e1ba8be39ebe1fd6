// A backup is what can be restored.
#include "serve/backup.h"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "serve/copy_database.h"
#include "serve/schema.h"
#include "serve/test_world.h"
#include "serve/upstream_store.h"

namespace titik::serve {
namespace {

// All rows of all tables, in the order of their first columns.
std::string dump(Sql& sql, Sql& sqlite) {
  std::ostringstream out;
  const SqlLock lock(sql.mutex());
  std::vector<std::string> tables;
  {
    std::optional<SqlLock> other;
    if (&sqlite != &sql) other.emplace(sqlite.mutex());
    Statement names = sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").value();
    while (names.step().value()) tables.push_back(names.text(0));
  }
  for (const std::string& table : tables) {
    out << "\n" << table << "\n";
    int columns = 0;
    {
      Statement count = sqlite.prepare("SELECT count(*) FROM pragma_table_info('" + table + "')").value();
      count.step().value();
      columns = static_cast<int>(count.integer(0));
    }
    Statement row = sql.prepare("SELECT * FROM " + table).value();
    std::vector<std::string> rows;
    while (row.step().value()) {
      std::string text;
      for (int i = 0; i < columns; ++i) text += (row.is_null(i) ? "NULL" : row.text(i)) + "|";
      if (table == "change") text = text.substr(text.find('|'));  // its numbers are new
      rows.push_back(text);
    }
    std::sort(rows.begin(), rows.end());
    for (const std::string& text : rows) out << text << "\n";
  }
  return out.str();
}

class BackupTest : public World {
 protected:
  BackupTest() {
    who = phone();
    first = create_report(who);
    const std::string key = "0192f0c1-0000-7000-8000-0000000000aa";
    (void)create(who, report_json("Jl. 'Sudirman' 🚧", "[" + upload(who) + "]"), key);
    (void)call("GET", "/titik/1/reports/" + key, who);
    (void)follow_up(agency(), first, "Sudah dikerjakan", {kJpeg + "2"});
    (void)repository->add_upload(1001, {std::string(64, 'a'), 0, "image/jpeg", "x"}, now);
    {
      // Of what was deleted the number stays taken.
      const SqlLock lock(repository->sql().mutex());
      repository->sql().execute("DELETE FROM file WHERE sha256 = '" + std::string(64, 'a') + "'").value();
    }
    from.data = folder.path;
    if (database.is_postgresql()) from.database = database.location();
    to.data = folder.path + "/restored";
  }

  Headers who;
  std::string first;
  Config from;
  Config to;
  std::string backup = folder.path + "/backup";
};

TEST_F(BackupTest, WhatIsRestoredIsWhatWasThere) {
  const auto made = make_backup(from, backup, now);
  ASSERT_TRUE(made.ok()) << made.error().where << made.error().message;
  EXPECT_EQ(made->reports, 2);
  EXPECT_EQ(made->files, 2);
  const auto restored = restore_backup(to, backup);
  ASSERT_TRUE(restored.ok()) << restored.error().where << restored.error().message;
  const auto again = Sql::open(to.database_location()).value();
  EXPECT_EQ(dump(repository->sql(), *again), dump(*again, *again));
  EXPECT_FALSE(std::filesystem::exists(to.data + "/restoring.db"));
  const FileStore kept = FileStore::open(to.data + "/files").value();
  EXPECT_EQ(kept.read(sha256_hex(kJpeg)).value(), kJpeg);
}

TEST_F(BackupTest, NumbersGoOnWhereTheyWere) {
  ASSERT_TRUE(make_backup(from, backup, now).ok());
  const std::string later = create_report(who);  // lost with what came after the backup
  const std::string seen = lapor::read_changes(call("GET", "/titik/1/reports/changes", who).text(), 420)->cursor;
  ASSERT_TRUE(restore_backup(to, backup).ok());
  const auto restored = Repository::open(to.database_location()).value();
  EXPECT_EQ(restored->create_report({.caller_id = 1001, .now = now})->receipt.tracking_id, later);
  EXPECT_GT(restored->add_upload(1001, {std::string(64, 'b'), 0, "image/jpeg", "x"}, now).value(),
            repository->add_upload(1001, {std::string(64, 'c'), 0, "image/jpeg", "x"}, now).value() - 1);
  // A phone that had seen what was lost is told everything anew.
  EXPECT_EQ(restored->changed_reports(1001, std::stoll(seen), 10)->reports.size(), 3u);
}

// What is told SP4N-LAPOR! bears the report's number and the item's. Both are given again after a restore, one of them must
// not be.
TEST_F(BackupTest, ItemsForTheLinkHaveNumbersThatWereNeverGiven) {
  const auto all = [](auto&&...) { return true; };
  const auto numbers_of = [&](Repository& one) {
    UpstreamStore store(one.sql());
    (void)one.create_report({.caller_id = 1001, .now = now}).value();
    while (store.take_changes(0, all, all, now).value() > 0) {
    }
    const SqlLock lock(one.sql().mutex());
    Statement row = one.sql().prepare("SELECT max(id) FROM outbox").value();
    row.step().value();
    return row.integer(0);
  };
  ASSERT_TRUE(UpstreamStore(repository->sql()).begin(now).ok());
  ASSERT_TRUE(make_backup(from, backup, now).ok());
  std::int64_t last = 0;
  for (int i = 0; i < 5; ++i) last = numbers_of(*repository);  // lost with what came after the backup
  ASSERT_TRUE(restore_backup(to, backup).ok());
  const auto restored = Repository::open(to.database_location()).value();
  EXPECT_GT(numbers_of(*restored), last + 1000);
}

TEST_F(BackupTest, IntoPostgresqlAndOutOfIt) {
  if (!database.is_postgresql()) GTEST_SKIP() << "run with tests/postgresql";
  ASSERT_TRUE(make_backup(from, backup, now).ok());
  const TemporaryFolder elsewhere;
  const TestDatabase other(elsewhere.path);
  to.database = other.location();
  const auto restored = restore_backup(to, backup);
  ASSERT_TRUE(restored.ok()) << restored.error().where << restored.error().message;
  const auto in_postgresql = Sql::open(other.location()).value();
  const auto in_sqlite = Sql::open(backup + "/titik.db").value();
  EXPECT_EQ(dump(*in_postgresql, *in_sqlite), dump(*in_sqlite, *in_sqlite));
}

// A city that grows from one machine to several, and back.
TEST_F(BackupTest, PhotosGoIntoTheDatabaseAndOutOfIt) {
  ASSERT_TRUE(make_backup(from, backup, now).ok());
  to.files = "database";
  ASSERT_TRUE(restore_backup(to, backup).ok());
  const auto sql = Sql::open(to.database_location()).value();
  EXPECT_EQ(to.open_files(*sql)->read(sha256_hex(kJpeg)).value(), kJpeg);
  Config on_disk = to;
  on_disk.files.clear();
  EXPECT_EQ(on_disk.open_files(*sql)->read(sha256_hex(kJpeg)).error().code, ErrorCode::kNotFound);
  const auto again = make_backup(to, folder.path + "/again", now);
  ASSERT_TRUE(again.ok()) << again.error().where << again.error().message;
  EXPECT_EQ(again->files, 2);
}

TEST_F(BackupTest, ADamagedOneIsRefusedAndNothingIsOverwritten) {
  EXPECT_EQ(restore_backup(to, folder.path + "/none").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(make_backup(from, backup, now).ok());
  EXPECT_EQ(make_backup(from, backup, now).error().code, ErrorCode::kConflict);
  EXPECT_EQ(restore_backup(from, backup).error().code, ErrorCode::kConflict);
  const std::string hash = sha256_hex(kJpeg);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(backup)) {
    if (entry.path().filename() == hash) std::ofstream(entry.path(), std::ios::binary) << "other bytes";
  }
  EXPECT_EQ(restore_backup(to, backup).error().code, ErrorCode::kCorrupt);
  std::filesystem::remove(backup + "/backup.json");
  EXPECT_EQ(restore_backup(to, backup).error().code, ErrorCode::kNotFound);
}

TEST_F(BackupTest, APhotoThatIsLostKeepsNothingElseFromBeingSafe) {
  const std::string hash = sha256_hex(kJpeg);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path + "/files")) {
    if (entry.path().filename() == hash) std::ofstream(entry.path(), std::ios::binary) << "other bytes";
  }
  const auto made = make_backup(from, backup, now);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made->damaged, std::vector<std::string>{hash});
  EXPECT_EQ(made->files, 1);
  const auto restored = restore_backup(to, backup);
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  EXPECT_EQ(restored->damaged, std::vector<std::string>{hash});
  EXPECT_EQ(restored->reports, made->reports);
  // Where most are gone, it is the folder that is wrong.
  std::filesystem::remove_all(folder.path + "/files");
  EXPECT_EQ(make_backup(from, folder.path + "/none", now).error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(std::filesystem::exists(folder.path + "/none"));
}

TEST_F(BackupTest, ACityOfAnEarlierVersionIsRefusedAsItIs) {
  ASSERT_TRUE(make_backup(from, backup, now).ok());
  {
    const SqlLock lock(repository->sql().mutex());
    repository->sql().execute(database.is_postgresql() ? "UPDATE schema_version SET version = 15" : "PRAGMA user_version = 15").value();
  }
  EXPECT_EQ(restore_backup(from, backup).error().code, ErrorCode::kConflict);
  const SqlLock lock(repository->sql().mutex());
  EXPECT_EQ(schema_version(repository->sql()).value(), 15);
}

TEST_F(BackupTest, WhatIsErasedMeanwhileLeavesTheCopyToo) {
  const std::string hash = sha256_hex(kJpeg);
  (void)proofs.work(20, now).value();
  const auto copy = Sql::open(folder.path + "/copy.db").value();
  ASSERT_TRUE(copy_database(repository->sql(), *copy).ok());
  // Between the database and the files.
  ASSERT_TRUE(files.remove(hash, std::int64_t{std::time(nullptr)} * kSecond + kHour).value());
  FileStore kept = FileStore::open(folder.path + "/copied").value();
  BackupSummary summary;
  ASSERT_TRUE(back_up_files(repository->sql(), *copy, files, kept, summary).ok());
  EXPECT_EQ(summary.damaged, std::vector<std::string>{hash});  // it is named still
  {
    const SqlLock lock(repository->sql().mutex());
    repository->sql().execute("DELETE FROM proof; DELETE FROM file WHERE sha256 = '" + hash + "'").value();
  }
  FileStore kept_again = FileStore::open(folder.path + "/copied-again").value();
  summary = {};
  const auto done = back_up_files(repository->sql(), *copy, files, kept_again, summary);
  ASSERT_TRUE(done.ok()) << done.error().where << done.error().message;
  EXPECT_EQ(summary.files, 1);
  EXPECT_EQ(stored_hashes(*copy).value(), std::vector<std::string>{sha256_hex(kJpeg + "2")});
}

TEST_F(BackupTest, OnlyTheOwnerCanReadIt) {
  ASSERT_TRUE(make_backup(from, backup, now).ok());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(backup).permissions(), perms::owner_all);
  EXPECT_EQ(std::filesystem::status(backup + "/titik.db").permissions(), perms::owner_read | perms::owner_write);
}

}  // namespace
}  // namespace titik::serve
