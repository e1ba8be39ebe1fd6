// What is kept on this phone and what goes: undo, the file to another phone, the browser's storage, the end.
#include "report/report.h"
#include "ui/test_app.h"

namespace titik::ui {
namespace {

using engine::DeleteDraft;
using engine::RemovePhoto;

class KeepingTest : public AppTest {
 protected:
  // A draft that was written, saved and deleted.
  void write_and_delete() {
    fill_in();
    phone.tap("Lanjut");
    phone.wait(600);
    phone.tap("Hapus draf");
    phone.tap("Ya, hapus");
  }
  void open_storage() {
    phone.tap("Lainnya");
    phone.tap(std::string(phone.app.storage_light().title));
    ASSERT_TRUE(phone.find(Role::kHeading, "Penyimpanan"));
  }
  [[nodiscard]] int asked(KeepTask task) const {
    return static_cast<int>(std::count(phone.host.kept.begin(), phone.host.kept.end(), task));
  }
};

// --- The receipt --------------------------------------------------------------------------------------

TEST_F(KeepingTest, AReceiptIsHandedOnWithAllThatItTakesToCheckIt) {
  engine::ReportDetail report = {.draft = whole_draft("01930000-0000-7000-8000-000000000001"), .state = report::PhoneState::kReceived,
                                 .tracking_id = "7000006"};
  report.draft.photos = {test_photo('a'), test_photo('b')};
  report.receipt = "kepala.muatan.tanda";
  report.receipt_verdict = report::ReceiptVerdict::kValid;
  report.receipt_at = kTestNow;
  report.receipt_photos = 1;
  phone.send_event(engine::ReportsChanged{{{.id = report.draft.id, .state = report.state}}});
  phone.app.open_report(report.draft.id);
  phone.send_event(engine::ReportChanged{report});
  phone.settle();
  phone.tap("Tanda terima");
  phone.app.carried({.stage = Carry::kFailed});
  phone.tap("Bagikan tanda terima");
  EXPECT_EQ(phone.host.shared.name, "tanda-terima-7000006.txt");
  EXPECT_EQ(phone.host.shared.text,
            "Titik Lapor\nNomor lacak: 7000006\nKota: Kota Jambi\nDiterima kota: 21 November 2026, 14.10 WIB\n"
            "Foto: 1 dari 2 sudah sampai\nFoto laporan 1: " + test_hash('a') + "\nFoto laporan 2: " + test_hash('b') +
            "\nTanda tangan sah\n\nkepala.muatan.tanda\n\nSiapa pun dapat memeriksanya dengan kunci kota:");
  EXPECT_EQ(phone.host.shared.link, "/titik/1/keys");
  EXPECT_EQ(phone.app.carry.stage, Carry::kNone);  // what failed before is no news any more
}

// --- Undo -------------------------------------------------------------------------------------------

TEST_F(KeepingTest, ADeletedDraftComesBack) {
  write_and_delete();
  EXPECT_TRUE(phone.find("Belum ada laporan"));
  EXPECT_EQ(phone.status(), "Draf dihapus");
  phone.wait(20'000);  // WCAG 2.2.1
  ASSERT_TRUE(phone.find(Role::kButton, "Urungkan"));
  phone.tap("Urungkan");
  EXPECT_FALSE(phone.find("Belum ada laporan"));
  EXPECT_EQ(phone.app.model.reports.size(), 1u);
  phone.wait(60'000);
  EXPECT_TRUE(phone.host.sent<DeleteDraft>().empty());
  EXPECT_EQ(phone.engine.reports.begin()->second.draft.title, "Lubang besar");
}

TEST_F(KeepingTest, WhatWasTypedLastComesBackToo) {
  fill_in();
  phone.tap("Lanjut");
  phone.tap("Hapus draf");
  phone.tap("Ya, hapus");
  phone.tap("Urungkan");
  EXPECT_EQ(phone.engine.reports.begin()->second.draft.content, "Sudah lama berlubang.");
}

TEST_F(KeepingTest, ADraftIsGoneOnceItCannotBeUndone) {
  write_and_delete();
  phone.wait(31'000);
  EXPECT_EQ(phone.host.sent<DeleteDraft>().size(), 1u);
  EXPECT_FALSE(phone.find("Urungkan"));
  EXPECT_TRUE(phone.engine.reports.empty());
}

TEST_F(KeepingTest, AListThatComesMeanwhileDoesNotShowIt) {
  write_and_delete();
  phone.send_event(engine::ReportsChanged{{{.id = phone.engine.reports.begin()->first, .title = "Lubang besar"}}});
  EXPECT_TRUE(phone.find("Belum ada laporan"));
  phone.tap("Urungkan");
  EXPECT_FALSE(phone.find("Belum ada laporan"));
}

TEST_F(KeepingTest, APageThatEndsMeanwhileLeavesTheDraft) {
  write_and_delete();
  phone.app.hidden();
  EXPECT_TRUE(phone.host.sent<DeleteDraft>().empty());
}

TEST_F(KeepingTest, ASecondDeletionEndsTheFirst) {
  write_and_delete();
  write_and_delete();
  EXPECT_EQ(phone.host.sent<DeleteDraft>().size(), 1u);
  phone.tap("Urungkan");
  EXPECT_EQ(phone.app.model.reports.size(), 1u);
}

TEST_F(KeepingTest, ALinkToADeletedDraftBringsItBack) {
  write_and_delete();
  phone.app.navigate("#/\n#/draf/" + phone.engine.reports.begin()->first + "/cerita");
  phone.settle();
  EXPECT_EQ(phone.find("Judul")->value, "Lubang besar");
  phone.wait(60'000);
  EXPECT_TRUE(phone.host.sent<DeleteDraft>().empty());
}

TEST_F(KeepingTest, ADeletedPhotoComesBackWhereItWas) {
  begin();
  phone.add_photo('a');
  phone.add_photo('b');
  phone.tap("Foto 1 dari 2");
  phone.tap("Hapus foto 1");
  EXPECT_TRUE(phone.find("Hapus foto 1"));
  EXPECT_FALSE(phone.find("Foto 2 dari 2"));
  EXPECT_TRUE(phone.shows("Foto dihapus"));
  phone.tap("Urungkan");
  EXPECT_TRUE(phone.find("Foto 2 dari 2"));
  EXPECT_EQ(phone.app.draft().photos[0].sha256, test_hash('a'));
  phone.wait(60'000);
  EXPECT_TRUE(phone.host.sent<RemovePhoto>().empty());
}

// The same file again: the deletion must not take what was added after it.
TEST_F(KeepingTest, TheSamePhotoAddedAgainStays) {
  begin();
  phone.add_photo('a');
  phone.tap("Hapus foto 1");
  phone.add_photo('a');
  phone.wait(60'000);
  EXPECT_EQ(phone.host.sent<RemovePhoto>().size(), 1u);
  EXPECT_EQ(phone.engine.reports.begin()->second.draft.photos.size(), 1u);
  EXPECT_EQ(phone.app.draft().photos.size(), 1u);
}

TEST_F(KeepingTest, ADeletedPhotoIsNotSent) {
  fill_in();
  phone.tap("Kembali");
  phone.tap("Kembali");
  phone.add_photo('a');
  phone.tap("Hapus foto 1");
  for (int i = 0; i < 3; ++i) phone.tap("Lanjut");
  phone.tap("Kirim laporan");
  ASSERT_EQ(phone.host.sent<engine::Submit>().size(), 1u);
  EXPECT_TRUE(phone.engine.reports.begin()->second.draft.photos.empty());
}

// --- Penyimpanan ------------------------------------------------------------------------------------

TEST_F(KeepingTest, TheLightSaysInWordsHowSafeItIs) {
  EXPECT_EQ(asked(KeepTask::kLook), 1);  // once the engine has told what is here
  phone.app.storage_seen({.kept = true, .used = 9'000'000, .free = 4'000'000'000});
  open_storage();
  EXPECT_EQ(asked(KeepTask::kLook), 2);
  EXPECT_TRUE(phone.shows("Penyimpanan aman"));
  EXPECT_FALSE(phone.find("Minta jangan dihapus"));

  phone.app.storage_seen({.kept = false, .used = 9'000'000, .free = 4'000'000'000});
  phone.settle();
  phone.frame();
  EXPECT_TRUE(phone.shows("Data bisa terhapus sendiri"));
  phone.tap("Minta jangan dihapus");
  EXPECT_EQ(phone.host.persistence_asked, 1);

  phone.app.storage_seen({.kept = false, .week = true, .used = 9'000'000, .free = 4'000'000'000});
  phone.frame();
  EXPECT_TRUE(phone.shows("tujuh hari"));
  EXPECT_FALSE(phone.find("Minta jangan dihapus"));  // it would not help

  phone.app.storage_seen({.kept = true, .used = 9'000'000, .free = 12'000'000});
  phone.frame();
  EXPECT_TRUE(phone.shows("Ruang hampir habis"));
  EXPECT_TRUE(phone.shows("Sisa 12,0 MB"));

  phone.send_event(engine::SaveStateChanged{.unsaved = true, .problem = "storage"});
  EXPECT_TRUE(phone.shows("Penyimpanan bermasalah"));
}

TEST_F(KeepingTest, BerandaSpeaksOfItOnlyWhenItMatters) {
  phone.app.storage_seen({.kept = false, .week = true, .free = 12'000'000});
  phone.frame();
  EXPECT_FALSE(phone.find("Penyimpanan"));  // nothing is here that could be lost
  fill_in();
  phone.wait(600);
  phone.tap("Tutup");
  EXPECT_TRUE(phone.shows("Ruang hampir habis"));
  phone.tap("Penyimpanan");
  EXPECT_TRUE(phone.find(Role::kHeading, "Penyimpanan"));
  phone.app.storage_seen({.kept = false, .free = 4'000'000'000});
  phone.tap("Kembali");
  EXPECT_FALSE(phone.find("Penyimpanan"));
}

TEST_F(KeepingTest, AFileIsPreparedAndThenHandedOverInATapOfItsOwn) {
  open_storage();
  EXPECT_TRUE(phone.find("Siapkan berkas")->state & kDisabled);  // nothing to take along
  phone.tap("Kembali");
  phone.tap("Beranda");
  fill_in();
  phone.wait(600);
  phone.tap("Tutup");
  open_storage();
  phone.tap("Siapkan berkas");
  EXPECT_EQ(asked(KeepTask::kPack), 1);
  EXPECT_TRUE(phone.find(Role::kFileInput, "Buka berkas laporan")->state & kDisabled);
  phone.app.carried({.stage = Carry::kReady, .bytes = 812'000, .shares = true});
  phone.frame();
  EXPECT_EQ(asked(KeepTask::kHandOver), 0);
  phone.tap("Bagikan berkas");
  EXPECT_EQ(asked(KeepTask::kHandOver), 1);
  phone.app.carried({.stage = Carry::kReady, .bytes = 812'000});
  phone.frame();
  EXPECT_TRUE(phone.find("Simpan berkas"));
}

TEST_F(KeepingTest, WhatCameOfAFileIsSaid) {
  open_storage();
  phone.send_event(engine::ReportsImported{2, 1, 3});
  EXPECT_TRUE(phone.shows("Laporan baru 2, diperbarui 1, sudah ada 3"));
  for (const auto& [problem, words] : std::vector<std::pair<Carry::Problem, std::string>>{
           {Carry::kCompressed, "dipadatkan ulang"}, {Carry::kNewer, "versi yang lebih baru"}, {Carry::kFull, "penuh"},
           {Carry::kLater, "saat ada jaringan"}, {Carry::kBroken, "rusak, terpotong"}}) {
    phone.app.carried({.stage = Carry::kFailed, .problem = problem});
    phone.frame();
    ASSERT_TRUE(phone.role(Role::kAlert)) << problem;
    EXPECT_NE(phone.role(Role::kAlert)->label.find(words), std::string::npos) << problem;
  }
}

TEST_F(KeepingTest, EverythingIsDeletedOnlyAfterAQuestion) {
  open_storage();
  phone.ui.activate(phone.find(Role::kButton, "Hapus data saya")->id);
  phone.settle();
  EXPECT_TRUE(phone.shows("Laporan di kota tetap ada"));
  phone.tap("Batal");
  EXPECT_EQ(asked(KeepTask::kErase), 0);
  phone.ui.activate(phone.find(Role::kButton, "Hapus data saya")->id);
  phone.settle();
  phone.tap("Ya, hapus");
  EXPECT_EQ(asked(KeepTask::kErase), 1);
}

}  // namespace
}  // namespace titik::ui
