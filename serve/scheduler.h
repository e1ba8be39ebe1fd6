// The thread of `titik-serve serve` that takes the steps of time: escalation, closing by silence, and sweeping. Of the processes
// that share a database one does it at a time, the one that holds the lease "clocks"; when it dies another goes on.
// The lease only spares work: two at once would do no harm (Workflow::tick).
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/json.h"
#include "serve/housekeeping.h"
#include "serve/lease.h"
#include "serve/workflow_store.h"

namespace titik::serve {

class Scheduler {
 public:
  // Starts at once. What is given must outlive stop().
  // Without `housekeeping` nothing is swept.
  Scheduler(Workflow& workflow, Sql& sql, std::function<UnixMillis()> now, std::function<void(const Json&)> log,
            Housekeeping* housekeeping = nullptr);
  ~Scheduler() { stop(); }
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Ends the round that runs, and gives the lease back.
  void stop();

 private:
  void run();
  void round();
  void take_steps(UnixMillis now);
  void sweep(UnixMillis now, bool ours);
  void tell(const Error& fault);

  Workflow& workflow_;
  std::function<UnixMillis()> now_;
  std::function<void(const Json&)> log_;
  Housekeeping* housekeeping_;
  Lease lease_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all the above
};

}  // namespace titik::serve
