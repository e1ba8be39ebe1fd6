#include "ui/widgets/gestures.h"

#include <gtest/gtest.h>

#include <cmath>

namespace titik::ui {
namespace {

using Phase = Gestures::Phase;

constexpr NodeId kPage = 1;
constexpr NodeId kMap = 2;

class GesturesTest : public ::testing::Test {
 protected:
  // A page that scrolls, with a map on it.
  GesturesTest() {
    gestures.set_areas({{kPage, {0, 0, 360, 600}, DragAxis::kVertical}, {kMap, {16, 100, 328, 200}, DragAxis::kBoth}});
  }

  Point moved(NodeId id, double now = 0) {
    Point sum;
    for (const DragDelta& delta : gestures.take(now)) {
      if (delta.id == id) sum = {sum.x + delta.move.x, sum.y + delta.move.y};
    }
    return sum;
  }

  // A finger that goes upwards at `speed` px a second for 100 ms and leaves the glass.
  double fling(float speed, double at = 0) {
    gestures.pointer(Phase::kDown, 1, {100, 500}, at);
    for (int i = 1; i <= 10; ++i) {
      gestures.pointer(Phase::kMove, 1, {100, 500 - speed * 0.01f * static_cast<float>(i)}, at + 0.01 * i);
    }
    gestures.pointer(Phase::kUp, 1, {100, 500 - speed * 0.1f}, at + 0.1);
    return at + 0.1;
  }

  Gestures gestures;
};

TEST_F(GesturesTest, APressWithinTheSlopIsATap) {
  EXPECT_FALSE(gestures.pointer(Phase::kDown, 1, {100, 400}, 0));
  EXPECT_FALSE(gestures.pointer(Phase::kMove, 1, {105, 406}, 0.02));  // 7.8 px
  EXPECT_FALSE(gestures.pointer(Phase::kUp, 1, {105, 406}, 0.04));
  EXPECT_TRUE(gestures.take(0.05).empty());
  EXPECT_FALSE(gestures.animating());
}

TEST_F(GesturesTest, ADragsClickIsThrownAway) {
  gestures.pointer(Phase::kDown, 1, {100, 400}, 0);
  EXPECT_TRUE(gestures.pointer(Phase::kMove, 1, {100, 391}, 0.02));
  EXPECT_TRUE(gestures.pointer(Phase::kMove, 1, {100, 400}, 0.03));  // back where it began: still a drag
  EXPECT_TRUE(gestures.pointer(Phase::kUp, 1, {100, 400}, 0.2));
  // The next press is a tap again.
  EXPECT_FALSE(gestures.pointer(Phase::kDown, 2, {100, 400}, 0.3));
  EXPECT_FALSE(gestures.pointer(Phase::kUp, 2, {100, 400}, 0.35));
}

TEST_F(GesturesTest, ATouchThatStopsAFlingIsNoTapAndTakesThePageAlong) {
  const double end = fling(2000);
  (void)gestures.take(end + 0.05);
  ASSERT_TRUE(gestures.animating());
  EXPECT_TRUE(gestures.moving());
  EXPECT_TRUE(gestures.pointer(Phase::kDown, 2, {100, 400}, end + 0.1));
  EXPECT_FALSE(gestures.animating());
  EXPECT_EQ(gestures.pressed(), nullptr) << "nothing looks pressed";
  EXPECT_TRUE(gestures.take(end + 0.12).empty());
  gestures.pointer(Phase::kMove, 2, {100, 396}, end + 0.14);
  EXPECT_EQ(moved(kPage).y, -4);
  EXPECT_TRUE(gestures.pointer(Phase::kUp, 2, {100, 396}, end + 0.4)) << "its click is thrown away";
  EXPECT_FALSE(gestures.moving());
}

TEST_F(GesturesTest, ASliderFollowsSidewaysOnlyAndLetsThePageScroll) {
  constexpr NodeId kSlider = 3;
  gestures.set_areas({{kPage, {0, 0, 360, 600}, DragAxis::kVertical}, {kSlider, {16, 100, 328, 200}, DragAxis::kHorizontal}});
  gestures.pointer(Phase::kDown, 1, {100, 200}, 0);
  gestures.pointer(Phase::kMove, 1, {130, 205}, 0.02);
  const std::vector<DragDelta> sideways = gestures.take(0.02);
  ASSERT_EQ(sideways.size(), 1u);
  EXPECT_EQ(sideways[0].id, kSlider);
  EXPECT_EQ(sideways[0].move, (Point{30, 0}));
  EXPECT_TRUE(sideways[0].held);
  gestures.pointer(Phase::kUp, 1, {130, 205}, 0.03);
  EXPECT_FALSE(gestures.animating()) << "a slider does not roll on";
  EXPECT_EQ(gestures.take(0.04).at(0).end, DragEnd::kLifted);
  gestures.pointer(Phase::kDown, 1, {100, 200}, 1);
  gestures.pointer(Phase::kMove, 1, {102, 170}, 1.02);
  EXPECT_EQ(gestures.take(1.02).at(0).id, kPage);
}

TEST_F(GesturesTest, AFlingIsNotHeld) {
  const double end = fling(2000);
  EXPECT_TRUE(gestures.take(end).at(0).held);
  EXPECT_FALSE(gestures.take(end + 0.02).at(0).held);
}

TEST_F(GesturesTest, APageFollowsVerticallyOnly) {
  gestures.pointer(Phase::kDown, 1, {100, 500}, 0);
  gestures.pointer(Phase::kMove, 1, {110, 460}, 0.02);
  gestures.pointer(Phase::kMove, 1, {150, 440}, 0.04);
  const Point way = moved(kPage);
  EXPECT_EQ(way.x, 0);
  EXPECT_EQ(way.y, -60);
}

TEST_F(GesturesTest, ASidewaysDragOnAPageMovesNothingAndIsNoTap) {
  gestures.pointer(Phase::kDown, 1, {100, 500}, 0);
  EXPECT_TRUE(gestures.pointer(Phase::kMove, 1, {140, 505}, 0.02));
  gestures.pointer(Phase::kMove, 1, {140, 300}, 0.04);  // the first direction decides
  EXPECT_TRUE(gestures.pointer(Phase::kUp, 1, {140, 300}, 0.06));
  EXPECT_EQ(moved(kPage), Point{});
  EXPECT_FALSE(gestures.animating());
}

TEST_F(GesturesTest, AMapFollowsInBothDirections) {
  gestures.pointer(Phase::kDown, 1, {100, 200}, 0);
  gestures.pointer(Phase::kMove, 1, {130, 190}, 0.02);
  gestures.pointer(Phase::kMove, 1, {90, 150}, 0.04);
  // Taken at once, since the map takes the drag wherever it went.
  const std::vector<DragDelta> deltas = gestures.take(0.05);
  ASSERT_EQ(deltas.size(), 1u);
  EXPECT_EQ(deltas[0].id, kMap);
  EXPECT_EQ(deltas[0].move, (Point{-10, -50}));
}

TEST_F(GesturesTest, ADragBelongsToTheAreaItBeganIn) {
  gestures.pointer(Phase::kDown, 1, {100, 500}, 0);
  gestures.pointer(Phase::kMove, 1, {100, 200}, 0.02);  // over the map now
  gestures.pointer(Phase::kMove, 1, {100, 150}, 0.04);
  EXPECT_EQ(moved(kPage).y, -350);
}

TEST_F(GesturesTest, AFlingDecaysExponentiallyAndStops) {
  double now = fling(1000);
  EXPECT_TRUE(gestures.animating());
  (void)gestures.take(now);
  std::vector<float> ways;
  while (gestures.animating() && now < 10) {
    now += 0.016;
    ways.push_back(-moved(kPage, now).y);
  }
  ASSERT_GT(ways.size(), 20u);
  for (std::size_t i = 1; i < ways.size(); ++i) {
    ASSERT_NEAR(ways[i] / ways[i - 1], std::exp(-0.016 / kFlingDecay), 0.002) << i;
  }
  // Under 20 px a second it ends: the last frame went from just above to just below.
  const double speed = static_cast<double>(ways.back()) / (kFlingDecay * (1 - std::exp(-0.016 / kFlingDecay)));
  EXPECT_LT(speed * std::exp(-0.016 / kFlingDecay), kFlingStop);
  EXPECT_GE(speed, kFlingStop);
  // The same number as the formula: ln(speed at the start / 20) × 0.325 s.
  const double start = static_cast<double>(ways.front()) / (kFlingDecay * (1 - std::exp(-0.016 / kFlingDecay)));
  EXPECT_NEAR(static_cast<double>(ways.size()) * 0.016, std::log(start / kFlingStop) * kFlingDecay, 0.02);
  EXPECT_GT(start, 750);  // 60 ms of memory: most of the finger's 1000
  EXPECT_LT(start, 1001);
}

TEST_F(GesturesTest, AFlingGoesAsFarWhateverTheFrameRate) {
  const auto distance = [](int frames_a_second) {
    Gestures own;
    own.set_areas({{kPage, {0, 0, 360, 600}, DragAxis::kVertical}});
    own.pointer(Phase::kDown, 1, {100, 500}, 0);
    for (int i = 1; i <= 10; ++i) own.pointer(Phase::kMove, 1, {100, 500 - 20 * static_cast<float>(i)}, 0.01 * i);
    own.pointer(Phase::kUp, 1, {100, 300}, 0.1);
    float sum = 0;
    for (int i = 0; i < 5 * frames_a_second; ++i) {
      for (const DragDelta& delta : own.take(0.1 + static_cast<double>(i) / frames_a_second)) sum += delta.move.y;
    }
    return sum;
  };
  EXPECT_NEAR(distance(30), distance(60), 4);
  EXPECT_NEAR(distance(60), distance(120), 4);
}

TEST_F(GesturesTest, AFingerThatRestsBeforeItLeavesDoesNotFling) {
  gestures.pointer(Phase::kDown, 1, {100, 500}, 0);
  gestures.pointer(Phase::kMove, 1, {100, 400}, 0.05);
  gestures.pointer(Phase::kUp, 1, {100, 400}, 0.3);
  EXPECT_FALSE(gestures.animating());
}

TEST_F(GesturesTest, ACancelledDragDoesNotFling) {
  gestures.pointer(Phase::kDown, 1, {100, 500}, 0);
  gestures.pointer(Phase::kMove, 1, {100, 400}, 0.05);
  EXPECT_TRUE(gestures.pointer(Phase::kCancel, 1, {100, 400}, 0.06));
  EXPECT_FALSE(gestures.animating());
}

TEST_F(GesturesTest, ATouchStopsAFling) {
  const double now = fling(2000);
  ASSERT_TRUE(gestures.animating());
  gestures.pointer(Phase::kDown, 2, {100, 400}, now + 0.05);
  EXPECT_FALSE(gestures.animating());
  (void)gestures.take(now + 0.06);
  EXPECT_TRUE(gestures.take(now + 0.2).empty());
}

TEST_F(GesturesTest, TheWheelStopsAFlingAndScrolls) {
  const double now = fling(2000);
  (void)gestures.take(now);
  gestures.wheel({100, 500}, {0, 60}, false);
  EXPECT_FALSE(gestures.animating());
  EXPECT_EQ(moved(kPage, now).y, -60);
}

TEST_F(GesturesTest, TheWheelZoomsAMapAboutThePointer) {
  gestures.wheel({100, 200}, {0, -300}, false);
  const std::vector<DragDelta> deltas = gestures.take(0);
  ASSERT_EQ(deltas.size(), 1u);
  EXPECT_EQ(deltas[0].id, kMap);
  EXPECT_NEAR(deltas[0].zoom, std::exp(1.0f), 1e-4);
  EXPECT_EQ(deltas[0].centre, (Point{100, 200}));
}

// Ctrl and wheel over a page is the browser's zoom of pages, which there is none of here.
TEST_F(GesturesTest, AZoomingWheelOverAPageDoesNothing) {
  gestures.wheel({100, 500}, {0, 60}, true);
  EXPECT_TRUE(gestures.take(0).empty());
}

TEST_F(GesturesTest, APinchZoomsAboutItsMiddle) {
  gestures.pointer(Phase::kDown, 1, {100, 200}, 0);
  EXPECT_TRUE(gestures.pointer(Phase::kDown, 2, {200, 200}, 0.01));
  EXPECT_TRUE(gestures.pointer(Phase::kMove, 2, {300, 200}, 0.02));
  const std::vector<DragDelta> deltas = gestures.take(0.03);
  ASSERT_EQ(deltas.size(), 1u);
  EXPECT_EQ(deltas[0].id, kMap);
  EXPECT_FLOAT_EQ(deltas[0].zoom, 2);
  EXPECT_EQ(deltas[0].centre, (Point{200, 200}));
  EXPECT_EQ(deltas[0].move, (Point{50, 0}));
  // Lifting one finger goes on as a drag, and no click comes of either.
  EXPECT_TRUE(gestures.pointer(Phase::kUp, 2, {300, 200}, 0.04));
  EXPECT_TRUE(gestures.pointer(Phase::kMove, 1, {100, 180}, 0.05));
  EXPECT_EQ(moved(kMap, 0.05).y, -20);
  EXPECT_TRUE(gestures.pointer(Phase::kUp, 1, {100, 180}, 0.06));
}

TEST_F(GesturesTest, AThirdFingerIsNobody) {
  gestures.pointer(Phase::kDown, 1, {100, 200}, 0);
  gestures.pointer(Phase::kDown, 2, {200, 200}, 0);
  EXPECT_TRUE(gestures.pointer(Phase::kDown, 3, {150, 150}, 0));
  EXPECT_FALSE(gestures.pointer(Phase::kMove, 3, {150, 100}, 0.01));
  EXPECT_TRUE(gestures.take(0.02).empty());
}

// A pointerup that never came (the pointer left the window) must not leave a finger on the glass for
// good: every later press would be half a pinch.
TEST_F(GesturesTest, TheSamePointerPressedAgainIsOneFinger) {
  gestures.pointer(Phase::kDown, 1, {100, 500}, 0);
  EXPECT_FALSE(gestures.pointer(Phase::kDown, 1, {100, 400}, 5));
  ASSERT_NE(gestures.pressed(), nullptr);
  EXPECT_EQ(*gestures.pressed(), (Point{100, 400}));
  EXPECT_FALSE(gestures.pointer(Phase::kUp, 1, {100, 400}, 5.1));
  EXPECT_EQ(gestures.pressed(), nullptr);
}

TEST_F(GesturesTest, AnAreaThatIsGoneTakesNothing) {
  gestures.set_areas({});
  gestures.pointer(Phase::kDown, 1, {100, 500}, 0);
  EXPECT_TRUE(gestures.pointer(Phase::kMove, 1, {100, 400}, 0.02));
  EXPECT_TRUE(gestures.pointer(Phase::kUp, 1, {100, 400}, 0.03));
  EXPECT_TRUE(gestures.take(0.04).empty());
  EXPECT_FALSE(gestures.animating());
}

TEST_F(GesturesTest, OnlyAFingerThatRestsIsPressing) {
  EXPECT_EQ(gestures.pressed(), nullptr);
  gestures.pointer(Phase::kDown, 1, {100, 500}, 0);
  ASSERT_NE(gestures.pressed(), nullptr);
  gestures.pointer(Phase::kMove, 1, {100, 450}, 0.02);
  EXPECT_EQ(gestures.pressed(), nullptr);
}

}  // namespace
}  // namespace titik::ui
