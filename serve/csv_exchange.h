// Reports out to, and in from, the file that cities exchange (lapor_csv.h).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "report/city_profile.h"
#include "serve/repository.h"
#include "serve/upstream_config.h"
#include "serve/workflow_store.h"

namespace titik::serve {

// Names leave only when asked for, and never those of anonymous or secret reports; secret reports only when asked for.
struct ExportChoice {
  bool names = false;
  bool secret = false;
};
// Writes the file, which only its owner may read. Answers how many reports. For whom, stands in the access log at each
// report that is secret or whose name is in the file.
Result<int> export_csv(Repository& repository, const report::CityProfile& profile, const ExportChoice& choice, const Actor& reader, const std::string& path);

struct ImportResult {
  int added = 0;
  int known = 0;    // taken in, or brought by the link, before
  int ours = 0;     // written here: they have been there, or in a file of ours, and have come back
  int refused = 0;  // rows that were not taken
  std::vector<Error> errors;  // what is wrong with them, the first twenty: place_in_file(), and what to do
};
// Takes in what is new. A row that is wrong stops no other, and what stopped half-way is finished by doing it again: no
// report comes twice. `link`: the file's numbers are SP4N-LAPOR!'s; its reports are the link's, which asks about them
// from then on. Null: they are those of another city. An error is of the whole file, or of our own storage.
Result<ImportResult> import_csv(Repository& repository, Workflow& workflow, const report::CityProfile& profile, const UpstreamConfig* link,
                                const std::string& path);

}  // namespace titik::serve
