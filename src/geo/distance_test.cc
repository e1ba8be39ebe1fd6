#include "geo/distance.h"

#include <gtest/gtest.h>

#include <numbers>

namespace titik::geo {
namespace {

constexpr double kDegree = std::numbers::pi / 180 * kEarthRadius;  // metres on a great circle

TEST(Distance, IsZeroForOnePlace) { EXPECT_EQ(distance_m({-1.6101, 103.6131}, {-1.6101, 103.6131}), 0); }

TEST(Distance, OneDegreeOfAGreatCircle) {
  EXPECT_NEAR(distance_m({0, 103}, {0, 104}), kDegree, 0.01);
  EXPECT_NEAR(distance_m({-1, 103}, {0, 103}), kDegree, 0.01);
  EXPECT_NEAR(distance_m({60, 0}, {60, 0.01}), kDegree / 100 / 2, 0.01);  // cos 60° = 1/2
}

TEST(Distance, IsTheSameBothWays) {
  EXPECT_EQ(distance_m({-1.6, 103.6}, {0.72, 124.3}), distance_m({0.72, 124.3}, {-1.6, 103.6}));
}

TEST(Distance, JambiToKotamobaguAsThePlaneFlies) {
  // 20.704° of longitude near the equator, by the spherical law of cosines: another formula.
  EXPECT_NEAR(distance_m({-1.6101, 103.6131}, {0.724, 124.317}), 2'316'000, 3'000);
}

TEST(Distance, AFewMetresAreNotLostInRounding) {
  EXPECT_NEAR(distance_m({-1.6101, 103.6131}, {-1.6101 + 1 / kDegree, 103.6131}), 1, 1e-6);
}

TEST(Distance, CrossesTheDateLineAndThePole) {
  EXPECT_NEAR(distance_m({0, 179.5}, {0, -179.5}), kDegree, 0.01);
  EXPECT_NEAR(distance_m({89.5, 0}, {89.5, 180}), kDegree, 0.01);
  EXPECT_NEAR(distance_m({0, 0}, {0, 180}), 180 * kDegree, 1);
  EXPECT_NEAR(distance_m({90, 0}, {-90, 0}), 180 * kDegree, 1);
}

}  // namespace
}  // namespace titik::geo
