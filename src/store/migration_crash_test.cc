// The phone dies while a new version of the app changes the tables. Random histories begin with a database of
// an earlier version (fixtures/), write more into it as that version did, and meet the migration on a store
// that stops, tears, refuses and answers late. What is found afterwards has the tables of before or of after,
// never something between, with every value in them; and the migration comes to its end in the next life.
//
// TITIK_CRASH_SEEDS sets the number of histories; TITIK_CRASH_FIRST the first seed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "store/commit_queue.h"
#include "store/crashing_page_store.h"
#include "store/file_page_store.h"
#include "store/integrity.h"
#include "store/migrations.h"
#include "store/paged_vfs.h"

namespace titik::store {
namespace {

namespace fs = std::filesystem;
using Fate = CrashingPageStore::Fate;

std::uint64_t setting(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : fallback;
}

std::vector<std::string> texts(Database& db, const std::string& sql) {
  std::vector<std::string> found;
  auto rows = db.prepare(sql);
  EXPECT_TRUE(rows.ok()) << sql << ": " << rows.error().message;
  while (rows.ok()) {
    const auto row = rows->step();
    EXPECT_TRUE(row.ok()) << sql;
    if (!row.ok() || !row.value()) break;
    found.push_back(rows->text(0));
  }
  return found;
}

std::int64_t version_of(Database& db) { return std::stoll(texts(db, "PRAGMA user_version").at(0)); }
std::vector<std::string> tables_of(Database& db) {
  return texts(db, "SELECT name || ' ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
}

// The fixture of a version, as an image of pages.
PageImage fixture(std::int64_t version) {
  std::string folder = ::testing::TempDir() + "titik_migration_XXXXXX";
  EXPECT_NE(::mkdtemp(folder.data()), nullptr);
  fs::copy_file("src/store/fixtures/version_" + std::to_string(version) + "/pages", folder + "/pages");
  auto opened = FilePageStore::open(folder);
  EXPECT_TRUE(opened.ok());
  PageImage image = std::move(opened->image);
  opened->store.reset();
  fs::remove_all(folder);
  return image;
}

StoredImage stored(const PageImage& image) {
  const PageBatch all{.commit = image.commit, .page_count = image.page_count, .pages = image.pages};
  StoredImage disk;
  apply(disk, all, PageSums().head_after(all));
  return disk;
}

struct Figures {
  std::uint64_t lives = 0, disks = 0, crashes = 0, before = 0, after = 0, detected = 0, failures = 0, merged = 0;
};

class Migration {
 public:
  Migration(std::uint64_t seed, Figures& figures)
      : random_(seed), figures_(figures), from_(1 + static_cast<std::int64_t>(up_to(kSchemaVersion - 1))) {}

  // Lives until the migration is on the disk, the last of them without a crash.
  void run() {
    const PageImage image = fixture(from_);
    disk_ = stored(image);
    learn(image);
    for (int life = 0; life < 4 && !ended_ && !::testing::Test::HasFailure(); ++life) live(life < 3 ? Ending::kCrash : Ending::kNone);
    EXPECT_TRUE(ended_) << "a life without a crash, and the migration is not on the disk";
  }

 private:
  enum class Ending { kCrash, kNone };
  // What is to be found after a commit.
  struct State {
    std::int64_t version = 0;
    std::uint64_t digest = 0;
  };

  std::uint64_t up_to(std::uint64_t limit) { return random_() % limit; }
  bool chance(int percent) { return up_to(100) < static_cast<std::uint64_t>(percent); }

  // The columns of the version that this history begins with, which every later one keeps, and the tables of
  // all versions from there on.
  void learn(const PageImage& image) {
    PagedFile file(image, [](PageBatch) {});
    auto db = open_paged_database(file);
    ASSERT_TRUE(db.ok());
    for (const std::string& table : texts(*db, "SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name")) {
      const std::string key = texts(*db, "SELECT group_concat(name) FROM pragma_table_info('" + table + "') WHERE pk").at(0);
      for (const std::string& column : texts(*db, "SELECT name FROM pragma_table_info('" + table + "')")) {
        columns_.push_back("SELECT quote(" + column + ") FROM " + table + " ORDER BY " + key);
      }
    }
    states_[image.commit] = {from_, digest(*db)};
    tables_[from_] = tables_of(*db);
    for (std::int64_t version = from_ + 1; version <= kSchemaVersion; ++version) {
      PagedFile later(fixture(version), [](PageBatch) {});
      auto opened = open_paged_database(later);
      ASSERT_TRUE(opened.ok());
      tables_[version] = tables_of(*opened);
    }
  }

  std::uint64_t digest(Database& db) const {
    std::uint64_t sum = 1;
    for (const std::string& column : columns_) {
      for (const std::string& value : texts(db, column)) {
        sum = checksum(sum, reinterpret_cast<const std::uint8_t*>(value.data()), value.size());
      }
    }
    return sum;
  }

  void live(Ending ending) {
    ++figures_.lives;
    auto image = checked_image(disk_);
    ASSERT_TRUE(image.ok());
    states_.erase(states_.upper_bound(image->commit), states_.end());  // what the crash dropped never happened
    acknowledged_ = image->commit;
    CrashingPageStore store(disk_);
    std::vector<std::pair<StoredImage, std::uint64_t>> disks;  // with what was acknowledged
    store.observe([&](const StoredImage& disk) { disks.emplace_back(disk, acknowledged_); });
    CommitQueue queue(store, image->commit,
                      {.on_durable = [&](std::uint64_t commit) {
                         figures_.merged += commit > acknowledged_ + 1;
                         acknowledged_ = commit;
                       },
                       .on_failure = [&](const Error&) { ++figures_.failures; }});
    PagedFile file(std::move(image).value(), [&](PageBatch batch) { queue.add(std::move(batch)); });
    {
      auto opened = open_paged_database(file);
      ASSERT_TRUE(opened.ok()) << opened.error().message;
      Database db = std::move(opened).value();
      must(db, "PRAGMA cache_size=" + std::to_string(chance(50) ? 2 : 100));
      store.hold(chance(50));
      if (ending == Ending::kCrash) store.stop_at(1 + up_to(5), static_cast<Fate>(up_to(4)), random_());
      for (std::uint64_t i = up_to(4); i > 0; --i) write(db, file, store);
      if (chance(20)) store.fail_next(1);
      const std::uint64_t before = file.commit_number();
      const std::int64_t version = version_of(db);
      ASSERT_TRUE(migrate(db).ok());
      // Each step is one commit, and changes no value of before.
      ASSERT_EQ(file.commit_number(), before + static_cast<std::uint64_t>(kSchemaVersion - version));
      for (std::int64_t step = version + 1; step <= kSchemaVersion; ++step) {
        states_[before + static_cast<std::uint64_t>(step - version)] = {step, states_[before].digest};
      }
      EXPECT_EQ(digest(db), states_[before].digest) << "the migration changed a value";
      if (chance(50)) queue.retry();
      if (chance(60)) store.release();
      for (std::uint64_t i = up_to(3); i > 0; --i) write(db, file, store);
    }
    if (ending == Ending::kNone) {
      queue.retry();
      store.release();
      store.release();  // what was merged meanwhile
      EXPECT_EQ(queue.durable_commit(), file.commit_number());
    }
    for (const auto& [disk, acknowledged] : disks) {
      if (!check_disk(disk, acknowledged)) EXPECT_TRUE(store.stopped()) << "damaged without a crash";
    }
    ++figures_.crashes;
    disk_ = store.disk();
    const std::optional<std::int64_t> found = check_disk(disk_, acknowledged_);
    if (!found) ++figures_.detected;
    else ++(*found == kSchemaVersion ? figures_.after : figures_.before);
    ended_ = !found || *found == kSchemaVersion;
  }

  static void must(Database& db, const std::string& sql) {
    const auto done = db.execute(sql);
    EXPECT_TRUE(done.ok()) << sql << ": " << done.error().message;
  }

  // A transaction that every version understands.
  void write(Database& db, PagedFile& file, CrashingPageStore& store) {
    const std::string number = std::to_string(up_to(7));
    const std::string one = "(SELECT id FROM report ORDER BY id LIMIT 1 OFFSET " + number + ")";
    switch (up_to(5)) {
      case 0:
        must(db, "UPDATE report SET content = hex(randomblob(" + std::to_string(1 + up_to(20000)) + ")) WHERE id = " + one);
        break;
      case 1:  // many
        must(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(1 + up_to(200)) + ")"
                 " INSERT INTO photo(report_id, sha256, position, bytes, width, height, thumbnail_sha256, thumbnail_bytes, origin)"
                 " SELECT id, lower(hex(randomblob(32))), i, 1000 + i, 1600, 1200, lower(hex(randomblob(32))), i, 'camera'"
                 " FROM report, n WHERE id = " + one);
        break;
      case 2: must(db, "DELETE FROM photo WHERE position % 3 = " + std::to_string(up_to(3))); break;
      case 3: must(db, "DELETE FROM report WHERE id = " + one); break;
      default: must(db, "INSERT OR REPLACE INTO setting VALUES('n" + number + "', hex(randomblob(3000)))"); break;
    }
    if (!states_.contains(file.commit_number())) states_[file.commit_number()] = {version_of(db), digest(db)};
    if (chance(40)) store.release();
  }

  // The version that a start would find on `disk`; nothing: the damage was detected.
  std::optional<std::int64_t> check_disk(const StoredImage& disk, std::uint64_t at_least) {
    ++figures_.disks;
    auto image = checked_image(disk);
    if (!image.ok()) {
      EXPECT_EQ(image.error().code, ErrorCode::kCorrupt);
      return std::nullopt;
    }
    const std::uint64_t commit = image->commit;
    EXPECT_GE(commit, at_least) << "an acknowledged commit is lost";
    EXPECT_TRUE(states_.contains(commit)) << commit;
    PagedFile file(std::move(image).value(), [](PageBatch) { ADD_FAILURE() << "a write"; });
    auto db = open_paged_database(file);
    EXPECT_TRUE(db.ok());
    if (!db.ok()) return 0;
    const auto sound = check_integrity(*db);
    EXPECT_TRUE(sound.ok()) << sound.error().message;
    const std::int64_t version = version_of(*db);
    EXPECT_EQ(version, states_[commit].version);
    EXPECT_EQ(tables_of(*db), tables_[version]) << "not the tables of version " << version;
    EXPECT_EQ(digest(*db), states_[commit].digest) << "not the values after commit " << commit;
    return version;
  }

  std::mt19937_64 random_;
  Figures& figures_;
  std::int64_t from_;
  StoredImage disk_;
  std::vector<std::string> columns_;                         // each the SELECT of its values, by the table's key
  std::map<std::uint64_t, State> states_;                    // by commit
  std::map<std::int64_t, std::vector<std::string>> tables_;  // by version
  std::uint64_t acknowledged_ = 0;
  bool ended_ = false;
};

TEST(MigrationCrash, LeavesTheDatabaseOfBeforeOrOfAfter) {
  const std::uint64_t first = setting("TITIK_CRASH_FIRST", 1);
  const std::uint64_t count = setting("TITIK_CRASH_SEEDS", 500);
  Figures figures;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Migration(seed, figures).run();
    if (HasFailure()) return;
  }
  printf("%lu lives, %lu disks checked, %lu ends: %lu found the tables of before, %lu of after, %lu detected as damaged; "
         "%lu failed writes, %lu merged writes\n",
         figures.lives, figures.disks, figures.crashes, figures.before, figures.after, figures.detected, figures.failures,
         figures.merged);
  if (count < 100) return;
  // The test would prove nothing if these did not happen.
  for (const std::uint64_t figure : {figures.before, figures.after, figures.detected, figures.failures, figures.merged}) {
    EXPECT_GT(figure, count / 20);
  }
}

}  // namespace
}  // namespace titik::store
