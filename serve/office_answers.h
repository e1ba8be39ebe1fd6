// The forms in which reports are told to the office. None of them tells who the reporter is.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "serve/app.h"
#include "serve/workflow_store.h"

namespace titik::serve {

std::string_view level_name(Level level);  // "liaison", "head", "mayor"
std::optional<Level> level_from_name(std::string_view name);

// Times as milliseconds since 1970, as everywhere in /titik/1; null for "not yet" and "no such clock".
Json clocks_json(const ReportTimes& times);
// One line of a list. Of a secret report without its title: who reads that is written down (access_log.h).
Json row_json(const CaseRow& row);
Json audit_json(const std::vector<AuditLine>& lines);
// What may be done next: possible_steps().
Json steps_json(const std::vector<Possible>& steps);

// The report, when this actor may see it; else the same as for one that does not exist.
Result<CaseRow> visible_case(App& app, const Actor& actor, std::string_view tracking_id);

}  // namespace titik::serve
