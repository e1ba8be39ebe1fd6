#include "serve/retention.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/json.h"
#include "base/utf8.h"

namespace titik::serve {
namespace {

constexpr int kMostMonths = 600;
constexpr int kMostOfARound = 300;

}  // namespace

Result<Retention> Retention::of_profile(std::string_view json) {
  const Json profile = TRY(parse_json(json));
  const Json& given = member(profile, "retention");
  if (given.is_null()) return Retention{};
  if (!given.is_object()) return Error{ErrorCode::kInvalidArgument, "retention", "must be an object"};
  Retention retention;
  const std::array<std::pair<std::string_view, int*>, 3> members = {{{"identity_months", &retention.identity_months},
                                                                    {"photos_months", &retention.photos_months},
                                                                    {"report_months", &retention.report_months}}};
  for (auto entry = given.begin(); entry != given.end(); ++entry) {
    const auto known = std::find_if(members.begin(), members.end(), [&](const auto& one) { return one.first == entry.key(); });
    const std::string where = "retention." + std::string(prefix_of(clean_text(entry.key(), Lines::kOne), 40));
    if (known == members.end()) return Error{ErrorCode::kInvalidArgument, where, "is not a member of a profile"};
    const std::optional<std::int64_t> months = optional_integer(given, known->first);
    if (!months || *months < 1 || *months > kMostMonths) {
      return Error{ErrorCode::kInvalidArgument, where, "must be a whole number of months from 1 to 600"};
    }
    *known->second = static_cast<int>(*months);
  }
  for (const auto& [name, months] : members) {
    if (name == "report_months" || *months == 0 || retention.report_months == 0 || *months < retention.report_months) continue;
    return Error{ErrorCode::kInvalidArgument, "retention." + std::string(name), "must be less than report_months, which takes all"};
  }
  return retention;
}

UnixMillis months_before(UnixMillis now, int months, ZoneOffset zone) {
  CivilTime civil = to_civil(now, zone);
  const int month = civil.year * 12 + civil.month - 1 - months;
  civil.year = month / 12;
  civil.month = month % 12 + 1;
  while (!is_valid_date(civil.year, civil.month, civil.day)) --civil.day;
  return from_civil(civil, zone);
}

Result<std::vector<std::int64_t>> RetentionSweep::due(std::string_view column, UnixMillis closed_before) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT tracking_id FROM report WHERE closed_at > 0 AND " + std::string(column) +
                                   " = 0 AND closed_at <= ?1 ORDER BY closed_at LIMIT ?2"));
  TRY(row.bind_all(closed_before, kMostOfARound));
  std::vector<std::int64_t> ids;
  while (TRY(row.step())) ids.push_back(row.integer(0));
  return ids;
}

Result<Retained> RetentionSweep::sweep(UnixMillis now) {
  Retained done;
  const auto note = [&](std::int64_t id, const auto& taken, int& count) {
    if (taken.ok()) ++count;
    else done.faults.push_back({taken.error().code, taken.error().where, "laporan " + std::to_string(id) + ": " + taken.error().message});
  };
  // What takes most comes first.
  if (retention_.report_months > 0) {
    for (const std::int64_t id : TRY(due("erased_at", months_before(now, retention_.report_months, zone_)))) {
      note(id, erasure_.report(id, system_actor(), now), done.reports);
    }
  }
  if (retention_.photos_months > 0) {
    for (const std::int64_t id : TRY(due("photos_removed_at", months_before(now, retention_.photos_months, zone_)))) {
      note(id, erasure_.photos(id, now), done.photos);
    }
  }
  if (retention_.identity_months > 0) {
    for (const std::int64_t id : TRY(due("identity_removed_at", months_before(now, retention_.identity_months, zone_)))) {
      note(id, erasure_.identity(id, now), done.identities);
    }
  }
  if (done.reports + done.photos + done.identities > 0) {
    if (const Result<Ok> emptied = erasure_.empty_journal(); !emptied.ok()) done.faults.push_back(emptied.error());
  }
  return done;
}

}  // namespace titik::serve
