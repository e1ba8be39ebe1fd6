// Text fields: drawn here, typed in the browser's own field that lies exactly over the drawing.
#include <algorithm>

#include "base/utf8.h"
#include "ui/widgets/ui.h"

namespace titik::ui {
namespace {

constexpr float kPadding = 14;
constexpr float kLabelGap = 3;
constexpr TextStyle kLabel = {TextSize::kSmall, Weight::kSemibold};
constexpr TextStyle kValue = {TextSize::kBody, Weight::kRegular};
constexpr TextStyle kNote = {TextSize::kSmall, Weight::kSemibold};
constexpr float kMostLines = 10;   // of a text area; longer text scrolls inside
constexpr float kLeastLines = 3;

}  // namespace

bool Ui::field(Role role, std::string_view label, std::string& value, std::string_view shown, const FieldDesc& desc) {
  const NodeId id = id_of(label);
  bool changed = false;
  if (const auto typed = texts_.find(id); typed != texts_.end()) {
    changed = value != typed->second;
    value = std::move(typed->second);
    texts_.erase(typed);
  }
  const std::string_view visible = role == Role::kDateField ? shown : std::string_view(value);

  const bool area = role == Role::kTextArea;
  const float label_height = canvas_.line_height(TextSize::kSmall);
  const float line = canvas_.line_height(TextSize::kBody);
  const float room = width() - 2 * kPadding;
  float text_height = line;
  if (area) {
    const float wanted = visible.empty() ? 0 : canvas_.measure(visible, kValue, room).height;
    text_height = std::clamp(wanted, kLeastLines * line, kMostLines * line);
  }
  const Rect rect = take(std::max(62.0f, 10 + label_height + kLabelGap + text_height + 10));
  const float text_top = 10 + label_height + kLabelGap;

  const bool focused = focus_ == id;
  const bool invalid = !desc.error.empty();
  interactive({.id = id, .role = role, .label = std::string(label), .value = value,
            .hint = std::string(invalid ? desc.error : desc.hint),
            .state = desc.flags | (invalid ? static_cast<std::uint32_t>(kInvalid) : 0u),
            .max_length = desc.max_length,
            .font_size = canvas_.font_size(TextSize::kBody), .text_top = text_top},
           rect);

  const Color edge = invalid ? palette_->danger : focused ? palette_->accent : palette_->edge;
  if (focused) canvas_.fill(rect.inset(-3), palette_->accent_soft, kFieldRadius + 3);
  canvas_.fill(rect, palette_->surface, kFieldRadius);
  canvas_.stroke(rect, edge, kFieldRadius, focused || invalid ? 2.0f : 1.5f);
  canvas_.line({rect.x + kPadding, rect.y + 10, room, label_height}, label, kLabel,
               invalid ? palette_->danger : focused ? palette_->accent : palette_->text_2);

  const auto count = static_cast<int>(count_code_points(value));
  if (desc.max_length > 0 && (desc.always_count ? count > 0 : count > desc.max_length * 8 / 10)) {
    std::string note = std::to_string(count);
    if (count > desc.max_length * 8 / 10) note += " / " + std::to_string(desc.max_length);
    canvas_.line({rect.x + kPadding, rect.y + 10, room, label_height}, note, {TextSize::kSmall, Weight::kRegular},
                 count > desc.max_length ? palette_->danger : palette_->text_2, Align::kEnd);
  }
  // While it has the focus the browser's field shows the text, with caret and selection.
  if (!focused) {
    const Rect text_rect = {rect.x + kPadding, rect.y + text_top, room, text_height};
    canvas_.push_clip({text_rect.x, text_rect.y, text_rect.width, text_rect.height + 2});
    const std::string_view words = visible.empty() ? desc.hint : visible;
    const Color color = visible.empty() ? palette_->text_2 : palette_->text;
    if (area) canvas_.text({text_rect.x, text_rect.y}, words, kValue, color, room);
    else if (role == Role::kDateField && canvas_.measure(words, kValue).width > room - 30) canvas_.line(text_rect, words, {TextSize::kSmall, Weight::kRegular}, color);
    else canvas_.line(text_rect, words, kValue, color);
    canvas_.pop_clip();
  }
  if (role == Role::kDateField) {
    canvas_.icon("calendar", {rect.right() - kPadding - 11, rect.centre().y}, 22, palette_->text_2);
  }
  if (invalid) {
    gap(6);
    text(desc.error, {.style = kNote, .tone = Tone::kDanger, .silent = true});
  }
  return changed;
}

bool Ui::text_field(std::string_view label, std::string& value, const FieldDesc& desc) {
  return field(Role::kTextField, label, value, {}, desc);
}

bool Ui::text_area(std::string_view label, std::string& value, const FieldDesc& desc) {
  return field(Role::kTextArea, label, value, {}, desc);
}

bool Ui::date_field(std::string_view label, std::string& value, std::string_view shown, const FieldDesc& desc) {
  return field(Role::kDateField, label, value, shown, desc);
}

}  // namespace titik::ui
