#include "serve/housekeeping.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "serve/access_log.h"
#include "serve/claims.h"
#include "serve/sessions.h"

namespace titik::serve {
namespace {

constexpr UnixMillis kEvery = kHour;
constexpr const char* kSweptAt = "swept_at";  // setting
constexpr int kShelves = 256;
constexpr int kShelvesOfARound = 16;  // so any 16 hours of running see all

// Also when the clock was set back.
bool is_due(UnixMillis last, UnixMillis now) { return last > now || now - last >= kEvery; }

std::string shelf_name(int number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {kDigits[static_cast<std::size_t>(number) / 16], kDigits[static_cast<std::size_t>(number) % 16]};
}

std::array<std::string, kShelvesOfARound> shelves_of(UnixMillis now) {
  const auto first = static_cast<int>(now / kEvery % (kShelves / kShelvesOfARound)) * kShelvesOfARound;
  std::array<std::string, kShelvesOfARound> shelves;
  for (int i = 0; i < kShelvesOfARound; ++i) shelves.at(static_cast<std::size_t>(i)) = shelf_name(first + i);
  return shelves;
}

}  // namespace

Result<int> remove_expired_uploads(Repository& repository, PartialFiles& partial_files, UnixMillis now) {
  const std::vector<std::int64_t> ids = TRY(repository.remove_expired_uploads(now));
  for (const std::int64_t id : ids) (void)partial_files.take(id).remove();
  return static_cast<int>(ids.size());
}

Result<Swept> Housekeeping::sweep_database(UnixMillis now) {
  const std::string last = TRY(repository_.setting(kSweptAt));
  if (!last.empty() && !is_due(std::stoll(last), now)) return Swept{};
  PasswordHasher nobodys;  // sweeping looks at no password
  TRY(Sessions(repository_.sql(), nobodys).sweep(now));
  TRY(AccessLog(repository_.sql()).forget_before(now - kAccessLogLife));
  Swept swept;
  swept.uploads = TRY(remove_expired_uploads(repository_, partial_files_, now));
  swept.files = TRY(sweep_files(now));
  for (const std::string& shelf : shelves_of(now)) TRY(sweep_pictures(shelf));
  TRY(Claims(repository_.sql()).sweep(now));
  TRY(repository_.set_setting(kSweptAt, std::to_string(now)));  // before what may fail of itself: again in an hour
  if (retention_) {
    Retained taken = TRY(retention_->sweep(now));
    swept.retained = taken.identities + taken.photos + taken.reports;
    swept.faults = std::move(taken.faults);
  }
  return swept;
}

Result<Swept> Housekeeping::sweep_disk(UnixMillis now) {
  if (!is_due(disk_swept_at_, now)) return Swept{};
  Swept swept;
  // A row is there before the first byte is: what has none came of an upload that is over.
  for (const std::int64_t id : TRY(partial_files_.ids())) {
    if (TRY(repository_.upload(id))) continue;
    TRY(partial_files_.take(id).remove());
    ++swept.uploads;
  }
  for (const std::string& shelf : shelves_of(now)) swept.contents += TRY(sweep_contents(shelf, now));
  disk_swept_at_ = now;
  return swept;
}

Result<int> Housekeeping::sweep_files(UnixMillis now) {
  Sql& sql = repository_.sql();
  const SqlLock lock(sql.mutex());
  return sql.transaction([&]() -> Result<int> {
    Statement row = TRY(sql.prepare("DELETE FROM file WHERE tracking_id IS NULL AND uploaded_at < ?1 "
                                    "AND NOT EXISTS (SELECT 1 FROM upload WHERE upload.file_id = file.id)"));
    TRY(row.bind(1, now - kUploadLifetime));
    TRY(row.run());
    return static_cast<int>(row.changes());
  });
}

Result<int> Housekeeping::sweep_contents(std::string_view shelf, UnixMillis now) {
  Sql& sql = repository_.sql();
  const UnixMillis before = now - kFreshBytes;
  int removed = 0;
  for (const std::string& sha256 : TRY(files_.kept_before(shelf, before))) {
    {
      const SqlLock lock(sql.mutex());
      Statement named = TRY(sql.prepare("SELECT 1 FROM file WHERE sha256 = ?1"));
      TRY(named.bind(1, sha256));
      if (TRY(named.step())) continue;
    }
    if (TRY(files_.remove(sha256, before))) ++removed;
  }
  return removed;
}

Result<Ok> Housekeeping::sweep_pictures(std::string_view shelf) {
  Sql& sql = repository_.sql();
  const SqlLock lock(sql.mutex());
  Statement row = TRY(sql.prepare("DELETE FROM picture WHERE sha256 >= ?1 AND sha256 < ?2 "
                                  "AND NOT EXISTS (SELECT 1 FROM file WHERE file.sha256 = picture.sha256)"));
  TRY(row.bind_all(shelf, std::string(shelf) + "g"));  // "g" comes after every hex digit
  return row.run();
}

}  // namespace titik::serve
