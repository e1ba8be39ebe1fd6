#include "store/page_check.h"

#include <gtest/gtest.h>

#include "store/memory_page_store.h"
#include "store/paged_vfs.h"

namespace titik::store {
namespace {

// The disk after `commits` transactions, each of which changes many pages.
StoredImage disk_after(int commits) {
  StoredImage disk;
  PageSums sums;
  PagedFile file({}, [&](PageBatch batch) {
    apply(disk, batch, sums.head_after(batch));
    sums.accept(batch);
  });
  auto db = open_paged_database(file);
  EXPECT_TRUE(db.ok() && db->execute("CREATE TABLE t(a)").ok());
  for (int i = 1; i < commits; ++i) {
    EXPECT_TRUE(db->execute("BEGIN; UPDATE t SET a = zeroblob(20000);"
                            "INSERT INTO t VALUES(zeroblob(9000)); COMMIT").ok());
    EXPECT_TRUE(db->execute("UPDATE t SET a = CAST(rowid AS TEXT) || hex(a)").ok());
  }
  return disk;
}

std::string finding(StoredImage disk) {
  const auto checked = checked_image(std::move(disk));
  if (checked.ok()) return "ok";
  EXPECT_EQ(checked.error().code, ErrorCode::kCorrupt);
  return checked.error().where;
}

TEST(PageCheck, ASoundDiskIsRead) {
  EXPECT_EQ(finding({}), "ok");
  EXPECT_EQ(finding(disk_after(1)), "ok");
  const StoredImage disk = disk_after(4);
  ASSERT_GT(disk.pages.size(), 10u);
  EXPECT_EQ(finding(disk), "ok");
}

TEST(PageCheck, EveryFlippedBitIsFound) {
  const StoredImage disk = disk_after(4);
  for (std::size_t bit = 0; bit < kPageSize * 8; bit += 397) {  // 397 is prime: every bit of a byte
    StoredImage flipped = disk;
    flipped.pages[3].data[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    ASSERT_EQ(finding(flipped), "page 3") << bit;
  }
  for (int bit = 0; bit < 64; ++bit) {
    StoredImage flipped = disk;
    flipped.pages[2].sum ^= std::uint64_t{1} << bit;
    EXPECT_EQ(finding(flipped), "page 2");
    flipped = disk;
    flipped.head->sum ^= std::uint64_t{1} << bit;
    EXPECT_EQ(finding(flipped), "head");
    flipped = disk;
    flipped.head->commit ^= std::uint64_t{1} << bit;
    EXPECT_EQ(finding(flipped), "head");
  }
}

TEST(PageCheck, ATornPageIsFound) {
  const StoredImage old = disk_after(4);
  const StoredImage now = disk_after(5);
  int tears = 0;
  for (const auto& [number, page] : old.pages) {
    for (long edge = 512; edge < long{kPageSize}; edge += 512) {
      StoredImage torn = now;
      Page& data = torn.pages[number].data;
      std::copy(page.data.begin() + edge, page.data.end(), data.begin() + edge);
      if (data == now.pages.at(number).data) continue;
      ++tears;
      EXPECT_EQ(finding(torn), "page " + std::to_string(number));
    }
  }
  EXPECT_GT(tears, 20);
  StoredImage torn = now;
  torn.pages[4].data.resize(4096);
  EXPECT_EQ(finding(torn), "page 4");
}

TEST(PageCheck, AMissingPageOrHeadIsFound) {
  const StoredImage disk = disk_after(4);
  for (const auto& [number, page] : disk.pages) {
    StoredImage damaged = disk;
    damaged.pages.erase(number);
    EXPECT_EQ(finding(damaged), "page " + std::to_string(number));
  }
  StoredImage damaged = disk;
  damaged.head.reset();
  EXPECT_EQ(finding(damaged), "head");
  damaged = disk;
  damaged.pages.clear();
  EXPECT_EQ(finding(damaged), "page 1");
}

TEST(PageCheck, SwappedPagesAreFoundThoughEachIsSound) {
  StoredImage disk = disk_after(4);
  ASSERT_NE(disk.pages[3].data, disk.pages[4].data);
  std::swap(disk.pages[3], disk.pages[4]);
  EXPECT_EQ(finding(disk), "page 3");
}

TEST(PageCheck, AStalePageIsFoundThoughItIsSound) {
  const StoredImage old = disk_after(4);
  for (PageNumber number = 1; number <= 5; ++number) {
    StoredImage disk = disk_after(5);
    if (disk.pages[number].data == old.pages.at(number).data) continue;
    disk.pages[number] = old.pages.at(number);
    EXPECT_NE(finding(disk), "ok") << number;
  }
}

TEST(PageCheck, APageTooManyAndAForeignHeadAreFound) {
  StoredImage disk = disk_after(4);
  const PageNumber extra = disk.head->page_count + 1;
  const Page zeros(kPageSize, 0);
  disk.pages[extra] = StoredPage{zeros, page_checksum(extra, zeros)};
  EXPECT_EQ(finding(disk), "page " + std::to_string(extra));
  disk = disk_after(5);
  disk.head = disk_after(4).head;
  EXPECT_NE(finding(disk), "ok");
}

TEST(PageCheck, TheHeaderOfSqliteMustAgree) {
  const PageImage image = checked_image(disk_after(4)).value();
  EXPECT_TRUE(check_image(image).ok());
  for (const std::size_t offset : {0u, 16u, 17u, 31u}) {  // magic, page size, page count
    PageImage wrong = image;
    wrong.pages[1][offset] ^= 0x10;
    EXPECT_EQ(check_image(wrong).error().where, "page 1") << offset;
  }
  PageImage wrong = image;
  wrong.commit = 0;
  EXPECT_EQ(check_image(wrong).error().where, "head");
}

// The value is on disks: it must never change.
TEST(PageCheck, TheChecksumIsAFixedFunction) {
  const std::uint8_t bytes[] = {'t', 'i', 't', 'i', 'k', ' ', 'l', 'a', 'p', 'o', 'r'};
  EXPECT_EQ(checksum(7, bytes, sizeof bytes), 15728547082448456877u);
  EXPECT_NE(checksum(7, bytes, 8), checksum(7, bytes, 9));
  EXPECT_NE(checksum(7, bytes, 0), checksum(8, bytes, 0));
}

}  // namespace
}  // namespace titik::store
