// SQLite over pages in memory that become durable one commit at a time. From start to "Tersimpan":
//
//   PageImage image = ...;                                // read and checked by the PageStore
//   CommitQueue queue(store, image.commit, events);
//   PagedFile file(std::move(image), [&](PageBatch batch) { queue.add(std::move(batch)); });
//   Database database = TRY(open_paged_database(file));
//   TRY(database.transaction(...));
//   queue.when_durable(file.commit_number(), [](Result<Ok> saved) { ... });
//
// Ends in the reverse order: database, file, queue, store.
#pragma once

#include <string>

#include "base/result.h"
#include "store/database.h"
#include "store/paged_file.h"

namespace titik::store {

// Opens the database with the pragmas that the VFS relies on: journal in memory, no temporary
// files, exclusive lock, our page size. Do not change them afterwards. kCorrupt when the pages are
// not a database, kStorage when the file is already open.
Result<Database> open_paged_database(PagedFile& file);

// The name of the VFS: SQLite's default on the phone, one beside the system's in native programs.
inline constexpr const char* kPagedVfsName = "titik-pages";

// For PagedFile. Answers the name that opens the file.
std::string register_paged_file(PagedFile* file);
void unregister_paged_file(const std::string& name);

}  // namespace titik::store
