// What the readers of the wire format share. Internal to src/lapor and serve/upstream_wire.cc.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "lapor/lapor.h"

namespace titik::lapor {

// Lists longer than this are refused or cut: no answer of the interface comes near it, and hostile
// ones must not decide how much memory we use.
inline constexpr std::size_t kMaxListItems = 10'000;

// The member as text ("501", 501, true), trimmed; "" when there is none.
std::string text_of(const Json& object, std::string_view key);

// The first of `keys` that gives text.
std::string first_text(const Json& object, std::initializer_list<std::string_view> keys);

// A name that comes as "x_name": "...", as "x": "..." or as "x": {"name": "..."}.
std::string name_of(const Json& object, std::string_view key);

// An id of 1–10 digits, sent as text or number; "" when it is anything else.
std::string id_of(const Json& object, std::string_view key);

// Numbers also as text: 3 and "3". `fallback` when missing, of another type, or out of range.
std::int64_t integer_of(const Json& object, std::string_view key, std::int64_t fallback, std::int64_t lowest,
                        std::int64_t highest);

// "dd-mm-YYYY HH:MM:SS" and "YYYY-mm-dd[ HH:MM[:SS]]" in the city's zone, RFC 3339 with Z, or seconds
// since 1970 as a number. 0 when it is none of these.
UnixMillis time_of(const Json& value, ZoneOffset zone);
UnixMillis first_time(const Json& object, std::initializer_list<std::string_view> keys, ZoneOffset zone);

// Milliseconds, as our extensions send them: 0 when missing, negative or beyond the year 9999.
UnixMillis millis_of(const Json& object, std::string_view key);

// The SHA-256 in a list, as 64 lower-case hex digits; what is none is left out.
std::vector<std::string> hashes_of(const Json& object, std::string_view key);

// Replaces {{name}}, {{ name }} and {{name_link}} by the entry's values: institution_from,
// institution_to, institution, status_old, status_new. Unknown placeholders are left out.
std::string fill_template(std::string_view content, const Json& entry);

// The bodies of lapor.h as values: changes.cc puts several of them into one.
Json detail_json(const Detail& detail, ZoneOffset zone);
Result<Detail> detail_of(const Json& body, ZoneOffset zone);
Json follow_ups_json(const FollowUpPage& page, std::string_view path, ZoneOffset zone);
Result<FollowUpPage> follow_ups_of(const Json& body, ZoneOffset zone);

// Oldest first, whichever way round the list came. Entries of one time keep their order.
template <typename Entry>
void sort_oldest_first(std::vector<Entry>& entries) {
  if (entries.size() > 1 && entries.front().at > entries.back().at) {
    std::reverse(entries.begin(), entries.end());
  }
  // By a tree, which keeps equals in their order: a sort of these is 5 KB of the phone's engine for each kind.
  std::multimap<UnixMillis, Entry> ordered;
  for (Entry& entry : entries) ordered.emplace_hint(ordered.end(), entry.at, std::move(entry));
  std::size_t next = 0;
  for (auto& [at, entry] : ordered) entries[next++] = std::move(entry);
}

}  // namespace titik::lapor
