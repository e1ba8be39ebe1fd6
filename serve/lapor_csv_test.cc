#include "serve/lapor_csv.h"

#include <gtest/gtest.h>

#include "serve/csv.h"

namespace titik::serve {
namespace {

constexpr ZoneOffset kWib = 420;

std::vector<std::vector<std::string>> rows_of(std::string_view text) {
  CsvReader reader(text);
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> cells;
  while (reader.next(cells).value()) rows.push_back(cells);
  return rows;
}

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
  EXPECT_EQ(rows_of("a,b\r\n1,2\r\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("\xEF\xBB\xBF" "a;b\n\"x;\"\"y\"\"\nz\";2"), (Rows{{"a", "b"}, {"x;\"y\"\nz", "2"}}));
  EXPECT_EQ(rows_of("a\tb,c\td\r1\t2\t3\r"), (Rows{{"a", "b,c", "d"}, {"1", "2", "3"}}));
  EXPECT_EQ(rows_of("a,b\n\n,\n1,\n"), (Rows{{"a", "b"}, {"1", ""}}));
  EXPECT_EQ(rows_of(""), Rows{});
}

TEST(Csv, NamesTheLineOfWhatIsWrong) {
  CsvReader open("a,b\n1,\"x\ny\n");
  std::vector<std::string> cells;
  ASSERT_TRUE(open.next(cells).value());
  EXPECT_EQ(open.next(cells).error().where, "baris 2");
  CsvReader behind("a\n\"x\ny\" z\n");
  ASSERT_TRUE(behind.next(cells).value());
  EXPECT_EQ(behind.next(cells).error().where, "baris 3");
  const std::string long_text(kMaxCsvCell + 1, 'x');
  CsvReader long_cell(long_text);
  EXPECT_EQ(long_cell.next(cells).error().code, ErrorCode::kTooLarge);
  const std::string many_text(kMaxCsvCells, ',');
  CsvReader many(many_text);
  EXPECT_EQ(many.next(cells).error().code, ErrorCode::kTooLarge);
}

// A row that is too large ends where it ends; behind quotes that do not match nothing can be told.
TEST(Csv, ReadsOnBehindARowThatIsTooLarge) {
  const std::string text = "a,b\n\"" + std::string(kMaxCsvCell, 'x') + "\ny\",2\n3,4\n" + std::string(kMaxCsvCells, ',') + "\n5,6\n\"x\" y,7\n8,9\n";
  CsvReader reader(text);
  std::vector<std::string> cells;
  ASSERT_TRUE(reader.next(cells).value());
  EXPECT_EQ(reader.next(cells).error().where, "baris 2");
  ASSERT_TRUE(reader.next(cells).value());
  EXPECT_EQ(cells, (std::vector<std::string>{"3", "4"}));
  EXPECT_EQ(reader.line(), 4);
  EXPECT_EQ(reader.next(cells).error().where, "baris 5");
  ASSERT_TRUE(reader.next(cells).value());
  EXPECT_EQ(cells, (std::vector<std::string>{"5", "6"}));
  EXPECT_EQ(reader.next(cells).error().code, ErrorCode::kMalformed);
  EXPECT_FALSE(reader.next(cells).value());
}

TEST(Csv, AFormulaBecomesText) {
  for (const std::string cell : {"=HYPERLINK(\"http://x\")", "+62 812", "-1", "@x", "\tx", "\rx", "＝1+1", "'=1", "''+x"}) {
    const std::string row = csv_row({cell, "b"});
    EXPECT_EQ(row.substr(0, 2), "\"'") << row;
    const Rows read = rows_of(row);
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(csv_plain(read[0][0]), cell);
  }
  EXPECT_EQ(csv_row({"a b", "c,d", "e\"f", ""}), "a b,\"c,d\",\"e\"\"f\",\r\n");
  EXPECT_EQ(csv_plain("'quoted'"), "'quoted'");
}

TEST(LaporDate, InEveryFormSeen) {
  const CivilTime third{.year = 2026, .month = 1, .day = 3};
  for (const char* text : {"3 Jan 2026", "03 Januari 2026", "3 january 2026", " 3  JAN. 2026 ", "2026-01-03", "03-01-2026", "3/1/2026"}) {
    EXPECT_EQ(parse_lapor_date(text), third) << text;
  }
  for (const char* text : {"17 Agu 2026", "17 Agustus 2026", "17 Aug 2026", "17 Ags 2026"}) EXPECT_EQ(parse_lapor_date(text)->month, 8) << text;
  for (const char* text : {"1 Mei 2026", "1 May 2026"}) EXPECT_EQ(parse_lapor_date(text)->month, 5) << text;
  for (const char* text : {"", "3", "31 Feb 2026", "3 Foo 2026", "3 Jan 26", "3-13-2026", "-3 Jan 2026", "3 Jan 2026 x", "1//2026"}) {
    EXPECT_FALSE(parse_lapor_date(text)) << text;
  }
  EXPECT_EQ(format_lapor_date({.year = 2026, .month = 5, .day = 3}), "3 Mei 2026");
  for (int month = 1; month <= 12; ++month) EXPECT_EQ(parse_lapor_date(format_lapor_date({.year = 2026, .month = month, .day = 9}))->month, month);
}

LaporRow example() {
  return LaporRow{.tracking_id = "7000001", .received_at = from_civil({2026, 1, 3, 23, 30, 5}, kWib), .reporter_name = "Siti",
                  .category_id = "11", .category = "Jalan", .title = "=1+1", .content = "Lubang, \"dalam\"\ndi jalan",
                  .source = "Titik Lapor", .institution_id = "101", .institution = "Dinas PUPR", .status = report::Status::kOnHold,
                  .reason = "Menunggu anggaran", .city = "Kota Uji", .village = "Kenali", .rating = 4};
}

TEST(LaporCsv, WhatIsWrittenIsReadAsTheSame) {
  const LaporRow row = example();
  const auto file = read_lapor_csv(write_lapor_header() + write_lapor_row(row, kWib), kWib);
  ASSERT_TRUE(file.ok()) << file.error().message;
  ASSERT_EQ(file->rows.size(), 1u) << file->errors[0].where << file->errors[0].message;
  const LaporRow& read = file->rows[0];
  EXPECT_EQ(read.line, 2);
  EXPECT_EQ(read.tracking_id, row.tracking_id);
  EXPECT_EQ(read.received_at, row.received_at);
  EXPECT_EQ(read.reporter_name, "Siti");
  EXPECT_EQ(read.title, row.title);
  EXPECT_EQ(read.content, row.content);
  EXPECT_EQ(read.status, row.status);
  EXPECT_EQ(read.reason, row.reason);
  EXPECT_EQ(read.institution_id, "101");
  EXPECT_EQ(read.village, "Kenali");
  EXPECT_EQ(read.rating, 4);
}

TEST(LaporCsv, NoNameOfAnAnonymousOrSecretReportIsWrittenOrRead) {
  LaporRow row = example();
  row.is_anonymous = true;
  EXPECT_EQ(write_lapor_row(row, kWib).find("Siti"), std::string::npos);
  row.is_secret = true;
  EXPECT_NE(write_lapor_row(row, kWib).find("\"Anonim, Rahasia\""), std::string::npos);
  row.is_anonymous = false;
  EXPECT_EQ(write_lapor_row(row, kWib).find("Siti"), std::string::npos);
  const auto file = read_lapor_csv("Tracking ID,Tanggal Laporan Masuk,Nama Pelapor,Isi Laporan Awal,Tipe Laporan (Anonim/Rahasia),Status Laporan\n"
                                   "1,3 Jan 2026,Siti,x,ANONIM,Proses\n2,3 Jan 2026,Siti,x,,proses\n", kWib);
  ASSERT_EQ(file->rows.size(), 2u);
  EXPECT_EQ(file->rows[0].reporter_name, "");
  EXPECT_EQ(file->rows[1].reporter_name, "Siti");
}

TEST(LaporCsv, ErrorsNameLineAndColumn) {
  EXPECT_EQ(read_lapor_csv("Nomor,Isi\n1,2\n", kWib).error().where, "baris 1");
  EXPECT_NE(read_lapor_csv("Tracking ID,Isi Laporan Awal\n", kWib).error().message.find("Tanggal Laporan Masuk"), std::string::npos);
  const auto file = read_lapor_csv("tracking id;status laporan;tanggal laporan masuk;waktu laporan masuk;isi laporan awal;rating;lain\n"
                                   "1;Proses;3 Jan 2026;10.30;\"a\nb\";Sangat Memuaskan;?\n"
                                   "x;Apa saja;32 Jan 2026;;isi;9\n"
                                   "3;Belum Ditindaklanjuti;3 Jan 2026;25:00:00;;\n", kWib);
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(file->rows.size(), 1u);
  EXPECT_EQ(file->rows[0].rating, 5);
  std::string all;
  for (const Error& error : file->errors) all += error.where + "|";
  EXPECT_EQ(all, "baris 4, kolom Tracking ID|baris 4, kolom Tanggal Laporan Masuk|baris 4, kolom Status Laporan|baris 4, kolom Rating|"
                 "baris 5 (Tracking ID 3), kolom Waktu Laporan Masuk|baris 5 (Tracking ID 3), kolom Isi Laporan Awal|");
}

}  // namespace
}  // namespace titik::serve
