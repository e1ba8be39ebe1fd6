// Riwayat: what the server tells of a report in two lists, as one.
#pragma once

#include <vector>

#include "lapor/lapor.h"
#include "store/repository.h"

namespace titik::engine {

// Newest first. The log tells states and dispositions, the thread what was said and done; where both
// tell the same (the same disposition or words within a minute, or the first state at the time of
// receipt), it is shown once. `received_at` 0: not known.
std::vector<store::StoredEntry> merged_timeline(UnixMillis received_at, const lapor::Detail& detail,
                                                const std::vector<lapor::FollowUp>& follow_ups);

}  // namespace titik::engine
