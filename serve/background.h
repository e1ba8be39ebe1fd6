// A thread that does a piece of work again and again, until the object goes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace titik::serve {

class Background {
 public:
  // `work` answers true when there is more to do: it is called again at once, else after `pause`.
  Background(std::function<bool()> work, std::chrono::milliseconds pause) {
    thread_ = std::thread([this, work = std::move(work), pause] {
      std::unique_lock lock(mutex_);
      while (!ending_) {
        lock.unlock();
        const bool more = work();
        lock.lock();
        if (!more) wakes_.wait_for(lock, pause, [this] { return ending_; });
      }
    });
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ending_ = true;
    }
    wakes_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace titik::serve
