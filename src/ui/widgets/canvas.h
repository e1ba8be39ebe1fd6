// Drawing, over Dear ImGui's draw list: the only place that knows how a rounded corner is made.
// All units are CSS px. Nothing drawn here means anything to a screen reader; see ui.h for that.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "ui/widgets/foreign_text.h"
#include "ui/widgets/geometry.h"
#include "ui/widgets/theme.h"

struct ImDrawList;
struct ImFont;

namespace titik::ui {

struct TextStyle {
  TextSize size = TextSize::kBody;
  Weight weight = Weight::kRegular;
};

struct Size {
  float width = 0;
  float height = 0;
};

enum class Align { kStart, kCentre, kEnd };

// A texture made by the host. id 0: there is none (yet).
struct Texture {
  std::uint64_t id = 0;
  int width = 0;
  int height = 0;
};

// TrueType files, owned by the caller and alive as long as the interface. `others` draws what they do
// not hold; without it there is a sign for "unknown".
struct FontFiles {
  std::span<const std::uint8_t> regular, semibold, bold, icons;
  PieceSource* others = nullptr;
};

class Canvas {
 public:
  // Once, after ImGui's context was made.
  void load_fonts(const FontFiles& files);
  // Each frame, after ImGui's own begin.
  void begin(ImDrawList* list, float text_scale, float pixel_ratio);

  [[nodiscard]] float text_scale() const { return text_scale_; }
  // CSS font-size of `size` with the user's text scale.
  [[nodiscard]] float font_size(TextSize size) const { return base_size(size) * text_scale_; }
  [[nodiscard]] float line_height(TextSize size) const;

  // `wrap` 0: one line.
  [[nodiscard]] Size measure(std::string_view text, TextStyle style, float wrap = 0) const;
  void text(Point at, std::string_view text, TextStyle style, Color color, float wrap = 0, float alpha = 1);
  // One line inside `rect`, vertically centred, cut with an ellipsis when too long.
  void line(const Rect& rect, std::string_view text, TextStyle style, Color color, Align align = Align::kStart);
  // One line in the middle of `rect`, made smaller until it fits; at most `scale` of its size.
  void fitted_line(const Rect& rect, std::string_view text, TextStyle style, Color color, float scale = 1);
  // Wrapped text, each line aligned in `width`; returns its height.
  float paragraph(Point at, std::string_view text, TextStyle style, Color color, float width, Align align);

  // A Lucide icon by name, in a square of `size`. An unknown name draws a circle.
  void icon(std::string_view name, Point centre, float size, Color color, float alpha = 1);

  void fill(const Rect& rect, Color color, float radius = 0, float alpha = 1);
  void stroke(const Rect& rect, Color color, float radius, float width, float alpha = 1);
  void shadow(const Rect& rect, float radius, float strength);
  void segment(Point from, Point to, Color color, float width);
  void disc(Point centre, float radius, Color color, float alpha = 1);
  void ring(Point centre, float radius, Color color, float width, float alpha = 1);
  // Part of a ring, clockwise from the top; `from` and `to` in turns (0 to 1).
  void arc(Point centre, float radius, float from, float to, Color color, float width);
  void polygon(std::span<const Point> points, Color fill_color, Color line_color, float line_width);
  void triangle(Point a, Point b, Point c, Color color);
  // Paints the four corners outside of the rounding, since clipping is rectangular.
  void mask_corners(const Rect& rect, float radius, Color color);
  // Covers `rect`, cutting what does not fit, centred.
  void image(const Rect& rect, const Texture& texture, float radius);

  void push_clip(const Rect& rect);
  void pop_clip();

  // Between begin_front() and end_front(draw): what was drawn lies in front of what `draw_behind`
  // draws at the end, when its size is known.
  void begin_front();
  void begin_behind();
  void end_front();

 private:
  // A text whose every code point a font of ours has.
  struct Shaped {
    std::string_view text;
  };
  [[nodiscard]] Shaped shape(std::string_view text) const { return {foreign_ ? foreign_->shape(text) : text}; }
  [[nodiscard]] ImFont* font(Weight weight) const;
  [[nodiscard]] Size measure_shaped(Shaped shaped, TextStyle style, float wrap) const;
  void draw_shaped(Point at, Shaped shaped, TextStyle style, Color color, float wrap, float alpha);
  void line_shaped(const Rect& rect, Shaped shaped, TextStyle style, Color color, Align align);
  // Nothing of `rect` would be seen: long lists lay out more than is in view.
  [[nodiscard]] bool is_clipped(const Rect& rect) const;

  std::unique_ptr<ForeignText> foreign_;
  ImDrawList* list_ = nullptr;
  ImFont* regular_ = nullptr;
  ImFont* semibold_ = nullptr;
  ImFont* bold_ = nullptr;
  ImFont* icons_ = nullptr;
  float text_scale_ = 1;
};

}  // namespace titik::ui
