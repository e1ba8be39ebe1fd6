// The tables of the server's database, and the way to them from every earlier version. The version is
// PRAGMA user_version, or PostgreSQL's table schema_version; migrations are numbered, only go forward, and never change once released.
#pragma once

#include "serve/sql.h"

namespace titik::serve {

inline constexpr int kSchemaVersion = 16;

// 0: no tables yet. The mutex must be held.
Result<std::int64_t> schema_version(Sql& sql);

// kUnsupported: a newer titik-serve wrote the database; nothing was touched. `to`: an earlier version for tests alone.
Result<Ok> migrate(Sql& sql, int to = kSchemaVersion);

}  // namespace titik::serve
