#include <csignal>
#include <iostream>
#include <mutex>

#include "base/json.h"
#include "serve/api_health.h"
#include "serve/app.h"
#include "serve/background.h"
#include "serve/commands.h"
#include "serve/crypto.h"
#include "serve/http_server.h"
#include "serve/routes.h"
#include "serve/scheduler.h"
#include "serve/tidying.h"
#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

// Waits for SIGINT or SIGTERM, which every thread has blocked since block_signals().
sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

// What no handler answered, written down and counted as handle() does. The library understands a method, or there is none.
Response note_refusal(App& app, const Request& request, Response response) {
  const std::string id = random_hex(8);
  const std::string method = request.method.empty() ? "OTHER" : request.method;
  constexpr std::string_view kRoute = "(refused)";
  app.metrics.count_request(method, kRoute, response.status, 0);
  Json event = {{"request", id}, {"method", method}, {"route", kRoute}, {"status", response.status}, {"bytes", response.text().size()}};
  if (!response.fault.empty()) event["fault"] = response.fault;
  app.log(event);
  response.headers.emplace_back("X-Request-Id", id);
  return response;
}

}  // namespace

std::string objection_to_serve(const Options& options) {
  for (const char* name : {"port", "monitor-port"}) {
    if (options.has(name) && !is_port(options.value(name))) return "--port dan --monitor-port harus angka 0 sampai 65535";
  }
  return "";
}

Result<Ok> serve(Office& office, const Invocation& call) {
  const Config& config = call.config;
  if (config.client.empty()) {
    return Error{ErrorCode::kInvalidArgument, "client", "sebutkan folder aplikasi: --client DIR atau TITIK_CLIENT"};
  }
  StaticFiles client = TRY(StaticFiles::load(config.client));
  TRY(remember_profile(config, *office.repository));

  std::optional<UpstreamConfig> upstream;
  if (!config.upstream.empty()) upstream = TRY(read_upstream_config(config.upstream, office.profile));

  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread starts, so that all inherit it
  std::mutex log_mutex;
  Proofs proofs(office.repository->sql(), office.files, office.profile);
  Gate gate{TRY(TrustedProxies::parse(config.trusted_proxies)), RateLimits(), PasswordHasher()};
  App app{.repository = *office.repository,
          .files = office.files,
          .partial_files = *office.partial_files,
          .public_face = *office.public_face,
          .proofs = proofs,
          .workflow = *office.workflow,
          .profile = office.profile,
          .profile_json = office.profile_json,
          .client = std::move(client),
          .now = system_now,
          .log = [&log_mutex](const Json& event) {
            Json line = event;
            line["at"] = format_rfc3339(system_now());
            const std::lock_guard<std::mutex> lock(log_mutex);
            std::cerr << to_text(line) << "\n";
          },
          .gate = gate};
  const WorkingDays& days = office.workflow->city().days;
  if (const std::string gaps = gaps_in_words(days.gaps(system_now(), system_now() + 60 * kDay)); !gaps.empty()) {
    app.log({{"event", "profile"}, {"warning", gaps}});
  }
  Tidying tidying(office);
  Scheduler scheduler(*office.workflow, office.repository->sql(), app.now, app.log, &tidying.housekeeping);
  const auto note = [&app](const Request& request, Response response) { return note_refusal(app, request, std::move(response)); };
  HttpServer server([&app](const Request& request) { return handle(app, request); }, app.profile.lapor_base_url, note);
  const int port = TRY(server.start(config.host, std::stoi(config.port)));
  HttpServer monitoring([&app](const Request& request) { return monitor(app, request); }, {}, note);
  if (!config.monitor_port.empty()) {
    const int monitor_port = TRY(monitoring.start("127.0.0.1", std::stoi(config.monitor_port)));
    std::cerr << to_text({{"event", "monitoring"}, {"port", monitor_port}}) << "\n";
  }
  const Background looking(
      [&app, last_fault = std::string()]() mutable {
        constexpr int kFiles = 20, kReports = 500;
        const Result<int> looked = app.proofs.work(kFiles, app.now());
        const Result<bool> taken_over = app.public_face.catch_up(kReports);
        const std::string fault = !looked.ok() ? looked.error().message : !taken_over.ok() ? taken_over.error().message : "";
        if (!fault.empty() && fault != last_fault) app.log({{"event", "background"}, {"fault", fault}});
        last_fault = fault;
        return fault.empty() && (*looked == kFiles || *taken_over);
      },
      std::chrono::seconds(1));
  std::optional<UpstreamLink> link;
  std::optional<UpstreamWorker> worker;  // ends before the link does
  if (upstream) {
    const auto log = [&app](const std::string& text) { app.log({{"event", "upstream"}, {"text", text}}); };
    link.emplace(*office.repository, *office.workflow, office.files, app.profile, *upstream, app.now, log);
    TRY(link->start());
    worker.emplace(*link, log);
  }
  std::cout << "Titik Lapor: http://localhost:" << port << std::endl;

  int signal = 0;
  sigwait(&signals, &signal);
  scheduler.stop();
  server.stop();  // the requests that run are finished; the database closes with the office
  return Ok{};
}

}  // namespace titik::serve
