// All that is kept of one citizen, or of one report, as a folder that can be given to them: data.json, and the photos
// under their names. Who asks for it stands in the access log at each report.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "serve/files.h"
#include "serve/repository.h"
#include "serve/workflow.h"

namespace titik::serve {

struct ExportedPerson {
  int reports = 0;
  int files = 0;
};

// `folder` must not exist; only its owner may read it. kNotFound: no such device. kConflict: the folder is there.
Result<ExportedPerson> export_person(Repository& repository, const FileStore& files, std::int64_t caller_id, const Actor& reader,
                                     const std::string& folder, UnixMillis now);
// The same of one report, whatever way it came. kNotFound: no such report.
Result<ExportedPerson> export_report(Repository& repository, const FileStore& files, std::int64_t tracking_id, const Actor& reader,
                                     const std::string& folder, UnixMillis now);

}  // namespace titik::serve
