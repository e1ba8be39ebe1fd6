// What happens to a report after it was taken in: history, follow-ups, changes of state.
#include <algorithm>

#include "serve/crypto.h"
#include "serve/files.h"
#include "serve/repository.h"
#include "serve/workflow.h"

namespace titik::serve {
namespace {

using report::Status;

lapor::FollowUpKind kind_from_name(std::string_view name) {
  for (const auto kind : {lapor::FollowUpKind::kCitizen, lapor::FollowUpKind::kAnswer,
                          lapor::FollowUpKind::kAction, lapor::FollowUpKind::kDisposition}) {
    if (lapor::follow_up_kind_name(kind) == name) return kind;
  }
  return lapor::FollowUpKind::kAnswer;
}

std::string content_hash(const NewFollowUp& follow_up) {
  std::string text = std::to_string(follow_up.tracking_id) + '\n' + follow_up.institution_from + '\n' +
                     follow_up.institution_to + '\n' + follow_up.template_code + '\n' +
                     std::to_string(follow_up.rating) + '\n';
  for (const NewFile& file : follow_up.files) text += file.sha256 + '\n';
  return sha256_hex(text + follow_up.content);
}

lapor::Attachment attachment_of(const StoredFile& file) {
  const std::optional<FileType> type = file_type_from_mime(file.mime);
  return {.path = "/titik/1/files/" + std::to_string(file.id),
          .file_name = file.file_name,
          .extension = std::string(type ? type->extension : ""),
          .sha256 = file.sha256,
          .bytes = file.bytes,
          .thumbnail = file.mime == "image/jpeg" || file.mime == "image/png"
                           ? "/titik/1/files/" + std::to_string(file.id) + "/thumbnail" : ""};
}

}  // namespace

Result<Ok> Repository::add_history(std::int64_t tracking_id, UnixMillis at, std::string_view text,
                                   std::string_view status_new, std::string_view institution) {
  Statement row = TRY(sql_->prepare(
      "INSERT INTO history(tracking_id, at, text, status_new, institution) VALUES (?1, ?2, ?3, ?4, ?5)"));
  TRY(row.bind(1, tracking_id));
  TRY(row.bind(2, at));
  TRY(row.bind(3, text));
  TRY(row.bind(4, status_new));
  TRY(row.bind(5, institution));
  return row.run();
}

Result<Ok> Repository::change_status(std::int64_t tracking_id, Status from, Status to, std::string_view text,
                                     std::string_view institution, UnixMillis now) {
  if (!may_change(from, to)) {
    return Error{ErrorCode::kConflict, "status",
                 "Laporan berstatus " + std::string(report::status_label(from)) + " tidak dapat menjadi " +
                     std::string(report::status_label(to)) + "."};
  }
  Statement row = TRY(sql_->prepare("UPDATE report SET status = ?1 WHERE tracking_id = ?2"));
  TRY(row.bind(1, report::status_name(to)));
  TRY(row.bind(2, tracking_id));
  TRY(row.run());
  return add_history(tracking_id, now, text, report::status_name(to), institution);
}

Result<Ok> Repository::stop_clock(std::int64_t tracking_id, UnixMillis now) {
  Statement row = TRY(sql_->prepare(
      "UPDATE report SET follow_up_stopped_at = ?1 WHERE tracking_id = ?2 AND follow_up_stopped_at = 0"));
  TRY(row.bind(1, now));
  TRY(row.bind(2, tracking_id));
  return row.run();
}

Result<std::vector<lapor::LogEntry>> Repository::history(std::int64_t tracking_id) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(
      "SELECT text, at, status_new, institution FROM history WHERE tracking_id = ?1 ORDER BY id"));
  TRY(row.bind(1, tracking_id));
  std::vector<lapor::LogEntry> log;
  while (TRY(row.step())) {
    const auto status = report::status_from_name(row.text(2));
    log.push_back({row.text(0), row.integer(1), status ? std::string(report::status_label(*status)) : "",
                   row.text(3)});
  }
  return log;
}

Result<lapor::FollowUpPage> Repository::follow_ups(std::int64_t tracking_id, int page, int page_size) {
  const SqlLock lock(sql_->mutex());
  Statement count = TRY(sql_->prepare("SELECT count(*) FROM follow_up WHERE tracking_id = ?1"));
  TRY(count.bind(1, tracking_id));
  TRY(count.step());
  lapor::FollowUpPage out;
  out.page = page;
  out.last_page = std::max(1, static_cast<int>((count.integer(0) + page_size - 1) / page_size));
  Statement row = TRY(sql_->prepare(
      "SELECT id, kind, institution_from, institution_to, at, template_code, content FROM follow_up "
      "WHERE tracking_id = ?1 ORDER BY id LIMIT ?2 OFFSET ?3"));
  TRY(row.bind(1, tracking_id));
  TRY(row.bind(2, page_size));
  TRY(row.bind(3, std::int64_t{page_size} * (page - 1)));
  while (TRY(row.step())) {
    lapor::FollowUp follow_up{.id = row.text(0),
                              .kind = kind_from_name(row.text(1)),
                              .institution_from = row.text(2),
                              .institution_to = row.text(3),
                              .at = row.integer(4),
                              .template_code = row.text(5),
                              .content = row.text(6)};
    for (const StoredFile& file : TRY(files_where("follow_up_id = ?1", row.integer(0)))) {
      follow_up.attachments.push_back(attachment_of(file));
    }
    out.items.push_back(std::move(follow_up));
  }
  return out;
}

Result<Ok> Repository::verify(std::int64_t tracking_id, UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  return sql_->transaction([&]() -> Result<Ok> {
    const StoredReport report = TRY(require_report(tracking_id));
    return change_status(tracking_id, report.status, Status::kVerified, "Laporan terverifikasi", "", now);
  });
}

// The changes of state that a follow-up brings with it.
Result<Ok> Repository::move_for_follow_up(const StoredReport& report, const NewFollowUp& follow_up) {
  if (follow_up.kind == lapor::FollowUpKind::kCitizen) {
    if (!may_change(report.status, Status::kAnsweredByCitizen)) return Ok{};  // their words are kept anyway
    return change_status(report.tracking_id, report.status, Status::kAnsweredByCitizen, "Pelapor menanggapi", "",
                         follow_up.now);
  }
  Status from = report.status;
  for (const Status to : TRY(steps_to_process(from))) {
    const bool last = to == Status::kInProcess;
    TRY(change_status(report.tracking_id, from, to, last ? "Laporan diproses" : "Laporan terverifikasi",
                      last ? follow_up.institution_from : "", follow_up.now));
    from = to;
  }
  if (follow_up.kind == lapor::FollowUpKind::kAction) return stop_clock(report.tracking_id, follow_up.now);
  return Ok{};
}

Result<std::int64_t> Repository::add_follow_up(const NewFollowUp& follow_up) {
  const SqlLock lock(sql_->mutex());
  return sql_->transaction([&]() -> Result<std::int64_t> {
    const std::string hash = content_hash(follow_up);
    if (!follow_up.key.empty()) {
      Statement known = TRY(
          sql_->prepare("SELECT id, caller_id, content_sha256 FROM follow_up WHERE idempotency_key = ?1"));
      TRY(known.bind(1, follow_up.key));
      if (TRY(known.step())) {
        if (known.integer(1) == follow_up.caller_id && known.text(2) == hash) return known.integer(0);
        return Error{ErrorCode::kConflict, "Idempotency-Key", "Nomor tanggapan ini sudah dipakai untuk isi yang lain."};
      }
    }
    const StoredReport report = TRY(require_report(follow_up.tracking_id));
    TRY(move_for_follow_up(report, follow_up));
    Statement row = TRY(sql_->prepare(
        "INSERT INTO follow_up(tracking_id, caller_id, idempotency_key, content_sha256, kind, institution_from, "
        "institution_to, at, template_code, content, rating) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id"));
    TRY(row.bind(1, follow_up.tracking_id));
    TRY(row.bind(2, follow_up.caller_id));
    TRY(follow_up.key.empty() ? row.bind_null(3) : row.bind(3, follow_up.key));
    TRY(row.bind(4, hash));
    TRY(row.bind(5, lapor::follow_up_kind_name(follow_up.kind)));
    TRY(row.bind(6, follow_up.institution_from));
    TRY(row.bind(7, follow_up.institution_to));
    TRY(row.bind(8, follow_up.now));
    TRY(row.bind(9, follow_up.template_code));
    TRY(row.bind(10, follow_up.content));
    TRY(row.bind(11, follow_up.rating));
    const std::int64_t id = TRY(row.insert());
    int position = 0;
    for (const NewFile& file : follow_up.files) {
      Statement attach = TRY(sql_->prepare(
          "INSERT INTO file(caller_id, sha256, bytes, mime, file_name, uploaded_at, tracking_id, follow_up_id, "
          "position) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
      TRY(attach.bind(1, follow_up.caller_id));
      TRY(attach.bind(2, file.sha256));
      TRY(attach.bind(3, file.bytes));
      TRY(attach.bind(4, file.mime));
      TRY(attach.bind(5, file.file_name));
      TRY(attach.bind(6, follow_up.now));
      TRY(attach.bind(7, follow_up.tracking_id));
      TRY(attach.bind(8, id));
      TRY(attach.bind(9, position++));
      TRY(attach.run());
    }
    return id;
  });
}

Result<Ok> Repository::close(std::int64_t tracking_id, std::string_view reason, UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  return sql_->transaction([&]() -> Result<Ok> {
    const StoredReport report = TRY(require_report(tracking_id));
    Statement action =
        TRY(sql_->prepare("SELECT count(*) FROM follow_up WHERE tracking_id = ?1 AND kind = 'action'"));
    TRY(action.bind(1, tracking_id));
    TRY(action.step());
    TRY(check_close(report.status, action.integer(0) > 0 ? Evidence::kGiven : Evidence::kNone, reason));
    std::string text = "Laporan ditutup";
    if (!reason.empty()) text += ": " + std::string(reason);
    TRY(change_status(tracking_id, report.status, Status::kClosedByAdmin, text, "", now));
    return stop_clock(tracking_id, now);
  });
}

Result<Ok> Repository::hand_on(std::int64_t tracking_id, std::string_view agency_id, std::string_view agency_name,
                               std::string_view reason, UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  return sql_->transaction([&]() -> Result<Ok> {
    const StoredReport report = TRY(require_report(tracking_id));
    if (!is_open(report.status)) {
      return Error{ErrorCode::kConflict, "status", "Laporan sudah selesai, jadi tidak dapat diteruskan."};
    }
    // "bukan_wewenang" is no state: the report names another agency and starts again there.
    const Status status = report.status == Status::kUnverified ? Status::kUnverified : Status::kVerified;
    Statement row =
        TRY(sql_->prepare("UPDATE report SET agency_id = ?1, status = ?2 WHERE tracking_id = ?3"));
    TRY(row.bind(1, agency_id));
    TRY(row.bind(2, report::status_name(status)));
    TRY(row.bind(3, tracking_id));
    TRY(row.run());
    std::string text = "Bukan wewenang instansi sebelumnya. Diteruskan ke " + std::string(agency_name);
    if (!reason.empty()) text += ": " + std::string(reason);
    const bool changed = status != report.status;
    return add_history(tracking_id, now, text, changed ? report::status_name(status) : std::string_view(), "");
  });
}

}  // namespace titik::serve
