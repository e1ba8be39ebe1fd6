#include "geo/map_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "geo/distance.h"

namespace titik::geo {
namespace {

using report::GeoPoint;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr GeoPoint kJambi{-1.6101, 103.6131};

MapView view_of(GeoPoint centre, double zoom) {
  return {.centre = centre, .zoom = zoom, .width = 360, .height = 400};
}

void expect_near(const GeoPoint& a, const GeoPoint& b, double tolerance = 1e-9) {
  EXPECT_NEAR(a.latitude, b.latitude, tolerance);
  EXPECT_NEAR(a.longitude, b.longitude, tolerance);
}

TEST(MapView, TheCentreIsInTheMiddle) {
  const MapView view = view_of(kJambi, 15);
  EXPECT_NEAR(view.to_screen(kJambi).x, 180, 1e-9);
  EXPECT_NEAR(view.to_screen(kJambi).y, 200, 1e-9);
  expect_near(view.to_point(180, 200), kJambi);
}

TEST(MapView, NorthIsUpAndEastIsRight) {
  const MapView view = view_of(kJambi, 15);
  EXPECT_LT(view.to_screen({-1.60, 103.6131}).y, 200);
  EXPECT_GT(view.to_screen({-1.6101, 103.62}).x, 180);
}

TEST(MapView, AgreesWithTheTileScheme) {
  // Tile 0/0/0 is 256 px wide and ends at ±180° and ±85.0511°; its middle is (0, 0).
  const MapView world{.centre = {0, 0}, .zoom = 4, .width = 4096, .height = 4096};
  EXPECT_NEAR(world.to_screen({0, -180}).x, 0, 1e-6);
  EXPECT_NEAR(world.to_screen({0, 180}).x, 4096, 1e-6);
  EXPECT_NEAR(world.to_screen({kMaxLatitude, 0}).y, 0, 0.1);
  EXPECT_NEAR(world.to_screen({-kMaxLatitude, 0}).y, 4096, 0.1);
  // Latitude 66.51326° is a quarter of the way down (the edge of tile row 1 at zoom 2).
  EXPECT_NEAR(world.to_screen({66.51326044311186, 0}).y, 1024, 1e-6);
}

TEST(MapView, ScreenAndEarthAreEachOthersReverse) {
  for (const double zoom : {kMinZoom, 11.3, 17.0, kMaxZoom}) {
    for (const GeoPoint centre : {kJambi, GeoPoint{0.724, 124.317}, GeoPoint{-2.2, 113.9}}) {
      const MapView view = view_of(centre, zoom);
      for (const ScreenPoint at : {ScreenPoint{0, 0}, ScreenPoint{360, 400}, ScreenPoint{17.5, 333.25}}) {
        const ScreenPoint again = view.to_screen(view.to_point(at.x, at.y));
        EXPECT_NEAR(again.x, at.x, 1e-5);
        EXPECT_NEAR(again.y, at.y, 1e-5);
      }
    }
  }
}

TEST(MapView, BeyondTheEdgeIsTheEdge) {
  const MapView view = view_of({0, 0}, kMinZoom);
  expect_near(view.to_point(1e9, 200), {0, 180});
  expect_near(view.to_point(180, 1e9), {-kMaxLatitude, 0});
  EXPECT_EQ(view.to_screen({90, 0}).y, view.to_screen({kMaxLatitude, 0}).y);
}

TEST(MapView, PanningFollowsTheFinger) {
  MapView view = view_of(kJambi, 16);
  const GeoPoint held = view.to_point(100, 300);
  view.pan(35, -120);
  EXPECT_NEAR(view.to_screen(held).x, 135, 1e-6);
  EXPECT_NEAR(view.to_screen(held).y, 180, 1e-6);
  EXPECT_LT(view.centre.longitude, kJambi.longitude);  // to the right shows the west
  view.pan(-35, 120);
  expect_near(view.centre, kJambi);
}

TEST(MapView, ZoomKeepsThePointUnderTheFinger) {
  MapView view = view_of(kJambi, 14);
  const GeoPoint held = view.to_point(50, 60);
  view.zoom_about(50, 60, 2);
  EXPECT_NEAR(view.zoom, 15, 1e-12);
  expect_near(view.to_point(50, 60), held);
  view.zoom_about(50, 60, 0.3);
  expect_near(view.to_point(50, 60), held);
}

TEST(MapView, ZoomStopsAtItsLimitsAndStillHoldsThePoint) {
  MapView view = view_of(kJambi, kMaxZoom - 0.5);
  const GeoPoint held = view.to_point(300, 20);
  view.zoom_about(300, 20, 1000);
  EXPECT_EQ(view.zoom, kMaxZoom);
  expect_near(view.to_point(300, 20), held);
  view.zoom_about(300, 20, 1e-9);
  EXPECT_EQ(view.zoom, kMinZoom);
  EXPECT_TRUE(report::is_valid_point(view.centre));
}

TEST(MapView, NonsenseLeavesItSound) {
  for (const double bad : {kNan, kInfinity, -kInfinity}) {
    MapView view = view_of(kJambi, 14);
    view.pan(bad, 0);
    view.pan(0, bad);
    view.zoom_about(bad, 0, 2);
    view.zoom_about(0, bad, 2);
    view.zoom_about(0, 0, bad);
    expect_near(view.to_point(bad, bad), kJambi);
    expect_near(view.centre, kJambi);
    EXPECT_EQ(view.zoom, 14);
  }
  MapView view = view_of(kJambi, 14);
  view.zoom_about(0, 0, 0);
  view.zoom_about(0, 0, -2);
  EXPECT_EQ(view.zoom, 14);
  view.pan(1e300, -1e300);
  EXPECT_TRUE(report::is_valid_point(view.centre));
}

TEST(MapView, MetresPerPixelMeasureTheGround) {
  for (const GeoPoint centre : {GeoPoint{0, 104}, kJambi, GeoPoint{47.1, 9.5}}) {
    const MapView view = view_of(centre, 17);
    const double measured = distance_m(view.to_point(170, 200), view.to_point(190, 200)) / 20;
    EXPECT_NEAR(view.metres_per_pixel(), measured, measured * 1e-6);
  }
  EXPECT_NEAR(view_of({0, 0}, 17).metres_per_pixel(), 1.193, 0.001);
}

TEST(Fit, ShowsAllPointsWithinThePaddingAndTouchesIt) {
  const std::vector<GeoPoint> points = {{-1.541, 103.575}, {-1.698, 103.622}, {-1.6, 103.523}, {-1.6, 103.69}};
  const MapView view = fit(points, 360, 400, 16);
  double left = kInfinity, right = -kInfinity, top = kInfinity, bottom = -kInfinity;
  for (const GeoPoint& point : points) {
    const ScreenPoint at = view.to_screen(point);
    left = std::min(left, at.x);
    right = std::max(right, at.x);
    top = std::min(top, at.y);
    bottom = std::max(bottom, at.y);
  }
  EXPECT_NEAR(left, 16, 1e-6);
  EXPECT_NEAR(right, 344, 1e-6);  // wider than the view is: the width decides
  EXPECT_GE(top, 16);
  EXPECT_LE(bottom, 384);
  EXPECT_NEAR(top + bottom, 400, 1e-6);
  EXPECT_EQ(view.width, 360);
  EXPECT_EQ(view.height, 400);
}

TEST(Fit, OnePointIsShownCloseUp) {
  const std::vector<GeoPoint> points = {kJambi, kJambi, {kNan, 0}};
  const MapView view = fit(points, 360, 400, 16);
  EXPECT_EQ(view.zoom, kPointZoom);
  expect_near(view.centre, kJambi);
}

TEST(Fit, PointsOnALineAndVeryNearPointsStayWithinTheLimits) {
  const std::vector<GeoPoint> line = {{-1.6, 103}, {-1.6, 104}};
  EXPECT_NEAR(fit(line, 360, 400, 0).to_screen(line[0]).x, 0, 1e-6);
  const std::vector<GeoPoint> near = {{-1.6, 103}, {-1.6, 103.0000001}};
  EXPECT_EQ(fit(near, 360, 400, 0).zoom, kMaxZoom);
  const std::vector<GeoPoint> world = {{-80, -180}, {80, 180}};
  EXPECT_EQ(fit(world, 360, 400, 0).zoom, kMinZoom);
}

TEST(Fit, NothingToShowOrNoRoom) {
  const MapView nothing = fit({}, 360, 400, 16);
  expect_near(nothing.centre, {0, 0});
  EXPECT_EQ(nothing.zoom, kMinZoom);
  const std::vector<GeoPoint> points = {{-1.5, 103.5}, {-1.7, 103.7}};
  for (const double size : {0.0, 32.0, -1.0, kNan}) {
    const MapView view = fit(points, size, size, 16);
    EXPECT_EQ(view.zoom, kMinZoom) << size;
    EXPECT_TRUE(report::is_valid_point(view.centre));
  }
}

}  // namespace
}  // namespace titik::geo
