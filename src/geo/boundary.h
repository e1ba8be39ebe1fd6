// Is a place inside the city?
#pragma once

#include <span>

#include "report/place.h"

namespace titik::geo {

// True when `point` lies inside the ring, by the even-odd rule. The ring closes by itself (its last
// point is joined to its first), in either direction. Edges are straight lines in degrees, good for
// the size of a city; a ring must not cross the ±180° meridian, which no Indonesian city does.
// A point exactly on an edge may be either; ask distance_outside_m with a tolerance where it matters.
// A ring of fewer than three points contains nothing.
[[nodiscard]] bool contains(std::span<const report::GeoPoint> ring, const report::GeoPoint& point);

// Metres from `point` to the ring when it is outside; 0 when inside. A place whose accuracy radius
// is larger than this may still be in the city: say so instead of turning the citizen away.
// Infinity for an empty ring.
[[nodiscard]] double distance_outside_m(std::span<const report::GeoPoint> ring, const report::GeoPoint& point);

}  // namespace titik::geo
