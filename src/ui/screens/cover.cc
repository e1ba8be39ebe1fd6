// "Tutupi wajah dan pelat": parts of one photo are covered before it is sent.
#include <algorithm>

#include "ui/screens/parts.h"

namespace titik::ui {

void draw_cover(App& app, Ui& ui) {
  const report::Photo* photo = app.photo_to_cover();
  if (!photo) return app.pop();
  if (app.cover.cells.empty()) {
    app.cover = Cover(photo->width, photo->height);
    app.keep_original = !photo->original_sha256.empty();
  }
  if (ui.top_bar({.title = tr(Text::kStepPhoto), .back = tr(Text::kCancel)}) == Ui::TopBar::kBack) return app.pop();
  const float top = ui.take(0).y;
  const ButtonDesc done = {.icon = "check", .disabled = app.cover.empty() || app.covering(), .height = kPrimaryHeight};
  const ButtonDesc undo = {.kind = ButtonKind::kOutline, .disabled = done.disabled, .height = kPrimaryHeight};
  const float foot = ui.foot_height(tr(Text::kCoverUndo), tr(Text::kCoverDone), done) + 12 + kMargin;
  const Rect middle = between(ui, top, foot);
  ui.scroller(tr(Text::kPage), middle, [&] {
    ui.gap(4);
    ui.heading(tr(Text::kCoverTitle), 1, TextStyle{TextSize::kTitle, Weight::kBold});
    ui.gap(12);
    if (!app.photo_problem().empty()) {
      ui.banner({}, app.photo_problem(), Tone::kDanger, "circle-alert", true);
      ui.gap(kGap);
    }
    const auto width = static_cast<float>(std::max(photo->width, 1));
    const auto height = static_cast<float>(std::max(photo->height, 1));
    const float most = std::max(middle.height * 0.72f, 160.0f);
    const float scale = std::min(ui.width() / width, most / height);
    const Rect room = ui.take(height * scale);
    const Rect rect = {room.x + (room.width - width * scale) / 2, room.y, width * scale, height * scale};
    ui.cover_area(rect, app.cover, {.sha256 = photo->sha256, .label = tr(Text::kCoverArea)});
    ui.gap(8);
    ui.text(tr(Text::kCoverHint), {.secondary = true});
    ui.gap(kGap);
    if (app.covering()) {
      ui.status(tr(Text::kCoverWorking), Tone::kNeutral, "refresh-cw");
      ui.gap(kGap);
    }
    if (ui.switch_row(tr(Text::kCoverKeep), tr(Text::kCoverKeepHint), "image", app.keep_original)) app.keep_original = !app.keep_original;
  });
  const Rect screen = ui.screen();
  ui.in_column({screen.x + kMargin, middle.bottom() + 12, screen.width - 2 * kMargin, 0}, [&] {
    switch (ui.button_pair(tr(Text::kCoverUndo), undo, tr(Text::kCoverDone), done, kSecondShare)) {
      case 1: app.cover.undo(); break;
      case 2: app.apply_cover(); break;
      default: break;
    }
  });
}

}  // namespace titik::ui
