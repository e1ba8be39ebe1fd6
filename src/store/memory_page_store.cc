#include "store/memory_page_store.h"

namespace titik::store {

void MemoryPageStore::write(PageBatch batch, Done done) {
  apply(stored_, batch, sums_.head_after(batch));
  sums_.accept(batch);
  done(Ok{});
}

}  // namespace titik::store
