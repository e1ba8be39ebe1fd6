#include "sync/backoff.h"

#include <algorithm>
#include <cstddef>

namespace titik::sync {
namespace {

// Digits at the start of `text`, at most nine; -1 when there are none. Moves `text` past them.
std::int64_t take_number(std::string_view& text) {
  std::int64_t number = -1;
  std::size_t count = 0;
  while (count < text.size() && count < 9 && text[count] >= '0' && text[count] <= '9') {
    number = std::max<std::int64_t>(number, 0) * 10 + (text[count] - '0');
    ++count;
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7); 0 when it is anything else.
UnixMillis http_date(std::string_view text) {
  if (text.size() != 29 || text.substr(25) != " GMT") return 0;
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t month = kMonths.find(text.substr(8, 3));
  std::string_view day = text.substr(5, 2), year = text.substr(12, 4), clock = text.substr(17, 8);
  CivilTime civil;
  civil.day = static_cast<int>(take_number(day));
  civil.year = static_cast<int>(take_number(year));
  civil.hour = static_cast<int>(take_number(clock));
  if (!take(clock, ':')) return 0;
  civil.minute = static_cast<int>(take_number(clock));
  if (!take(clock, ':')) return 0;
  civil.second = static_cast<int>(take_number(clock));
  if (month == std::string_view::npos || month % 3 != 0) return 0;
  civil.month = static_cast<int>(month / 3) + 1;
  if (!is_valid_date(civil.year, civil.month, civil.day)) return 0;
  if (civil.hour < 0 || civil.hour > 23 || civil.minute < 0 || civil.minute > 59 || civil.second < 0) return 0;
  return from_civil(civil, 0);
}

}  // namespace

UnixMillis backoff(int attempts, std::uint64_t random) {
  UnixMillis ceiling = kFirstBackoff;
  for (int i = 1; i < attempts && ceiling < kLongestBackoff; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, kLongestBackoff);
  const auto span = static_cast<std::uint64_t>(ceiling - kSecond + 1);
  return kSecond + static_cast<UnixMillis>(random % span);
}

UnixMillis retry_after(std::string_view header, UnixMillis now) {
  while (take(header, ' ')) {}
  std::string_view rest = header;
  const std::int64_t seconds = take_number(rest);
  if (seconds >= 0) return std::min(seconds * kSecond, kLongestWait);
  const UnixMillis until = http_date(header);
  return until == 0 ? 0 : std::clamp<UnixMillis>(until - now, 0, kLongestWait);
}

bool is_due(UnixMillis not_before, UnixMillis now) {
  return not_before <= now || not_before - now > kLongestWait;
}

}  // namespace titik::sync
