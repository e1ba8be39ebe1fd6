// Following a report from another phone: its owner asks for a code, and the phone that gives it follows the report, and
// no more. Of the code only the SHA-256 is kept; it is good once, for a week, and there is one of a report at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "serve/sql.h"

namespace titik::serve {

inline constexpr UnixMillis kClaimLife = 7 * kDay;

struct ClaimCode {
  std::string code;  // "7KQ2-9FMX-3TRA": twelve of Crockford's 32 letters and digits, 60 bits
  UnixMillis expires_at = 0;
};

// As it is hashed: capital letters without hyphens and spaces, I and L read as 1, O as 0. Nothing when it is no code.
std::optional<std::string> plain_claim_code(std::string_view typed);

class Claims {
 public:
  explicit Claims(Sql& sql) : sql_(sql) {}

  // The code before it is void, if nobody has used it.
  Result<ClaimCode> make(std::int64_t tracking_id, std::int64_t owner, UnixMillis now);
  // The report that the phone follows from now on, and its owner follows anyway. The same phone may give its code again.
  // Nothing: unknown, used by another, run out or taken back; which of them is nobody's to know.
  Result<std::optional<std::int64_t>> redeem(std::string_view typed, std::int64_t caller_id, UnixMillis now);
  // Voids the code, and all who came by one follow no more.
  Result<Ok> take_back(std::int64_t tracking_id);

  Result<bool> is_watched_by(std::int64_t tracking_id, std::int64_t caller_id);
  // Part of the thread, which a follower is shown; not a photo of the report itself.
  Result<bool> is_in_thread(std::int64_t file_id);
  Result<Ok> sweep(UnixMillis now);  // codes that have run out

 private:
  Sql& sql_;
};

}  // namespace titik::serve
