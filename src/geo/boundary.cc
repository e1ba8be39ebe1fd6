#include "geo/boundary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "geo/distance.h"

namespace titik::geo {
namespace {

// The point of the segment a–b nearest to `point`, on a plane scaled at `point`'s latitude.
report::GeoPoint nearest_on_segment(const report::GeoPoint& a, const report::GeoPoint& b,
                                    const report::GeoPoint& point) {
  const double scale = std::cos(point.latitude * std::numbers::pi / 180);
  const double edge_x = (b.longitude - a.longitude) * scale;
  const double edge_y = b.latitude - a.latitude;
  const double to_x = (point.longitude - a.longitude) * scale;
  const double to_y = point.latitude - a.latitude;
  const double length_squared = edge_x * edge_x + edge_y * edge_y;
  const double along =
      length_squared > 0 ? std::clamp((to_x * edge_x + to_y * edge_y) / length_squared, 0.0, 1.0) : 0;
  return {a.latitude + along * (b.latitude - a.latitude), a.longitude + along * (b.longitude - a.longitude)};
}

}  // namespace

bool contains(std::span<const report::GeoPoint> ring, const report::GeoPoint& point) {
  if (ring.size() < 3 || !report::is_valid_point(point)) return false;
  // A ray to the east crosses the ring an odd number of times from inside. Each edge counts its lower
  // end and not its upper one, so that a ray through a corner counts once.
  bool inside = false;
  for (std::size_t i = 0, previous = ring.size() - 1; i < ring.size(); previous = i++) {
    const report::GeoPoint& a = ring[previous];
    const report::GeoPoint& b = ring[i];
    if ((a.latitude > point.latitude) == (b.latitude > point.latitude)) continue;
    const double along = (point.latitude - a.latitude) / (b.latitude - a.latitude);
    if (point.longitude < a.longitude + along * (b.longitude - a.longitude)) inside = !inside;
  }
  return inside;
}

double distance_outside_m(std::span<const report::GeoPoint> ring, const report::GeoPoint& point) {
  if (contains(ring, point)) return 0;
  double nearest = std::numeric_limits<double>::infinity();
  if (!report::is_valid_point(point)) return nearest;
  for (std::size_t i = 0, previous = ring.size() - 1; i < ring.size(); previous = i++) {
    nearest = std::min(nearest, distance_m(point, nearest_on_segment(ring[previous], ring[i], point)));
  }
  return nearest;
}

}  // namespace titik::geo
