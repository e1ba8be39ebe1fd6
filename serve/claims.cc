#include "serve/claims.h"

#include "serve/crypto.h"

namespace titik::serve {
namespace {

// Crockford's base32: without I, L, O and U.
constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kLength = 12;

int hex_value(char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

std::string new_code() {
  const std::string random = random_hex(kLength);  // a byte for each, of which five bits count
  std::string code;
  for (std::size_t i = 0; i < kLength; ++i) {
    code += kLetters[static_cast<std::size_t>(hex_value(random[2 * i]) * 16 + hex_value(random[2 * i + 1])) % kLetters.size()];
  }
  return code;
}

std::string in_groups(std::string_view code) {
  std::string text;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (i > 0 && i % 4 == 0) text += '-';
    text += code[i];
  }
  return text;
}

}  // namespace

std::optional<std::string> plain_claim_code(std::string_view typed) {
  std::string code;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'I' || c == 'L') c = '1';
    if (c == 'O') c = '0';
    if (kLetters.find(c) == kLetters.npos || code.size() == kLength) return std::nullopt;
    code += c;
  }
  if (code.size() != kLength) return std::nullopt;
  return code;
}

Result<ClaimCode> Claims::make(std::int64_t tracking_id, std::int64_t owner, UnixMillis now) {
  const std::string code = new_code();
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<ClaimCode> {
    Statement before = TRY(sql_.prepare("DELETE FROM claim_code WHERE tracking_id = ?1 AND used_by IS NULL"));
    TRY(before.bind(1, tracking_id));
    TRY(before.run());
    Statement row = TRY(sql_.prepare("INSERT INTO claim_code(code_sha256, tracking_id, made_by, expires_at) VALUES (?1, ?2, ?3, ?4)"));
    TRY(row.bind_all(sha256_hex(code), tracking_id, owner, now + kClaimLife));
    TRY(row.run());
    return ClaimCode{in_groups(code), now + kClaimLife};
  });
}

Result<std::optional<std::int64_t>> Claims::redeem(std::string_view typed, std::int64_t caller_id, UnixMillis now) {
  const std::optional<std::string> code = plain_claim_code(typed);
  const std::string hash = sha256_hex(code.value_or(std::string(typed)));  // what is no code takes the same way
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<std::optional<std::int64_t>> {
    Statement known = TRY(sql_.prepare(
        "SELECT claim_code.tracking_id, used_by, report.caller_id = ?3 OR EXISTS (SELECT 1 FROM follower "
        "WHERE follower.tracking_id = report.tracking_id AND follower.caller_id = ?3) FROM claim_code "
        "JOIN report ON report.tracking_id = claim_code.tracking_id WHERE code_sha256 = ?1 AND expires_at > ?2"));
    TRY(known.bind_all(hash, now, caller_id));
    if (!TRY(known.step())) return std::optional<std::int64_t>();
    const std::int64_t tracking_id = known.integer(0);
    const bool is_used = !known.is_null(1);
    const bool is_same = is_used && known.integer(1) == caller_id;
    const std::string owns = known.text(2);  // a flag: "1" here, "t" there
    known.reset();
    if (owns == "1" || owns == "t") return std::optional(tracking_id);  // the code stays for whom it is meant
    if (is_used && !is_same) return std::optional<std::int64_t>();
    Statement used = TRY(sql_.prepare("UPDATE claim_code SET used_by = ?2 WHERE code_sha256 = ?1"));
    TRY(used.bind_all(hash, caller_id));
    TRY(used.run());
    Statement row = TRY(sql_.prepare("INSERT INTO watcher(tracking_id, caller_id, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"));
    TRY(row.bind_all(tracking_id, caller_id, now));
    TRY(row.run());
    return std::optional(tracking_id);
  });
}

Result<Ok> Claims::take_back(std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Ok> {
    for (const char* statement : {"DELETE FROM claim_code WHERE tracking_id = ?1", "DELETE FROM watcher WHERE tracking_id = ?1"}) {
      Statement row = TRY(sql_.prepare(statement));
      TRY(row.bind(1, tracking_id));
      TRY(row.run());
    }
    return Ok{};
  });
}

Result<bool> Claims::is_watched_by(std::int64_t tracking_id, std::int64_t caller_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT 1 FROM watcher WHERE tracking_id = ?1 AND caller_id = ?2"));
  TRY(row.bind_all(tracking_id, caller_id));
  return row.step();
}

Result<bool> Claims::is_in_thread(std::int64_t file_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT 1 FROM file WHERE id = ?1 AND follow_up_id IS NOT NULL"));
  TRY(row.bind(1, file_id));
  return row.step();
}

Result<Ok> Claims::sweep(UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("DELETE FROM claim_code WHERE expires_at <= ?1"));
  TRY(row.bind(1, now));
  return row.run();
}

}  // namespace titik::serve
