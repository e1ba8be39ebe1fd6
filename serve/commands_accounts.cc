#include <iostream>

#include "serve/access_log.h"
#include "serve/accounts.h"
#include "serve/commands.h"
#include "serve/devices.h"

namespace titik::serve {
namespace {

constexpr std::string_view kUsage = R"(
Akun dan akses
  account add NAMA --role PERAN [--agency ID]
                                   akun petugas; kata sandi dibaca dari masukan standar, tidak pernah dari baris perintah
                                   PERAN: coordinator, liaison, head, mayor, administrator
  account list                     daftar akun, dan sistem yang punya kode akses dengan nomornya
  account role NAMA --role PERAN [--agency ID]
  account password NAMA            kata sandi baru (dari masukan standar); akun yang ditutup dibuka lagi
  account disable NAMA             menutup akun; sesinya berakhir seketika
  revoke NOMOR                     mencabut kode akses perangkat atau sistem
  access-log [NOMOR]               siapa membaca laporan rahasia atau beridentitas
)";

constexpr int kMostReadings = 1000;

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

struct People {
  explicit People(Office& office) : accounts(office.repository->sql(), hasher) {}
  PasswordHasher hasher;
  Accounts accounts;
};

std::string objection_to_role(const Options& options) {
  return officer_role_from_name(options.value("role")) ? "" : "--role: coordinator, liaison, head, mayor atau administrator";
}

struct Post {
  Role role = Role::kLiaison;
  std::string agency_id;
};
Result<Post> post_of(const Office& office, const Options& options) {
  const std::string agency = options.value("agency");
  if (!agency.empty() && !office.profile.agency(agency)) return Error{ErrorCode::kInvalidArgument, "--agency", "instansi tidak dikenal: " + agency};
  return Post{*officer_role_from_name(options.value("role")), agency};
}

Result<Ok> add(Office& office, const Invocation& call) {
  const Post post = TRY(post_of(office, call.options));
  TRY(People(office).accounts.add({.name = call.name, .role = post.role, .agency_id = post.agency_id}, read_password(), system_now()));
  return Ok{};
}

Result<Ok> set_role(Office& office, const Invocation& call) {
  const Post post = TRY(post_of(office, call.options));
  return People(office).accounts.set_role(call.name, post.role, post.agency_id);
}

Result<Ok> set_password(Office& office, const Invocation& call) { return People(office).accounts.set_password(call.name, read_password()); }

Result<Ok> disable(Office& office, const Invocation& call) { return People(office).accounts.disable(call.name, system_now()); }

Result<Ok> list(Office& office, const Invocation&) {
  People people(office);
  for (const Account& account : TRY(people.accounts.list())) {
    std::cout << account.name << "  " << role_name(account.role) << "  " << (account.agency_id.empty() ? "-" : account.agency_id)
              << "  dibuat " << time_text(account.created_at, office)
              << (account.disabled_at != 0 ? "  ditutup " + time_text(account.disabled_at, office) : "") << "\n";
  }
  for (const System& system : TRY(systems(office.repository->sql()))) {
    std::cout << system.name << "  sistem nomor " << system.id << "  dibuat " << time_text(system.created_at, office)
              << (system.revoked_at != 0 ? "  dicabut " + time_text(system.revoked_at, office) : "") << "\n";
  }
  return Ok{};
}

Result<Ok> revoke(Office& office, const Invocation& call) { return revoke_caller(office.repository->sql(), call.number, system_now()); }

Result<Ok> access_log(Office& office, const Invocation& call) {
  for (const Reading& reading : TRY(AccessLog(office.repository->sql()).list(call.number, kMostReadings))) {
    std::cout << time_text(reading.last_at, office) << "  " << reading.tracking_id << "  " << reading.actor_kind << "  "
              << reading.actor_name << "  " << reading.times << "x\n";
  }
  return Ok{};
}

}  // namespace

CommandGroup account_commands() {
  const auto name = Takes::kName;
  return {kUsage,
          {{.name = "account add", .takes = name, .options = {"role", "agency"}, .required = {"role"}, .objection = objection_to_role, .run = add},
           {.name = "account list", .run = list},
           {.name = "account role", .takes = name, .options = {"role", "agency"}, .required = {"role"}, .objection = objection_to_role, .run = set_role},
           {.name = "account password", .takes = name, .run = set_password},
           {.name = "account disable", .takes = name, .run = disable},
           {.name = "revoke", .takes = Takes::kNumber, .run = revoke},
           {.name = "access-log", .takes = Takes::kMaybeNumber, .run = access_log}}};
}

}  // namespace titik::serve
