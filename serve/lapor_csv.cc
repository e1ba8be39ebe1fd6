#include "serve/lapor_csv.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "base/id.h"
#include "base/utf8.h"
#include "serve/csv.h"

namespace titik::serve {
namespace {

using report::Classification;

// What we write comes first of each month.
constexpr std::array<std::array<std::string_view, 6>, 12> kMonths = {{
    {"jan", "januari", "january"}, {"feb", "februari", "february", "peb", "pebruari"}, {"mar", "maret", "march", "mrt"},
    {"apr", "april"}, {"mei", "may"}, {"jun", "juni", "june"}, {"jul", "juli", "july"},
    {"agu", "agustus", "agt", "ags", "aug", "august"}, {"sep", "september", "sept"}, {"okt", "oktober", "oct", "october"},
    {"nov", "november", "nop", "nopember"}, {"des", "desember", "dec", "december"}}};

constexpr std::array<std::string_view, 5> kRatings = {"sangat tidak memuaskan", "kurang memuaskan", "netral",
                                                      "cukup memuaskan", "sangat memuaskan"};

std::string lower(std::string_view text) {
  std::string out(trimmed(text));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::optional<int> number_of(std::string_view text, std::size_t most_digits) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.size() > most_digits || text[0] == '-') return std::nullopt;
  return number;
}

std::vector<std::string_view> pieces_of(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) pieces.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

std::optional<int> month_of(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  const std::string wanted = lower(name);
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    for (const std::string_view known : kMonths[month]) {
      if (!known.empty() && known == wanted) return static_cast<int>(month) + 1;
    }
  }
  return std::nullopt;
}

// "14:05:09", "14:05", "14.05". Nothing of a day: midnight.
bool read_time(std::string_view text, CivilTime& time) {
  if (trimmed(text).empty()) return true;
  const auto pieces = pieces_of(trimmed(text), ":.");
  if (pieces.size() < 2 || pieces.size() > 3) return false;
  const auto hour = number_of(pieces[0], 2);
  const auto minute = number_of(pieces[1], 2);
  const auto second = pieces.size() == 3 ? number_of(pieces[2], 2) : 0;
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return false;
  time.hour = *hour;
  time.minute = *minute;
  time.second = *second;
  return true;
}

std::optional<Classification> classification_of(std::string_view text) {
  const std::string name = lower(text);
  // "Pengaduan Berkadar Pengawasan" and the like are complaints.
  if (name.empty() || name.starts_with("pengaduan")) return Classification::kComplaint;
  if (name.starts_with("permintaan informasi")) return Classification::kInformationRequest;
  if (name.starts_with("aspirasi")) return Classification::kAspiration;
  return std::nullopt;
}

std::string_view classification_label(Classification classification) {
  switch (classification) {
    case Classification::kComplaint: return "Pengaduan";
    case Classification::kInformationRequest: return "Permintaan Informasi";
    case Classification::kAspiration: return "Aspirasi";
  }
  return "Pengaduan";
}

std::optional<int> rating_of(std::string_view text) {
  const std::string name = lower(text);
  if (name.empty() || name == "-" || name == "0") return 0;
  for (std::size_t i = 0; i < kRatings.size(); ++i) {
    if (name == kRatings[i] || name == std::to_string(i + 1)) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

// One row by the names of its columns; notes what is wrong with it.
class RowReader {
 public:
  RowReader(const std::map<std::string, std::size_t>& places, const std::vector<std::string>& cells, int line, std::vector<Error>& errors)
      : places_(places), cells_(cells), line_(line), errors_(errors) {}

  [[nodiscard]] std::string text(std::size_t column, Lines lines = Lines::kOne) const {
    const auto place = places_.find(lower(kLaporColumns[column]));
    if (place == places_.end() || place->second >= cells_.size()) return {};
    return std::string(trimmed(clean_text(csv_plain(cells_[place->second]), lines)));
  }
  void complain(std::size_t column, std::string_view message) {
    good_ = false;
    if (errors_.size() == kMostCsvErrors) return;
    errors_.push_back({ErrorCode::kInvalidArgument, place_in_file(line_, text(0), column), std::string(message)});
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  const std::map<std::string, std::size_t>& places_;
  const std::vector<std::string>& cells_;
  int line_;
  std::vector<Error>& errors_;
  bool good_ = true;
};

LaporRow read_row(RowReader& cells, int line, ZoneOffset zone) {
  LaporRow row{.line = line, .tracking_id = cells.text(0), .reporter_name = cells.text(3), .category_id = cells.text(5),
               .category = cells.text(6), .title = cells.text(7), .content = cells.text(8, Lines::kMany),
               .final_content = cells.text(9, Lines::kMany), .source = cells.text(11), .institution_id = cells.text(13),
               .institution = cells.text(14), .reason = cells.text(16, Lines::kMany), .city = cells.text(18),
               .district = cells.text(19), .village = cells.text(20)};
  if (!is_lapor_id(row.tracking_id)) cells.complain(0, "harus 1 sampai 10 angka");
  if (auto date = parse_lapor_date(cells.text(1))) {
    if (!read_time(cells.text(2), *date)) cells.complain(2, "bukan waktu, tulis seperti 14:05:09");
    row.received_at = from_civil(*date, zone);
  } else {
    cells.complain(1, "bukan tanggal, tulis seperti 3 Jan 2026");
  }
  if (const auto kind = classification_of(cells.text(4))) row.classification = *kind;
  else cells.complain(4, "harus Pengaduan, Permintaan Informasi, atau Aspirasi");
  if (!row.category_id.empty() && !is_lapor_id(row.category_id)) cells.complain(5, "harus 1 sampai 10 angka");
  if (row.content.empty()) row.content = row.final_content;
  if (row.content.empty()) cells.complain(8, "kosong, tulis isi laporan");
  const std::string type = lower(cells.text(10));
  row.is_anonymous = type.find("anonim") != type.npos;
  row.is_secret = type.find("rahasia") != type.npos;
  if (row.is_anonymous || row.is_secret) row.reporter_name.clear();
  if (!row.institution_id.empty() && !is_lapor_id(row.institution_id)) cells.complain(13, "harus 1 sampai 10 angka");
  if (const auto status = report::status_from_label(cells.text(15))) row.status = *status;
  else cells.complain(15, "status tidak dikenal, tulis seperti Proses");
  if (const auto rating = rating_of(cells.text(25))) row.rating = *rating;
  else cells.complain(25, "harus 1 sampai 5, atau kosong");
  return row;
}

}  // namespace

std::optional<CivilTime> parse_lapor_date(std::string_view text) {
  text = trimmed(text);
  if (const auto iso = parse_date(text)) return iso;
  const bool in_words = text.find(' ') != text.npos;
  const auto pieces = pieces_of(text, in_words ? " \t" : "-/");
  if (pieces.size() != 3) return std::nullopt;
  const auto day = number_of(pieces[0], 2);
  const auto month = in_words ? month_of(pieces[1]) : number_of(pieces[1], 2);
  const auto year = number_of(pieces[2], 4);
  if (!day || !month || !year || pieces[2].size() != 4 || !is_valid_date(*year, *month, *day)) return std::nullopt;
  return CivilTime{.year = *year, .month = *month, .day = *day};
}

std::string format_lapor_date(const CivilTime& date) {
  std::string month(kMonths[static_cast<std::size_t>(date.month) - 1][0]);
  month[0] = static_cast<char>(month[0] - 'a' + 'A');
  return std::to_string(date.day) + " " + month + " " + std::to_string(date.year);
}

Result<LaporFile> read_lapor_csv(std::string_view text, ZoneOffset zone) {
  if (text.size() > kMaxCsvFile) return Error{ErrorCode::kTooLarge, "", "berkas lebih dari 64 MB"};
  CsvReader reader(text);
  std::vector<std::string> cells;
  if (!TRY(reader.next(cells)) || lower(cells[0]) != lower(kLaporColumns[0])) {
    return Error{ErrorCode::kMalformed, "baris 1", "kepala kolom harus diawali Tracking ID"};
  }
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < cells.size(); ++i) places.emplace(lower(cells[i]), i);
  for (const std::size_t needed : {std::size_t{1}, std::size_t{8}, std::size_t{15}}) {
    if (!places.contains(lower(kLaporColumns[needed]))) {
      return Error{ErrorCode::kMalformed, "baris 1", "kolom " + std::string(kLaporColumns[needed]) + " tidak ada"};
    }
  }
  LaporFile file;
  while (true) {
    const Result<bool> more = reader.next(cells);
    if (more.ok() && !*more) return file;
    if (!more.ok()) {
      ++file.bad_rows;
      if (file.errors.size() < kMostCsvErrors) file.errors.push_back(more.error());
      continue;
    }
    RowReader row(places, cells, reader.line(), file.errors);
    LaporRow read = read_row(row, reader.line(), zone);
    if (row.good()) file.rows.push_back(std::move(read));
    else ++file.bad_rows;
  }
}

std::string place_in_file(int line, std::string_view tracking_id, std::size_t column) {
  std::string place = "baris " + std::to_string(line);
  if (is_lapor_id(tracking_id)) place += " (Tracking ID " + std::string(tracking_id) + ")";
  return place + ", kolom " + std::string(kLaporColumns[column]);
}

std::string write_lapor_header() {
  return "\xEF\xBB\xBF" + csv_row({kLaporColumns.begin(), kLaporColumns.end()});
}

std::string write_lapor_row(const LaporRow& row, ZoneOffset zone) {
  const CivilTime at = to_civil(row.received_at, zone);
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  const bool named = !row.is_anonymous && !row.is_secret;
  std::string type = row.is_anonymous ? "Anonim" : "";
  if (row.is_secret) type += type.empty() ? "Rahasia" : ", Rahasia";
  return csv_row({row.tracking_id, format_lapor_date(at), two(at.hour) + ":" + two(at.minute) + ":" + two(at.second),
                  named ? row.reporter_name : "", std::string(classification_label(row.classification)), row.category_id,
                  row.category, row.title, row.content, row.final_content.empty() ? row.content : row.final_content, type, row.source,
                  "", row.institution_id, row.institution, std::string(report::status_label(row.status)), row.reason, "",
                  row.city, row.district, row.village, "", "", "", "", row.rating == 0 ? "" : std::to_string(row.rating)});
}

}  // namespace titik::serve
