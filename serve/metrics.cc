#include "serve/metrics.h"

#include <sstream>

namespace titik::serve {

void Metrics::count_request(std::string_view method, std::string_view route, int status, double seconds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++requests_[{std::string(method), std::string(route), status}];
  Durations& durations = durations_[std::string(route)];
  ++durations.count;
  durations.sum += seconds;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    if (seconds > kBounds[i]) continue;
    ++durations.counts[i];
    break;
  }
}

std::string Metrics::text(const std::vector<Gauge>& gauges) const {
  std::ostringstream out;
  const auto head = [&](std::string_view name, std::string_view type, std::string_view help) {
    out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << type << '\n';
  };
  const std::lock_guard<std::mutex> lock(mutex_);
  head("titik_http_requests_total", "counter", "Requests answered.");
  for (const auto& [key, count] : requests_) {
    const auto& [method, route, status] = key;
    out << "titik_http_requests_total{method=\"" << method << "\",route=\"" << route << "\",status=\"" << status << "\"} "
        << count << '\n';
  }
  head("titik_http_request_duration_seconds", "histogram", "From the request's head to its answer.");
  for (const auto& [route, durations] : durations_) {
    std::int64_t below = 0;
    for (std::size_t i = 0; i < kBounds.size(); ++i) {
      below += durations.counts[i];
      out << "titik_http_request_duration_seconds_bucket{route=\"" << route << "\",le=\"" << kBounds[i] << "\"} " << below << '\n';
    }
    out << "titik_http_request_duration_seconds_bucket{route=\"" << route << "\",le=\"+Inf\"} " << durations.count << '\n'
        << "titik_http_request_duration_seconds_sum{route=\"" << route << "\"} " << durations.sum << '\n'
        << "titik_http_request_duration_seconds_count{route=\"" << route << "\"} " << durations.count << '\n';
  }
  std::string_view last;
  for (const Gauge& gauge : gauges) {
    if (gauge.name != last) head(gauge.name, "gauge", gauge.help);
    last = gauge.name;
    out << gauge.name;
    if (!gauge.labels.empty()) out << '{' << gauge.labels << '}';
    out << ' ' << gauge.value << '\n';
  }
  return out.str();
}

}  // namespace titik::serve
