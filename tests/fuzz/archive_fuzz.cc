// libFuzzer target of the archives that reports are carried in: archive_fuzz CORPUS
// Checks, beyond "no sanitizer report", what store/archive.h promises.
#include <algorithm>
#include <cstdlib>
#include <set>

#include "store/archive.h"

namespace {

using namespace titik::store;

void require(bool truth) {
  if (!truth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ArchiveBytes file{data, size};
  const auto place = find_directory(file.last(std::min(size, kArchiveEndBytes)), size);
  if (!place.ok()) return 0;
  require(place->at + place->bytes <= size && place->entries <= kMaxArchiveEntries);
  const auto entries = read_directory(file.subspan(place->at, place->bytes), *place);
  if (!entries.ok()) {
    require(!entries.error().where.empty());
    return 0;
  }
  std::set<std::string> names;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> contents;
  ArchiveWriter writer;
  std::uint64_t written = 0;
  for (const ArchiveEntry& entry : *entries) {
    require(names.insert(entry.name).second && ("/" + entry.name + "/").find("/../") == std::string::npos && entry.name[0] != '/');
    require(entry.header_at + kLocalHeaderBytes <= place->at);
    const auto at = data_at(entry, file.subspan(entry.header_at, kLocalHeaderBytes));
    if (!at.ok()) continue;
    require(*at + entry.size <= place->at);
    contents.emplace_back(*at, *at + entry.size);
    // What was read can be written, and is read as the same.
    const auto header = writer.add(entry.name, entry.size, entry.crc32, 0, 0);
    require(header.ok() && header->size() == kLocalHeaderBytes + entry.name.size());
    written += header->size() + entry.size;
  }
  std::sort(contents.begin(), contents.end());
  for (std::size_t i = 1; i < contents.size(); ++i) require(contents[i - 1].second <= contents[i].first);

  const std::string end = writer.finish();
  const ArchiveBytes tail{reinterpret_cast<const std::uint8_t*>(end.data()), end.size()};
  const auto again = find_directory(tail, written + end.size());
  require(again.ok() && again->at == written && again->entries == contents.size());
  const auto same = read_directory(tail.first(again->bytes), *again);
  require(same.ok() && same->size() == contents.size());
  return 0;
}
