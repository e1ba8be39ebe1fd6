// A report's photos one by one, as large as the screen: the citizen's first, then the city's evidence.
#include "ui/screens/parts.h"

namespace titik::ui {

std::vector<ViewerPhoto> photos_of(const engine::ReportDetail& detail) {
  std::vector<ViewerPhoto> photos;
  for (const report::Photo& photo : detail.draft.photos) {
    photos.push_back({photo.sha256, tr(Text::kReportPhotoLabel, {std::to_string(photos.size() + 1)})});
  }
  for (const engine::TimelineEntry& entry : detail.timeline) {
    std::size_t number = 0;
    for (const engine::Evidence& evidence : entry.evidence) {
      if (is_picture(evidence)) photos.push_back({shown(evidence), tr(Text::kEvidenceLabel, {std::to_string(++number), entry.who}),
                                                    evidence.sha256.empty() ? evidence.path : std::string()});
    }
  }
  // Last, so that the numbers of the others are those of the report.
  for (std::size_t i = 0; i < detail.draft.photos.size(); ++i) {
    const std::string& original = detail.draft.photos[i].original_sha256;
    if (!original.empty()) photos.push_back({original, tr(Text::kOriginalPhotoLabel, {std::to_string(i + 1)})});
  }
  return photos;
}

const std::string& shown(const engine::Evidence& evidence) {
  return evidence.sha256.empty() ? evidence.thumbnail_sha256 : evidence.sha256;
}

bool is_picture(const engine::Evidence& evidence) {
  return evidence.extension == "jpg" || evidence.extension == "jpeg" || evidence.extension == "png";
}

void draw_viewer(App& app, Ui& ui) {
  constexpr float kBar = 60;
  constexpr Color kGround{0x0D1412};
  constexpr Color kWords{0xFFFFFF};
  const engine::ReportDetail* detail = app.model.detail(app.current().report_id);
  const Rect screen = ui.screen();
  Canvas& canvas = ui.canvas();
  canvas.fill({0, 0, ui.input().size.width, ui.input().size.height}, kGround);
  if (!detail) {
    if (ui.icon_button({screen.right() - 56, screen.y + 6, 48, 48}, "x", tr(Text::kClose), true)) app.pop();
    return;
  }
  const std::vector<ViewerPhoto> photos = photos_of(*detail);
  const std::size_t index = std::min(app.current().index, photos.empty() ? 0 : photos.size() - 1);
  if (photos.empty()) return app.pop();

  app.look_at_evidence(photos[index].path);

  constexpr TextStyle kTitle = {TextSize::kBody, Weight::kSemibold};
  const std::string title = tr(Text::kPhotoLabel, {std::to_string(index + 1), std::to_string(photos.size())});
  const Rect words = {screen.x + kMargin, screen.y, screen.width - 2 * kMargin - 56, kBar};
  canvas.fitted_line({words.x, words.y, std::min(words.width, canvas.measure(title, kTitle).width), kBar}, title, kTitle, kWords);
  ui.add_node({.id = ui.id_of("title"), .role = Role::kHeading, .label = title, .level = 1}, words);
  if (ui.icon_button({screen.right() - 56, screen.y + 6, 48, 48}, "x", tr(Text::kClose), true)) app.pop();

  const bool several = photos.size() > 1;
  const Rect middle = {screen.x, screen.y + kBar, screen.width, screen.height - kBar - (several ? kBar : 0)};
  const std::string label = tr(Text::kPhotoView, {photos[index].label});
  int turn = ui.photo_view(middle, app.photo_view, {.sha256 = photos[index].sha256, .label = label}, index, photos.size());
  if (several) {
    const float y = middle.bottom() + 6;
    if (index > 0 && ui.icon_button({screen.x + 8, y, 48, 48}, "chevron-left", tr(Text::kPreviousPhoto), true)) turn = -1;
    const Rect caption = {screen.x + 64, y, screen.width - 128, 48};
    canvas.fitted_line(caption, photos[index].label, {TextSize::kSmall, Weight::kRegular}, kWords);
    if (index + 1 < photos.size() && ui.icon_button({screen.right() - 56, y, 48, 48}, "chevron-right", tr(Text::kNextPhoto), true)) turn = 1;
  }
  if (turn != 0) app.show_photo(index + static_cast<std::size_t>(turn));
}

}  // namespace titik::ui
