// The tables of the phone's database, and the way to them from every earlier version.
//
// The version is kept in PRAGMA user_version. Migrations are numbered, only go forward, and are never
// changed once released: a new table or column is a new migration at the end of the list.
#pragma once

#include "base/result.h"
#include "store/database.h"

namespace titik::store {

inline constexpr int kSchemaVersion = 5;

// Brings `db` to kSchemaVersion, each step in a transaction of its own.
// kUnsupported: the database was written by a newer version of the app; nothing was touched.
Result<Ok> migrate(Database& db);

}  // namespace titik::store
