// A store that does to us what phones do: answers late, refuses, stops in the middle of a write,
// and damages what it keeps. For tests.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "store/page_check.h"
#include "store/page_store.h"

namespace titik::store {

class CrashingPageStore : public PageStore {
 public:
  // What is on the disk of the batch at which the store stops.
  enum class Fate {
    kDropped,    // nothing
    kStored,     // all of it, but nobody was told
    kTornPage,   // all of it, but one page is half old, half new
    kTornBatch,  // only some of its pages, or all pages but not the head
  };

  // A disk as an earlier life left it; it must be sound.
  explicit CrashingPageStore(StoredImage disk = {});

  void write(PageBatch batch, Done done) override;

  // Holds each batch in memory, as a cache that lies would, until release() stores and answers it.
  void hold(bool held) { hold_ = held; }
  [[nodiscard]] bool holds_one() const { return held_.has_value(); }
  void release();

  // The next `count` writes fail with kStorage and store nothing.
  void fail_next(int count) { failures_ = count; }

  // Stops at the `write`th write from now (1 is the next): `fate` decides what the disk has of it,
  // `seed` where it tears. From then on nothing is stored and nobody is answered.
  void stop_at(std::uint64_t write, Fate fate, std::uint64_t seed);
  [[nodiscard]] bool stopped() const { return stopped_; }

  [[nodiscard]] const StoredImage& disk() const { return disk_; }
  // Called after every change of the disk.
  void observe(std::function<void(const StoredImage&)> observer) { observer_ = std::move(observer); }

 private:
  struct Held {
    PageBatch batch;
    Done done;
  };
  void finish(PageBatch batch, const Done& done);
  void crash_on(const PageBatch& batch);

  StoredImage disk_;
  PageSums sums_;
  bool hold_ = false;
  std::optional<Held> held_;
  int failures_ = 0;
  std::uint64_t writes_until_stop_ = 0;  // 0: never
  Fate fate_ = Fate::kDropped;
  std::uint64_t seed_ = 0;
  bool stopped_ = false;
  std::function<void(const StoredImage&)> observer_;
};

}  // namespace titik::store
