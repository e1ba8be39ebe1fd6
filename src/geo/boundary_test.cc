#include "geo/boundary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "geo/distance.h"

namespace titik::geo {
namespace {

using report::GeoPoint;
using Ring = std::vector<GeoPoint>;

const Ring kSquare = {{-2, 103}, {-2, 104}, {-1, 104}, {-1, 103}};

// A U, open to the north: the notch lies between its arms.
const Ring kNotched = {{0, 0}, {0, 3}, {3, 3}, {3, 2}, {1, 2}, {1, 1}, {3, 1}, {3, 0}};

TEST(Contains, InsideAndOutsideASquare) {
  EXPECT_TRUE(contains(kSquare, {-1.5, 103.5}));
  EXPECT_TRUE(contains(kSquare, {-1.999, 103.001}));
  EXPECT_FALSE(contains(kSquare, {-0.999, 103.5}));
  EXPECT_FALSE(contains(kSquare, {-2.001, 103.5}));
  EXPECT_FALSE(contains(kSquare, {-1.5, 102.999}));
  EXPECT_FALSE(contains(kSquare, {-1.5, 104.001}));
}

TEST(Contains, DoesNotDependOnTheDirectionOrTheFirstPoint) {
  Ring ring = kNotched;
  for (std::size_t turn = 0; turn < ring.size(); ++turn) {
    std::rotate(ring.begin(), ring.begin() + 1, ring.end());
    const Ring reversed(ring.rbegin(), ring.rend());
    for (const Ring& each : {ring, reversed}) {
      EXPECT_TRUE(contains(each, {0.5, 1.5}));
      EXPECT_TRUE(contains(each, {2, 0.5}));
      EXPECT_TRUE(contains(each, {2, 2.5}));
      EXPECT_FALSE(contains(each, {2, 1.5}));  // the notch
      EXPECT_FALSE(contains(each, {-0.5, 1.5}));
    }
  }
}

TEST(Contains, ARayThroughACornerCountsOnce) {
  const Ring diamond = {{0, -1}, {1, 0}, {0, 1}, {-1, 0}};
  EXPECT_TRUE(contains(diamond, {0, 0}));       // the ray ends in the eastern corner
  EXPECT_FALSE(contains(diamond, {0, -1.5}));   // the ray passes both
  EXPECT_FALSE(contains(diamond, {1, -0.5}));   // touches the northern corner
  EXPECT_FALSE(contains(diamond, {-1, -0.5}));  // touches the southern corner
  EXPECT_FALSE(contains(kNotched, {1, -0.5}));  // along the floor of the notch
}

TEST(Contains, NothingIsInsideWhatIsNoRing) {
  EXPECT_FALSE(contains({}, {0, 0}));
  EXPECT_FALSE(contains(Ring{{0, 0}}, {0, 0}));
  EXPECT_FALSE(contains(Ring{{0, 0}, {1, 1}}, {0.5, 0.5}));
  EXPECT_FALSE(contains(kSquare, {std::nan(""), 103.5}));
}

TEST(DistanceOutside, IsZeroInside) { EXPECT_EQ(distance_outside_m(kSquare, {-1.5, 103.5}), 0); }

TEST(DistanceOutside, IsMeasuredToTheNearestEdgeOrCorner) {
  EXPECT_NEAR(distance_outside_m(kSquare, {-0.99, 103.5}), distance_m({-0.99, 103.5}, {-1, 103.5}), 0.01);
  EXPECT_NEAR(distance_outside_m(kSquare, {-1.5, 104.02}), distance_m({-1.5, 104.02}, {-1.5, 104}), 0.01);
  EXPECT_NEAR(distance_outside_m(kSquare, {-0.9, 104.1}), distance_m({-0.9, 104.1}, {-1, 104}), 0.01);
}

TEST(DistanceOutside, OfNoRingIsEndless) {
  EXPECT_TRUE(std::isinf(distance_outside_m({}, {0, 0})));
  EXPECT_TRUE(std::isinf(distance_outside_m(kSquare, {std::nan(""), 0})));
  EXPECT_NEAR(distance_outside_m(Ring{{0, 0}}, {0, 1}), distance_m({0, 0}, {0, 1}), 0.01);
  EXPECT_EQ(distance_outside_m(Ring{{0, 0}, {0, 0}}, {0, 0}), 0);
}

}  // namespace
}  // namespace titik::geo
