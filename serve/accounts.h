// The officers: who they are and what they may do. How they log in: serve/sessions.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "serve/password.h"
#include "serve/sql.h"
#include "serve/workflow.h"

namespace titik::serve {

struct Account {
  std::int64_t id = 0;
  std::int64_t caller_id = 0;  // what the officer writes and uploads is this caller's
  std::string name;            // 3 to 40 of a-z, 0-9, '.', '_', '-'
  Role role = Role::kLiaison;
  std::string agency_id;       // of liaisons and heads; else ""
  UnixMillis created_at = 0;
  UnixMillis disabled_at = 0;  // 0: may log in
};

// The roles that an account can have: "coordinator", "liaison", "head", "mayor", "administrator".
std::optional<Role> officer_role_from_name(std::string_view name);

class Accounts {
 public:
  Accounts(Sql& sql, PasswordHasher& hasher) : sql_(sql), hasher_(hasher) {}

  // kInvalidArgument: a name or password that breaks the rules, an agency where none belongs, or none where one does.
  // kConflict: the name is taken. Whether there is such an agency is for the caller to know.
  Result<Account> add(const Account& account, std::string_view password, UnixMillis now);
  Result<std::vector<Account>> list();
  // All below: kNotFound. What changes a right ends the account's sessions.
  Result<Ok> set_role(std::string_view name, Role role, std::string_view agency_id);
  // Also lets in again who was disabled, and forgets the failures of strangers.
  Result<Ok> set_password(std::string_view name, std::string_view password);
  Result<Ok> disable(std::string_view name, UnixMillis now);

 private:
  Result<std::int64_t> require(std::string_view name);
  Result<Ok> end_sessions(std::int64_t account_id);

  Sql& sql_;
  PasswordHasher& hasher_;
};

// Its columns, for statements that end in "FROM account …"; read_account() takes them from column `first` on.
inline constexpr std::string_view kAccountColumns =
    "account.id, account.caller_id, account.name, account.role, account.agency_id, account.created_at, account.disabled_at";
inline constexpr int kAccountColumnCount = 7;
Account read_account(const Statement& row, int first);

Actor actor_of(const Account& account);

}  // namespace titik::serve
