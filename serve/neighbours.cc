#include "serve/neighbours.h"

#include <string>

#include "geo/distance.h"

namespace titik::serve {
namespace {

Error not_found() { return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."}; }

constexpr std::string_view kListed =
    "SELECT latitude, longitude FROM report WHERE tracking_id = ?1 AND is_secret = 0 "
    "AND status NOT IN ('diarsipkan_admin', 'diarsipkan_sistem')";

// When the agency last said that it was repaired, since the clocks began; 0: not.
Result<UnixMillis> repaired_at(Sql& sql, std::int64_t tracking_id) {
  Statement row = TRY(sql.prepare(
      "SELECT coalesce(max(follow_up.at), 0) FROM follow_up JOIN report ON report.tracking_id = follow_up.tracking_id "
      "WHERE follow_up.tracking_id = ?1 AND follow_up.kind = 'action' AND follow_up.at >= report.clocks_started_at"));
  TRY(row.bind(1, tracking_id));
  TRY(row.step());
  return row.integer(0);
}

}  // namespace

Result<Ok> Neighbours::require_listed(std::int64_t tracking_id) {
  Statement row = TRY(sql_.prepare(kListed));
  TRY(row.bind(1, tracking_id));
  if (!TRY(row.step())) return not_found();
  return Ok{};
}

Result<std::int64_t> count_affected(Sql& sql, std::int64_t tracking_id) {
  Statement row = TRY(sql.prepare("SELECT count(*) FROM affected WHERE tracking_id = ?1"));
  TRY(row.bind(1, tracking_id));
  TRY(row.step());
  return row.integer(0);
}

Result<std::int64_t> Neighbours::add_affected(std::int64_t tracking_id, std::int64_t caller_id, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<std::int64_t> {
    TRY(require_listed(tracking_id));
    Statement row = TRY(sql_.prepare("INSERT INTO affected(tracking_id, caller_id, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"));
    TRY(row.bind_all(tracking_id, caller_id, now));
    TRY(row.run());
    return count_affected(sql_, tracking_id);
  });
}

Result<std::int64_t> Neighbours::remove_affected(std::int64_t tracking_id, std::int64_t caller_id) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<std::int64_t> {
    TRY(require_listed(tracking_id));
    Statement row = TRY(sql_.prepare("DELETE FROM affected WHERE tracking_id = ?1 AND caller_id = ?2"));
    TRY(row.bind_all(tracking_id, caller_id));
    TRY(row.run());
    return count_affected(sql_, tracking_id);
  });
}

Result<std::vector<std::int64_t>> Neighbours::affecting(std::int64_t caller_id, int limit) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT tracking_id FROM affected WHERE caller_id = ?1 ORDER BY at DESC, tracking_id DESC LIMIT ?2"));
  TRY(row.bind_all(caller_id, limit));
  std::vector<std::int64_t> ids;
  while (TRY(row.step())) ids.push_back(row.integer(0));
  return ids;
}

Result<Neighbours::Words> Neighbours::confirm(std::int64_t tracking_id, std::int64_t caller_id, const Word& word, UnixMillis now) {
  if (!(word.accuracy_m <= kMostInaccurate)) {
    return Error{ErrorCode::kInvalidArgument, "place", "Lokasi ponsel belum cukup tepat. Tunggu sebentar di tempat terbuka, lalu coba lagi."};
  }
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Words> {
    Statement report = TRY(sql_.prepare(kListed));
    TRY(report.bind(1, tracking_id));
    if (!TRY(report.step())) return not_found();
    if (report.is_null(0) || report.is_null(1)) {
      return Error{ErrorCode::kConflict, "place", "Laporan ini tidak punya titik lokasi, jadi tidak dapat dikonfirmasi dari tempat."};
    }
    const double metres = geo::distance_m({report.number(0), report.number(1)}, word.from);
    report.reset();
    if (metres > kConfirmMetres) {
      return Error{ErrorCode::kInvalidArgument, "place", "Konfirmasi hanya dapat diberikan di dekat lokasi laporan (paling jauh 200 meter)."};
    }
    if (TRY(repaired_at(sql_, tracking_id)) == 0) {
      return Error{ErrorCode::kConflict, "status", "Belum ada perbaikan yang dilaporkan instansi untuk laporan ini."};
    }
    Statement row = TRY(sql_.prepare(
        "INSERT INTO confirmation(tracking_id, caller_id, works, distance_m, at) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT(tracking_id, caller_id) DO UPDATE SET works = excluded.works, distance_m = excluded.distance_m, at = excluded.at"));
    TRY(row.bind_all(tracking_id, caller_id, word.works, static_cast<std::int64_t>(metres), now));
    TRY(row.run());
    return count_words(sql_, tracking_id);
  });
}

Result<Neighbours::Words> count_words(Sql& sql, std::int64_t tracking_id) {
  Neighbours::Words words;
  const UnixMillis repaired = TRY(repaired_at(sql, tracking_id));
  if (repaired == 0) return words;
  Statement counts = TRY(sql.prepare("SELECT works, count(*) FROM confirmation WHERE tracking_id = ?1 AND at >= ?2 GROUP BY works"));
  TRY(counts.bind_all(tracking_id, repaired));
  while (TRY(counts.step())) (counts.flag(0) ? words.works : words.does_not_work) = counts.integer(1);
  return words;
}

}  // namespace titik::serve
