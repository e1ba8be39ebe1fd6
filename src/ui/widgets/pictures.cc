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
  if (!tile.caption.empty()) {
    constexpr TextStyle kStyle = {TextSize::kSmall, Weight::kSemibold};
    const float height = canvas_.line_height(TextSize::kSmall) + 8;
    const float most = rect.width - 16;
    const float caption_width = std::min(canvas_.measure(tile.caption, kStyle).width + 20, most);
    const Rect box = {rect.x + 8, rect.bottom() - height - 8, caption_width, height};
    canvas_.fill(box, Color{0x12201B}, height / 2, 0.72f);
    canvas_.fitted_line(box.inset(10, 0), tile.caption, kStyle, Color{0xFFFFFF});
  }
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

void Ui::whole_photo(const Rect& rect, const PhotoTile& tile) {
  const int edge = static_cast<int>(std::ceil(std::max(rect.width, rect.height) * input_.pixel_ratio));
  const Texture texture = images_.find(tile.sha256, edge);
  if (texture.id != 0) canvas_.image_contained(rect, texture);
  add_node({.id = node_id(group_, tile.sha256), .role = Role::kImage, .label = std::string(tile.label)}, rect);
}

void Ui::spinner(Point centre, float radius) {
  const auto turn = static_cast<float>(std::fmod(input_.now, 1.2) / 1.2);
  canvas_.arc(centre, radius, turn, turn + 0.7f, palette_->accent, 3);
  keep_animating();
}

void Ui::progress_ring(const Rect& rect, float share, std::string_view label) {
  canvas_.fill(rect, palette_->surface_2, kCardRadius);
  const float radius = std::min(rect.width, rect.height) * 0.27f;
  canvas_.ring(rect.centre(), radius, palette_->line, 5);
  const float turn = static_cast<float>(std::fmod(input_.now, 1.2) / 1.2);
  const float from = share < 0 ? turn : 0;
  const float to = share < 0 ? turn + 0.3f : std::max(share, 0.04f);
  canvas_.arc(rect.centre(), radius, from, to, palette_->accent, 5);
  if (share < 0) keep_animating();
  const int percent = share < 0 ? 0 : static_cast<int>(std::lround(share * 100));
  add_node({.id = node_id(group_, label), .role = Role::kProgress, .label = std::string(label),
            .value = std::to_string(percent)}, rect);
}

}  // namespace titik::ui
