// Brings commits to the PageStore, one write at a time and in order, so that what is durable is
// always a prefix of history; and knows which commits are.
//
// While a write is under way, later commits are merged into one batch that follows it. After a
// failure everything not yet durable is kept in one batch, which is tried again at retry() and at
// the next commit; nothing is dropped.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "store/page_store.h"

namespace titik::store {

// Not thread-safe. A store that answers within write() makes the events come from inside
// SQLite's COMMIT: their handlers must not use the database. No handler may end the queue.
class CommitQueue {
 public:
  struct Events {
    // All commits up to `commit` are durable. Rises with every call.
    std::function<void(std::uint64_t commit)> on_durable;
    // A write failed; its commits are kept. Called for every failed attempt.
    std::function<void(const Error& error)> on_failure;
  };
  using Waiter = std::function<void(Result<Ok>)>;

  // `durable_commit` is the commit of the image that the store had at start. The store must
  // outlive the queue.
  CommitQueue(PageStore& store, std::uint64_t durable_commit, Events events = {});
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // The handler of PagedFile. Precondition: batch.commit is newest_commit() + 1.
  void add(PageBatch batch);

  // Tries to write what is not yet durable; nothing to do while a write is under way.
  void retry();

  // Calls `waiter` once: with Ok when `commit` is durable (at once when it is already), with the
  // store's error when an attempt to write fails first (at once when it has failed and nothing is
  // under way). The commit is not lost by that: on_durable tells when it is durable after all.
  // A waiter that is asked for after transaction() returned may use the database.
  void when_durable(std::uint64_t commit, Waiter waiter);

  [[nodiscard]] std::uint64_t durable_commit() const { return durable_; }
  [[nodiscard]] std::uint64_t newest_commit() const { return newest_; }
  // The error of the last attempt; nothing when it succeeded or is under way.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  void start_write();
  void finish_write(Result<Ok> result);
  void succeed();
  void fail(Error error);

  PageStore& store_;
  Events events_;
  std::uint64_t durable_ = 0;
  std::uint64_t newest_ = 0;
  std::optional<PageBatch> writing_;  // given to the store, kept until it has answered
  std::optional<PageBatch> pending_;  // follows it
  std::optional<Error> failure_;
  std::multimap<std::uint64_t, Waiter> waiters_;  // by commit
  // Answers of the store that come after the end of the queue find it gone.
  std::shared_ptr<CommitQueue*> self_ = std::make_shared<CommitQueue*>(this);
};

}  // namespace titik::store
