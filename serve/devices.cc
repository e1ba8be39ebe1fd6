#include "serve/devices.h"

#include <string>

#include "serve/workflow_store.h"

namespace titik::serve {
namespace {

Result<Ok> run(Sql& sql, const std::string& statement, std::int64_t value) {
  Statement row = TRY(sql.prepare(statement));
  TRY(row.bind(1, value));
  return row.run();
}

// Of the report ?1.
constexpr const char* kDevices =
    "SELECT id FROM caller WHERE kind = 'device' AND id IN "
    "(SELECT caller_id FROM report WHERE tracking_id = ?1 UNION SELECT caller_id FROM follower WHERE tracking_id = ?1)";

}  // namespace

Result<std::vector<System>> systems(Sql& sql) {
  const SqlLock lock(sql.mutex());
  Statement row = TRY(sql.prepare("SELECT id, name, created_at, revoked_at FROM caller WHERE kind = 'integration' ORDER BY id"));
  std::vector<System> out;
  while (TRY(row.step())) out.push_back({row.integer(0), row.text(1), row.integer(2), row.integer(3)});
  return out;
}

Result<Ok> revoke_caller(Sql& sql, std::int64_t caller_id, UnixMillis now) {
  const SqlLock lock(sql.mutex());
  return sql.transaction([&]() -> Result<Ok> {
    Statement row = TRY(sql.prepare("UPDATE caller SET revoked_at = ?2 WHERE id = ?1 AND kind <> 'office'"));
    TRY(row.bind_all(caller_id, now));
    TRY(row.run());
    if (row.changes() != 1) return Error{ErrorCode::kNotFound, "", "Perangkat ini tidak ada."};
    return run(sql, "DELETE FROM claim_code WHERE made_by = ?1", caller_id);
  });
}

Result<int> revoke_devices_of(Sql& sql, std::int64_t tracking_id, const Actor& by, UnixMillis now) {
  const SqlLock lock(sql.mutex());
  return sql.transaction([&]() -> Result<int> {
    // Who held a lost phone may have made codes, and followed by them, also of its other reports.
    const std::string devices = kDevices;
    const std::string reports = "SELECT tracking_id FROM report WHERE caller_id IN (" + devices +
                                ") UNION SELECT tracking_id FROM follower WHERE caller_id IN (" + devices + ")";
    for (const char* statement : {"DELETE FROM claim_code WHERE tracking_id IN (", "DELETE FROM watcher WHERE tracking_id IN ("}) {
      TRY(run(sql, statement + reports + ")", tracking_id));
    }
    Statement row = TRY(sql.prepare("UPDATE caller SET revoked_at = ?2 WHERE revoked_at = 0 AND id IN (" + devices + ")"));
    TRY(row.bind_all(tracking_id, now));
    TRY(row.run());
    const auto revoked = static_cast<int>(row.changes());
    if (revoked == 0) return 0;
    TRY(add_history(sql, tracking_id, {.at = now, .action = "revoke-devices", .actor_kind = std::string(actor_kind_name(by.kind)),
                                       .actor_role = std::string(role_name(by.role)), .actor_name = by.name, .actor_id = by.id}));
    return revoked;
  });
}

}  // namespace titik::serve
