// Long random histories against a store that stops, tears, refuses and answers late. After every
// change of the disk, and after every crash: the database is sound, and its content is exactly
// that after one of the commits, not older than any that was acknowledged. The same histories against
// stores and a VFS that do things in a wrong order must fail: a crash suite that cannot fail proves nothing.
//
// TITIK_CRASH_SEEDS sets the number of histories; TITIK_CRASH_FIRST the first seed.
#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "store/commit_queue.h"
#include "store/crashing_page_store.h"
#include "store/integrity.h"
#include "store/paged_vfs.h"

namespace titik::store {
namespace {

using Fate = CrashingPageStore::Fate;

std::uint64_t setting(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : fallback;
}

struct Figures {
  std::uint64_t lives = 0, commits = 0, disks = 0, crashes = 0, detected = 0, failures = 0,
                rollbacks = 0, spills = 0, vacuums = 0, merged = 0;
};

// Everything that a citizen would miss, as one number.
std::uint64_t digest(Database& db) {
  std::uint64_t sum = 1;
  for (const char* sql : {"SELECT id, state, body FROM report ORDER BY id",
                          "SELECT id, report, body FROM photo ORDER BY id"}) {
    auto rows = db.prepare(sql);
    if (!rows.ok()) return 0;  // before the tables are made
    for (;;) {
      const auto row = rows->step();
      EXPECT_TRUE(row.ok());
      if (!row.ok() || !row.value()) break;
      for (int column = 0; column < 3; ++column) {
        const std::string text = rows->text(column);
        sum = checksum(sum, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
      }
    }
  }
  return sum;
}

enum class Mistake {
  kNone,
  kAnsweredBeforeStored,  // the store says ok, and then writes
  kHeadBeforePages,       // in two steps instead of one
  kPagesBeforeHead,       // the same the other way round
  kPageByPage,            // each page, with the head, is a step
  kPagesForgotten,        // a batch that follows a failed one comes without the failed one's pages
  kHandedOutEarly,        // the VFS gives pages to the store before SQLite's commit
};

// Makes a mistake between the queue and an honest store.
class MistakenPageStore : public PageStore {
 public:
  MistakenPageStore(PageStore& honest, Mistake mistake, PageImage image)
      : honest_(honest), mistake_(mistake), commit_(image.commit), page_count_(image.page_count) {}

  void write(PageBatch batch, Done done) override {
    std::vector<PageBatch> steps;
    const PageBatch head{.commit = batch.commit, .page_count = batch.page_count, .pages = {}};
    switch (mistake_) {
      case Mistake::kHeadBeforePages: steps = {head, batch}; break;
      case Mistake::kPagesBeforeHead:
        steps = {batch, head};
        steps[0].commit = commit_;
        steps[0].page_count = std::max(page_count_, batch.page_count);
        break;
      case Mistake::kPageByPage:
        for (const auto& [number, page] : batch.pages) {
          steps.push_back({.commit = batch.commit, .page_count = std::max(page_count_, batch.page_count), .pages = {{number, page}}});
        }
        steps.push_back(head);
        break;
      case Mistake::kPagesForgotten:
        if (failed_) std::erase_if(batch.pages, [&](const auto& one) { return failed_->contains(one.first); });
        steps = {batch};
        break;
      default: steps = {batch}; break;
    }
    commit_ = batch.commit;
    page_count_ = batch.page_count;
    if (mistake_ == Mistake::kAnsweredBeforeStored) {
      done(Ok{});
      done = [](const Result<Ok>&) {};
    }
    for (PageBatch& step : steps) waiting_.push_back({std::move(step), [](const Result<Ok>&) {}});
    waiting_.back().done = [this, done = std::move(done), pages = std::move(batch.pages)](Result<Ok> result) {
      failed_.reset();
      if (!result.ok()) failed_ = pages;
      done(std::move(result));
    };
    next();
  }

 private:
  struct Step {
    PageBatch batch;
    Done done;
  };
  void next() {
    if (writing_ || waiting_.empty()) return;
    writing_ = true;
    Step step = std::move(waiting_.front());
    waiting_.pop_front();
    honest_.write(std::move(step.batch), [this, done = std::move(step.done)](Result<Ok> result) {
      writing_ = false;
      done(std::move(result));
      next();
    });
  }

  PageStore& honest_;
  Mistake mistake_;
  std::uint64_t commit_;
  PageNumber page_count_;
  std::deque<Step> waiting_;
  std::optional<std::map<PageNumber, Page>> failed_;
  bool writing_ = false;
};

class History {
 public:
  History(std::uint64_t seed, Figures& figures, Mistake mistake = Mistake::kNone)
      : random_(seed), figures_(figures), mistake_(mistake) {
    digests_[0] = 0;
  }

  void run() {
    for (int life = 0; life < 2 && !::testing::Test::HasFailure(); ++life) live();
  }

 private:
  std::uint64_t up_to(std::uint64_t limit) { return random_() % limit; }
  bool chance(int percent) { return up_to(100) < static_cast<std::uint64_t>(percent); }

  void live() {
    ++figures_.lives;
    auto image = checked_image(disk_);
    ASSERT_TRUE(image.ok());
    // What the crash dropped never happened.
    digests_.erase(digests_.upper_bound(image->commit), digests_.end());
    acknowledged_ = image->commit;

    store_ = std::make_unique<CrashingPageStore>(disk_);
    store_->observe([this](const StoredImage& disk) {
      if (!store_->stopped()) unchecked_.emplace_back(disk, acknowledged_);
    });
    mistaken_ = std::make_unique<MistakenPageStore>(*store_, mistake_, *image);
    std::uint64_t told = 0;
    PageStore& given = mistake_ == Mistake::kNone ? static_cast<PageStore&>(*store_) : *mistaken_;
    CommitQueue queue(given, image->commit,
                      {.on_durable = [&](std::uint64_t commit) {
                         EXPECT_GT(commit, told);
                         figures_.merged += commit > acknowledged_ + 1;
                         told = acknowledged_ = commit;
                       },
                       .on_failure = [&](const Error&) { ++figures_.failures; }});
    PagedFile file(std::move(image).value(), [&](PageBatch batch) { queue.add(std::move(batch)); });
    {
      auto opened = open_paged_database(file);
      ASSERT_TRUE(opened.ok()) << opened.error().message;
      Database db = std::move(opened).value();
      ASSERT_TRUE(db.execute("PRAGMA cache_size=" + std::to_string(chance(50) ? 2 : 100)).ok());
      store_->hold(chance(60));
      store_->stop_at(1 + up_to(12), static_cast<Fate>(up_to(4)), random_());
      for (int step = 0; step < 25 && !store_->stopped(); ++step) {
        transaction(db, file);
        if (chance(40)) store_->release();
        if (chance(5)) store_->fail_next(1 + static_cast<int>(up_to(2)));
        if (chance(20)) queue.retry();
        check_new_disks();
        if (::testing::Test::HasFailure()) return;
      }
    }
    crash();
  }

  void must(Database& db, const std::string& sql) {
    const auto done = db.execute(sql);
    // Nothing that this test does may fail, but a row that refers to a missing one.
    if (!done.ok()) {
      EXPECT_EQ(done.error().code, ErrorCode::kConflict) << sql << ": " << done.error().message;
    }
  }

  std::string value() {
    const std::uint64_t sizes[] = {10, 100, 300, 300, 3000, 5000, 20000};  // in hex, twice as many
    return "hex(randomblob(" + std::to_string(1 + up_to(sizes[up_to(7)])) + "))";
  }

  void change(Database& db) {
    const std::string id = std::to_string(1 + up_to(12));
    switch (up_to(6)) {
      case 0:
      case 1:
        return must(db, "INSERT INTO report(id, body) VALUES(" + id + ", " + value() +
                            ") ON CONFLICT(id) DO UPDATE SET body = excluded.body");
      case 2:
        return must(db, "INSERT INTO photo(report, body) VALUES(" + id + ", " + value() + ")");
      case 3:
        return must(db, "UPDATE report SET state = state + 1 WHERE id >= " + id);
      case 4:
        return must(db, "DELETE FROM photo WHERE report = " + id);
      default:
        return must(db, "DELETE FROM report WHERE id = " + id);
    }
  }

  void transaction(Database& db, PagedFile& file) {
    const std::uint64_t before = file.commit_number();
    const PageNumber pages_before = file.page_count();
    if (digests_.rbegin()->second == 0) {
      must(db, "BEGIN; CREATE TABLE report(id INTEGER PRIMARY KEY, state INT DEFAULT 0, body TEXT);"
               "CREATE INDEX by_state ON report(state, body);"
               "CREATE TABLE photo(id INTEGER PRIMARY KEY, body TEXT, report INTEGER NOT NULL"
               " REFERENCES report(id) ON DELETE CASCADE); COMMIT");
    } else if (chance(5)) {
      ++figures_.vacuums;
      must(db, "VACUUM");
    } else if (chance(20)) {
      change(db);  // a transaction of its own
    } else {
      must(db, "BEGIN IMMEDIATE");
      for (std::uint64_t i = 0, count = 1 + up_to(6); i < count; ++i) {
        const bool savepoint = chance(20);
        if (savepoint) must(db, "SAVEPOINT inner_work");
        change(db);
        if (mistake_ == Mistake::kHandedOutEarly) file.commit();
        if (savepoint && chance(50)) must(db, "ROLLBACK TO inner_work");
        if (savepoint) must(db, "RELEASE inner_work");
        EXPECT_EQ(file.commit_number(), before) << "handed out before the commit";
      }
      figures_.spills += file.page_count() != pages_before;
      if (chance(25)) {
        ++figures_.rollbacks;
        must(db, "ROLLBACK");
        EXPECT_EQ(file.commit_number(), before) << "handed out by a rollback";
      } else {
        must(db, "COMMIT");
      }
    }
    const std::uint64_t now = digest(db);
    if (file.commit_number() == before) {
      EXPECT_EQ(now, digests_.rbegin()->second) << "changed without a commit";
    } else {
      EXPECT_EQ(file.commit_number(), before + 1);
      digests_[file.commit_number()] = now;
      ++figures_.commits;
    }
  }

  // The disks are kept until the transaction has ended, because only then its digest is known.
  void check_new_disks() {
    for (const auto& [disk, acknowledged] : std::exchange(unchecked_, {})) {
      EXPECT_TRUE(check_disk(disk, acknowledged)) << "damaged without a crash";
    }
  }

  // What a start would find on `disk`, if the phone stopped now. False: the damage was detected.
  bool check_disk(const StoredImage& disk, std::uint64_t at_least) {
    ++figures_.disks;
    auto image = checked_image(disk);
    if (!image.ok()) {
      EXPECT_EQ(image.error().code, ErrorCode::kCorrupt);
      return false;
    }
    const std::uint64_t commit = image->commit;
    EXPECT_GE(commit, at_least) << "an acknowledged commit is lost";
    EXPECT_TRUE(digests_.contains(commit)) << commit;
    PagedFile file(std::move(image).value(), [](PageBatch) { ADD_FAILURE() << "a write"; });
    auto db = open_paged_database(file);
    EXPECT_TRUE(db.ok());
    if (!db.ok()) return true;
    const auto sound = check_integrity(*db);
    EXPECT_TRUE(sound.ok()) << sound.error().message;
    EXPECT_EQ(digest(*db), digests_[commit]) << "not the content after commit " << commit;
    return true;
  }

  // Pulls the battery.
  void crash() {
    ++figures_.crashes;
    const StoredImage found = store_->disk();
    if (check_disk(found, acknowledged_)) {
      disk_ = found;
      return;
    }
    EXPECT_TRUE(store_->stopped()) << "damaged without a crash";
    ++figures_.detected;
    disk_ = {};  // set aside, and begun anew
    digests_ = {{0, 0}};
  }

  std::mt19937_64 random_;
  Figures& figures_;
  Mistake mistake_;
  StoredImage disk_;
  std::unique_ptr<CrashingPageStore> store_;
  std::unique_ptr<MistakenPageStore> mistaken_;
  std::vector<std::pair<StoredImage, std::uint64_t>> unchecked_;  // with what was acknowledged
  std::map<std::uint64_t, std::uint64_t> digests_;  // by commit
  std::uint64_t acknowledged_ = 0;
};

TEST(Crash, WhatIsFoundIsAlwaysAPrefixOfHistory) {
  const std::uint64_t first = setting("TITIK_CRASH_FIRST", 1);
  const std::uint64_t count = setting("TITIK_CRASH_SEEDS", 500);
  Figures figures;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History(seed, figures).run();
    if (HasFailure()) return;
  }
  RecordProperty("disks", std::to_string(figures.disks));
  printf("%lu lives, %lu commits, %lu disks checked, %lu crashes, %lu detected as damaged, "
         "%lu failed writes, %lu merged writes, %lu rollbacks, %lu transactions spilled, "
         "%lu vacuums\n",
         figures.lives, figures.commits, figures.disks, figures.crashes, figures.detected,
         figures.failures, figures.merged, figures.rollbacks, figures.spills, figures.vacuums);
  if (count < 100) return;
  // The test would prove nothing if these did not happen.
  for (const std::uint64_t figure : {figures.detected, figures.failures, figures.merged,
                                     figures.rollbacks, figures.spills, figures.vacuums}) {
    EXPECT_GT(figure, count / 10);
  }
}

// The failures that histories with this mistake end in, as one text.
std::string found_wrong(Mistake mistake) {
  Figures figures;
  ::testing::TestPartResultArray failures;
  {
    const ::testing::ScopedFakeTestPartResultReporter kept(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures);
    for (std::uint64_t seed = 1; seed <= 30 && failures.size() == 0; ++seed) History(seed, figures, mistake).run();
  }
  std::string text;
  for (int i = 0; i < failures.size(); ++i) text.append(failures.GetTestPartResult(i).message()).append("\n");
  return text;
}

TEST(Crash, MistakesInTheOrderOfWritesAreFound) {
  using ::testing::HasSubstr;
  EXPECT_EQ(found_wrong(Mistake::kNone), "");
  EXPECT_THAT(found_wrong(Mistake::kAnsweredBeforeStored), HasSubstr("an acknowledged commit is lost"));
  EXPECT_THAT(found_wrong(Mistake::kHeadBeforePages), HasSubstr("damaged without a crash"));
  EXPECT_THAT(found_wrong(Mistake::kPagesBeforeHead), HasSubstr("not the content after commit"));
  EXPECT_THAT(found_wrong(Mistake::kPageByPage), HasSubstr("not the content after commit"));
  EXPECT_THAT(found_wrong(Mistake::kPagesForgotten), HasSubstr("not the content after commit"));
  EXPECT_THAT(found_wrong(Mistake::kHandedOutEarly), HasSubstr("handed out before the commit"));
}

}  // namespace
}  // namespace titik::store
