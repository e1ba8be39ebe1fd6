// Fingers, mouse and wheel, made into drags, flings and pinches. Pure: time comes in.
//
// A press that stops a fling does nothing else. A press that moves less than kSlop is a tap and is none of our business: the mirrored element
// gets the browser's click. A press that moves further belongs to the area it began in, and its
// click is thrown away. The first direction decides (axis lock): a vertical scroller takes only
// vertical drags, a slider only horizontal ones, a map takes all.
#pragma once

#include <array>
#include <vector>

#include "ui/widgets/geometry.h"
#include "ui/widgets/semantics.h"

namespace titik::ui {

inline constexpr float kSlop = 8;                 // CSS px
inline constexpr double kFlingDecay = 0.325;      // seconds: speed falls as exp(-t/kFlingDecay)
inline constexpr double kFlingStop = 20;          // CSS px a second

enum class DragAxis { kVertical, kHorizontal, kBoth };
enum class DragEnd { kNone, kLifted, kCancelled };

// A part of the screen that can be dragged, as the last frame drew it; later ones lie on top.
struct DragArea {
  NodeId id = 0;
  Rect rect;  // as visible
  DragAxis axis = DragAxis::kVertical;
  bool rolls = true;  // on, when it is let go in motion
};

// What happened to an area since the last frame.
struct DragDelta {
  NodeId id = 0;
  Point move;          // how far the content is to follow, CSS px
  float zoom = 1;      // factor, about `centre`
  Point centre;
  Point from, to;      // where the finger was and is, when one holds it
  bool held = false;   // a finger or the mouse moved it, not a fling or the wheel
  DragEnd end = DragEnd::kNone;
  Point speed;         // at its end, CSS px a second
};

class Gestures {
 public:
  enum class Phase { kDown, kMove, kUp, kCancel };

  void set_areas(std::vector<DragArea> areas) { areas_ = std::move(areas); }

  // `pointer` names the finger; `now` in seconds. Answers true while this press is a drag, whose
  // click must be thrown away.
  bool pointer(Phase phase, int pointer, Point at, double now);
  void wheel(Point at, Point delta, bool zooming);

  // Advances a fling and hands out what was collected; empty when nothing moved.
  std::vector<DragDelta> take(double now);

  // True while a fling runs: frames are needed.
  [[nodiscard]] bool animating() const { return fling_area_ != 0; }
  // True while something follows a finger or rolls on by itself.
  [[nodiscard]] bool moving() const { return dragging_ || fling_area_ != 0; }
  // Where one finger rests without having moved: for the pressed look. Null when none.
  [[nodiscard]] const Point* pressed() const;

 private:
  struct Finger {
    bool down = false;
    int pointer = -1;
    Point start, at;
  };
  Finger* finger(int pointer);
  [[nodiscard]] int count() const;
  [[nodiscard]] const DragArea* area_at(Point at, DragAxis axis) const;  // that takes such drags
  void move_area(NodeId id, Point move);
  void zoom_area(NodeId id, float zoom, Point centre);
  DragDelta& delta_of(NodeId id);

  std::vector<DragArea> areas_;
  std::vector<DragDelta> deltas_;
  std::array<Finger, 2> fingers_;
  NodeId drag_area_ = 0;
  DragAxis drag_axis_ = DragAxis::kVertical;
  bool drag_rolls_ = true;
  bool dragging_ = false;
  // Speed over the last moves, CSS px a second.
  Point speed_;
  double last_move_ = 0;
  NodeId fling_area_ = 0;
  DragAxis fling_axis_ = DragAxis::kVertical;
  double fling_time_ = 0;
};

}  // namespace titik::ui
