#include "store/file_page_format.h"

#include <cstring>
#include <string_view>
#include <utility>

namespace titik::store {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view kPagesMagic = "TITIKPAG";
constexpr std::string_view kJournalMagic = "TITIKJRN";
constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kSumSize = 8;
constexpr std::size_t kHeadSize = 8 + 4 + 4 + 8 + 8;   // magic, format, page count, commit, sum
constexpr std::size_t kSlotSize = kSumSize + kPageSize;
constexpr std::size_t kEntrySize = 4 + kPageSize;      // number, page

template <typename Integer>
void append(Bytes& out, Integer value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

// Precondition: the bytes are there.
template <typename Integer>
Integer read(const std::uint8_t* bytes) {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    value = static_cast<Integer>(value | (Integer{bytes[i]} << (8 * i)));
  }
  return value;
}

void append_head(Bytes& out, std::string_view magic, const Head& head) {
  out.insert(out.end(), magic.begin(), magic.end());
  append(out, kFormat);
  append(out, std::uint32_t{head.page_count});
  append(out, head.commit);
  append(out, head.sum);
}

Error corrupt(const char* where, const char* message) {
  return Error{ErrorCode::kCorrupt, where, message};
}

Result<Head> read_head(const Bytes& bytes, std::string_view magic, const char* where) {
  if (bytes.size() < kHeadSize || std::memcmp(bytes.data(), magic.data(), magic.size()) != 0) {
    return corrupt(where, "the file does not begin as it should");
  }
  if (read<std::uint32_t>(&bytes[8]) != kFormat) {
    return Error{ErrorCode::kUnsupported, where, "the file has a newer format"};
  }
  return Head{.commit = read<std::uint64_t>(&bytes[16]),
              .page_count = read<std::uint32_t>(&bytes[12]),
              .sum = read<std::uint64_t>(&bytes[24])};
}

}  // namespace

Bytes encode_journal(const PageBatch& batch, const Head& head) {
  Bytes out;
  out.reserve(kHeadSize + 4 + batch.pages.size() * kEntrySize + kSumSize);
  append_head(out, kJournalMagic, head);
  append(out, static_cast<std::uint32_t>(batch.pages.size()));
  for (const auto& [number, page] : batch.pages) {
    append(out, std::uint32_t{number});
    out.insert(out.end(), page.begin(), page.end());
  }
  append(out, checksum(0, out.data(), out.size()));
  return out;
}

Result<Journal> decode_journal(const Bytes& bytes) {
  constexpr const char* kWhere = "journal";
  constexpr std::size_t kFixedSize = kHeadSize + 4 + kSumSize;
  const Head head = TRY(read_head(bytes, kJournalMagic, kWhere));
  if (bytes.size() < kFixedSize) return corrupt(kWhere, "the file is too short");
  const std::size_t count = read<std::uint32_t>(&bytes[kHeadSize]);
  if ((bytes.size() - kFixedSize) / kEntrySize != count ||
      (bytes.size() - kFixedSize) % kEntrySize != 0) {
    return corrupt(kWhere, "the file has a wrong size");
  }
  const std::size_t end = bytes.size() - kSumSize;
  if (checksum(0, bytes.data(), end) != read<std::uint64_t>(&bytes[end])) {
    return corrupt(kWhere, "the file does not match its checksum");
  }
  Journal journal{head, PageBatch{head.commit, head.page_count, {}}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* entry = &bytes[kHeadSize + 4 + i * kEntrySize];
    const auto number = read<std::uint32_t>(entry);
    if (number == 0 || number > head.page_count) return corrupt(kWhere, "a page past the end");
    journal.batch.pages.emplace(number, Page(entry + 4, entry + kEntrySize));
  }
  return journal;
}

std::uint64_t page_offset(std::uint64_t number) { return number * kSlotSize; }

Bytes encode_page(PageNumber number, const Page& page) {
  Bytes out;
  out.reserve(kSlotSize);
  append(out, page_checksum(number, page));
  out.insert(out.end(), page.begin(), page.end());
  return out;
}

Bytes encode_head(const Head& head) {
  Bytes out;
  append_head(out, kPagesMagic, head);
  out.resize(kSlotSize - kSumSize, 0);
  append(out, checksum(0, out.data(), out.size()));
  return out;
}

Result<StoredImage> decode_pages(const Bytes& bytes) {
  const Head head = TRY(read_head(bytes, kPagesMagic, "head"));
  if (bytes.size() < kSlotSize) return corrupt("head", "the file is too short");
  constexpr std::size_t kEnd = kSlotSize - kSumSize;
  if (checksum(0, bytes.data(), kEnd) != read<std::uint64_t>(&bytes[kEnd])) {
    return corrupt("head", "the head does not match its checksum");
  }
  if (bytes.size() % kSlotSize != 0) return corrupt("pages", "the file ends within a page");
  StoredImage stored;
  stored.head = head;
  for (std::size_t slot = 1; slot < bytes.size() / kSlotSize; ++slot) {
    const std::uint8_t* begin = &bytes[slot * kSlotSize];
    StoredPage page{Page(begin + kSumSize, begin + kSlotSize), read<std::uint64_t>(begin)};
    stored.pages.emplace(static_cast<PageNumber>(slot), std::move(page));
  }
  return stored;
}

}  // namespace titik::store
