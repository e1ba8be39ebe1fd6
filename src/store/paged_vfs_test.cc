#include "store/paged_vfs.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "store/commit_queue.h"
#include "store/crashing_page_store.h"
#include "store/integrity.h"
#include "store/page_check.h"

namespace titik::store {
namespace {

class PagedVfsTest : public ::testing::Test {
 protected:
  void SetUp() override { start(); }
  void TearDown() override { stop(); }

  void start() {
    auto image = checked_image(disk_);
    ASSERT_TRUE(image.ok()) << image.error().where << ": " << image.error().message;
    store_ = std::make_unique<CrashingPageStore>(disk_);
    queue_ = std::make_unique<CommitQueue>(
        *store_, image->commit,
        CommitQueue::Events{.on_durable = [this](std::uint64_t commit) { told_.push_back(commit); },
                            .on_failure = [this](const Error& e) { failures_.push_back(e); }});
    file_ = std::make_unique<PagedFile>(std::move(image).value(), [this](PageBatch batch) {
      batches_.push_back(batch);
      queue_->add(std::move(batch));
    });
    auto opened = open_paged_database(*file_);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    db_.emplace(std::move(opened).value());
  }
  void stop() {
    db_.reset();
    file_.reset();
    queue_.reset();
    if (store_) disk_ = store_->disk();
    store_.reset();
  }
  void restart() {
    stop();
    start();
  }

  void run(const std::string& sql) {
    const auto done = db_->execute(sql);
    ASSERT_TRUE(done.ok()) << sql << ": " << done.error().message;
  }
  std::string ask(const std::string& sql) {
    auto s = db_->prepare(sql);
    if (!s.ok()) return s.error().message;
    const auto row = s->step();
    if (!row.ok()) return row.error().message;
    return row.value() ? s->text(0) : "(no row)";
  }

  StoredImage disk_;
  std::unique_ptr<CrashingPageStore> store_;
  std::unique_ptr<CommitQueue> queue_;
  std::unique_ptr<PagedFile> file_;
  std::optional<Database> db_;
  std::vector<PageBatch> batches_;
  std::vector<std::uint64_t> told_;
  std::vector<Error> failures_;
};

TEST_F(PagedVfsTest, WhatWasCommittedIsThereAfterARestart) {
  run("CREATE TABLE t(a); INSERT INTO t VALUES('lubang')");
  restart();
  EXPECT_EQ(ask("SELECT a FROM t"), "lubang");
  EXPECT_TRUE(check_integrity(*db_).ok());
}

TEST_F(PagedVfsTest, OpeningAnEmptyDatabaseStoresNothing) {
  EXPECT_EQ(file_->commit_number(), 0u);
  restart();
  EXPECT_TRUE(batches_.empty());
}

TEST_F(PagedVfsTest, ThePragmasAreThoseOfTheDesign) {
  run("CREATE TABLE t(a)");
  restart();
  EXPECT_EQ(ask("PRAGMA page_size"), "8192");
  EXPECT_EQ(ask("PRAGMA journal_mode"), "memory");
  EXPECT_EQ(ask("PRAGMA locking_mode"), "exclusive");
  EXPECT_EQ(ask("PRAGMA synchronous"), "0");
  EXPECT_EQ(ask("PRAGMA temp_store"), "2");
  EXPECT_EQ(ask("PRAGMA foreign_keys"), "1");
}

TEST_F(PagedVfsTest, OneTransactionIsOneBatchAndCommitNumbersHaveNoGaps) {
  run("CREATE TABLE t(a)");
  run("BEGIN; INSERT INTO t VALUES(1); INSERT INTO t VALUES(zeroblob(100000)); COMMIT");
  run("SELECT * FROM t; BEGIN IMMEDIATE; COMMIT");  // changes nothing
  run("INSERT INTO t VALUES(3)");
  ASSERT_EQ(batches_.size(), 3u);
  for (std::size_t i = 0; i < batches_.size(); ++i) EXPECT_EQ(batches_[i].commit, i + 1);
  EXPECT_GT(batches_[1].pages.size(), 12u);
  EXPECT_LE(batches_[2].pages.size(), 2u);
  EXPECT_EQ(file_->commit_number(), 3u);
}

TEST_F(PagedVfsTest, NothingLeavesBeforeTheCommitNotEvenWhenTheCacheSpills) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, a); PRAGMA cache_size=2");
  const std::size_t before = batches_.size();
  run("BEGIN");
  for (int i = 0; i < 50; ++i) run("INSERT INTO t(a) VALUES(randomblob(9000))");
  EXPECT_GT(file_->page_count(), 10u) << "the cache did not spill: this test proves nothing";
  EXPECT_EQ(batches_.size(), before);
  run("ROLLBACK");
  EXPECT_EQ(batches_.size(), before);
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "0");
  run("INSERT INTO t(a) VALUES('sampah')");
  restart();
  EXPECT_EQ(ask("SELECT group_concat(a) FROM t"), "sampah");
  EXPECT_TRUE(check_integrity(*db_).ok());
}

TEST_F(PagedVfsTest, VacuumShrinksWhatIsStored) {
  run("CREATE TABLE t(a)");
  for (int i = 0; i < 40; ++i) run("INSERT INTO t VALUES(zeroblob(9000))");
  run("DELETE FROM t WHERE rowid > 2");
  const PageNumber before = file_->page_count();
  run("VACUUM");
  EXPECT_LT(file_->page_count(), before / 4);
  EXPECT_EQ(batches_.back().page_count, file_->page_count());
  restart();
  EXPECT_EQ(disk_.pages.size(), file_->page_count());
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "2");
}

// A page that is made and freed in one transaction is never written by SQLite.
TEST_F(PagedVfsTest, EveryPageUpToTheEndIsStored) {
  run("CREATE TABLE t(a)");
  run("BEGIN; INSERT INTO t VALUES(zeroblob(200000)); DELETE FROM t;"
      "CREATE TABLE u(a); INSERT INTO u VALUES(zeroblob(9000)); COMMIT");
  EXPECT_TRUE(checked_image(store_->disk()).ok());
  EXPECT_EQ(store_->disk().pages.size(), file_->page_count());
}

TEST_F(PagedVfsTest, OnlyOneDatabaseOpensAFile) {
  EXPECT_EQ(open_paged_database(*file_).error().code, ErrorCode::kStorage);
  db_.reset();
  auto again = open_paged_database(*file_);
  ASSERT_TRUE(again.ok());
  db_.emplace(std::move(again).value());
}

TEST_F(PagedVfsTest, NoOtherFileComesToLife) {
  EXPECT_EQ(Database::open("other.db", kPagedVfsName).error().code, ErrorCode::kStorage);
  EXPECT_FALSE(db_->execute("ATTACH 'other.db' AS other").ok());
}

TEST_F(PagedVfsTest, ThePragmasItReliesOnCannotBeChanged) {
  run("CREATE TABLE t(a)");
  for (const char* sql : {"PRAGMA page_size=4096", "PRAGMA journal_mode=OFF",
                          "PRAGMA journal_mode=WAL", "PRAGMA main.locking_mode=normal"}) {
    EXPECT_FALSE(db_->execute(sql).ok()) << sql;
  }
  run("PRAGMA page_size=8192; VACUUM");
  restart();
  EXPECT_TRUE(check_integrity(*db_).ok());
}

TEST_F(PagedVfsTest, PagesThatAreNoDatabaseAreCorruptAtOpening) {
  run("CREATE TABLE t(a); INSERT INTO t VALUES(1)");
  stop();
  auto image = checked_image(disk_).value();
  image.pages[1][101] ^= 0xff;  // inside the b-tree header of the schema
  image.pages[1][100] = 77;
  PagedFile broken(std::move(image), [](PageBatch) {});
  EXPECT_EQ(open_paged_database(broken).error().code, ErrorCode::kCorrupt);
}

TEST_F(PagedVfsTest, WaitersAreAnsweredWhenTheirCommitIsDurable) {
  store_->hold(true);
  run("CREATE TABLE t(a)");
  const std::uint64_t first = file_->commit_number();
  run("INSERT INTO t VALUES(1)");
  const std::uint64_t second = file_->commit_number();
  std::string order;
  queue_->when_durable(second, [&](Result<Ok> r) { order += r.ok() ? "2" : "x"; });
  queue_->when_durable(first, [&](Result<Ok> r) { order += r.ok() ? "1" : "x"; });
  EXPECT_EQ(order, "");
  EXPECT_EQ(queue_->durable_commit(), 0u);
  store_->release();
  EXPECT_EQ(order, "1");
  EXPECT_EQ(queue_->durable_commit(), first);
  store_->release();
  EXPECT_EQ(order, "12");
  queue_->when_durable(second, [&](Result<Ok> r) { order += r.ok() ? "!" : "x"; });
  EXPECT_EQ(order, "12!");
  EXPECT_EQ(told_, (std::vector<std::uint64_t>{first, second}));
}

TEST_F(PagedVfsTest, CommitsDuringAWriteAreMergedIntoTheNext) {
  store_->hold(true);
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, a)");
  run("INSERT INTO t(a) VALUES(zeroblob(60000))");
  run("DELETE FROM t; VACUUM");
  run("INSERT INTO t(a) VALUES('akhir')");
  store_->release();
  store_->release();
  EXPECT_EQ(told_, (std::vector<std::uint64_t>{1, file_->commit_number()}));
  EXPECT_FALSE(store_->holds_one());
  restart();
  EXPECT_EQ(ask("SELECT a FROM t"), "akhir");
  EXPECT_TRUE(check_integrity(*db_).ok());
}

TEST_F(PagedVfsTest, AFailedWriteIsKeptToldAndRetried) {
  run("CREATE TABLE t(a)");
  store_->fail_next(2);
  run("INSERT INTO t VALUES('satu')");
  ASSERT_EQ(failures_.size(), 1u);
  EXPECT_EQ(failures_[0].code, ErrorCode::kStorage);
  EXPECT_TRUE(queue_->failure().has_value());
  EXPECT_EQ(queue_->durable_commit(), 1u);
  EXPECT_EQ(queue_->newest_commit(), 2u);
  std::optional<ErrorCode> answer;
  queue_->when_durable(2, [&](Result<Ok> r) { answer = r.error().code; });
  EXPECT_EQ(answer, ErrorCode::kStorage);
  EXPECT_EQ(ask("SELECT a FROM t"), "satu") << "the data is still there to send or export";

  queue_->retry();
  EXPECT_EQ(failures_.size(), 2u);
  queue_->retry();
  EXPECT_EQ(queue_->durable_commit(), 2u);
  EXPECT_FALSE(queue_->failure().has_value());
  restart();
  EXPECT_EQ(ask("SELECT a FROM t"), "satu");
}

TEST_F(PagedVfsTest, TheNextCommitTriesAgainWithAllThatIsKept) {
  run("CREATE TABLE t(a)");
  store_->fail_next(1);
  run("INSERT INTO t VALUES('satu')");
  run("INSERT INTO t VALUES('dua')");
  EXPECT_EQ(queue_->durable_commit(), 3u);
  restart();
  EXPECT_EQ(ask("SELECT group_concat(a) FROM t"), "satu,dua");
}

TEST_F(PagedVfsTest, AFailureTellsEveryWaiterOnce) {
  store_->hold(true);
  store_->fail_next(1);
  run("CREATE TABLE t(a)");
  run("INSERT INTO t VALUES(1)");
  int errors = 0, successes = 0;
  for (std::uint64_t commit : {1u, 2u}) {
    queue_->when_durable(commit, [&](Result<Ok> r) { ++(r.ok() ? successes : errors); });
  }
  store_->release();
  EXPECT_EQ(errors, 2);
  queue_->retry();
  store_->release();
  EXPECT_EQ(queue_->durable_commit(), 2u);
  EXPECT_EQ(successes, 0);
}

TEST_F(PagedVfsTest, AnAnswerAfterTheEndOfTheQueueIsIgnored) {
  store_->hold(true);
  run("CREATE TABLE t(a)");
  db_.reset();
  file_.reset();
  queue_.reset();
  store_->release();
  EXPECT_TRUE(told_.empty());
}

}  // namespace
}  // namespace titik::store
