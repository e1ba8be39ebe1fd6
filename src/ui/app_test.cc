// The main job, as a person does it who knows the screen only by its nodes; and what the interface
// asks of the engine while they do.
#include "ui/app.h"

#include <gtest/gtest.h>

#include "ui/test_app.h"

namespace titik::ui {
namespace {

using engine::DeleteDraft;
using engine::Submit;
using report::PhoneState;
using report::PlaceSource;

// --- From the first tap to the sent report ----------------------------------------------------------

TEST_F(AppTest, TheMainJobThroughNodesOnly) {
  begin();
  phone.add_photo('a', /*from_camera=*/true);
  phone.app.position(fix(12));
  phone.settle();
  phone.tap("Lanjut");
  EXPECT_TRUE(phone.find("Lokasi Anda"));
  EXPECT_TRUE(phone.find("±12 m dari GPS ponsel"));
  phone.type("Patokan", "Depan warung Bu Siti, RT 03");
  phone.tap("Lanjut");
  phone.tap("Pengaduan");
  phone.tap("Lampu jalan");
  phone.type("Judul", "Lampu mati");
  phone.type("Isi laporan", "Tiga malam gelap.\nBanyak anak lewat.");
  phone.type("Tanggal kejadian", "2026-11-19");
  phone.type("Nama", "Ibu Sari");
  phone.type("Nomor telepon", "0812 3456 7890");
  phone.tap("Lanjut");
  EXPECT_TRUE(phone.find("Lampu mati"));
  EXPECT_TRUE(phone.shows("Lampu jalan, ke Dishub, 24 jam"));
  EXPECT_TRUE(phone.shows("Kejadian 19 November 2026"));
  EXPECT_TRUE(phone.shows("1 foto, 208 KB"));
  phone.tap("Kirim laporan");

  const std::vector<Submit> submits = phone.host.sent<Submit>();
  ASSERT_EQ(submits.size(), 1u);
  // What is queued is what was seen.
  const report::Draft draft = saves().back().draft;
  EXPECT_EQ(submits[0].report_id, draft.id);
  EXPECT_EQ(draft.classification, report::Classification::kComplaint);
  EXPECT_EQ(draft.category_id, "lampu-jalan");
  EXPECT_EQ(draft.title, "Lampu mati");
  EXPECT_EQ(draft.content, "Tiga malam gelap.\nBanyak anak lewat.");
  EXPECT_EQ(draft.incident_date, "2026-11-19");
  EXPECT_EQ(draft.reporter_name, "Ibu Sari");
  EXPECT_EQ(draft.reporter_phone, "0812 3456 7890");
  EXPECT_EQ(draft.landmark, "Depan warung Bu Siti, RT 03");
  ASSERT_TRUE(draft.place);
  EXPECT_EQ(draft.place->source, PlaceSource::kGps);
  EXPECT_EQ(phone.host.persistence_asked, 1);

  // Periksa gives way to what became of it, and back leads to where the report was begun.
  EXPECT_TRUE(phone.find(Role::kHeading, "Menunggu jaringan"));
  EXPECT_EQ(phone.host.depth(), 1u);
  phone.tap("Tutup");
  EXPECT_TRUE(phone.find(Role::kHeading, "Titik Lapor"));
}

TEST_F(AppTest, ASentReportIsOpenedFromItsReceipt) {
  fill_in();
  phone.tap("Lanjut");
  phone.tap("Kirim laporan");
  phone.tap("Lihat laporan");
  EXPECT_TRUE(phone.find(Role::kHeading, "Lubang besar"));
  EXPECT_EQ(phone.status(), "Menunggu jaringan");
  phone.tap("Kirim sekarang");
  EXPECT_EQ(phone.host.sent<engine::SendNow>().size(), 1u);
}

// --- Story ------------------------------------------------------------------------------------------

TEST_F(AppTest, AnonymousHidesTheFieldsOfIdentity) {
  begin(2);
  EXPECT_TRUE(phone.find("Nama"));
  phone.tap("Anonim");
  EXPECT_TRUE(phone.find("Anonim")->state & kChecked);
  EXPECT_FALSE(phone.find("Nama"));
  EXPECT_FALSE(phone.find("Nomor telepon"));
  phone.wait(600);
  EXPECT_TRUE(saves().back().draft.is_anonymous);
  phone.tap("Anonim");
  EXPECT_TRUE(phone.find("Nama"));
}

TEST_F(AppTest, OnlyAComplaintHasADate) {
  begin(2);
  EXPECT_EQ(phone.find("Tanggal kejadian")->value, "2026-11-21");  // today, in the city's zone
  phone.tap("Permintaan informasi");
  EXPECT_FALSE(phone.find("Tanggal kejadian"));
  phone.tap("Aspirasi");
  EXPECT_TRUE(phone.find("Aspirasi")->state & kChecked);
  phone.tap("Pengaduan");
  EXPECT_TRUE(phone.find("Tanggal kejadian"));
}

TEST_F(AppTest, AVerticalBodyIsNamedAsOne) {
  begin(2);
  phone.tap("Air bersih");
  EXPECT_TRUE(phone.shows("Tirta Mayang bukan bagian pemerintah kota"));
}

// --- Sending ----------------------------------------------------------------------------------------

TEST_F(AppTest, WhatIsMissingIsSaidInWordsAndNothingIsSent) {
  begin(3);
  EXPECT_FALSE(phone.role(Role::kAlert));  // not before the citizen asked to send
  phone.tap("Kirim laporan");
  EXPECT_TRUE(phone.host.sent<Submit>().empty());
  ASSERT_TRUE(phone.role(Role::kAlert));
  EXPECT_EQ(phone.role(Role::kAlert)->label,
            "Ada yang belum lengkap. Tandai tempatnya di peta, atau tulis patokan.\nPilih kategori.\n"
            "Tulis judul singkat.\nCeritakan apa yang terjadi.");
  phone.tap("Ubah lokasi");
  ASSERT_TRUE(phone.find(Role::kHeading, "Lokasi"));
  EXPECT_TRUE(phone.find("Patokan")->state & kInvalid);
  EXPECT_EQ(phone.find("Patokan")->hint, "Tandai tempatnya di peta, atau tulis patokan.");
  phone.type("Patokan", "Depan warung");
  EXPECT_FALSE(phone.find("Patokan")->state & kInvalid);
  for (int i = 0; i < 2; ++i) phone.tap("Lanjut");
  phone.tap("Ubah cerita");
  ASSERT_TRUE(phone.find(Role::kHeading, "Cerita"));
  EXPECT_TRUE(phone.find("Judul")->state & kInvalid);
  EXPECT_EQ(phone.find("Judul")->hint, "Tulis judul singkat.");
  EXPECT_TRUE(phone.find(Role::kRadioGroup, "Kategori")->state & kInvalid);
  // Each goes as it is put right.
  phone.type("Judul", "Lubang");
  EXPECT_FALSE(phone.find("Judul")->state & kInvalid);
  EXPECT_EQ(phone.host.depth(), 3u);
}

TEST_F(AppTest, ANumberThatIsNoneAndADateToComeAreRefused) {
  fill_in();
  phone.type("Nomor telepon", "12");
  phone.type("Tanggal kejadian", "2026-11-22");
  phone.tap("Lanjut");
  phone.tap("Kirim laporan");
  EXPECT_TRUE(phone.host.sent<Submit>().empty());
  EXPECT_TRUE(phone.shows("Tanggal kejadian tidak boleh setelah hari ini."));
  EXPECT_TRUE(phone.shows("Nomor telepon berisi 8 sampai 15 angka."));
  phone.tap("Anonim");  // neither name nor number is sent then
  EXPECT_FALSE(phone.shows("Nomor telepon berisi"));
}

TEST_F(AppTest, WordsOfDangerShowTheWayTo112) {
  fill_in();
  phone.type("Isi laporan", "Ada kebakaran di pasar");
  phone.tap("Lanjut");
  EXPECT_TRUE(phone.find(Role::kLink, "Telepon 112"));
  EXPECT_EQ(phone.find(Role::kLink, "Telepon 112")->value, "tel:112");
  EXPECT_TRUE(phone.shows("Apakah ini darurat?"));
}

TEST_F(AppTest, TwoTapsOnKirimMakeOneReportAndOneWayBack) {
  fill_in();
  phone.tap("Lanjut");
  phone.engine_is_slow = true;
  const NodeId button = phone.find("Kirim laporan")->id;
  phone.ui.activate(button);
  phone.frame();
  phone.ui.activate(button);  // the second finger is faster than the screen
  phone.settle();
  phone.answer();
  phone.settle();
  for (const Submit& submit : phone.host.sent<Submit>()) EXPECT_EQ(submit.report_id, phone.host.sent<Submit>()[0].report_id);
  EXPECT_TRUE(phone.find(Role::kHeading, "Menunggu jaringan"));
  EXPECT_EQ(phone.host.depth(), 1u);
  phone.tap("Tutup");
  EXPECT_TRUE(phone.find(Role::kHeading, "Titik Lapor"));
}

TEST_F(AppTest, AReportTakenOverWhileElsewhereDoesNotPullThePersonBack) {
  fill_in();
  phone.tap("Lanjut");
  phone.engine_is_slow = true;
  phone.tap("Kirim laporan");
  phone.tap("Tutup");
  begin(2);
  phone.type("Judul", "Yang kedua");
  phone.answer();  // now the first is queued
  phone.settle();
  EXPECT_TRUE(phone.find("Judul")) << "the new report must stay open";
  EXPECT_EQ(phone.app.draft().title, "Yang kedua");
  EXPECT_EQ(phone.host.depth(), 3u);
}

TEST_F(AppTest, AReportTakenOverWhenAtHomeLeavesTheHistoryAlone) {
  fill_in();
  phone.tap("Lanjut");
  phone.engine_is_slow = true;
  phone.tap("Kirim laporan");
  phone.tap("Tutup");
  EXPECT_TRUE(phone.find(Role::kHeading, "Titik Lapor"));
  phone.answer();
  phone.settle();
  EXPECT_TRUE(phone.find(Role::kHeading, "Titik Lapor"));
  EXPECT_EQ(phone.host.depth(), 0u);
}

TEST_F(AppTest, WhenTheEngineRefusesTheReportStaysOpenAndTheReasonIsShown) {
  fill_in();
  phone.tap("Lanjut");
  phone.engine_is_slow = true;
  phone.tap("Kirim laporan");
  phone.engine.next_error = std::nullopt;
  const std::int64_t submit = phone.host.commands.back().id;
  phone.app.event(engine::Reply{.id = submit, .error = Error{ErrorCode::kInvalidArgument, "", ""},
                                .problems = {{report::Field::kTitle, report::ProblemCode::kInvalid}}});
  phone.frame();
  EXPECT_TRUE(phone.find(Role::kHeading, "Periksa"));
  EXPECT_TRUE(phone.app.has_draft());
}

TEST_F(AppTest, KirimAndTheSecondTapOnHapusInOneFrame) {
  fill_in();
  phone.tap("Lanjut");
  phone.wait(600);
  phone.tap("Hapus draf");
  phone.ui.activate(phone.find("Ya, hapus")->id);
  phone.ui.activate(phone.find("Kirim laporan")->id);
  phone.settle();
  phone.wait(31'000);
  EXPECT_TRUE(phone.host.sent<Submit>().empty());
  EXPECT_EQ(phone.host.sent<DeleteDraft>().size(), 1u);
}

// --- Deleting, going back ---------------------------------------------------------------------------

TEST_F(AppTest, ADraftIsDeletedByTwoTaps) {
  fill_in();
  phone.tap("Lanjut");
  phone.wait(600);
  phone.tap("Hapus draf");
  EXPECT_TRUE(phone.host.sent<DeleteDraft>().empty());
  EXPECT_TRUE(phone.find("Ya, hapus"));
  // A change in between takes the question back.
  phone.tap("Anonim");
  EXPECT_TRUE(phone.find("Hapus draf"));
  phone.tap("Hapus draf");
  phone.tap("Ya, hapus");
  EXPECT_TRUE(phone.find(Role::kHeading, "Titik Lapor"));
  EXPECT_TRUE(phone.find("Belum ada laporan"));
  EXPECT_EQ(phone.host.depth(), 0u);
  phone.wait(31'000);
  EXPECT_EQ(phone.host.sent<DeleteDraft>().size(), 1u);
  EXPECT_TRUE(phone.engine.reports.empty());  // no late save brings it back
}

TEST_F(AppTest, ADraftThatWasNeverSavedNeedsNoDeleting) {
  begin(3);
  phone.tap("Hapus draf");
  phone.tap("Ya, hapus");
  EXPECT_TRUE(phone.host.sent<DeleteDraft>().empty());
  EXPECT_TRUE(phone.find(Role::kHeading, "Titik Lapor"));
}

TEST_F(AppTest, OneHistoryEntryForEachScreen) {
  begin(3);
  EXPECT_EQ(phone.host.depth(), 4u);
  phone.tap("Kembali");
  EXPECT_EQ(phone.host.depth(), 3u);
  EXPECT_TRUE(phone.find(Role::kHeading, "Cerita"));
  // The browser's own back, two at once.
  const std::vector<std::string> before = phone.host.history;
  phone.go_back(2);
  EXPECT_TRUE(phone.find(Role::kHeading, "Foto"));
  // And forward again.
  phone.app.navigate(before[0] + "\n" + before[1] + "\n" + before[2]);
  phone.frame();
  EXPECT_TRUE(phone.find(Role::kHeading, "Lokasi"));
  phone.go_back(9);
  EXPECT_TRUE(phone.find(Role::kHeading, "Titik Lapor"));
}

TEST_F(AppTest, ForwardToADraftBringsBackWhatWasWritten) {
  fill_in();
  const std::vector<std::string> before = phone.host.history;
  phone.go_back(9);
  EXPECT_FALSE(phone.app.has_draft());
  std::string routes;
  for (const std::string& route : before) routes += route + "\n";
  phone.app.navigate(routes);
  phone.settle();
  EXPECT_TRUE(phone.find(Role::kHeading, "Cerita"));
  EXPECT_EQ(phone.find("Judul")->value, "Lubang besar");
  EXPECT_EQ(phone.host.history, before);
}

TEST_F(AppTest, ALinkToAStepStandsOnTheStepsBefore) {
  fill_in();
  phone.wait(500);
  const std::string id = phone.app.draft().id;
  phone.go_back(9);
  phone.app.navigate("#/draf/" + id + "/periksa");
  phone.settle();
  EXPECT_TRUE(phone.find(Role::kHeading, "Periksa"));
  EXPECT_EQ(phone.host.depth(), 4u);
  phone.tap("Kembali");
  EXPECT_TRUE(phone.find(Role::kHeading, "Cerita"));
}

TEST_F(AppTest, ALinkMayChooseTheCategory) {
  phone.app.navigate("#/baru?kategori=jalan");
  phone.settle();
  EXPECT_TRUE(phone.find(Role::kHeading, "Foto"));
  EXPECT_EQ(phone.app.draft().category_id, "jalan");
  EXPECT_TRUE(saves().empty());  // a link alone makes no draft
}

TEST_F(AppTest, ALinkToADeletedDraftBeginsANewReport) {
  const std::string id = "0192f0c0-0000-7000-8000-000000000000";
  phone.app.navigate("#/draf/" + id + "/lokasi");
  phone.settle();
  EXPECT_TRUE(phone.find(Role::kHeading, "Lokasi"));
  EXPECT_NE(phone.app.draft().id, id);
  EXPECT_EQ(phone.host.history.back(), "#/draf/" + phone.app.draft().id + "/lokasi");
}

TEST_F(AppTest, ALinkToAReportThatIsNotHereSaysSo) {
  phone.app.navigate("#/laporan/0192f0c0-0000-7000-8000-000000000000");
  phone.settle();
  EXPECT_TRUE(phone.find(Role::kHeading, "Laporan ini tidak ada di ponsel ini"));
  phone.tap("Laporan saya");
  EXPECT_TRUE(phone.find(Role::kHeading, "Laporan saya"));
}

TEST_F(AppTest, ALinkToADraftOpensItForWriting) {
  phone.engine.reports["0192f0c0-0000-7000-8000-000000000001"] = {.draft = whole_draft("0192f0c0-0000-7000-8000-000000000001")};
  phone.app.navigate("#/laporan/0192f0c0-0000-7000-8000-000000000001");
  phone.settle();
  EXPECT_TRUE(phone.find(Role::kHeading, "Foto"));
  EXPECT_EQ(phone.app.draft().title, "Lubang besar di jalan");
}

TEST_F(AppTest, AStepOfASentReportShowsTheReport) {
  const std::string id = "0192f0c0-0000-7000-8000-000000000001";
  phone.engine.reports[id] = {.draft = whole_draft(id), .state = report::PhoneState::kReceived};
  phone.app.navigate("#/draf/" + id + "/cerita");
  phone.settle();
  EXPECT_TRUE(phone.find(Role::kHeading, "Lubang besar di jalan"));
  EXPECT_FALSE(phone.app.has_draft());
  EXPECT_EQ(phone.host.history.back(), "#/laporan/" + id);
}

TEST_F(AppTest, WhatIsTypedAfterSendingWasAskedForIsNotLostBecauseItCannotBeTyped) {
  fill_in();
  phone.tap("Lanjut");
  phone.engine_is_slow = true;
  phone.tap("Kirim laporan");
  EXPECT_FALSE(phone.find("Anonim"));
  EXPECT_EQ(phone.status(), "Menyimpan…");
  phone.answer();
  phone.settle();
  EXPECT_TRUE(phone.find(Role::kHeading, "Menunggu jaringan"));
  EXPECT_LT(phone.app.milliseconds_to_wake(), 0);
}

TEST_F(AppTest, TabsAreRootsAndLeaveNoHistory) {
  for (const auto& [tab, heading] : std::vector<std::pair<const char*, const char*>>{
           {"Laporan saya", "Laporan saya"}, {"Sekitar", "Sekitar"}, {"Lainnya", "Lainnya"}, {"Beranda", "Titik Lapor"}}) {
    phone.tap(tab);
    EXPECT_TRUE(phone.find(Role::kHeading, heading)) << tab;
    EXPECT_TRUE(phone.find(Role::kButton, tab)->state & kCurrent) << tab;
    EXPECT_EQ(phone.host.depth(), 0u);
  }
  EXPECT_EQ(phone.host.sent<engine::LoadPublicReports>().size(), 1u);
}

TEST_F(AppTest, AReportThatNeedsAttentionIsEditedAndSentAgain) {
  engine::ReportDetail report = {.draft = whole_draft("01930000-0000-7000-8000-000000000001"), .state = PhoneState::kNeedsAttention};
  report.draft.title.clear();
  phone.engine.reports[report.draft.id] = {report.draft, report.state};
  phone.send_event(engine::ReportsChanged{{{.id = report.draft.id, .state = report.state, .title = "Lubang"}}});
  phone.tap("Lubang, Perlu perhatian");
  phone.tap("Ubah laporan");
  phone.tap("Lanjut");
  phone.tap("Lanjut");
  EXPECT_TRUE(phone.find("Judul")->state & kInvalid);  // what is wrong is shown at once
  phone.type("Judul", "Lubang besar");
  phone.tap("Lanjut");
  phone.tap("Kirim laporan");
  EXPECT_EQ(phone.host.sent<Submit>().size(), 1u);
  phone.tap("Tutup");
  EXPECT_EQ(phone.host.depth(), 1u);  // back to the detail it was begun from
}

// --- The rest ---------------------------------------------------------------------------------------

TEST_F(AppTest, TextSizeGoesRoundInFourSteps) {
  phone.tap("Lainnya");
  for (const int percent : {125, 150, 200, 100}) {
    phone.tap("Ukuran huruf");
    EXPECT_EQ(phone.host.sent<engine::SaveSettings>().back().settings.text_scale, percent);
    EXPECT_EQ(phone.ui.input().text_scale, static_cast<float>(percent) / 100);
  }
}

TEST_F(AppTest, TextIsNeverLargerThan200Percent) {
  phone.input.text_scale = 1.8f;
  phone.send_event(engine::SettingsChanged{{.text_scale = 200}});
  EXPECT_EQ(phone.ui.input().text_scale, 2);
}

TEST_F(AppTest, AnotherTabsEngineIsTakenOverByATap) {
  phone.app.fatal("other_owner");
  phone.frame();
  phone.tap("Pakai di sini");
  EXPECT_EQ(phone.host.taken_over, 1);
}

TEST_F(AppTest, ABrokenProfileIsNoProfile) {
  phone.send_event(engine::ProfileChanged{"{"});
  EXPECT_TRUE(phone.app.model.city);  // the one before stays
  EXPECT_EQ(phone.app.model.city->id, "kota-jambi");
  phone.send_event(engine::ProfileChanged{read_profile("kota-palangka-raya")});
  EXPECT_EQ(phone.app.model.city->id, "kota-palangka-raya");
}

TEST_F(AppTest, WakesTheEngineWhenThePageIsShownAgain) {
  phone.app.shown();
  ASSERT_EQ(phone.host.sent<engine::Wake>().size(), 1u);
  EXPECT_EQ(phone.host.sent<engine::Wake>()[0].reason, engine::WakeReason::kShown);
}

TEST_F(AppTest, AClockThatRunsIsDrawnAgainEachMinute) {
  EXPECT_LT(phone.app.milliseconds_to_wake(), 0);
  phone.send_event(engine::ReportsChanged{{{.id = "1", .state = PhoneState::kReceived, .status_name = "proses", .follow_up_due_at = kTestNow + kHour}}});
  EXPECT_EQ(phone.app.milliseconds_to_wake(), kMinute);
}

TEST_F(AppTest, ADragScrollsAndTheEndOfTheContentIsTheEnd) {
  phone.send_event(engine::ReportsChanged{std::vector<engine::ReportSummary>(5, {.id = "1", .title = "Lubang"})});
  using Phase = Gestures::Phase;
  phone.ui.pointer(Phase::kDown, 1, {100, 400}, 0);
  EXPECT_TRUE(phone.ui.pointer(Phase::kMove, 1, {100, 300}, 0.01));
  phone.frame();
  EXPECT_EQ(phone.role(Role::kScroller)->scroll, 100);
  phone.ui.pointer(Phase::kMove, 1, {100, -9000}, 0.02);
  phone.ui.pointer(Phase::kCancel, 1, {100, -9000}, 0.03);
  phone.frame();
  phone.frame();
  const Node& page = *phone.role(Role::kScroller);
  EXPECT_EQ(page.scroll, page.content - page.rect.height);
  // A screen reader's scroll is followed too.
  phone.ui.scrolled(page.id, 40);
  phone.frame();
  EXPECT_EQ(phone.role(Role::kScroller)->scroll, 40);
}

}  // namespace
}  // namespace titik::ui
