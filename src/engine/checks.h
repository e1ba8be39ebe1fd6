// Rules for what comes into the store, whether it was written here or carried here.
#pragma once

#include "base/result.h"
#include "report/report.h"

namespace titik::engine {

// kInvalidArgument: its id is none. kTooLarge: text far beyond every limit of report.h. The form shows what
// is too long; this only bounds memory.
Result<Ok> check_draft(const report::Draft& draft);
// kInvalidArgument: a hash is none. kTooLarge: empty, or over the limit.
Result<Ok> check_photo(const report::Photo& photo);

inline bool is_editable(report::PhoneState state) {
  return state == report::PhoneState::kDraft || state == report::PhoneState::kNeedsAttention;
}

}  // namespace titik::engine
