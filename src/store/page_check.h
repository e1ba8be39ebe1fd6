// Proof that the pages read at start are the pages that were written: what every PageStore keeps
// beside the pages, and the check that reads it (docs/storage-format.md, Checks).
//
// Each page has a checksum that includes its number, and the head has one over all pages, the
// commit number and the size. So a torn, flipped, missing, swapped, foreign or stale page, and a
// batch that was stored only in part, are all found; nothing damaged is ever used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "base/result.h"
#include "store/page_store.h"

namespace titik::store {

// 64 bits over `count` bytes and `seed`. Against accidents, not against attackers. A change within
// any one aligned 8-byte word is always found; any other with a chance of 1 in 2^64 to be missed.
std::uint64_t checksum(std::uint64_t seed, const std::uint8_t* bytes, std::size_t count);

// The checksum with the page's number as seed.
std::uint64_t page_checksum(PageNumber number, const Page& page);

struct StoredPage {
  Page data;
  std::uint64_t sum = 0;  // page_checksum() when it was written
};

struct Head {
  std::uint64_t commit = 0;
  PageNumber page_count = 0;
  std::uint64_t sum = 0;  // over commit, page_count and the sums of all pages
};

// What a store finds when it is opened. No head and no pages: nothing was ever stored.
struct StoredImage {
  std::optional<Head> head;
  std::map<PageNumber, StoredPage> pages;
};

// Makes `stored` what it is after `batch`. `head` is PageSums::head_after(batch).
void apply(StoredImage& stored, const PageBatch& batch, const Head& head);

// The sums of the pages that are durable now. A store keeps one to know the head that goes with
// the next batch.
class PageSums {
 public:
  PageSums() = default;
  explicit PageSums(const PageImage& image);

  // The head to store with `batch`, in the same atomic step.
  [[nodiscard]] Head head_after(const PageBatch& batch) const;
  // The batch is durable. Call only then.
  void accept(const PageBatch& batch);

 private:
  std::map<PageNumber, std::uint64_t> sums_;
};

// The image, when every sum is right and check_image() agrees; else kCorrupt with `where` naming
// the first wrong part: "head" or "page 17".
Result<PageImage> checked_image(StoredImage stored);

// Structure only: every page from 1 to page_count is there, whole, and no other; page 1 has
// SQLite's header with our page size and the same page count. kCorrupt as above.
Result<Ok> check_image(const PageImage& image);

}  // namespace titik::store
