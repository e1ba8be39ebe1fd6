// What is captured: photos on their way to the store, the camera in the page, the covering of faces, the place.
#include <algorithm>

#include "ui/app.h"

namespace titik::ui {

// --- Photos ---------------------------------------------------------------------------------------

int App::photo_chosen(std::int64_t bytes, bool from_camera, UnixMillis taken_at) {
  camera.taking = camera.take_failed = false;
  if (!draft_ || opening_ || submitting_) return 0;
  finish_deletion();  // of a photo that may be the same
  photo_problems_.erase(draft_->id);
  const auto waiting = std::count_if(photo_jobs.begin(), photo_jobs.end(),
                                     [&](const PhotoJob& job) { return job.report_id == draft_->id; });
  if (draft_->photos.size() + static_cast<std::size_t>(waiting) >= report::kMaxPhotos) {
    photo_problems_[draft_->id] = Text::kPhotoErrorTooMany;
    return 0;
  }
  // The draft must be in the store before a photo can be added to it.
  if (!in_store_ || change_at_ != 0) save_now();
  if (from_camera) search_for_photo();
  photo_jobs.push_back({next_job_++, draft_->id, bytes, from_camera, taken_at, PhotoJob::Stage::kReading});
  // The last of the five, or a way around a camera that does not work: back to where the photos are.
  const bool full = draft_->photos.size() + static_cast<std::size_t>(waiting) + 1 >= report::kMaxPhotos;
  if (current().screen == Screen::kCamera && (full || camera.state != CameraNow::kLive)) pop();
  return photo_jobs.back().id;
}

// The moment of capture is when the place is worth most. The browser's question for it comes only on
// Lokasi, where it is explained.
void App::search_for_photo() {
  if (!place_allowed || fix_ || !draft_) return;
  if (last_place_ && last_place_->accuracy_m <= geo::kGoodEnoughAccuracy && now_ - last_place_->at < geo::kFixTimeout) return;
  find_me();
  fix_at_capture_ = true;
}

std::optional<report::Place> App::place_at(UnixMillis at) const {
  std::optional<report::Place> best;
  if (last_place_ && geo::is_fix_of(*last_place_, at)) best = last_place_;
  const std::optional<report::Place> now = fix_ ? fix_->place() : std::nullopt;
  if (now && geo::is_fix_of(*now, at) && geo::is_better_place(*now, best)) best = now;
  return best;
}

// --- Camera ---------------------------------------------------------------------------------------

void App::open_camera() {
  if (change_at_ != 0) save_now();
  push(Screen::kCamera, draft_->id);
}

void App::camera_changed(CameraNow::State state, bool has_torch) {
  camera = {.state = state, .has_torch = has_torch, .torch = camera.torch && state == CameraNow::kLive};
}

void App::camera_failed() {
  camera.taking = false;
  camera.take_failed = true;
}

void App::take_picture() {
  camera.taking = true;
  camera.take_failed = false;
  host_.camera(Host::Camera::kTake);
}

void App::switch_torch() {
  camera.torch = !camera.torch;
  host_.camera(camera.torch ? Host::Camera::kTorchOn : Host::Camera::kTorchOff);
}

void App::enter_screen() {
  if (current().screen == Screen::kCamera) {
    host_.camera(Host::Camera::kOn);
    search_for_photo();
  }
  cover = {};
}

// --- Covering faces and plates --------------------------------------------------------------------

const report::Photo* App::photo_to_cover() const {
  const std::size_t index = current().index;
  return draft_ && index < draft_->photos.size() ? &draft_->photos[index] : nullptr;
}

void App::apply_cover() {
  const report::Photo* photo = photo_to_cover();
  if (!photo || covering()) return;
  photo_problems_.erase(draft_->id);
  cover_job_ = {next_job_++, draft_->id, photo->sha256, keep_original ? engine::Original::kKeep : engine::Original::kDelete};
  std::string cells = cover.cells;
  for (char& cell : cells) cell = cell != 0 ? '1' : '0';
  host_.cover_photo(cover_job_.id, photo->sha256, cells, cover.columns);
}

void App::photo_stage(int job, PhotoJob::Stage stage) {
  for (PhotoJob& one : photo_jobs) {
    if (one.id == job) one.stage = stage;
  }
}

void App::photo_failed(int job, std::string_view code, std::string_view where) {
  const auto found = std::find_if(photo_jobs.begin(), photo_jobs.end(), [&](const PhotoJob& one) { return one.id == job; });
  const bool is_cover = cover_job_.id == job;
  if (found == photo_jobs.end() && !is_cover) return;
  const std::string report_id = is_cover ? cover_job_.report_id : found->report_id;
  if (is_cover) cover_job_ = {};
  else photo_jobs.erase(found);
  const auto words = [&] {
    if (where == "empty") return Text::kPhotoErrorEmpty;
    if (where == "file") return Text::kPhotoErrorGone;
    if (where == "bytes" || where == "photo.bytes" || where == "memory") return Text::kPhotoErrorBytes;
    if (where == "cut_off") return Text::kPhotoErrorCutOff;
    if (code == "too_large") return where == "photos" ? Text::kPhotoErrorTooMany : Text::kPhotoErrorPixels;
    if (code == "unsupported") return Text::kPhotoErrorFormat;
    if (code == "malformed") return Text::kPhotoErrorBroken;
    if (code == "storage") return Text::kPhotoErrorStorage;
    return Text::kPhotoErrorOther;
  };
  photo_problems_[report_id] = words();
}

std::string_view App::photo_problem() const {
  const auto found = draft_ ? photo_problems_.find(draft_->id) : photo_problems_.end();
  return found == photo_problems_.end() ? std::string_view{} : tr(found->second);
}

void App::photo_ready(int job, report::Photo photo) {
  if (job == cover_job_.id) {
    const std::int64_t id = send(engine::ReplacePhoto{cover_job_.report_id, cover_job_.sha256, std::move(photo), cover_job_.original}, job);
    waiting_[id] = [this, job](const engine::Reply& reply) {
      if (reply.error) return photo_failed(job, error_code_name(reply.error->code), reply.error->where);
      const bool shown = current().screen == Screen::kCover && draft_ && draft_->id == cover_job_.report_id;
      cover_job_ = {};
      if (shown) back();
    };
    return;
  }
  const auto found = std::find_if(photo_jobs.begin(), photo_jobs.end(), [&](const PhotoJob& one) { return one.id == job; });
  if (found == photo_jobs.end()) return;
  found->stage = PhotoJob::Stage::kSaving;
  const std::string report_id = found->report_id;
  photo.origin = found->from_camera ? report::PhotoOrigin::kCamera : report::PhotoOrigin::kGallery;
  const bool of_draft = draft_ && draft_->id == report_id;
  if (found->from_camera) {
    if (found->taken_at != 0) photo.taken_at = found->taken_at;
    const std::optional<report::Place> place = place_at(photo.taken_at.value_or(now_));
    if (place && geo::is_better_place(*place, photo.place)) photo.place = place;
  }
  // EXIF is a bonus: it sets the place only when there is none.
  if (of_draft && !draft_->place && !fix_ && photo.place && photo.place->source == report::PlaceSource::kExif) {
    draft_->place = photo.place;
    place_view.reset();
    changed();
  }
  const std::int64_t id = send(engine::AddPhoto{report_id, photo}, job);
  waiting_[id] = [this, job, report_id](const engine::Reply& reply) {
    if (reply.error) {
      photo_failed(job, error_code_name(reply.error->code), reply.error->where);
      return;
    }
    std::erase_if(photo_jobs, [&](const PhotoJob& one) { return one.id == job; });
    if (draft_ && draft_->id == report_id && !draft_->photos.empty()) selected_photo = draft_->photos.size() - 1;
  };
}

void App::remove_photo(std::size_t index) {
  if (!draft_ || index >= draft_->photos.size()) return;
  begin_deletion(draft_->id, draft_->photos[index].sha256);
}

// --- Place ----------------------------------------------------------------------------------------

void App::find_me() {
  if (!draft_) return;
  place_problem = {};
  fix_.emplace(now_);
  fix_for_ = draft_->id;
  fix_at_capture_ = false;
  host_.watch_position(true);
}

void App::position(const geo::Fix& fix) {
  if (!fix_) return;
  (void)fix_->add(fix);  // a refused fix is no fix
  if (draft_ && draft_->id == fix_for_) {
    // The place follows the best fix while the search runs; one that nobody asked for improves it only.
    const std::optional<report::Place> place = fix_->place();
    if (place && place != draft_->place && (!fix_at_capture_ || geo::is_better_place(*place, draft_->place))) {
      draft_->place = place;
      place_view.reset();
      changed();
    }
  }
  if (fix_->finished(now_)) finish_fix();
}

void App::position_failed(bool denied) {
  if (!fix_) return;
  const bool silent = fix_at_capture_;
  const bool found = fix_->best().has_value();
  keep_fix();
  fix_.reset();
  fix_for_.clear();
  host_.watch_position(false);
  if (!silent && !found) place_problem = denied ? Text::kPlaceDenied : Text::kPlaceFailed;
}

void App::keep_fix() {
  last_place_ = fix_ ? fix_->place() : std::nullopt;
  if (!last_place_ || !draft_ || draft_->id != fix_for_) return;
  // Photos of this minute that were stored before the position was as good.
  for (const report::Photo& photo : draft_->photos) {
    if (photo.origin != report::PhotoOrigin::kCamera || !photo.taken_at || !geo::is_fix_of(*last_place_, *photo.taken_at)) continue;
    if (geo::is_better_place(*last_place_, photo.place)) {
      report::Photo placed = photo;
      placed.place = last_place_;
      send(engine::ReplacePhoto{draft_->id, photo.sha256, std::move(placed)});
    }
  }
}

void App::finish_fix() {
  keep_fix();
  const bool silent = fix_at_capture_;
  const geo::FixQuality quality = fix_ ? fix_->quality() : geo::FixQuality::kNone;
  fix_.reset();
  fix_for_.clear();
  host_.watch_position(false);
  if (silent) return;
  if (quality == geo::FixQuality::kNone) place_problem = Text::kPlaceFailed;
  else if (geo::pin_advice(quality) != geo::PinAdvice::kOptional) place_problem = Text::kPlaceTooRough;
}

void App::set_place(const report::GeoPoint& point) {
  if (!draft_) return;
  if (fix_) {
    fix_.reset();
    fix_for_.clear();
    host_.watch_position(false);
  }
  place_problem = {};
  draft_->place = report::Place{.point = point, .source = report::PlaceSource::kPin, .at = now_};
  changed();
}

}  // namespace titik::ui
