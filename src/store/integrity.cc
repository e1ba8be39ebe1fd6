#include "store/integrity.h"

namespace titik::store {

Result<Ok> check_integrity(Database& database) {
  Statement structure = TRY(database.prepare("PRAGMA integrity_check(1)"));
  if (!TRY(structure.step())) {
    return Error{ErrorCode::kInternal, "database", "integrity_check answered nothing"};
  }
  if (std::string finding = structure.text(0); finding != "ok") {
    return Error{ErrorCode::kCorrupt, "database", "integrity_check: " + finding};
  }
  structure.reset();

  Statement keys = TRY(database.prepare("PRAGMA foreign_key_check"));
  if (TRY(keys.step())) {
    return Error{ErrorCode::kCorrupt, "database",
                 "foreign_key_check: row " + std::to_string(keys.integer(1)) + " of " +
                     keys.text(0) + " refers to a missing row of " + keys.text(2)};
  }
  return Ok{};
}

}  // namespace titik::store
