// What a monitoring system reads (Prometheus text format 0.0.4): requests by route, method and status with their
// durations, and numbers that are looked up when they are asked for.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace titik::serve {

class Metrics {
 public:
  // `route` is the pattern, never a path: few values, and no ids. May be called from several threads.
  void count_request(std::string_view method, std::string_view route, int status, double seconds);

  struct Gauge {
    std::string name;    // "titik_reports"
    std::string help;    // one line
    std::string labels;  // `status="proses"`, or empty
    double value = 0;
  };
  // All that was counted, and these. Gauges of one name stand together.
  std::string text(const std::vector<Gauge>& gauges) const;

 private:
  static constexpr std::array kBounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};  // seconds
  struct Durations {
    std::array<std::int64_t, kBounds.size()> counts{};  // of each bound alone
    std::int64_t count = 0;
    double sum = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, int>, std::int64_t> requests_;  // method, route, status
  std::map<std::string, Durations> durations_;                                  // route
};

}  // namespace titik::serve
