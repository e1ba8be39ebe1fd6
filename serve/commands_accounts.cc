#include "serve/commands_accounts.h"

#include <iostream>

#include "base/id.h"
#include "serve/access_log.h"
#include "serve/accounts.h"
#include "serve/devices.h"
#include "serve/office.h"
#include "serve/options.h"

namespace titik::serve {

const std::string_view kAccountUsage = R"(
Akun dan akses
  account add NAMA --role PERAN [--agency ID]
                                   akun petugas; kata sandi dibaca dari masukan standar, tidak pernah dari baris perintah
                                   PERAN: coordinator, liaison, head, mayor, administrator
  account list                     daftar akun
  account role NAMA --role PERAN [--agency ID]
  account password NAMA            kata sandi baru (dari masukan standar); akun yang ditutup dibuka lagi
  account disable NAMA             menutup akun; sesinya berakhir seketika
  revoke NOMOR                     mencabut kode akses perangkat atau sistem
  access-log [NOMOR]               siapa membaca laporan rahasia atau beridentitas
)";

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;
constexpr int kMostReadings = 1000;

int wrong_usage(std::string_view problem) {
  std::cerr << "titik-serve: " << problem << "\n" << kAccountUsage;
  return kWrongUsage;
}

int failed(const Error& error) {
  std::cerr << "titik-serve: " << (error.where.empty() ? "" : error.where + ": ") << error.message << "\n";
  return kFailed;
}

// One line of the standard input: the command line is for everybody on the machine to read.
std::string read_password() {
  std::string password;
  std::getline(std::cin, password);
  if (password.ends_with('\r')) password.pop_back();
  return password;
}

std::string time_text(UnixMillis time, const Office& office) {
  return time == 0 ? "-" : format_rfc3339(time + office.profile.zone * kMinute).substr(0, 16);
}

int list_accounts(Office& office, Accounts& accounts) {
  const auto list = accounts.list();
  if (!list.ok()) return failed(list.error());
  for (const Account& account : *list) {
    std::cout << account.name << "  " << role_name(account.role) << "  " << (account.agency_id.empty() ? "-" : account.agency_id)
              << "  dibuat " << time_text(account.created_at, office)
              << (account.disabled_at != 0 ? "  ditutup " + time_text(account.disabled_at, office) : "") << "\n";
  }
  return kDone;
}

int account_command(Office& office, const Options& options) {
  PasswordHasher hasher;
  Accounts accounts(office.repository->sql(), hasher);
  const std::vector<std::string>& words = options.words;
  if (words.size() == 1 && words[0] == "list") return list_accounts(office, accounts);
  if (words.size() != 2) return wrong_usage("account perlu add, list, role, password atau disable, dan satu nama");
  const std::string& what = words[0];
  const std::string& name = words[1];
  const std::string agency = options.value("agency");
  const std::optional<Role> role = officer_role_from_name(options.value("role"));
  if ((what == "add" || what == "role") && !role) return wrong_usage("--role: coordinator, liaison, head, mayor atau administrator");
  if (!agency.empty() && !office.profile.agency(agency)) return wrong_usage("instansi tidak dikenal: " + agency);
  Result<Ok> done = Ok{};
  if (what == "add") {
    const auto added = accounts.add({.name = name, .role = *role, .agency_id = agency}, read_password(), system_now());
    if (!added.ok()) return failed(added.error());
  } else if (what == "role") {
    done = accounts.set_role(name, *role, agency);
  } else if (what == "password") {
    done = accounts.set_password(name, read_password());
  } else if (what == "disable") {
    done = accounts.disable(name, system_now());
  } else {
    return wrong_usage("account tidak mengenal: " + what);
  }
  return done.ok() ? kDone : failed(done.error());
}

int access_log(Office& office, std::int64_t tracking_id) {
  const auto readings = AccessLog(office.repository->sql()).list(tracking_id, kMostReadings);
  if (!readings.ok()) return failed(readings.error());
  for (const Reading& reading : *readings) {
    std::cout << time_text(reading.last_at, office) << "  " << reading.tracking_id << "  " << reading.actor_kind << "  "
              << reading.actor_name << "  " << reading.times << "x\n";
  }
  return kDone;
}

}  // namespace

bool is_account_command(std::string_view command) {
  return command == "account" || command == "revoke" || command == "access-log";
}

int run_account_command(const std::vector<std::string>& arguments) {
  const std::string& command = arguments.front();
  std::set<std::string> known = {"config", "data", "database", "files", "profile"};
  if (command == "account") known.insert({"role", "agency"});
  std::string problem;
  const auto options = parse_options({arguments.begin() + 1, arguments.end()}, known, problem);
  if (!options) return wrong_usage(problem);
  const bool number = options->words.size() == 1 && is_lapor_id(options->words[0]);
  if (command == "revoke" && !number) return wrong_usage("revoke perlu satu nomor perangkat");
  if (command == "access-log" && !options->words.empty() && !number) return wrong_usage("access-log perlu satu nomor laporan, atau tidak sama sekali");
  const Result<Config> config = read_config(*options, process_environment);
  if (!config.ok()) return failed(config.error());
  Result<Office> office = open_office(*config);
  if (!office.ok()) return failed(office.error());
  if (command == "account") return account_command(*office, *options);
  const std::int64_t id = number ? std::stoll(options->words[0]) : 0;
  if (command == "access-log") return access_log(*office, id);
  const Result<Ok> done = revoke_caller(office->repository->sql(), id, system_now());
  return done.ok() ? kDone : failed(done.error());
}

}  // namespace titik::serve
