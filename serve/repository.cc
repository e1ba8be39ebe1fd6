#include "serve/repository.h"

#include <array>
#include <cmath>
#include <utility>

#include "serve/crypto.h"
#include "serve/workflow.h"

namespace titik::serve {
namespace {

constexpr std::array kKinds = {std::pair{CallerKind::kDevice, std::string_view("device")},
                               std::pair{CallerKind::kIntegration, std::string_view("integration")},
                               std::pair{CallerKind::kOffice, std::string_view("office")}};

std::string_view kind_name(CallerKind kind) {
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return name;
  }
  return "device";
}

Caller read_caller(const Statement& row) {
  Caller caller{row.integer(0), CallerKind::kDevice, row.text(2)};
  for (const auto& [kind, name] : kKinds) {
    if (name == row.text(1)) caller.kind = kind;
  }
  return caller;
}

constexpr std::string_view kReportColumns =
    "SELECT tracking_id, caller_id, report_id, request, title, category_id, is_secret, agency_id, status, "
    "received_at, follow_up_due_at, follow_up_stopped_at FROM report ";

StoredReport read_report(const Statement& row) {
  return StoredReport{
      .tracking_id = row.integer(0),
      .caller_id = row.integer(1),
      .report_id = row.text(2),
      .request = row.text(3),
      .title = row.text(4),
      .category_id = row.text(5),
      .is_secret = row.flag(6),
      .agency_id = row.text(7),
      .status = report::status_from_name(row.text(8)).value_or(report::Status::kUnverified),
      .received_at = row.integer(9),
      .follow_up_due_at = row.integer(10),
      .follow_up_stopped_at = row.integer(11),
  };
}

// About 11 m: enough to find the place, not the door.
double rounded_for_public(double degrees) { return std::round(degrees * 10'000) / 10'000; }

Error not_found() { return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."}; }

}  // namespace

Result<std::unique_ptr<Repository>> Repository::open(const std::string& location) {
  std::unique_ptr<Sql> sql = TRY(Sql::open(location));
  return std::unique_ptr<Repository>(new Repository(std::move(sql)));
}

Result<std::string> Repository::setting(std::string_view name) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare("SELECT value FROM setting WHERE name = ?1"));
  TRY(row.bind(1, name));
  return TRY(row.step()) ? row.text(0) : std::string();
}

Result<Ok> Repository::set_setting(std::string_view name, std::string_view value) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare("INSERT INTO setting(name, value) VALUES (?1, ?2) "
                                         "ON CONFLICT(name) DO UPDATE SET value = excluded.value"));
  TRY(row.bind(1, name));
  TRY(row.bind(2, value));
  return row.run();
}

Result<std::int64_t> Repository::add_caller(CallerKind kind, std::string_view name,
                                            std::string_view token_sha256, UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  return insert_caller(kind, name, token_sha256, now);
}

Result<std::int64_t> Repository::insert_caller(CallerKind kind, std::string_view name, std::string_view token_sha256, UnixMillis now) {
  Statement row = TRY(
      sql_->prepare("INSERT INTO caller(kind, name, token_sha256, created_at) VALUES (?1, ?2, ?3, ?4) RETURNING id"));
  TRY(row.bind_all(kind_name(kind), name, token_sha256, now));
  return row.insert();
}

Result<std::optional<Caller>> Repository::caller_by_token(std::string_view token_sha256) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare("SELECT id, kind, name FROM caller WHERE token_sha256 = ?1 AND revoked_at = 0"));
  TRY(row.bind(1, token_sha256));
  if (!TRY(row.step())) return std::optional<Caller>();
  return std::optional(read_caller(row));
}

Result<Caller> Repository::known_caller(CallerKind kind, std::string_view name, std::string_view token_sha256, UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  return sql_->transaction([&]() -> Result<Caller> {
    Statement row = TRY(sql_->prepare("SELECT id, kind, name FROM caller WHERE kind = ?1 AND name = ?2"));
    TRY(row.bind_all(kind_name(kind), name));
    if (TRY(row.step())) return read_caller(row);
    return Caller{TRY(insert_caller(kind, name, token_sha256, now)), kind, std::string(name)};
  });
}

// --- Files --------------------------------------------------------------------------------------

Result<std::int64_t> Repository::add_upload(std::int64_t caller_id, const NewFile& file, UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  return sql_->transaction([&] { return insert_file(caller_id, file, now); });
}

Result<std::int64_t> Repository::insert_file(std::int64_t caller_id, const NewFile& file, UnixMillis now) {
  Statement known =
      TRY(sql_->prepare("SELECT id FROM file WHERE caller_id = ?1 AND sha256 = ?2 AND tracking_id IS NULL"));
  TRY(known.bind(1, caller_id));
  TRY(known.bind(2, file.sha256));
  if (TRY(known.step())) {
    const std::int64_t id = known.integer(0);
    known.reset();
    Statement again = TRY(sql_->prepare("UPDATE file SET uploaded_at = ?1 WHERE id = ?2"));  // it waits anew
    TRY(again.bind_all(now, id));
    TRY(again.run());
    return id;
  }
  Statement row = TRY(sql_->prepare(
      "INSERT INTO file(caller_id, sha256, bytes, mime, file_name, uploaded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id"));
  TRY(row.bind(1, caller_id));
  TRY(row.bind(2, file.sha256));
  TRY(row.bind(3, file.bytes));
  TRY(row.bind(4, file.mime));
  TRY(row.bind(5, file.file_name));
  TRY(row.bind(6, now));
  return row.insert();
}

Result<std::int64_t> Repository::begin_upload(const Upload& upload, int most_unfinished) {
  const SqlLock lock(sql_->mutex());
  return sql_->transaction([&]() -> Result<std::int64_t> {
    Statement count = TRY(sql_->prepare("SELECT count(*) FROM upload WHERE caller_id = ?1 AND file_id IS NULL"));
    TRY(count.bind(1, upload.caller_id));
    TRY(count.step());
    if (count.integer(0) >= most_unfinished) {
      return Error{ErrorCode::kConflict, "", "Terlalu banyak unggahan yang belum selesai. Selesaikan dulu yang lama."};
    }
    Statement row = TRY(sql_->prepare(
        "INSERT INTO upload(caller_id, length, metadata, sha256, file_name, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id"));
    TRY(row.bind(1, upload.caller_id));
    TRY(row.bind(2, upload.length));
    TRY(row.bind(3, upload.metadata));
    TRY(row.bind(4, upload.sha256));
    TRY(row.bind(5, upload.file_name));
    TRY(row.bind(6, upload.expires_at));
    return row.insert();
  });
}

Result<std::optional<Upload>> Repository::upload(std::int64_t id) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(
      "SELECT id, caller_id, length, metadata, sha256, file_name, expires_at, file_id FROM upload WHERE id = ?1"));
  TRY(row.bind(1, id));
  if (!TRY(row.step())) return std::optional<Upload>();
  return std::optional(Upload{row.integer(0), row.integer(1), row.integer(2), row.text(3), row.text(4), row.text(5),
                              row.integer(6), row.integer(7)});
}

Result<std::optional<Upload>> Repository::same_upload(const Upload& upload, UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(
      "SELECT id, expires_at, file_id FROM upload WHERE caller_id = ?1 AND length = ?2 AND metadata = ?3 "
      "AND expires_at >= ?4 ORDER BY id DESC LIMIT 1"));
  TRY(row.bind(1, upload.caller_id));
  TRY(row.bind(2, upload.length));
  TRY(row.bind(3, upload.metadata));
  TRY(row.bind(4, now));
  if (!TRY(row.step())) return std::optional<Upload>();
  Upload same = upload;
  same.id = row.integer(0);
  same.expires_at = row.integer(1);
  same.file_id = row.integer(2);
  return std::optional(std::move(same));
}

Result<std::optional<NewFile>> Repository::known_file(std::int64_t caller_id, std::string_view sha256) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(
      "SELECT sha256, bytes, mime, file_name FROM file WHERE caller_id = ?1 AND sha256 = ?2 ORDER BY id DESC LIMIT 1"));
  TRY(row.bind(1, caller_id));
  TRY(row.bind(2, sha256));
  if (!TRY(row.step())) return std::optional<NewFile>();
  return std::optional(NewFile{row.text(0), row.integer(1), row.text(2), row.text(3)});
}

Result<std::int64_t> Repository::finish_upload(const Upload& upload, const NewFile& file, Bytes bytes, UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  return sql_->transaction([&]() -> Result<std::int64_t> {
    if (bytes == Bytes::kFromBefore) {
      Statement known = TRY(sql_->prepare("SELECT 1 FROM file WHERE caller_id = ?1 AND sha256 = ?2"));
      TRY(known.bind_all(upload.caller_id, file.sha256));
      if (!TRY(known.step())) return Error{ErrorCode::kNotFound, "", "Foto ini sudah tidak ada di server. Unggah lagi."};
    }
    std::optional<StoredReport> report;
    if (!upload.report_id.empty()) report = TRY(find_report("report_id", upload.report_id));
    // Of a report that is somebody else's nothing is said or changed: the file waits like any other.
    if (report && !TRY(belongs_to(*report, upload.caller_id))) report.reset();
    std::int64_t file_id = 0;
    if (report) {
      Statement attached = TRY(sql_->prepare(
          "SELECT id FROM file WHERE tracking_id = ?1 AND follow_up_id IS NULL AND sha256 = ?2"));
      TRY(attached.bind(1, report->tracking_id));
      TRY(attached.bind(2, file.sha256));
      if (TRY(attached.step())) file_id = attached.integer(0);
    }
    if (file_id == 0) file_id = TRY(insert_file(upload.caller_id, file, now));
    if (report) TRY(attach_waiting(report->tracking_id, upload.caller_id));
    Statement row = TRY(sql_->prepare("UPDATE upload SET file_id = ?1 WHERE id = ?2"));
    TRY(row.bind(1, file_id));
    TRY(row.bind(2, upload.id));
    TRY(row.run());
    return file_id;
  });
}

Result<Ok> Repository::remove_upload(std::int64_t id) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare("DELETE FROM upload WHERE id = ?1"));
  TRY(row.bind(1, id));
  return row.run();
}

Result<std::vector<std::int64_t>> Repository::remove_expired_uploads(UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  std::vector<std::int64_t> ids;
  Statement row = TRY(sql_->prepare("DELETE FROM upload WHERE expires_at < ?1 RETURNING id"));
  TRY(row.bind(1, now));
  while (TRY(row.step())) ids.push_back(row.integer(0));
  return ids;
}

Result<std::vector<StoredFile>> Repository::files_where(std::string_view condition, std::int64_t value) {
  Statement row = TRY(sql_->prepare(
      "SELECT id, caller_id, sha256, bytes, mime, file_name, tracking_id FROM file WHERE " +
      std::string(condition) + " ORDER BY position, id"));
  TRY(row.bind(1, value));
  std::vector<StoredFile> files;
  while (TRY(row.step())) {
    files.push_back({row.integer(0), row.integer(1), row.text(2), row.integer(3), row.text(4), row.text(5),
                     row.integer(6)});
  }
  return files;
}

Result<StoredFile> Repository::file(std::int64_t id) {
  const SqlLock lock(sql_->mutex());
  std::vector<StoredFile> found = TRY(files_where("id = ?1", id));
  if (found.empty()) return Error{ErrorCode::kNotFound, "", "Berkas tidak ditemukan."};
  return std::move(found.front());
}

Result<std::vector<StoredFile>> Repository::files_of_report(std::int64_t tracking_id) {
  const SqlLock lock(sql_->mutex());
  return files_where("tracking_id = ?1 AND follow_up_id IS NULL", tracking_id);
}

Result<std::vector<StoredFile>> Repository::files_of_follow_up(std::int64_t follow_up_id) {
  const SqlLock lock(sql_->mutex());
  return files_where("follow_up_id = ?1", follow_up_id);
}

// --- Reports ------------------------------------------------------------------------------------

Result<std::optional<StoredReport>> Repository::find_report(std::string_view where, std::string_view value) {
  Statement row = TRY(sql_->prepare(std::string(kReportColumns) + "WHERE " + std::string(where) + " = ?1"));
  TRY(row.bind(1, value));
  if (!TRY(row.step())) return std::optional<StoredReport>();
  return std::optional(read_report(row));
}

Result<StoredReport> Repository::require_report(std::int64_t tracking_id) {
  std::optional<StoredReport> found = TRY(find_report("tracking_id", std::to_string(tracking_id)));
  if (!found) return not_found();
  return std::move(*found);
}

Result<StoredReport> Repository::report(std::int64_t tracking_id) {
  const SqlLock lock(sql_->mutex());
  return require_report(tracking_id);
}

Result<StoredReport> Repository::report_by_key(std::string_view key) {
  const SqlLock lock(sql_->mutex());
  std::optional<StoredReport> found = TRY(find_report("report_id", key));
  if (!found) return not_found();
  return std::move(*found);
}

Result<lapor::Receipt> Repository::receipt_of(const StoredReport& report, const report::Draft& draft, std::string_view city, UnixMillis now) {
  lapor::Receipt receipt{.report_id = report.report_id,
                         .tracking_id = std::to_string(report.tracking_id),
                         .received_at = report.received_at,
                         .follow_up_due_at = report.follow_up_due_at};
  for (const StoredFile& file : TRY(files_where("tracking_id = ?1 AND follow_up_id IS NULL", report.tracking_id))) {
    receipt.photo_sha256.push_back(file.sha256);
  }
  Statement pending =
      TRY(sql_->prepare("SELECT sha256 FROM pending_photo WHERE tracking_id = ?1 ORDER BY position"));
  TRY(pending.bind(1, report.tracking_id));
  while (TRY(pending.step())) receipt.pending_sha256.push_back(pending.text(0));
  receipt.jws = TRY(signed_form(report.tracking_id, {.city = std::string(city),
                                                     .report_id = receipt.report_id,
                                                     .tracking_id = receipt.tracking_id,
                                                     .received_at = receipt.received_at,
                                                     .words_sha256 = sha256_hex(lapor::words_of(draft)),
                                                     .photo_sha256 = receipt.photo_sha256,
                                                     .pending_sha256 = receipt.pending_sha256}, now));
  return receipt;
}

Result<int> Repository::photos_pending(std::int64_t tracking_id) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare("SELECT count(*) FROM pending_photo WHERE tracking_id = ?1"));
  TRY(row.bind(1, tracking_id));
  TRY(row.step());
  return static_cast<int>(row.integer(0));
}

Result<lapor::Receipt> Repository::receipt(const StoredReport& report, const report::Draft& draft, std::string_view city, UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  return sql_->transaction([&] { return receipt_of(report, draft, city, now); });
}

Result<bool> Repository::is_of(const StoredReport& report, std::int64_t caller_id) {
  const SqlLock lock(sql_->mutex());
  return belongs_to(report, caller_id);
}

Result<bool> Repository::belongs_to(const StoredReport& report, std::int64_t caller_id) {
  if (report.caller_id == caller_id) return true;
  Statement row = TRY(sql_->prepare("SELECT 1 FROM follower WHERE tracking_id = ?1 AND caller_id = ?2"));
  TRY(row.bind(1, report.tracking_id));
  TRY(row.bind(2, caller_id));
  return row.step();
}

Result<ChangedReports> Repository::changed_reports(std::int64_t caller_id, std::int64_t since, int limit) {
  const SqlLock lock(sql_->mutex());
  Statement newest = TRY(sql_->prepare("SELECT coalesce(max(number), 0) FROM change"));
  TRY(newest.step());
  ChangedReports changed{.reports = {}, .since = since <= newest.integer(0) ? since : 0};
  // CROSS: SQLite then begins with the caller's own. PostgreSQL knows it by its statistics.
  const std::string join = sql_->dialect() == Dialect::kSqlite ? "CROSS JOIN" : "JOIN";
  Statement row = TRY(sql_->prepare(
      "SELECT change.number, change.tracking_id FROM "
      "(SELECT tracking_id FROM report WHERE caller_id = ?1 UNION SELECT tracking_id FROM follower WHERE caller_id = ?1 "
      "UNION SELECT tracking_id FROM watcher WHERE caller_id = ?1) AS mine " +
      join + " change USING(tracking_id) WHERE change.number > ?2 ORDER BY change.number LIMIT ?3"));
  TRY(row.bind(1, caller_id));
  TRY(row.bind(2, changed.since));
  TRY(row.bind(3, std::int64_t{limit} + 1));
  while (TRY(row.step())) {
    if (changed.reports.size() == static_cast<std::size_t>(limit)) {
      changed.more = true;
      break;
    }
    changed.reports.emplace_back(row.integer(0), TRY(require_report(row.integer(1))));
  }
  return changed;
}

Result<std::vector<StoredReport>> Repository::list(std::optional<report::Status> status) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(std::string(kReportColumns) +
                                         "WHERE ?1 = '' OR status = ?1 ORDER BY received_at DESC, tracking_id DESC"));
  TRY(row.bind(1, status ? report::status_name(*status) : std::string_view("")));
  std::vector<StoredReport> reports;
  while (TRY(row.step())) reports.push_back(read_report(row));
  return reports;
}

Result<std::vector<StatusCount>> Repository::count_by_status() {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare("SELECT status, count(*) FROM report GROUP BY status ORDER BY status"));
  std::vector<StatusCount> counts;
  while (TRY(row.step())) {
    counts.push_back({report::status_from_name(row.text(0)).value_or(report::Status::kUnverified), row.integer(1)});
  }
  return counts;
}

Result<std::vector<report::PublicReport>> Repository::public_reports(int limit) {
  const SqlLock lock(sql_->mutex());
  // Archived ones are what the office found not to be a report: spam, insults.
  Statement row = TRY(sql_->prepare(
      "SELECT tracking_id, title, category_id, status, latitude, longitude, received_at FROM report "
      "WHERE is_secret = 0 AND status NOT IN ('diarsipkan_admin', 'diarsipkan_sistem') "
      "ORDER BY received_at DESC, tracking_id DESC LIMIT ?1"));
  TRY(row.bind(1, limit));
  std::vector<report::PublicReport> reports;
  while (TRY(row.step())) {
    report::PublicReport one{.tracking_id = row.text(0),
                             .title = row.text(1),
                             .category_id = row.text(2),
                             .status_name = row.text(3),
                             .received_at = row.integer(6)};
    if (!row.is_null(4) && !row.is_null(5)) {
      one.point = report::GeoPoint{rounded_for_public(row.number(4)), rounded_for_public(row.number(5))};
    }
    reports.push_back(std::move(one));
  }
  return reports;
}

}  // namespace titik::serve
