// Comma-separated values as spreadsheets write them (RFC 4180 and its usual variants): a BOM, semicolons or tabs for
// commas, CR, LF or both at the ends of lines, quoted cells with line breaks and doubled quotes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace titik::serve {

inline constexpr std::size_t kMaxCsvCell = 64 * 1024;  // bytes
inline constexpr std::size_t kMaxCsvCells = 256;       // of one row

// Reads row by row. `text` must live as long as the reader.
class CsvReader {
 public:
  // The separator is the one of , ; and tab that the first line has most of, outside of quotes.
  explicit CsvReader(std::string_view text);

  // The next row that is not blank; false at the end. kTooLarge: the call after it reads on behind that row.
  // kMalformed: a quote that is never closed, or words behind a closing one; where the next row begins cannot be told
  // then, and nothing more is read. `where` is "baris 12".
  Result<bool> next(std::vector<std::string>& cells);
  // Where the row that was read last begins, counted from 1.
  [[nodiscard]] int line() const { return row_line_; }

 private:
  Result<std::string> cell();
  Result<std::string> quoted_cell();
  [[nodiscard]] bool at_end_of_cell() const;
  [[nodiscard]] Error error(ErrorCode code, std::string_view message) const;

  std::string_view text_;
  std::size_t at_ = 0;
  char separator_ = ',';
  int line_ = 1;
  int row_line_ = 1;
  bool too_long_ = false;  // a cell of this row
};

// One row with its CRLF. A cell that a spreadsheet would take for a formula (= + - @ and their wide forms, tab, CR at
// its beginning) gets an apostrophe before it, so that nothing a citizen wrote is ever run on an officer's machine.
std::string csv_row(const std::vector<std::string>& cells);
// Takes that apostrophe away again.
std::string csv_plain(std::string cell);

}  // namespace titik::serve
