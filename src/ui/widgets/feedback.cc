// What the interface says back: dialogs, toasts, empty places, bones of what is on its way, progress.
#include <algorithm>
#include <cmath>

#include "ui/widgets/ui.h"

namespace titik::ui {
namespace {

constexpr float kSheetWidth = 480;   // most
constexpr double kToastIsNew = -2;
constexpr Color kScrim{0x000000};

}  // namespace

int Ui::dialog(const DialogDesc& desc) {
  toast_ = {};  // it would lie over the question
  const Rect all = {0, 0, input_.size.width, input_.size.height};
  const Rect safe = screen();
  const NodeId id = id_of("dialog");
  // Nothing beneath takes a drag.
  drag_areas_.clear();
  drag_areas_.push_back({id, all, DragAxis::kBoth});
  canvas_.fill(all, kScrim, 0, 0.55f);
  const float wide = std::min(safe.width, kSheetWidth);
  const float left = safe.x + (safe.width - wide) / 2;
  constexpr TextStyle kTitle = {TextSize::kTitle, Weight::kBold};
  constexpr TextStyle kText = {TextSize::kBody, Weight::kRegular};
  const float inner = wide - 2 * kDialogPadding;
  const ButtonDesc action = {.kind = desc.kind, .icon = desc.icon};
  const ButtonDesc cancel = {.kind = ButtonKind::kOutline};
  // A sheet at the foot, where the thumb is; measured first, drawn from its top.
  const float height = kDialogPadding + canvas_.measure(desc.title, kTitle, inner).height + 8 +
                       canvas_.measure(desc.text, kText, inner).height + 20 + button_height(desc.action, action, inner) + 8 +
                       button_height(desc.cancel, cancel, inner) + kDialogPadding;
  const float top = std::max(safe.y, safe.bottom() - height);
  const Rect sheet = {left, top, wide, all.bottom() - top};
  int chosen = 0;
  in_container({.id = id, .role = Role::kDialog, .label = std::string(desc.title)}, sheet, {sheet.x, sheet.y}, [&] {
    canvas_.fill({sheet.x, sheet.y, sheet.width, sheet.height + kDialogRadius}, palette_->surface, kDialogRadius);
    in_column(sheet.inset(kDialogPadding), [&] {
      heading(desc.title, 2);
      gap(8);
      text(desc.text, {.secondary = true});
      gap(20);
      if (button(desc.action, action)) chosen = 1;
      gap(8);
      if (button(desc.cancel, cancel)) chosen = 2;
    });
  });
  // Escape, which the mirror sends to the dialog itself.
  return take_activation(id) ? 2 : chosen;
}

void Ui::show_toast(std::string text, Tone tone, std::string action, double seconds) {
  toast_ = {std::move(text), std::move(action), tone, seconds, kToastIsNew};
  animating_ = true;
}

std::int64_t Ui::milliseconds_to_wake() const {
  return input_.now < toast_.until ? static_cast<std::int64_t>(std::ceil((toast_.until - input_.now) * 1000)) : -1;
}

bool Ui::toast(float foot) {
  if (toast_.until == kToastIsNew) toast_.until = input_.now + toast_.seconds;  // the time of asking may be long past
  const bool shown = input_.now < toast_.until;
  constexpr TextStyle kStyle = {TextSize::kBody, Weight::kSemibold};
  const float wide = std::min(screen().width - 2 * kMargin, kSheetWidth);
  const float action_width = toast_.action.empty() ? 0 : std::max(kTouch, canvas_.measure(toast_.action, kStyle).width + 24);
  const float inner = wide - 32 - action_width;
  const float height = std::max(kTouch, canvas_.measure(toast_.text, kStyle, inner).height + 24);
  const Rect rect = {screen().centre().x - wide / 2, screen().bottom() - foot - height - 12, wide, height};
  // The live region is there before it has something to say, so that it is announced.
  add_node({.id = id_of("toast"), .role = Role::kStatus, .label = shown ? toast_.text : std::string()},
           shown ? Rect{rect.x, rect.y, rect.width - action_width, height} : Rect{rect.x, rect.bottom(), 0, 0});
  if (!shown) return false;
  canvas_.shadow(rect, kFieldRadius, 0.2f);
  canvas_.fill(rect, palette_->text, kFieldRadius);
  canvas_.text({rect.x + 16, rect.centre().y - canvas_.measure(toast_.text, kStyle, inner).height / 2}, toast_.text, kStyle,
               palette_->background, inner);
  if (toast_.action.empty()) return false;
  const Rect button = {rect.right() - action_width, rect.y, action_width, height};
  const NodeId id = id_of("toast action");
  interactive({.id = id, .role = Role::kButton, .label = toast_.action}, button);
  canvas_.line(button, toast_.action, kStyle, palette_->accent_soft, Align::kCentre);
  focus_ring(id, button.inset(4), kFieldRadius);
  if (!take_activation(id)) return false;
  toast_ = {};
  return true;
}

bool Ui::empty_state(const EmptyStateDesc& desc) {
  gap(24);
  const Rect row = take(96);
  canvas_.disc(row.centre(), 44, palette_->accent_soft);
  canvas_.icon(desc.icon, row.centre(), 40, palette_->on_accent_soft);
  gap(16);
  text(desc.title, {.style = {TextSize::kTitle, Weight::kBold}, .align = Align::kCentre});
  gap(4);
  text(desc.text, {.secondary = true, .align = Align::kCentre});
  if (desc.action.empty()) return false;
  gap(20);
  return button(desc.action, {.icon = desc.action_icon});
}

void Ui::skeleton_rows(std::size_t count, float height, std::string_view label) {
  for (std::size_t i = 0; i < count; ++i) {
    const Rect rect = take(height);
    canvas_.shadow(rect, kCardRadius, palette_->shadow_alpha);
    canvas_.fill(rect, palette_->surface, kCardRadius);
    const Rect picture = {rect.x + 10, rect.y + 10, rect.height - 20, rect.height - 20};
    canvas_.fill(picture, palette_->surface_2, 12);
    const float left = picture.right() + 12;
    const float room = rect.right() - 20 - left;
    canvas_.fill({left, rect.y + 20, room * 0.8f, 14}, palette_->surface_2, 7);
    canvas_.fill({left, rect.bottom() - 38, room * 0.45f, 20}, palette_->surface_2, 10);
    if (i == 0) add_node({.id = id_of("skeleton"), .role = Role::kText, .label = std::string(label)}, rect);
    gap(kGap);
  }
}

void Ui::progress_bar(float share, std::string_view label) {
  const Rect rect = take(8);
  const float filled = std::max(rect.height, rect.width * std::clamp(share, 0.0f, 1.0f));
  canvas_.fill(rect, palette_->surface_2, 4);
  canvas_.fill({rect.x, rect.y, filled, rect.height}, palette_->accent, 4);
  add_node({.id = node_id(group_, label), .role = Role::kProgress, .label = std::string(label),
            .value = std::to_string(std::lround(std::clamp(share, 0.0f, 1.0f) * 100))}, rect);
}

}  // namespace titik::ui
