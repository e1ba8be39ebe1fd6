#include "ui/widgets/foreign_text.h"

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "imgui.h"
#include "ui/widgets/canvas.h"
#include "ui/widgets/test_context.h"

namespace titik::ui {
namespace {

// Draws each code point as a square of the em, and remembers what it was asked for.
class Squares : public PieceSource {
 public:
  PieceImage draw_piece(const std::string& piece, float size, int weight) override {
    drawn.push_back(piece);
    sizes.push_back(size);
    weights.push_back(weight);
    const int edge = static_cast<int>(size);
    return {.left = 0, .top = edge, .width = edge, .height = edge, .advance = 2 * size, .coloured = true,
            .rgba = std::vector<std::uint8_t>(static_cast<std::size_t>(4 * edge * edge), 200)};
  }
  std::vector<std::string> drawn;
  std::vector<float> sizes;
  std::vector<int> weights;
};

class ForeignTextTest : public ::testing::Test {
 protected:
  ForeignTextTest() {
    FontFiles files = TestContext::fonts();
    files.others = &squares;
    canvas.load_fonts(files);
    text.set_own(ImGui::GetIO().Fonts->Fonts[0]);
  }

  // What stands for itself, and [pieces].
  std::string pieces(std::string_view words) {
    std::string out;
    const std::string shaped(text.shape(words));
    for (std::size_t at = 0; at < shaped.size();) {
      const char32_t c = next_code_point(shaped, at);
      const std::string_view piece = text.piece(c);
      if (piece.empty()) append_utf8(out, c);
      else out += "[" + std::string(piece) + "]";
    }
    return out;
  }

  TestContext context;
  Squares squares;
  Canvas canvas;
  ForeignText text{&squares};
};

TEST_F(ForeignTextTest, WhatOurFontsHoldStaysAsItIs) {
  const std::string_view words = "Jalan rusak – \"parah\" é ±5 m… · “ya”";
  EXPECT_EQ(text.shape(words).data() == words.data() || text.shape(words) == words, true);
  EXPECT_EQ(pieces(words), words);
}

TEST_F(ForeignTextTest, AnEmojiIsOnePieceWithAllThatModifiesIt) {
  EXPECT_EQ(pieces("ok 👍 ya"), "ok [👍] ya");
  EXPECT_EQ(pieces("👍👍"), "[👍][👍]");
  EXPECT_EQ(pieces("👍🏽"), "[👍🏽]");
  EXPECT_EQ(pieces("👨‍👩‍👧"), "[👨‍👩‍👧]");
  EXPECT_EQ(pieces("🇮🇩🇲🇾"), "[🇮🇩][🇲🇾]");
  EXPECT_EQ(pieces("❤️"), "[❤️]");
  EXPECT_EQ(pieces("1️⃣"), "[1️⃣]");  // a digit of ours, made another sign
}

TEST_F(ForeignTextTest, ALetterKeepsItsMarks) {
  EXPECT_EQ(pieces("e\u0301a"), "[e\u0301]a");
}

TEST_F(ForeignTextTest, ScriptsThatJoinAreTakenByTheWord) {
  EXPECT_EQ(pieces("ꦲꦏ꧀ꦱꦫ ꦗꦮ"), "[ꦲꦏ꧀ꦱꦫ] [ꦗꦮ]");
  EXPECT_EQ(pieces("a हिन्दी b"), "a [हिन्दी] b");
}

TEST_F(ForeignTextTest, RightToLeftKeepsTheOrderOfItsWords) {
  EXPECT_EQ(pieces("السلام عليكم pak"), "[السلام عليكم] pak");
}

TEST_F(ForeignTextTest, ChineseMayBreakBetweenSigns) { EXPECT_EQ(pieces("道路"), "[道][路]"); }

TEST_F(ForeignTextTest, NoPieceIsTooLong) {
  std::string word;
  for (int i = 0; i < 100; ++i) word += "ا";
  const std::string shaped(text.shape(word));
  EXPECT_EQ(count_code_points(shaped), 4u);  // 32 + 32 + 32 + 4
}

TEST_F(ForeignTextTest, CodePointsOfOursInTheTextAreForeignToo) {
  std::string_view devanagari = "\u0900";
  EXPECT_EQ(pieces(devanagari), "[\u0900]");
}

TEST_F(ForeignTextTest, MorePiecesThanThereIsRoomForAreUnknown) {
  std::string last;
  for (char32_t c = 0x4E00; c < 0x4E00 + ForeignText::kMostPieces + 10; ++c) {
    last.clear();
    append_utf8(last, c);
    (void)text.shape(last);
    text.begin_frame();
  }
  EXPECT_EQ(text.shape(last), "\uFFFD");
  EXPECT_EQ(pieces("\u4E00"), "[\u4E00]");
}

TEST_F(ForeignTextTest, IsMeasuredAndDrawnByTheBrowserOnceASize) {
  ImGui::GetIO().DisplaySize = {360, 640};
  for (int frame = 0; frame < 2; ++frame) {
    ImGui::NewFrame();
    canvas.begin(ImGui::GetBackgroundDrawList(), 1, 1);
    const float one = canvas.measure("👍", {}).width;
    EXPECT_EQ(one, 32);  // twice the em of 16 CSS px
    EXPECT_EQ(canvas.measure("👍👍", {}).width, 64);
    canvas.text({0, 0}, "👍", {}, Color{0});
    canvas.line({0, 0, 20, 20}, "👍 👍 👍 👍", {TextSize::kBody, Weight::kBold}, Color{0});
    (void)canvas.paragraph({0, 0}, "👍 👍 👍", {}, Color{0}, 40, Align::kCentre);
    ImGui::Render();
    TestContext::take_textures();
  }
  EXPECT_EQ(squares.drawn, std::vector<std::string>({"👍", "👍"}));
  EXPECT_EQ(squares.weights, std::vector<int>({400, 700}));
  EXPECT_NEAR(squares.sizes[0], 16, 0.2);  // ImGui rounds the height of lines
}

}  // namespace
}  // namespace titik::ui
