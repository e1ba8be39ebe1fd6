// The checks of every screen, each seen to fail once: a check that cannot fail checks nothing.
#include "ui/test_screen.h"

#include <gtest/gtest.h>

namespace titik::ui {
namespace {

class ScreenChecks : public ::testing::Test {
 protected:
  // Draws only what the test says.
  void draw(const std::function<void(Ui&)>& content) {
    for (int i = 0; i < 2; ++i) {
      phone.ui.begin(phone.input);
      content(phone.ui);
      phone.ui.end();
      TestContext::take_textures();
    }
  }
  TestPhone phone;
};

TEST_F(ScreenChecks, PassWhatIsRight) {
  draw([](Ui& ui) { ui.button("Lanjut"); });
  for (const auto check : {check_ids, check_names, check_targets, check_inside_screen, check_overlaps, check_cut_lines}) {
    EXPECT_TRUE(check(phone).empty());
  }
}

TEST_F(ScreenChecks, FindAnItemWithoutANodeAndANodeWithoutAnItem) {
  draw([](Ui& ui) { ui.button("Lanjut"); });
  EXPECT_TRUE(check_items(phone).empty());
  // A card that is one button leaves out the nodes of what is in it: a second button there is a mistake.
  draw([](Ui& ui) { ui.card_button("card", 0, "Kartu", [&] { ui.button("Lanjut"); }); });
  ASSERT_EQ(check_items(phone).size(), 1u);
  EXPECT_TRUE(check_items(phone)[0].starts_with("no node for the item")) << check_items(phone)[0];
  draw([](Ui& ui) { ui.add_node({.id = 5, .role = Role::kButton, .label = "Nama"}, {0, 0, 48, 48}); });
  ASSERT_EQ(check_items(phone).size(), 1u);
  EXPECT_TRUE(check_items(phone)[0].starts_with("no item for the node")) << check_items(phone)[0];
}

TEST_F(ScreenChecks, FindTwoNodesWithOneId) {
  draw([](Ui& ui) { ui.button("Lanjut"); ui.button("Lanjut"); });
  ASSERT_EQ(check_ids(phone).size(), 1u);
  EXPECT_TRUE(check_ids(phone)[0].starts_with("same id: button \"Lanjut\""));
}

TEST_F(ScreenChecks, FindWhatHasNoName) {
  draw([](Ui& ui) { ui.icon_button({0, 0, 48, 48}, "x", " "); });
  EXPECT_EQ(check_names(phone).size(), 1u);
}

TEST_F(ScreenChecks, FindWhatIsTooSmall) {
  draw([](Ui& ui) { ui.icon_button({0, 0, 48, 47}, "x", "Tutup"); });
  EXPECT_EQ(check_targets(phone).size(), 1u);
}

TEST_F(ScreenChecks, FindWhatIsOutside) {
  draw([](Ui& ui) { ui.icon_button({330, 0, 48, 48}, "x", "Tutup"); });
  EXPECT_EQ(check_inside_screen(phone).size(), 1u);
  draw([](Ui& ui) { ui.icon_button({0, 600, 48, 48}, "x", "Tutup"); });
  EXPECT_EQ(check_inside_screen(phone).size(), 1u);
}

TEST_F(ScreenChecks, FindWhatLiesOverSomethingElse) {
  draw([](Ui& ui) {
    ui.icon_button({0, 0, 48, 48}, "x", "Satu");
    ui.icon_button({46, 0, 48, 48}, "x", "Dua");
  });
  EXPECT_EQ(check_overlaps(phone).size(), 1u);
  draw([](Ui& ui) {
    ui.heading("Laporan saya", 2);
    ui.icon_button({100, 0, 48, 48}, "x", "Semua");
  });
  EXPECT_EQ(check_overlaps(phone).size(), 1u);
}

TEST_F(ScreenChecks, AHeadingGetsSmallerBeforeAWordOfItBreaks) {
  phone.input.size.width = 320;
  phone.input.text_scale = 2;
  draw([](Ui& ui) { ui.heading("A", 1); });
  const float one_line = phone.find(Role::kHeading, "A")->rect.height;
  draw([](Ui& ui) { ui.in_column({16, 0, 288, 0}, [&] { ui.heading("Penyimpanan", 1); }); });
  EXPECT_LT(phone.find(Role::kHeading, "Penyimpanan")->rect.height, one_line);
  draw([](Ui& ui) { ui.in_column({16, 0, 288, 0}, [&] { ui.heading("Foto yang mana", 1); }); });
  EXPECT_GT(phone.find(Role::kHeading, "Foto yang mana")->rect.height, one_line);
}

TEST_F(ScreenChecks, FindALineThatIsCut) {
  draw([](Ui& ui) { ui.text_button({0, 200, 60, 48}, "Ketuk untuk semua"); });
  EXPECT_EQ(check_cut_lines(phone).size(), 1u);
  draw([](Ui& ui) { ui.text("Mengirim…"); });
  EXPECT_TRUE(check_cut_lines(phone).empty());
}

}  // namespace
}  // namespace titik::ui
