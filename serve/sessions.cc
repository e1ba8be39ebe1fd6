#include "serve/sessions.h"

#include <algorithm>

#include "serve/crypto.h"

namespace titik::serve {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr UnixMillis kFirstWait = 2'000;
constexpr UnixMillis kForgotten = kDay;         // failures this long ago do not count
constexpr UnixMillis kSeenEvery = kMinute;      // how often a session's last request is written down

UnixMillis wait_after(std::int64_t failures, UnixMillis longest) {
  if (failures < kFreeFailures) return 0;
  const std::int64_t doublings = std::min<std::int64_t>(failures - kFreeFailures, 20);
  return std::min(kFirstWait << doublings, longest);
}

}  // namespace

// In one transaction: is it time to look, and if so, this try counts as failed until it has succeeded.
Result<Sessions::Found> Sessions::find_and_count(const LoginAttempt& attempt, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Found> {
    Found found;
    Statement account =
        TRY(sql_.prepare("SELECT " + std::string(kAccountColumns) + ", password_hash FROM account WHERE name = ?1"));
    TRY(account.bind_all(attempt.name));
    if (TRY(account.step())) {
      found.account = read_account(account, 0);
      found.password_hash = account.text(kAccountColumnCount);
    }
    std::int64_t failures = 0;
    UnixMillis wait_until = 0;
    Statement browser = TRY(sql_.prepare(
        "SELECT failures, wait_until FROM known_browser WHERE token_sha256 = ?1 AND account_id = ?2 AND created_at > ?3"));
    TRY(browser.bind_all(sha256_hex(attempt.browser), found.account ? found.account->id : 0, now - kBrowserLife));
    found.browser_known = TRY(browser.step());
    Statement stranger = TRY(sql_.prepare("SELECT failures, wait_until FROM login_failure WHERE name_sha256 = ?1"));
    TRY(stranger.bind_all(sha256_hex(attempt.name)));
    const bool tried = TRY(stranger.step());
    if (found.browser_known || tried) {
      const Statement& row = found.browser_known ? browser : stranger;
      failures = row.integer(0);
      wait_until = row.integer(1);
    }
    if (wait_until > now) {
      found.wait = wait_until - now;
      return found;
    }
    failures = wait_until + kForgotten < now ? 1 : failures + 1;
    const UnixMillis until = now + wait_after(failures, found.browser_known ? kKnownBrowserWait : kStrangersWait);
    Statement count = TRY(sql_.prepare(found.browser_known
        ? "UPDATE known_browser SET failures = ?2, wait_until = ?3 WHERE token_sha256 = ?1"
        : "INSERT INTO login_failure(name_sha256, failures, wait_until) VALUES (?1, ?2, ?3) "
          "ON CONFLICT(name_sha256) DO UPDATE SET failures = excluded.failures, wait_until = excluded.wait_until"));
    TRY(count.bind_all(sha256_hex(found.browser_known ? attempt.browser : attempt.name), failures, until));
    TRY(count.run());
    found.wait_before = wait_until;
    found.wait_set = until;
    return found;
  });
}

// It has succeeded.
Result<Ok> Sessions::forget_failures(const LoginAttempt& attempt, const Found& found) {
  Statement row = TRY(sql_.prepare(found.browser_known ? "UPDATE known_browser SET failures = 0, wait_until = 0 WHERE token_sha256 = ?1"
                                                       : "UPDATE login_failure SET failures = 0, wait_until = 0 WHERE name_sha256 = ?1"));
  TRY(row.bind_all(sha256_hex(found.browser_known ? attempt.browser : attempt.name)));
  return row.run();
}

// This one try was not looked at. What was counted before it stays, and so does what another try has added meanwhile.
Result<Ok> Sessions::uncount(const LoginAttempt& attempt, const Found& found) {
  constexpr std::string_view kBack = " SET failures = failures - 1, wait_until = CASE wait_until WHEN ?3 THEN ?2 ELSE wait_until END WHERE ";
  Statement row = TRY(sql_.prepare(found.browser_known ? "UPDATE known_browser" + std::string(kBack) + "token_sha256 = ?1"
                                                       : "UPDATE login_failure" + std::string(kBack) + "name_sha256 = ?1"));
  TRY(row.bind_all(sha256_hex(found.browser_known ? attempt.browser : attempt.name), found.wait_before, found.wait_set));
  return row.run();
}

Result<LoginAnswer> Sessions::log_in(const LoginAttempt& attempt, UnixMillis now) {
  const Found found = TRY(find_and_count(attempt, now));
  if (found.wait > 0) return LoginAnswer{.account = {}, .session = {}, .browser = {}, .wait = found.wait};
  // Without the database's mutex: it takes long, and as long for an account that is not there.
  const Result<bool> right = hasher_.verify(attempt.password, found.password_hash);
  const SqlLock lock(sql_.mutex());
  if (!right.ok() && right.error().code == ErrorCode::kTooLarge) {
    TRY(uncount(attempt, found));
    return LoginAnswer{.account = {}, .session = {}, .browser = {}, .wait = kFirstWait};
  }
  if (!TRY(Result<bool>(right)) || !found.account || found.account->disabled_at != 0) return LoginAnswer{};
  return sql_.transaction([&]() -> Result<LoginAnswer> {
    TRY(forget_failures(attempt, found));
    LoginAnswer answer{.account = found.account, .session = random_hex(kTokenBytes), .browser = {}, .wait = 0};
    Statement session = TRY(sql_.prepare(
        "INSERT INTO office_session(token_sha256, previous_sha256, account_id, created_at, rotated_at, seen_at) "
        "VALUES (?1, '', ?2, ?3, ?3, ?3)"));
    TRY(session.bind_all(sha256_hex(answer.session), found.account->id, now));
    TRY(session.run());
    if (found.browser_known) return answer;
    answer.browser = random_hex(kTokenBytes);
    Statement browser =
        TRY(sql_.prepare("INSERT INTO known_browser(token_sha256, account_id, created_at) VALUES (?1, ?2, ?3)"));
    TRY(browser.bind_all(sha256_hex(answer.browser), found.account->id, now));
    TRY(browser.run());
    return answer;
  });
}

Result<std::optional<LiveSession>> Sessions::session(std::string_view token, UnixMillis now) {
  const std::string hash = sha256_hex(token);
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare(
      "SELECT " + std::string(kAccountColumns) + ", token_sha256, rotated_at, seen_at FROM office_session "
      "JOIN account ON account.id = office_session.account_id "
      "WHERE (token_sha256 = ?1 OR (previous_sha256 = ?1 AND rotated_at > ?2)) "
      "AND seen_at > ?3 AND office_session.created_at > ?4 AND disabled_at = 0"));
  TRY(row.bind_all(hash, now - kTurnGrace, now - kSessionIdle, now - kSessionLife));
  if (!TRY(row.step())) return std::optional<LiveSession>();
  LiveSession live{read_account(row, 0), {}};
  const bool newest = row.text(kAccountColumnCount) == hash;
  const UnixMillis rotated_at = row.integer(kAccountColumnCount + 1);
  const UnixMillis seen_at = row.integer(kAccountColumnCount + 2);
  const std::string current = row.text(kAccountColumnCount);
  row.reset();
  if (newest && rotated_at <= now - kSessionTurn) {
    const std::string next = random_hex(kTokenBytes);
    Statement turn = TRY(sql_.prepare("UPDATE office_session SET token_sha256 = ?1, previous_sha256 = ?2, rotated_at = ?3, "
                                      "seen_at = ?3 WHERE token_sha256 = ?2"));
    TRY(turn.bind_all(sha256_hex(next), hash, now));
    TRY(turn.run());
    if (turn.changes() == 1) live.new_token = next;  // else another request, in another process, was quicker
  } else if (seen_at <= now - kSeenEvery) {
    Statement seen = TRY(sql_.prepare("UPDATE office_session SET seen_at = ?1 WHERE token_sha256 = ?2"));
    TRY(seen.bind_all(now, current));
    TRY(seen.run());
  }
  return std::optional(std::move(live));
}

Result<Ok> Sessions::end(std::string_view token) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("DELETE FROM office_session WHERE token_sha256 = ?1 OR previous_sha256 = ?1"));
  TRY(row.bind_all(sha256_hex(token)));
  return row.run();
}

Result<Ok> Sessions::sweep(UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Ok> {
    Statement sessions = TRY(sql_.prepare("DELETE FROM office_session WHERE seen_at <= ?1 OR created_at <= ?2"));
    TRY(sessions.bind_all(now - kSessionIdle, now - kSessionLife));
    TRY(sessions.run());
    Statement browsers = TRY(sql_.prepare("DELETE FROM known_browser WHERE created_at <= ?1"));
    TRY(browsers.bind_all(now - kBrowserLife));
    TRY(browsers.run());
    Statement failures = TRY(sql_.prepare("DELETE FROM login_failure WHERE wait_until <= ?1"));
    TRY(failures.bind_all(now - kForgotten));
    return failures.run();
  });
}

}  // namespace titik::serve
