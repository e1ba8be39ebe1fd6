// ZIP archives whose entries are stored uncompressed: the file in which reports are carried from one phone to
// another (docs/storage-format.md, "Export"). Headers and directory only: the bytes of the entries never
// come through here, so that an archive of any size takes no memory. PKWARE APPNOTE.TXT 6.3.10, sections
// 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (end).
//
//   ArchiveWriter archive;
//   write(archive.add("laporan.json", size, crc32, now), bytes of it);   // for each entry
//   write(archive.finish());
//
//   const DirectoryPlace place = TRY(find_directory(last bytes of the file, size of the file));
//   const std::vector<ArchiveEntry> entries = TRY(read_directory(its bytes, place));
//   const std::uint64_t at = TRY(data_at(entry, bytes of the file from entry.header_at));
//
// What is read comes from anywhere. Errors, by code and place: kMalformed "end" (no archive, or cut off),
// "directory", "name", "overlap", "header"; kUnsupported "compressed", "encrypted", "zip64", "parts";
// kTooLarge "entries".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace titik::store {

using ArchiveBytes = std::span<const std::uint8_t>;

inline constexpr std::size_t kMaxArchiveEntries = 4000;
inline constexpr std::size_t kMaxArchiveName = 200;            // bytes
inline constexpr std::uint64_t kMaxArchiveBytes = 0xFFFF'FFFE;  // without ZIP64
inline constexpr std::size_t kArchiveEndBytes = 22 + 0xFFFF;    // the most that its end may take, with a comment

// What read_directory() answers for has a plain name: parts of printable ASCII without \, : and " joined by
// '/', none empty, "." or "..". Folders (names with a '/' at their end) are left out.
struct ArchiveEntry {
  std::string name;
  std::uint64_t size = 0;
  std::uint32_t crc32 = 0;
  std::uint64_t header_at = 0;  // of its local header, in the file
  std::uint64_t end = 0;        // where the next thing begins: nothing of this one lies beyond
};

class ArchiveWriter {
 public:
  // The local header; `size` bytes with this CRC-32 follow it. `dos_time` and `dos_date`: APPNOTE 4.4.6.
  // kTooLarge "entries" or "bytes". `name` is one that read_directory() takes.
  Result<std::string> add(std::string_view name, std::uint64_t size, std::uint32_t crc32, std::uint16_t dos_time,
                          std::uint16_t dos_date);
  // The directory and the end; nothing can be added after it.
  std::string finish();

 private:
  std::string directory_;
  std::uint64_t at_ = 0;  // where the next header begins
  std::size_t count_ = 0;
};

struct DirectoryPlace {
  std::uint64_t at = 0;
  std::uint64_t bytes = 0;
  std::size_t entries = 0;
};

// `tail`: the last bytes of the file, kArchiveEndBytes of them or all there are.
Result<DirectoryPlace> find_directory(ArchiveBytes tail, std::uint64_t file_size);

// Entries in the directory's order; no two share a byte of the file, or a name.
Result<std::vector<ArchiveEntry>> read_directory(ArchiveBytes directory, const DirectoryPlace& place);

// Where the entry's bytes begin. `header`: the file from header_at, 30 bytes of it.
inline constexpr std::size_t kLocalHeaderBytes = 30;
Result<std::uint64_t> data_at(const ArchiveEntry& entry, ArchiveBytes header);

}  // namespace titik::store
