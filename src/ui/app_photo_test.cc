// Photos on their way into the store, and where a report gets its place from.
#include "ui/app.h"

#include <gtest/gtest.h>

#include "ui/test_app.h"

namespace titik::ui {
namespace {

using engine::AddPhoto;
using report::PlaceSource;

// --- Photos -----------------------------------------------------------------------------------------

TEST_F(AppTest, TheFirstPhotoSavesTheDraftAndThenAddsItself) {
  begin();
  const int job = phone.add_photo('a', true);
  ASSERT_GT(job, 0);
  ASSERT_GE(phone.host.commands.size(), 2u);
  ASSERT_EQ(saves().size(), 1u);  // in the store before its photo
  const std::vector<AddPhoto> added = phone.host.sent<AddPhoto>();
  ASSERT_EQ(added.size(), 1u);
  EXPECT_EQ(added[0].report_id, saves()[0].draft.id);
  EXPECT_EQ(added[0].photo.sha256, test_hash('a'));
  EXPECT_EQ(added[0].photo.origin, report::PhotoOrigin::kCamera);
  EXPECT_EQ(phone.host.photo_jobs.back(), job);  // the two files go along with it
  EXPECT_TRUE(phone.find(Role::kImage, "Foto 1 dari 1"));
  EXPECT_EQ(phone.status(), "Tersimpan di ponsel");
}

TEST_F(AppTest, APhotoSaysWhatIsHappeningToIt) {
  begin();
  phone.engine_is_slow = true;
  const int job = phone.app.photo_chosen(3'400'000, false);
  phone.frame();
  EXPECT_TRUE(phone.find(Role::kProgress, "Foto 1 sedang dibaca, 3,4 MB"));
  EXPECT_TRUE(phone.ui.animating());
  phone.app.photo_stage(job, PhotoJob::Stage::kShrinking);
  phone.frame();
  EXPECT_TRUE(phone.find(Role::kProgress, "Foto 1 sedang diperkecil, 3,4 MB"));
  phone.app.photo_ready(job, test_photo('a'));
  phone.frame();
  EXPECT_TRUE(phone.find(Role::kProgress, "Foto 1 sedang disimpan"));
  phone.answer();
  phone.settle();
  EXPECT_FALSE(phone.role(Role::kProgress));
  EXPECT_TRUE(phone.find("Hapus foto 1"));
  EXPECT_FALSE(phone.ui.animating());
}

TEST_F(AppTest, FivePhotosAndNoMore) {
  begin();
  for (const char digit : {'a', 'b', 'c', 'd', 'e'}) {
    EXPECT_FALSE(phone.find("Ambil foto")->state & kDisabled);
    EXPECT_GT(phone.add_photo(digit), 0);
  }
  EXPECT_TRUE(phone.find("Ambil foto")->state & kDisabled);
  EXPECT_TRUE(phone.find("Pilih dari galeri")->state & kDisabled);
  EXPECT_TRUE(phone.find("Sudah 5 foto, itu paling banyak."));
  EXPECT_EQ(phone.add_photo('f'), 0);
  phone.frame();
  EXPECT_EQ(phone.role(Role::kAlert)->label, "Paling banyak 5 foto. Sebagian foto tidak ditambahkan.");
  EXPECT_EQ(phone.host.sent<AddPhoto>().size(), 5u);
}

TEST_F(AppTest, PhotosOnTheirWayCountTowardsTheFive) {
  begin();
  for (const char digit : {'a', 'b', 'c'}) phone.add_photo(digit);
  EXPECT_GT(phone.app.photo_chosen(1, false), 0);
  EXPECT_GT(phone.app.photo_chosen(1, false), 0);
  EXPECT_EQ(phone.app.photo_chosen(1, false), 0);
}

TEST_F(AppTest, EveryFailureOfAPhotoHasItsOwnWords) {
  begin();
  const std::pair<std::pair<const char*, const char*>, const char*> failures[] = {
      {{"malformed", "empty"}, "Berkas foto itu kosong."},
      {{"malformed", "cut_off"}, "Foto itu terpotong"},
      {{"malformed", "jpeg"}, "Foto itu rusak"},
      {{"unsupported", "heic"}, "Berkas itu bukan foto yang bisa dibaca."},
      {{"too_large", "pixels"}, "Foto itu punya terlalu banyak piksel."},
      {{"too_large", "photos"}, "Paling banyak 5 foto."},
      {{"storage", ""}, "Foto belum tersimpan karena penyimpanan ponsel penuh."},
      {{"internal", ""}, "Foto itu tidak bisa ditambahkan."}};
  for (const auto& [failure, words] : failures) {
    const int job = phone.app.photo_chosen(1, false);
    ASSERT_GT(job, 0);
    EXPECT_TRUE(phone.app.photo_problem().empty());  // the next attempt wipes the last failure away
    phone.app.photo_failed(job, failure.first, failure.second);
    phone.frame();
    ASSERT_TRUE(phone.role(Role::kAlert));
    EXPECT_TRUE(phone.role(Role::kAlert)->label.starts_with(words)) << phone.role(Role::kAlert)->label;
    EXPECT_TRUE(phone.app.photo_jobs.empty());
  }
}

TEST_F(AppTest, APhotoThatTheStoreRefusesIsSaidToBe) {
  begin();
  phone.engine_is_slow = true;
  const int job = phone.app.photo_chosen(1, false);
  phone.answer();  // the draft's own save
  phone.app.photo_ready(job, test_photo('a'));
  phone.engine.next_error = Error{ErrorCode::kStorage, "", "quota"};
  phone.answer();
  phone.frame();
  EXPECT_TRUE(phone.role(Role::kAlert)->label.starts_with("Foto belum tersimpan"));
  EXPECT_TRUE(phone.app.photo_jobs.empty());
}

TEST_F(AppTest, APhotoIsTakenAwayByItsNumber) {
  begin();
  phone.add_photo('a');
  phone.add_photo('b');
  EXPECT_TRUE(phone.find("Hapus foto 2"));  // the newest is shown
  phone.tap("Foto 1 dari 2");
  phone.tap("Hapus foto 1");
  phone.wait(31'000);
  const auto removed = phone.host.sent<engine::RemovePhoto>();
  ASSERT_EQ(removed.size(), 1u);
  EXPECT_EQ(removed[0].sha256, test_hash('a'));
  EXPECT_TRUE(phone.find(Role::kImage, "Foto 1 dari 1"));
}

TEST_F(AppTest, APhotoThatIsReadyAfterItsReportWasClosedStillGoesThere) {
  begin();
  const int job = phone.app.photo_chosen(1, false);
  const std::string id = phone.app.draft().id;
  phone.tap("Tutup");
  begin();
  phone.app.photo_ready(job, test_photo('a'));
  phone.settle();
  ASSERT_EQ(phone.host.sent<AddPhoto>().size(), 1u);
  EXPECT_EQ(phone.host.sent<AddPhoto>()[0].report_id, id);
  EXPECT_TRUE(phone.app.draft().photos.empty());
}

TEST_F(AppTest, AnAnswerOfTheStoreDoesNotOverwriteWhatIsBeingTyped) {
  begin(2);
  phone.engine_is_slow = true;
  phone.type("Judul", "Lubang");
  phone.wait(600);
  phone.type("Judul", "Lubang besar");
  phone.answer();  // tells the title of half a second ago
  phone.frame();
  EXPECT_EQ(phone.find("Judul")->value, "Lubang besar");
}

// --- Place ------------------------------------------------------------------------------------------

TEST_F(AppTest, PakaiLokasiSayaFollowsTheBestFixAndStopsWhenItIsGood) {
  begin(1);
  phone.tap("Pakai lokasi saya");
  EXPECT_TRUE(phone.host.watching);
  EXPECT_TRUE(phone.find("Mencari lokasi…"));
  phone.app.position(fix(80));
  phone.frame();
  EXPECT_TRUE(phone.find("Mencari lokasi… sejauh ini ±80 m"));
  phone.app.position(fix(200));  // worse: not believed
  EXPECT_EQ(phone.app.draft().place->accuracy_m, 80);
  phone.app.position(fix(9));
  phone.frame();
  EXPECT_FALSE(phone.host.watching);
  EXPECT_EQ(phone.app.draft().place->accuracy_m, 9);
  EXPECT_TRUE(phone.find("Tepat"));
}

TEST_F(AppTest, TheSearchEndsAfterTwentySecondsAndSaysHowItWent) {
  begin(1);
  phone.tap("Pakai lokasi saya");
  phone.wait(20'000);
  EXPECT_FALSE(phone.host.watching);
  EXPECT_EQ(phone.role(Role::kAlert)->label, "Lokasi tidak ditemukan. Tandai di peta atau tulis patokan.");
  phone.tap("Pakai lokasi saya");
  EXPECT_FALSE(phone.role(Role::kAlert));
  phone.app.position(fix(500));
  phone.wait(20'000);
  EXPECT_EQ(phone.app.draft().place->accuracy_m, 500);
  EXPECT_TRUE(phone.role(Role::kAlert)->label.starts_with("Lokasi dari ponsel masih kasar."));
  EXPECT_TRUE(phone.find("Kira-kira"));
}

TEST_F(AppTest, AFixOfKilometresIsNoPlace) {
  begin(1);
  phone.tap("Pakai lokasi saya");
  phone.app.position(fix(5000));
  phone.wait(20'000);
  EXPECT_FALSE(phone.app.draft().place);
}

TEST_F(AppTest, RefusedLocationIsSaid) {
  begin(1);
  phone.tap("Pakai lokasi saya");
  phone.app.position_failed(true);
  phone.frame();
  EXPECT_FALSE(phone.host.watching);
  EXPECT_EQ(phone.role(Role::kAlert)->label, "Izin lokasi belum diberikan. Tandai di peta atau tulis patokan.");
}

TEST_F(AppTest, APinEndsTheSearchAndIsNotMovedByLateFixes) {
  begin(1);
  phone.tap("Pakai lokasi saya");
  phone.app.position(fix(80));
  phone.settle();
  const Node* map = phone.role(Role::kMap);
  ASSERT_TRUE(map);
  phone.ui.map_tap(map->id, phone.on_screen(*map).centre());
  phone.settle();
  EXPECT_FALSE(phone.host.watching);
  ASSERT_TRUE(phone.app.draft().place);
  EXPECT_EQ(phone.app.draft().place->source, PlaceSource::kPin);
  phone.app.position(fix(5));
  EXPECT_EQ(phone.app.draft().place->source, PlaceSource::kPin);
  EXPECT_TRUE(phone.find("Ditandai di peta"));
  phone.wait(600);
  EXPECT_EQ(saves().back().draft.place->source, PlaceSource::kPin);
}

TEST_F(AppTest, EnterOnTheMapMarksItsMiddle) {
  begin(1);
  phone.ui.activate(phone.role(Role::kMap)->id);
  phone.settle();
  ASSERT_TRUE(phone.app.draft().place);
  EXPECT_NEAR(phone.app.draft().place->point.latitude, phone.app.place_view->centre.latitude, 1e-9);
}

TEST_F(AppTest, TakingAPhotoLooksForThePlaceSilently) {
  begin();
  const int job = phone.app.photo_chosen(1, true);
  EXPECT_TRUE(phone.host.watching);
  phone.app.position(fix(10));
  EXPECT_FALSE(phone.host.watching);
  phone.app.photo_ready(job, test_photo('a'));
  phone.settle();
  EXPECT_EQ(phone.app.draft().place->source, PlaceSource::kGps);
  // The fix at capture belongs to the photo too.
  ASSERT_TRUE(phone.host.sent<AddPhoto>().back().photo.place);
  EXPECT_EQ(phone.host.sent<AddPhoto>().back().photo.place->accuracy_m, 10);
  EXPECT_TRUE(phone.shows("±10 m, saat difoto"));

  // Nobody asked for the place: a failure is no news.
  TestPhone own;
  own.start();
  own.tap("Buat laporan");
  (void)own.app.photo_chosen(1, true);
  own.app.position_failed(true);
  own.tap("Lanjut");
  EXPECT_FALSE(own.role(Role::kAlert));
}

TEST_F(AppTest, APhotoFromTheGalleryDoesNotAskWhereThePhoneIs) {
  begin();
  (void)phone.app.photo_chosen(1, false);
  EXPECT_FALSE(phone.host.watching);
}

TEST_F(AppTest, ExifGivesThePlaceOnlyWhenThereIsNone) {
  const report::Place exif = {.point = {-1.65, 103.65}, .source = PlaceSource::kExif, .at = kTestNow};
  begin();
  phone.add_photo('a', false, exif);
  ASSERT_TRUE(phone.app.draft().place);
  EXPECT_EQ(phone.app.draft().place->source, PlaceSource::kExif);
  phone.app.set_place({-1.6, 103.6});
  phone.add_photo('b', false, exif);
  EXPECT_EQ(phone.app.draft().place->source, PlaceSource::kPin);
}

TEST_F(AppTest, AFixThatWasAskedForBeatsExif) {
  const report::Place exif = {.point = {-1.65, 103.65}, .source = PlaceSource::kExif, .at = kTestNow};
  begin();
  phone.add_photo('a', false, exif);
  phone.tap("Lanjut");
  phone.tap("Pakai lokasi saya");
  phone.app.position(fix(20));
  EXPECT_EQ(phone.app.draft().place->source, PlaceSource::kGps);
}

TEST_F(AppTest, LeavingTheReportStopsTheGps) {
  begin(1);
  phone.tap("Pakai lokasi saya");
  phone.tap("Tutup");
  EXPECT_FALSE(phone.host.watching);
  phone.app.position(fix(5));
  phone.settle();
  EXPECT_TRUE(saves().empty());
}

TEST_F(AppTest, NobodyIsAskedForTheirPlaceBeforeItIsExplained) {
  phone.app.place_permission(false);
  begin();
  (void)phone.app.photo_chosen(1, true);
  EXPECT_FALSE(phone.host.watching) << "the question would come out of nowhere";
  phone.tap("Lanjut");
  EXPECT_TRUE(phone.shows("Ponsel akan meminta izin dulu"));
  phone.tap("Pakai lokasi saya");
  EXPECT_TRUE(phone.host.watching);
  phone.app.position_failed(true);
  phone.frame();
  EXPECT_TRUE(phone.shows("Tandai di peta atau tulis patokan")) << "a refusal leads to the other ways";
  EXPECT_TRUE(phone.find("Pakai lokasi saya"));
}

}  // namespace
}  // namespace titik::ui
