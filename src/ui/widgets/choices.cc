// Radio groups and switches.
#include <algorithm>
#include <cmath>

#include "ui/widgets/ui.h"

namespace titik::ui {

std::optional<std::size_t> Ui::radio_pills(std::string_view label, const std::vector<std::string>& options,
                                           const std::vector<std::string>& names, std::size_t chosen) {
  constexpr TextStyle kStyle = {TextSize::kSmall, Weight::kSemibold};
  constexpr float kSpace = 8;
  const float height = std::max(kTouch, canvas_.line_height(TextSize::kSmall) + 24);
  const NodeId group = id_of(label);
  const Rect area = take(0);
  std::optional<std::size_t> result;
  float x = area.x;
  float y = area.y;
  growing_container({.id = group, .role = Role::kRadioGroup, .label = std::string(label)}, [&] {
    for (std::size_t i = 0; i < options.size(); ++i) {
      const bool is_chosen = i == chosen;
      const float mark = is_chosen ? 22.0f : 0.0f;
      const float pill_width = std::min(canvas_.measure(options[i], kStyle).width + 28 + mark, area.width);
      if (x > area.x && x + pill_width > area.right()) {
        x = area.x;
        y += height + kSpace;
      }
      const Rect rect = {x, y, pill_width, height};
      const NodeId id = node_id(group, names[i]);
      const bool held = interactive({.id = id, .role = Role::kRadio, .label = names[i],
                                     .state = is_chosen ? static_cast<std::uint32_t>(kChecked) : 0u}, rect);
      const Rect pill = {rect.x, rect.centre().y - 22, rect.width, 44};
      const Rect shape = height > kTouch ? rect : pill;
      if (is_chosen) {
        canvas_.fill(shape, palette_->accent, 24);
      } else {
        canvas_.shadow(shape, 24, palette_->shadow_alpha);
        canvas_.fill(shape, held ? palette_->surface_2 : palette_->surface, 24);
        outline(shape, 24);
      }
      const Color color = is_chosen ? palette_->on_accent : palette_->text;
      if (is_chosen) canvas_.icon("check", {rect.x + 23, rect.centre().y}, 16, color);
      canvas_.line({rect.x + 14 + mark, rect.y, rect.width - 28 - mark + 1, rect.height}, options[i], kStyle, color);
      focus_ring(id, shape, 24);
      if (take_activation(id) && !is_chosen) result = i;
      x += pill_width + kSpace;
    }
    gap(y + height - area.y);
  });
  return result;
}

std::optional<std::size_t> Ui::icon_grid(std::string_view label, const std::vector<GridOption>& options,
                                         std::optional<std::size_t> chosen, std::string_view error) {
  constexpr TextStyle kName = {TextSize::kSmall, Weight::kSemibold};
  constexpr TextStyle kDetail = {TextSize::kSmall, Weight::kRegular};
  constexpr float kSpace = 10;
  const float scale = canvas_.text_scale();
  const auto columns = static_cast<std::size_t>(
      std::clamp(std::floor((width() + kSpace) / (96 * scale + kSpace)), 1.0f, 4.0f));
  const float cell_width = (width() - kSpace * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  float name_height = 0;
  for (const GridOption& option : options) {
    name_height = std::max(name_height, canvas_.measure(option.name, kName, cell_width - 12).height);
  }
  const float detail_height = canvas_.line_height(TextSize::kSmall);
  const float cell_height = std::max(88.0f, 10 + 28 + 6 + name_height + 4 + detail_height + 10);

  const NodeId group = id_of(label);
  const std::size_t rows = (options.size() + columns - 1) / columns;
  const Rect area = take(static_cast<float>(rows) * (cell_height + kSpace) - kSpace);
  std::optional<std::size_t> result;
  in_container({.id = group, .role = Role::kRadioGroup, .label = std::string(label), .hint = std::string(error),
                .state = error.empty() ? 0u : static_cast<std::uint32_t>(kInvalid)},
               area, {area.x, area.y}, [&] {
    for (std::size_t i = 0; i < options.size(); ++i) {
      const GridOption& option = options[i];
      const Rect rect = {area.x + static_cast<float>(i % columns) * (cell_width + kSpace),
                         area.y + static_cast<float>(i / columns) * (cell_height + kSpace), cell_width, cell_height};
      const bool is_chosen = chosen == i;
      const NodeId id = node_id(group, option.name);
      const bool held = interactive({.id = id, .role = Role::kRadio, .label = option.name, .hint = option.detail,
                                     .state = is_chosen ? static_cast<std::uint32_t>(kChecked) : 0u}, rect);
      if (!is_chosen) canvas_.shadow(rect, kCardRadius, palette_->shadow_alpha);
      canvas_.fill(rect, is_chosen ? palette_->accent_soft : held ? palette_->surface_2 : palette_->surface, kCardRadius);
      if (is_chosen) canvas_.stroke(rect, palette_->accent, kCardRadius, 2);
      else outline(rect);
      const Color color = is_chosen ? palette_->on_accent_soft : palette_->text;
      float y = rect.y + (cell_height - (28 + 6 + name_height + 4 + detail_height)) / 2;
      canvas_.icon(option.icon, {rect.centre().x, y + 14}, 26, color);
      y += 34;
      const float own_height = canvas_.measure(option.name, kName, cell_width - 12).height;
      canvas_.paragraph({rect.x + 6, y + (name_height - own_height) / 2}, option.name, kName, color, cell_width - 12,
                        Align::kCentre);
      y += name_height + 4;
      canvas_.line({rect.x + 6, y, cell_width - 12, detail_height}, option.detail, kDetail, palette_->text_2,
                   Align::kCentre);
      focus_ring(id, rect, kCardRadius);
      if (take_activation(id) && !is_chosen) result = i;
    }
  });
  if (!error.empty()) {
    gap(6);
    text(error, {.style = {TextSize::kSmall, Weight::kSemibold}, .tone = Tone::kDanger, .silent = true});
  }
  return result;
}

bool Ui::switch_row(std::string_view name, std::string_view detail, std::string_view icon, bool on) {
  constexpr TextStyle kName = {TextSize::kBody, Weight::kSemibold};
  constexpr TextStyle kDetail = {TextSize::kSmall, Weight::kRegular};
  constexpr float kTrackWidth = 52;
  constexpr float kTrackHeight = 32;
  // A name that does not fit beside icon and switch has the icon's place too, before it is broken.
  const float beside = width() - kTrackWidth - 12;
  const float indent = canvas_.measure(name, kName).width > beside - 34 ? 0.0f : 34.0f;
  const float room = beside - indent;
  const float name_height = canvas_.measure(name, kName, room).height;
  const float detail_height = canvas_.measure(detail, kDetail, room).height;
  const Rect rect = take(std::max(kTouch, name_height + detail_height + 8));
  const NodeId id = id_of(name);
  const bool held = interactive({.id = id, .role = Role::kCheckbox, .label = std::string(name), .hint = std::string(detail),
                                 .state = on ? static_cast<std::uint32_t>(kChecked) : 0u}, rect);
  if (indent > 0) canvas_.icon(icon, {rect.x + 11, rect.centre().y}, 22, palette_->text_2);
  const float top = rect.centre().y - (name_height + detail_height + 2) / 2;
  canvas_.text({rect.x + indent, top}, name, kName, palette_->text, room);
  canvas_.text({rect.x + indent, top + name_height + 2}, detail, kDetail, palette_->text_2, room);
  const Rect track = {rect.right() - kTrackWidth, rect.centre().y - kTrackHeight / 2, kTrackWidth, kTrackHeight};
  canvas_.fill(track, on ? palette_->accent : palette_->surface_2, kTrackHeight / 2);
  if (!on) canvas_.stroke(track, palette_->text_2, kTrackHeight / 2, 1.5f);
  canvas_.disc({on ? track.right() - 16 : track.x + 16, track.centre().y}, held ? 13.0f : 12.0f,
               on ? palette_->on_accent : palette_->text_2);
  focus_ring(id, rect, kFieldRadius);
  return take_activation(id);
}

}  // namespace titik::ui
