#include "store/crashing_page_store.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace titik::store {

CrashingPageStore::CrashingPageStore(StoredImage disk) : disk_(std::move(disk)) {
  const Result<PageImage> image = checked_image(disk_);
  assert(image.ok());
  sums_ = PageSums(image.value());
}

void CrashingPageStore::stop_at(std::uint64_t write, Fate fate, std::uint64_t seed) {
  writes_until_stop_ = write;
  fate_ = fate;
  seed_ = seed;
}

void CrashingPageStore::write(PageBatch batch, Done done) {
  assert(!held_ && "the caller waits for the first write before it starts a second");
  if (stopped_) return;
  if (hold_) {
    held_ = Held{std::move(batch), std::move(done)};
    return;
  }
  finish(std::move(batch), done);
}

void CrashingPageStore::release() {
  if (!held_ || stopped_) return;
  Held held = *std::exchange(held_, std::nullopt);
  finish(std::move(held.batch), held.done);
}

void CrashingPageStore::finish(PageBatch batch, const Done& done) {
  if (failures_ > 0) {
    --failures_;
    return done(Error{ErrorCode::kStorage, "pages", "the quota is used up (simulated)"});
  }
  if (writes_until_stop_ > 0 && --writes_until_stop_ == 0) {
    stopped_ = true;
    return crash_on(batch);
  }
  apply(disk_, batch, sums_.head_after(batch));
  sums_.accept(batch);
  if (observer_) observer_(disk_);
  done(Ok{});
}

void CrashingPageStore::crash_on(const PageBatch& batch) {
  if (fate_ == Fate::kDropped) return;
  const StoredImage before = disk_;
  apply(disk_, batch, sums_.head_after(batch));
  if (fate_ == Fate::kTornPage && !batch.pages.empty()) {
    auto torn = std::next(batch.pages.begin(), static_cast<long>(seed_ % batch.pages.size()));
    const auto old = before.pages.find(torn->first);
    Page& page = disk_.pages.at(torn->first).data;
    const auto edge = static_cast<long>(512 * (1 + seed_ / 64 % 15));  // bytes; a disk's sector
    if (old == before.pages.end()) {
      std::fill(page.begin() + edge, page.end(), std::uint8_t{0});
    } else {
      std::copy(old->second.data.begin() + edge, old->second.data.end(), page.begin() + edge);
    }
  }
  if (fate_ == Fate::kTornBatch) {
    const std::size_t parts = batch.pages.size() + 1;  // the head is the last
    const std::size_t stored = seed_ % parts;
    disk_.head = before.head;
    std::size_t index = 0;
    for (const auto& [number, page] : batch.pages) {
      if (index++ < stored) continue;
      const auto old = before.pages.find(number);
      if (old == before.pages.end()) {
        disk_.pages.erase(number);
      } else {
        disk_.pages[number] = old->second;
      }
    }
  }
  if (observer_) observer_(disk_);
}

}  // namespace titik::store
