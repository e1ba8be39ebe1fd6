// What SQLite itself can say about the health of a database.
#pragma once

#include "base/result.h"
#include "store/database.h"

namespace titik::store {

// PRAGMA integrity_check, then PRAGMA foreign_key_check. kCorrupt with the first finding, else ok.
// Reads the whole database.
Result<Ok> check_integrity(Database& database);

}  // namespace titik::store
