// The tables of the server's database, and the way to them from every earlier version. The version is
// PRAGMA user_version, or PostgreSQL's table schema_version; migrations are numbered, only go forward, and never change once released.
#pragma once

#include <string_view>

#include "serve/sql.h"

namespace titik::serve {

inline constexpr int kSchemaVersion = 16;

// next_due() of a report (workflow_store.h) in SQL, as the index report_open_due has it.
inline constexpr std::string_view kNextDue =
    "(CASE WHEN held_at <> 0 OR closed_at <> 0 THEN 9000000000000000 WHEN follow_up_stopped_at = 0 AND follow_up_due_at > 0 THEN follow_up_due_at "
    "WHEN status = 'ditanggapi_pelapor' AND escalates_at > 0 THEN escalates_at ELSE 9000000000000000 END)";

// 0: no tables yet. The mutex must be held.
Result<std::int64_t> schema_version(Sql& sql);

// kUnsupported: a newer titik-serve wrote the database; nothing was touched. `to`: an earlier version for tests alone.
Result<Ok> migrate(Sql& sql, int to = kSchemaVersion);

}  // namespace titik::serve
