// Step 1, Foto: up to five, from the camera or the gallery; may be skipped.
#include <algorithm>

#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

std::string job_words(const PhotoJob& job, std::size_t number) {
  const std::string count = std::to_string(number);
  switch (job.stage) {
    case PhotoJob::Stage::kReading: return tr(Text::kPhotoReading, {count, data_size(job.bytes)});
    case PhotoJob::Stage::kShrinking: return tr(Text::kPhotoShrinking, {count, data_size(job.bytes)});
    case PhotoJob::Stage::kSaving: return tr(Text::kPhotoSaving, {count});
  }
  return {};
}

std::string photo_caption(const report::Photo& photo) {
  if (!photo.place) return {};
  if (photo.place->source == report::PlaceSource::kGps) {
    return tr(Text::kPhotoPlaceAtCapture, {metres(photo.place->accuracy_m)});
  }
  if (photo.place->source == report::PlaceSource::kExif) return std::string(tr(Text::kPhotoPlaceFromFile));
  return {};
}

void draw_photos(App& app, Ui& ui, const std::vector<const PhotoJob*>& jobs) {
  const std::vector<report::Photo>& photos = app.draft().photos;
  const std::string count = std::to_string(photos.size());
  if (!photos.empty()) {
    const std::size_t shown = std::min(app.selected_photo, photos.size() - 1);
    const float height = std::min(ui.width() * 0.647f, ui.input().size.height * 0.42f);
    const Rect large = ui.take(height);
    const std::string number = std::to_string(shown + 1);
    const std::string label = tr(Text::kPhotoLabel, {number, count});
    const std::string caption = photo_caption(photos[shown]);
    ui.photo(large, {.sha256 = photos[shown].sha256, .label = label, .caption = caption});
    if (ui.icon_button({large.right() - 56, large.y + 8, 48, 48}, "x", tr(Text::kRemovePhoto, {number}), true)) {
      app.remove_photo(shown);
    }
    ui.gap(8);
    if (ui.button(tr(Text::kCoverTitle), {.kind = ButtonKind::kOutline, .icon = "eye-off"})) {
      app.push(Screen::kCover, app.draft().id, shown);
    }
    ui.gap(kGap);
  }
  if (photos.size() + jobs.size() < 2 && jobs.empty()) return;

  constexpr float kTile = 64;
  constexpr float kSpace = 12;
  const Rect area = ui.take(0);
  float x = area.x;
  float y = area.y;
  const auto place = [&] {
    if (x > area.x && x + kTile > area.right()) {
      x = area.x;
      y += kTile + kSpace;
    }
    const Rect rect = {x, y, kTile, kTile};
    x += kTile + kSpace;
    return rect;
  };
  if (photos.size() > 1) {
    for (std::size_t i = 0; i < photos.size(); ++i) {
      const std::string label = tr(Text::kPhotoLabel, {std::to_string(i + 1), count});
      if (ui.photo_button(place(), {.sha256 = photos[i].thumbnail_sha256, .label = label, .radius = 12}, "tile", i,
                          i == app.selected_photo)) {
        app.selected_photo = i;
      }
    }
  }
  std::string words;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string line = job_words(*jobs[i], photos.size() + i + 1);
    ui.progress_ring(place(), -1, line);
    if (i == 0) words = line;
  }
  ui.gap(y + kTile + kSpace - area.y);
  ui.text(words, {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true, .silent = true});
  if (!words.empty()) ui.gap(kSpace);
}

}  // namespace

void draw_photo_step(App& app, Ui& ui) {
  const StepAction action = draw_step(app, ui, {.step = 0, .heading = tr(Text::kStepPhoto), .next = tr(Text::kNext), .second = tr(Text::kBack)}, [&] {
    const report::Draft& draft = app.draft();
    std::vector<const PhotoJob*> jobs;
    for (const PhotoJob& job : app.photo_jobs) {
      if (job.report_id == draft.id) jobs.push_back(&job);
    }
    ui.gap(2);
    ui.text(tr(Text::kStepPhotoHint), {.secondary = true});
    ui.gap(16);
    if (!app.photo_problem().empty()) {
      ui.banner({}, app.photo_problem(), Tone::kDanger, "circle-alert", true);
      ui.gap(kGap);
    }
    draw_photos(app, ui, jobs);

    const bool full = draft.photos.size() + jobs.size() >= report::kMaxPhotos;
    const std::uint32_t disabled = full ? static_cast<std::uint32_t>(kDisabled) : 0u;
    const float height = std::max(kTouch, ui.canvas().line_height(TextSize::kBody) + 22);
    // The page's own camera goes first where there is one: a camera app may cost the page its life.
    const bool has_camera = app.camera.state != CameraNow::kNone;
    if (has_camera) {
      // With a photo there, going on is what is done next.
      const ButtonKind weight = draft.photos.empty() && jobs.empty() ? ButtonKind::kPrimary : ButtonKind::kSecondary;
      if (ui.button(tr(Text::kCameraHere), {.kind = weight, .icon = "camera", .disabled = full})) app.open_camera();
      ui.gap(8);
    }
    const ButtonKind kind = has_camera ? ButtonKind::kSecondary : ButtonKind::kPrimary;
    const bool narrow = ui.canvas().measure(tr(Text::kTakePhoto), {TextSize::kBody, Weight::kSemibold}).width + 56 > ui.width() * 0.56f;
    if (narrow) {
      ui.file_button(ui.take(height), tr(Text::kTakePhoto), tr(Text::kTakePhoto), "camera", kind, kCapture | disabled);
      ui.gap(8);
      ui.file_button(ui.take(height), tr(Text::kGallery), tr(Text::kChooseFromGallery), "image", ButtonKind::kSecondary, kMultiple | disabled);
    } else {
      const Rect row = ui.take(height);
      const float first = (row.width - kGap) * 0.58f;
      ui.file_button({row.x, row.y, first, height}, tr(Text::kTakePhoto), tr(Text::kTakePhoto), "camera", kind, kCapture | disabled);
      ui.file_button({row.x + first + kGap, row.y, row.width - first - kGap, height}, tr(Text::kGallery), tr(Text::kChooseFromGallery), "image", ButtonKind::kSecondary, kMultiple | disabled);
    }
    if (full) {
      ui.gap(8);
      ui.text(tr(Text::kPhotoFull), {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true});
    } else if (draft.photos.empty() && jobs.empty()) {
      ui.gap(kGap);
      ui.text(tr(Text::kStepPhotoNone), {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true});
    }
  });
  if (action == StepAction::kSecond) app.pop();
  if (action == StepAction::kNext) app.push(Screen::kPlace, app.draft().id);
}

}  // namespace titik::ui
