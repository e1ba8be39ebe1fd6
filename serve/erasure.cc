#include "serve/erasure.h"

#include <algorithm>
#include <optional>

#include "base/base64.h"
#include "base/json.h"
#include "serve/crypto.h"
#include "serve/entered.h"

namespace titik::serve {
namespace {

constexpr UnixMillis kLongestRequest = 10 * kMinute;
constexpr int kMostRounds = 5;
constexpr std::string_view kNobody = "(dihapus)";  // whose erased reports are

// upstream_report.status_seen of an erased report: what is known of it there. '' where it never was; in databases of
// before, '' also where there is a number to ask for.
constexpr std::string_view kToErase = "to_erase";
constexpr std::string_view kGone = "erased";
constexpr std::string_view kWhereToErase =
    "report.erased_at > 0 AND (status_seen = 'to_erase' OR (status_seen = '' AND upstream_id IS NOT NULL))";

Error no_device() { return Error{ErrorCode::kNotFound, "", "Perangkat ini tidak ada."}; }

// What is left of the words: what is counted.
std::string husk_of(std::string_view category_id, std::int64_t classification) {
  lapor::CreateRequest husk;
  husk.draft.category_id = category_id;
  husk.draft.classification = report::classification_from_number(classification).value_or(report::Classification::kComplaint);
  husk.draft.is_anonymous = true;
  husk.draft.is_secret = true;
  return lapor::write_create(husk);
}

Result<std::vector<std::int64_t>> numbers(Sql& sql, const char* statement, std::int64_t value) {
  Statement row = TRY(sql.prepare(statement));
  TRY(row.bind(1, value));
  std::vector<std::int64_t> found;
  while (TRY(row.step())) found.push_back(row.integer(0));
  return found;
}

// With the mutex held, unlike Workflow::row().
Result<bool> is_open_now(Sql& sql, std::int64_t tracking_id) {
  Statement row = TRY(sql.prepare("SELECT status FROM report WHERE tracking_id = ?1"));
  TRY(row.bind(1, tracking_id));
  if (!TRY(row.step())) return false;
  const std::optional<report::Status> status = report::status_from_name(row.text(0));
  return status && is_open(*status);
}

constexpr const char* kOneReport = "SELECT tracking_id FROM report WHERE tracking_id = ?1";
constexpr const char* kReportsOfDevice =
    "SELECT tracking_id FROM report WHERE caller_id = ?1 UNION SELECT tracking_id FROM follower WHERE caller_id = ?1 ORDER BY 1";

// Agencies' files that are the report's own photos, taken as "before": with the citizen's row gone nothing would keep
// them from the public (public_face_questions.cc).
// Not from before the citizen's, nor where another citizen's own photo is the same and still does that.
constexpr const char* kCopiesOfPhotos =
    "sha256 IN (SELECT mine.sha256 FROM file AS mine WHERE mine.tracking_id = ?1 AND mine.follow_up_id IS NULL) "
    "AND EXISTS (SELECT 1 FROM file AS own WHERE own.sha256 = file.sha256 AND own.tracking_id = ?1 "
    "AND own.follow_up_id IS NULL AND own.uploaded_at <= file.uploaded_at) "
    "AND NOT EXISTS (SELECT 1 FROM file AS other WHERE other.sha256 = file.sha256 AND other.follow_up_id IS NULL "
    "AND other.tracking_id IS NOT NULL AND other.tracking_id <> ?1) "
    "AND EXISTS (SELECT 1 FROM follow_up WHERE follow_up.id = file.follow_up_id AND follow_up.kind <> 'citizen')";

}  // namespace

Result<std::vector<std::int64_t>> reports_of_device(Sql& sql, std::int64_t caller_id) {
  const SqlLock lock(sql.mutex());
  return numbers(sql, kReportsOfDevice, caller_id);
}

Result<std::int64_t> device_of_report(Sql& sql, std::int64_t tracking_id) {
  const SqlLock lock(sql.mutex());
  const std::vector<std::int64_t> found = TRY(numbers(
      sql, "SELECT caller.id FROM report JOIN caller ON caller.id = report.caller_id WHERE tracking_id = ?1 AND kind = 'device'", tracking_id));
  if (found.empty()) {
    return Error{ErrorCode::kNotFound, "",
                 "Laporan ini tidak ada, atau tidak datang dari ponsel: pakailah erase-report atau export-report dengan nomornya."};
  }
  return found.front();
}

Result<std::vector<PassedOn>> to_erase_upstream(Sql& sql) {
  const SqlLock lock(sql.mutex());
  Statement row = TRY(sql.prepare("SELECT report.tracking_id, upstream_id FROM upstream_report JOIN report ON report.tracking_id = upstream_report.tracking_id "
                                  "WHERE " + std::string(kWhereToErase) + " ORDER BY erased_at, report.tracking_id"));
  std::vector<PassedOn> found;
  while (TRY(row.step())) found.push_back({row.integer(0), row.text(1)});
  return found;
}

Result<Ok> erased_upstream(Sql& sql, std::int64_t tracking_id, std::string_view upstream_id) {
  const SqlLock lock(sql.mutex());
  return sql.transaction([&]() -> Result<Ok> {
    Statement known = TRY(sql.prepare("SELECT upstream_id FROM upstream_report JOIN report ON report.tracking_id = upstream_report.tracking_id "
                                      "WHERE report.tracking_id = ?1 AND " + std::string(kWhereToErase)));
    TRY(known.bind(1, tracking_id));
    if (!TRY(known.step())) return Error{ErrorCode::kNotFound, "", "Laporan ini tidak menunggu penghapusan di SP4N-LAPOR!."};
    const std::string number = known.text(0);
    known.reset();
    if (!upstream_id.empty() && !number.empty() && number != upstream_id) {
      return Error{ErrorCode::kConflict, "", "Laporan ini bernomor " + number + " di SP4N-LAPOR!."};
    }
    if (!upstream_id.empty() && number.empty()) {
      Statement other = TRY(sql.prepare("SELECT 1 FROM upstream_report WHERE upstream_id = ?1"));
      TRY(other.bind(1, upstream_id));
      if (TRY(other.step())) return Error{ErrorCode::kConflict, "--id", "nomor itu milik laporan lain"};
      other.reset();
      Statement row = TRY(sql.prepare("UPDATE upstream_report SET upstream_id = ?2 WHERE tracking_id = ?1"));
      TRY(row.bind_all(tracking_id, upstream_id));
      TRY(row.run());
    }
    Statement row = TRY(sql.prepare("UPDATE upstream_report SET status_seen = ?2 WHERE tracking_id = ?1"));
    TRY(row.bind_all(tracking_id, kGone));
    return row.run();
  });
}

Result<Ok> Erasure::run(const char* statement, std::int64_t first) {
  Statement row = TRY(repository_.sql().prepare(statement));
  TRY(row.bind(1, first));
  return row.run();
}

Result<Ok> Erasure::run(const char* statement, std::int64_t first, std::int64_t second) {
  Statement row = TRY(repository_.sql().prepare(statement));
  TRY(row.bind_all(first, second));
  return row.run();
}

// No phone and no officer: its token is random and known to nobody.
Result<std::int64_t> Erasure::nobody(UnixMillis now) {
  Sql& sql = repository_.sql();
  Statement known = TRY(sql.prepare("SELECT id FROM caller WHERE kind = 'office' AND name = ?1"));
  TRY(known.bind(1, kNobody));
  if (TRY(known.step())) return known.integer(0);
  Statement row = TRY(sql.prepare("INSERT INTO caller(kind, name, token_sha256, created_at) VALUES ('office', ?1, ?2, ?3) RETURNING id"));
  TRY(row.bind_all(kNobody, sha256_hex(random_hex(32)), now));
  return row.insert();
}

// Clocks that would escalate an empty report are stopped the way they always are.
Result<Ok> Erasure::end_case(std::int64_t tracking_id, UnixMillis now) {
  if (!is_open(TRY(workflow_.row(tracking_id)).subject.status)) return Ok{};
  Actor actor = system_actor();
  actor.role = Role::kAdministrator;
  Step step{.action = Action::kArchive, .text = "Data laporan ini dihapus."};
  Result<Done> done = workflow_.take(tracking_id, actor, step, now);
  if (done.ok()) return Ok{};
  step.action = Action::kClose;  // an agency is at work on it
  done = workflow_.take(tracking_id, actor, step, now);
  if (done.ok()) return Ok{};
  // Somebody else may have ended it between the look and the step.
  if (done.error().code == ErrorCode::kConflict && !is_open(TRY(workflow_.row(tracking_id)).subject.status)) return Ok{};
  return std::move(done).error();
}

Result<Ok> Erasure::remove_files(const std::string& where, std::int64_t value, std::vector<std::string>& hashes) {
  Sql& sql = repository_.sql();
  {
    Statement row = TRY(sql.prepare("SELECT DISTINCT sha256 FROM file WHERE " + where));
    TRY(row.bind(1, value));
    while (TRY(row.step())) hashes.push_back(row.text(0));
  }
  for (const std::string& statement :
       {"DELETE FROM upload WHERE file_id IN (SELECT id FROM file WHERE " + where + ")",
        "DELETE FROM upstream_file WHERE file_id IN (SELECT id FROM file WHERE " + where + ")",
        "DELETE FROM proof WHERE file_id IN (SELECT id FROM file WHERE " + where + ")",
        "DELETE FROM file WHERE " + where}) {
    TRY(run(statement.c_str(), value));
  }
  return Ok{};
}

// Halves of photos that a phone is still sending for this report, and those that came when it was not waited for any
// more. What an upload says of itself is kept as it came: "report" and the report's key in base64.
Result<Ok> Erasure::remove_uploads(std::string_view report_id, Gone& gone) {
  if (report_id.empty()) return Ok{};
  Statement row = TRY(repository_.sql().prepare("SELECT id, file_id FROM upload WHERE metadata LIKE ?1"));
  TRY(row.bind(1, "%report " + to_base64(report_id) + "%"));
  std::vector<std::int64_t> files;
  while (TRY(row.step())) {
    gone.uploads.push_back(row.integer(0));
    if (!row.is_null(1)) files.push_back(row.integer(1));
  }
  row.reset();
  for (const std::int64_t id : gone.uploads) TRY(run("DELETE FROM upload WHERE id = ?1", id));
  for (const std::int64_t id : files) TRY(remove_files("id = ?1 AND tracking_id IS NULL", id, gone.hashes));
  return Ok{};
}

// Nothing waits, nothing was seen, and nothing begins: the row says that all there is has been told. It keeps the number
// there, or a list that shows it would bring it again, and nobody could tell what to have erased.
Result<Ok> Erasure::seal_for_link(std::int64_t tracking_id, Erased& erased) {
  Sql& sql = repository_.sql();
  Statement known = TRY(sql.prepare(
      "SELECT upstream_id, origin, (SELECT count(*) FROM outbox WHERE outbox.tracking_id = report.tracking_id AND kind = 'create' AND sent_at > 0), "
      "status, agency_id FROM report LEFT JOIN upstream_report ON upstream_report.tracking_id = report.tracking_id WHERE report.tracking_id = ?1"));
  TRY(known.bind(1, tracking_id));
  TRY(known.step());
  const std::string number = known.text(0), status = known.text(3), agency_id = known.text(4);
  const std::string_view origin = known.text(1) == "theirs" ? "theirs" : "ours";
  const bool may_be_there = !number.empty() || known.integer(2) > 0;
  known.reset();
  if (may_be_there) erased.passed_on.push_back({tracking_id, number});
  for (const char* table : {"outbox", "upstream_seen", "upstream_report"}) {
    TRY(run(("DELETE FROM " + std::string(table) + " WHERE tracking_id = ?1").c_str(), tracking_id));
  }
  Statement sealed = TRY(sql.prepare(
      "INSERT INTO upstream_report(tracking_id, upstream_id, origin, status_told, agency_told, follow_ups_after, status_seen, next_poll_at, "
      "poll_wait, news_at) VALUES (?1, ?2, ?3, ?4, ?5, 9223372036854775807, ?6, 0, 0, 0)"));
  TRY(sealed.bind_all(tracking_id, number.empty() ? std::nullopt : std::optional(number), origin, status, agency_id,
                      may_be_there ? kToErase : std::string_view()));
  return sealed.run();
}

Result<Ok> Erasure::empty_report(std::int64_t tracking_id, const Actor& by, UnixMillis now, Gone& gone) {
  Sql& sql = repository_.sql();
  std::vector<std::string>& hashes = gone.hashes;
  Statement about = TRY(sql.prepare("SELECT category_id, classification, report_id, erased_at FROM report WHERE tracking_id = ?1"));
  TRY(about.bind(1, tracking_id));
  if (!TRY(about.step())) return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  if (about.integer(3) > 0) return Ok{};
  const std::string husk = husk_of(about.text(0), about.integer(1));
  const std::string report_id = about.text(2);
  about.reset();
  const std::string channel = TRY(channel_of(sql, tracking_id));

  // 1. Photos, and what was made of them.
  TRY(remove_files(kCopiesOfPhotos, tracking_id, hashes));
  TRY(remove_files("tracking_id = ?1", tracking_id, hashes));
  TRY(remove_uploads(report_id, gone));
  TRY(run("DELETE FROM proof WHERE tracking_id = ?1", tracking_id));
  TRY(run("DELETE FROM pending_photo WHERE tracking_id = ?1", tracking_id));
  // 2. Words: the citizen's, and the agencies', which answer them. That there was an answer, and when, is counted.
  const std::int64_t nobodys = TRY(nobody(now));
  TRY(run("UPDATE follow_up SET content = '', content_sha256 = '', template_code = '', idempotency_key = NULL, "
          "caller_id = CASE WHEN kind = 'citizen' THEN ?2 ELSE caller_id END WHERE tracking_id = ?1", tracking_id, nobodys));
  TRY(run("UPDATE history SET text = '', note = '', actor_id = CASE WHEN actor_role = 'citizen' THEN 0 ELSE actor_id END "
          "WHERE tracking_id = ?1", tracking_id));
  // 3. The report, hidden like a secret one; what was public goes on being counted as such. Its key stays, a random number: whoever has a copy of it must not send it in once more.
  Statement report = TRY(sql.prepare(
      "UPDATE report SET caller_id = ?2, content_sha256 = '', request = ?3, title = '', "
      "erased_from_public = CASE is_secret WHEN 0 THEN 1 ELSE erased_from_public END, is_secret = 1, latitude = NULL, longitude = NULL, "
      "identity_removed_at = ?4, photos_removed_at = ?4, erased_at = ?4, channel = ?5 WHERE tracking_id = ?1"));
  TRY(report.bind_all(tracking_id, nobodys, husk, now, channel));
  TRY(report.run());
  TRY(run("UPDATE public_report SET title = '' WHERE tracking_id = ?1", tracking_id));
  TRY(run("UPDATE entered_report SET contact_name = '', contact_phone = '' WHERE tracking_id = ?1", tracking_id));
  // 4. Who it was of, and who followed it.
  for (const char* table : {"signed_receipt", "follower", "watcher", "claim_code", "access_log"}) {
    TRY(run(("DELETE FROM " + std::string(table) + " WHERE tracking_id = ?1").c_str(), tracking_id));
  }
  // 5. The link.
  TRY(seal_for_link(tracking_id, gone.erased));
  // 6. That it happened, for the office; with it the public face hears of it.
  const bool is_citizen = by.role == Role::kCitizen;
  TRY(add_history(sql, tracking_id, {.at = now, .action = "erase", .actor_kind = std::string(actor_kind_name(by.kind)),
                                     .actor_role = std::string(role_name(by.role)), .actor_name = is_citizen ? "" : by.name,
                                     .actor_id = is_citizen ? 0 : by.id}));
  Statement log = TRY(sql.prepare(
      "INSERT INTO access_log(day, actor_kind, actor_id, actor_name, tracking_id, first_at, last_at, times) "
      "VALUES (?1, 'erasure', ?2, ?3, ?4, ?5, ?5, 1)"));
  TRY(log.bind_all(now / kDay, is_citizen ? 0 : by.id, is_citizen ? std::string() : by.name, tracking_id, now));
  TRY(log.run());
  gone.erased.reports.push_back(tracking_id);
  return Ok{};
}

Result<Ok> Erasure::remove_device(std::int64_t caller_id, std::int64_t nobodys, Gone& gone) {
  TRY(remove_files("caller_id = ?1", caller_id, gone.hashes));
  const std::vector<std::int64_t> uploads = TRY(numbers(repository_.sql(), "SELECT id FROM upload WHERE caller_id = ?1", caller_id));
  gone.uploads.insert(gone.uploads.end(), uploads.begin(), uploads.end());
  TRY(run("UPDATE follow_up SET content = '', content_sha256 = '', idempotency_key = NULL, caller_id = ?2 WHERE caller_id = ?1", caller_id, nobodys));
  TRY(run("UPDATE history SET actor_id = 0, text = CASE WHEN note = '' THEN text ELSE '' END, note = '' "
          "WHERE actor_role = 'citizen' AND actor_id = ?1", caller_id));
  for (const char* statement :
       {"DELETE FROM upload WHERE caller_id = ?1", "DELETE FROM affected WHERE caller_id = ?1", "DELETE FROM confirmation WHERE caller_id = ?1",
        "DELETE FROM watcher WHERE caller_id = ?1", "DELETE FROM claim_code WHERE used_by = ?1 OR made_by = ?1",
        "DELETE FROM caller WHERE id = ?1"}) {
    TRY(run(statement, caller_id));
  }
  return Ok{};
}

// True: its bytes are gone.
Result<bool> Erasure::remove_content(const std::string& sha256, UnixMillis now) {
  {
    Sql& sql = repository_.sql();
    const SqlLock lock(sql.mutex());
    Statement named = TRY(sql.prepare("SELECT 1 FROM file WHERE sha256 = ?1"));
    TRY(named.bind(1, sha256));
    if (TRY(named.step())) return false;
    named.reset();
    Statement picture = TRY(sql.prepare("DELETE FROM picture WHERE sha256 = ?1"));
    TRY(picture.bind(1, sha256));
    TRY(picture.run());
  }
  return files_.remove(sha256, now - kLongestRequest);
}

// The rows are gone for good: nothing after that may turn the answer into a failure.
void Erasure::finish(const Gone& gone, UnixMillis now, Erased& erased) {
  for (const std::int64_t id : gone.uploads) {
    if (const Result<Ok> removed = partial_files_.take(id).remove(); !removed.ok()) erased.faults.push_back(removed.error());
  }
  for (const std::string& sha256 : gone.hashes) {
    const Result<bool> removed = remove_content(sha256, now);
    ++(removed.ok() && *removed ? erased.contents : erased.left);
    if (!removed.ok()) erased.faults.push_back(removed.error());
  }
}

// With the mutex held.
Result<std::vector<std::int64_t>> Erasure::reports_in(Scope scope, std::int64_t id) {
  std::vector<std::int64_t> found = TRY(numbers(repository_.sql(), scope == Scope::kDevice ? kReportsOfDevice : kOneReport, id));
  if (found.empty() && scope == Scope::kReport) return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  return found;
}

Result<Ok> Erasure::empty_rows(Scope scope, std::int64_t id, const Actor& by, UnixMillis now, Gone& gone) {
  Sql& sql = repository_.sql();
  // Meanwhile the phone may add a report, or open one again.
  for (int round = 0; round < kMostRounds; ++round) {
    std::vector<std::int64_t> reports;
    {
      const SqlLock lock(sql.mutex());
      reports = TRY(reports_in(scope, id));
    }
    for (const std::int64_t report : reports) TRY(end_case(report, now));
    gone = Gone{};
    bool is_ended = true;
    const SqlLock lock(sql.mutex());
    TRY(sql.transaction([&]() -> Result<Ok> {
      reports = TRY(reports_in(scope, id));
      for (const std::int64_t report : reports) is_ended = is_ended && !TRY(is_open_now(sql, report));
      if (!is_ended) return Ok{};
      for (const std::int64_t report : reports) TRY(empty_report(report, by, now, gone));
      return scope == Scope::kDevice ? remove_device(id, TRY(nobody(now)), gone) : Result<Ok>(Ok{});
    }));
    if (is_ended) return Ok{};
  }
  return Error{ErrorCode::kStorage, "erasure", "reports are opened faster than they are ended"};
}

Result<Erased> Erasure::person(std::int64_t caller_id, const Actor& by, UnixMillis now) {
  Sql& sql = repository_.sql();
  {
    const SqlLock lock(sql.mutex());
    if (TRY(numbers(sql, "SELECT id FROM caller WHERE id = ?1 AND kind = 'device'", caller_id)).empty()) return no_device();
  }
  // 1. All rows, or none; the token goes with them, so that after a failure the phone can ask again.
  Gone gone;
  TRY(empty_rows(Scope::kDevice, caller_id, by, now, gone));
  // 2. What lies on the disk.
  finish(gone, now, gone.erased);
  // 3. What was written over.
  if (const Result<Ok> emptied = empty_journal(); !emptied.ok()) gone.erased.faults.push_back(emptied.error());
  return std::move(gone.erased);
}

Result<Erased> Erasure::report(std::int64_t tracking_id, const Actor& by, UnixMillis now) {
  Gone gone;
  TRY(empty_rows(Scope::kReport, tracking_id, by, now, gone));
  finish(gone, now, gone.erased);
  return std::move(gone.erased);
}

Result<Ok> Erasure::empty_journal() {
  Sql& sql = repository_.sql();
  const SqlLock lock(sql.mutex());
  return sql.dialect() == Dialect::kSqlite ? sql.execute("PRAGMA wal_checkpoint(TRUNCATE)") : Result<Ok>(Ok{});
}

Result<Ok> Erasure::identity(std::int64_t tracking_id, UnixMillis now) {
  Sql& sql = repository_.sql();
  const SqlLock lock(sql.mutex());
  return sql.transaction([&]() -> Result<Ok> {
    Statement row = TRY(sql.prepare("SELECT request FROM report WHERE tracking_id = ?1"));
    TRY(row.bind(1, tracking_id));
    if (!TRY(row.step())) return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
    Json request = TRY(parse_json(row.text(0)));
    row.reset();
    for (const char* name : {"nameUser", "phoneUser", "emailUser"}) request.erase(name);
    request["is_new_user_slider"] = false;
    // The hash of all that was written would still tell whose it was, to who tries names and numbers.
    Statement report = TRY(sql.prepare("UPDATE report SET request = ?2, content_sha256 = '', identity_removed_at = ?3 WHERE tracking_id = ?1"));
    TRY(report.bind_all(tracking_id, to_text(request), now));
    TRY(report.run());
    return run("UPDATE entered_report SET contact_name = '', contact_phone = '' WHERE tracking_id = ?1", tracking_id);
  });
}

Result<Erased> Erasure::photos(std::int64_t tracking_id, UnixMillis now) {
  Gone gone;
  {
    Sql& sql = repository_.sql();
    const SqlLock lock(sql.mutex());
    TRY(sql.transaction([&]() -> Result<Ok> {
      TRY(remove_files(kCopiesOfPhotos, tracking_id, gone.hashes));
      TRY(remove_files("tracking_id = ?1 AND (follow_up_id IS NULL OR follow_up_id IN "
                       "(SELECT id FROM follow_up WHERE tracking_id = ?1 AND kind = 'citizen'))",
                       tracking_id, gone.hashes));
      TRY(run("DELETE FROM pending_photo WHERE tracking_id = ?1", tracking_id));
      return run("UPDATE report SET photos_removed_at = ?2 WHERE tracking_id = ?1", tracking_id, now);
    }));
  }
  finish(gone, now, gone.erased);
  return std::move(gone.erased);
}

}  // namespace titik::serve
