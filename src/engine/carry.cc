#include "engine/engine.h"

#include <algorithm>
#include <array>

#include "base/id.h"
#include "engine/checks.h"

// Reports that go from one phone to another in a file (docs/storage-format.md, "Export").

namespace titik::engine {
namespace {

constexpr std::size_t kMostReports = 500;  // bounds memory; a file of ours holds what one phone has not sent

Result<Ok> insert(store::Repository& repository, const report::Draft& draft) {
  TRY(repository.save_draft(draft));
  for (const report::Photo& photo : draft.photos) {
    TRY(repository.add_photo(draft.id, photo));
    if (!photo.original_sha256.empty()) TRY(repository.replace_photo(draft.id, photo.sha256, photo));
  }
  return Ok{};
}

}  // namespace

Result<bool> Engine::import_report(const report::Draft& carried, ReportsImported& told) {
  store::Repository& repository = context_->repository();
  // 1. By the rules for a draft that is written here, and with photos that are here.
  TRY(check_draft(carried));
  if (carried.photos.size() > report::kMaxPhotos) return Error{ErrorCode::kTooLarge, "photos", "more than five"};
  for (const report::Photo& photo : carried.photos) {
    TRY(check_photo(photo));
    const auto same = [&](const report::Photo& other) { return other.sha256 == photo.sha256; };
    if (std::count_if(carried.photos.begin(), carried.photos.end(), same) > 1 || !context_->is_pinned(photo.sha256) ||
        !context_->is_pinned(photo.thumbnail_sha256)) {
      return Error{ErrorCode::kInvalidArgument, "photos", "not in the file, or there twice"};
    }
  }
  // 2. What is known already. What differs and gives way is kept as a draft of its own.
  report::Draft draft = carried;
  draft.updated_at = std::min(draft.updated_at, context_->now());  // another phone's clock may be ahead
  for (report::Photo& photo : draft.photos) {  // what was covered stays on the phone that covered it
    photo.original_sha256.clear();
    photo.original_bytes = 0;
  }
  if (std::optional<store::StoredReport> stored = TRY(repository.find(draft.id))) {
    report::Draft& mine = stored->draft;
    if (!is_editable(stored->state) || carried.updated_at <= mine.updated_at) {
      ++told.known;
      return false;
    }
    mine.updated_at = draft.updated_at;
    for (report::Photo& photo : draft.photos) {
      const auto same = std::find_if(mine.photos.begin(), mine.photos.end(), [&](const auto& one) { return one.sha256 == photo.sha256; });
      if (same == mine.photos.end()) continue;
      photo.original_sha256 = same->original_sha256;
      photo.original_bytes = same->original_bytes;
    }
    if (!(mine == draft)) {
      std::array<std::uint8_t, 10> random{};
      context_->host().random(random);
      mine.id = make_uuid_v7(context_->now(), random);
      TRY(insert(repository, mine));
      context_->report_changed(mine.id);
    }
    TRY(repository.delete_report(draft.id));
    ++told.updated;
  } else {
    ++told.added;
  }
  // 3. In its place.
  TRY(insert(repository, draft));
  context_->report_changed(draft.id);
  return true;
}

Result<Ok> Engine::import_reports(std::string_view json) {
  const std::vector<CarriedReport> reports = TRY(read_carried_reports(json));
  if (reports.size() > kMostReports) return Error{ErrorCode::kTooLarge, "reports", "too many"};
  ReportsImported told;
  std::vector<std::string> queued;
  TRY(context_->commit([&]() -> Result<Ok> {
    for (const CarriedReport& one : reports) {
      if (TRY(import_report(one.draft, told)) && one.queued) queued.push_back(one.draft.id);
    }
    return Ok{};
  }));
  // One that is not whole by this city's rules stays a draft.
  Reply unused;
  for (const std::string& id : queued) (void)submit(id, unused).ok();
  context_->when_durable([this, told](Result<Ok> durable) {
    if (durable.ok()) context_->emit(told);
  });
  return Ok{};
}

}  // namespace titik::engine
