// Where database pages become durable. The VFS (paged_vfs.h) hands out one batch for each committed
// transaction; a PageStore makes it survive pulling the battery.
//
// Implementations: MemoryPageStore, FilePageStore (native), CrashingPageStore (a fake that stops at
// any write), and IndexedDB in the browser (web/). One conformance suite runs against all of them:
// page_store_conformance.h.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "base/result.h"

namespace titik::store {

inline constexpr std::uint32_t kPageSize = 8192;  // bytes
using PageNumber = std::uint32_t;                 // first page is 1, as in SQLite
using Page = std::vector<std::uint8_t>;           // kPageSize bytes
inline constexpr std::uint64_t kNewestCommit = (std::uint64_t{1} << 53) - 1;  // a JavaScript number holds it

// All pages that one or more consecutive commits changed.
struct PageBatch {
  std::uint64_t commit = 0;       // number of the newest commit in it; the first ever is 1, the last kNewestCommit
  PageNumber page_count = 0;      // size of the database after it; pages above are gone
  std::map<PageNumber, Page> pages;
};

// A whole database as found at start.
struct PageImage {
  std::uint64_t commit = 0;  // 0: nothing was ever stored
  PageNumber page_count = 0;
  std::map<PageNumber, Page> pages;
};

class PageStore {
 public:
  virtual ~PageStore() = default;
  PageStore() = default;
  PageStore(const PageStore&) = delete;
  PageStore& operator=(const PageStore&) = delete;

  using Done = std::function<void(Result<Ok>)>;

  // Makes `batch` durable, wholly or not at all, and then calls `done` (maybe before returning).
  // The caller never starts a second write before `done` of the first.
  // kStorage: nothing of the batch is stored; the caller keeps it and may try again.
  virtual void write(PageBatch batch, Done done) = 0;
};

}  // namespace titik::store
