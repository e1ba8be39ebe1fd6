// Phones, and other systems, whose token is taken back.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "serve/sql.h"
#include "serve/workflow.h"

namespace titik::serve {

// The other systems that have a token, or had one; never the token.
struct System {
  std::int64_t id = 0;
  std::string name;
  UnixMillis created_at = 0, revoked_at = 0;  // 0: not revoked
};
Result<std::vector<System>> systems(Sql& sql);

// From now on its token is unknown, and so are the codes it made; what it has sent stays. kNotFound: there is none, or it is an officer.
Result<Ok> revoke_caller(Sql& sql, std::int64_t caller_id, UnixMillis now);

// The phones that sent a report; answers how many still had a token. All codes of their reports are void, and nobody
// follows these by one any more. It stands in the report's history, for the office.
Result<int> revoke_devices_of(Sql& sql, std::int64_t tracking_id, const Actor& by, UnixMillis now);

}  // namespace titik::serve
