// A city's past year of reports, as many as Kota Jambi had (docs/domain.md: 638 came, 555 were settled, 83 in
// process), so that lists, map and statistics look as they will. Made up, the same each time; no personal data.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "serve/office.h"

namespace titik::serve {

inline constexpr int kDemoPast = 630;        // with the examples of demo.cc: 638
inline constexpr int kDemoPastClosed = 553;  // with theirs: 555

// A report of a moment in the past, anonymous, `north` and `east` degrees from the city's centre. `draft` has the words.
struct DemoReport {
  std::int64_t tracking_id = 0;
  std::string agency_name;
};
Result<DemoReport> create_demo_report(Office& office, std::int64_t caller_id, std::string_view category, report::Draft draft,
                                      double north, double east, UnixMillis received);

// Takes each report through the same steps as a real one, at the times it would have had.
Result<Ok> fill_past(Office& office, std::int64_t caller_id, UnixMillis now);

}  // namespace titik::serve
