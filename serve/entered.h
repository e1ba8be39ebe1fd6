// Reports that an officer wrote down for somebody: the channel they came by, how consent was given, and how to reach the
// person. Kept apart from the report, so that nothing that shows a report can show them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "serve/sql.h"
#include "serve/workflow.h"

namespace titik::serve {

struct Entered {
  std::string channel;  // "112", "telepon", "whatsapp", "pers", "datang", "gerai"
  std::string consent;  // "lisan", "tertulis"; of the press "publik": what it writes is public already
  std::string contact_name, contact_phone;  // may be empty
};
// As people read it: "Call Center 112"; "" for a word that is none.
std::string_view channel_label(std::string_view channel);
bool is_consent(std::string_view consent);

// How a report came, in SQL over a row of `report`: as an officer noted it, "lapor" from SP4N-LAPOR! (by the link or in
// a file), "sistem" from another system with a token of its own (by Open311, or as LAPOR!), else "app". Of an erased report, which is nobody's, as it was before.
std::string channel_sql();
// The same of one report; with the mutex held. kNotFound when there is none.
Result<std::string> channel_of(Sql& sql, std::int64_t tracking_id);

// With a line of the report's history; in the transaction that creates the report, with the mutex held. The second time
// nothing changes. kNotFound: not a report of this officer's (Actor::caller_id).
Result<Ok> note_entered(Sql& sql, std::int64_t tracking_id, const Actor& by, const Entered& entered, UnixMillis now);

class EnteredReports {
 public:
  explicit EnteredReports(Sql& sql) : sql_(sql) {}

  Result<std::optional<Entered>> of(std::int64_t tracking_id);

 private:
  Sql& sql_;
};

}  // namespace titik::serve
