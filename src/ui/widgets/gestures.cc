#include "ui/widgets/gestures.h"

#include <cmath>
#include <utility>

namespace titik::ui {
namespace {

float distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }
// What of a way an area that takes this axis follows.
Point along(DragAxis axis, Point way) {
  return {axis == DragAxis::kVertical ? 0 : way.x, axis == DragAxis::kHorizontal ? 0 : way.y};
}
Point between(Point a, Point b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }

}  // namespace

Gestures::Finger* Gestures::finger(int pointer) {
  for (Finger& finger : fingers_) {
    if (finger.down && finger.pointer == pointer) return &finger;
  }
  return nullptr;
}

int Gestures::count() const { return (fingers_[0].down ? 1 : 0) + (fingers_[1].down ? 1 : 0); }

const DragArea* Gestures::area_at(Point at, DragAxis axis) const {
  for (auto area = areas_.rbegin(); area != areas_.rend(); ++area) {
    if (area->rect.contains(at) && (area->axis == axis || area->axis == DragAxis::kBoth)) return &*area;
  }
  return nullptr;
}

DragDelta& Gestures::delta_of(NodeId id) {
  for (DragDelta& delta : deltas_) {
    if (delta.id == id) return delta;
  }
  deltas_.push_back({.id = id});
  return deltas_.back();
}

void Gestures::move_area(NodeId id, Point move) {
  DragDelta& delta = delta_of(id);
  delta.move.x += move.x;
  delta.move.y += move.y;
}

void Gestures::zoom_area(NodeId id, float zoom, Point centre) {
  DragDelta& delta = delta_of(id);
  delta.zoom *= zoom;
  delta.centre = centre;
}

bool Gestures::pointer(Phase phase, int pointer, Point at, double now) {
  switch (phase) {
    case Phase::kDown: {
      const NodeId rolling = std::exchange(fling_area_, 0);  // a touch stops what rolls
      // A mouse that was let go outside of the window never told us.
      if (Finger* lost = finger(pointer)) lost->down = false;
      if (count() == 2) return dragging_;
      Finger& free = fingers_[0].down ? fingers_[1] : fingers_[0];
      free = {true, pointer, at, at};
      speed_ = {};
      last_move_ = now;
      if (count() == 2) {
        const DragArea* area = area_at(between(fingers_[0].at, fingers_[1].at), DragAxis::kBoth);
        drag_area_ = area ? area->id : 0;
        drag_axis_ = DragAxis::kBoth;
        drag_rolls_ = !area || area->rolls;
        dragging_ = true;
      } else {
        // and takes it along, if it moves; it is no tap on what happened to roll beneath it.
        dragging_ = rolling != 0;
        drag_area_ = rolling;
        drag_axis_ = fling_axis_;
        drag_rolls_ = true;
      }
      return dragging_;
    }
    case Phase::kMove: {
      Finger* moved = finger(pointer);
      if (!moved) return false;
      if (count() == 2) {
        const float before = distance(fingers_[0].at, fingers_[1].at);
        const Point middle_before = between(fingers_[0].at, fingers_[1].at);
        moved->at = at;
        const float after = distance(fingers_[0].at, fingers_[1].at);
        const Point middle = between(fingers_[0].at, fingers_[1].at);
        if (drag_area_ != 0) {
          move_area(drag_area_, {middle.x - middle_before.x, middle.y - middle_before.y});
          if (before > 1 && after > 1) zoom_area(drag_area_, after / before, middle);
        }
        return true;
      }
      const Point step = {at.x - moved->at.x, at.y - moved->at.y};
      const bool begins = !dragging_;
      if (!dragging_ && distance(at, moved->start) > kSlop) {
        const bool vertical = std::fabs(at.y - moved->start.y) >= std::fabs(at.x - moved->start.x);
        const DragArea* area = area_at(moved->start, vertical ? DragAxis::kVertical : DragAxis::kHorizontal);
        dragging_ = true;
        drag_area_ = area ? area->id : 0;
        drag_axis_ = area ? area->axis : DragAxis::kVertical;
        drag_rolls_ = !area || area->rolls;
      }
      moved->at = at;
      if (!dragging_) return false;
      if (drag_area_ != 0) {
        move_area(drag_area_, along(drag_axis_, step));
        DragDelta& delta = delta_of(drag_area_);
        if (!delta.held) delta.from = begins ? moved->start : Point{at.x - step.x, at.y - step.y};
        delta.to = at;
        delta.held = true;
      }
      const double seconds = now - last_move_;
      if (seconds > 0) {
        // Recent movement counts most; 60 ms of memory smooths uneven event times.
        const auto weight = static_cast<float>(1 - std::exp(-seconds / 0.06));
        const auto per_second = static_cast<float>(1 / seconds);
        speed_.x += (step.x * per_second - speed_.x) * weight;
        speed_.y += (step.y * per_second - speed_.y) * weight;
        last_move_ = now;
      }
      return true;
    }
    case Phase::kUp:
    case Phase::kCancel: {
      Finger* lifted = finger(pointer);
      if (!lifted) return false;
      lifted->down = false;
      const bool was_drag = dragging_;
      if (count() == 0) {
        const bool rested = now - last_move_ > 0.1;
        if (was_drag && drag_area_ != 0) {
          DragDelta& delta = delta_of(drag_area_);
          delta.end = phase == Phase::kUp ? DragEnd::kLifted : DragEnd::kCancelled;
          if (!rested) delta.speed = speed_;
        }
        if (phase == Phase::kUp && was_drag && drag_area_ != 0 && drag_rolls_ && !rested && drag_axis_ != DragAxis::kHorizontal) {
          fling_area_ = drag_area_;
          fling_axis_ = drag_axis_;
          fling_time_ = now;
        }
        drag_area_ = 0;
        dragging_ = false;
      }
      return was_drag;
    }
  }
  return false;
}

void Gestures::wheel(Point at, Point delta, bool zooming) {
  fling_area_ = 0;
  const DragArea* area = area_at(at, DragAxis::kVertical);
  if (!area) return;
  if (area->axis == DragAxis::kBoth || zooming) {
    if (area->axis == DragAxis::kBoth) zoom_area(area->id, std::exp(-delta.y / 300), at);
  } else {
    move_area(area->id, {0, -delta.y});
  }
}

std::vector<DragDelta> Gestures::take(double now) {
  if (fling_area_ != 0) {
    const double seconds = std::clamp(now - fling_time_, 0.0, 0.1);
    const auto kept = static_cast<float>(std::exp(-seconds / kFlingDecay));
    // The integral of a speed that falls exponentially.
    const auto way = static_cast<float>(kFlingDecay) * (1 - kept);
    move_area(fling_area_, along(fling_axis_, {speed_.x * way, speed_.y * way}));
    speed_ = {speed_.x * kept, speed_.y * kept};
    fling_time_ = now;
    if (std::hypot(speed_.x, speed_.y) < kFlingStop) fling_area_ = 0;
  }
  return std::exchange(deltas_, {});
}

const Point* Gestures::pressed() const {
  if (dragging_ || count() != 1) return nullptr;
  return fingers_[0].down ? &fingers_[0].at : &fingers_[1].at;
}

}  // namespace titik::ui
