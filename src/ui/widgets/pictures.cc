// Photographs and progress.
#include <algorithm>
#include <cmath>

#include "ui/widgets/ui.h"

namespace titik::ui {

void Ui::draw_photo(const Rect& rect, const PhotoTile& tile) {
  const int edge = static_cast<int>(std::ceil(std::max(rect.width, rect.height) * input_.pixel_ratio));
  const Texture texture = tile.sha256.empty() ? Texture{} : images_.find(tile.sha256, edge);
  if (texture.id != 0) {
    canvas_.image(rect, texture, tile.radius);
  } else {
    canvas_.fill(rect, palette_->surface_2, tile.radius);
    canvas_.icon("image", rect.centre(), std::min(28.0f, rect.height * 0.4f), palette_->text_2);
  }
  caption(rect, tile.caption, Align::kStart, rect.width);
}

void Ui::caption(const Rect& rect, std::string_view words, Align align, float room) {
  constexpr TextStyle kStyle = {TextSize::kSmall, Weight::kSemibold};
  if (words.empty() || room < rect.width / 4) return;
  const float height = canvas_.line_height(TextSize::kSmall) + 8;
  const float width = std::min(canvas_.measure(words, kStyle).width + 20, std::min(room, rect.width) - 16);
  const float x = align == Align::kEnd ? rect.right() - 8 - width : rect.x + 8;
  const Rect box = {x, rect.bottom() - height - 8, width, height};
  canvas_.fill(box, Color{0x12201B}, height / 2, 0.72f);
  canvas_.fitted_line(box.inset(10, 0), words, kStyle, Color{0xFFFFFF});
}

void Ui::photo(const Rect& rect, const PhotoTile& tile) {
  draw_photo(rect, tile);
  std::string label(tile.label);
  if (!tile.caption.empty()) label += ", " + std::string(tile.caption);
  add_node({.id = node_id(group_, tile.sha256 + label), .role = Role::kImage, .label = label}, rect);
}

bool Ui::photo_button(const Rect& rect, const PhotoTile& tile, std::string_view name, std::size_t index, bool selected) {
  const NodeId id = node_id(group_, name, index);
  interactive({.id = id, .role = Role::kButton, .label = std::string(tile.label),
               .state = selected ? static_cast<std::uint32_t>(kCurrent) : 0u}, rect);
  draw_photo(rect, tile);
  if (selected) canvas_.stroke(rect.inset(-2), palette_->accent, tile.radius + 2, 3);
  focus_ring(id, rect, tile.radius);
  return take_activation(id);
}

void Ui::camera_picture(const Rect& rect, std::string_view label) {
  canvas_.fill(rect, Color{0x000000});
  add_node({.id = id_of("camera"), .role = Role::kCamera, .label = std::string(label)}, rect);
}

bool Ui::shutter_button(const Rect& rect, std::string_view label, bool disabled) {
  const NodeId id = id_of(label);
  const bool held = interactive({.id = id, .role = Role::kButton, .label = std::string(label),
                                 .state = disabled ? static_cast<std::uint32_t>(kDisabled) : 0u}, rect);
  const float radius = std::min(rect.width, rect.height) / 2;
  canvas_.ring(rect.centre(), radius - 2, Color{0xFFFFFF}, 4, disabled ? 0.45f : 1);
  canvas_.disc(rect.centre(), radius - (held ? 11 : 8), Color{0xFFFFFF}, disabled ? 0.45f : 1);
  focus_ring(id, rect, radius);
  return take_activation(id) && !disabled;
}

float Ui::spin() {
  if (input_.less_motion) return 0;  // the words beside it say that something is under way
  keep_animating();
  return static_cast<float>(std::fmod(input_.now, 1.2) / 1.2);
}

void Ui::spinner(Point centre, float radius) {
  const float turn = spin();
  canvas_.arc(centre, radius, turn, turn + 0.7f, palette_->accent, 3);
}

void Ui::progress_ring(const Rect& rect, float share, std::string_view label) {
  canvas_.fill(rect, palette_->surface_2, kCardRadius);
  const float radius = std::min(rect.width, rect.height) * 0.27f;
  canvas_.ring(rect.centre(), radius, palette_->line, 5);
  const float turn = share < 0 ? spin() : 0;
  const float from = turn;
  const float to = share < 0 ? turn + 0.3f : std::max(share, 0.04f);
  canvas_.arc(rect.centre(), radius, from, to, palette_->accent, 5);
  const int percent = share < 0 ? 0 : static_cast<int>(std::lround(share * 100));
  add_node({.id = node_id(group_, label), .role = Role::kProgress, .label = std::string(label),
            .value = std::to_string(percent)}, rect);
}

}  // namespace titik::ui
