// What people near a place say to a report that is not theirs: "saya juga", and whether a repair holds. Each device
// counts once. None of it opens more of the report than anybody may see.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/report.h"
#include "serve/sql.h"

namespace titik::serve {

// A street block, and what a phone's position among houses is wrong by: closer than this two reports of one kind are
// likely to be one thing.
inline constexpr double kNearMetres = 100;
// Whoever confirms a repair stands where it can be seen.
inline constexpr double kConfirmMetres = 200;
inline constexpr double kMostInaccurate = 200;  // metres: a fix that is worse says nothing of where one stands

class Neighbours {
 public:
  explicit Neighbours(Sql& sql) : sql_(sql) {}

  // kNotFound: no report that is neither secret nor archived. Answers how many devices there are now.
  Result<std::int64_t> add_affected(std::int64_t tracking_id, std::int64_t caller_id, UnixMillis now);
  Result<std::int64_t> remove_affected(std::int64_t tracking_id, std::int64_t caller_id);
  // The reports that the device said so of, newest word first, at most `limit`.
  Result<std::vector<std::int64_t>> affecting(std::int64_t caller_id, int limit);

  struct Word {
    bool works = false;
    report::GeoPoint from;    // where the device stands; only its distance is kept
    double accuracy_m = 0;
  };
  struct Words {
    std::int64_t works = 0, does_not_work = 0;
  };
  // Of the last repair since the clocks began: what was said of an earlier one is of the past. The device's last word
  // counts. kNotFound as above; kConflict: nothing was repaired yet, or the report has no place;
  // kInvalidArgument "place": too far away, or not known well enough.
  Result<Words> confirm(std::int64_t tracking_id, std::int64_t caller_id, const Word& word, UnixMillis now);

 private:
  Result<Ok> require_listed(std::int64_t tracking_id);

  Sql& sql_;
};

// With the mutex of `sql` held.
Result<Neighbours::Words> count_words(Sql& sql, std::int64_t tracking_id);
Result<std::int64_t> count_affected(Sql& sql, std::int64_t tracking_id);  // devices

}  // namespace titik::serve
