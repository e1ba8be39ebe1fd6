// What anybody may see of the city's reports: a second form of them without identity, kept beside the reports and
// brought up to date from what changed (schema_public.h). It has a connection of its own: a long question holds up
// other public questions, never a citizen's create, which pays nothing for it either.
//
// Listed is what is neither secret nor archived. Secret reports are counted, but not by village.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/city_profile.h"
#include "report/report.h"
#include "serve/sql.h"

namespace titik::serve {

struct GeoBox {
  double south = -90, west = -180, north = 90, east = 180;
};

struct PublicFilter {
  std::optional<report::StatusGroup> group;
  std::string category, agency, village;          // empty: any
  std::optional<std::int64_t> first_day, last_day;  // days since 1970 in the city's zone
  std::optional<std::int64_t> since, until;       // milliseconds, of receipt
  std::optional<GeoBox> box;
  std::vector<std::int64_t> only;                 // these numbers, when not empty
  std::int64_t before = 0;                        // numbers below this one; 0: from the newest
  bool open_only = false;                         // an agency still works on it
  int limit = 50;
};

struct PublicItem {
  std::int64_t tracking_id = 0;
  std::string title;
  std::string category_id, agency_id, village_code, channel;
  report::Status status = report::Status::kUnverified;
  std::optional<report::GeoPoint> point;
  UnixMillis received_at = 0;
  UnixMillis updated_at = 0;
  UnixMillis follow_up_due_at = 0;
  std::int64_t affected = 0;  // devices that said "saya juga"
};

struct PublicEvidence {
  std::int64_t file_id = 0;
  std::string mime;
};
struct PublicAnswer {  // of an agency; a citizen's words stay with them
  std::int64_t id = 0;
  std::string kind;
  std::string institution;
  std::string content;
  UnixMillis at = 0;
  std::vector<PublicEvidence> evidence;
};
struct PublicStep {
  UnixMillis at = 0;
  report::Status status = report::Status::kUnverified;
};
struct PublicDetail {
  PublicItem item;
  std::string content;  // empty until the office has seen it
  UnixMillis follow_up_stopped_at = 0;
  std::vector<PublicStep> steps;
  std::vector<PublicAnswer> answers;
  std::int64_t works = 0, does_not_work = 0;  // neighbours' words on the repair
};

struct Tally {
  std::int64_t received = 0, in_process = 0, done = 0;
  std::int64_t followed_up = 0;  // with an action
  std::int64_t archived = 0;
  Tally& operator+=(const Tally& other) {
    received += other.received;
    in_process += other.in_process;
    done += other.done;
    followed_up += other.followed_up;
    archived += other.archived;
    return *this;
  }
};

struct TimeFigures {
  std::int64_t given = 0;     // answered or settled
  std::int64_t in_time = 0;
  std::int64_t overdue = 0;   // the time has run out and nothing has come
  std::optional<std::int64_t> median_minutes, p90_minutes;
};
struct AgencyFigures {
  TimeFigures response, follow_up;
};

struct MapCell {
  report::GeoPoint centre;
  std::int64_t not_yet = 0, in_process = 0, done = 0;
};
struct MapAnswer {
  std::vector<MapCell> cells;      // either these,
  std::vector<PublicItem> points;  // or these
  double cell_degrees = 0;         // side of a cell; 0: points
  bool more = false;               // there are more than the answer holds
};

class PublicFace {
 public:
  // The schema must be this program's already (Repository::open).
  static Result<std::unique_ptr<PublicFace>> open(const std::string& location, const report::CityProfile& profile);

  Sql& sql() { return *sql_; }

  // Takes over at most `most` reports that changed. True: there are more. What was built by another program or for
  // another profile is built anew.
  Result<bool> catch_up(int most = 200);
  // True until all reports have been taken over for the first time, or again: what it answers then is not the city.
  Result<bool> is_building();

  Result<std::vector<PublicItem>> list(const PublicFilter& filter);
  Result<std::optional<PublicDetail>> detail(std::int64_t tracking_id);
  // A picture that an agency showed as evidence on a listed report; nothing for every other file.
  Result<std::optional<std::string>> evidence_sha256(std::int64_t file_id);
  Result<MapAnswer> map(const GeoBox& box, const std::string& category);

  // By the values of a dimension: "all", "agency", "category", "village", "channel".
  Result<std::map<std::string, Tally>> tallies(std::string_view dimension, std::int64_t first_day, std::int64_t last_day);
  // By day since 1970, of one value of a dimension.
  Result<std::map<std::int64_t, Tally>> tallies_by_day(std::string_view dimension, std::string_view value,
                                                       std::int64_t first_day, std::int64_t last_day);
  // Months as year * 12 + month - 1, of receipt. Counted once a minute at most while nothing changes: whoever asks gets
  // the same.
  Result<std::map<std::string, AgencyFigures>> agency_figures(std::int64_t first_month, std::int64_t last_month, UnixMillis now);
  // All that ever came, secret reports too: of all years together, which says nothing of one.
  Result<Tally> whole();

 private:
  PublicFace(std::unique_ptr<Sql> sql, const report::CityProfile& profile) : sql_(std::move(sql)), profile_(profile) {}

  Result<bool> take_over(int most);
  Result<std::map<std::string, AgencyFigures>> count_agency_figures(std::int64_t first_month, std::int64_t last_month, UnixMillis now);
  [[nodiscard]] std::string fingerprint() const;

  std::unique_ptr<Sql> sql_;
  const report::CityProfile profile_;

  // What agency_figures() counted, by its months. Guarded by sql_'s mutex.
  struct Counted {
    std::string cursor;       // of what had been taken over
    std::int64_t minute = 0;  // since 1970
    std::map<std::string, AgencyFigures> figures;
  };
  std::map<std::pair<std::int64_t, std::int64_t>, Counted> counted_;
};

// The day since 1970 of a moment in a zone, and back.
std::int64_t day_of(UnixMillis time, ZoneOffset zone);
std::int64_t month_of_day(std::int64_t day);

// Squares of the map. Clusters are counted in the two larger ones; the smallest finds reports near a place.
inline constexpr std::array<double, 2> kClusterDegrees = {0.02, 0.005};  // about 2.2 km and 550 m
inline constexpr double kCellDegrees = 0.00125;                          // about 139 m
std::int64_t cell_of(double degrees, double side);

}  // namespace titik::serve
