// What has happened to a report, as its reporter reads it: history and thread. workflow_store.cc writes both.
#include <algorithm>

#include "serve/files.h"
#include "serve/repository.h"

namespace titik::serve {
namespace {

lapor::FollowUpKind kind_from_name(std::string_view name) {
  for (const auto kind : {lapor::FollowUpKind::kCitizen, lapor::FollowUpKind::kAnswer,
                          lapor::FollowUpKind::kAction, lapor::FollowUpKind::kDisposition,
                          lapor::FollowUpKind::kAcknowledgement, lapor::FollowUpKind::kRefusal, lapor::FollowUpKind::kQuestion}) {
    if (lapor::follow_up_kind_name(kind) == name) return kind;
  }
  return lapor::FollowUpKind::kAnswer;
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

Result<std::vector<lapor::LogEntry>> Repository::history(std::int64_t tracking_id) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(
      "SELECT text, at, status_new, institution FROM history WHERE tracking_id = ?1 AND text <> '' ORDER BY id"));
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
      "SELECT id, kind, institution_from, institution_to, at, template_code, content, is_secret FROM follow_up "
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
                              .content = row.text(6),
                              .is_secret = row.integer(7) != 0};
    for (const StoredFile& file : TRY(files_where("follow_up_id = ?1", row.integer(0)))) {
      follow_up.attachments.push_back(attachment_of(file));
    }
    out.items.push_back(std::move(follow_up));
  }
  return out;
}

}  // namespace titik::serve
