// Which change of state is allowed (docs/domain.md, Statuses), and nothing else: no clock, no storage.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/report.h"

namespace titik::serve {

// belum_terverifikasi → terverifikasi → proses ⇄ ditanggapi_pelapor → ditutup_*; aside: tunda, diarsipkan_*.
// A verified report may be closed at once (a reasoned refusal). A closed or archived one never changes.
bool may_change(report::Status from, report::Status to);

// True while an agency or the citizen may still move it.
bool is_open(report::Status status);

// The states an agency's follow-up leads through, the last one being kInProcess; empty when nothing
// changes. An answer implies that the report was verified. kConflict: the report is closed.
Result<std::vector<report::Status>> steps_to_process(report::Status from);

// Invariant 5: a closed report has evidence (an action follow-up) or a reason. kInvalidArgument
// otherwise; kConflict when the present state does not allow closing.
enum class Evidence { kNone, kGiven };
Result<Ok> check_close(report::Status from, Evidence evidence, std::string_view reason);

}  // namespace titik::serve
