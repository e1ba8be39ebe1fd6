// Distance on the ground.
#pragma once

#include "report/place.h"

namespace titik::geo {

// Mean earth radius (IUGG R1), metres.
inline constexpr double kEarthRadius = 6'371'008.8;

// Great-circle distance in metres, by the haversine formula: within 0.5 % of the distance on the
// ellipsoid, which is far below what a phone's position is wrong by.
// Precondition: both points are valid (report::is_valid_point).
[[nodiscard]] double distance_m(const report::GeoPoint& a, const report::GeoPoint& b);

}  // namespace titik::geo
