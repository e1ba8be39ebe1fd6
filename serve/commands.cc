#include "serve/commands.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
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
#include "serve/commands_upstream.h"
#include "serve/crypto.h"
#include "serve/demo.h"
#include "serve/http_server.h"
#include "serve/office.h"
#include "serve/options.h"
#include "serve/print.h"
#include "serve/routes.h"
#include "serve/thumbnails.h"
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
  list [--status STATUS]           daftar laporan
  show NOMOR                       satu laporan dengan riwayatnya
  verify NOMOR                     menyatakan laporan terverifikasi
  follow-up NOMOR --text TEKS [--photo FILE]... [--institution ID]
                                   tindak lanjut instansi; dengan foto menjadi bukti
  close NOMOR [--reason TEKS]      menutup laporan yang sudah berbukti, atau dengan alasan
  token --name NAMA                membuat kode akses sistem instansi (ditampilkan sekali)
  renew-key                        kunci baru untuk tanda terima; tanda terima lama tetap dapat diperiksa
  check [--client DIR] [--photos semua]
                                   memeriksa pengaturan, tanpa mengubah apa pun; dengan --photos juga setiap foto
  backup --to FOLDER               mencadangkan basis data dan foto, selagi melayani
  restore --from FOLDER            memulihkan cadangan ke folder data dan basis data yang kosong
  demo                             mengisi beberapa laporan contoh

Semua perintah: --data DIR (bawaan build/data), --profile FILE (bawaan: yang terakhir dilayani),
  --database postgresql://… (bawaan: SQLite di folder data), --config FILE (JSON dengan nama yang sama),
  --files folder|database (bawaan: folder; foto di basis data bila dipakai beberapa mesin).
  Juga dari lingkungan: TITIK_DATA, TITIK_PROFILE, TITIK_DATABASE, TITIK_FILES, TITIK_CONFIG.
  serve dan sync-upstream: --upstream FILE (TITIK_UPSTREAM), hubungan dengan SP4N-LAPOR!; tanpa itu tidak ada.
)";

int wrong_usage(std::string_view problem) {
  std::cerr << "titik-serve: " << problem << "\n\n" << kUsage << kUpstreamUsage;
  return kWrongUsage;
}

int failed(const Error& error) {
  std::cerr << "titik-serve: ";
  // What is for a person says all in its sentence; what is for the operator needs the place.
  const bool names_place = !error.where.empty() && error.where != "status" && error.where != "reason";
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
  App app{.repository = *office.repository,
          .files = office.files,
          .partial_files = *office.partial_files,
          .public_face = *office.public_face,
          .proofs = proofs,
          .profile = office.profile,
          .profile_json = office.profile_json,
          .client = std::move(*client),
          .now = system_now,
          .log = [&log_mutex](const Json& event) {
            Json line = event;
            line["at"] = format_rfc3339(system_now());
            const std::lock_guard<std::mutex> lock(log_mutex);
            std::cerr << to_text(line) << "\n";
          }};
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
    link.emplace(*office.repository, office.files, app.profile, *upstream, app.now, log);
    if (const auto started = link->start(); !started.ok()) return failed(started.error());
    worker.emplace(*link, log);
  }
  std::cout << "Titik Lapor: http://localhost:" << *port << std::endl;

  int signal = 0;
  sigwait(&signals, &signal);
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

Result<Ok> show(Office& office, std::int64_t tracking_id) {
  const StoredReport report = TRY(office.repository->report(tracking_id));
  const std::vector<lapor::LogEntry> history = TRY(office.repository->history(tracking_id));
  constexpr int kAllOnOnePage = 10'000;
  const lapor::FollowUpPage thread = TRY(office.repository->follow_ups(tracking_id, 1, kAllOnOnePage));
  const std::vector<StoredFile> photos = TRY(office.repository->files_of_report(tracking_id));
  const int pending = TRY(office.repository->photos_pending(tracking_id));
  const std::size_t thumbnails = TRY(ThumbnailStore(office.repository->sql()).of(tracking_id)).size();
  print_report(office, report, photos, pending, thumbnails, history, thread.items, system_now());
  return Ok{};
}

Result<NewFile> take_photo(Office& office, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, path, "foto tidak ada atau tidak dapat dibaca"};
  IncomingFile incoming = TRY(office.files.receive());
  std::string block(64 * 1024, '\0');
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    TRY(incoming.write(std::string_view(block).substr(0, static_cast<std::size_t>(in.gcount()))));
  }
  const KeptFile kept = TRY(incoming.keep());
  return NewFile{kept.sha256, kept.bytes, std::string(kept.type.mime),
                 clean_text(std::filesystem::path(path).filename().string(), Lines::kOne)};
}

Result<Ok> follow_up(Office& office, std::int64_t tracking_id, const Options& options) {
  const StoredReport report = TRY(office.repository->report(tracking_id));
  const std::string agency_id = options.value("institution", report.agency_id);
  const report::Agency* agency = office.profile.agency(agency_id);
  if (!agency) return Error{ErrorCode::kInvalidArgument, "--institution", "instansi tidak dikenal: " + agency_id};
  NewFollowUp follow_up{.tracking_id = tracking_id,
                        .caller_id = office.staff.id,
                        .institution_from = agency->short_name,
                        .content = std::string(trimmed(clean_text(options.value("text"), Lines::kMany))),
                        .now = system_now()};
  for (const std::string& path : options.all("photo")) follow_up.files.push_back(TRY(take_photo(office, path)));
  follow_up.kind = follow_up.files.empty() ? lapor::FollowUpKind::kAnswer : lapor::FollowUpKind::kAction;
  TRY(office.repository->add_follow_up(follow_up));
  return Ok{};
}

// Runs a command on one report and says how it stands then.
int on_report(Office& office, const std::string& command, std::int64_t tracking_id, const Options& options) {
  Result<Ok> done = Ok{};
  if (command == "show") {
    done = show(office, tracking_id);
    return done.ok() ? kDone : failed(done.error());
  }
  if (command == "verify") done = office.repository->verify(tracking_id, system_now());
  if (command == "follow-up") done = follow_up(office, tracking_id, options);
  if (command == "close") {
    done = office.repository->close(tracking_id, trimmed(clean_text(options.value("reason"), Lines::kOne)), system_now());
  }
  if (!done.ok()) return failed(done.error());
  const Result<StoredReport> report = office.repository->report(tracking_id);
  if (!report.ok()) return failed(report.error());
  std::cout << tracking_id << ": " << report::status_label(report->status) << "\n";
  return kDone;
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

// The options that each command takes besides --data and --profile; nothing for an unknown command.
std::optional<std::set<std::string>> options_of(const std::string& command) {
  if (command == "serve") return std::set<std::string>{"port", "client", "host", "monitor-port", "upstream"};
  if (command == "list") return std::set<std::string>{"status"};
  if (command == "show" || command == "verify" || command == "demo" || command == "renew-key") return std::set<std::string>{};
  if (command == "follow-up") return std::set<std::string>{"text", "photo", "institution"};
  if (command == "close") return std::set<std::string>{"reason"};
  if (command == "token") return std::set<std::string>{"name"};
  if (command == "check") return std::set<std::string>{"client", "photos", "upstream"};
  if (command == "backup") return std::set<std::string>{"to"};
  if (command == "restore") return std::set<std::string>{"from"};
  return upstream_options_of(command);
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return wrong_usage("perintah belum disebut");
  const std::string& command = arguments.front();
  std::optional<std::set<std::string>> known = options_of(command);
  if (!known) return wrong_usage("perintah tidak dikenal: " + command);
  known->insert({"config", "data", "database", "files", "profile"});
  std::string problem;
  const auto options = parse_options({arguments.begin() + 1, arguments.end()}, *known, problem);
  if (!options) return wrong_usage(problem);

  const bool wants_report =
      command == "show" || command == "verify" || command == "follow-up" || command == "close" || upstream_wants_report(command);
  if (options->words.size() != (wants_report ? 1u : 0u)) {
    return wrong_usage(wants_report ? command + " perlu satu nomor laporan" : command + " tidak memerlukan kata lain");
  }
  if (wants_report && !is_lapor_id(options->words[0])) return wrong_usage("nomor laporan terdiri atas 1 sampai 10 angka");
  if (command == "follow-up" && trimmed(options->value("text")).empty()) return wrong_usage("follow-up perlu --text TEKS");
  if (command == "token" && trimmed(options->value("name")).empty()) return wrong_usage("token perlu --name NAMA");

  if (command == "backup" && options->value("to").empty()) return wrong_usage("backup perlu --to FOLDER");
  if (command == "restore" && options->value("from").empty()) return wrong_usage("restore perlu --from FOLDER");
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
  if (upstream_options_of(command)) {
    const Result<Ok> done = run_upstream_command(*office, *config, command, *options);
    return done.ok() ? kDone : failed(done.error());
  }
  return on_report(*office, command, std::stoll(options->words[0]), *options);
}

}  // namespace titik::serve
