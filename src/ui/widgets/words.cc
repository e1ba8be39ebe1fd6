// Headings, paragraphs, states, banners, chips, the timeline.
#include <algorithm>

#include "ui/widgets/ui.h"

namespace titik::ui {

TextStyle Ui::unbroken(std::string_view text, TextStyle style) {
  for (std::string_view rest = text; !rest.empty() && style.size > TextSize::kBody;) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (canvas_.measure(word, style).width > width()) style.size = static_cast<TextSize>(static_cast<int>(style.size) - 1);
    else rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  return style;
}

void Ui::heading(std::string_view text, int level, std::optional<TextStyle> own) {
  TextStyle style = own          ? *own
                    : level == 1 ? TextStyle{TextSize::kHeading, Weight::kBold}
                    : level == 2 ? TextStyle{TextSize::kTitle, Weight::kBold}
                                 : TextStyle{TextSize::kBody, Weight::kSemibold};
  style = unbroken(text, style);
  const Rect rect = take(canvas_.measure(text, style, width()).height);
  canvas_.text({rect.x, rect.y}, text, style, palette_->text, rect.width);
  add_node({.id = node_id(id_of("heading"), text), .role = Role::kHeading, .label = std::string(text), .level = level}, rect);
}

void Ui::text(std::string_view text, const TextDesc& desc) {
  if (text.empty()) return;
  const Rect rect = take(canvas_.measure(text, desc.style, width()).height);
  const Color color = desc.tone        ? tone_text(*palette_, *desc.tone)
                      : desc.secondary ? palette_->text_2
                                       : palette_->text;
  canvas_.paragraph({rect.x, rect.y}, text, desc.style, color, rect.width, desc.align);
  if (!desc.silent) {
    add_node({.id = node_id(group_, text, nodes_.size()), .role = Role::kText, .label = std::string(text)}, rect);
  }
}

void Ui::status(std::string_view text, Tone tone, std::string_view icon, Align align) {
  constexpr TextStyle kStyle = {TextSize::kSmall, Weight::kSemibold};
  const float icon_size = 18 * std::min(canvas_.text_scale(), 1.5f);
  const float indent = icon.empty() ? 0 : icon_size + 6;
  const Size size = canvas_.measure(text, kStyle, width() - indent);
  const Rect rect = take(std::max(size.height, text.empty() ? 0.0f : icon_size));
  // The live region is there before it has something to say, so that the change is announced.
  add_node({.id = id_of("status"), .role = Role::kStatus, .label = std::string(text)}, rect);
  if (text.empty()) return;
  const Color color = tone == Tone::kNeutral ? palette_->text_2 : tone_text(*palette_, tone);
  const float x = align == Align::kCentre ? rect.x + (rect.width - size.width - indent) / 2 : rect.x;
  const float middle = rect.y + rect.height / 2;
  if (!icon.empty()) canvas_.icon(icon, {x + icon_size / 2, middle}, icon_size, color);
  canvas_.text({x + indent, middle - size.height / 2}, text, kStyle, color, rect.width - indent);
}

void Ui::status_heading(std::string_view text) {
  const TextStyle style = unbroken(text, {TextSize::kHeading, Weight::kBold});
  const Rect rect = take(canvas_.measure(text, style, width()).height);
  canvas_.paragraph({rect.x, rect.y}, text, style, palette_->text, rect.width, Align::kCentre);
  // The heading lies inside the live region, so that its change is announced.
  in_container({.id = id_of("status"), .role = Role::kStatus}, rect, {rect.x, rect.y}, [&] {
    add_node({.id = id_of("status heading"), .role = Role::kHeading, .label = std::string(text), .level = 1}, rect);
  });
}

void Ui::banner(std::string_view title, std::string_view text, Tone tone, std::string_view icon, bool alert) {
  constexpr TextStyle kTitle = {TextSize::kBody, Weight::kSemibold};
  constexpr TextStyle kText = {TextSize::kSmall, Weight::kRegular};
  const float icon_size = 22 * std::min(canvas_.text_scale(), 1.5f);
  card({.tone = tone}, [&] {
    const float indent = icon_size + 12;
    const float inner = width() - indent;
    const float title_height = title.empty() ? 0 : canvas_.measure(title, kTitle, inner).height;
    const float text_height = text.empty() ? 0 : canvas_.measure(text, kText, inner).height;
    const float space = title.empty() || text.empty() ? 0 : 4;
    const Rect rect = take(std::max(title_height + space + text_height, icon_size));
    const Color color = tone_text(*palette_, tone);
    canvas_.icon(icon, {rect.x + icon_size / 2, rect.y + icon_size / 2}, icon_size, color);
    canvas_.text({rect.x + indent, rect.y}, title, kTitle, color, inner);
    canvas_.text({rect.x + indent, rect.y + title_height + space}, text, kText, color, inner);
    std::string label(title);
    if (!title.empty() && !text.empty()) label += ". ";
    label += text;
    add_node({.id = node_id(group_, label), .role = alert ? Role::kAlert : Role::kText, .label = label}, rect);
  });
}

void Ui::chips(const std::vector<std::pair<std::string, ChipDesc>>& chips) {
  constexpr TextStyle kStyle = {TextSize::kSmall, Weight::kSemibold};
  constexpr float kSpace = 6;
  const float scale = std::min(canvas_.text_scale(), 1.5f);
  const float icon_size = 14 * scale;
  const float height = canvas_.line_height(TextSize::kSmall) + 10;
  const Rect area = take(0);
  float x = area.x;
  float y = area.y;
  for (const auto& [text, desc] : chips) {
    const bool is_clock = desc.share >= 0;
    const float icon_width = desc.icon.empty() && !is_clock ? 0 : icon_size + 5;
    const float wanted = canvas_.measure(text, kStyle).width + icon_width + 20;
    const float chip_width = std::min(wanted, area.width);
    if (x > area.x && x + chip_width > area.right()) {
      x = area.x;
      y += height + kSpace;
    }
    const Rect rect = {x, y, chip_width, height};
    const Color color = tone_text(*palette_, desc.tone);
    canvas_.fill(rect, tone_ground(*palette_, desc.tone), height / 2);
    const Point mark = {x + 10 + icon_size / 2, rect.centre().y};
    if (is_clock) {
      canvas_.ring(mark, icon_size / 2 - 1, color, 2, 0.25f);
      if (desc.share > 0) canvas_.arc(mark, icon_size / 2 - 1, 0, std::max(desc.share, 0.06f), color, 2);
    } else if (!desc.icon.empty()) {
      canvas_.icon(desc.icon, mark, icon_size, color);
    }
    canvas_.line({x + 10 + icon_width, y, chip_width - 20 - icon_width + 1, height}, text, kStyle, color);
    add_node({.id = node_id(group_, text), .role = Role::kText, .label = text}, rect);
    x += chip_width + kSpace;
  }
  gap(y + height - area.y);
}

void Ui::timeline_item(std::string_view icon, Tone tone, bool last, FunctionRef<void()> content) {
  constexpr float kDot = 22;
  constexpr float kIndent = 30;
  const Rect top = {column().rect.x, column().y, column().rect.width, 0};
  canvas_.begin_front();
  const float height = in_column({top.x + kIndent, top.y, top.width - kIndent, 0}, content);
  const Rect rect = take(std::max(height, kDot) + (last ? 0 : 16));
  const Point dot = {rect.x + kDot / 2, rect.y + kDot / 2 + 1};
  canvas_.disc(dot, kDot / 2, tone_ground(*palette_, tone));
  canvas_.icon(icon, dot, 13, tone_text(*palette_, tone));
  canvas_.begin_behind();
  if (!last) canvas_.segment({dot.x, dot.y + kDot / 2}, {dot.x, rect.bottom()}, palette_->line, 2);
  canvas_.end_front();
}

}  // namespace titik::ui
