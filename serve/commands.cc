#include "serve/commands.h"

#include <iostream>

#include "serve/backup.h"
#include "serve/check.h"
#include "serve/crypto.h"
#include "serve/demo.h"
#include "serve/print.h"
#include "serve/tidying.h"

namespace titik::serve {
namespace {

constexpr std::string_view kUsage = R"(Pemakaian: titik-serve PERINTAH [PILIHAN]

  serve --client DIR [--port 8080] [--host 127.0.0.1] [--monitor-port N]
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
  demo                             mengisi basis data yang kosong dengan laporan contoh: setahun, sebanyak di Kota Jambi (638)

Semua perintah: --data DIR (bawaan build/data), --profile FILE (bawaan: yang terakhir dilayani),
  --database postgresql://… (bawaan: SQLite di folder data), --config FILE (JSON dengan nama yang sama),
  --files folder|database (bawaan: folder; foto di basis data bila dipakai beberapa mesin),
  --clock 2026-12-01T09:00:00Z (untuk pengujian: jam program mulai dari waktu itu).
  serve: --trusted-proxies "127.0.0.1, ::1" (bawaan), proksi yang X-Forwarded-For-nya dipercaya.
  serve dan sync-upstream: --upstream FILE, hubungan dengan SP4N-LAPOR!; tanpa itu tidak ada.
  Juga dari lingkungan: TITIK_DATA, TITIK_PROFILE, TITIK_DATABASE, TITIK_FILES, TITIK_CONFIG, TITIK_CLIENT, TITIK_HOST,
  TITIK_PORT, TITIK_MONITOR_PORT, TITIK_TRUSTED_PROXIES, TITIK_UPSTREAM.
)";

std::string objection_to_list(const Options& options) {
  const bool known = !options.has("status") || report::status_from_name(options.value("status"));
  return known ? "" : "status tidak dikenal: " + options.value("status");
}

Result<Ok> list(Office& office, const Invocation& call) {
  std::optional<report::Status> status;
  if (call.options.has("status")) status = report::status_from_name(call.options.value("status"));
  print_list(office, TRY(office.repository->list(status)), system_now());
  return Ok{};
}

// One round of what `serve` does by itself.
Result<Ok> tick(Office& office, const Invocation&) {
  const Tick done = TRY(office.workflow->tick(system_now()));
  std::cout << done.escalated << " eskalasi, " << done.closed << " ditutup, " << done.archived << " diarsipkan\n";
  Tidying tidying(office);
  Swept swept = TRY(tidying.housekeeping.sweep_database(system_now()));
  swept += TRY(tidying.housekeeping.sweep_disk(system_now()));
  std::vector<Error> faults = done.faults;
  faults.insert(faults.end(), swept.faults.begin(), swept.faults.end());
  if (faults.empty()) return Ok{};
  for (std::size_t i = 1; i < faults.size(); ++i) print_error(faults[i]);
  return faults.front();
}

Result<Ok> make_token(Office& office, const Invocation& call) {
  const std::string name = call.options.value("name");
  const std::string token = random_hex(32);
  const std::int64_t id = TRY(office.repository->add_caller(CallerKind::kIntegration, name, sha256_hex(token), system_now()));
  std::cerr << "Kode akses untuk " << name << ", nomor " << id << " (dicabut dengan `revoke " << id << "`). Simpan sekarang; tidak dapat ditampilkan lagi.\n";
  std::cout << token << "\n";
  return Ok{};
}

Result<Ok> renew_key(Office& office, const Invocation&) {
  std::cout << "Kunci tanda terima: " << TRY(office.repository->renew_signing_key(system_now())).public_key.id << "\n";
  return Ok{};
}

Result<Ok> back_up(const Invocation& call) {
  const auto made = TRY(make_backup(call.config, call.options.value("to"), system_now()));
  std::cout << "Cadangan: " << made.reports << " laporan, " << made.files << " berkas, " << made.bytes << " bita.\n";
  if (made.damaged.empty()) return Ok{};
  // Told after all else is safe: whoever looks after the machine must hear of it.
  std::string all = "cadangan ini utuh selain " + std::to_string(made.damaged.size()) + " berkas yang hilang atau rusak di server; pulihkan dari cadangan sebelumnya:";
  for (const std::string& hash : made.damaged) all += "\n  " + hash;
  return Error{ErrorCode::kCorrupt, call.options.value("to"), all};
}

Result<Ok> restore(const Invocation& call) {
  const auto restored = TRY(restore_backup(call.config, call.options.value("from")));
  std::cout << "Dipulihkan: " << restored.reports << " laporan, " << restored.files << " berkas.\n";
  if (!restored.damaged.empty()) std::cout << restored.damaged.size() << " berkas sudah hilang atau rusak ketika dicadangkan (`check --photos` menyebutnya).\n";
  return Ok{};
}

Result<Ok> check(const Invocation& call) {
  bool is_right = true;
  for (const auto& [weight, about, text] : check_city(call.config, call.options.has("photos"), system_now())) {
    const char* word = weight == Finding::Weight::kGood ? "baik       " : weight == Finding::Weight::kWarning ? "perhatian  " : "SALAH      ";
    std::cout << word << about << ": " << text << "\n";
    is_right = is_right && weight != Finding::Weight::kWrong;
  }
  if (is_right) return Ok{};
  return Error{ErrorCode::kInvalidArgument, "", "Perbaiki yang bertanda SALAH, lalu periksa lagi."};
}

Result<Ok> demo(Office& office, const Invocation&) {
  const int added = TRY(fill_demo(office));
  std::cout << (added == 0 ? "Laporan contoh sudah ada.\n" : std::to_string(added) + " laporan contoh ditambahkan.\n");
  return Ok{};
}

CommandGroup city_commands() {
  return {kUsage,
          {{.name = "serve",
            .options = {"port", "client", "host", "monitor-port", "upstream", "trusted-proxies"},
            .objection = objection_to_serve,
            .run = serve},
           {.name = "tick", .run = tick},
           {.name = "list", .options = {"status"}, .objection = objection_to_list, .run = list},
           {.name = "token", .options = {"name"}, .required = {"name"}, .run = make_token},
           {.name = "renew-key", .run = renew_key},
           {.name = "check", .options = {"client", "photos", "upstream"}, .without_office = check},
           {.name = "backup", .options = {"to"}, .required = {"to"}, .without_office = back_up},
           {.name = "restore", .options = {"from"}, .required = {"from"}, .without_office = restore},
           {.name = "demo", .run = demo}}};
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  return run_command({city_commands(), report_commands(), upstream_commands(), account_commands(), privacy_commands()}, arguments);
}

}  // namespace titik::serve
