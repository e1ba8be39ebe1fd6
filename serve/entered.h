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

namespace titik::serve {

struct Entered {
  std::string channel;  // "112", "telepon", "whatsapp", "pers", "datang", "gerai"
  std::string consent;  // "lisan", "tertulis"; of the press "publik": what it writes is public already
  std::string contact_name, contact_phone;  // may be empty
};
// As people read it: "Call Center 112"; "" for a word that is none.
std::string_view channel_label(std::string_view channel);
bool is_consent(std::string_view consent);

class EnteredReports {
 public:
  explicit EnteredReports(Sql& sql) : sql_(sql) {}

  // With a line of the report's history. The second time nothing changes. kNotFound: not this caller's report.
  Result<Ok> note(std::int64_t tracking_id, std::int64_t caller_id, const Entered& entered, UnixMillis now);
  Result<std::optional<Entered>> of(std::int64_t tracking_id);

 private:
  Sql& sql_;
};

}  // namespace titik::serve
