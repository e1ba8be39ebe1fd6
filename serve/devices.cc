#include "serve/devices.h"

namespace titik::serve {

Result<Ok> revoke_caller(Sql& sql, std::int64_t caller_id, UnixMillis now) {
  const SqlLock lock(sql.mutex());
  Statement row = TRY(sql.prepare("UPDATE caller SET revoked_at = ?2 WHERE id = ?1 AND kind <> 'office'"));
  TRY(row.bind_all(caller_id, now));
  TRY(row.run());
  if (row.changes() != 1) return Error{ErrorCode::kNotFound, "", "Perangkat ini tidak ada."};
  return Ok{};
}

}  // namespace titik::serve
