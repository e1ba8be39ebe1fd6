// Reads what can be read of a damaged database into a new one (docs/storage-format.md, Damage).
//
// Rows are looked for page by page, not by SQLite's trees: a leaf is read wherever it lies, whatever
// became of the pages above it, of the list of tables in page 1, and of the head.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "store/page_check.h"

namespace titik::store {

// `damaged` may be anything. Photos whose report is lost get a draft with its id, made at `now`.
// Answers a sound database of kSchemaVersion as its commit 1; how many reports are in it is its setting
// "recovered", until the citizen has been told. An error is one of our own code, or of memory: never of
// the damage.
Result<PageImage> recover(StoredImage damaged, UnixMillis now);

}  // namespace titik::store
