#include "serve/csv.h"

#include <algorithm>
#include <array>

namespace titik::serve {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::array<std::string_view, 10> kFormulaStarts = {"=", "+", "-", "@", "\t", "\r",
                                                             "＝", "＋", "－", "＠"};

// Apostrophes before it do not count: those that we add must be told from the citizen's own.
bool is_formula(std::string_view cell) {
  cell.remove_prefix(std::min(cell.find_first_not_of('\''), cell.size()));
  return std::any_of(kFormulaStarts.begin(), kFormulaStarts.end(), [&](std::string_view start) { return cell.starts_with(start); });
}

char separator_of(std::string_view text) {
  std::array<std::pair<char, int>, 3> counts = {std::pair{',', 0}, std::pair{';', 0}, std::pair{'\t', 0}};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    for (auto& [separator, count] : counts) count += c == separator ? 1 : 0;
  }
  return std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : text_(text) {
  if (text_.starts_with(kBom)) text_.remove_prefix(kBom.size());
  separator_ = separator_of(text_);
}

Error CsvReader::error(ErrorCode code, std::string_view message) const {
  return Error{code, "baris " + std::to_string(line_), std::string(message)};
}

bool CsvReader::at_end_of_cell() const {
  return at_ == text_.size() || text_[at_] == separator_ || text_[at_] == '\n' || text_[at_] == '\r';
}

Result<std::string> CsvReader::quoted_cell() {
  const int began = line_;
  std::string out;
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] == '"') {
      if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') {
        ++at_;
        if (!at_end_of_cell()) return error(ErrorCode::kMalformed, "ada tulisan di belakang tanda kutip penutup");
        return out;
      }
      ++at_;
    } else if (text_[at_] == '\n' || (text_[at_] == '\r' && !text_.substr(at_ + 1).starts_with('\n'))) {
      ++line_;
    }
    if (out.size() == kMaxCsvCell) return error(ErrorCode::kTooLarge, "isian terlalu panjang");
    out.push_back(text_[at_]);
  }
  line_ = began;
  return error(ErrorCode::kMalformed, "tanda kutip tidak ditutup");
}

Result<std::string> CsvReader::cell() {
  if (at_ < text_.size() && text_[at_] == '"') return quoted_cell();
  const std::size_t begin = at_;
  while (!at_end_of_cell()) ++at_;
  if (at_ - begin > kMaxCsvCell) return error(ErrorCode::kTooLarge, "isian terlalu panjang");
  return std::string(text_.substr(begin, at_ - begin));
}

Result<bool> CsvReader::next(std::vector<std::string>& cells) {
  while (at_ < text_.size()) {
    cells.clear();
    row_line_ = line_;
    while (true) {
      if (cells.size() == kMaxCsvCells) return error(ErrorCode::kTooLarge, "terlalu banyak kolom");
      cells.push_back(TRY(cell()));
      if (at_ == text_.size() || text_[at_] != separator_) break;
      ++at_;
    }
    if (at_ < text_.size()) {
      at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
      ++line_;
    }
    if (std::any_of(cells.begin(), cells.end(), [](const std::string& cell) { return !cell.empty(); })) return true;
  }
  return false;
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) out += ',';
    const bool formula = is_formula(cell);
    if (!formula && cell.find_first_of(",;\t\"\r\n") == cell.npos) {
      out += cell;
      continue;
    }
    out += '"';
    if (formula) out += '\'';
    for (const char c : cell) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  return out + "\r\n";
}

std::string csv_plain(std::string cell) {
  if (cell.starts_with('\'') && is_formula(cell)) cell.erase(0, 1);
  return cell;
}

}  // namespace titik::serve
