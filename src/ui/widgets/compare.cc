// Looking at photographs: one of them, closer; two of them, before and after.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "ui/widgets/ui.h"

namespace titik::ui {
namespace {

constexpr float kMostZoom = 6;
constexpr float kDoubleTapZoom = 2.5f;
constexpr double kDoubleTap = 0.3;    // seconds between two taps
constexpr float kSwipeShare = 0.25f;  // of the width, from which letting go shows the next photo
constexpr float kSwipeSpeed = 500;    // CSS px a second, the same
constexpr Color kOverPhoto{0x12201B};
constexpr Color kOnPhoto{0xFFFFFF};

}  // namespace

int Ui::photo_view(const Rect& rect, PhotoView& view, const PhotoTile& tile, std::size_t index, std::size_t count) {
  const NodeId id = id_of("photo view");
  // So that what is seen closer has the pixels for it; the host has no larger ones than 1600.
  const int edge = static_cast<int>(std::ceil(std::max(rect.width, rect.height) * input_.pixel_ratio * std::min(view.zoom, 2.0f)));
  const Texture texture = tile.sha256.empty() ? Texture{} : images_.find(tile.sha256, edge);
  const float width = texture.id != 0 ? static_cast<float>(texture.width) : rect.width;
  const float height = texture.id != 0 ? static_cast<float>(texture.height) : rect.height;
  const float fit = std::min(rect.width / width, rect.height / height);
  const Point centre = rect.centre();

  int turn = 0;  // to the photo before or after
  const auto zoom_about = [&](Point at, float factor) {
    const float zoom = std::clamp(view.zoom * factor, 1.0f, kMostZoom);
    const float kept = zoom / view.zoom;
    view.at = {(at.x - centre.x) * (1 - kept) + view.at.x * kept, (at.y - centre.y) * (1 - kept) + view.at.y * kept};
    view.zoom = zoom;
  };
  for (const DragDelta& drag : drags_) {
    if (drag.id != id) continue;
    view.at = {view.at.x + drag.move.x, view.at.y + drag.move.y};
    if (drag.zoom != 1) zoom_about(drag.centre, drag.zoom);
    if (view.zoom == 1 && !drag.held && drag.end == DragEnd::kNone) view.at = {};  // a fling of what fits has nowhere to go
    if (drag.end != DragEnd::kNone && view.zoom == 1) {
      const bool far = std::abs(view.at.x) > rect.width * kSwipeShare || std::abs(drag.speed.x) > kSwipeSpeed;
      if (drag.end == DragEnd::kLifted && far) turn = view.at.x < 0 ? 1 : -1;
      view.at = {};
    }
  }
  for (const MapInput& input : map_inputs_) {
    if (input.id != id) continue;
    if (input.zoom != 1) zoom_about(centre, input.zoom);
    if (view.zoom > 1) view.at = {view.at.x + input.move.x, view.at.y + input.move.y};
    else if (input.move.x != 0) turn = input.move.x < 0 ? 1 : -1;
    if (!input.tap) continue;
    if (input_.now - view.tapped_at < kDoubleTap) {
      zoom_about(*input.tap, view.zoom > 1 ? 1 / view.zoom : kDoubleTapZoom);
      view.tapped_at = 0;
    } else {
      view.tapped_at = input_.now;
    }
  }
  if (take_activation(id)) zoom_about(centre, view.zoom > 1 ? 1 / view.zoom : kDoubleTapZoom);
  // Not beyond the photo's edges; one that fits moves only sideways, under the finger, towards the next.
  const float over_x = std::max(0.0f, (width * fit * view.zoom - rect.width) / 2);
  const float over_y = std::max(0.0f, (height * fit * view.zoom - rect.height) / 2);
  if (view.zoom > 1) view.at.x = std::clamp(view.at.x, -over_x, over_x);
  view.at.y = std::clamp(view.at.y, -over_y, over_y);

  drag_areas_.push_back({id, rect, DragAxis::kBoth});
  interactive({.id = id, .role = Role::kMap, .label = std::string(tile.label)}, rect);
  canvas_.push_clip(rect);
  if (texture.id != 0) {
    const Size size = {width * fit * view.zoom, height * fit * view.zoom};
    canvas_.image({centre.x + view.at.x - size.width / 2, centre.y + view.at.y - size.height / 2, size.width, size.height}, texture, 0);
  } else {
    canvas_.icon("image", centre, 48, kOnPhoto, 0.6f);
  }
  canvas_.pop_clip();
  if (focus_ == id && focus_visible_) canvas_.stroke(rect.inset(2), kOnPhoto, 0, 3);
  const std::size_t next = index + static_cast<std::size_t>(turn);
  if (turn == 0 || next >= count) return 0;
  view = {};
  return turn;
}

int Ui::before_after(const Rect& rect, const PhotoTile& before, const PhotoTile& after, const BeforeAfterDesc& desc) {
  const NodeId id = id_of(desc.label);
  float& share = shares_.try_emplace(id, 0.5f).first->second;
  for (const DragDelta& drag : drags_) {
    if (drag.id == id) share += drag.move.x / rect.width;
  }
  if (const auto set = texts_.find(id); set != texts_.end()) share = static_cast<float>(std::atoi(set->second.c_str())) / 100;
  share = std::clamp(share, 0.0f, 1.0f);
  const float edge = rect.x + rect.width * share;
  const int percent = static_cast<int>(std::lround(share * 100));

  // Under the slider lie two buttons, each over what is seen of its photo: a tap opens it whole.
  const float split = std::clamp(edge, rect.x + kTouch, rect.right() - kTouch);
  const Rect left = {rect.x, rect.y, split - rect.x, rect.height};
  const Rect right = {split, rect.y, rect.right() - split, rect.height};
  const NodeId first = node_id(id, "before");
  const NodeId second = node_id(id, "after");
  interactive({.id = first, .role = Role::kButton, .label = std::string(before.label)}, left);
  interactive({.id = second, .role = Role::kButton, .label = std::string(after.label)}, right);
  interactive({.id = id, .role = Role::kSlider, .label = std::string(desc.label),
               .value = std::to_string(percent), .hint = desc.value(percent)},
              {std::clamp(edge - kTouch / 2, rect.x, rect.right() - kTouch), rect.y, kTouch, rect.height});
  drag_areas_.push_back({id, rect, DragAxis::kHorizontal});

  draw_photo(rect, {.sha256 = after.sha256, .radius = 12});
  canvas_.push_clip({rect.x, rect.y, edge - rect.x, rect.height});
  draw_photo(rect, {.sha256 = before.sha256, .radius = 12});
  canvas_.pop_clip();
  caption(rect, before.caption, Align::kStart, edge - rect.x);
  caption(rect, after.caption, Align::kEnd, rect.right() - edge);
  canvas_.segment({edge, rect.y}, {edge, rect.bottom()}, kOverPhoto, 5);
  canvas_.segment({edge, rect.y}, {edge, rect.bottom()}, kOnPhoto, 3);
  const Point handle = {edge, rect.centre().y};
  canvas_.disc(handle, 18, kOverPhoto, 0.35f);
  canvas_.disc(handle, 17, kOnPhoto);
  canvas_.icon("chevron-left", {handle.x - 7, handle.y}, 16, kOverPhoto);
  canvas_.icon("chevron-right", {handle.x + 7, handle.y}, 16, kOverPhoto);
  focus_ring(first, left, 12);
  focus_ring(second, right, 12);
  focus_ring(id, {handle.x - 20, handle.y - 20, 40, 40}, 20);
  if (take_activation(first)) return 1;
  return take_activation(second) ? 2 : 0;
}

}  // namespace titik::ui
