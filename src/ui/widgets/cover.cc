// Covering parts of a photo: faces, number plates.
#include <algorithm>
#include <cmath>

#include "ui/widgets/ui.h"

namespace titik::ui {
namespace {

constexpr float kFinger = 1.5f;      // half the side of what a finger covers, in cells
constexpr float kLargestBox = 12;    // the same of the keyboard's box
constexpr float kKeyStep = 64;       // what web/semantics.js sends for an arrow
constexpr Color kCells[] = {Color{0x5E6B65}, Color{0x76837D}};

std::size_t cell_at(float position, std::size_t count) {
  return static_cast<std::size_t>(std::clamp(position, 0.0f, static_cast<float>(count) - 1));
}

}  // namespace

Cover::Cover(int width, int height) {
  const double cell = static_cast<double>(std::max({width, height, 1})) / static_cast<double>(kCoverCells);
  columns = std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(width / cell)));
  rows = std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(height / cell)));
  cells.assign(columns * rows, 0);
  box = {static_cast<float>(columns) / 2, static_cast<float>(rows) / 2};
}

void Cover::begin_stroke() {
  if (strokes < 100) ++strokes;  // more than anybody takes back
}

void Cover::undo() {
  if (strokes == 0) return;
  for (char& cell : cells) {
    if (cell == strokes) cell = 0;
  }
  --strokes;
}

void Cover::add(Point at, float half_side) {
  if (at.x + half_side < 0 || at.y + half_side < 0 || at.x - half_side > static_cast<float>(columns) ||
      at.y - half_side > static_cast<float>(rows)) {
    return;
  }
  const std::size_t left = cell_at(at.x - half_side, columns), right = cell_at(at.x + half_side, columns);
  const std::size_t top = cell_at(at.y - half_side, rows), bottom = cell_at(at.y + half_side, rows);
  for (std::size_t y = top; y <= bottom; ++y) {
    for (std::size_t x = left; x <= right; ++x) {
      char& cell = cells[y * columns + x];
      if (cell == 0) cell = strokes;
    }
  }
}

void Ui::cover_area(const Rect& rect, Cover& cover, const PhotoTile& tile) {
  const NodeId id = id_of("cover");
  const float cell = rect.width / static_cast<float>(cover.columns);
  const auto cells_of = [&](Point at) { return Point{(at.x - rect.x) / cell, (at.y - rect.y) / cell}; };

  for (const DragDelta& drag : drags_) {
    if (drag.id != id) continue;
    if (drag.held) {
      if (!cover.stroke_open) cover.begin_stroke();
      cover.stroke_open = true;
      // Between two positions of the finger nothing is left out.
      const Point from = cells_of(drag.from), to = cells_of(drag.to);
      const int steps = 1 + static_cast<int>(std::max(std::abs(to.x - from.x), std::abs(to.y - from.y)));
      for (int i = 0; i <= steps; ++i) {
        const float share = static_cast<float>(i) / static_cast<float>(steps);
        cover.add({from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share}, kFinger);
      }
    }
    if (drag.end != DragEnd::kNone) cover.stroke_open = false;
  }
  for (const MapInput& input : map_inputs_) {
    if (input.id != id) continue;
    // An arrow moves what a map shows the other way; here it moves the box.
    cover.box.x = std::clamp(cover.box.x - input.move.x / kKeyStep, 0.0f, static_cast<float>(cover.columns));
    cover.box.y = std::clamp(cover.box.y - input.move.y / kKeyStep, 0.0f, static_cast<float>(cover.rows));
    if (input.zoom != 1) cover.reach = std::clamp(cover.reach + (input.zoom > 1 ? 1.0f : -1.0f), 0.5f, kLargestBox);
    if (input.tap) {
      cover.begin_stroke();
      cover.add(cells_of(*input.tap), kFinger);
    }
  }
  if (take_activation(id)) {
    cover.begin_stroke();
    cover.add(cover.box, cover.reach);
  }

  drag_areas_.push_back({id, rect, DragAxis::kBoth, false});  // a tap right after a stroke is a tap
  interactive({.id = id, .role = Role::kMap, .label = std::string(tile.label)}, rect);
  draw_photo(rect, {.sha256 = tile.sha256, .radius = 0});
  canvas_.push_clip(rect);
  for (std::size_t y = 0; y < cover.rows; ++y) {
    for (std::size_t x = 0; x < cover.columns; ++x) {
      if (!cover.cells[y * cover.columns + x]) continue;
      canvas_.fill({rect.x + static_cast<float>(x) * cell, rect.y + static_cast<float>(y) * cell, cell + 0.5f, cell + 0.5f},
                   kCells[(x + y) % 2]);
    }
  }
  if (focus_ == id && focus_visible_) {
    const Rect box = {rect.x + (cover.box.x - cover.reach) * cell, rect.y + (cover.box.y - cover.reach) * cell,
                      2 * cover.reach * cell, 2 * cover.reach * cell};
    canvas_.stroke(box, Color{0x12201B}, 0, 5);
    canvas_.stroke(box, Color{0xFFFFFF}, 0, 2);
  }
  canvas_.pop_clip();
  focus_ring(id, rect, 0);
}

}  // namespace titik::ui
