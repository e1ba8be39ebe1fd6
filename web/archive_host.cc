// The archive module: headers and directory of the file that carries reports (store/archive.h), for
// keep.js. Nothing is decided here.
//
// Bytes come in through titik_archive_input(size); what a function answers is read at
// titik_archive_output() until the next call. Answers of the reading functions are JSON, or {"error": name}
// with the places of store/archive.h.
#include <emscripten.h>

#include <string>
#include <vector>

#include "store/archive.h"

namespace {

using namespace titik::store;

struct State {
  std::string input, output;
  ArchiveWriter writer;
  DirectoryPlace place;
  std::vector<ArchiveEntry> entries;
};
State state;

ArchiveBytes input(std::uint32_t length) {
  return ArchiveBytes{reinterpret_cast<const std::uint8_t*>(state.input.data()), state.input.size()}.first(length);
}

std::uint32_t answer(std::string text) {
  state.output = std::move(text);
  return static_cast<std::uint32_t>(state.output.size());
}
std::uint32_t answer(const titik::Error& error) { return answer("{\"error\":\"" + error.where + "\"}"); }

std::string member(const char* name, std::uint64_t value) { return std::string("\"") + name + "\":" + std::to_string(value); }

}  // namespace

// Those that answer a number: the size of the output.
extern "C" {

char* titik_archive_input(std::uint32_t size) {
  state.input.resize(size);
  return state.input.data();
}
const char* titik_archive_output() { return state.output.data(); }

// The input is the name. 0: it does not fit.
std::uint32_t titik_archive_add(std::uint32_t name_length, double size, std::uint32_t crc32, std::uint32_t time, std::uint32_t date) {
  auto header = state.writer.add(state.input.substr(0, name_length), static_cast<std::uint64_t>(size), crc32,
                                 static_cast<std::uint16_t>(time), static_cast<std::uint16_t>(date));
  return header.ok() ? answer(*header) : 0;
}
// Begins a new archive too.
std::uint32_t titik_archive_finish() {
  const std::uint32_t size = answer(state.writer.finish());
  state.writer = {};
  return size;
}

// The input is the file's last bytes. {"at", "bytes"}: where its directory is.
std::uint32_t titik_archive_find(std::uint32_t length, double file_size) {
  const auto place = find_directory(input(length), static_cast<std::uint64_t>(file_size));
  if (!place.ok()) return answer(place.error());
  state.place = *place;
  return answer("{" + member("at", place->at) + "," + member("bytes", place->bytes) + "}");
}

// The input is the directory. [{"name", "size", "crc", "at"}], `at` being where the local header begins.
std::uint32_t titik_archive_directory(std::uint32_t length) {
  auto entries = read_directory(input(length), state.place);
  if (!entries.ok()) return answer(entries.error());
  state.entries = std::move(entries).value();
  std::string json = "[";
  for (const ArchiveEntry& entry : state.entries) {
    if (json.size() > 1) json += ',';
    json += "{\"name\":\"" + entry.name + "\"," + member("size", entry.size) + "," + member("crc", entry.crc32) + "," +
            member("at", entry.header_at) + "}";
  }
  return answer(json + "]");
}

// The input is the local header of entry `index` of that list. {"at"}: where its bytes begin.
std::uint32_t titik_archive_data_at(std::uint32_t index, std::uint32_t length) {
  const auto at = data_at(state.entries[index], input(length));
  return at.ok() ? answer("{" + member("at", *at) + "}") : answer(at.error());
}

}  // extern "C"
