// When a draft is saved, and when the interface may say that it is.
#include "ui/app.h"

#include <gtest/gtest.h>

#include "ui/test_app.h"

namespace titik::ui {
namespace {

using engine::SaveDraft;

// --- Saving -----------------------------------------------------------------------------------------

TEST_F(AppTest, AReportThatIsOnlyLookedAtIsNotSaved) {
  begin(3);
  phone.wait(5000);
  EXPECT_TRUE(saves().empty());
  EXPECT_EQ(phone.status(), "");
}

TEST_F(AppTest, ADraftIsSaved500MsAfterTheLastChange) {
  begin(2);
  phone.type("Judul", "L");
  phone.wait(50);
  phone.type("Judul", "Lu");
  phone.wait(499);
  EXPECT_TRUE(saves().empty());
  EXPECT_EQ(phone.status(), "Menyimpan…");
  phone.wait(1);
  ASSERT_EQ(saves().size(), 1u);
  EXPECT_EQ(saves()[0].draft.title, "Lu");
  phone.wait(5000);
  EXPECT_EQ(saves().size(), 1u);
}

TEST_F(AppTest, WhoeverNeverStopsTypingIsSavedAllTheSame) {
  begin(2);
  const UnixMillis start = phone.host.clock;
  std::string text;
  std::vector<UnixMillis> times;
  while (phone.host.clock < start + 10'000) {
    text += 'a';
    phone.type("Isi laporan", text);
    const std::size_t before = saves().size();
    phone.wait(100);
    if (saves().size() > before) times.push_back(phone.host.clock - start);
  }
  ASSERT_FALSE(times.empty());
  UnixMillis last = 0;
  for (const UnixMillis time : times) {
    EXPECT_LE(time - last, 700);  // 600 ms after the first unsaved letter, which came up to 0.1 s after the last save
    last = time;
  }
}

TEST_F(AppTest, HidingThePageSavesAtOnce) {
  begin(2);
  phone.type("Judul", "Lubang");
  EXPECT_TRUE(saves().empty());
  phone.app.hidden();
  ASSERT_EQ(saves().size(), 1u);
  EXPECT_EQ(saves()[0].draft.title, "Lubang");
  phone.app.hidden();
  EXPECT_EQ(saves().size(), 1u);
}

TEST_F(AppTest, GoingBackSavesAtOnce) {
  begin(2);
  phone.type("Judul", "Lubang");
  phone.tap("Kembali");
  EXPECT_EQ(saves().size(), 1u);
}

TEST_F(AppTest, LeavingAllStepsSavesAtOnce) {
  begin(2);
  phone.type("Judul", "Lubang");
  phone.tap("Tutup");
  ASSERT_EQ(saves().size(), 1u);
  EXPECT_TRUE(phone.find(Role::kHeading, "Titik Lapor"));
  EXPECT_TRUE(phone.find("Lubang, Draf"));
  EXPECT_EQ(phone.host.depth(), 0u);
}

TEST_F(AppTest, SimpanDrafSavesAtOnceInEveryStep) {
  for (int step = 0; step < 4; ++step) {
    TestPhone own;
    own.start();
    own.tap("Buat laporan");
    for (int i = 0; i < step; ++i) own.tap("Lanjut");
    own.tap("Simpan draf");
    EXPECT_EQ(own.host.sent<SaveDraft>().size(), 1u) << step;
    EXPECT_EQ(own.status(), "Tersimpan di ponsel") << step;
  }
}

TEST_F(AppTest, TersimpanIsSaidOnlyWhenItIsDurable) {
  begin(2);
  phone.engine_is_slow = true;
  phone.type("Judul", "Lubang");
  EXPECT_EQ(phone.status(), "Menyimpan…");
  phone.wait(600);
  ASSERT_EQ(saves().size(), 1u);
  EXPECT_EQ(phone.status(), "Menyimpan…");  // sent, not answered
  phone.wait(5000);
  EXPECT_EQ(phone.status(), "Menyimpan…");
  phone.answer();
  phone.frame();
  EXPECT_EQ(phone.status(), "Tersimpan di ponsel");

  phone.type("Judul", "Lubang besar");  // a letter more, and it is no longer true
  EXPECT_EQ(phone.status(), "Menyimpan…");
  phone.wait(500);
  phone.type("Judul", "Lubang besar sekali");
  phone.answer();
  phone.frame();
  EXPECT_EQ(phone.status(), "Menyimpan…");
  phone.wait(500);
  phone.answer();
  phone.frame();
  EXPECT_EQ(phone.status(), "Tersimpan di ponsel");

  // The engine has commits of its own on their way.
  phone.send_event(engine::SaveStateChanged{.unsaved = true});
  EXPECT_EQ(phone.status(), "Menyimpan…");
  phone.send_event(engine::SaveStateChanged{.unsaved = false});
  EXPECT_EQ(phone.status(), "Tersimpan di ponsel");
  phone.send_event(engine::SaveStateChanged{.unsaved = false, .problem = "storage"});
  EXPECT_TRUE(phone.status().starts_with("Belum tersimpan"));
}

TEST_F(AppTest, ARefusedSaveIsNotCalledSaved) {
  begin(2);
  phone.engine.next_error = Error{ErrorCode::kConflict, "", "on its way already"};
  phone.type("Judul", "Lubang");
  phone.wait(600);
  ASSERT_EQ(saves().size(), 1u);
  EXPECT_TRUE(phone.status().starts_with("Belum tersimpan")) << phone.status();
  phone.type("Judul", "Lubang besar");
  phone.wait(600);
  EXPECT_EQ(phone.status(), "Tersimpan di ponsel");
}

TEST_F(AppTest, ADraftIsFoundAgainWithAllOfIt) {
  fill_in();
  phone.type("Nama", "Ibu Sari");
  phone.tap("Rahasia");
  phone.tap("Tutup");
  phone.tap("Lubang besar, Draf");
  EXPECT_EQ(phone.host.sent<engine::OpenReport>().size(), 1u);
  phone.tap("Lanjut");
  EXPECT_EQ(phone.find("Patokan")->value, "Depan warung Bu Siti");
  phone.tap("Lanjut");
  EXPECT_EQ(phone.find("Judul")->value, "Lubang besar");
  EXPECT_EQ(phone.find("Isi laporan")->value, "Sudah lama berlubang.");
  EXPECT_EQ(phone.find("Nama")->value, "Ibu Sari");
  EXPECT_TRUE(phone.find("Rahasia")->state & kChecked);
  EXPECT_TRUE(phone.find(Role::kRadio, "Jalan")->state & kChecked);
  const std::size_t before = saves().size();
  phone.wait(5000);
  EXPECT_EQ(saves().size(), before);  // opening changes nothing
}

// What was typed while the engine looked for the draft must neither be overwritten nor saved over it.
TEST_F(AppTest, ADraftThatIsStillBeingOpenedIsNotSaved) {
  fill_in();
  phone.tap("Tutup");
  const std::size_t before = saves().size();
  phone.engine_is_slow = true;
  phone.tap("Lubang besar, Draf");
  phone.app.changed();
  phone.wait(3000);
  phone.app.hidden();
  EXPECT_EQ(saves().size(), before);
  phone.answer();
  phone.frame();
  EXPECT_EQ(phone.app.draft().title, "Lubang besar");
}

}  // namespace
}  // namespace titik::ui
