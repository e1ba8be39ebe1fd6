#include "ui/widgets/canvas.h"

#include <cfloat>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "imgui.h"
#include "ui/widgets/icons.h"

namespace titik::ui {
namespace {

// ImGui's font size is ascent + descent; CSS's is the em. Plus Jakarta Sans: 1038 + 222 of 1000
// units, so a CSS size times this is ImGui's, and also CSS `line-height: 1.26`.
constexpr float kLinePerEm = 1.26f;
constexpr float kPi = 3.14159265f;

ImVec2 vec(Point p) { return {p.x, p.y}; }
ImVec2 top_left(const Rect& r) { return {r.x, r.y}; }
ImVec2 bottom_right(const Rect& r) { return {r.right(), r.bottom()}; }

ImU32 packed(Color color, float alpha = 1) {
  const auto a = static_cast<std::uint32_t>(std::lround(std::clamp(alpha, 0.0f, 1.0f) * 255));
  return IM_COL32((color.rgb >> 16) & 0xFF, (color.rgb >> 8) & 0xFF, color.rgb & 0xFF, a);
}

// Front channels in use, one for each card that is open; kept so that nothing is allocated anew.
struct Layers {
  std::vector<std::unique_ptr<ImDrawListSplitter>> splitters;
  std::size_t depth = 0;
};
Layers& layers() {
  static Layers instance;
  return instance;
}

enum class Merge { kNo, kIntoLast };

ImFont* add_font(std::span<const std::uint8_t> file, Merge merge = Merge::kNo) {
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.MergeMode = merge == Merge::kIntoLast;
  // ImGui wants a mutable pointer, yet does not write when it does not own the data.
  auto* data = const_cast<std::uint8_t*>(file.data());
  return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(data, static_cast<int>(file.size()), 0, &config);
}

}  // namespace

void Canvas::load_fonts(const FontFiles& files) {
  foreign_ = std::make_unique<ForeignText>(files.others);
  constexpr float kEm = 1 / kLinePerEm;
  regular_ = add_font(files.regular);
  foreign_->set_own(regular_);
  foreign_->add_to_font(400, kEm);
  // The heavier weights hold ASCII; what else a citizen types comes from the regular one.
  semibold_ = add_font(files.semibold);
  add_font(files.regular, Merge::kIntoLast);
  foreign_->add_to_font(600, kEm);
  bold_ = add_font(files.bold);
  add_font(files.regular, Merge::kIntoLast);
  foreign_->add_to_font(700, kEm);
  icons_ = add_font(files.icons);
}

void Canvas::begin(ImDrawList* list, float text_scale, float pixel_ratio) {
  list_ = list;
  text_scale_ = text_scale;
  // ImGui sets this for its current font alone: letters of the others would be enlarged, not sharp.
  for (ImFont* font : {regular_, semibold_, bold_, icons_}) font->CurrentRasterizerDensity = pixel_ratio;
  if (foreign_) foreign_->begin_frame();
}

bool Canvas::is_clipped(const Rect& rect) const {
  const ImVec4& clip = list_->_CmdHeader.ClipRect;
  return rect.x >= clip.z || rect.y >= clip.w || rect.right() <= clip.x || rect.bottom() <= clip.y;
}

ImFont* Canvas::font(Weight weight) const {
  switch (weight) {
    case Weight::kRegular: return regular_;
    case Weight::kSemibold: return semibold_;
    case Weight::kBold: return bold_;
  }
  return regular_;
}

float Canvas::line_height(TextSize size) const { return font_size(size) * kLinePerEm; }

Size Canvas::measure(std::string_view text, TextStyle style, float wrap) const { return measure_shaped(shape(text), style, wrap); }

Size Canvas::measure_shaped(Shaped shaped, TextStyle style, float wrap) const {
  // ImGui would look for the end of a text that is nowhere.
  if (shaped.text.empty()) return {0, std::ceil(line_height(style.size))};
  const char* const begin = shaped.text.data();
  const ImVec2 size = font(style.weight)->CalcTextSizeA(line_height(style.size), FLT_MAX, wrap, begin, begin + shaped.text.size());
  return {std::ceil(size.x), std::ceil(size.y)};
}

void Canvas::text(Point at, std::string_view text, TextStyle style, Color color, float wrap, float alpha) {
  draw_shaped(at, shape(text), style, color, wrap, alpha);
}

void Canvas::draw_shaped(Point at, Shaped shaped, TextStyle style, Color color, float wrap, float alpha) {
  // The height of wrapped text is not known here: ImGui itself stops at the view's lower edge.
  if (shaped.text.empty() || (wrap == 0 && is_clipped({at.x, at.y, 1e6f, line_height(style.size)}))) return;
  list_->AddText(font(style.weight), line_height(style.size), vec(at), packed(color, alpha), shaped.text.data(),
                 shaped.text.data() + shaped.text.size(), wrap);
}

void Canvas::line(const Rect& rect, std::string_view text, TextStyle style, Color color, Align align) {
  line_shaped(rect, shape(text), style, color, align);
}

void Canvas::line_shaped(const Rect& rect, Shaped shaped, TextStyle style, Color color, Align align) {
  if (shaped.text.empty()) return;
  constexpr std::string_view kEllipsis = "…";
  const float height = line_height(style.size);
  std::string shown(shaped.text);
  float width = measure_shaped(shaped, style, 0).width;
  if (width > rect.width) {
    const float room = rect.width - measure_shaped({kEllipsis}, style, 0).width;
    const char* rest = nullptr;
    (void)font(style.weight)->CalcTextSizeA(height, std::max(room, 0.0f), 0, shaped.text.data(),
                                            shaped.text.data() + shaped.text.size(), &rest);
    shown = std::string(shaped.text.substr(0, static_cast<std::size_t>(rest - shaped.text.data())));
    while (!shown.empty() && shown.back() == ' ') shown.pop_back();
    shown += kEllipsis;
    width = measure_shaped({shown}, style, 0).width;
  }
  float x = rect.x;
  if (align == Align::kCentre) x = rect.x + (rect.width - width) / 2;
  if (align == Align::kEnd) x = rect.right() - width;
  draw_shaped({x, rect.y + (rect.height - height) / 2}, {shown}, style, color, 0, 1);
}

void Canvas::fitted_line(const Rect& rect, std::string_view text, TextStyle style, Color color, float scale) {
  const Shaped shaped = shape(text);
  const float width = measure_shaped(shaped, style, 0).width;
  const float fitting = std::min(scale, rect.width / std::max(width, 1.0f));
  const float size = line_height(style.size) * fitting;
  list_->AddText(font(style.weight), size,
                 {rect.x + (rect.width - width * fitting) / 2, rect.y + (rect.height - size) / 2}, packed(color),
                 shaped.text.data(), shaped.text.data() + shaped.text.size());
}

float Canvas::paragraph(Point at, std::string_view text, TextStyle style, Color color, float width, Align align) {
  const Shaped shaped = shape(text);
  if (align == Align::kStart) {
    draw_shaped(at, shaped, style, color, width, 1);
    return measure_shaped(shaped, style, width).height;
  }
  const float height = line_height(style.size);
  float y = at.y;
  const char* begin = shaped.text.data();
  const char* const end = begin + shaped.text.size();
  while (begin < end) {
    const char* stop = font(style.weight)->CalcWordWrapPosition(height, begin, end, width);
    const char* newline = std::find(begin, stop, '\n');
    const Shaped one = {{begin, static_cast<std::size_t>(newline - begin)}};
    // Measures are whole pixels: a line that just fits must not be cut for the part of one.
    line_shaped({at.x, y, std::ceil(width), height}, one, style, color, align);
    y += height;
    begin = newline == stop ? stop : newline + 1;
    while (begin < end && *begin == ' ') ++begin;
  }
  return y - at.y;
}

void Canvas::icon(std::string_view name, Point centre, float size, Color color, float alpha) {
  if (is_clipped({centre.x - size / 2, centre.y - size / 2, size, size})) return;
  const char32_t code_point = icon_code_point(name);
  if (code_point == 0) {
    ring(centre, size * 0.4f, color, 2, alpha);
    return;
  }
  // Snapped to whole device pixels at DPR 1 and 2, so that strokes stay crisp.
  const float x = std::round((centre.x - size / 2) * 2) / 2;
  const float y = std::round((centre.y - size / 2) * 2) / 2;
  icons_->RenderChar(list_, size, {x, y}, packed(color, alpha), static_cast<ImWchar>(code_point));
}

void Canvas::fill(const Rect& rect, Color color, float radius, float alpha) {
  if (is_clipped(rect)) return;
  list_->AddRectFilled(top_left(rect), bottom_right(rect), packed(color, alpha),
                       std::min(radius, std::min(rect.width, rect.height) / 2));
}

void Canvas::stroke(const Rect& rect, Color color, float radius, float width, float alpha) {
  if (is_clipped(rect)) return;
  const Rect inner = rect.inset(width / 2);
  list_->AddRect(top_left(inner), bottom_right(inner), packed(color, alpha),
                 std::max(0.0f, std::min(radius, std::min(rect.width, rect.height) / 2) - width / 2), 0, width);
}

void Canvas::shadow(const Rect& rect, float radius, float strength) {
  if (strength <= 0 || is_clipped(rect.inset(-8))) return;
  for (int layer = 4; layer >= 1; --layer) {
    const float spread = static_cast<float>(layer) * 1.5f - 1;
    const Rect grown = {rect.x - spread, rect.y - spread + 2, rect.width + 2 * spread, rect.height + 2 * spread};
    fill(grown, Color{0x0A2A20}, radius + spread, strength * 0.32f);
  }
}

void Canvas::segment(Point from, Point to, Color color, float width) {
  list_->AddLine(vec(from), vec(to), packed(color), width);
}

void Canvas::disc(Point centre, float radius, Color color, float alpha) {
  if (is_clipped({centre.x - radius, centre.y - radius, 2 * radius, 2 * radius})) return;
  list_->AddCircleFilled(vec(centre), radius, packed(color, alpha), radius > 12 ? 0 : 24);
}

void Canvas::ring(Point centre, float radius, Color color, float width, float alpha) {
  list_->AddCircle(vec(centre), radius, packed(color, alpha), 0, width);
}

void Canvas::arc(Point centre, float radius, float from, float to, Color color, float width) {
  list_->PathArcTo(vec(centre), radius, (from - 0.25f) * 2 * kPi, (to - 0.25f) * 2 * kPi, 48);
  list_->PathStroke(packed(color), 0, width);
}

void Canvas::polygon(std::span<const Point> points, Color fill_color, Color line_color, float line_width) {
  static_assert(sizeof(Point) == sizeof(ImVec2));
  const auto* data = reinterpret_cast<const ImVec2*>(points.data());
  const int count = static_cast<int>(points.size());
  list_->AddConcavePolyFilled(data, count, packed(fill_color));
  list_->AddPolyline(data, count, packed(line_color), ImDrawFlags_Closed, line_width);
}

void Canvas::triangle(Point a, Point b, Point c, Color color) {
  list_->AddTriangleFilled(vec(a), vec(b), vec(c), packed(color));
}

void Canvas::mask_corners(const Rect& rect, float radius, Color color) {
  constexpr int kSegments = 10;
  const struct { Point corner; Point centre; float from; } corners[] = {
      {{rect.x, rect.y}, {rect.x + radius, rect.y + radius}, kPi},
      {{rect.right(), rect.y}, {rect.right() - radius, rect.y + radius}, -kPi / 2},
      {{rect.right(), rect.bottom()}, {rect.right() - radius, rect.bottom() - radius}, 0},
      {{rect.x, rect.bottom()}, {rect.x + radius, rect.bottom() - radius}, kPi / 2},
  };
  for (const auto& [corner, centre, from] : corners) {
    Point last = {centre.x + radius * std::cos(from), centre.y + radius * std::sin(from)};
    for (int i = 1; i <= kSegments; ++i) {
      const float angle = from + kPi / 2 * static_cast<float>(i) / kSegments;
      const Point next = {centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)};
      list_->AddTriangleFilled(vec(corner), vec(last), vec(next), packed(color));
      last = next;
    }
  }
}

void Canvas::image(const Rect& rect, const Texture& texture, float radius) {
  if (is_clipped(rect)) return;
  const float picture = static_cast<float>(texture.width) / static_cast<float>(texture.height);
  const float frame = rect.width / rect.height;
  ImVec2 from = {0, 0};
  ImVec2 to = {1, 1};
  if (picture > frame) {
    from.x = (1 - frame / picture) / 2;
    to.x = 1 - from.x;
  } else {
    from.y = (1 - picture / frame) / 2;
    to.y = 1 - from.y;
  }
  list_->AddImageRounded(ImTextureRef(texture.id), top_left(rect), bottom_right(rect), from, to, IM_COL32_WHITE,
                         radius);
}

void Canvas::push_clip(const Rect& rect) { list_->PushClipRect(top_left(rect), bottom_right(rect), true); }
void Canvas::pop_clip() { list_->PopClipRect(); }

void Canvas::begin_front() {
  Layers& all = layers();
  if (all.depth == all.splitters.size()) all.splitters.push_back(std::make_unique<ImDrawListSplitter>());
  ImDrawListSplitter& splitter = *all.splitters[all.depth++];
  splitter.Split(list_, 2);
  splitter.SetCurrentChannel(list_, 1);
}

void Canvas::begin_behind() {
  Layers& all = layers();
  all.splitters[all.depth - 1]->SetCurrentChannel(list_, 0);
}

void Canvas::end_front() {
  Layers& all = layers();
  all.splitters[--all.depth]->Merge(list_);
}

}  // namespace titik::ui
