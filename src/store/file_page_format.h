// The bytes of FilePageStore's two files (docs/storage-format.md, Folder). All integers are
// little-endian.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "store/page_check.h"

namespace titik::store {

struct Journal {
  Head head;
  PageBatch batch;
};

std::vector<std::uint8_t> encode_journal(const PageBatch& batch, const Head& head);
// A journal is either whole or kCorrupt.
Result<Journal> decode_journal(const std::vector<std::uint8_t>& bytes);

// Where the slot of a page begins in `pages`. Slot 0 holds the head.
std::uint64_t page_offset(std::uint64_t number);
std::vector<std::uint8_t> encode_page(PageNumber number, const Page& page);
std::vector<std::uint8_t> encode_head(const Head& head);
// Only what the bytes say; checked_image() judges it.
Result<StoredImage> decode_pages(const std::vector<std::uint8_t>& bytes);

}  // namespace titik::store
