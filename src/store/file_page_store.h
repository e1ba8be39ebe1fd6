// Pages in one folder of a file system, for native programs: the files `pages` and, while a batch
// is on its way, `journal` (docs/storage-format.md, Folder). POSIX only; not in the phone's build.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/page_check.h"
#include "store/page_store.h"

namespace titik::store {

class FilePageStore : public PageStore {
 public:
  struct Opened {
    std::unique_ptr<FilePageStore> store;
    PageImage image;
  };
  // Makes the folder when it is missing, finishes what a crash left, and reads and checks all
  // pages. kConflict: another process has the folder open. kCorrupt: the damage is in `where`, and
  // nothing was changed. kUnsupported: a newer format. kStorage: the file system refused.
  static Result<Opened> open(const std::string& folder);

  ~FilePageStore() override;

  // Answers before it returns.
  void write(PageBatch batch, Done done) override;

  // For tests: the process stops after `steps` more steps. A byte written is one step, so is every
  // sync, rename, removal and truncation. A stopped store changes nothing and answers nobody.
  // That is the death of the process; a loss of power, which also takes what was not synced, is
  // not played.
  void stop_after_for_test(std::uint64_t steps) { steps_left_ = steps; }
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  using Bytes = std::vector<std::uint8_t>;

  explicit FilePageStore(std::string folder) : folder_(std::move(folder)) {}
  Result<PageImage> start();
  Result<Ok> try_write(const PageBatch& batch);
  Result<Ok> write_journal(const PageBatch& batch, const Head& head);
  Result<Ok> apply_journal();
  Result<Ok> read_pages(StoredImage& stored);

  Result<Ok> write_at(int file, std::uint64_t offset, const Bytes& bytes);
  Result<Ok> sync(int file, const char* name);
  Result<Ok> take_step(const char* name);
  [[nodiscard]] Error failed(const char* name) const;
  [[nodiscard]] std::string path(const char* name) const { return folder_ + "/" + name; }

  std::string folder_;
  int folder_file_ = -1;  // to sync renames, and to hold the lock
  int pages_file_ = -1;
  bool journal_waits_ = false;  // durable, but not yet in `pages`
  PageSums sums_;
  std::uint64_t steps_left_ = UINT64_MAX;
  bool stopped_ = false;
};

}  // namespace titik::store
