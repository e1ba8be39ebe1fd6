#include "serve/commands.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>

#include "base/id.h"
#include "base/utf8.h"
#include "serve/api_health.h"
#include "serve/app.h"
#include "serve/background.h"
#include "serve/backup.h"
#include "serve/check.h"
#include "serve/commands_privacy.h"
#include "serve/commands_report.h"
#include "serve/commands_upstream.h"
#include "serve/commands_accounts.h"
#include "serve/crypto.h"
#include "serve/demo.h"
#include "serve/http_server.h"
#include "serve/office.h"
#include "serve/options.h"
#include "serve/print.h"
#include "serve/routes.h"
#include "serve/scheduler.h"
#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

constexpr std::string_view kUsage = R"(Pemakaian: titik-serve PERINTAH [PILIHAN]

  serve --port N --data DIR --client DIR --profile FILE [--host 127.0.0.1] [--monitor-port N]
                                   melayani aplikasi dan API; port 0 memilih yang bebas;
                                   /metrics (Prometheus) di 127.0.0.1 pada port pemantauan
  tick                             mengerjakan yang jatuh tempo: eskalasi, penutupan, pembersihan; `serve` melakukannya sendiri
  list [--status STATUS]           daftar laporan
  token --name NAMA                membuat kode akses sistem instansi (ditampilkan sekali)
  renew-key                        kunci baru untuk tanda terima; tanda terima lama tetap dapat diperiksa
  check [--client DIR] [--photos semua]
                                   memeriksa pengaturan, tanpa mengubah apa pun; dengan --photos juga setiap foto
  backup --to FOLDER               mencadangkan basis data dan foto, selagi melayani
  restore --from FOLDER            memulihkan cadangan ke folder data dan basis data yang kosong
  demo                             mengisi laporan contoh: setahun, sebanyak di Kota Jambi (638)

Semua perintah: --data DIR (bawaan build/data), --profile FILE (bawaan: yang terakhir dilayani),
  --database postgresql://… (bawaan: SQLite di folder data), --config FILE (JSON dengan nama yang sama),
  --files folder|database (bawaan: folder; foto di basis data bila dipakai beberapa mesin),
  --clock 2026-12-01T09:00:00Z (untuk pengujian: jam program mulai dari waktu itu).
  Juga dari lingkungan: TITIK_DATA, TITIK_PROFILE, TITIK_DATABASE, TITIK_FILES, TITIK_CONFIG.
  serve: --trusted-proxies "127.0.0.1, ::1" (bawaan), proksi yang X-Forwarded-For-nya dipercaya.
  serve dan sync-upstream: --upstream FILE (TITIK_UPSTREAM), hubungan dengan SP4N-LAPOR!; tanpa itu tidak ada.
)";

int wrong_usage(std::string_view problem) {
  std::cerr << "titik-serve: " << problem << "\n\n" << kUsage << "\nSatu laporan\n" << kReportUsage << kUpstreamUsage << kAccountUsage << kPrivacyUsage;
  return kWrongUsage;
}

int failed(const Error& error) {
  std::cerr << "titik-serve: ";
  // What is for a person says all in its sentence; what is for the operator needs the place.
  const bool names_place = !error.where.empty() && error.where != "status" && error.where != "reason" && error.where != "photo" &&
                           error.where != "text" && error.where != "agency" && error.where != "kind" && error.where != "role";
  if (names_place) std::cerr << error.where << ": ";
  std::cerr << error.message << "\n";
  return kFailed;
}

// Waits for SIGINT or SIGTERM, which every thread has blocked since block_signals().
sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

int serve(Office& office, const Config& config, const Options& options) {
  const std::string port_text = options.value("port", "8080");
  for (const std::string& text : {port_text, options.value("monitor-port", "0")}) {
    if (!is_lapor_id(text) || text.size() > 5 || std::stoi(text) > 65535) return wrong_usage("--port dan --monitor-port harus angka 0 sampai 65535");
  }
  if (!options.has("client")) return wrong_usage("serve perlu --client DIR");
  Result<StaticFiles> client = StaticFiles::load(options.value("client"));
  if (!client.ok()) return failed(client.error());
  if (options.has("profile")) {
    std::error_code error;
    const std::string path = std::filesystem::absolute(options.value("profile"), error).string();
    if (const auto kept = office.repository->set_setting("profile", path); !kept.ok()) return failed(kept.error());
  }

  std::optional<UpstreamConfig> upstream;
  if (!config.upstream.empty()) {
    Result<UpstreamConfig> read = read_upstream_config(config.upstream, office.profile);
    if (!read.ok()) return failed(read.error());
    upstream = std::move(*read);
  }

  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread starts, so that all inherit it
  std::mutex log_mutex;
  Proofs proofs(office.repository->sql(), office.files, office.profile);
  Result<TrustedProxies> proxies = TrustedProxies::parse(config.trusted_proxies);
  if (!proxies.ok()) return failed(proxies.error());
  Gate gate{*std::move(proxies), RateLimits(), PasswordHasher()};
  App app{.repository = *office.repository,
          .files = office.files,
          .partial_files = *office.partial_files,
          .public_face = *office.public_face,
          .proofs = proofs,
          .workflow = *office.workflow,
          .profile = office.profile,
          .profile_json = office.profile_json,
          .client = std::move(*client),
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
  HttpServer server([&app](const Request& request) { return handle(app, request); }, app.profile.lapor_base_url);
  const Result<int> port = server.start(options.value("host", "127.0.0.1"), std::stoi(port_text));
  if (!port.ok()) return failed(port.error());
  HttpServer monitoring([&app](const Request& request) { return monitor(app, request); });
  if (options.has("monitor-port")) {
    const Result<int> monitor_port = monitoring.start("127.0.0.1", std::stoi(options.value("monitor-port")));
    if (!monitor_port.ok()) return failed(monitor_port.error());
    std::cerr << to_text({{"event", "monitoring"}, {"port", *monitor_port}}) << "\n";
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
    if (const auto started = link->start(); !started.ok()) return failed(started.error());
    worker.emplace(*link, log);
  }
  std::cout << "Titik Lapor: http://localhost:" << *port << std::endl;

  int signal = 0;
  sigwait(&signals, &signal);
  scheduler.stop();
  server.stop();  // the requests that run are finished; the database closes with the office
  return kDone;
}

int list(Office& office, const Options& options) {
  std::optional<report::Status> status;
  if (options.has("status")) {
    status = report::status_from_name(options.value("status"));
    if (!status) return wrong_usage("status tidak dikenal: " + options.value("status"));
  }
  const auto reports = office.repository->list(status);
  if (!reports.ok()) return failed(reports.error());
  print_list(office, *reports, system_now());
  return kDone;
}

// One round of what `serve` does by itself.
int tick(Office& office) {
  const Result<Tick> done = office.workflow->tick(system_now());
  if (!done.ok()) return failed(done.error());
  std::cout << done->escalated << " eskalasi, " << done->closed << " ditutup, " << done->archived << " diarsipkan\n";
  for (const Error& fault : done->faults) (void)failed(fault);
  Tidying tidying(office);
  for (const auto& swept : {tidying.housekeeping.sweep_database(system_now()), tidying.housekeeping.sweep_disk(system_now())}) {
    if (!swept.ok()) return failed(swept.error());
  }
  return done->faults.empty() ? kDone : kFailed;
}

int make_token(Office& office, const std::string& name) {
  const std::string token = random_hex(32);
  const auto id = office.repository->add_caller(CallerKind::kIntegration, name, sha256_hex(token), system_now());
  if (!id.ok()) return failed(id.error());
  std::cerr << "Kode akses untuk " << name << ". Simpan sekarang; tidak dapat ditampilkan lagi.\n";
  std::cout << token << "\n";
  return kDone;
}

int renew_key(Office& office) {
  const auto key = office.repository->renew_signing_key(system_now());
  if (!key.ok()) return failed(key.error());
  std::cout << "Kunci tanda terima: " << key->public_key.id << "\n";
  return kDone;
}

int make_backup_command(const Config& config, const Options& options) {
  const auto made = make_backup(config, options.value("to"), system_now());
  if (!made.ok()) return failed(made.error());
  std::cout << "Cadangan: " << made->reports << " laporan, " << made->files << " berkas, " << made->bytes << " bita.\n";
  return kDone;
}

int restore_command(const Config& config, const Options& options) {
  const auto restored = restore_backup(config, options.value("from"));
  if (!restored.ok()) return failed(restored.error());
  std::cout << "Dipulihkan: " << restored->reports << " laporan, " << restored->files << " berkas.\n";
  return kDone;
}

int check(const Config& config, const Options& options) {
  int result = kDone;
  for (const auto& [weight, about, text] : check_city(config, options.value("client"), options.has("photos"), system_now())) {
    const char* word = weight == Finding::Weight::kGood ? "baik       " : weight == Finding::Weight::kWarning ? "perhatian  " : "SALAH      ";
    std::cout << word << about << ": " << text << "\n";
    if (weight == Finding::Weight::kWrong) result = kFailed;
  }
  return result;
}

int demo(Office& office) {
  const Result<int> added = fill_demo(office);
  if (!added.ok()) return failed(added.error());
  if (*added == 0) std::cout << "Laporan contoh sudah ada.\n";
  else std::cout << *added << " laporan contoh ditambahkan.\n";
  return kDone;
}

// "2026-12-01T09:00:00Z"
std::optional<UnixMillis> read_clock(std::string_view text) {
  const std::optional<CivilTime> date = parse_date(text.substr(0, 10));
  if (!date || text.size() != 20 || text[10] != 'T' || text.back() != 'Z') return std::nullopt;
  return parse_lapor_time(format_lapor_time(from_civil(*date, 0), 0).substr(0, 11) + std::string(text.substr(11, 8)), 0);
}

// The options that each command takes besides --data and --profile; nothing for an unknown command.
std::optional<std::set<std::string>> options_of(const std::string& command) {
  if (command == "serve") return std::set<std::string>{"port", "client", "host", "monitor-port", "upstream", "trusted-proxies"};
  if (command == "list") return std::set<std::string>{"status"};
  if (command == "demo" || command == "renew-key" || command == "tick") return std::set<std::string>{};
  if (command == "token") return std::set<std::string>{"name"};
  if (command == "check") return std::set<std::string>{"client", "photos", "upstream"};
  if (command == "backup") return std::set<std::string>{"to"};
  if (command == "restore") return std::set<std::string>{"from"};
  if (auto options = report_command_options(command)) return options;
  return upstream_options_of(command);
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return wrong_usage("perintah belum disebut");
  const std::string& command = arguments.front();
  if (is_account_command(command)) return run_account_command(arguments);
  if (is_privacy_command(command)) return run_privacy_command(arguments);
  std::optional<std::set<std::string>> known = options_of(command);
  if (!known) return wrong_usage("perintah tidak dikenal: " + command);
  known->insert({"clock", "config", "data", "database", "files", "profile"});
  std::string problem;
  const auto options = parse_options({arguments.begin() + 1, arguments.end()}, *known, problem);
  if (!options) return wrong_usage(problem);

  const bool is_report_command = report_command_options(command).has_value();
  const bool wants_report = is_report_command || upstream_wants_report(command);
  if (options->words.size() != (wants_report ? 1u : 0u)) {
    return wrong_usage(wants_report ? command + " perlu satu nomor laporan" : command + " tidak memerlukan kata lain");
  }
  if (wants_report && !is_lapor_id(options->words[0])) return wrong_usage("nomor laporan terdiri atas 1 sampai 10 angka");
  if (const std::string needed = required_option(command); !needed.empty() && trimmed(options->value(needed)).empty()) {
    return wrong_usage(command + " perlu --" + needed);
  }
  if (command == "token" && trimmed(options->value("name")).empty()) return wrong_usage("token perlu --name NAMA");

  if (command == "backup" && options->value("to").empty()) return wrong_usage("backup perlu --to FOLDER");
  if (command == "restore" && options->value("from").empty()) return wrong_usage("restore perlu --from FOLDER");
  if (options->has("clock")) {
    const std::optional<UnixMillis> clock = read_clock(options->value("clock"));
    if (!clock) return wrong_usage("--clock ditulis sebagai 2026-12-01T09:00:00Z");
    set_clock(*clock);
  }
  const Result<Config> config = read_config(*options, process_environment);
  if (!config.ok()) return failed(config.error());
  if (command == "check") return check(*config, *options);
  if (command == "backup") return make_backup_command(*config, *options);
  if (command == "restore") return restore_command(*config, *options);
  Result<Office> office = open_office(*config);
  if (!office.ok()) return failed(office.error());
  if (command == "serve") return serve(*office, *config, *options);
  if (command == "list") return list(*office, *options);
  if (command == "token") return make_token(*office, options->value("name"));
  if (command == "renew-key") return renew_key(*office);
  if (command == "demo") return demo(*office);
  if (command == "tick") return tick(*office);
  const Result<Ok> done = is_report_command ? run_report_command(*office, command, std::stoll(options->words[0]), *options)
                                            : run_upstream_command(*office, *config, command, *options);
  return done.ok() ? kDone : failed(done.error());
}

}  // namespace titik::serve
