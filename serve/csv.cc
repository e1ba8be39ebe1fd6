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
        if (at_end_of_cell()) return out;
        at_ = text_.size();
        return error(ErrorCode::kMalformed, "ada tulisan di belakang tanda kutip penutup; gandakan tanda kutip di dalam isian. "
                                            "Mulai baris ini tidak terbaca");
      }
      ++at_;
    } else if (text_[at_] == '\n' || (text_[at_] == '\r' && !text_.substr(at_ + 1).starts_with('\n'))) {
      ++line_;
    }
    too_long_ = too_long_ || out.size() == kMaxCsvCell;
    if (!too_long_) out.push_back(text_[at_]);
  }
  line_ = began;
  return error(ErrorCode::kMalformed, "tanda kutip tidak ditutup; tutup, atau gandakan di dalam isian. Mulai baris ini tidak terbaca");
}

Result<std::string> CsvReader::cell() {
  if (at_ < text_.size() && text_[at_] == '"') return quoted_cell();
  const std::size_t begin = at_;
  while (!at_end_of_cell()) ++at_;
  too_long_ = too_long_ || at_ - begin > kMaxCsvCell;
  return std::string(text_.substr(begin, std::min(at_ - begin, kMaxCsvCell)));
}

Result<bool> CsvReader::next(std::vector<std::string>& cells) {
  while (at_ < text_.size()) {
    cells.clear();
    row_line_ = line_;
    too_long_ = false;
    bool too_many = false;
    while (true) {
      std::string next_cell = TRY(cell());
      too_many = cells.size() == kMaxCsvCells;
      if (!too_many) cells.push_back(std::move(next_cell));
      if (at_ == text_.size() || text_[at_] != separator_) break;
      ++at_;
    }
    if (at_ < text_.size()) {
      at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
      ++line_;
    }
    const std::string where = "baris " + std::to_string(row_line_);
    if (too_long_) return Error{ErrorCode::kTooLarge, where, "isian lebih dari 64 KB; pendekkan"};
    if (too_many) return Error{ErrorCode::kTooLarge, where, "terlalu banyak kolom; periksa pemisah kolom"};
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
