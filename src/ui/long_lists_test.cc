// Long lists and pulling down, in the interface's own screens.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "ui/test_app.h"

namespace titik::ui {
namespace {

constexpr std::size_t kReports = 2000;
constexpr std::string_view kTitles[] = {"Lubang", "Lampu jalan padam di depan kantor kelurahan sejak hari Minggu malam",
                                        "Sampah menumpuk di pasar"};

class LongListTest : public AppTest {
 protected:
  LongListTest() {
    std::vector<engine::ReportSummary> reports(kReports);
    for (std::size_t i = 0; i < kReports; ++i) {
      reports[i] = {.id = "r" + std::to_string(i), .state = i % 3 == 0 ? report::PhoneState::kQueued : report::PhoneState::kReceived,
                    .title = std::string(kTitles[i % 3]) + " " + std::to_string(i), .status_name = "proses",
                    .follow_up_due_at = i % 2 == 0 ? kTestNow + kHour : 0};
    }
    phone.send_event(engine::ReportsChanged{reports});
    phone.tap("Laporan saya");
  }

  [[nodiscard]] std::vector<const Node*> items() const {
    std::vector<const Node*> found;
    for (const Node& node : phone.nodes()) {
      if (node.role == Role::kListItem) found.push_back(&node);
    }
    return found;
  }
  [[nodiscard]] const Node& scroller() const { return *phone.role(Role::kScroller); }
  void scroll_to(float offset) {
    phone.ui.scrolled(scroller().id, offset);
    phone.frame();
    for (int i = 0; i < 3 && phone.ui.animating(); ++i) phone.frame();
  }
  // Top on the screen of the row that says `words`.
  [[nodiscard]] float top_of(std::string_view words) const {
    for (const Node& node : phone.nodes()) {
      if (node.role == Role::kButton && node.label.find(words) != std::string::npos) return phone.on_screen(node).y;
    }
    return -1e6f;
  }
  void drag(float from, float to, int steps = 10) {
    phone.ui.pointer(Gestures::Phase::kDown, 1, {200, from}, phone.input.now);
    for (int i = 1; i <= steps; ++i) {
      phone.host.clock += 10;
      phone.ui.pointer(Gestures::Phase::kMove, 1, {200, from + (to - from) * static_cast<float>(i) / static_cast<float>(steps)},
                       static_cast<double>(phone.host.clock - kTestNow) / 1000);
      phone.frame();
    }
  }
  void lift() {
    phone.host.clock += 500;  // it rested: no fling
    phone.ui.pointer(Gestures::Phase::kUp, 1, {200, 300}, static_cast<double>(phone.host.clock - kTestNow) / 1000);
    phone.frame();
  }
};

TEST_F(LongListTest, OnlyWhatIsNearTheViewIsThere) {
  for (const float at : {0.0f, 5'000.0f, 100'000.0f}) {
    scroll_to(at);
    EXPECT_LT(items().size(), 20u);
    EXPECT_GT(items().size(), 5u);
    EXPECT_LT(phone.nodes().size(), 80u);
  }
}

TEST_F(LongListTest, EveryItemTellsItsPlaceAmongAll) {
  scroll_to(40'000);
  std::size_t last = 0;
  for (const Node* item : items()) {
    EXPECT_EQ(item->set_size, kReports);
    if (last != 0) EXPECT_EQ(item->position, last + 1);
    last = item->position;
  }
  EXPECT_GT(last, 300u);
}

TEST_F(LongListTest, TheEndIsReachedAndIsTheEnd) {
  for (int i = 0; i < 8; ++i) scroll_to(1e7f);
  EXPECT_NE(phone.find(Role::kListItem, ""), nullptr);
  EXPECT_EQ(items().back()->position, kReports);
  EXPECT_NEAR(phone.on_screen(*items().back()).bottom(), phone.on_screen(scroller()).bottom(), kMargin + kGap + 1);
}

// Rows above the view turn out higher or lower than was thought: what is in sight stays where it is.
TEST_F(LongListTest, NothingJumpsWhileScrollingBackOverRowsNeverSeen) {
  phone.input.text_scale = 2;
  scroll_to(60'000);
  int measured = 0;
  for (float gone = 0; gone < 3'000; gone += 37) {
    const Rect view = phone.on_screen(scroller());
    const Node* seen = nullptr;
    for (const Node& node : phone.nodes()) {
      const Rect rect = phone.on_screen(node);
      if (node.role == Role::kButton && node.parent != 0 && rect.y > view.y && rect.bottom() < view.bottom() && node.label.find(", ") != std::string::npos) { seen = &node; break; }
    }
    if (!seen) continue;
    const NodeId id = seen->id;
    const float before = phone.on_screen(*seen).y;
    const float offset = scroller().scroll;
    phone.ui.wheel({180, 300}, {0, -37}, false);
    for (int i = 0; i < 3; ++i) {
      phone.frame();
      const auto same = std::find_if(phone.nodes().begin(), phone.nodes().end(), [&](const Node& node) { return node.id == id; });
      ASSERT_NE(same, phone.nodes().end());
      EXPECT_NEAR(phone.on_screen(*same).y, before + 37, 0.6f) << "at " << gone << ", frame " << i;
    }
    if (std::abs(scroller().scroll - (offset - 37)) > 1) ++measured;
  }
  EXPECT_GT(measured, 3) << "no row was other than thought: the test shows nothing";
}

TEST_F(LongListTest, RowsDoNotOverlapAfterAJump) {
  phone.input.text_scale = 1.5f;
  phone.ui.scrolled(scroller().id, 81'234);
  phone.frame();
  const Rect view = phone.on_screen(scroller());
  float bottom = 0;
  for (const Node* item : items()) {
    const Rect rect = phone.on_screen(*item);
    if (rect.bottom() < view.y || rect.y > view.bottom()) continue;
    if (bottom != 0) EXPECT_NEAR(rect.y, bottom, 0.1f);
    bottom = rect.bottom();
  }
  EXPECT_GE(bottom, view.bottom());
}

TEST_F(LongListTest, TheRowWithTheFocusStaysAndSoDoItsNeighbours) {
  const Node* button = nullptr;
  for (const Node& node : phone.nodes()) {
    if (node.role == Role::kButton && node.label.starts_with("Sampah menumpuk di pasar 2")) button = &node;
  }
  ASSERT_NE(button, nullptr);
  phone.ui.focus_changed(button->id, true);
  phone.frame();
  scroll_to(90'000);
  EXPECT_GT(top_of("di pasar 2"), -1e6f);
  std::set<std::size_t> places;
  for (const Node* item : items()) places.insert(item->position);
  EXPECT_TRUE(places.contains(2) && places.contains(3) && places.contains(4));
  EXPECT_FALSE(places.contains(6));
  phone.ui.focus_changed(0, false);
  phone.frame();
  phone.frame();
  EXPECT_GT(items().front()->position, 100u);
}

// --- Pulling down ---------------------------------------------------------------------------------------

TEST_F(LongListTest, PullingDownFarEnoughAsksTheCity) {
  phone.host.commands.clear();
  drag(200, 420);
  EXPECT_TRUE(phone.host.sent<engine::LoadPublicReports>().empty()) << "not before the finger is lifted";
  lift();
  EXPECT_EQ(phone.host.sent<engine::LoadPublicReports>().size(), 1u);
  EXPECT_TRUE(phone.ui.animating());
  phone.frame();
  EXPECT_EQ(phone.status(), "Menanyakan kabar ke kota…");
  EXPECT_TRUE(phone.ui.animating());
  lift();
  EXPECT_EQ(phone.host.sent<engine::LoadPublicReports>().size(), 1u);
}

TEST_F(LongListTest, ALittlePullDoesNothing) {
  phone.host.commands.clear();
  drag(200, 300);
  lift();
  EXPECT_TRUE(phone.host.commands.empty());
  phone.frame();
  EXPECT_FALSE(phone.ui.animating());
}

TEST_F(LongListTest, PullingBackUpDoesNothing) {
  phone.host.commands.clear();
  drag(200, 420);
  drag(420, 210);
  lift();
  EXPECT_TRUE(phone.host.commands.empty());
}

TEST_F(LongListTest, AFlingToTheTopDoesNotLoad) {
  scroll_to(900);
  phone.host.commands.clear();
  drag(200, 420, 4);
  phone.ui.pointer(Gestures::Phase::kUp, 1, {200, 420}, static_cast<double>(phone.host.clock - kTestNow) / 1000 + 0.01);
  for (int i = 0; i < 120; ++i) {
    phone.host.clock += 16;
    phone.frame();
  }
  EXPECT_EQ(scroller().scroll, 0);
  EXPECT_TRUE(phone.host.commands.empty());
}

TEST_F(LongListTest, TheButtonDoesTheSameAndWordsSayHowItWent) {
  phone.tap("Muat ulang daftar");
  EXPECT_TRUE(phone.status().starts_with("Kabar diperiksa pukul ")) << phone.status();
  phone.engine.next_error = Error{ErrorCode::kNetwork, "", "no answer"};
  phone.host.commands.clear();
  phone.app.refresh();
  phone.frame();
  phone.app.event(engine::Reply{.id = phone.host.commands.back().id, .error = Error{ErrorCode::kNetwork, "", ""}});
  phone.frame();
  EXPECT_TRUE(phone.shows("Kota belum terjangkau. Kabar terakhir tetap tampil."));
  EXPECT_FALSE(phone.ui.animating());
  phone.host.commands.clear();
  phone.tap("Coba lagi");
  EXPECT_EQ(phone.host.sent<engine::LoadPublicReports>().size(), 1u);
  EXPECT_FALSE(phone.shows("Kota belum terjangkau")) << "the toast has gone";
  phone.app.event(engine::Reply{.id = phone.host.commands.back().id});
  phone.tap("Sekitar");
  EXPECT_EQ(phone.status(), "") << "old news of another list";
}

}  // namespace
}  // namespace titik::ui
