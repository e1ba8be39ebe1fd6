// Lists: short ones, long ones of which only what is near the view is laid out, and pulling down.
#include <algorithm>

#include "ui/widgets/ui.h"

namespace titik::ui {
namespace {

// Laid out above and beneath the view, CSS px: there Tab and screen readers go next, and a row's height
// is known before it is seen.
constexpr float kBeyond = 320;
constexpr float kFirstGuess = 96;

constexpr float kPullEnough = 72;   // CSS px the content follows, from which letting go loads anew
constexpr float kPullShare = 0.5f;  // of the finger's way
constexpr float kPullMost = 104;
constexpr float kIndicator = 40;

}  // namespace

void Ui::list(std::string_view label, FunctionRef<void()> content) {
  growing_container({.id = node_id(id_of("list"), label), .role = Role::kList, .label = std::string(label)}, content);
}

void Ui::list_item(std::size_t index, FunctionRef<void()> content, std::size_t count) {
  in_group("item", index, [&] {
    growing_container({.id = id_of("self"), .role = Role::kListItem, .position = count > 0 ? index + 1 : 0, .set_size = count},
                      content);
  });
}

void Ui::long_list(std::string_view label, std::size_t count, FunctionRef<void(std::size_t)> row) {
  const NodeId id = node_id(id_of("list"), label);
  LongList& list = long_lists_[id];
  RowHeights& rows = list.rows;
  View& view = views_.back();
  // New rows are likely to be as high as those that were measured.
  rows.resize(count, rows.count() > 0 ? rows.top(rows.count()) / static_cast<float>(rows.count()) : kFirstGuess);
  if (list.width != width() || list.scale != canvas_.text_scale()) list.measured.clear();
  list.width = width();
  list.scale = canvas_.text_scale();
  list.measured.resize(count);
  const float top = column().y;
  growing_container({.id = id, .role = Role::kList, .label = std::string(label)}, [&] {
    if (count == 0) return;
    const float view_from = view.rect.y - top;
    const float view_to = view.rect.bottom() - top;
    const std::size_t anchor = rows.row_at(view_from);  // the first row in sight
    const std::size_t first = rows.row_at(view_from - kBeyond);
    std::size_t focused = count;
    float shift = 0;  // of what is in sight, by rows above that turned out higher than was thought
    std::vector<std::pair<std::size_t, float>> heights;
    const auto draw = [&](std::size_t index, float y) {
      column().y = top + y;
      const std::size_t before = nodes_.size();
      list_item(index, [&] { row(index); }, count);
      for (std::size_t i = before; focus_ != 0 && i < nodes_.size(); ++i) {
        if (nodes_[i].id == focus_) focused = index;
      }
      const float height = column().y - top - y;
      heights.push_back({index, height});
      return height;
    };
    // The row with the focus and its neighbours stay, wherever the view is: the focus is not lost, and
    // Tab leads on from there.
    const std::size_t kept_from = list.focused < count ? list.focused - std::min<std::size_t>(list.focused, 1) : count;
    const std::size_t kept_to = list.focused < count ? std::min(list.focused + 2, count) : count;
    for (std::size_t i = kept_from; i < std::min(kept_to, first); ++i) draw(i, rows.top(i));
    // From the first in sight on they follow each other. One above it that was never measured might reach
    // into the view: it is laid out far from it once.
    for (std::size_t i = first; i < anchor; ++i) draw(i, list.measured[i] ? rows.top(i) : view_from - 10 * kBeyond);
    float y = rows.top(anchor);
    std::size_t next = anchor;
    for (; next < count && y < view_to + kBeyond; ++next) y += draw(next, y);
    for (std::size_t i = std::max(kept_from, next); i < kept_to; ++i) y += draw(i, std::max(y, rows.top(i)));

    for (const auto& [index, height] : heights) {
      const float difference = rows.set(index, height);
      if (index < anchor) shift += difference;
      list.measured[index] = true;
    }
    list.focused = focused;
    view.shift += shift;
    column().y = top + rows.top(count);
  });
}

float Ui::pull_sign(NodeId id, const Rect& rect, bool busy, bool& wanted) {
  const bool mine = pulled_ == id;
  for (const DragDelta& drag : drags_) {
    if (drag.id != id) continue;
    if (drag.end == DragEnd::kLifted && mine) wanted = animating_ = pull_ * kPullShare >= kPullEnough && !busy;
    if (drag.end != DragEnd::kNone && mine) pull_ = 0;
  }
  const float way = mine ? std::min(pull_ * kPullShare, kPullMost) : 0;
  const float gap = std::max(way, busy ? kIndicator + 16 : 0.0f);
  if (gap <= 4) return gap;
  // Behind the content, which moves down to make room for it.
  const Point centre = {rect.centre().x, rect.y + gap - kIndicator / 2 - 8};
  canvas_.push_clip(rect);
  canvas_.shadow({centre.x - kIndicator / 2, centre.y - kIndicator / 2, kIndicator, kIndicator}, kIndicator / 2, palette_->shadow_alpha);
  canvas_.disc(centre, kIndicator / 2, palette_->surface);
  const float share = std::min(way / kPullEnough, 1.0f);
  if (busy) {
    spinner(centre, 10);
  } else if (share >= 1) {
    canvas_.icon("refresh-cw", centre, 22, palette_->accent);
  } else {
    canvas_.arc(centre, 10, 0, share, palette_->accent, 3);
  }
  canvas_.pop_clip();
  return gap;
}

}  // namespace titik::ui
