// What every PageStore must do, as one suite. Include it in one test file of a program and name
// the stores:
//
//   INSTANTIATE_TEST_SUITE_P(Stores, PageStoreConformance, ::testing::Values(
//       StoreCase{"memory", [] { return std::make_unique<MemoryUnderTest>(); }}), store_case_name);
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include "store/commit_queue.h"
#include "store/integrity.h"
#include "store/page_store.h"
#include "store/paged_vfs.h"

namespace titik::store {

// A store and the place where it keeps its pages; the place is empty at first and goes with it.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  // Ends the store, if there is one, and starts it on the same place.
  virtual Result<PageImage> restart() = 0;
  // Precondition: restart() was called.
  virtual PageStore& store() = 0;
};

struct StoreCase {
  const char* name;
  std::function<std::unique_ptr<StoreUnderTest>()> make;
};

inline std::string store_case_name(const ::testing::TestParamInfo<StoreCase>& info) {
  return info.param.name;
}

class PageStoreConformance : public ::testing::TestWithParam<StoreCase> {
 protected:
  void SetUp() override {
    place_ = GetParam().make();
    image_ = restarted();
  }

  PageImage restarted() {
    auto image = place_->restart();
    if (image.ok()) return std::move(image).value();
    ADD_FAILURE() << image.error().where << ": " << image.error().message;
    return {};
  }

  // Writes and waits for the answer, which must come once.
  void write(const PageBatch& batch) {
    int answers = 0;
    place_->store().write(batch, [&](Result<Ok> done) {
      ++answers;
      EXPECT_TRUE(done.ok()) << done.error().message;
    });
    EXPECT_EQ(answers, 1);
    image_.commit = batch.commit;
    image_.page_count = batch.page_count;
    for (const auto& [number, page] : batch.pages) image_.pages[number] = page;
    image_.pages.erase(image_.pages.upper_bound(batch.page_count), image_.pages.end());
  }

  // A page that differs by `seed`; page 1 has the header that check_image() asks for.
  static Page page(PageNumber number, PageNumber page_count, std::uint32_t seed) {
    Page bytes(kPageSize);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<std::uint8_t>((i * 31 + seed * 17 + number * 7) >> (i % 5));
    }
    if (number != 1) return bytes;
    const std::string magic("SQLite format 3\0", 16);
    std::copy(magic.begin(), magic.end(), bytes.begin());
    bytes[16] = kPageSize >> 8;
    bytes[17] = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[28 + i] = static_cast<std::uint8_t>(page_count >> (24 - 8 * i));
    }
    return bytes;
  }

  static PageBatch batch(std::uint64_t commit, PageNumber page_count,
                         std::initializer_list<PageNumber> numbers) {
    PageBatch made{.commit = commit, .page_count = page_count, .pages = {}};
    for (const PageNumber number : numbers) {
      made.pages[number] = page(number, page_count, static_cast<std::uint32_t>(commit));
    }
    return made;
  }

  void expect_same_after_restart() {
    const PageImage found = restarted();
    EXPECT_EQ(found.commit, image_.commit);
    EXPECT_EQ(found.page_count, image_.page_count);
    EXPECT_EQ(found.pages, image_.pages);
  }

  std::unique_ptr<StoreUnderTest> place_;
  PageImage image_;  // what must be found
};

TEST_P(PageStoreConformance, IsEmptyAtFirst) {
  EXPECT_EQ(image_.commit, 0u);
  EXPECT_EQ(image_.page_count, 0u);
  EXPECT_TRUE(image_.pages.empty());
  expect_same_after_restart();
}

TEST_P(PageStoreConformance, KeepsWhatWasWritten) {
  write(batch(1, 3, {1, 2, 3}));
  expect_same_after_restart();
}

TEST_P(PageStoreConformance, ABatchChangesOnlyItsPages) {
  write(batch(1, 3, {1, 2, 3}));
  write(batch(2, 3, {1, 3}));
  expect_same_after_restart();
  write(batch(3, 3, {1, 2}));
  expect_same_after_restart();
}

TEST_P(PageStoreConformance, GrowsAndShrinks) {
  write(batch(1, 2, {1, 2}));
  write(batch(2, 40, {1,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                      16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
                      30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40}));
  expect_same_after_restart();
  write(batch(3, 2, {1}));
  expect_same_after_restart();
  write(batch(4, 4, {1, 3, 4}));
  expect_same_after_restart();
}

TEST_P(PageStoreConformance, CommitNumbersMaySkipBecauseCommitsAreMerged) {
  write(batch(5, 2, {1, 2}));
  write(batch(kNewestCommit - 1, 2, {1}));
  write(batch(kNewestCommit, 2, {1}));
  expect_same_after_restart();
}

TEST_P(PageStoreConformance, ADatabaseLivesInIt) {
  for (int life = 1; life <= 5; ++life) {
    std::uint64_t commit = 0;
    {
      CommitQueue queue(place_->store(), image_.commit);
      PagedFile file(std::move(image_), [&](PageBatch made) { queue.add(std::move(made)); });
      auto db = open_paged_database(file);
      ASSERT_TRUE(db.ok());
      ASSERT_TRUE(db->execute("CREATE TABLE IF NOT EXISTS t(life INTEGER, text)").ok());
      ASSERT_TRUE(db->execute("INSERT INTO t VALUES(" + std::to_string(life) +
                              ", hex(randomblob(30000))); DELETE FROM t WHERE life % 3 = 0")
                      .ok());
      if (life == 4) {
        ASSERT_TRUE(db->execute("VACUUM").ok());
      }
      auto count = db->prepare("SELECT count(*) FROM t");
      ASSERT_TRUE(count->step().value());
      EXPECT_EQ(count->integer(0), life - life / 3);
      count->reset();
      EXPECT_TRUE(check_integrity(*db).ok());
      EXPECT_EQ(queue.durable_commit(), file.commit_number());
      commit = file.commit_number();
    }
    image_ = restarted();
    EXPECT_EQ(image_.commit, commit);
  }
}

}  // namespace titik::store
