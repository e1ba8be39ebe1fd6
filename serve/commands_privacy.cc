#include "serve/commands_privacy.h"

#include <iostream>

#include "base/id.h"
#include "serve/export_person.h"
#include "serve/options.h"

namespace titik::serve {

const std::string_view kPrivacyUsage = R"(
Data seorang warga
  export-person (--device N | --report NOMOR) --to FOLDER
                                   semua yang disimpan tentang satu ponsel: data.json dan fotonya
  erase-person (--device N | --report NOMOR) [--confirm hapus]
                                   menghapusnya di mana pun; tanpa --confirm hanya menyebut laporan mana
)";

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

int wrong_usage(std::string_view problem) {
  std::cerr << "titik-serve: " << problem << "\n" << kPrivacyUsage;
  return kWrongUsage;
}

int failed(const Error& error) {
  std::cerr << "titik-serve: " << (error.where.empty() ? "" : error.where + ": ") << error.message << "\n";
  return kFailed;
}

Result<std::int64_t> device_named(Office& office, const Options& options) {
  if (options.has("device")) return std::stoll(options.value("device"));
  return device_of_report(office.repository->sql(), std::stoll(options.value("report")));
}

int export_command(Office& office, std::int64_t device, const std::string& folder) {
  const auto exported = export_person(*office.repository, office.files, device, office.actor(), folder, system_now());
  if (!exported.ok()) return failed(exported.error());
  std::cout << folder << ": " << exported->reports << " laporan, " << exported->files << " berkas\n";
  return kDone;
}

int erase_command(Office& office, std::int64_t device, bool confirmed) {
  if (!confirmed) {
    const auto reports = reports_of_device(office.repository->sql(), device);
    if (!reports.ok()) return failed(reports.error());
    std::cout << "Perangkat " << device << ", " << reports->size() << " laporan:";
    for (const std::int64_t id : *reports) std::cout << " " << id;
    std::cout << "\nBelum ada yang dihapus. Untuk menghapus semuanya: tambahkan --confirm hapus\n";
    return kDone;
  }
  Tidying tidying(office);
  const auto erased = tidying.erasure.person(device, office.actor(), system_now());
  if (!erased.ok()) return failed(erased.error());
  for (const Error& fault : erased->faults) (void)failed(fault);  // the housekeeping takes what the disk has left
  if (const auto current = office.public_face->catch_up(); !current.ok()) (void)failed(current.error());
  std::cout << "Dihapus: " << erased->reports.size() << " laporan, " << erased->contents << " berkas.\n";
  if (erased->left > 0) std::cout << erased->left << " berkas dipakai laporan lain, atau baru datang dan dibersihkan kemudian.\n";
  for (const PassedOn& one : erased->passed_on) {
    std::cout << "Sudah diteruskan ke SP4N-LAPOR!: laporan " << one.tracking_id << ", nomor di sana "
              << (one.upstream_id.empty() ? "tidak diketahui" : one.upstream_id) << ". Mintalah penghapusan di sana.\n";
  }
  return kDone;
}

}  // namespace

Tidying::Tidying(Office& office)
    : erasure(*office.repository, office.files, *office.partial_files, *office.workflow),
      retention(office.repository->sql(), erasure, Retention::of_profile(office.profile_json).value(), office.profile.zone),
      housekeeping(*office.repository, office.files, *office.partial_files, &retention) {}

bool is_privacy_command(std::string_view command) { return command == "export-person" || command == "erase-person"; }

int run_privacy_command(const std::vector<std::string>& arguments) {
  const bool exports = arguments.front() == "export-person";
  std::set<std::string> known = {"config", "data", "database", "files", "profile", "device", "report"};
  known.insert(exports ? "to" : "confirm");
  std::string problem;
  const auto options = parse_options({arguments.begin() + 1, arguments.end()}, known, problem);
  if (!options) return wrong_usage(problem);
  if (!options->words.empty() || options->has("device") == options->has("report")) return wrong_usage("sebut --device N atau --report NOMOR");
  if (!is_lapor_id(options->value(options->has("device") ? "device" : "report"))) return wrong_usage("--device dan --report adalah angka");
  if (exports && options->value("to").empty()) return wrong_usage("export-person perlu --to FOLDER");
  if (options->has("confirm") && options->value("confirm") != "hapus") return wrong_usage("tulis --confirm hapus");
  const Result<Config> config = read_config(*options, process_environment);
  if (!config.ok()) return failed(config.error());
  Result<Office> office = open_office(*config);
  if (!office.ok()) return failed(office.error());
  const Result<std::int64_t> device = device_named(*office, *options);
  if (!device.ok()) return failed(device.error());
  return exports ? export_command(*office, *device, options->value("to")) : erase_command(*office, *device, options->has("confirm"));
}

}  // namespace titik::serve
