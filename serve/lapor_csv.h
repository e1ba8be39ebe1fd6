// The file that cities exchange: one row a report, in the columns of SP4N-LAPOR!'s export (docs/upstream.md). Reading
// knows the columns by their names, in any order; what it does not know it leaves alone.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "report/city_profile.h"
#include "report/report.h"

namespace titik::serve {

inline constexpr std::array<std::string_view, 26> kLaporColumns = {
    "Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor", "Klasifikasi Laporan", "ID Kategori",
    "Kategori", "Judul Laporan", "Isi Laporan Awal", "Isi Laporan Akhir", "Tipe Laporan (Anonim/Rahasia)", "Sumber Laporan",
    "Instansi Induk", "ID Instansi Terdisposisi", "Instansi Terdisposisi", "Status Laporan", "Alasan Tunda/Arsip", "Provinsi",
    "Kota/Kabupaten", "Kecamatan", "Kelurahan", "Nomor SK", "Url SK", "Url Dokumen Laporan Tahunan",
    "Laporan yang Masuk melalui Kanal Aduan Setwapres", "Rating"};

struct LaporRow {
  int line = 0;             // of the file, where it begins
  std::string tracking_id;  // 1–10 digits, of whoever wrote the file
  UnixMillis received_at = 0;
  std::string reporter_name;  // empty: not told
  report::Classification classification = report::Classification::kComplaint;
  std::string category_id;    // LAPOR!'s; may be empty
  std::string category;
  std::string title;
  std::string content;        // as the citizen wrote it
  std::string final_content;  // as it was passed on; empty: the same
  bool is_anonymous = false;
  bool is_secret = false;
  std::string source;         // channel
  std::string institution_id; // of the agency that has it; may be empty
  std::string institution;
  report::Status status = report::Status::kUnverified;
  std::string reason;         // of holding or archiving
  std::string city, district, village;
  int rating = 0;             // 1–5; 0: none
};

// "3 Jan 2026", months in Indonesian or English, short or whole; also 2026-01-03, 03-01-2026 and 3/1/2026 (day first).
std::optional<CivilTime> parse_lapor_date(std::string_view text);
std::string format_lapor_date(const CivilTime& date);  // "3 Mei 2026"

// Everything that is wrong with a file: `where` is what place_in_file() says, or "baris 12" of a row that cannot be read.
struct LaporFile {
  std::vector<LaporRow> rows;
  std::vector<Error> errors;  // at most kMostCsvErrors
  int bad_rows = 0;           // left out
};
// "baris 12 (Tracking ID 1500001), kolom Status Laporan": spreadsheets count lines otherwise when a cell has several.
std::string place_in_file(int line, std::string_view tracking_id, std::size_t column);
inline constexpr std::size_t kMostCsvErrors = 20;
inline constexpr std::size_t kMaxCsvFile = 64 << 20;  // bytes
// Rows with an error are left out, the others are not. kMalformed: not this kind of file at all.
Result<LaporFile> read_lapor_csv(std::string_view text, ZoneOffset zone);

// With a BOM, which Excel needs to see UTF-8.
std::string write_lapor_header();
// The name is written only for a report that is neither anonymous nor secret, whatever the row holds.
std::string write_lapor_row(const LaporRow& row, ZoneOffset zone);

}  // namespace titik::serve
