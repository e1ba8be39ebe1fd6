// The view of a north-up map: which part of the earth is on the screen, and how large.
//
//   MapView view = fit(profile.boundary, 360, 400, /*padding=*/16);
//   const ScreenPoint pin = view.to_screen(place.point);
//   view.pan(finger_dx, finger_dy);          // the map follows the finger
//   view.zoom_about(finger_x, finger_y, 2);  // what lies under the finger stays there
//
// Projection: Web Mercator (EPSG:3857), as all public tiles have it; the world is
// kTileSize · 2^zoom pixels wide. Pixels are CSS pixels; x grows to the east, y to the south, and
// (0, 0) is the view's upper left corner. The map does not repeat beyond ±180°.
// Every function keeps the view sound whatever comes in: zoom within its limits, the centre on the
// map, no infinity or NaN taken over.
#pragma once

#include <span>

#include "report/place.h"

namespace titik::geo {

inline constexpr double kTileSize = 256;         // px at a whole zoom
inline constexpr double kMinZoom = 4;            // Indonesia on a phone
inline constexpr double kMaxZoom = 20;           // about 0.15 m per px at the equator
inline constexpr double kMaxLatitude = 85.0511;  // where Web Mercator ends

struct ScreenPoint {
  double x = 0;
  double y = 0;
};

struct MapView {
  report::GeoPoint centre;  // in the middle of the view
  double zoom = 12;         // kMinZoom to kMaxZoom; each whole step doubles the scale
  double width = 0;         // px
  double height = 0;        // px

  // Points outside the view have coordinates outside it too. Latitudes beyond ±kMaxLatitude are
  // drawn at the map's edge.
  [[nodiscard]] ScreenPoint to_screen(const report::GeoPoint& point) const;
  // The reverse; beyond the map's edge, the nearest point on it.
  [[nodiscard]] report::GeoPoint to_point(double x, double y) const;

  // Moves what is drawn by (dx, dy) px, as a finger does: positive dx shows what lies further west.
  void pan(double dx, double dy);

  // Scales by `factor` (2 = one zoom step in) about (x, y): the point under it stays under it.
  // Stops at the limits of zoom. A factor that is not positive and finite changes nothing.
  void zoom_about(double x, double y, double factor);

  // Ground metres for one px at the centre: an accuracy ring of 12 m has a radius of
  // 12 / metres_per_pixel() px.
  [[nodiscard]] double metres_per_pixel() const;
};

// The closest view of this size that shows all `points` with `padding` px free on each side.
// One point: kPointZoom. No valid point, or no room: the view about (0, 0) at kMinZoom.
inline constexpr double kPointZoom = 17;
[[nodiscard]] MapView fit(std::span<const report::GeoPoint> points, double width, double height, double padding);

}  // namespace titik::geo
