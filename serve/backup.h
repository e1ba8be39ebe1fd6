// A copy of all that a city has: its database, as one SQLite file whatever it runs on, and its photos and documents,
// each checked by its hash. Made while the server runs.
//
//   DIR/titik.db      mode 0600: it holds what citizens wrote, and the key that signs receipts
//   DIR/files/        as in the data folder
//   DIR/backup.json   written last: {"made_at", "schema", "reports", "files", "damaged"}; without it the copy is not whole
//
// A file that is missing here, or not what its name says, does not keep all else from being copied: its hash stands under
// "damaged", and whoever made the backup is told.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "serve/config.h"
#include "serve/files.h"
#include "serve/sql.h"

namespace titik::serve {

struct BackupSummary {
  std::int64_t reports = 0;
  std::int64_t files = 0;
  std::int64_t bytes = 0;  // of the files
  std::vector<std::string> damaged;  // hashes of what the database names and the copy does not have
};

// The SHA-256 of every stored file that the database names, each once.
Result<std::vector<std::string>> stored_hashes(Sql& sql);

// The second half of a backup: the files that `copy` names. One that is gone, and that `live` names no more, was erased
// or swept since the copy was made, and leaves the copy too. What is else missing, or not what its name says, is noted.
Result<Ok> back_up_files(Sql& live, Sql& copy, const FileStore& from, FileStore& to, BackupSummary& summary);

// Makes `folder`, which must not be there, and removes it again when it fails. kCorrupt: most files are damaged or missing.
Result<BackupSummary> make_backup(const Config& config, const std::string& folder, UnixMillis now);

// Into a data folder and database that are empty. kNotFound: no backup, or not a whole one; kCorrupt: it is damaged.
Result<BackupSummary> restore_backup(const Config& config, const std::string& folder);

}  // namespace titik::serve
