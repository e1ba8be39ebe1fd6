#include "serve/accounts.h"

#include <algorithm>
#include <array>

#include "serve/crypto.h"

namespace titik::serve {
namespace {

constexpr std::array kOfficerRoles = {Role::kCoordinator, Role::kLiaison, Role::kHead, Role::kMayor, Role::kAdministrator};

Error refused(std::string_view where, std::string_view message) {
  return Error{ErrorCode::kInvalidArgument, std::string(where), std::string(message)};
}

bool is_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
         });
}

Result<Ok> check_role(Role role, std::string_view agency_id) {
  const bool of_agency = role == Role::kLiaison || role == Role::kHead;
  if (of_agency && agency_id.empty()) return refused("agency", "Peran ini perlu instansi.");
  if (!of_agency && !agency_id.empty()) return refused("agency", "Peran ini tidak memakai instansi.");
  return Ok{};
}

}  // namespace

std::optional<Role> officer_role_from_name(std::string_view name) {
  for (const Role role : kOfficerRoles) {
    if (role_name(role) == name) return role;
  }
  return std::nullopt;
}

Account read_account(const Statement& row, int first) {
  return Account{.id = row.integer(first),
                 .caller_id = row.integer(first + 1),
                 .name = row.text(first + 2),
                 .role = officer_role_from_name(row.text(first + 3)).value_or(Role::kLiaison),
                 .agency_id = row.text(first + 4),
                 .created_at = row.integer(first + 5),
                 .disabled_at = row.integer(first + 6)};
}

Actor actor_of(const Account& account) {
  return Actor{ActorKind::kOfficer, account.role, account.agency_id, account.id, account.name, account.caller_id};
}

Result<Account> Accounts::add(const Account& account, std::string_view password, UnixMillis now) {
  if (!is_name(account.name)) {
    return refused("name", "Nama akun terdiri atas 3 sampai 40 huruf kecil, angka, titik, garis bawah atau strip.");
  }
  TRY(check_role(account.role, account.agency_id));
  TRY(check_new_password(password));
  const std::string hash = TRY(hasher_.hash(password));
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Account> {
    Statement known = TRY(sql_.prepare("SELECT 1 FROM account WHERE name = ?1"));
    TRY(known.bind_all(account.name));
    if (TRY(known.step())) return Error{ErrorCode::kConflict, "name", "Nama akun ini sudah dipakai."};
    Account added = account;
    added.created_at = now;
    // Officers act through no token: a random one is hashed and forgotten.
    Statement caller = TRY(sql_.prepare(
        "INSERT INTO caller(kind, name, token_sha256, created_at) VALUES ('office', ?1, ?2, ?3) RETURNING id"));
    TRY(caller.bind_all("akun " + account.name, sha256_hex(random_hex(32)), now));
    added.caller_id = TRY(caller.insert());
    Statement row = TRY(sql_.prepare("INSERT INTO account(caller_id, name, role, agency_id, password_hash, created_at) "
                                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id"));
    TRY(row.bind_all(added.caller_id, account.name, std::string(role_name(account.role)), account.agency_id, hash, now));
    added.id = TRY(row.insert());
    return added;
  });
}

Result<std::vector<Account>> Accounts::list() {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT " + std::string(kAccountColumns) + " FROM account ORDER BY name"));
  std::vector<Account> accounts;
  while (TRY(row.step())) accounts.push_back(read_account(row, 0));
  return accounts;
}

Result<std::int64_t> Accounts::require(std::string_view name) {
  Statement row = TRY(sql_.prepare("SELECT id FROM account WHERE name = ?1"));
  TRY(row.bind(1, name));
  if (!TRY(row.step())) return Error{ErrorCode::kNotFound, "name", "Akun ini tidak ada."};
  return row.integer(0);
}

Result<Ok> Accounts::end_sessions(std::int64_t account_id) {
  Statement row = TRY(sql_.prepare("DELETE FROM office_session WHERE account_id = ?1"));
  TRY(row.bind(1, account_id));
  return row.run();
}

Result<Ok> Accounts::set_role(std::string_view name, Role role, std::string_view agency_id) {
  TRY(check_role(role, agency_id));
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Ok> {
    const std::int64_t id = TRY(require(name));
    Statement row = TRY(sql_.prepare("UPDATE account SET role = ?1, agency_id = ?2 WHERE id = ?3"));
    TRY(row.bind_all(std::string(role_name(role)), std::string(agency_id), id));
    TRY(row.run());
    return end_sessions(id);
  });
}

Result<Ok> Accounts::set_password(std::string_view name, std::string_view password) {
  TRY(check_new_password(password));
  const std::string hash = TRY(hasher_.hash(password));
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Ok> {
    const std::int64_t id = TRY(require(name));
    Statement row = TRY(sql_.prepare("UPDATE account SET password_hash = ?1, disabled_at = 0 WHERE id = ?2"));
    TRY(row.bind_all(hash, id));
    TRY(row.run());
    Statement failures = TRY(sql_.prepare("DELETE FROM login_failure WHERE name_sha256 = ?1"));
    TRY(failures.bind_all(sha256_hex(name)));
    TRY(failures.run());
    Statement browsers = TRY(sql_.prepare("DELETE FROM known_browser WHERE account_id = ?1"));
    TRY(browsers.bind_all(id));
    TRY(browsers.run());
    return end_sessions(id);
  });
}

Result<Ok> Accounts::disable(std::string_view name, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Ok> {
    const std::int64_t id = TRY(require(name));
    Statement row = TRY(sql_.prepare("UPDATE account SET disabled_at = ?1 WHERE id = ?2"));
    TRY(row.bind_all(now, id));
    TRY(row.run());
    return end_sessions(id);
  });
}

}  // namespace titik::serve
