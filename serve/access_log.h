// Who, of those who see more than their own, was shown a report that is secret or has a name or a phone number in it:
// one row a day for each reader and report. It holds nothing of the citizen's.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "serve/repository.h"
#include "serve/sql.h"
#include "serve/workflow.h"

namespace titik::serve {

struct Reading {
  std::string actor_kind, actor_name;
  std::int64_t actor_id = 0;
  std::int64_t tracking_id = 0;
  UnixMillis first_at = 0;
  UnixMillis last_at = 0;
  std::int64_t times = 0;
};

class AccessLog {
 public:
  explicit AccessLog(Sql& sql) : sql_(sql) {}

  // Does nothing for citizens, and for reports that are neither.
  Result<Ok> note(const Actor& actor, const StoredReport& report, UnixMillis now);
  // The same whatever the report is: who it is about was shown beside it.
  Result<Ok> note_shown(const Actor& actor, std::int64_t tracking_id, UnixMillis now);
  // Newest first. `tracking_id` 0: of all reports.
  Result<std::vector<Reading>> list(std::int64_t tracking_id, int limit);
  Result<Ok> forget_before(UnixMillis time);

 private:
  Sql& sql_;
};

// A secret report, or one that says who wrote it.
bool is_confidential(const StoredReport& report);

}  // namespace titik::serve
