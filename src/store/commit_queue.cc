#include "store/commit_queue.h"

#include <cassert>
#include <utility>

namespace titik::store {
namespace {

// One batch with the effect of `older`, then `newer`.
PageBatch merged(PageBatch older, PageBatch newer) {
  assert(older.commit < newer.commit);
  newer.pages.merge(older.pages);  // where both have a page, the newer one stays
  newer.pages.erase(newer.pages.upper_bound(newer.page_count), newer.pages.end());
  return newer;
}

}  // namespace

CommitQueue::CommitQueue(PageStore& store, std::uint64_t durable_commit, Events events)
    : store_(store), events_(std::move(events)), durable_(durable_commit), newest_(durable_commit) {}

void CommitQueue::add(PageBatch batch) {
  assert(batch.commit == newest_ + 1);
  newest_ = batch.commit;
  if (pending_) {
    pending_ = merged(*std::exchange(pending_, std::nullopt), std::move(batch));
  } else {
    pending_ = std::move(batch);
  }
  start_write();
}

void CommitQueue::retry() { start_write(); }

void CommitQueue::when_durable(std::uint64_t commit, Waiter waiter) {
  assert(commit <= newest_);
  if (commit <= durable_) return waiter(Ok{});
  if (failure_) return waiter(*failure_);
  waiters_.emplace(commit, std::move(waiter));
}

// Commit, step 3 (docs/storage-format.md): one write at a time.
void CommitQueue::start_write() {
  if (writing_ || !pending_) return;
  writing_ = std::exchange(pending_, std::nullopt);
  failure_.reset();
  const std::uint64_t commit = writing_->commit;
  store_.write(*writing_, [weak = std::weak_ptr(self_), commit](Result<Ok> result) {
    const auto self = weak.lock();
    if (!self) return;  // the queue has ended
    CommitQueue& queue = **self;
    assert(queue.writing_ && queue.writing_->commit == commit && "a store answers once");
    (void)commit;
    queue.finish_write(std::move(result));
  });
}

void CommitQueue::finish_write(Result<Ok> result) {
  if (result.ok()) {
    succeed();
  } else {
    fail(std::move(result).error());
  }
}

// Commit, step 5: durable. The state is settled before anyone is told, because who is told may
// come back to this queue.
void CommitQueue::succeed() {
  durable_ = writing_->commit;
  writing_.reset();
  std::vector<Waiter> told;
  for (auto i = waiters_.begin(); i != waiters_.end() && i->first <= durable_;) {
    told.push_back(std::move(i->second));
    i = waiters_.erase(i);
  }
  if (events_.on_durable) events_.on_durable(durable_);
  for (const Waiter& waiter : told) waiter(Ok{});
  start_write();
}

// Commit, step 6: not durable, and kept.
void CommitQueue::fail(Error error) {
  PageBatch kept = *std::exchange(writing_, std::nullopt);
  pending_ = pending_ ? merged(std::move(kept), *std::exchange(pending_, std::nullopt))
                      : std::move(kept);
  failure_ = error;
  auto told = std::exchange(waiters_, {});
  if (events_.on_failure) events_.on_failure(error);
  for (const auto& [commit, waiter] : told) waiter(error);
}

}  // namespace titik::store
