// Whether the server can work, for a load balancer and for phones; and what a monitoring system reads.
#include "serve/api_health.h"

#include <algorithm>

#include "serve/erasure.h"
#include "serve/handlers.h"
#include "serve/upstream_store.h"

namespace titik::serve {
namespace {

// Less free space than this is the operator's business before it is the citizens'.
constexpr std::int64_t kEnoughBytes = 64 * 1024 * 1024;

// Where the link with SP4N-LAPOR! was ever turned on.
Result<Ok> add_upstream(App& app, std::vector<Metrics::Gauge>& gauges) {
  UpstreamStore upstream(app.repository.sql());
  if (!TRY(upstream.has_begun())) return Ok{};
  gauges.push_back({"titik_upstream_to_erase", "Reports erased here whose erasure at SP4N-LAPOR! is to be asked for.", "",
                    static_cast<double>(TRY(to_erase_upstream(app.repository.sql())).size())});
  const UpstreamStore::Backlog backlog = TRY(upstream.backlog());
  for (const auto& [state, count] : backlog.counts) {
    gauges.push_back({"titik_upstream_outbox", "What has not arrived at SP4N-LAPOR! yet, by its state.", "state=\"" + state + "\"",
                      static_cast<double>(count)});
  }
  const UnixMillis age = backlog.oldest_at == 0 ? 0 : std::max<UnixMillis>(0, app.now() - backlog.oldest_at);
  gauges.push_back({"titik_upstream_oldest_seconds", "Age of the oldest of them that was not refused; 0 when there is none.", "",
                    static_cast<double>(age) / kSecond});
  return Ok{};
}

}  // namespace

Response get_health(App& app, Call&) {
  // A question that reads what is stored: SQLite answers SELECT 1 without looking at its file.
  const Result<std::string> stored = app.repository.setting("profile");
  const Result<std::int64_t> free = app.files.free_bytes();
  std::string problem;
  if (!stored.ok()) problem = "database";
  else if (!free.ok() || *free < kEnoughBytes) problem = "disk";
  if (problem.empty()) return json_response(200, R"({"status":"ok"})");
  Response response = json_response(503, to_text({{"status", "trouble"}, {"problem", problem}}));
  response.fault = problem == "database" ? stored.error().message : "little space left";
  response.headers = {{"Retry-After", "30"}};
  return response;
}

Response monitor(App& app, const Request& request) {
  const std::optional<std::string> path = decoded_path(request.target);
  if (path != "/metrics" || request.method != "GET") return refusal(404, "Hanya GET /metrics.");
  std::vector<Metrics::Gauge> gauges;
  const Result<std::vector<StatusCount>> counts = app.repository.count_by_status();
  if (!counts.ok()) return refusal_of(counts.error());
  for (const auto& [status, count] : *counts) {
    gauges.push_back({"titik_reports", "Reports by their status.",
                      "status=\"" + std::string(report::status_name(status)) + "\"", static_cast<double>(count)});
  }
  const Result<std::int64_t> free = app.files.free_bytes();
  if (free.ok()) gauges.push_back({"titik_free_bytes", "Free space where photos are kept.", "", static_cast<double>(*free)});
  const Result<Ok> told = add_upstream(app, gauges);
  if (!told.ok()) return refusal_of(told.error());
  Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = std::make_shared<const std::string>(app.metrics.text(gauges));
  return response;
}

}  // namespace titik::serve
