#include "store/repository.h"

#include <initializer_list>

#include "report/sms.h"
#include "store/values.h"

namespace titik::store {
namespace {

using report::Photo;
using report::PhoneState;
using report::Place;
using report::Problem;

constexpr std::string_view kReportColumns =
    "state,classification,category_id,title,content,incident_date,is_anonymous,is_secret,reporter_name,"
    "reporter_phone,latitude,longitude,accuracy_m,place_source,place_at,landmark,created_at,updated_at,"
    "submitted_at,problem,problems,tracking_id,received_at,follow_up_due_at,follow_up_stopped_at,status_name,"
    "disposition_name";

// The five columns of a place, from `column` on.
std::optional<Place> read_place(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  Place place{{row.number(column), row.number(column + 1)}, row.number(column + 2)};
  place.source = report::place_source_from_name(row.text(column + 3)).value_or(report::PlaceSource::kPin);
  place.at = row.integer(column + 4);
  return place;
}

Result<Ok> bind_place(Statement& row, int parameter, const std::optional<Place>& place) {
  if (!place) return Ok{};  // parameters that were never bound are NULL
  return bind_all(row, {place->point.latitude, place->point.longitude, place->accuracy_m,
                        report::place_source_name(place->source), place->at}, parameter);
}

// "title:missing photos:invalid"
std::string write_problems(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += ' ';
    text += report::field_name(problem.field);
    text += ':';
    text += report::problem_code_name(problem.code);
  }
  return text;
}

std::vector<Problem> read_problems(const std::string& text) {
  std::vector<Problem> problems;
  for (int field = 0; field <= static_cast<int>(report::Field::kPhotos); ++field) {
    for (int code = 0; code <= static_cast<int>(report::ProblemCode::kInFuture); ++code) {
      const Problem problem{static_cast<report::Field>(field), static_cast<report::ProblemCode>(code)};
      const std::string name = write_problems({problem});
      if ((" " + text + " ").find(" " + name + " ") != std::string::npos) problems.push_back(problem);
    }
  }
  return problems;
}

Result<std::vector<StoredReceipt>> receipts_of(Statement row) {
  std::vector<StoredReceipt> receipts;
  while (TRY(row.step())) {
    receipts.push_back({row.text(0), row.flag(1), row.text(2), report::receipt_verdict_from(row.integer(3))});
  }
  return receipts;
}

}  // namespace

Result<Ok> bind_all(Statement& statement, std::initializer_list<Value> values, int first) {
  int parameter = first;
  for (const Value& value : values) {
    switch (value.type) {
      case Value::Type::kText: TRY(statement.bind(parameter, value.text)); break;
      case Value::Type::kInteger: TRY(statement.bind(parameter, value.integer)); break;
      case Value::Type::kReal: TRY(statement.bind(parameter, value.real)); break;
      case Value::Type::kNull: break;
    }
    ++parameter;
  }
  return Ok{};
}

Result<Statement> query(Database& db, std::string_view sql, std::initializer_list<Value> values) {
  Statement statement = TRY(db.prepare(sql));
  TRY(bind_all(statement, values, 1));
  return Result<Statement>(std::move(statement));
}

Result<Ok> run(Database& db, std::string_view sql, std::initializer_list<Value> values) {
  Statement statement = TRY(query(db, sql, values));
  return statement.run();
}

// --- Drafts ---------------------------------------------------------------------------------------

Result<std::vector<StoredSummary>> Repository::summaries() {
  Statement row = TRY(query(db_,
      "SELECT id,state,title,category_id,"
      "(SELECT thumbnail_sha256 FROM photo WHERE report_id=id ORDER BY position LIMIT 1),"
      "tracking_id,status_name,updated_at,follow_up_due_at,follow_up_stopped_at,"
      "EXISTS(SELECT 1 FROM outbox WHERE report_id=id) "
      "FROM report ORDER BY created_at DESC,id DESC", {}));
  std::vector<StoredSummary> summaries;
  while (TRY(row.step())) {
    StoredSummary& summary = summaries.emplace_back();
    summary.id = row.text(0);
    summary.state = report::phone_state_from_name(row.text(1)).value_or(PhoneState::kDraft);
    summary.title = row.text(2);
    summary.category_id = row.text(3);
    summary.thumbnail_sha256 = row.text(4);
    summary.tracking_id = row.text(5);
    summary.status_name = row.text(6);
    summary.updated_at = row.integer(7);
    summary.follow_up_due_at = row.integer(8);
    summary.follow_up_stopped_at = row.integer(9);
    summary.photos_on_way = summary.state == PhoneState::kReceived && row.flag(10);
  }
  return summaries;
}

Result<std::optional<StoredReport>> Repository::find(std::string_view report_id) {
  Statement row = TRY(query(db_, "SELECT " + std::string(kReportColumns) + " FROM report WHERE id=?1", {report_id}));
  if (!TRY(row.step())) return std::optional<StoredReport>();
  StoredReport stored;
  report::Draft& draft = stored.draft;
  draft.id = report_id;
  stored.state = report::phone_state_from_name(row.text(0)).value_or(PhoneState::kDraft);
  draft.classification = report::classification_from_number(row.integer(1)).value_or(report::Classification::kComplaint);
  draft.category_id = row.text(2);
  draft.title = row.text(3);
  draft.content = row.text(4);
  draft.incident_date = row.text(5);
  draft.is_anonymous = row.flag(6);
  draft.is_secret = row.flag(7);
  draft.reporter_name = row.text(8);
  draft.reporter_phone = row.text(9);
  draft.place = read_place(row, 10);
  draft.landmark = row.text(15);
  draft.created_at = row.integer(16);
  draft.updated_at = row.integer(17);
  stored.submitted_at = row.integer(18);
  stored.problem = row.text(19);
  stored.problems = read_problems(row.text(20));
  stored.tracking_id = row.text(21);
  stored.received_at = row.integer(22);
  stored.follow_up_due_at = row.integer(23);
  stored.follow_up_stopped_at = row.integer(24);
  stored.status_name = row.text(25);
  stored.disposition_name = row.text(26);
  Statement waiting = TRY(query(db_, "SELECT 1 FROM outbox WHERE report_id=?1", {report_id}));
  stored.photos_on_way = stored.state == PhoneState::kReceived && TRY(waiting.step());
  Statement sms = TRY(query(db_, "SELECT at FROM sms WHERE report_id=?1", {report_id}));
  if (TRY(sms.step())) stored.sms_at = sms.integer(0);

  Statement photo_row = TRY(query(db_,
      "SELECT sha256,bytes,width,height,thumbnail_sha256,thumbnail_bytes,origin,taken_at,latitude,longitude,"
      "accuracy_m,place_source,place_at,upload_id,perceptual_hash,original_sha256,original_bytes FROM photo WHERE report_id=?1 ORDER BY position", {report_id}));
  while (TRY(photo_row.step())) {
    Photo& photo = draft.photos.emplace_back();
    photo.sha256 = photo_row.text(0);
    photo.bytes = photo_row.integer(1);
    photo.width = static_cast<int>(photo_row.integer(2));
    photo.height = static_cast<int>(photo_row.integer(3));
    photo.thumbnail_sha256 = photo_row.text(4);
    photo.thumbnail_bytes = photo_row.integer(5);
    photo.origin = photo_row.text(6) == "camera" ? report::PhotoOrigin::kCamera : report::PhotoOrigin::kGallery;
    if (!photo_row.is_null(7)) photo.taken_at = photo_row.integer(7);
    photo.place = read_place(photo_row, 8);
    if (OutboxPhoto{.upload_id = photo_row.text(13)}.is_whole()) ++stored.photos_sent;
    photo.perceptual_hash = photo_row.integer(14);
    photo.original_sha256 = photo_row.text(15);
    photo.original_bytes = photo_row.integer(16);
  }
  return std::optional<StoredReport>(std::move(stored));
}

Result<Ok> Repository::save_draft(const report::Draft& draft) {
  Statement row = TRY(query(db_,
      "INSERT INTO report(id,classification,category_id,title,content,incident_date,is_anonymous,is_secret,"
      "reporter_name,reporter_phone,landmark,created_at,updated_at,state,latitude,longitude,accuracy_m,"
      "place_source,place_at) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19) "
      "ON CONFLICT(id) DO UPDATE SET(classification,category_id,title,content,incident_date,is_anonymous,"
      "is_secret,reporter_name,reporter_phone,landmark,updated_at,latitude,longitude,accuracy_m,place_source,"
      "place_at)=(?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?13,?15,?16,?17,?18,?19)",
      {draft.id, static_cast<int>(draft.classification), draft.category_id, draft.title, draft.content,
       draft.incident_date, draft.is_anonymous, draft.is_secret, draft.reporter_name, draft.reporter_phone,
       draft.landmark, draft.created_at, draft.updated_at, report::phone_state_name(PhoneState::kDraft)}));
  TRY(bind_place(row, 15, draft.place));
  return row.run();
}

Result<Ok> Repository::add_photo(std::string_view report_id, const Photo& photo) {
  Statement row = TRY(query(db_,
      "INSERT INTO photo(report_id,sha256,bytes,width,height,thumbnail_sha256,thumbnail_bytes,origin,taken_at,"
      "latitude,longitude,accuracy_m,place_source,place_at,perceptual_hash,position) VALUES(?1,?2,?3,?4,?5,?6,?7,"
      "?8,?9,?10,?11,?12,?13,?14,?15,(SELECT coalesce(max(position),0)+1 FROM photo WHERE report_id=?1)) "
      "ON CONFLICT(report_id,sha256) DO UPDATE SET(bytes,width,height,thumbnail_sha256,thumbnail_bytes,origin,"
      "taken_at,latitude,longitude,accuracy_m,place_source,place_at,perceptual_hash)="
      "(?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)",
      {report_id, photo.sha256, photo.bytes, photo.width, photo.height, photo.thumbnail_sha256,
       photo.thumbnail_bytes, photo.origin == report::PhotoOrigin::kCamera ? "camera" : "gallery",
       photo.taken_at ? Value(*photo.taken_at) : Value()}));
  TRY(bind_place(row, 10, photo.place));
  TRY(row.bind(15, photo.perceptual_hash));
  return row.run();
}

Result<Ok> Repository::replace_photo(std::string_view report_id, std::string_view old_sha256, const Photo& photo) {
  Statement row = TRY(query(db_,
      "UPDATE photo SET(sha256,bytes,width,height,thumbnail_sha256,thumbnail_bytes,perceptual_hash,"
      "original_sha256,original_bytes,upload_id,latitude,longitude,accuracy_m,place_source,place_at)="
      "(?3,?4,?5,?6,?7,?8,?9,?10,?11,'',?12,?13,?14,?15,?16) WHERE report_id=?1 AND sha256=?2",
      {report_id, old_sha256, photo.sha256, photo.bytes, photo.width, photo.height, photo.thumbnail_sha256,
       photo.thumbnail_bytes, photo.perceptual_hash, photo.original_sha256, photo.original_bytes}));
  TRY(bind_place(row, 12, photo.place));
  return row.run();
}

Result<Ok> Repository::remove_photo(std::string_view report_id, std::string_view sha256) {
  return run(db_, "DELETE FROM photo WHERE report_id=?1 AND sha256=?2", {report_id, sha256});
}

Result<Ok> Repository::delete_report(std::string_view report_id) {
  for (const char* table : {"evidence", "timeline", "outbox", "sms", "photo"}) {
    TRY(run(db_, "DELETE FROM " + std::string(table) + " WHERE report_id=?1", {report_id}));
  }
  return run(db_, "DELETE FROM report WHERE id=?1", {report_id});
}

Result<Ok> Repository::rename_report(std::string_view report_id, std::string_view new_id) {
  const std::string columns(kReportColumns);
  TRY(run(db_, "INSERT INTO report(id," + columns + ") SELECT ?2," + columns + " FROM report WHERE id=?1", {report_id, new_id}));
  TRY(run(db_, "UPDATE photo SET report_id=?2,upload_id='' WHERE report_id=?1", {report_id, new_id}));
  TRY(run(db_, "UPDATE sms SET report_id=?2 WHERE report_id=?1", {report_id, new_id}));
  return delete_report(report_id);
}

Result<Ok> Repository::mark_sms(std::string_view report_id, UnixMillis at) {
  return run(db_, "INSERT OR IGNORE INTO sms(report_id,number,at) VALUES(?1,?2,?3)", {report_id, report::kSmsNumber, at});
}

// --- On the way -----------------------------------------------------------------------------------

Result<Ok> Repository::submit(std::string_view report_id, UnixMillis now) {
  TRY(run(db_, "UPDATE report SET state=?2,submitted_at=?3,problem='',problems='' WHERE id=?1",
          {report_id, report::phone_state_name(PhoneState::kQueued), now}));
  return run(db_, "INSERT OR IGNORE INTO outbox(report_id,queued_at) VALUES(?1,?2)", {report_id, now});
}

Result<std::vector<OutboxItem>> Repository::outbox() {
  std::vector<OutboxItem> items;
  Statement row = TRY(query(db_,
      "SELECT report_id,create_unanswered,uploads_lost,attempts,not_before,told_to_wait,thumbnails,"
      "(SELECT state FROM report WHERE id=report_id)=?1 FROM outbox "
      "ORDER BY queued_at,report_id", {report::phone_state_name(PhoneState::kReceived)}));
  Statement photo = TRY(db_.prepare(
      "SELECT sha256,upload_id,bytes,thumbnail_sha256,thumbnail_bytes FROM photo WHERE report_id=?1 ORDER BY position"));
  while (TRY(row.step())) {
    OutboxItem& item = items.emplace_back();
    item.report_id = row.text(0);
    item.create_unanswered = row.flag(1);
    item.uploads_lost = static_cast<int>(row.integer(2));
    item.attempts = static_cast<int>(row.integer(3));
    item.not_before = row.integer(4);
    item.told_to_wait = row.flag(5);
    item.thumbnails = static_cast<int>(row.integer(6));
    item.words_at_server = row.flag(7);
    TRY(photo.bind(1, item.report_id));
    while (TRY(photo.step())) {
      item.photos.push_back({photo.text(0), photo.text(1), photo.integer(2), photo.text(3), photo.integer(4)});
    }
  }
  return items;
}

Result<Ok> Repository::save_item(const OutboxItem& item) {
  TRY(run(db_,
          "UPDATE outbox SET create_unanswered=?2,uploads_lost=?3,attempts=?4,not_before=?5,told_to_wait=?6,"
          "thumbnails=?7 WHERE report_id=?1",
          {item.report_id, item.create_unanswered, item.uploads_lost, item.attempts, item.not_before,
           item.told_to_wait, item.thumbnails}));
  for (const OutboxPhoto& photo : item.photos) {
    TRY(run(db_, "UPDATE photo SET upload_id=?3 WHERE report_id=?1 AND sha256=?2 AND upload_id<>?3",
            {item.report_id, photo.sha256, photo.upload_id}));
  }
  return Ok{};
}

Result<Ok> Repository::set_state(std::string_view report_id, PhoneState state) {
  return run(db_, "UPDATE report SET state=?2 WHERE id=?1", {report_id, report::phone_state_name(state)});
}

Result<Ok> Repository::receive(std::string_view report_id, const ServerState& receipt) {
  TRY(set_server_state(report_id, receipt));
  return set_state(report_id, PhoneState::kReceived);
}

Result<Ok> Repository::leave_outbox(std::string_view report_id) {
  return run(db_, "DELETE FROM outbox WHERE report_id=?1", {report_id});
}

Result<Ok> Repository::give_up_photos(std::string_view report_id, std::string_view problem,
                                      const std::vector<Problem>& problems) {
  TRY(run(db_, "UPDATE report SET problem=?2,problems=?3 WHERE id=?1", {report_id, problem, write_problems(problems)}));
  return leave_outbox(report_id);
}

Result<Ok> Repository::refuse(std::string_view report_id, std::string_view problem,
                              const std::vector<Problem>& problems) {
  TRY(set_state(report_id, PhoneState::kNeedsAttention));
  return give_up_photos(report_id, problem, problems);
}

// --- At the server --------------------------------------------------------------------------------

Result<std::vector<FollowedReport>> Repository::followed() {
  Statement row = TRY(query(db_,
      "SELECT id,tracking_id,status_name FROM report WHERE state=?1 AND tracking_id<>'' ORDER BY received_at,id",
      {report::phone_state_name(PhoneState::kReceived)}));
  std::vector<FollowedReport> reports;
  while (TRY(row.step())) {
    const auto status = report::status_from_name(row.text(2));
    if (status && report::status_group(*status) == report::StatusGroup::kDone) continue;
    reports.push_back({row.text(0), row.text(1)});
  }
  return reports;
}

Result<Ok> Repository::set_server_state(std::string_view report_id, const ServerState& state) {
  return run(db_,
             "UPDATE report SET tracking_id=?2,status_name=?3,disposition_name=?4,received_at=?5,"
             "follow_up_due_at=?6,follow_up_stopped_at=?7 WHERE id=?1",
             {report_id, state.tracking_id, state.status_name, state.disposition_name, state.received_at,
              state.follow_up_due_at, state.follow_up_stopped_at});
}

Result<std::vector<StoredEntry>> Repository::timeline(std::string_view report_id) {
  std::vector<StoredEntry> entries;
  Statement row = TRY(query(db_,
      "SELECT position,kind,at,who,text FROM timeline WHERE report_id=?1 ORDER BY position", {report_id}));
  Statement file = TRY(db_.prepare(
      "SELECT path,told_sha256,sha256,file_name,extension,bytes,thumbnail_path,thumbnail_sha256,thumbnail_bytes "
      "FROM evidence WHERE report_id=?1 AND entry=?2 ORDER BY position"));
  while (TRY(row.step())) {
    StoredEntry& entry = entries.emplace_back();
    entry.kind = static_cast<int>(row.integer(1));
    entry.at = row.integer(2);
    entry.who = row.text(3);
    entry.text = row.text(4);
    TRY(bind_all(file, {report_id, row.integer(0)}, 1));
    while (TRY(file.step())) {
      entry.evidence.push_back({file.text(0), file.text(1), file.text(2), file.text(3), file.text(4), file.integer(5),
                                file.text(6), file.text(7), file.integer(8)});
    }
  }
  return entries;
}

Result<Ok> Repository::replace_timeline(std::string_view report_id, const std::vector<StoredEntry>& entries) {
  std::vector<StoredEvidence> fetched;
  for (StoredEntry& entry : TRY(timeline(report_id))) {
    for (StoredEvidence& file : entry.evidence) fetched.push_back(std::move(file));
  }
  TRY(run(db_, "DELETE FROM timeline WHERE report_id=?1", {report_id}));
  TRY(run(db_, "DELETE FROM evidence WHERE report_id=?1", {report_id}));
  int position = 0;
  for (const StoredEntry& entry : entries) {
    TRY(run(db_, "INSERT INTO timeline(report_id,position,kind,at,who,text) VALUES(?1,?2,?3,?4,?5,?6)",
            {report_id, position, entry.kind, entry.at, entry.who, entry.text}));
    int file_position = 0;
    for (StoredEvidence file : entry.evidence) {
      for (const StoredEvidence& known : fetched) {
        // The same file: what was fetched from this path still fits what the server tells of it.
        if (known.path != file.path) continue;
        if (known.thumbnail_path == file.thumbnail_path && known.told_sha256 == file.told_sha256) {
          file.thumbnail_sha256 = known.thumbnail_sha256;
          file.thumbnail_bytes = known.thumbnail_bytes;
        }
        if (known.sha256.empty() || !file.sha256.empty()) continue;
        if (!file.told_sha256.empty() && file.told_sha256 != known.sha256) continue;
        file.sha256 = known.sha256;
        file.bytes = known.bytes;
      }
      TRY(run(db_,
              "INSERT INTO evidence VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
              {report_id, position, file_position++, file.path, file.told_sha256, file.sha256, file.file_name,
               file.extension, file.bytes, file.thumbnail_path, file.thumbnail_sha256, file.thumbnail_bytes}));
    }
    ++position;
  }
  return Ok{};
}

Result<Ok> Repository::set_evidence(std::string_view report_id, std::string_view path, std::string_view sha256,
                                    std::int64_t bytes) {
  return run(db_, "UPDATE evidence SET sha256=?3,bytes=?4 WHERE report_id=?1 AND path=?2",
             {report_id, path, sha256, bytes});
}

Result<Ok> Repository::set_evidence_thumbnail(std::string_view report_id, std::string_view path, std::string_view sha256,
                                              std::int64_t bytes) {
  return run(db_, "UPDATE evidence SET thumbnail_sha256=?3,thumbnail_bytes=?4 WHERE report_id=?1 AND thumbnail_path=?2",
             {report_id, path, sha256, bytes});
}

// --- Receipts -------------------------------------------------------------------------------------

Result<Ok> Repository::save_receipt(const StoredReceipt& receipt) {
  return run(db_, "INSERT INTO receipt(report_id,whole,jws) VALUES(?1,?2,?3) "
                  "ON CONFLICT(report_id,whole) DO UPDATE SET(jws,verdict)=(?3,0) WHERE verdict<>1",
             {receipt.report_id, receipt.whole, receipt.jws});
}

Result<Ok> Repository::judge_receipt(const StoredReceipt& receipt) {
  return run(db_, "UPDATE receipt SET verdict=?4 WHERE report_id=?1 AND whole=?2 AND jws=?3",
             {receipt.report_id, receipt.whole, receipt.jws, static_cast<int>(receipt.verdict)});
}

Result<std::vector<StoredReceipt>> Repository::unchecked_receipts() {
  return receipts_of(TRY(query(db_, "SELECT report_id,whole,jws,verdict FROM receipt WHERE verdict=0", {})));
}

Result<std::vector<StoredReceipt>> Repository::receipts(std::string_view report_id) {
  return receipts_of(TRY(query(db_, "SELECT report_id,whole,jws,verdict FROM receipt WHERE report_id=?1 "
                                    "ORDER BY verdict=1 DESC,whole DESC", {report_id})));
}

// --- Blobs ----------------------------------------------------------------------------------------

Result<std::vector<std::string>> Repository::blobs_of(std::string_view report_id) {
  Statement row = TRY(query(db_,
      "SELECT sha256 FROM photo WHERE report_id=?1 UNION SELECT thumbnail_sha256 FROM photo WHERE report_id=?1 "
      "UNION SELECT original_sha256 FROM photo WHERE report_id=?1 "
      "UNION SELECT sha256 FROM evidence WHERE report_id=?1 "
      "UNION SELECT thumbnail_sha256 FROM evidence WHERE report_id=?1", {report_id}));
  std::vector<std::string> blobs;
  while (TRY(row.step())) {
    if (!row.text(0).empty()) blobs.push_back(row.text(0));
  }
  return blobs;
}

Result<bool> Repository::is_blob_used(std::string_view sha256) {
  Statement row = TRY(query(db_,
      "SELECT EXISTS(SELECT 1 FROM photo WHERE sha256=?1) OR EXISTS(SELECT 1 FROM photo WHERE thumbnail_sha256=?1) "
      "OR EXISTS(SELECT 1 FROM photo WHERE original_sha256=?1 AND original_sha256<>'') "
      "OR EXISTS(SELECT 1 FROM evidence WHERE sha256=?1) "
      "OR EXISTS(SELECT 1 FROM evidence WHERE thumbnail_sha256=?1 AND thumbnail_sha256<>'')", {sha256}));
  if (!TRY(row.step())) return Error{ErrorCode::kInternal, "is_blob_used", "no row"};
  return row.flag(0);
}

// --- Settings -------------------------------------------------------------------------------------

Result<std::string> Repository::setting(std::string_view name) {
  Statement row = TRY(query(db_, "SELECT value FROM setting WHERE name=?1", {name}));
  if (!TRY(row.step())) return std::string();
  return row.text(0);
}

Result<Ok> Repository::set_setting(std::string_view name, std::string_view value) {
  return run(db_, "INSERT INTO setting(name,value) VALUES(?1,?2) ON CONFLICT(name) DO UPDATE SET value=?2",
             {name, value});
}

Result<StorageUse> Repository::storage_use() {
  Statement row = TRY(query(db_,
      "SELECT coalesce(sum(bytes+original_bytes),0),coalesce(sum(thumbnail_bytes),0),"
      "(SELECT coalesce(sum(bytes),0) FROM evidence WHERE sha256<>'')"
      "+(SELECT coalesce(sum(thumbnail_bytes),0) FROM evidence),"
      "(SELECT count(*) FROM report WHERE state=?1) FROM photo", {report::phone_state_name(PhoneState::kDraft)}));
  if (!TRY(row.step())) return Error{ErrorCode::kInternal, "storage_use", "no row"};
  StorageUse use{.photo_bytes = row.integer(0) + row.integer(1) + row.integer(2), .thumbnail_bytes = row.integer(1),
                 .evidence_bytes = row.integer(2), .drafts = static_cast<int>(row.integer(3))};
  for (const char* pragma : {"PRAGMA page_count", "PRAGMA page_size"}) {
    Statement value = TRY(db_.prepare(pragma));
    if (!TRY(value.step())) return Error{ErrorCode::kInternal, "storage_use", "no pragma"};
    use.database_bytes = use.database_bytes == 0 ? value.integer(0) : use.database_bytes * value.integer(0);
  }
  return use;
}

}  // namespace titik::store
