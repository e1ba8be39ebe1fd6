#include "serve/access_log.h"

#include "base/json.h"

namespace titik::serve {

bool is_confidential(const StoredReport& report) {
  if (report.is_secret) return true;
  const Result<Json> request = parse_json(report.request);
  return !request.ok() || !string_or(*request, "nameUser").empty() || !string_or(*request, "phoneUser").empty() ||
         !string_or(*request, "emailUser").empty();
}

Result<Ok> AccessLog::note(const Actor& actor, const StoredReport& report, UnixMillis now) {
  if (!is_confidential(report)) return Ok{};
  return note_shown(actor, report.tracking_id, now);
}

Result<Ok> AccessLog::note_shown(const Actor& actor, std::int64_t tracking_id, UnixMillis now) {
  if (actor.role == Role::kCitizen) return Ok{};
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare(
      "INSERT INTO access_log(day, actor_kind, actor_id, actor_name, tracking_id, first_at, last_at, times) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1) ON CONFLICT(day, actor_kind, actor_id, tracking_id) "
      "DO UPDATE SET last_at = excluded.last_at, times = access_log.times + 1"));
  TRY(row.bind_all(now / kDay, std::string(actor_kind_name(actor.kind)), actor.id, actor.name, tracking_id, now));
  return row.run();
}

Result<std::vector<Reading>> AccessLog::list(std::int64_t tracking_id, int limit) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare(
      "SELECT actor_kind, actor_name, actor_id, tracking_id, first_at, last_at, times FROM access_log "
      "WHERE tracking_id = ?1 OR ?1 = 0 ORDER BY last_at DESC, id DESC LIMIT ?2"));
  TRY(row.bind_all(tracking_id, limit));
  std::vector<Reading> readings;
  while (TRY(row.step())) {
    readings.push_back({row.text(0), row.text(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6)});
  }
  return readings;
}

Result<Ok> AccessLog::forget_before(UnixMillis time) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("DELETE FROM access_log WHERE last_at < ?1"));
  TRY(row.bind_all(time));
  return row.run();
}

}  // namespace titik::serve
