// A city's past year of reports, as many as Kota Jambi had (docs/domain.md: 638 came, 555 were settled, 83 in
// process), so that lists, map and statistics look as they will. Made up, the same each time; no personal data.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "serve/office.h"

namespace titik::serve {

inline constexpr int kDemoPast = 630;        // with the examples of demo.cc: 638
inline constexpr int kDemoPastClosed = 553;  // with theirs: 555

// Takes each report through the same steps as a real one, at the times it would have had.
Result<Ok> fill_past(Office& office, std::int64_t caller_id, UnixMillis now);

}  // namespace titik::serve
