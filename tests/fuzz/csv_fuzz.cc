// libFuzzer target of the file that cities exchange: csv_fuzz CORPUS
// Checks, beyond "no sanitizer report", what serve/csv.h and serve/lapor_csv.h promise.
#include <cstdlib>

#include "base/id.h"
#include "serve/csv.h"
#include "serve/lapor_csv.h"

namespace {

using namespace titik;
using namespace titik::serve;

void require(bool truth) {
  if (!truth) std::abort();
}

void check_cells(std::string_view text) {
  CsvReader reader(text);
  std::vector<std::string> cells;
  for (int line = 0;;) {
    const Result<bool> more = reader.next(cells);
    if (!more.ok()) {
      require(more.error().where.starts_with("baris "));
      continue;
    }
    if (!*more) return;
    require(reader.line() > line && cells.size() <= kMaxCsvCells);
    line = reader.line();
    // What was read can be written, and is read as the same; no cell of it begins a formula.
    const std::string row = csv_row(cells);
    CsvReader again(row);
    std::vector<std::string> same;
    // A row of other separators than ours may be taken for one of them; only what has a comma is surely not.
    if (cells.size() < 2 || row.find(';') != row.npos || row.find('\t') != row.npos) continue;
    require(again.next(same).ok() && same.size() == cells.size());
    for (std::size_t i = 0; i < same.size(); ++i) {
      require(csv_plain(same[i]) == cells[i]);
      require(same[i].empty() || std::string_view("=+-@\t\r").find(same[i][0]) == std::string_view::npos);
    }
  }
}

void check_file(std::string_view text) {
  constexpr ZoneOffset kZone = 420;
  const auto file = read_lapor_csv(text, kZone);
  if (!file.ok()) return;
  require(file->errors.size() <= kMostCsvErrors);
  for (const LaporRow& row : file->rows) {
    require(is_lapor_id(row.tracking_id) && !row.content.empty() && row.rating >= 0 && row.rating <= 5);
    require(!(row.is_anonymous || row.is_secret) || row.reporter_name.empty());
    const auto again = read_lapor_csv(write_lapor_header() + write_lapor_row(row, kZone), kZone);
    require(again.ok() && again->rows.size() == 1);
    const LaporRow& same = again->rows[0];
    require(same.tracking_id == row.tracking_id && same.received_at == row.received_at && same.title == row.title &&
            same.content == row.content && same.status == row.status && same.is_secret == row.is_secret &&
            same.reporter_name == row.reporter_name && same.classification == row.classification);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_cells(text);
  check_file(text);
  // Behind a good head, where the fuzzer would seldom come by itself.
  check_file(write_lapor_header() + std::string(text));
  return 0;
}
