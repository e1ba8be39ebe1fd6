#include "serve/scheduler.h"

#include <chrono>

namespace titik::serve {
namespace {

constexpr std::chrono::seconds kPause{20};
constexpr UnixMillis kLease = 90 * kSecond;  // more than a pause and a long round

}  // namespace

Scheduler::Scheduler(Workflow& workflow, Sql& sql, std::function<UnixMillis()> now, std::function<void(const Json&)> log,
                     Housekeeping* housekeeping)
    : workflow_(workflow), now_(std::move(now)), log_(std::move(log)), housekeeping_(housekeeping), lease_(sql, "clocks"), thread_([this] { run(); }) {}

void Scheduler::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Scheduler::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    round();
    lock.lock();
    wake_.wait_for(lock, kPause, [this] { return stopping_; });
  }
  lock.unlock();
  const Result<Ok> released = lease_.release();
  if (!released.ok()) tell(released.error());
}

void Scheduler::tell(const Error& fault) { log_({{"event", "clocks"}, {"fault", fault.where + ": " + fault.message}}); }

void Scheduler::round() {
  const UnixMillis now = now_();
  const Result<bool> ours = lease_.take(now, kLease);
  if (!ours.ok()) return tell(ours.error());  // tried again after the pause
  if (*ours) take_steps(now);
  if (housekeeping_) sweep(now, *ours);
}

void Scheduler::take_steps(UnixMillis now) {
  const Result<Tick> tick = workflow_.tick(now);
  if (!tick.ok()) return tell(tick.error());
  for (const Error& fault : tick->faults) tell(fault);
  if (tick->escalated + tick->closed + tick->archived > 0) {
    log_({{"event", "clocks"}, {"escalated", tick->escalated}, {"closed", tick->closed}, {"archived", tick->archived}});
  }
}

void Scheduler::sweep(UnixMillis now, bool ours) {
  Swept swept;
  if (ours) {
    const Result<Swept> rows = housekeeping_->sweep_database(now);
    if (rows.ok()) swept = *rows;
    else tell(rows.error());
    for (const Error& fault : swept.faults) tell(fault);
  }
  const Result<Swept> disk = housekeeping_->sweep_disk(now);
  if (!disk.ok()) return tell(disk.error());
  swept += *disk;
  if (swept.all() > 0) {
    log_({{"event", "swept"}, {"uploads", swept.uploads}, {"files", swept.files}, {"contents", swept.contents}, {"retained", swept.retained}});
  }
}

}  // namespace titik::serve
