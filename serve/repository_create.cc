// Taking a report in, exactly once.
#include "report/sms.h"
#include "serve/crypto.h"
#include "serve/repository.h"
#include "serve/workflow_store.h"

namespace titik::serve {
namespace {

Error refused(std::string_view where, std::string_view message) {
  return Error{ErrorCode::kInvalidArgument, std::string(where), std::string(message)};
}

// What makes two requests the same: the words, and the photos by their bytes. Not the ids of the uploads,
// which differ when a phone uploads again after a lost reply; and not who is sending.
// Whether photos came before or after the words makes no difference, nor whether an SMS was sent meanwhile.
std::string content_hash(const NewReport& report, const std::vector<StoredFile>& files) {
  lapor::CreateRequest canonical = report.request;
  canonical.user_id.clear();
  canonical.attachments.clear();
  if (report.request.photos_follow) {
    for (const report::Photo& photo : report.request.draft.photos) canonical.attachments.push_back(photo.sha256);
  }
  canonical.photos_follow = false;
  canonical.sms_at = 0;
  canonical.privacy_version = 0;  // a city may have a new one between two tries
  for (const StoredFile& file : files) canonical.attachments.push_back(file.sha256);
  return sha256_hex(lapor::write_create(canonical));
}

}  // namespace

// The caller's own uploads that the request names, in its order, whether attached already or not.
Result<std::vector<StoredFile>> Repository::attachable(const NewReport& report) {
  std::vector<StoredFile> files;
  if (report.request.photos_follow) {
    if (report.request.attachments.empty()) return files;
    return refused("attachments", "Foto yang menyusul tidak disebut sebagai lampiran.");
  }
  for (const std::string& id : report.request.attachments) {
    Statement row = TRY(sql_->prepare(
        "SELECT id, caller_id, sha256, bytes, mime, file_name, tracking_id FROM file "
        "WHERE id = coalesce((SELECT file_id FROM upload WHERE id = ?1), ?1) AND caller_id = ?2 AND follow_up_id IS NULL"));
    TRY(row.bind(1, id));
    TRY(row.bind(2, report.caller_id));
    if (!TRY(row.step())) {
      return refused("attachments", "Foto belum sampai di server. Unggah ulang foto lalu kirim lagi.");
    }
    StoredFile file{row.integer(0), row.integer(1), row.text(2), row.integer(3), row.text(4), row.text(5),
                    row.integer(6)};
    for (const StoredFile& other : files) {
      if (other.id == file.id) return refused("attachments", "Satu foto disebut dua kali. Hapus salah satunya.");
    }
    files.push_back(std::move(file));
  }
  const std::vector<report::Photo>& claimed = report.request.draft.photos;
  if (claimed.empty()) return files;
  if (claimed.size() != files.size()) {
    return refused("photos", "Jumlah foto yang sampai tidak sama dengan yang dikirim. Unggah ulang foto.");
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].sha256 != claimed[i].sha256) {
      return refused("photos", "Foto yang sampai berbeda dari yang dikirim. Unggah ulang foto.");
    }
  }
  return files;
}

// The photos that the report names, all as still to come; attach_waiting() takes those that are here.
Result<Ok> Repository::expect_photos(std::int64_t tracking_id, const NewReport& report) {
  int position = 0;
  for (const report::Photo& photo : report.request.draft.photos) {
    Statement row = TRY(
        sql_->prepare("INSERT INTO pending_photo(tracking_id, sha256, position) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"));
    TRY(row.bind(1, tracking_id));
    TRY(row.bind(2, photo.sha256));
    TRY(row.bind(3, position++));
    TRY(row.run());
    if (row.changes() != 1) return refused("photos", "Satu foto disebut dua kali. Hapus salah satunya.");
  }
  return Ok{};
}

// What the caller has uploaded, and the report waits for, is the report's.
Result<Ok> Repository::attach_waiting(std::int64_t tracking_id, std::int64_t caller_id) {
  Statement attach = TRY(sql_->prepare(
      "UPDATE file SET tracking_id = ?1, position = (SELECT position FROM pending_photo AS one "
      "WHERE one.tracking_id = ?1 AND one.sha256 = file.sha256) "
      "WHERE caller_id = ?2 AND tracking_id IS NULL "
      "AND sha256 IN (SELECT sha256 FROM pending_photo WHERE tracking_id = ?1)"));
  TRY(attach.bind(1, tracking_id));
  TRY(attach.bind(2, caller_id));
  TRY(attach.run());
  Statement come = TRY(sql_->prepare(
      "DELETE FROM pending_photo WHERE tracking_id = ?1 AND sha256 IN "
      "(SELECT sha256 FROM file WHERE tracking_id = ?1 AND follow_up_id IS NULL)"));
  TRY(come.bind(1, tracking_id));
  return come.run();
}

Result<std::int64_t> Repository::insert_report(const NewReport& report, const std::string& content_sha256,
                                     const std::vector<StoredFile>& files) {
  const report::Draft& draft = report.request.draft;
  Statement row = TRY(sql_->prepare(
      "INSERT INTO report(caller_id, report_id, content_sha256, request, title, category_id, is_secret, latitude, "
      "longitude, agency_id, status, received_at, follow_up_due_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) RETURNING tracking_id"));
  TRY(row.bind(1, report.caller_id));
  TRY(report.key.empty() ? row.bind_null(2) : row.bind(2, report.key));
  TRY(row.bind(3, content_sha256));
  TRY(row.bind(4, lapor::write_create(report.request)));
  TRY(row.bind(5, draft.title));
  TRY(row.bind(6, draft.category_id));
  TRY(row.bind(7, draft.is_secret));
  TRY(row.bind(8, draft.place ? std::optional(draft.place->point.latitude) : std::nullopt));
  TRY(row.bind(9, draft.place ? std::optional(draft.place->point.longitude) : std::nullopt));
  TRY(row.bind(10, report.opening.agency_id));
  TRY(row.bind(11, report::status_name(report.opening.status)));
  TRY(row.bind(12, report.now));
  TRY(row.bind(13, report.opening.times.follow_up_due_at));
  const std::int64_t tracking_id = TRY(row.insert());
  TRY(save_case(*sql_, tracking_id, report.opening));
  int position = 0;
  for (const StoredFile& file : files) {
    Statement attach = TRY(
        sql_->prepare("UPDATE file SET tracking_id = ?1, position = ?2 WHERE id = ?3 AND tracking_id IS NULL"));
    TRY(attach.bind(1, tracking_id));
    TRY(attach.bind(2, position++));
    TRY(attach.bind(3, file.id));
    TRY(attach.run());
    if (attach.changes() != 1) {
      return refused("attachments", "Foto sudah dipakai pada laporan lain. Unggah ulang foto lalu kirim lagi.");
    }
  }
  if (report.request.photos_follow) {
    TRY(expect_photos(tracking_id, report));
    TRY(attach_waiting(tracking_id, report.caller_id));
  }
  AuditLine line{.at = report.now, .action = "receive", .status_new = std::string(report::status_name(report.opening.status)),
                 .text = "Laporan diterima", .actor_kind = "system", .actor_role = "system", .actor_name = "titik-serve"};
  TRY(add_history(*sql_, tracking_id, line));
  line.status_new.clear();
  if (report.request.sms_at != 0 && !draft.id.empty()) {  // without an id the message bears no mark
    line.text = "Juga dikirim lewat SMS " + std::string(report::kSmsNumber) + ", tanda " + report::sms_mark(draft.id);
    TRY(add_history(*sql_, tracking_id, line));
  }
  if (!report.passed_on.empty()) {
    line.action = action_name(Action::kDispose);  // by the category's agency
    line.text = report.passed_on;
    TRY(add_history(*sql_, tracking_id, line));
  }
  return tracking_id;
}

Result<Ok> Repository::add_follower(std::int64_t tracking_id, std::int64_t caller_id) {
  Statement row = TRY(sql_->prepare("INSERT INTO follower(tracking_id, caller_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING"));
  TRY(row.bind(1, tracking_id));
  TRY(row.bind(2, caller_id));
  return row.run();
}

Result<Created> Repository::create_report(const NewReport& report) {
  const SqlLock lock(sql_->mutex());
  return sql_->transaction([&]() -> Result<Created> {
    // 1. A key that is known answers for its content, to whoever has the same content: words, and photos by
    // their bytes. To anybody else it says nothing.
    if (!report.key.empty()) {
      Statement known = TRY(
          sql_->prepare("SELECT tracking_id, content_sha256 FROM report WHERE report_id = ?1"));
      TRY(known.bind(1, report.key));
      if (TRY(known.step())) {
        if (known.text(1) != content_hash(report, TRY(attachable(report)))) {
          return Error{ErrorCode::kConflict, "Idempotency-Key",
                       "Nomor laporan ini sudah dipakai untuk isi yang lain. Simpan sebagai laporan baru."};
        }
        const StoredReport stored = TRY(require_report(known.integer(0)));
        if (stored.caller_id != report.caller_id) TRY(add_follower(stored.tracking_id, report.caller_id));
        TRY(attach_waiting(stored.tracking_id, report.caller_id));
        return Created{TRY(receipt_of(stored, report.request.draft, report.city, report.now)), Freshness::kKnown};
      }
    }
    // 2. A new report, its photos, its first lines of history: all or nothing.
    const std::vector<StoredFile> files = TRY(attachable(report));
    const std::int64_t tracking_id = TRY(insert_report(report, content_hash(report, files), files));
    if (report.also) TRY(report.also(tracking_id));
    const StoredReport stored = TRY(require_report(tracking_id));
    return Created{TRY(receipt_of(stored, report.request.draft, report.city, report.now)), Freshness::kNew};
  });
}

}  // namespace titik::serve
