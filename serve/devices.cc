#include "serve/devices.h"

#include "serve/workflow_store.h"

namespace titik::serve {

Result<Ok> revoke_caller(Sql& sql, std::int64_t caller_id, UnixMillis now) {
  const SqlLock lock(sql.mutex());
  Statement row = TRY(sql.prepare("UPDATE caller SET revoked_at = ?2 WHERE id = ?1 AND kind <> 'office'"));
  TRY(row.bind_all(caller_id, now));
  TRY(row.run());
  if (row.changes() != 1) return Error{ErrorCode::kNotFound, "", "Perangkat ini tidak ada."};
  return Ok{};
}

Result<int> revoke_devices_of(Sql& sql, std::int64_t tracking_id, const Actor& by, UnixMillis now) {
  const SqlLock lock(sql.mutex());
  return sql.transaction([&]() -> Result<int> {
    Statement row = TRY(sql.prepare(
        "UPDATE caller SET revoked_at = ?2 WHERE kind = 'device' AND revoked_at = 0 AND id IN "
        "(SELECT caller_id FROM report WHERE tracking_id = ?1 UNION SELECT caller_id FROM follower WHERE tracking_id = ?1)"));
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
