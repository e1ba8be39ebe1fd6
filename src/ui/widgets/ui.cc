// Frame, layout, containers and the semantic tree. The widgets themselves are in their own files.
#include "ui/widgets/ui.h"

#include <algorithm>
#include <cmath>

#include "imgui.h"
#include "imgui_internal.h"

namespace titik::ui {

void Ui::begin(const FrameInput& input) {
  input_ = input;
  palette_ = input.more_contrast ? (input.dark ? &kDarkContrast : &kLightContrast) : input.dark ? &kDark : &kLight;
  animating_ = false;
  drags_ = gestures_.take(input.now);
  nodes_.clear();
  columns_.clear();
  containers_ = {{}};
  clips_.clear();
  views_.clear();
  drag_areas_.clear();
  group_ = 0;

  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {input.size.width, input.size.height};
  io.DisplayFramebufferScale = {input.pixel_ratio, input.pixel_ratio};
  // Curves deviate by 0.3 device pixels at most, not CSS pixels.
  ImGui::GetStyle().CircleTessellationMaxError = 0.3f / input.pixel_ratio;
  ImGui::NewFrame();
  // Antialiasing half a device pixel wide instead of half a CSS pixel; NewFrame sets the latter.
  ImGui::GetDrawListSharedData()->InitialFringeScale = 1 / input.pixel_ratio;
  // No window of ImGui's: the widgets, and who is pressed, are our own, and one surface holds them all.
  canvas_.begin(ImGui::GetBackgroundDrawList(), input.text_scale, input.pixel_ratio);
  canvas_.fill({0, 0, input.size.width, input.size.height}, palette_->background);
  clips_.push_back({0, 0, input.size.width, input.size.height});
  columns_.push_back({screen().inset(kMargin, 0), screen().y});
}

void Ui::end() {
  ImGui::Render();
  gestures_.set_areas(drag_areas_);
  // What a widget of this frame did not take is meant for one that is gone.
  activated_.clear();
  texts_.clear();
  wanted_scroll_.clear();
  map_inputs_.clear();
}

Rect Ui::screen() const {
  return {0, input_.inset_top, input_.size.width,
          input_.size.height - input_.inset_top - input_.inset_bottom};
}

Rect Ui::take(float height) {
  Column& current = column();
  const Rect rect = {current.rect.x, current.y, current.rect.width, height};
  current.y += height;
  return rect;
}

float Ui::in_column(const Rect& rect, FunctionRef<void()> content) {
  columns_.push_back({rect, rect.y});
  content();
  const float height = columns_.back().y - rect.y;
  columns_.pop_back();
  return height;
}

void Ui::in_group(std::string_view name, std::size_t index, FunctionRef<void()> content) {
  const NodeId outer = group_;
  group_ = node_id(outer, name, index);
  content();
  group_ = outer;
}

NodeId Ui::add_node(Node node, const Rect& rect) {
  const Container& container = containers_.back();
  node.parent = container.id;
  node.rect = {rect.x - container.origin.x, rect.y - container.origin.y, rect.width, rect.height};
  const NodeId id = node.id;
  nodes_.push_back(std::move(node));
  return id;
}

bool Ui::take_activation(NodeId id) {
  const auto found = std::find(activated_.begin(), activated_.end(), id);
  if (found == activated_.end()) return false;
  activated_.erase(found);
  return true;
}

bool Ui::interactive(Node node, const Rect& rect) {
#ifdef IMGUI_ENABLE_TEST_ENGINE
  // What can be pressed, as far as it is in sight: the tests hold it against the nodes (test_context.cc).
  const Rect& clip = clips_.back();
  const ImRect seen(std::max(rect.x, clip.x), std::max(rect.y, clip.y), std::min(rect.right(), clip.right()),
                    std::min(rect.bottom(), clip.bottom()));
  if (seen.GetWidth() > 0 && seen.GetHeight() > 0) ImGuiTestEngineHook_ItemAdd(ImGui::GetCurrentContext(), node.id, seen, nullptr);
#endif
  add_node(std::move(node), rect);
  const Point* pressed = gestures_.pressed();
  return pressed && rect.contains(*pressed) && clips_.back().contains(*pressed);
}

void Ui::in_container(Node node, const Rect& rect, Point origin, FunctionRef<void()> content) {
  const NodeId id = add_node(std::move(node), rect);
  containers_.push_back({id, origin});
  content();
  containers_.pop_back();
}

bool Ui::scroll_in(std::string_view name, const Rect& rect, const bool* busy, FunctionRef<void()> content) {
  const NodeId id = id_of(name);
  float& offset = scroll_[id];
  for (const DragDelta& drag : drags_) {
    if (drag.id != id) continue;
    float move = drag.move.y;
    // A finger, never a fling, pulls down what stands at its top.
    if (busy && drag.held && (offset <= move || (pulled_ == id && pull_ > 0))) {
      const float before = pulled_ == id ? pull_ : 0;
      pulled_ = id;
      pull_ = std::max(before + move - offset, 0.0f);
      move = before + move < offset ? before + move : offset;
    }
    offset -= move;
  }
  if (const auto wanted = wanted_scroll_.find(id); wanted != wanted_scroll_.end()) offset = wanted->second;
  offset = std::max(offset, 0.0f);

  bool pulled = false;
  const float top = rect.y - offset + (busy ? pull_sign(id, rect, *busy, pulled) : 0);
  drag_areas_.push_back({id, rect, DragAxis::kVertical});
  canvas_.push_clip(rect);
  clips_.push_back(rect);
  views_.push_back({rect});
  const std::size_t index = nodes_.size();
  in_container({.id = id, .role = Role::kScroller, .label = std::string(name)}, rect, {rect.x, rect.y - offset}, [&] {
    columns_.push_back({rect.inset(kMargin, 0), top});
    content();
    const float height = columns_.back().y - (rect.y - offset) + kMargin;
    columns_.pop_back();
    nodes_[index].content = std::max(height, rect.height);
  });
  nodes_[index].scroll = offset;
  const float shift = views_.back().shift;
  views_.pop_back();
  clips_.pop_back();
  canvas_.pop_clip();
  if (shift != 0) {
    offset += shift;
    animating_ = true;
    return pulled;
  }
  // The end of the content is known only now; an offset beyond it is put right with the next frame.
  const float end = std::max(0.0f, nodes_[index].content - rect.height);
  if (offset > end) {
    nodes_[index].scroll = offset = end;
    animating_ = true;
  }
  return pulled;
}

void Ui::card(const CardDesc& desc, FunctionRef<void()> content) {
  const Rect top = {column().rect.x, column().y, column().rect.width, 0};
  canvas_.begin_front();
  const float inner = in_column({top.x + desc.padding, top.y + desc.padding, top.width - 2 * desc.padding, 0}, content);
  const Rect box = take(inner + 2 * desc.padding);
  canvas_.begin_behind();
  if (!desc.tone) canvas_.shadow(box, kCardRadius, palette_->shadow_alpha);
  canvas_.fill(box, desc.tone ? tone_ground(*palette_, *desc.tone) : palette_->surface, kCardRadius);
  outline(box);
  canvas_.end_front();
}

bool Ui::card_button(std::string_view name, std::size_t index, std::string_view label,
                     FunctionRef<void()> content) {
  constexpr float kPadding = 10;
  const NodeId id = node_id(group_, name, index);
  const Rect top = {column().rect.x, column().y, column().rect.width, 0};
  const std::size_t before = nodes_.size();
  canvas_.begin_front();
  const float inner = in_column({top.x + kPadding, top.y + kPadding, top.width - 2 * kPadding, 0}, content);
  nodes_.resize(before);  // one button, one name: what is inside is said by `label`
  const Rect box = take(std::max(inner + 2 * kPadding, kTouch));
  const bool held = interactive({.id = id, .role = Role::kButton, .label = std::string(label)}, box);
  canvas_.begin_behind();
  canvas_.shadow(box, kCardRadius, palette_->shadow_alpha);
  canvas_.fill(box, held ? palette_->surface_2 : palette_->surface, kCardRadius);
  outline(box);
  canvas_.end_front();
  focus_ring(id, box, kCardRadius);
  return take_activation(id);
}

void Ui::growing_container(Node node, FunctionRef<void()> content) {
  const Rect top = {column().rect.x, column().y, column().rect.width, 0};
  const std::size_t index = nodes_.size();
  in_container(std::move(node), top, {top.x, top.y}, content);
  nodes_[index].rect.height = column().y - top.y;
}

void Ui::outline(const Rect& rect, float radius) {
  if (input_.more_contrast) canvas_.stroke(rect, palette_->line, radius, 1.5f);
}

void Ui::focus_ring(NodeId id, const Rect& rect, float radius) {
  if (focus_ != id || !focus_visible_) return;
  canvas_.stroke(rect.inset(-3), palette_->accent, radius + 3, 3);
}

}  // namespace titik::ui
