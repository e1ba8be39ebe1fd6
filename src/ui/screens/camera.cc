// The camera in the page: several photos in a row, without leaving it. A camera app in its place may
// take so much memory that Android ends the browser.
#include <algorithm>

#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

constexpr float kBar = 60;
constexpr float kShutter = 72;
constexpr Color kGround{0x0D1412};
constexpr Color kWords{0xFFFFFF};

std::optional<Text> trouble_words(CameraNow::State state) {
  switch (state) {
    case CameraNow::kRefused: return Text::kCameraRefused;
    case CameraNow::kNone:
    case CameraNow::kMissing: return Text::kCameraMissing;
    case CameraNow::kBusy: return Text::kCameraBusy;
    case CameraNow::kOff:
    case CameraNow::kOpening:
    case CameraNow::kLive: return std::nullopt;
  }
  return std::nullopt;
}

// What happened, and the ways that are left.
void draw_trouble(App& app, Ui& ui, Text words) {
  ui.gap(16);
  ui.banner({}, tr(words), Tone::kWarning, "circle-alert", true);
  ui.gap(16);
  const float height = std::max(kPrimaryHeight, ui.canvas().line_height(TextSize::kBody) + 22);
  ui.file_button(ui.take(height), tr(Text::kTakePhoto), tr(Text::kTakePhoto), "camera", ButtonKind::kPrimary, kCapture);
  ui.gap(8);
  ui.file_button(ui.take(height), tr(Text::kChooseFromGallery), tr(Text::kChooseFromGallery), "image", ButtonKind::kSecondary, kMultiple);
  if (app.camera.state == CameraNow::kBusy) {
    ui.gap(8);
    if (ui.button(tr(Text::kRetry), {.kind = ButtonKind::kSecondary, .icon = "refresh-cw"})) app.retry_camera();
  }
}

std::string status_words(const App& app, std::size_t saved, bool saving) {
  if (app.camera.take_failed) return std::string(tr(Text::kCameraNoPicture));
  if (!app.photo_problem().empty()) return std::string(app.photo_problem());
  if (app.camera.taking || saving) return std::string(tr(Text::kSaving));
  if (saved == 0) return std::string(tr(Text::kStepPhotoHint));
  return tr(Text::kCameraSaved, {std::to_string(saved), std::to_string(report::kMaxPhotos)});
}

}  // namespace

void draw_camera(App& app, Ui& ui) {
  const Rect screen = ui.screen();
  Canvas& canvas = ui.canvas();
  canvas.fill({0, 0, ui.input().size.width, ui.input().size.height}, kGround);
  const report::Draft& draft = app.draft();
  const auto saving = static_cast<std::size_t>(std::count_if(app.photo_jobs.begin(), app.photo_jobs.end(),
                                                             [&](const PhotoJob& job) { return job.report_id == draft.id; }));
  const bool live = app.camera.state == CameraNow::kLive;

  constexpr TextStyle kTitle = {TextSize::kBody, Weight::kSemibold};
  const std::string title(tr(Text::kCameraHere));
  const Rect words = {screen.x + kMargin, screen.y, screen.width - 2 * kMargin - 112, kBar};
  canvas.fitted_line({words.x, words.y, std::min(words.width, canvas.measure(title, kTitle).width), kBar}, title, kTitle, kWords);
  ui.add_node({.id = ui.id_of("title"), .role = Role::kHeading, .label = title, .level = 1}, words);
  if (live && app.camera.has_torch &&
      ui.icon_button({screen.right() - 112, screen.y + 6, 48, 48}, "flashlight",
                     tr(app.camera.torch ? Text::kCameraTorchOff : Text::kCameraTorchOn), true)) {
    app.switch_torch();
  }
  if (ui.icon_button({screen.right() - 56, screen.y + 6, 48, 48}, "x", tr(Text::kClose), true)) app.pop();

  if (const std::optional<Text> trouble = trouble_words(app.camera.state)) {
    ui.in_column({screen.x + kMargin, screen.y + kBar, screen.width - 2 * kMargin, 0}, [&] { draw_trouble(app, ui, *trouble); });
    return;
  }

  // The status may take several lines, above the shutter.
  constexpr TextStyle kStatus = {TextSize::kBody, Weight::kSemibold};
  const std::string status = live ? status_words(app, draft.photos.size(), saving > 0) : std::string(tr(Text::kCameraOpening));
  const float room = screen.width - 2 * kMargin;
  const float status_height = canvas.measure(status, kStatus, room).height + 16;
  const float foot = screen.bottom() - kShutter - 16;
  const Rect picture = {screen.x, screen.y + kBar, screen.width, foot - status_height - screen.y - kBar};
  ui.camera_picture(picture, tr(Text::kCameraPicture));
  const Rect status_rect = {screen.x + kMargin, picture.bottom(), room, status_height};
  canvas.paragraph({status_rect.x, status_rect.y + 8}, status, kStatus, kWords, room, Align::kCentre);
  ui.add_node({.id = ui.id_of("camera status"), .role = Role::kStatus, .label = status}, status_rect);

  if (!draft.photos.empty()) {
    const Rect tile = {screen.x + kMargin, foot + (kShutter - 56) / 2, 56, 56};
    const std::string count = std::to_string(draft.photos.size());
    ui.photo(tile, {.sha256 = draft.photos.back().thumbnail_sha256, .label = tr(Text::kPhotoLabel, {count, count}), .radius = 12});
  }
  const bool full = draft.photos.size() + saving >= report::kMaxPhotos;
  if (ui.shutter_button({screen.x + (screen.width - kShutter) / 2, foot, kShutter, kShutter}, tr(Text::kCameraShoot),
                        !live || app.camera.taking || full)) {
    app.take_picture();
  }
  if (!draft.photos.empty() || saving > 0) {
    if (ui.icon_button({screen.right() - kMargin - 56, foot + (kShutter - 56) / 2, 56, 56}, "check", tr(Text::kCameraDone), true)) app.pop();
  }
}

}  // namespace titik::ui
