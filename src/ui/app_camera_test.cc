// The camera in the page, the positions of what it takes, and covering faces and plates.
#include "ui/app.h"

#include <gtest/gtest.h>

#include "ui/test_app.h"

namespace titik::ui {
namespace {

using engine::ReplacePhoto;
using Wish = Host::Camera;

class CameraTest : public AppTest {
 protected:
  CameraTest() { phone.app.camera_changed(CameraNow::kOff, false); }
  void open_camera() {
    begin();
    phone.tap("Kamera di sini");
    tell(CameraNow::kOpening);
    tell(CameraNow::kLive);
  }
  void tell(CameraNow::State state, bool torch = false) {
    phone.app.camera_changed(state, torch);
    phone.frame();
  }
  // The page took a picture and made it small; answers its job.
  int shoot(char digit) {
    phone.tap("Jepret");
    const int job = phone.app.photo_chosen(1, true, phone.host.clock);
    phone.app.photo_ready(job, test_photo(digit));
    phone.settle();
    return job;
  }
  [[nodiscard]] const std::vector<report::Photo>& stored() { return phone.engine.reports.begin()->second.draft.photos; }
};

TEST_F(CameraTest, IsOfferedOnlyWhereThereIsOne) {
  begin();
  EXPECT_TRUE(phone.find("Kamera di sini"));
  phone.app.camera = {};
  phone.frame();
  EXPECT_FALSE(phone.find("Kamera di sini"));
  EXPECT_TRUE(phone.find(Role::kFileInput, "Ambil foto"));
}

TEST_F(CameraTest, SavesWhatWasTypedBeforeItOpens) {
  begin(2);
  phone.tap("Kembali");
  phone.tap("Kembali");
  phone.app.draft().title = "Lubang";
  phone.app.changed();
  const std::size_t before = saves().size();
  phone.engine_is_slow = true;
  phone.tap("Kamera di sini");
  ASSERT_EQ(saves().size(), before + 1);
  EXPECT_EQ(saves().back().draft.title, "Lubang");
  EXPECT_EQ(phone.host.camera_wishes, std::vector<Wish>({Wish::kOn}));
  EXPECT_TRUE(phone.host.history.back().ends_with("/kamera"));
}

TEST_F(CameraTest, TakesSeveralInARowAndTellsOfEach) {
  open_camera();
  EXPECT_TRUE(phone.role(Role::kCamera));
  shoot('a');
  EXPECT_EQ(phone.status(), "Foto 1 dari 5 tersimpan");
  shoot('b');
  EXPECT_EQ(phone.status(), "Foto 2 dari 5 tersimpan");
  EXPECT_EQ(stored().size(), 2u);
  EXPECT_EQ(stored()[1].origin, report::PhotoOrigin::kCamera);
  EXPECT_EQ(stored()[1].taken_at, phone.host.clock);
  phone.tap("Selesai");
  EXPECT_EQ(phone.host.camera_wishes.back(), Wish::kOff);
  EXPECT_TRUE(phone.find("Foto 2 dari 2"));
}

TEST_F(CameraTest, SaysSavedOnlyOfWhatIsDurable) {
  open_camera();
  phone.engine_is_slow = true;
  phone.tap("Jepret");
  EXPECT_EQ(phone.status(), "Menyimpan…");
  EXPECT_TRUE(phone.find("Jepret")->state & kDisabled);  // until the picture is there
  const int job = phone.app.photo_chosen(1, true, phone.host.clock);
  phone.frame();
  EXPECT_FALSE(phone.find("Jepret")->state & kDisabled);
  phone.app.photo_ready(job, test_photo('a'));
  phone.frame();
  EXPECT_EQ(phone.status(), "Menyimpan…");
  phone.answer();
  phone.settle();
  EXPECT_EQ(phone.status(), "Foto 1 dari 5 tersimpan");
}

TEST_F(CameraTest, StopsWithTheFifthPhoto) {
  open_camera();
  for (const char digit : {'a', 'b', 'c', 'd'}) shoot(digit);
  EXPECT_EQ(phone.host.camera_wishes.back(), Wish::kTake);
  shoot('e');
  EXPECT_EQ(phone.host.camera_wishes.back(), Wish::kOff);
  EXPECT_TRUE(phone.find("Sudah 5 foto, itu paling banyak."));
  EXPECT_EQ(stored().size(), 5u);
}

TEST_F(CameraTest, EveryTroubleHasItsWordsAndAWayAround) {
  open_camera();
  const std::pair<CameraNow::State, const char*> troubles[] = {
      {CameraNow::kRefused, "Kamera tidak diizinkan"}, {CameraNow::kMissing, "Tidak ada kamera"}, {CameraNow::kBusy, "Kamera sedang dipakai"}};
  for (const auto& [state, words] : troubles) {
    tell(state);
    ASSERT_TRUE(phone.role(Role::kAlert));
    EXPECT_TRUE(phone.role(Role::kAlert)->label.starts_with(words)) << phone.role(Role::kAlert)->label;
    EXPECT_FALSE(phone.role(Role::kCamera));
    EXPECT_TRUE(phone.find(Role::kFileInput, "Ambil foto"));
    EXPECT_TRUE(phone.find(Role::kFileInput, "Pilih dari galeri"));
  }
  phone.tap("Coba lagi");
  EXPECT_EQ(phone.host.camera_wishes.back(), Wish::kOn);
  tell(CameraNow::kRefused);
  phone.add_photo('a', true);
  EXPECT_TRUE(phone.find("Hapus foto 1"));  // back on the step
}

TEST_F(CameraTest, APictureThatFailedIsSaidAndTheNextMayBeTaken) {
  open_camera();
  phone.tap("Jepret");
  phone.app.camera_failed();
  phone.frame();
  EXPECT_EQ(phone.status(), "Foto tidak jadi terambil. Jepret sekali lagi.");
  EXPECT_FALSE(phone.find("Jepret")->state & kDisabled);
}

TEST_F(CameraTest, TheTorchIsThereWhereTheCameraHasOne) {
  open_camera();
  EXPECT_FALSE(phone.find("Nyalakan senter"));
  tell(CameraNow::kLive, true);
  phone.tap("Nyalakan senter");
  EXPECT_EQ(phone.host.camera_wishes.back(), Wish::kTorchOn);
  phone.tap("Matikan senter");
  EXPECT_EQ(phone.host.camera_wishes.back(), Wish::kTorchOff);
}

TEST_F(CameraTest, GoesOffWithTheScreenHoweverItIsLeft) {
  open_camera();
  phone.go_back(1);
  EXPECT_EQ(phone.host.camera_wishes.back(), Wish::kOff);
  EXPECT_TRUE(phone.find("Kamera di sini"));
}

// --- Positions --------------------------------------------------------------------------------------

TEST_F(CameraTest, EachPhotoKeepsThePositionOfItsMoment) {
  open_camera();
  EXPECT_TRUE(phone.host.watching);  // from when the camera opens
  phone.app.position(fix(12));
  phone.settle();
  EXPECT_FALSE(phone.host.watching);
  shoot('a');
  ASSERT_TRUE(stored()[0].place);
  EXPECT_EQ(stored()[0].place->accuracy_m, 12);
  // Ten minutes and a walk later.
  phone.wait(10 * kMinute);
  shoot('b');
  EXPECT_TRUE(phone.host.watching);
  EXPECT_FALSE(stored()[1].place);
  phone.app.position(fix(14));
  phone.settle();
  EXPECT_EQ(stored()[1].place->accuracy_m, 14);
  EXPECT_EQ(stored()[0].place->accuracy_m, 12);
}

TEST_F(CameraTest, AFixAfterThePhotoIsStoredWithItWhenItIsBetter) {
  open_camera();
  phone.app.position(fix(80));
  shoot('a');
  EXPECT_EQ(stored()[0].place->accuracy_m, 80);
  phone.app.position(fix(200));
  phone.wait(5 * kSecond);
  phone.app.position(fix(30));
  phone.wait(20 * kSecond);  // the search ends by time
  ASSERT_EQ(phone.host.sent<ReplacePhoto>().size(), 1u);
  EXPECT_EQ(stored()[0].place->accuracy_m, 30);
}

TEST_F(CameraTest, ALateFixLeavesABetterPlaceAlone) {
  open_camera();
  phone.app.position(fix(10));
  shoot('a');
  phone.wait(30 * kSecond);
  shoot('b');  // a new search
  phone.app.position(fix(90));
  phone.wait(25 * kSecond);
  EXPECT_EQ(stored()[0].place->accuracy_m, 10);
  EXPECT_EQ(phone.app.draft().place->accuracy_m, 10);
}

TEST_F(CameraTest, APositionTooCoarseIsNoPlace) {
  open_camera();
  phone.app.position(fix(1500));
  shoot('a');
  phone.wait(25 * kSecond);
  EXPECT_FALSE(stored()[0].place);
  EXPECT_FALSE(phone.app.draft().place);
}

TEST_F(CameraTest, DoesNotAskForThePlaceByItself) {
  phone.app.place_permission(false);
  open_camera();
  shoot('a');
  EXPECT_FALSE(phone.host.watching);
}

// --- Covering ---------------------------------------------------------------------------------------

class CoverScreenTest : public AppTest {
 protected:
  CoverScreenTest() {
    begin();
    phone.add_photo('a');
    phone.add_photo('b');
    phone.tap("Foto 1 dari 2");
    phone.tap("Tutupi wajah dan pelat");
  }
  const Node& area() {
    for (const Node& node : phone.nodes()) {
      if (node.role == Role::kMap) return node;
    }
    ADD_FAILURE() << "no area";
    return phone.nodes().front();
  }
  static std::size_t covered(const std::string& cells) { return static_cast<std::size_t>(std::count(cells.begin(), cells.end(), '1')); }
  // A finger across the photo, in shares of it.
  void drag(Point from, Point to) {
    const Rect rect = phone.on_screen(area());
    const auto at = [&](Point share) { return Point{rect.x + rect.width * share.x, rect.y + rect.height * share.y}; };
    double now = phone.input.now;
    phone.ui.pointer(Gestures::Phase::kDown, 1, at(from), now);
    phone.frame();
    for (int i = 1; i <= 4; ++i) {
      const float share = static_cast<float>(i) / 4;
      phone.ui.pointer(Gestures::Phase::kMove, 1, at({from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share}), now += 0.02);
      phone.frame();
    }
    phone.ui.pointer(Gestures::Phase::kUp, 1, at(to), now);
    phone.settle();
  }
};

TEST_F(CoverScreenTest, AFingerCoversWithoutGapsAndTheLastStrokeCanBeTakenBack) {
  EXPECT_TRUE(phone.find("Tutupi")->state & kDisabled);
  drag({0.1f, 0.5f}, {0.5f, 0.5f});
  const std::string one = phone.app.cover.cells;
  const std::size_t row = phone.app.cover.rows / 2;
  for (std::size_t x = phone.app.cover.columns / 10 + 1; x < phone.app.cover.columns / 2; ++x) {
    EXPECT_NE(0, one[row * phone.app.cover.columns + x]) << x;
  }
  drag({0.2f, 0.1f}, {0.8f, 0.1f});
  EXPECT_NE(phone.app.cover.cells, one);
  phone.tap("Urungkan");
  EXPECT_EQ(phone.app.cover.cells, one);
  phone.tap("Urungkan");
  EXPECT_TRUE(phone.find("Tutupi")->state & kDisabled);
}

TEST_F(CoverScreenTest, NothingRollsOnAfterAStrokeSoThatTheNextTapCounts) {
  drag({0.1f, 0.5f}, {0.5f, 0.5f});
  EXPECT_FALSE(phone.ui.moving());
}

TEST_F(CoverScreenTest, TheResultReplacesThePhotoAndTheOriginalGoes) {
  drag({0.1f, 0.5f}, {0.5f, 0.5f});
  phone.tap("Tutupi");
  ASSERT_EQ(phone.host.covers.size(), 1u);
  const TestHost::CoverWish wish = phone.host.covers[0];
  EXPECT_EQ(wish.sha256, test_hash('a'));
  EXPECT_GT(covered(wish.cells), 20u);
  EXPECT_EQ(wish.cells.size() % wish.columns, 0u);
  EXPECT_TRUE(phone.shows("Foto sedang ditutupi…"));
  phone.tap("Tutupi");  // a second tap does nothing
  EXPECT_EQ(phone.host.covers.size(), 1u);
  phone.app.photo_ready(wish.job, test_photo('c'));
  EXPECT_EQ(phone.host.photo_jobs.back(), wish.job);
  phone.settle();
  const auto replaced = phone.host.sent<ReplacePhoto>();
  ASSERT_EQ(replaced.size(), 1u);
  EXPECT_EQ(replaced[0].old_sha256, test_hash('a'));
  EXPECT_EQ(replaced[0].photo.sha256, test_hash('c'));
  EXPECT_EQ(replaced[0].original, engine::Original::kDelete);
  EXPECT_TRUE(phone.find("Foto 2 dari 2"));  // back on the step
}

TEST_F(CoverScreenTest, TheOriginalIsKeptWhenTheCitizenSaysSo) {
  phone.tap("Simpan juga foto asli di ponsel ini");
  drag({0.1f, 0.5f}, {0.5f, 0.5f});
  phone.tap("Tutupi");
  phone.app.photo_ready(phone.host.covers[0].job, test_photo('c'));
  phone.settle();
  EXPECT_EQ(phone.host.sent<ReplacePhoto>()[0].original, engine::Original::kKeep);
}

TEST_F(CoverScreenTest, KeysMoveABoxChangeItsSizeAndCover) {
  const NodeId id = area().id;
  phone.ui.focus_changed(id, true);
  phone.app.cover.box = {10, 10};
  phone.ui.map_key(id, {-64, 0}, 1);  // →
  phone.ui.map_key(id, {0, -64}, 1);  // ↓
  phone.ui.map_key(id, {}, 2);        // +
  phone.frame();
  EXPECT_EQ(phone.app.cover.box, (Point{11, 11}));
  phone.ui.activate(id);
  phone.settle();
  const auto count = static_cast<std::size_t>(std::count(phone.app.cover.cells.begin(), phone.app.cover.cells.end(), 1));
  EXPECT_EQ(count, 36u);  // five cells and a half about its middle, which is a corner of four
  phone.tap("Urungkan");
  EXPECT_EQ(std::count(phone.app.cover.cells.begin(), phone.app.cover.cells.end(), 1), 0);
}

TEST_F(CoverScreenTest, LeavingChangesNothing) {
  drag({0.1f, 0.5f}, {0.5f, 0.5f});
  phone.tap("Batal");
  EXPECT_TRUE(phone.host.covers.empty());
  phone.tap("Tutupi wajah dan pelat");
  EXPECT_TRUE(phone.app.cover.empty());
}

TEST_F(CoverScreenTest, AFailureIsSaidAndNothingIsLost) {
  drag({0.1f, 0.5f}, {0.5f, 0.5f});
  phone.tap("Tutupi");
  phone.app.photo_failed(phone.host.covers[0].job, "internal", "photo_worker");
  phone.frame();
  EXPECT_TRUE(phone.role(Role::kAlert));
  EXPECT_FALSE(phone.app.cover.empty());
  EXPECT_FALSE(phone.find("Tutupi")->state & kDisabled);
}

}  // namespace
}  // namespace titik::ui
