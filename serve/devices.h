// Phones, and other systems, whose token is taken back.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "serve/sql.h"

namespace titik::serve {

// From now on its token is unknown; what it has sent stays. kNotFound: there is none, or it is an officer.
Result<Ok> revoke_caller(Sql& sql, std::int64_t caller_id, UnixMillis now);

}  // namespace titik::serve
