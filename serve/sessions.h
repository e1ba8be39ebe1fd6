// How officers log in and stay so. Tokens are random, sent once, and kept as their SHA-256 alone.
//
// Failures are counted by the name that was tried, whether there is such an account or not, and before the password is
// looked at, so that many tries at once gain nothing. A browser in which the officer has logged in before is known by
// a token of its own and counted apart: strangers who try a name cannot keep its officer out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "serve/accounts.h"
#include "serve/password.h"
#include "serve/sql.h"

namespace titik::serve {

inline constexpr UnixMillis kSessionIdle = 2 * kHour;   // without a request
inline constexpr UnixMillis kSessionLife = 12 * kHour;  // a day's work
inline constexpr UnixMillis kSessionTurn = 1 * kHour;   // then it gets another token
inline constexpr UnixMillis kTurnGrace = kMinute;       // requests that were under way with the token before
inline constexpr UnixMillis kBrowserLife = 180 * kDay;

inline constexpr int kFreeFailures = 5;                       // then each failure doubles the wait, from 2 s
inline constexpr UnixMillis kStrangersWait = 5 * kMinute;     // the longest
inline constexpr UnixMillis kKnownBrowserWait = 15 * kMinute;  // the longest

struct LoginAttempt {
  std::string name;
  std::string password;
  std::string browser;  // the token of a browser that may be known; may be empty
};
struct LoginAnswer {
  std::optional<Account> account;  // none: refused, or to wait
  std::string session;             // tokens for the browser to keep
  std::string browser;             // "" when it has a good one
  UnixMillis wait = 0;             // not 0: nothing was looked at; again after this time
};

struct LiveSession {
  Account account;
  std::string new_token;  // not "": the browser is to keep this one from now on
};

class Sessions {
 public:
  Sessions(Sql& sql, PasswordHasher& hasher) : sql_(sql), hasher_(hasher) {}

  Result<LoginAnswer> log_in(const LoginAttempt& attempt, UnixMillis now);
  // Whose it is, while it lives and the account is not disabled.
  Result<std::optional<LiveSession>> session(std::string_view token, UnixMillis now);
  Result<Ok> end(std::string_view token);
  // Forgets what has ended.
  Result<Ok> sweep(UnixMillis now);

 private:
  struct Found {
    std::optional<Account> account;
    std::string password_hash;
    bool browser_known = false;
    UnixMillis wait = 0;
    UnixMillis wait_before = 0, wait_set = 0;  // `wait_until` before this try, and as it has set it
  };
  Result<Found> find_and_count(const LoginAttempt& attempt, UnixMillis now);
  Result<Ok> forget_failures(const LoginAttempt& attempt, const Found& found);
  Result<Ok> uncount(const LoginAttempt& attempt, const Found& found);

  Sql& sql_;
  PasswordHasher& hasher_;
};

}  // namespace titik::serve
