// Every store of this folder against the conformance suite, and what only FilePageStore has.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "store/crashing_page_store.h"
#include "store/file_page_store.h"
#include "store/memory_page_store.h"
#include "store/page_store_conformance.h"

namespace titik::store {
namespace {

namespace fs = std::filesystem;

struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern = ::testing::TempDir() + "titik_pages_XXXXXX";
    path = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { fs::remove_all(path); }
  std::string path;
};

class MemoryUnderTest : public StoreUnderTest {
 public:
  Result<PageImage> restart() override { return store_.load(); }
  PageStore& store() override { return store_; }

 private:
  MemoryPageStore store_;
};

class FileUnderTest : public StoreUnderTest {
 public:
  Result<PageImage> restart() override {
    store_.reset();
    auto opened = TRY(FilePageStore::open(folder_.path));
    store_ = std::move(opened.store);
    return std::move(opened.image);
  }
  PageStore& store() override { return *store_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<FilePageStore> store_;
};

class CrashingUnderTest : public StoreUnderTest {
 public:
  Result<PageImage> restart() override {
    store_ = std::make_unique<CrashingPageStore>(store_ ? store_->disk() : StoredImage{});
    return checked_image(store_->disk());
  }
  PageStore& store() override { return *store_; }

 private:
  std::unique_ptr<CrashingPageStore> store_;
};

INSTANTIATE_TEST_SUITE_P(
    Stores, PageStoreConformance,
    ::testing::Values(StoreCase{"memory", [] { return std::make_unique<MemoryUnderTest>(); }},
                      StoreCase{"file", [] { return std::make_unique<FileUnderTest>(); }},
                      StoreCase{"crashing", [] { return std::make_unique<CrashingUnderTest>(); }}),
    store_case_name);

class FilePageStoreTest : public ::testing::Test {
 protected:
  // Two commits of a small database.
  void SetUp() override {
    MemoryPageStore memory;
    PagedFile file({}, [&](PageBatch batch) { batches_.push_back(std::move(batch)); });
    auto db = open_paged_database(file);
    ASSERT_TRUE(db->execute("CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(30000));"
                            "BEGIN; DELETE FROM t; INSERT INTO t VALUES(hex(zeroblob(9000)));"
                            "COMMIT; VACUUM").ok());
    ASSERT_EQ(batches_.size(), 4u);
  }
  static bool write(PageStore& store, const PageBatch& batch) {
    bool stored = false;
    store.write(batch, [&](Result<Ok> done) { stored = done.ok(); });
    return stored;
  }
  static Result<FilePageStore::Opened> open(const TemporaryFolder& folder) {
    return FilePageStore::open(folder.path);
  }
  void fill(const TemporaryFolder& folder, std::size_t count) {
    auto opened = open(folder);
    ASSERT_TRUE(opened.ok());
    for (std::size_t i = 0; i < count; ++i) ASSERT_TRUE(write(*opened->store, batches_[i]));
  }
  std::vector<PageBatch> batches_;
};

// A stop at every single step would be 60,000 runs: this takes every step that is not a byte, and
// bytes at an odd distance.
TEST_F(FilePageStoreTest, AStopAtAnyStepLeavesTheOldOrTheNewCommit) {
  std::uint64_t old_commits = 0, new_commits = 0;
  for (std::uint64_t steps = 0, finished = 0; !finished; steps += steps % 13 == 0 ? 1 : 2503) {
    const TemporaryFolder folder;
    fill(folder, 2);
    bool acknowledged = false;
    {
      auto opened = open(folder);
      ASSERT_TRUE(opened.ok());
      opened->store->stop_after_for_test(steps);
      acknowledged = write(*opened->store, batches_[2]);
      finished = !opened->store->stopped();
    }
    auto reopened = open(folder);
    ASSERT_TRUE(reopened.ok()) << steps << " " << reopened.error().where << ": "
                               << reopened.error().message;
    ++(reopened->image.commit == 2 ? old_commits : new_commits);
    if (acknowledged) {
      EXPECT_EQ(reopened->image.commit, 3u) << steps;
    }
    EXPECT_GE(reopened->image.commit, 2u);
    ASSERT_TRUE(write(*reopened->store, batches_[2]));  // and life goes on
    ASSERT_TRUE(write(*reopened->store, batches_[3]));
    reopened->store.reset();
    EXPECT_EQ(open(folder)->image.commit, 4u);
  }
  EXPECT_GT(old_commits, 10u);
  EXPECT_GT(new_commits, 10u);
}

TEST_F(FilePageStoreTest, ACrashWhileTheJournalIsAppliedAtStartIsHarmlessToo) {
  const TemporaryFolder folder;
  fill(folder, 2);
  std::uint64_t journal_steps = 0;
  for (const auto& [number, page] : batches_[2].pages) journal_steps += page.size() + 4;
  {
    auto opened = open(folder);
    opened->store->stop_after_for_test(journal_steps + 32 + 4 + 8 + 3 + 5000);
    EXPECT_FALSE(write(*opened->store, batches_[2]));
  }
  ASSERT_TRUE(fs::exists(folder.path + "/journal"));
  const std::string copy = folder.path + "/copy";
  fs::copy_file(folder.path + "/journal", copy);
  EXPECT_EQ(open(folder)->image.commit, 3u);
  fs::rename(copy, folder.path + "/journal");  // its removal was not durable
  EXPECT_EQ(open(folder)->image.commit, 3u);
  EXPECT_FALSE(fs::exists(folder.path + "/journal"));
}

TEST_F(FilePageStoreTest, EveryFlippedByteIsFound) {
  const TemporaryFolder folder;
  fill(folder, 3);
  const std::string path = folder.path + "/pages";
  const auto size = static_cast<std::streamoff>(fs::file_size(path));
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  for (std::streamoff at = 0; at < size; at += at < 40 ? 1 : 211) {
    file.seekg(at);
    const char old = static_cast<char>(file.get());
    file.seekp(at).put(static_cast<char>(old ^ 0x20)).flush();
    const auto opened = open(folder);
    EXPECT_FALSE(opened.ok()) << at;
    if (!opened.ok()) {
      EXPECT_TRUE(opened.error().code == ErrorCode::kCorrupt ||
                  opened.error().code == ErrorCode::kUnsupported);
    }
    file.seekp(at).put(old).flush();
  }
  EXPECT_TRUE(open(folder).ok()) << "a refused folder is left as it was";
}

TEST_F(FilePageStoreTest, ACutFileAndADamagedJournalAreFound) {
  const TemporaryFolder folder;
  fill(folder, 3);
  const std::string path = folder.path + "/pages";
  const auto size = fs::file_size(path);
  for (const auto cut : {size - 1, size - 8200, std::uintmax_t{8200}, std::uintmax_t{10}}) {
    fs::resize_file(path, cut);
    EXPECT_EQ(open(folder).error().code, ErrorCode::kCorrupt) << cut;
  }
  std::ofstream(folder.path + "/journal") << "TITIKJRN half";
  EXPECT_EQ(open(folder).error().where, "journal");
}

TEST_F(FilePageStoreTest, TwoOwnersAreRefused) {
  const TemporaryFolder folder;
  const auto first = open(folder);
  EXPECT_EQ(open(folder).error().code, ErrorCode::kConflict);
}

TEST_F(FilePageStoreTest, AFolderThatCannotBeMadeIsAStorageError) {
  EXPECT_EQ(FilePageStore::open("/nonexistent/folder").error().code, ErrorCode::kStorage);
}

}  // namespace
}  // namespace titik::store
