// Everything that is in one database, into another that is empty: for backups, for restoring them, and for the way
// from SQLite to PostgreSQL and back. One of the two is SQLite.
#pragma once

#include "base/result.h"
#include "serve/sql.h"

namespace titik::serve {

// `from` as it is at one moment; others may write to it meanwhile. Both have this program's schema. kConflict: `to`
// is not empty. Afterwards the changes feed of `to` has numbers that `from` has not given, nor soon gives: a phone
// that saw what was lost between a backup and its restoring asks for everything anew. So has its outbox: no mark at
// SP4N-LAPOR! stands for two things.
Result<Ok> copy_database(Sql& from, Sql& to);

}  // namespace titik::serve
