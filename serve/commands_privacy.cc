#include <iostream>

#include "base/id.h"
#include "serve/commands.h"
#include "serve/export_person.h"
#include "serve/tidying.h"

namespace titik::serve {
namespace {

constexpr std::string_view kUsage = R"(
Data seorang warga
  export-report NOMOR --to FOLDER  semua yang disimpan tentang satu laporan, dari jalur mana pun: data.json dan fotonya
  erase-report NOMOR [--confirm hapus]
                                   menghapus satu laporan di mana pun; laporan lain dari ponsel yang sama tetap ada
  export-person (--device N | --report NOMOR) --to FOLDER
                                   semua yang disimpan tentang satu ponsel: data.json dan fotonya
  erase-person (--device N | --report NOMOR) [--confirm hapus]
                                   menghapusnya di mana pun; tanpa --confirm hanya menyebut laporan mana
  erased-upstream                  yang sudah dihapus di sini dan masih harus diminta dihapus di SP4N-LAPOR!
  erased-upstream-done NOMOR [--id ID]
                                   sudah dihapus di sana juga; --id bila nomornya di sana baru diketahui
)";

constexpr std::string_view kUnknownNumber = "tidak diketahui";

std::string objection_to_confirm(const Options& options) {
  return options.has("confirm") && options.value("confirm") != "hapus" ? "tulis --confirm hapus" : "";
}

std::string objection_to_person(const Options& options) {
  if (options.has("device") == options.has("report")) return "sebut --device N atau --report NOMOR";
  if (!is_lapor_id(options.value(options.has("device") ? "device" : "report"))) return "--device dan --report adalah angka";
  return objection_to_confirm(options);
}

std::string objection_to_id(const Options& options) {
  return options.has("id") && !is_lapor_id(options.value("id")) ? "--id harus 1 sampai 10 angka" : "";
}

Result<std::int64_t> device_named(Office& office, const Options& options) {
  if (options.has("device")) return std::stoll(options.value("device"));
  return device_of_report(office.repository->sql(), std::stoll(options.value("report")));
}

void say_exported(const std::string& folder, const ExportedPerson& exported) {
  std::cout << folder << ": " << exported.reports << " laporan, " << exported.files << " berkas\n";
}

Result<Ok> give_person(Office& office, const Invocation& call) {
  const std::string folder = call.options.value("to");
  const std::int64_t device = TRY(device_named(office, call.options));
  say_exported(folder, TRY(export_person(*office.repository, office.files, device, office.actor(), folder, system_now())));
  return Ok{};
}

Result<Ok> give_report(Office& office, const Invocation& call) {
  const std::string folder = call.options.value("to");
  say_exported(folder, TRY(export_report(*office.repository, office.files, call.number, office.actor(), folder, system_now())));
  return Ok{};
}

Result<Ok> name_reports(Office& office, std::int64_t device) {
  const auto reports = TRY(reports_of_device(office.repository->sql(), device));
  std::cout << "Perangkat " << device << ", " << reports.size() << " laporan:";
  for (const std::int64_t id : reports) std::cout << " " << id;
  std::cout << "\nBelum ada yang dihapus. Untuk menghapus semuanya: tambahkan --confirm hapus\n";
  return Ok{};
}

void say_erased(Office& office, const Erased& erased) {
  for (const Error& fault : erased.faults) print_error(fault);  // the housekeeping takes what the disk has left
  if (const auto current = office.public_face->catch_up(); !current.ok()) print_error(current.error());
  std::cout << "Dihapus: " << erased.reports.size() << " laporan, " << erased.contents << " berkas.\n";
  if (erased.left > 0) std::cout << erased.left << " berkas dipakai laporan lain, atau baru datang dan dibersihkan kemudian.\n";
  for (const PassedOn& one : erased.passed_on) {
    std::cout << "Sudah diteruskan ke SP4N-LAPOR!: laporan " << one.tracking_id << ", nomor di sana "
              << (one.upstream_id.empty() ? kUnknownNumber : one.upstream_id) << ". Mintalah penghapusan di sana, lalu: erased-upstream-done "
              << one.tracking_id << "\n";
  }
}

Result<Ok> erase_person(Office& office, const Invocation& call) {
  const std::int64_t device = TRY(device_named(office, call.options));
  if (!call.options.has("confirm")) return name_reports(office, device);
  Tidying tidying(office);
  say_erased(office, TRY(tidying.erasure.person(device, office.actor(), system_now())));
  return Ok{};
}

// Without its words: whoever asks has not been shown the report.
Result<Ok> name_report(Office& office, std::int64_t tracking_id) {
  const StoredReport report = TRY(office.repository->report(tracking_id));
  const report::Category* category = office.profile.category(report.category_id);
  std::cout << "Laporan " << tracking_id << ": " << (category ? category->name : report.category_id) << ", diterima "
            << format_date(to_civil(report.received_at, office.profile.zone)) << ", " << report::status_label(report.status)
            << "\nBelum ada yang dihapus. Untuk menghapusnya: tambahkan --confirm hapus\n";
  return Ok{};
}

Result<Ok> erase_report(Office& office, const Invocation& call) {
  if (!call.options.has("confirm")) return name_report(office, call.number);
  Tidying tidying(office);
  Erased erased = TRY(tidying.erasure.report(call.number, office.actor(), system_now()));
  if (erased.reports.empty()) {
    std::cout << "Laporan " << call.number << " sudah dihapus sebelumnya.\n";
    return Ok{};
  }
  if (const Result<Ok> emptied = tidying.erasure.empty_journal(); !emptied.ok()) erased.faults.push_back(emptied.error());
  say_erased(office, erased);
  return Ok{};
}

Result<Ok> show_to_erase(Office& office, const Invocation&) {
  const std::vector<PassedOn> waiting = TRY(to_erase_upstream(office.repository->sql()));
  for (const PassedOn& one : waiting) {
    std::cout << one.tracking_id << "  " << (one.upstream_id.empty() ? kUnknownNumber : one.upstream_id) << "\n";
  }
  std::cout << (waiting.empty() ? "Tidak ada yang menunggu penghapusan di SP4N-LAPOR!.\n"
                                : "Minta dihapus di SP4N-LAPOR! (nomor kami, nomor di sana). Sesudahnya: erased-upstream-done NOMOR\n");
  return Ok{};
}

Result<Ok> note_erased_upstream(Office& office, const Invocation& call) {
  return erased_upstream(office.repository->sql(), call.number, call.options.value("id"));
}

}  // namespace

CommandGroup privacy_commands() {
  return {kUsage,
          {{.name = "export-report", .takes = Takes::kNumber, .options = {"to"}, .required = {"to"}, .run = give_report},
           {.name = "erase-report", .takes = Takes::kNumber, .options = {"confirm"}, .objection = objection_to_confirm, .run = erase_report},
           {.name = "export-person", .options = {"device", "report", "to"}, .required = {"to"}, .objection = objection_to_person, .run = give_person},
           {.name = "erase-person", .options = {"device", "report", "confirm"}, .objection = objection_to_person, .run = erase_person},
           {.name = "erased-upstream", .run = show_to_erase},
           {.name = "erased-upstream-done", .takes = Takes::kNumber, .options = {"id"}, .objection = objection_to_id, .run = note_erased_upstream}}};
}

}  // namespace titik::serve
