#include "store/archive.h"

#include <algorithm>
#include <set>

namespace titik::store {
namespace {

constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kDirectorySignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::size_t kDirectoryEntryBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::uint16_t kVersion = 20;  // 2.0: folders
constexpr std::uint16_t kUtf8 = 1u << 11;
constexpr std::uint16_t kEncrypted = 1u << 0 | 1u << 6 | 1u << 13;
constexpr std::uint32_t kInZip64 = 0xFFFF'FFFF;

Error malformed(const char* where) { return {ErrorCode::kMalformed, where, "not an archive of ours"}; }
Error unsupported(const char* where) { return {ErrorCode::kUnsupported, where, "a kind of archive that is not read"}; }

void put16(std::string& out, std::size_t number) {
  out += static_cast<char>(number & 0xFF);
  out += static_cast<char>(number >> 8 & 0xFF);
}
void put32(std::string& out, std::uint64_t number) {
  put16(out, number & 0xFFFF);
  put16(out, number >> 16 & 0xFFFF);
}

// Callers have made sure that the bytes are there.
std::uint16_t read16(ArchiveBytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] | bytes[at + 1] << 8);
}
std::uint32_t read32(ArchiveBytes bytes, std::size_t at) {
  return read16(bytes, at) | static_cast<std::uint32_t>(read16(bytes, at + 2)) << 16;
}

// 4.4.2 to 4.4.11: what the local header and the directory say alike.
void put_facts(std::string& out, std::string_view name, std::uint64_t size, std::uint32_t crc32, std::uint16_t time,
               std::uint16_t date) {
  put16(out, kVersion);
  put16(out, kUtf8);
  put16(out, 0);  // stored
  put16(out, time);
  put16(out, date);
  put32(out, crc32);
  put32(out, size);
  put32(out, size);
  put16(out, name.size());
  put16(out, 0);  // no extra field
}

bool is_plain_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxArchiveName) return false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    if (i < name.size() && name[i] != '/') {
      if (name[i] < ' ' || name[i] > '~' || name[i] == '\\' || name[i] == ':' || name[i] == '"') return false;
      continue;
    }
    const std::string_view part = name.substr(begin, i - begin);
    if (part == "." || part == ".." || (part.empty() && (i < name.size() || begin == 0))) return false;
    begin = i + 1;
  }
  return true;
}

}  // namespace

// --- Writing --------------------------------------------------------------------------------------

Result<std::string> ArchiveWriter::add(std::string_view name, std::uint64_t size, std::uint32_t crc32,
                                       std::uint16_t dos_time, std::uint16_t dos_date) {
  const std::uint64_t next = at_ + kLocalHeaderBytes + name.size() + size;
  if (count_ == kMaxArchiveEntries) return Error{ErrorCode::kTooLarge, "entries", "too many for one archive"};
  if (size > kMaxArchiveBytes || next > kMaxArchiveBytes) return Error{ErrorCode::kTooLarge, "bytes", "over 4 GB"};
  std::string header;
  put32(header, kLocalSignature);
  put_facts(header, name, size, crc32, dos_time, dos_date);
  header += name;

  put32(directory_, kDirectorySignature);
  put16(directory_, kVersion);
  put_facts(directory_, name, size, crc32, dos_time, dos_date);
  put16(directory_, 0);  // no comment
  put16(directory_, 0);  // first part of one
  put16(directory_, 0);
  put32(directory_, 0);
  put32(directory_, at_);
  directory_ += name;
  at_ = next;
  ++count_;
  return header;
}

std::string ArchiveWriter::finish() {
  std::string end = std::move(directory_);
  const std::size_t bytes = end.size();
  put32(end, kEndSignature);
  put32(end, 0);  // one part
  put16(end, count_);
  put16(end, count_);
  put32(end, bytes);
  put32(end, at_);
  put16(end, 0);
  return end;
}

// --- Reading --------------------------------------------------------------------------------------

Result<DirectoryPlace> find_directory(ArchiveBytes tail, std::uint64_t file_size) {
  if (tail.size() > file_size || tail.size() < kEndBytes) return malformed("end");
  // The last end whose comment reaches exactly to the end of the file.
  for (std::size_t at = tail.size() - kEndBytes + 1; at-- > 0;) {
    if (read32(tail, at) != kEndSignature || at + kEndBytes + read16(tail, at + 20) != tail.size()) continue;
    const std::size_t entries = read16(tail, at + 10);
    if (read16(tail, at + 4) != 0 || read16(tail, at + 6) != 0 || read16(tail, at + 8) != entries) return unsupported("parts");
    const DirectoryPlace place = {.at = read32(tail, at + 16), .bytes = read32(tail, at + 12), .entries = entries};
    if (place.at == kInZip64 || place.bytes == kInZip64 || entries == 0xFFFF) return unsupported("zip64");
    if (entries > kMaxArchiveEntries) return Error{ErrorCode::kTooLarge, "entries", "more than we write"};
    if (place.at + place.bytes != file_size - (tail.size() - at)) return malformed("end");
    // The longest that so many entries can be, with names and extra fields of reasonable length.
    if (place.bytes > (kDirectoryEntryBytes + 1024) * std::uint64_t{entries}) return malformed("directory");
    return place;
  }
  return malformed("end");
}

Result<std::vector<ArchiveEntry>> read_directory(ArchiveBytes directory, const DirectoryPlace& place) {
  if (directory.size() != place.bytes) return malformed("directory");
  std::vector<ArchiveEntry> entries;
  std::set<std::string> names;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;  // where each begins, and the least it takes
  std::size_t at = 0;
  for (std::size_t i = 0; i < place.entries; ++i) {
    // 1. The fixed part, and names, extra fields and comments of the length it states.
    if (directory.size() - at < kDirectoryEntryBytes) return malformed("directory");
    const ArchiveBytes fixed = directory.subspan(at, kDirectoryEntryBytes);
    const std::size_t name_bytes = read16(fixed, 28);
    const std::size_t bytes = kDirectoryEntryBytes + name_bytes + read16(fixed, 30) + read16(fixed, 32);
    if (read32(fixed, 0) != kDirectorySignature || directory.size() - at < bytes) return malformed("directory");
    const char* const name = reinterpret_cast<const char*>(directory.data()) + at + kDirectoryEntryBytes;
    ArchiveEntry entry = {.name = std::string(name, name_bytes), .size = read32(fixed, 24), .crc32 = read32(fixed, 16),
                          .header_at = read32(fixed, 42)};
    at += bytes;
    // 2. Only what is stored as it is, in this file, under a plain name.
    if ((read16(fixed, 8) & kEncrypted) != 0) return unsupported("encrypted");
    if (entry.size == kInZip64 || read32(fixed, 20) == kInZip64 || entry.header_at == kInZip64) return unsupported("zip64");
    if (read16(fixed, 34) != 0) return unsupported("parts");
    if (!is_plain_name(entry.name)) return malformed("name");
    if (!names.insert(entry.name).second) return malformed("name");
    if (read16(fixed, 10) != 0) return unsupported("compressed");
    if (read32(fixed, 20) != entry.size) return malformed("directory");
    ranges.emplace_back(entry.header_at, kLocalHeaderBytes + name_bytes + entry.size);
    entries.push_back(std::move(entry));
  }
  if (at != directory.size()) return malformed("directory");
  // 3. One after the other in the file, none in another or in the directory.
  std::sort(ranges.begin(), ranges.end());
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::uint64_t end = i + 1 < ranges.size() ? ranges[i + 1].first : place.at;
    if (ranges[i].first + ranges[i].second > end) return malformed("overlap");
  }
  for (ArchiveEntry& entry : entries) {
    const auto next = std::upper_bound(ranges.begin(), ranges.end(), std::pair(entry.header_at, ~std::uint64_t{0}));
    entry.end = next == ranges.end() ? place.at : next->first;
  }
  std::erase_if(entries, [](const ArchiveEntry& entry) { return entry.name.ends_with('/'); });
  return entries;
}

Result<std::uint64_t> data_at(const ArchiveEntry& entry, ArchiveBytes header) {
  if (header.size() < kLocalHeaderBytes || read32(header, 0) != kLocalSignature) return malformed("header");
  if ((read16(header, 6) & kEncrypted) != 0) return unsupported("encrypted");
  if (read16(header, 8) != 0) return unsupported("compressed");
  if (read16(header, 26) != entry.name.size()) return malformed("header");
  const std::uint64_t at = entry.header_at + kLocalHeaderBytes + read16(header, 26) + read16(header, 28);
  if (at + entry.size > entry.end) return malformed("overlap");
  return at;
}

}  // namespace titik::store
