// The file that cities exchange, taken in: nothing twice, whatever it holds and wherever it stopped.
#include "serve/csv_exchange.h"

#include <fstream>
#include <iterator>

#include "serve/entered.h"
#include "serve/lapor_csv.h"
#include "serve/test_world.h"
#include "serve/upstream_desk.h"

namespace titik::serve {
namespace {

constexpr const char* kHead =
    "Tracking ID;Tanggal Laporan Masuk;Waktu Laporan Masuk;Judul Laporan;Isi Laporan Awal;Status Laporan;ID Instansi Terdisposisi\n";

struct ImportTest : World {
  // With the link's settings the numbers are SP4N-LAPOR!'s.
  Result<ImportResult> import(const std::string& rows, const UpstreamConfig* numbers) {
    const std::string path = folder.path + "/berkas.csv";
    std::ofstream(path, std::ios::binary) << kHead << rows;
    return import_csv(*repository, workflow, city, numbers, path);
  }
  ImportResult imported(const std::string& rows, const UpstreamConfig* numbers) {
    Result<ImportResult> result = import(rows, numbers);
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? *std::move(result) : ImportResult();
  }
  std::int64_t reports() {
    std::int64_t sum = 0;
    const std::vector<StatusCount> counts = repository->count_by_status().value();
    for (const auto& [status, count] : counts) sum += count;
    return sum;
  }
  // What the link would do with what changed here, all of it wanted there.
  void take_changes() {
    const Caller caller = upstream_caller(*repository, now).value();
    const auto all = [](auto&&...) { return true; };
    while (store.take_changes(caller.id, all, all, now).value() > 0) {
    }
  }
  // One of ours: passed on, and (with a number) known there.
  std::int64_t sent_report(const std::string& number) {
    const std::int64_t id = std::stoll(create_report(phone()));
    take_changes();
    UpstreamItem item = store.next_item(now).value().value();
    EXPECT_EQ(item.tracking_id, id);
    EXPECT_TRUE(store.item_leaves(item, now).value());
    if (number.empty()) {
      EXPECT_TRUE(store.item_rests(item, "asks", "").ok());
    } else {
      EXPECT_TRUE(store.set_upstream_id(id, number, 0, now).ok());
    }
    return id;
  }
  void rename(const std::string& from, const std::string& to) { execute("ALTER TABLE " + from + " RENAME TO " + to); }
  void execute(const std::string& statements) {
    const SqlLock lock(repository->sql().mutex());
    const Result<Ok> done = repository->sql().execute(statements);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  // As if the import had been killed when this one was there, and its state not taken yet. Answers its number here.
  std::int64_t stop_before_its_state(const UpstreamConfig* numbers, const std::string& id) {
    const std::int64_t number = repository->report_by_key(store.key_of((numbers ? "complaint/" : "file/") + id).value()).value().tracking_id;
    const std::string where = " WHERE tracking_id = " + std::to_string(number);
    execute("DELETE FROM upstream_seen" + where + " AND upstream_id IN ('berkas', 'berkas/status'); "
            "DELETE FROM history" + where + " AND action IN ('verify', 'close'); "
            "UPDATE report SET status = 'belum_terverifikasi', verified_at = 0, closed_at = 0, follow_up_stopped_at = 0, response_stopped_at = 0" + where + "; "
            "UPDATE upstream_report SET status_told = 'belum_terverifikasi'" + where);
    return number;
  }

  UpstreamStore store{repository->sql()};
  UpstreamConfig link;
};

TEST_F(ImportTest, WhatIsOursIsNotTakenAgain) {
  ASSERT_TRUE(store.begin(now - 1).ok());
  sent_report("1500001");
  const std::int64_t missed = sent_report("");
  const ImportResult result = imported("1500001;18 Nov 2026;10.00;Lubang;Ada lubang;Proses;101\n"
                                       "1500002;18 Nov 2026;;Lubang;Ada lubang [Titik Lapor kota-uji " + std::to_string(missed) + "];Proses;101\n"
                                       "1500003;18 Nov 2026;10.00;Lain;Parit tersumbat;Proses;101\n", &link);
  EXPECT_EQ(result.ours, 2);
  EXPECT_EQ(result.added, 1);
  EXPECT_EQ(reports(), 3);
  // Its number there was not known: it is now.
  EXPECT_EQ(store.report(missed).value()->upstream_id, "1500002");
}

TEST_F(ImportTest, WhatIsTakenForTheLinkIsTheLinks) {
  ASSERT_TRUE(store.begin(now - 1).ok());
  EXPECT_EQ(imported("1500003;18 Nov 2026;10.00;Lain;Parit tersumbat;Proses;101\n", &link).added, 1);
  EXPECT_EQ(channel_of(repository->sql(), repository->report_by_key(store.key_of("complaint/1500003").value()).value().tracking_id).value(), "lapor");
  take_changes();
  EXPECT_FALSE(store.next_item(now).value().has_value());  // it came from there: it does not go there
  ASSERT_TRUE(store.report_there("1500003").value().has_value());
  EXPECT_TRUE(store.report_there("1500003").value()->is_theirs);
  EXPECT_EQ(imported("1500003;18 Nov 2026;10.00;Lain;Parit tersumbat;Proses;101\n", &link).known, 1);
  EXPECT_EQ(reports(), 1);
}

TEST_F(ImportTest, ANumberOfAnotherCityHidesNoneOfTheirs) {
  ASSERT_TRUE(store.begin(now - 1).ok());
  EXPECT_EQ(imported("1500003;18 Nov 2026;10.00;Lain;Parit tersumbat;Proses;101\n", nullptr).added, 1);
  EXPECT_EQ(imported("1500003;18 Nov 2026;10.00;Lampu;Lampu padam;Proses;101\n", &link).added, 1);
  EXPECT_EQ(reports(), 2);
}

TEST_F(ImportTest, ACopiedMarkHidesNoRow) {
  ASSERT_TRUE(store.begin(now - 1).ok());
  const std::int64_t id = sent_report("1500001");
  const std::string row = "1500002;18 Nov 2026;10.00;Lain;Seperti itu [Titik Lapor kota-uji " + std::to_string(id) + "];Proses;101\n";
  EXPECT_EQ(imported(row, &link).added, 1);
  EXPECT_EQ(imported(row, &link).known, 1);
  EXPECT_EQ(reports(), 2);
}

TEST_F(ImportTest, OurOwnExportAddsNothing) {
  create_report(phone());
  const std::string path = folder.path + "/ekspor.csv";
  ASSERT_EQ(export_csv(*repository, city, {}, desk(), path).value(), 1);
  for (const UpstreamConfig* numbers : {static_cast<const UpstreamConfig*>(nullptr), static_cast<const UpstreamConfig*>(&link)}) {
    const Result<ImportResult> result = import_csv(*repository, workflow, city, numbers, path);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->ours, 1);
    EXPECT_EQ(result->added, 0);
  }
}

TEST_F(ImportTest, ARatingWithoutWordsIsInTheFileToo) {
  const Headers citizen = phone();
  const std::int64_t id = std::stoll(create_report(citizen));
  ASSERT_TRUE(workflow.take(id, desk(), {.action = Action::kVerify}, now).ok());
  ASSERT_TRUE(workflow.take(id, desk(), {.action = Action::kClose, .text = "Jalan itu sudah dibangun ulang"}, now).ok());
  Actor reporter;
  reporter.caller_id = repository->report(id)->caller_id;
  ASSERT_TRUE(workflow.write(id, reporter, {.action = Action::kRate, .rating = 4}, {}, now).ok());
  const std::string path = folder.path + "/ekspor.csv";
  ASSERT_EQ(export_csv(*repository, city, {}, desk(), path).value(), 1);
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_EQ(read_lapor_csv(text, city.zone)->rows.at(0).rating, 4) << text;
}

TEST_F(ImportTest, OneThatStoppedHalfWayIsRepeated) {
  ASSERT_TRUE(store.begin(now - 1).ok());
  const std::string row = "1500003;18 Nov 2026;10.00;Lain;Parit tersumbat;Ditutup oleh Admin;101\n";
  for (const auto& [numbers, id] : {std::pair(static_cast<const UpstreamConfig*>(&link), std::string("1500003")),
                                    std::pair(static_cast<const UpstreamConfig*>(nullptr), std::string("1500004"))}) {
    const std::string this_row = id + row.substr(7);
    const std::int64_t before = reports();
    // A report, and that it came from there, are in the database together or not at all.
    rename("upstream_seen", "away");
    EXPECT_FALSE(import(this_row, numbers).ok());
    rename("away", "upstream_seen");
    EXPECT_EQ(reports(), before);
    EXPECT_EQ(imported(this_row, numbers).added, 1);
    const std::int64_t number = stop_before_its_state(numbers, id);
    take_changes();
    EXPECT_FALSE(store.next_item(now).value().has_value());  // however far it came: it does not go there
    EXPECT_EQ(imported(this_row, numbers).known, 1);
    EXPECT_EQ(reports(), before + 1);
    EXPECT_EQ(repository->report(number).value().status, report::Status::kClosedByAdmin);
    take_changes();
    EXPECT_FALSE(store.next_item(now).value().has_value());
    const auto lines = repository->history(number).value().size();
    EXPECT_EQ(imported(this_row, numbers).known, 1);
    EXPECT_EQ(repository->history(number).value().size(), lines);
  }
}

TEST_F(ImportTest, ReportsOfAnotherCityNeverGoThere) {
  ASSERT_TRUE(store.begin(0).ok());
  EXPECT_EQ(imported("1500003;18 Nov 2026;10.00;Lain;Parit tersumbat;Belum Terverifikasi;101\n", nullptr).added, 1);
  const StoredReport report = repository->report_by_key(store.key_of("file/1500003").value()).value();
  ASSERT_TRUE(workflow.take(report.tracking_id, desk(), {.action = Action::kHandOn, .text = "Bukan urusan kami", .agency_id = "dishub"}, now).ok());
  take_changes();
  EXPECT_FALSE(store.next_item(now).value().has_value());
}

// A year of another system's: what is over is over, what is at work is at work, and no times are made up.
TEST_F(ImportTest, StatesAreTakenAndTheirTimesAreNot) {
  using report::Status;
  EXPECT_EQ(imported("1500001;3 Jan 2026;10.00;Satu;Isi satu;Proses;101\n"
                     "1500002;3 Jan 2026;10.00;Dua;Isi dua;Diarsipkan oleh Admin;101\n"
                     "1500003;3 Jan 2026;10.00;Tiga;Isi tiga;Ditutup oleh Sistem;101\n"
                     "1500004;3 Jan 2026;10.00;Empat;Isi empat;Tunda;101\n"
                     "1500005;3 Jan 2026;10.00;Lima;Isi lima;Terverifikasi;101\n", nullptr).added, 5);
  int number = 7'000'001;
  for (const Status status : {Status::kInProcess, Status::kArchivedByAdmin, Status::kClosedByAdmin, Status::kOnHold, Status::kVerified}) {
    EXPECT_EQ(repository->report(number++).value().status, status);
  }
  while (public_face->catch_up(100).value()) {
  }
  const SqlLock lock(repository->sql().mutex());
  Statement row = repository->sql().prepare("SELECT tracking_id, response_minutes, follow_up_minutes, follow_up_late_at FROM public_report ORDER BY tracking_id").value();
  std::string figures;
  while (row.step().value()) figures += row.text(0).substr(6) + ":" + row.text(1) + "," + row.text(2) + (row.flag(3) ? " late; " : "; ");
  EXPECT_EQ(figures, "1:-1,-1 late; 2:-1,-1; 3:-1,-1; 4:-1,-1; 5:-1,-1 late; ");
  Statement channels = repository->sql().prepare("SELECT count(*) FROM public_report WHERE channel = 'lapor'").value();
  ASSERT_TRUE(channels.step().value());
  EXPECT_EQ(channels.integer(0), 5);
}

TEST_F(ImportTest, ABadRowStopsNoOther) {
  const ImportResult result = imported("1500001;18 Nov 2026;10.00;Satu;Isi satu;Proses;101\n"
                                       "1500002;18 Foo 2026;10.00;Dua;Isi dua;Entah;101\n"
                                       "1500003;18 Nov 2026;10.00;Tiga;" + std::string(70'000, 'x') + ";Proses;101\n"
                                       "1500004;18 Nov 2026;10.00;Empat;Isi empat;Proses;101\n"
                                       "1500005;18 Nov 2026;10.00;Lima;Isi [Titik Lapor kota-uji 7999999];Proses;101\n"
                                       "1500006;18 Nov 2026;10.00;Enam;Isi enam;Proses;101\n", nullptr);
  EXPECT_EQ(result.added, 3);
  EXPECT_EQ(result.refused, 3);
  ASSERT_EQ(result.errors.size(), 4u);
  EXPECT_EQ(result.errors[0].where, "baris 3 (Tracking ID 1500002), kolom Tanggal Laporan Masuk");
  EXPECT_EQ(result.errors[1].where, "baris 3 (Tracking ID 1500002), kolom Status Laporan");
  EXPECT_EQ(result.errors[2].where, "baris 4");
  EXPECT_EQ(result.errors[3].where, "baris 6 (Tracking ID 1500005), kolom Isi Laporan Awal");
}

// Another city's first report is the first here, too: it stays one that was taken in, and is finished.
TEST_F(ImportTest, ANumberThatIsTheSameOnBothSidesIsNotOurs) {
  const std::string row = "7000001;18 Nov 2026;10.00;Lain;Parit tersumbat;Ditutup oleh Admin;101\n";
  EXPECT_EQ(imported(row, nullptr).added, 1);
  EXPECT_EQ(stop_before_its_state(nullptr, "7000001"), 7'000'001);
  EXPECT_EQ(imported(row, nullptr).known, 1);
  EXPECT_EQ(repository->report(7'000'001).value().status, report::Status::kClosedByAdmin);
  EXPECT_EQ(reports(), 1);
}

// Two other cities may give the same number.
TEST_F(ImportTest, TheSameNumberWithOtherWordsIsSaid) {
  EXPECT_EQ(imported("7000001;18 Nov 2026;10.00;Satu;Isi satu;Proses;101\n", nullptr).added, 1);
  const ImportResult result = imported("7000001;18 Nov 2026;10.00;Dua;Isi dua;Proses;101\n", nullptr);
  EXPECT_EQ(result.known, 0);
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors[0].where, "baris 2 (Tracking ID 7000001), kolom Tracking ID");
}

}  // namespace
}  // namespace titik::serve
