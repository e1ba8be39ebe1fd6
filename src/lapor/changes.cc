#include "base/json.h"
#include "lapor/lapor.h"
#include "lapor/reading.h"

namespace titik::lapor {

std::string write_changes(const Changes& changes, ZoneOffset zone) {
  Json reports = Json::array();
  for (const Change& change : changes.reports) {
    const std::string thread = follow_ups_path(change.tracking_id, 1);
    reports.push_back({{"report_id", change.report_id},
                       {"tracking_id", change.tracking_id},
                       {"detail", detail_json(change.detail, zone)},
                       {"follow_ups", follow_ups_json(change.follow_ups, std::string_view(thread).substr(0, thread.find('?')), zone)}});
  }
  return to_text({{"cursor", changes.cursor}, {"more", changes.more}, {"reports", std::move(reports)}});
}

Result<Changes> read_changes(std::string_view json, ZoneOffset zone) {
  const Json body = TRY(parse_json(json));
  Changes changes{.cursor = string_or(body, "cursor")};
  const Json& reports = member(body, "reports");
  constexpr std::size_t kMostDigits = 19;
  const bool is_number = changes.cursor.find_first_not_of("0123456789") == std::string::npos;
  if (changes.cursor.empty() || changes.cursor.size() > kMostDigits || !is_number || !reports.is_array()) {
    return Error{ErrorCode::kMalformed, "cursor", "no list of changes in the answer"};
  }
  const Json& more = member(body, "more");
  changes.more = more.is_boolean() && more.get<bool>();
  for (const Json& item : reports) {
    Result<Detail> detail = detail_of(member(item, "detail"), zone);
    Result<FollowUpPage> follow_ups = follow_ups_of(member(item, "follow_ups"), zone);
    if (!detail.ok() || !follow_ups.ok() || changes.reports.size() == kMaxListItems) continue;
    changes.reports.push_back({string_or(item, "report_id"), id_of(item, "tracking_id"), std::move(detail).value(),
                               std::move(follow_ups).value()});
  }
  return changes;
}

}  // namespace titik::lapor
