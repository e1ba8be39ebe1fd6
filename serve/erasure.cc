#include "serve/erasure.h"

#include <algorithm>
#include <optional>

#include "base/json.h"
#include "serve/crypto.h"

namespace titik::serve {
namespace {

constexpr UnixMillis kLongestRequest = 10 * kMinute;
constexpr int kMostRounds = 5;
constexpr std::string_view kNobody = "(dihapus)";  // whose erased reports are

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
  if (found.empty()) return Error{ErrorCode::kNotFound, "", "Laporan ini tidak ada, atau tidak datang dari ponsel."};
  return found.front();
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

Result<Ok> Erasure::empty_report(std::int64_t tracking_id, const Actor& by, UnixMillis now, std::vector<std::string>& hashes, Erased& erased) {
  Sql& sql = repository_.sql();
  Statement about = TRY(sql.prepare(
      "SELECT category_id, classification, status, agency_id, "
      "(SELECT upstream_id FROM upstream_report WHERE upstream_report.tracking_id = report.tracking_id), "
      "(SELECT count(*) FROM outbox WHERE outbox.tracking_id = report.tracking_id AND kind = 'create' AND sent_at > 0), "
      "(SELECT origin FROM upstream_report WHERE upstream_report.tracking_id = report.tracking_id) "
      "FROM report WHERE tracking_id = ?1"));
  TRY(about.bind(1, tracking_id));
  if (!TRY(about.step())) return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  const std::string husk = husk_of(about.text(0), about.integer(1));
  const std::string status = about.text(2), agency_id = about.text(3);
  if (!about.text(4).empty() || about.integer(5) > 0) erased.passed_on.push_back({tracking_id, about.text(4)});
  // One that came from there keeps its number, or it would be brought again.
  const bool is_theirs = about.text(6) == "theirs";
  const std::optional<std::string> number_there = is_theirs ? std::optional(about.text(4)) : std::nullopt;
  about.reset();

  // 1. Photos, and what was made of them.
  TRY(remove_files(kCopiesOfPhotos, tracking_id, hashes));
  TRY(remove_files("tracking_id = ?1", tracking_id, hashes));
  TRY(run("DELETE FROM proof WHERE tracking_id = ?1", tracking_id));
  TRY(run("DELETE FROM pending_photo WHERE tracking_id = ?1", tracking_id));
  // 2. Words: the citizen's, and the agencies', which answer them. That there was an answer, and when, is counted.
  const std::int64_t nobodys = TRY(nobody(now));
  TRY(run("UPDATE follow_up SET content = '', content_sha256 = '', template_code = '', idempotency_key = NULL, "
          "caller_id = CASE WHEN kind = 'citizen' THEN ?2 ELSE caller_id END WHERE tracking_id = ?1", tracking_id, nobodys));
  TRY(run("UPDATE history SET text = '', note = '', actor_id = CASE WHEN actor_role = 'citizen' THEN 0 ELSE actor_id END "
          "WHERE tracking_id = ?1", tracking_id));
  // 3. The report, hidden like a secret one; what was public goes on being counted as such (repository.h). Its key stays, a random number: whoever has a copy of it must not send it in once more.
  Statement report = TRY(sql.prepare(
      "UPDATE report SET caller_id = ?2, content_sha256 = '', request = ?3, title = '', is_secret = CASE WHEN is_secret = 1 THEN 1 ELSE 2 END, latitude = NULL, longitude = NULL, "
      "identity_removed_at = ?4, photos_removed_at = ?4, erased_at = ?4 WHERE tracking_id = ?1"));
  TRY(report.bind_all(tracking_id, nobodys, husk, now));
  TRY(report.run());
  TRY(run("UPDATE public_report SET title = '' WHERE tracking_id = ?1", tracking_id));
  TRY(run("UPDATE entered_report SET contact_name = '', contact_phone = '' WHERE tracking_id = ?1", tracking_id));
  // 4. Who it was of, and who followed it.
  for (const char* table : {"signed_receipt", "follower", "watcher", "claim_code", "access_log"}) {
    TRY(run(("DELETE FROM " + std::string(table) + " WHERE tracking_id = ?1").c_str(), tracking_id));
  }
  // 5. The link: nothing waits, nothing was seen, and nothing begins: the row says that all there is has been told.
  TRY(run("DELETE FROM outbox WHERE tracking_id = ?1", tracking_id));
  TRY(run("DELETE FROM upstream_seen WHERE tracking_id = ?1", tracking_id));
  TRY(run("DELETE FROM upstream_report WHERE tracking_id = ?1", tracking_id));
  Statement sealed = TRY(sql.prepare(
      "INSERT INTO upstream_report(tracking_id, upstream_id, origin, status_told, agency_told, follow_ups_after, status_seen, next_poll_at, "
      "poll_wait, news_at) VALUES (?1, ?4, ?5, ?2, ?3, 9223372036854775807, '', 0, 0, 0)"));
  TRY(sealed.bind_all(tracking_id, status, agency_id, number_there, is_theirs ? "theirs" : "ours"));
  TRY(sealed.run());
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
  erased.reports.push_back(tracking_id);
  return Ok{};
}

Result<Ok> Erasure::remove_device(std::int64_t caller_id, std::int64_t nobodys, std::vector<std::string>& hashes, std::vector<std::int64_t>& uploads) {
  TRY(remove_files("caller_id = ?1", caller_id, hashes));
  uploads = TRY(numbers(repository_.sql(), "SELECT id FROM upload WHERE caller_id = ?1", caller_id));
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
void Erasure::finish(const std::vector<std::string>& hashes, UnixMillis now, Erased& erased) {
  for (const std::string& sha256 : hashes) {
    const Result<bool> gone = remove_content(sha256, now);
    ++(gone.ok() && *gone ? erased.contents : erased.left);
    if (!gone.ok()) erased.faults.push_back(gone.error());
  }
}

Result<Ok> Erasure::empty_rows(std::int64_t caller_id, const Actor& by, UnixMillis now, Gone& gone) {
  Sql& sql = repository_.sql();
  // Meanwhile the phone may add a report, or open one again.
  for (int round = 0; round < kMostRounds; ++round) {
    for (const std::int64_t id : TRY(reports_of_device(sql, caller_id))) TRY(end_case(id, now));
    gone = Gone{};
    bool is_ended = true;
    const SqlLock lock(sql.mutex());
    TRY(sql.transaction([&]() -> Result<Ok> {
      const std::vector<std::int64_t> reports = TRY(numbers(sql, kReportsOfDevice, caller_id));
      for (const std::int64_t id : reports) is_ended = is_ended && !TRY(is_open_now(sql, id));
      if (!is_ended) return Ok{};
      for (const std::int64_t id : reports) TRY(empty_report(id, by, now, gone.hashes, gone.erased));
      return remove_device(caller_id, TRY(nobody(now)), gone.hashes, gone.uploads);
    }));
    if (is_ended) return Ok{};
  }
  return Error{ErrorCode::kStorage, "erasure", "reports of the device are opened faster than they are ended"};
}

Result<Erased> Erasure::person(std::int64_t caller_id, const Actor& by, UnixMillis now) {
  Sql& sql = repository_.sql();
  {
    const SqlLock lock(sql.mutex());
    if (TRY(numbers(sql, "SELECT id FROM caller WHERE id = ?1 AND kind = 'device'", caller_id)).empty()) return no_device();
  }
  // 1. All rows, or none; the token goes with them, so that after a failure the phone can ask again.
  Gone gone;
  TRY(empty_rows(caller_id, by, now, gone));
  // 2. What lies on the disk.
  Erased& erased = gone.erased;
  const auto note = [&](const Result<Ok>& done) {
    if (!done.ok()) erased.faults.push_back(done.error());
  };
  for (const std::int64_t id : gone.uploads) note(partial_files_.take(id).remove());
  finish(gone.hashes, now, erased);
  // 3. What was written over is in the journal still. While others read it stays there, until it is next emptied.
  const SqlLock lock(sql.mutex());
  if (sql.dialect() == Dialect::kSqlite) note(sql.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  return std::move(erased);
}

Result<Erased> Erasure::report(std::int64_t tracking_id, const Actor& by, UnixMillis now) {
  TRY(end_case(tracking_id, now));
  std::vector<std::string> hashes;
  Erased erased;
  {
    Sql& sql = repository_.sql();
    const SqlLock lock(sql.mutex());
    TRY(sql.transaction([&] { return empty_report(tracking_id, by, now, hashes, erased); }));
  }
  finish(hashes, now, erased);
  return erased;
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
  std::vector<std::string> hashes;
  Erased erased;
  {
    Sql& sql = repository_.sql();
    const SqlLock lock(sql.mutex());
    TRY(sql.transaction([&]() -> Result<Ok> {
      TRY(remove_files(kCopiesOfPhotos, tracking_id, hashes));
      TRY(remove_files("tracking_id = ?1 AND (follow_up_id IS NULL OR follow_up_id IN "
                       "(SELECT id FROM follow_up WHERE tracking_id = ?1 AND kind = 'citizen'))",
                       tracking_id, hashes));
      TRY(run("DELETE FROM pending_photo WHERE tracking_id = ?1", tracking_id));
      return run("UPDATE report SET photos_removed_at = ?2 WHERE tracking_id = ?1", tracking_id, now);
    }));
  }
  finish(hashes, now, erased);
  return erased;
}

}  // namespace titik::serve
