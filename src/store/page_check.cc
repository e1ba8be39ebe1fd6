#include "store/page_check.h"

#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace titik::store {
namespace {

static_assert(std::endian::native == std::endian::little, "checksum() reads words in memory order");

Error corrupt(std::string where, std::string message) {
  return Error{ErrorCode::kCorrupt, std::move(where), std::move(message)};
}

Error corrupt_page(PageNumber number, std::string message) {
  return corrupt("page " + std::to_string(number), std::move(message));
}

// One step of the checksum. For a given word it maps states one to one, and for a given state it
// maps words one to one: two inputs that differ in one word can never meet again.
std::uint64_t mix(std::uint64_t state, std::uint64_t word) {
  state = (state ^ word) * 0x9FB21C651E98DF25u;
  return state ^ (state >> 32);
}

// Spreads every bit over the whole result (the finaliser of SplitMix64), because the head
// combines sums by XOR.
std::uint64_t spread(std::uint64_t state) {
  state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9u;
  state = (state ^ (state >> 27)) * 0x94D049BB133111EBu;
  return state ^ (state >> 31);
}

// XOR does not depend on the order of pages and can take one page out again.
std::uint64_t head_sum(std::uint64_t commit, PageNumber page_count, std::uint64_t all_pages) {
  return spread(mix(mix(mix(0, commit), page_count), all_pages));
}

// SQLite's file header, "The Database Header" of its file format: big-endian.
std::uint32_t header_field(const Page& page, std::size_t offset) {
  return (std::uint32_t{page[offset]} << 24) | (std::uint32_t{page[offset + 1]} << 16) |
         (std::uint32_t{page[offset + 2]} << 8) | std::uint32_t{page[offset + 3]};
}

}  // namespace

std::uint64_t checksum(std::uint64_t seed, const std::uint8_t* bytes, std::size_t count) {
  std::uint64_t state = mix(mix(0x746974696B706167u, seed), count);
  std::uint64_t word = 0;
  std::size_t done = 0;
  for (; done + sizeof word <= count; done += sizeof word) {
    std::memcpy(&word, bytes + done, sizeof word);
    state = mix(state, word);
  }
  if (done < count) {
    word = 0;
    std::memcpy(&word, bytes + done, count - done);
    state = mix(state, word);
  }
  return spread(state);
}

std::uint64_t page_checksum(PageNumber number, const Page& page) {
  return checksum(number, page.data(), page.size());
}

void apply(StoredImage& stored, const PageBatch& batch, const Head& head) {
  stored.head = head;
  for (const auto& [number, page] : batch.pages) {
    stored.pages[number] = StoredPage{page, page_checksum(number, page)};
  }
  stored.pages.erase(stored.pages.upper_bound(batch.page_count), stored.pages.end());
}

PageSums::PageSums(const PageImage& image) {
  for (const auto& [number, page] : image.pages) sums_[number] = page_checksum(number, page);
}

Head PageSums::head_after(const PageBatch& batch) const {
  std::uint64_t all_pages = 0;
  for (const auto& [number, sum] : sums_) {
    if (number <= batch.page_count && !batch.pages.contains(number)) all_pages ^= sum;
  }
  for (const auto& [number, page] : batch.pages) all_pages ^= page_checksum(number, page);
  return Head{batch.commit, batch.page_count, head_sum(batch.commit, batch.page_count, all_pages)};
}

void PageSums::accept(const PageBatch& batch) {
  sums_.erase(sums_.upper_bound(batch.page_count), sums_.end());
  for (const auto& [number, page] : batch.pages) sums_[number] = page_checksum(number, page);
}

Result<PageImage> checked_image(StoredImage stored) {
  if (!stored.head) {
    if (stored.pages.empty()) return PageImage{};
    return corrupt("head", "there are pages but no head");
  }
  const Head head = *stored.head;
  PageImage image{.commit = head.commit, .page_count = head.page_count, .pages = {}};
  std::uint64_t all_pages = 0;
  for (auto& [number, page] : stored.pages) {
    if (page_checksum(number, page.data) != page.sum) {
      return corrupt_page(number, "the page does not match its checksum");
    }
    all_pages ^= page.sum;
    image.pages.emplace(number, std::move(page.data));
  }
  TRY(check_image(image));  // first: it can say which page is missing
  if (head_sum(head.commit, head.page_count, all_pages) != head.sum) {
    return corrupt("head", "the pages are not those of one commit");
  }
  return image;
}

Result<Ok> check_image(const PageImage& image) {
  if ((image.commit == 0) != (image.page_count == 0)) {
    return corrupt("head", "only an empty database has commit 0");
  }
  PageNumber expected = 1;
  for (const auto& [number, page] : image.pages) {
    if (number > image.page_count) return corrupt_page(number, "the page is past the end");
    if (number != expected) return corrupt_page(expected, "the page is missing");
    if (page.size() != kPageSize) return corrupt_page(number, "the page has a wrong size");
    ++expected;
  }
  if (expected != image.page_count + 1) return corrupt_page(expected, "the page is missing");
  if (image.page_count == 0) return Ok{};

  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  const Page& first = image.pages.begin()->second;
  if (std::memcmp(first.data(), kMagic.data(), kMagic.size()) != 0) {
    return corrupt_page(1, "the page does not begin with SQLite's header");
  }
  if ((header_field(first, 16) >> 16) != kPageSize) {
    return corrupt_page(1, "the database has another page size");
  }
  if (header_field(first, 28) != image.page_count) {
    return corrupt_page(1, "the database has another size than the head says");
  }
  return Ok{};
}

}  // namespace titik::store
