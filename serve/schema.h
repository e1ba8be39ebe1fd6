// The tables of the server's database, and the way to them from every earlier version. The version is
// PRAGMA user_version; migrations are numbered, only go forward, and never change once released.
#pragma once

#include "store/database.h"

namespace titik::serve {

inline constexpr int kSchemaVersion = 6;

// kUnsupported: a newer titik-serve wrote the database; nothing was touched.
Result<Ok> migrate(store::Database& db);

}  // namespace titik::serve
