// The command line's part about one citizen's data, and about what is swept by itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "serve/housekeeping.h"
#include "serve/office.h"

namespace titik::serve {

// The housekeeping of an office, with what its profile says of retention (open_office() has checked it).
struct Tidying {
  explicit Tidying(Office& office);
  Erasure erasure;
  RetentionSweep retention;
  Housekeeping housekeeping;
};

extern const std::string_view kPrivacyUsage;
bool is_privacy_command(std::string_view command);
// `arguments`: the command and what follows. Answers as run() does.
int run_privacy_command(const std::vector<std::string>& arguments);

}  // namespace titik::serve
