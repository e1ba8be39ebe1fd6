// One database as pages in memory, and the pages that changed since the last commit.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "store/page_store.h"

namespace titik::store {

class PagedFile {
 public:
  // Takes every page changed by one committed transaction. Called from inside SQLite's COMMIT:
  // it must not use the database.
  using CommitHandler = std::function<void(PageBatch)>;

  // Precondition: check_image(image). The file must outlive every Database opened on it and their
  // statements.
  PagedFile(PageImage image, CommitHandler on_commit);
  ~PagedFile();
  PagedFile(const PagedFile&) = delete;
  PagedFile& operator=(const PagedFile&) = delete;

  // The name under which the VFS finds this file.
  [[nodiscard]] const std::string& name() const { return name_; }
  // The number of the newest commit; 0 before the first.
  [[nodiscard]] std::uint64_t commit_number() const { return commit_; }
  [[nodiscard]] PageNumber page_count() const { return static_cast<PageNumber>(pages_.size()); }
  // All pages as one batch, of the newest commit: for a store that has lost its own. Precondition: no
  // transaction is open.
  [[nodiscard]] PageBatch whole() const;

  // What follows is for the VFS.

  // Precondition: 1 ≤ number ≤ page_count().
  [[nodiscard]] const Page& page(PageNumber number) const { return pages_[number - 1]; }
  // `bytes` is kPageSize long. Past the end, the pages between are made of zeros.
  void write(PageNumber number, const std::uint8_t* bytes);
  void resize(PageNumber page_count);
  // Hands the changed pages out with the next commit number; nothing when none changed.
  void commit();

  // Only one Database at a time: it keeps SQLite's lock to itself.
  bool open_once();
  void close() { open_ = false; }

 private:
  std::vector<Page> pages_;     // pages_[0] is page 1
  std::set<PageNumber> dirty_;  // changed since the last commit; none past the end
  bool resized_ = false;        // since the last commit
  std::uint64_t commit_ = 0;
  bool open_ = false;
  CommitHandler on_commit_;
  std::string name_;
};

}  // namespace titik::store
