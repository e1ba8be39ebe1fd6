// The map of the city: its boundary, a grid for scale, pins. North is up; streets come later.
#include <algorithm>
#include <cmath>
#include <string>

#include "ui/widgets/ui.h"

namespace titik::ui {
namespace {

constexpr float kPinHeight = 34;

// A round number of metres whose bar is at most `most` pixels wide.
double scale_bar_metres(double metres_per_pixel, double most) {
  const double room = metres_per_pixel * most;
  double step = std::pow(10.0, std::floor(std::log10(room)));
  if (step * 5 <= room) step *= 5;
  else if (step * 2 <= room) step *= 2;
  return step;
}

}  // namespace

void Ui::draw_pin(Point tip, float height, Color color) {
  const float radius = height * 0.36f;
  const Point head = {tip.x, tip.y - height + radius};
  // Two tangents from the tip close the drop beneath the round head.
  const float distance = tip.y - head.y;
  const float sine = radius / distance;
  const float along = radius * sine;
  const float across = radius * std::sqrt(1 - sine * sine);
  canvas_.triangle({head.x - across, head.y + along}, {head.x + across, head.y + along}, tip, color);
  canvas_.disc(head, radius, color);
  canvas_.disc(head, radius * 0.42f, palette_->surface);
}

// Of pins that would lie on each other only the first is drawn: two thousand reports are a picture, not a
// wall, and cost no more than what fits the map.
void Ui::draw_pins(const Rect& rect, std::span<const MapPin> pins, FunctionRef<Point(const report::GeoPoint&)> at) {
  constexpr float kCell = 16;
  const auto columns = static_cast<std::size_t>(rect.width / kCell) + 1;
  const auto rows = static_cast<std::size_t>((rect.height + kPinHeight) / kCell) + 1;
  std::vector<bool> taken(columns * rows);
  for (const MapPin& pin : pins) {
    const Point tip = at(pin.point);
    if (tip.x < rect.x || tip.x >= rect.right() || tip.y < rect.y || tip.y >= rect.bottom() + kPinHeight) continue;
    const auto cell = static_cast<std::size_t>((tip.y - rect.y) / kCell) * columns + static_cast<std::size_t>((tip.x - rect.x) / kCell);
    if (taken[cell]) continue;
    taken[cell] = true;
    draw_pin(tip, kPinHeight, tone_text(*palette_, pin.tone));
  }
}

MapResult Ui::map(const Rect& rect, std::string_view name, geo::MapView& view, const MapDesc& desc) {
  MapResult result;
  const NodeId id = id_of(name);
  view.width = static_cast<double>(rect.width);
  view.height = static_cast<double>(rect.height);

  for (const DragDelta& drag : drags_) {
    if (drag.id != id) continue;
    view.pan(static_cast<double>(drag.move.x), static_cast<double>(drag.move.y));
    if (drag.zoom != 1) {
      view.zoom_about(static_cast<double>(drag.centre.x - rect.x), static_cast<double>(drag.centre.y - rect.y),
                      static_cast<double>(drag.zoom));
    }
    result.moved = true;
  }
  for (const MapInput& input : map_inputs_) {
    if (input.id != id) continue;
    view.pan(static_cast<double>(input.move.x), static_cast<double>(input.move.y));
    view.zoom_about(view.width / 2, view.height / 2, static_cast<double>(input.zoom));
    result.moved = true;
    if (input.tap && desc.can_place) {
      result.placed = view.to_point(static_cast<double>(input.tap->x - rect.x), static_cast<double>(input.tap->y - rect.y));
    }
  }
  // Enter, or a screen reader's activation: the middle of the map, which the cross marks.
  if (take_activation(id) && desc.can_place) result.placed = view.centre;

  drag_areas_.push_back({id, rect, DragAxis::kBoth});
  interactive({.id = id, .role = Role::kMap, .label = std::string(desc.label)}, rect);

  const Rect& seen = clips_.back();
  if (rect.bottom() <= seen.y || rect.y >= seen.bottom()) return result;

  const auto at = [&](const report::GeoPoint& point) {
    const geo::ScreenPoint screen = view.to_screen(point);
    return Point{rect.x + static_cast<float>(screen.x), rect.y + static_cast<float>(screen.y)};
  };

  canvas_.fill(rect, palette_->surface_2, desc.radius);
  canvas_.push_clip(rect.inset(1));
  if (desc.boundary.size() >= 3) {
    std::vector<Point> ring;
    ring.reserve(desc.boundary.size());
    for (const report::GeoPoint& point : desc.boundary) ring.push_back(at(point));
    canvas_.polygon(ring, palette_->map_land, palette_->map_line, 2);
  }
  // A grid of round distances, so that panning and zooming are felt where there are no streets yet.
  const double bar_metres = scale_bar_metres(view.metres_per_pixel(), 96);
  const auto grid = static_cast<float>(bar_metres / view.metres_per_pixel());
  const Point origin = at({0, 100});
  for (float x = rect.x + std::fmod(origin.x - rect.x, grid); x < rect.right(); x += grid) {
    if (x >= rect.x) canvas_.segment({x, rect.y}, {x, rect.bottom()}, palette_->surface_2, 1);
  }
  for (float y = rect.y + std::fmod(origin.y - rect.y, grid); y < rect.bottom(); y += grid) {
    if (y >= rect.y) canvas_.segment({rect.x, y}, {rect.right(), y}, palette_->surface_2, 1);
  }
  draw_pins(rect, desc.pins, at);
  if (desc.pin) {
    const Point tip = at(*desc.pin);
    const auto radius = static_cast<float>(desc.accuracy_m / view.metres_per_pixel());
    if (radius > 4) {
      canvas_.disc(tip, std::min(radius, 2000.0f), palette_->accent, 0.14f);
      canvas_.ring(tip, std::min(radius, 2000.0f), palette_->accent, 1.5f, 0.6f);
    }
    draw_pin(tip, 52, palette_->accent);
  }
  canvas_.pop_clip();

  // Scale bar at the lower left, north at the upper right.
  const auto bar = static_cast<float>(bar_metres / view.metres_per_pixel());
  const int whole = static_cast<int>(bar_metres);
  const std::string words = whole >= 1000 ? std::to_string(whole / 1000) + " km" : std::to_string(whole) + " m";
  constexpr TextStyle kSmall = {TextSize::kSmall, Weight::kRegular};
  const float foot = rect.bottom() - 14;
  const float words_height = canvas_.line_height(TextSize::kSmall);
  canvas_.text({rect.x + 14, foot - words_height - 4}, words, kSmall, palette_->text_2);
  canvas_.segment({rect.x + 14, foot}, {rect.x + 14 + bar, foot}, palette_->text_2, 2);
  canvas_.segment({rect.x + 14, foot - 4}, {rect.x + 14, foot}, palette_->text_2, 2);
  canvas_.segment({rect.x + 14 + bar, foot - 4}, {rect.x + 14 + bar, foot}, palette_->text_2, 2);
  const Point north = {rect.right() - 24, rect.y + 24};
  canvas_.disc(north, 14, palette_->surface);
  canvas_.triangle({north.x - 4, north.y - 3}, {north.x + 4, north.y - 3}, {north.x, north.y - 10}, palette_->danger);
  canvas_.line({north.x - 14, north.y - 3, 28, 14}, desc.north, kSmall, palette_->text_2, Align::kCentre);
  if (focus_ == id && focus_visible_ && desc.can_place) {
    const Point middle = rect.centre();
    canvas_.segment({middle.x - 10, middle.y}, {middle.x + 10, middle.y}, palette_->text, 2);
    canvas_.segment({middle.x, middle.y - 10}, {middle.x, middle.y + 10}, palette_->text, 2);
  }
  if (desc.radius > 0) {
    canvas_.mask_corners(rect, desc.radius, palette_->background);
    canvas_.stroke(rect, palette_->line, desc.radius, 1.5f);
  }
  focus_ring(id, rect, desc.radius);
  return result;
}

}  // namespace titik::ui
