// Pages kept in memory: for tests, and for a browser that refuses to store anything.
#pragma once

#include "store/page_check.h"
#include "store/page_store.h"

namespace titik::store {

class MemoryPageStore : public PageStore {
 public:
  MemoryPageStore() = default;

  // Answers before it returns; never fails.
  void write(PageBatch batch, Done done) override;

  // What a start would find.
  [[nodiscard]] Result<PageImage> load() const { return checked_image(stored_); }

 private:
  StoredImage stored_;
  PageSums sums_;
};

}  // namespace titik::store
