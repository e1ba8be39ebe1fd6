// Buttons, links, rows of a menu, and the bars at the top and the bottom.
#include <algorithm>

#include "ui/widgets/ui.h"

namespace titik::ui {
namespace {

constexpr float kIconGap = 10;
constexpr float kPairGap = 12;
constexpr float kStackGap = 8;

struct ButtonColors {
  Color ground, text;
  bool filled = true;
  bool outlined = false;
};

ButtonColors colors_of(const Palette& palette, ButtonKind kind) {
  switch (kind) {
    case ButtonKind::kPrimary: return {palette.accent, palette.on_accent};
    case ButtonKind::kSecondary: return {palette.accent_soft, palette.on_accent_soft};
    case ButtonKind::kOutline: return {palette.background, palette.text, false, true};
    case ButtonKind::kText: return {palette.background, palette.accent, false};
    case ButtonKind::kDanger: return {palette.danger_soft, palette.danger};
    case ButtonKind::kOnAccent: return {palette.surface, palette.accent};
  }
  return {palette.accent, palette.on_accent};
}

constexpr TextStyle kButtonText = {TextSize::kBody, Weight::kSemibold};

}  // namespace

float Ui::button_height(std::string_view text, const ButtonDesc& desc, float width) const {
  const float least = desc.height > 0 ? desc.height : desc.kind == ButtonKind::kPrimary ? kPrimaryHeight : kTouch;
  const float icon_room = desc.icon.empty() ? 0 : 22 + kIconGap;
  return std::max(least, canvas_.measure(text, kButtonText, width - 32 - icon_room).height + 20);
}

void Ui::draw_button(const Rect& rect, std::string_view text, const ButtonDesc& desc, bool held) {
  ButtonColors colors = colors_of(*palette_, desc.kind);
  if (desc.disabled) colors = {palette_->surface_2, palette_->text_2, true, false};
  if (colors.filled) canvas_.fill(rect, colors.ground, kCardRadius);
  if (colors.outlined) canvas_.stroke(rect, palette_->edge, kCardRadius, 1.5f);
  if (held && !desc.disabled) canvas_.fill(rect, palette_->text, kCardRadius, 0.10f);

  const float icon_size = 22 * std::min(canvas_.text_scale(), 1.4f);
  const float icon_room = desc.icon.empty() ? 0 : icon_size + kIconGap;
  const float room = rect.width - 24 - icon_room;
  const Size size = canvas_.measure(text, kButtonText, room);
  const float left = rect.x + (rect.width - size.width - icon_room) / 2;
  if (!desc.icon.empty()) canvas_.icon(desc.icon, {left + icon_size / 2, rect.centre().y}, icon_size, colors.text);
  canvas_.paragraph({left + icon_room, rect.centre().y - size.height / 2}, text, kButtonText, colors.text,
                    size.width + 1, Align::kCentre);
}

bool Ui::button_at(const Rect& rect, std::string_view text, const ButtonDesc& desc) {
  const std::string_view label = desc.label.empty() ? text : desc.label;
  const NodeId id = id_of(label);
  const bool held = interactive({.id = id, .role = Role::kButton, .label = std::string(label),
                                 .state = desc.disabled ? static_cast<std::uint32_t>(kDisabled) : 0u}, rect);
  draw_button(rect, text, desc, held);
  focus_ring(id, rect, kCardRadius);
  return take_activation(id) && !desc.disabled;
}

bool Ui::button(std::string_view text, const ButtonDesc& desc) {
  return button_at(take(button_height(text, desc, width())), text, desc);
}

bool Ui::button_fits(std::string_view text, const ButtonDesc& desc, float room) const {
  return canvas_.measure(text, kButtonText).width + 24 + (desc.icon.empty() ? 0 : 22 + kIconGap) <= room;
}

int Ui::button_pair(std::string_view first, const ButtonDesc& first_desc, std::string_view second,
                    const ButtonDesc& second_desc, float first_share) {
  const float first_width = (width() - kPairGap) * first_share;
  const float second_width = width() - kPairGap - first_width;
  if (button_fits(first, first_desc, first_width) && button_fits(second, second_desc, second_width)) {
    const float height = std::max(button_height(first, first_desc, first_width),
                                  button_height(second, second_desc, second_width));
    const Rect row = take(height);
    const bool one = button_at({row.x, row.y, first_width, height}, first, first_desc);
    const bool two = button_at({row.right() - second_width, row.y, second_width, height}, second, second_desc);
    return one ? 1 : two ? 2 : 0;
  }
  const bool two = button(second, second_desc);
  gap(kStackGap);
  const bool one = button(first, first_desc);
  return one ? 1 : two ? 2 : 0;
}

float Ui::foot_height(std::string_view second, std::string_view first, const ButtonDesc& desc) const {
  const float full = input_.size.width - 2 * kMargin;
  const float one = button_height(first, desc, full);
  if (second.empty()) return one;
  const float second_width = (full - kPairGap) * kSecondShare;
  if (button_fits(second, {}, second_width) && button_fits(first, desc, full - kPairGap - second_width)) return one;
  return one + kStackGap + button_height(second, {.kind = ButtonKind::kOutline, .height = desc.height}, full);
}

bool Ui::icon_button(const Rect& rect, std::string_view icon, std::string_view label, bool on_photo) {
  const NodeId id = id_of(label);
  const bool held = interactive({.id = id, .role = Role::kButton, .label = std::string(label)}, rect);
  const float radius = std::min(rect.width, rect.height) / 2 - 2;
  if (on_photo) {
    canvas_.disc(rect.centre(), radius, Color{0x12201B}, held ? 0.95f : 0.78f);
    canvas_.ring(rect.centre(), radius, Color{0xFFFFFF}, 1, 0.25f);
    canvas_.icon(icon, rect.centre(), 24, Color{0xFFFFFF});
  } else {
    if (held) canvas_.disc(rect.centre(), radius, palette_->surface_2);
    canvas_.icon(icon, rect.centre(), 24, palette_->text);
  }
  focus_ring(id, rect, rect.width / 2);
  return take_activation(id);
}

bool Ui::text_button(const Rect& rect, std::string_view text) {
  const NodeId id = id_of(text);
  const bool held = interactive({.id = id, .role = Role::kButton, .label = std::string(text)}, rect);
  if (held) canvas_.fill(rect, palette_->surface_2, kFieldRadius);
  canvas_.line(rect, text, {TextSize::kSmall, Weight::kSemibold}, palette_->accent, Align::kEnd);
  focus_ring(id, rect, kFieldRadius);
  return take_activation(id);
}

void Ui::link(std::string_view text, std::string_view label, std::string_view href, std::string_view icon, Tone tone) {
  const float inner = width() - 46 - 44;
  const Rect rect = take(std::max(52.0f, canvas_.measure(text, kButtonText, inner).height + 24));
  const NodeId id = id_of(label);
  const bool held = interactive(
      {.id = id, .role = Role::kLink, .label = std::string(label), .value = std::string(href)}, rect);
  const Color color = tone_text(*palette_, tone);
  canvas_.fill(rect, tone_ground(*palette_, tone), kCardRadius);
  if (held) canvas_.fill(rect, palette_->text, kCardRadius, 0.08f);
  canvas_.icon(icon, {rect.x + 24, rect.centre().y}, 22, color);
  canvas_.text({rect.x + 46, rect.centre().y - canvas_.measure(text, kButtonText, inner).height / 2}, text,
               kButtonText, color, inner);
  canvas_.icon("chevron-right", {rect.right() - 24, rect.centre().y}, 22, color);
  focus_ring(id, rect, kCardRadius);
}

void Ui::file_button(const Rect& rect, std::string_view text, std::string_view label, std::string_view icon,
                     ButtonKind kind, std::uint32_t flags) {
  const NodeId id = id_of(label);
  const bool held =
      interactive({.id = id, .role = Role::kFileInput, .label = std::string(label), .state = flags}, rect);
  draw_button(rect, text, {.kind = kind, .icon = icon, .disabled = (flags & kDisabled) != 0}, held);
  focus_ring(id, rect, kCardRadius);
}

bool Ui::list_row(const ListRow& row, bool last) {
  constexpr TextStyle kTitle = {TextSize::kBody, Weight::kSemibold};
  constexpr TextStyle kDetail = {TextSize::kSmall, Weight::kRegular};
  const float chevron_room = row.chevron ? 28.0f : 0.0f;
  const float value_width = row.value.empty() ? 0 : canvas_.measure(row.value, kDetail).width + 12;
  const float text_left = 34;
  float room = width() - text_left - chevron_room;
  const bool value_below = canvas_.measure(row.title, kTitle).width > room - value_width;
  if (!value_below) room -= value_width;
  const std::string below = value_below ? std::string(row.value) : std::string(row.detail);
  const float title_height = canvas_.measure(row.title, kTitle, room).height;
  const float detail_height = below.empty() ? 0 : canvas_.measure(below, kDetail, room).height + 2;
  const Rect rect = take(std::max(56.0f, title_height + detail_height + 24));

  const NodeId id = id_of(row.title);
  std::string hint(row.detail);
  if (!row.value.empty()) hint = hint.empty() ? std::string(row.value) : hint + ", " + std::string(row.value);
  bool held = false;
  if (row.chevron) {
    held = interactive({.id = id, .role = Role::kButton, .label = std::string(row.title), .hint = hint}, rect);
  } else {
    std::string label(row.title);
    if (!hint.empty()) label += ": " + hint;
    add_node({.id = id, .role = Role::kText, .label = label}, rect);
  }
  if (held) canvas_.fill(rect.inset(-8, 0), palette_->surface_2, kFieldRadius);
  canvas_.icon(row.icon, {rect.x + 11, rect.centre().y}, 22,
               row.tone == Tone::kAccent ? palette_->accent : tone_text(*palette_, row.tone));
  const float top = rect.centre().y - (title_height + detail_height) / 2;
  canvas_.text({rect.x + text_left, top}, row.title, kTitle,
               row.tone == Tone::kDanger ? palette_->danger : palette_->text, room);
  canvas_.text({rect.x + text_left, top + title_height + 2}, below, kDetail, palette_->text_2, room);
  if (!row.value.empty() && !value_below) {
    canvas_.line({rect.right() - chevron_room - value_width, rect.y, value_width, rect.height}, row.value, kDetail,
                 palette_->text_2, Align::kEnd);
  }
  if (row.chevron) canvas_.icon("chevron-right", {rect.right() - 10, rect.centre().y}, 22, palette_->text);
  if (!last) canvas_.segment({rect.x, rect.bottom()}, {rect.right(), rect.bottom()}, palette_->line, 1);
  focus_ring(id, rect, kFieldRadius);
  return row.chevron && take_activation(id);
}

std::optional<std::size_t> Ui::bottom_bar(std::string_view label, const std::vector<Tab>& tabs, std::size_t current) {
  const Rect bar = {0, input_.size.height - input_.inset_bottom - kBarHeight, input_.size.width,
                    kBarHeight + input_.inset_bottom};
  canvas_.fill(bar, palette_->surface);
  canvas_.segment({bar.x, bar.y}, {bar.right(), bar.y}, palette_->line, 1);
  std::optional<std::size_t> chosen;
  in_container({.id = id_of("bar"), .role = Role::kNavigation, .label = std::string(label)}, bar, {bar.x, bar.y}, [&] {
    const float cell_width = bar.width / static_cast<float>(tabs.size());
    // Four words must fit side by side at any text size: all are made equally smaller.
    constexpr TextStyle kTabText = {TextSize::kSmall, Weight::kSemibold};
    float shrink = 1;
    for (const Tab& tab : tabs) shrink = std::min(shrink, (cell_width - 6) / canvas_.measure(tab.name, kTabText).width);
    for (std::size_t i = 0; i < tabs.size(); ++i) {
      const Rect cell = {bar.x + cell_width * static_cast<float>(i), bar.y, cell_width, kBarHeight};
      const NodeId id = node_id(id_of("bar"), tabs[i].name);
      const bool is_current = i == current;
      const bool held = interactive({.id = id, .role = Role::kButton, .label = std::string(tabs[i].name),
                                     .state = is_current ? static_cast<std::uint32_t>(kCurrent) : 0u}, cell);
      const Rect pill = {cell.centre().x - 27, cell.y + 8, 54, 28};
      if (is_current) canvas_.fill(pill, palette_->accent_soft, 14);
      else if (held) canvas_.fill(pill, palette_->surface_2, 14);
      canvas_.icon(tabs[i].icon, pill.centre(), 22, is_current ? palette_->on_accent_soft : palette_->text_2);
      canvas_.fitted_line({cell.x + 3, cell.y + 37, cell.width - 6, 22}, tabs[i].name, kTabText,
                          is_current ? palette_->accent : palette_->text_2, shrink);
      focus_ring(id, cell.inset(3), kFieldRadius);
      if (take_activation(id)) chosen = i;
    }
  });
  return chosen;
}

void Ui::step_bar(std::size_t step, std::size_t count) {
  constexpr float kSpace = 6;
  const Rect rect = take(5);
  const float part = (rect.width - kSpace * static_cast<float>(count - 1)) / static_cast<float>(count);
  for (std::size_t i = 0; i < count; ++i) {
    canvas_.fill({rect.x + (part + kSpace) * static_cast<float>(i), rect.y, part, 5},
                 i <= step ? palette_->accent : palette_->line, 2.5f);
  }
}

Ui::TopBar Ui::top_bar(const TopBarDesc& desc) {
  constexpr TextStyle kTitle = {TextSize::kBody, Weight::kSemibold};
  constexpr TextStyle kAction = {TextSize::kSmall, Weight::kSemibold};
  const Rect row = take(std::max(56.0f, canvas_.line_height(TextSize::kBody) + 16));
  TopBar result = TopBar::kNone;
  float left = row.x;
  if (!desc.back.empty()) {
    if (icon_button({row.x - 10, row.centre().y - 24, 48, 48}, "chevron-left", desc.back)) result = TopBar::kBack;
    left += 38;
  }
  float right = row.right();
  if (!desc.action.empty()) {
    const float action_width = canvas_.measure(desc.action, kAction).width + 12;
    if (text_button({row.right() - action_width, row.centre().y - 24, action_width, 48}, desc.action)) {
      result = TopBar::kAction;
    }
    right -= action_width + 8;
  }
  // A title cut to a few letters says nothing: the heading beneath does.
  const Rect title = {left, row.y, right - left, row.height};
  if (canvas_.measure(desc.title, kTitle).width <= title.width) canvas_.line(title, desc.title, kTitle, palette_->text);
  return result;
}

}  // namespace titik::ui
