// What is kept on this phone and what goes: deletions that can be undone, the file that carries reports to
// another phone, the browser's storage, and everything at once.
#include <algorithm>

#include "ui/app.h"
#include "ui/format.h"

namespace titik::ui {
namespace {

constexpr double kUndoTime = 30;  // seconds; WCAG 2.2.1 asks for 20
constexpr std::int64_t kLittleSpace = 50 << 20;

}  // namespace

// --- Deleting, until it cannot be undone any more ---------------------------------------------------

// A toast takes the place of the one before, and with it the way to undo.
void App::toast(Text words, Tone tone, std::optional<Text> action, double seconds) {
  finish_deletion();
  ui_.show_toast(std::string(tr(words)), tone, action ? std::string(tr(*action)) : std::string(), seconds);
}

void App::begin_deletion(std::string report_id, std::string sha256) {
  toast(sha256.empty() ? Text::kDraftDeleted : Text::kPhotoDeleted, Tone::kNeutral, Text::kUndo, kUndoTime);
  deletion_ = {std::move(report_id), std::move(sha256)};
  hide_deleted();
}

void App::hide_deleted() {
  if (!deletion_) return;
  if (deletion_->sha256.empty()) {
    std::erase_if(model.reports, [&](const auto& report) { return report.id == deletion_->report_id; });
  } else if (draft_ && draft_->id == deletion_->report_id) {
    std::erase_if(draft_->photos, [&](const report::Photo& photo) { return photo.sha256 == deletion_->sha256; });
    selected_photo = std::min(selected_photo, draft_->photos.empty() ? 0 : draft_->photos.size() - 1);
  }
}

void App::undo_deletion() {
  const Deletion undone = *std::exchange(deletion_, std::nullopt);
  ui_.show_toast({}, Tone::kNeutral, {}, 0);
  const engine::ReportDetail* report = model.detail(undone.report_id);
  if (undone.sha256.empty()) start();  // the list comes once more
  else if (report && draft_ && draft_->id == undone.report_id) draft_->photos = report->draft.photos;
}

void App::finish_deletion() {
  if (!deletion_) return;
  const Deletion deleted = *std::exchange(deletion_, std::nullopt);
  if (deleted.sha256.empty()) send(engine::DeleteDraft{deleted.report_id});
  else send(engine::RemovePhoto{deleted.report_id, deleted.sha256});
}

// --- To another phone -------------------------------------------------------------------------------

void App::pack() {
  finish_deletion();
  carry = {.stage = Carry::kPacking};
  host_.keep(KeepTask::kPack);
}

// --- The browser's storage --------------------------------------------------------------------------

App::StorageLight App::storage_light() const {
  if (!model.save.problem.empty()) return {Tone::kDanger, tr(Text::kStorageFailing), std::string(tr(Text::kSaveFailed))};
  if (storage.free >= 0 && storage.free < kLittleSpace) {
    return {Tone::kWarning, tr(Text::kStorageLow), tr(Text::kStorageLowText, {data_size(storage.free)})};
  }
  if (storage.week) return {Tone::kWarning, tr(Text::kStorageMayGo), std::string(tr(Text::kStorageWeek))};
  if (!storage.kept) return {Tone::kWarning, tr(Text::kStorageMayGo), std::string(tr(Text::kStorageNotKept)), true};
  return {Tone::kSuccess, tr(Text::kStorageSafe), std::string(tr(Text::kStorageKept))};
}

void App::erase_everything() {
  deletion_.reset();
  host_.keep(KeepTask::kErase);
}

}  // namespace titik::ui
