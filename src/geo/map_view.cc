#include "geo/map_view.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "geo/distance.h"

namespace titik::geo {
namespace {

constexpr double kPi = std::numbers::pi;

// Web Mercator on the unit square: (0, 0) is the map's north-west corner.
ScreenPoint to_world(const report::GeoPoint& point) {
  const double latitude = std::clamp(point.latitude, -kMaxLatitude, kMaxLatitude) * kPi / 180;
  return {std::clamp(point.longitude, -180.0, 180.0) / 360 + 0.5,
          0.5 - std::asinh(std::tan(latitude)) / (2 * kPi)};
}

report::GeoPoint from_world(const ScreenPoint& world) {
  const double x = std::clamp(world.x, 0.0, 1.0);
  const double y = std::clamp(world.y, 0.0, 1.0);
  const double latitude = std::atan(std::sinh(kPi * (1 - 2 * y))) * 180 / kPi;
  return {std::clamp(latitude, -kMaxLatitude, kMaxLatitude), (x - 0.5) * 360};
}

double world_size(double zoom) { return kTileSize * std::exp2(zoom); }

}  // namespace

ScreenPoint MapView::to_screen(const report::GeoPoint& point) const {
  const ScreenPoint middle = to_world(centre);
  const ScreenPoint world = to_world(point);
  const double size = world_size(zoom);
  return {width / 2 + (world.x - middle.x) * size, height / 2 + (world.y - middle.y) * size};
}

report::GeoPoint MapView::to_point(double x, double y) const {
  if (!std::isfinite(x) || !std::isfinite(y)) return centre;
  const ScreenPoint middle = to_world(centre);
  const double size = world_size(zoom);
  return from_world({middle.x + (x - width / 2) / size, middle.y + (y - height / 2) / size});
}

void MapView::pan(double dx, double dy) { centre = to_point(width / 2 - dx, height / 2 - dy); }

void MapView::zoom_about(double x, double y, double factor) {
  if (!std::isfinite(x) || !std::isfinite(y) || !std::isfinite(factor) || factor <= 0) return;
  const report::GeoPoint held = to_point(x, y);
  zoom = std::clamp(zoom + std::log2(factor), kMinZoom, kMaxZoom);
  const ScreenPoint now_at = to_screen(held);
  pan(x - now_at.x, y - now_at.y);
}

double MapView::metres_per_pixel() const {
  return 2 * kPi * kEarthRadius * std::cos(centre.latitude * kPi / 180) / world_size(zoom);
}

MapView fit(std::span<const report::GeoPoint> points, double width, double height, double padding) {
  MapView view{.centre = {}, .zoom = kMinZoom, .width = width, .height = height};
  ScreenPoint low{2, 2};
  ScreenPoint high{-1, -1};
  for (const report::GeoPoint& point : points) {
    if (!report::is_valid_point(point)) continue;
    const ScreenPoint world = to_world(point);
    low = {std::min(low.x, world.x), std::min(low.y, world.y)};
    high = {std::max(high.x, world.x), std::max(high.y, world.y)};
  }
  if (low.x > high.x) return view;
  view.centre = from_world({(low.x + high.x) / 2, (low.y + high.y) / 2});

  const double room_x = width - 2 * padding;
  const double room_y = height - 2 * padding;
  if (!(room_x > 0) || !(room_y > 0)) return view;
  const double span_x = high.x - low.x;
  const double span_y = high.y - low.y;
  if (span_x <= 0 && span_y <= 0) {
    view.zoom = kPointZoom;
    return view;
  }
  // A span of 0 asks for an endless scale; the other span, or the limit, undercuts it.
  constexpr double kTiny = 1e-12;
  const double scale = std::min(room_x / std::max(span_x, kTiny), room_y / std::max(span_y, kTiny));
  view.zoom = std::clamp(std::log2(scale / kTileSize), kMinZoom, kMaxZoom);
  return view;
}

}  // namespace titik::geo
