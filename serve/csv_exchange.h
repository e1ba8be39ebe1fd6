// Reports out to, and in from, the file that cities exchange (lapor_csv.h).
#pragma once

#include <string>

#include "base/result.h"
#include "report/city_profile.h"
#include "serve/repository.h"
#include "serve/workflow_store.h"

namespace titik::serve {

// Names leave only when asked for, and never those of anonymous or secret reports; secret reports only when asked for.
struct ExportChoice {
  bool names = false;
  bool secret = false;
};
// Writes the file, which only its owner may read. Answers how many reports.
Result<int> export_csv(Repository& repository, const report::CityProfile& profile, const ExportChoice& choice, const std::string& path);

struct ImportResult {
  int added = 0;
  int known = 0;
};
// Takes in all of the file or, when anything in it is wrong, nothing: the error then lists line and column of the first
// twenty. The same file twice adds nothing. `link`: its numbers are SP4N-LAPOR!'s, and the link asks about them.
Result<ImportResult> import_csv(Repository& repository, Workflow& workflow, const report::CityProfile& profile, bool link, const std::string& path);

}  // namespace titik::serve
