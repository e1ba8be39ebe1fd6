#include "geo/distance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace titik::geo {

double distance_m(const report::GeoPoint& a, const report::GeoPoint& b) {
  constexpr double kRadians = std::numbers::pi / 180;
  const double half_latitude = (b.latitude - a.latitude) * kRadians / 2;
  const double half_longitude = (b.longitude - a.longitude) * kRadians / 2;
  const double h = std::sin(half_latitude) * std::sin(half_latitude) +
                   std::cos(a.latitude * kRadians) * std::cos(b.latitude * kRadians) *
                       std::sin(half_longitude) * std::sin(half_longitude);
  // Rounding may take h just above 1 for opposite points.
  return 2 * kEarthRadius * std::asin(std::sqrt(std::clamp(h, 0.0, 1.0)));
}

}  // namespace titik::geo
