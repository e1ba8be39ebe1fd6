// Keeping the public form up to date. The questions to it are in public_face_questions.cc.
#include "serve/public_face.h"

#include <cmath>
#include <tuple>

#include "base/json.h"
#include "serve/crypto.h"
#include "serve/durations.h"
#include "serve/entered.h"
#include "serve/public_words.h"
#include "serve/repository.h"

namespace titik::serve {
namespace {

using report::Status;
using report::StatusGroup;

// Raised whenever what is kept is computed differently.
constexpr std::string_view kForm = "5";
constexpr std::string_view kCursor = "public_changes";
constexpr std::string_view kBuiltFor = "public_built_for";
constexpr std::string_view kBuilding = "public_building";

struct Fact {
  std::int64_t tracking_id = 0;
  bool listed = false, archived = false;
  std::string title, category, agency, village, channel;
  Status status = Status::kUnverified;
  std::optional<report::GeoPoint> point;
  std::int64_t day = 0;
  UnixMillis received_at = 0, updated_at = 0;
  UnixMillis response_due_at = 0, follow_up_due_at = 0;
  std::int64_t response_minutes = -1, follow_up_minutes = -1;
  bool response_in_time = false, follow_up_in_time = false;
  UnixMillis response_late_at = 0, follow_up_late_at = 0;  // when what has not come is late; 0: it came, or never is
  bool has_action = false;
  bool secret = false;
};

// About 11 m: enough to find the place, not the door.
double rounded_for_public(double degrees) { return std::round(degrees * 10'000) / 10'000; }

// Sums that a batch of reports changes, written once at its end.
struct Sums {
  std::map<std::tuple<std::string, std::string, std::int64_t>, Tally> counts;              // dimension, value, day
  std::map<std::tuple<std::string, std::int64_t, std::string, int>, std::int64_t> times;   // agency, month, measure, bucket
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string>, std::array<std::int64_t, 3>> cells;

  // `sign`: 1 for what is, -1 for what was.
  void add(const Fact& fact, std::int64_t sign) {
    const StatusGroup group = report::status_group(fact.status);
    const auto count = [&](const char* dimension, const std::string& value) {
      Tally& tally = counts[{dimension, value, fact.day}];
      tally.received += sign;
      if (group == StatusGroup::kInProcess) tally.in_process += sign;
      if (group == StatusGroup::kDone) tally.done += sign;
      if (fact.has_action && !fact.archived) tally.followed_up += sign;  // archived ones are left out of the share
      if (fact.archived) tally.archived += sign;
    };
    // By day, agency or category a secret report would be what the list lacks: it counts in the whole of all years alone.
    if (fact.secret) return count("secret", "");
    count("all", "");
    count("agency", fact.agency);
    count("category", fact.category);
    count("village", fact.village);
    count("channel", fact.channel);
    const auto time = [&](const char* measure, std::int64_t minutes, bool in_time) {
      if (minutes < 0 || fact.archived) return;
      const std::int64_t month = month_of_day(fact.day);
      times[{fact.agency, month, measure, duration_bucket(minutes)}] += sign;
      if (in_time) times[{fact.agency, month, std::string(measure) + "_in_time", 0}] += sign;
    };
    time("response", fact.response_minutes, fact.response_in_time);
    time("follow_up", fact.follow_up_minutes, fact.follow_up_in_time);
    if (!fact.listed || !fact.point) return;
    for (std::size_t level = 0; level < kClusterDegrees.size(); ++level) {
      const double side = kClusterDegrees[level];
      cells[{static_cast<std::int64_t>(level), cell_of(fact.point->latitude, side), cell_of(fact.point->longitude, side),
             fact.category}][static_cast<std::size_t>(group)] += sign;
    }
  }
};

Result<Ok> write(Sql& sql, const Sums& sums) {
  Statement count = TRY(sql.prepare(
      "INSERT INTO public_count(dimension, value, day, received, in_process, done, followed_up, archived) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(dimension, value, day) DO UPDATE SET "
      "received = public_count.received + excluded.received, in_process = public_count.in_process + excluded.in_process, "
      "done = public_count.done + excluded.done, followed_up = public_count.followed_up + excluded.followed_up, "
      "archived = public_count.archived + excluded.archived"));
  for (const auto& [key, tally] : sums.counts) {
    const auto& [dimension, value, day] = key;
    TRY(count.bind_all(dimension, value, day, tally.received, tally.in_process, tally.done, tally.followed_up, tally.archived));
    TRY(count.run());
  }
  Statement time = TRY(sql.prepare(
      "INSERT INTO public_time(agency_id, month, measure, bucket, count) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT(agency_id, month, measure, bucket) DO UPDATE SET count = public_time.count + excluded.count"));
  for (const auto& [key, number] : sums.times) {
    if (number == 0) continue;
    const auto& [agency, month, measure, bucket] = key;
    TRY(time.bind_all(agency, month, measure, bucket, number));
    TRY(time.run());
  }
  Statement cell = TRY(sql.prepare(
      "INSERT INTO public_cell(level, cell_y, cell_x, category_id, not_yet, in_process, done) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(level, cell_y, cell_x, category_id) DO UPDATE SET "
      "not_yet = public_cell.not_yet + excluded.not_yet, in_process = public_cell.in_process + excluded.in_process, "
      "done = public_cell.done + excluded.done"));
  for (const auto& [key, numbers] : sums.cells) {
    const auto& [level, y, x, category] = key;
    TRY(cell.bind_all(level, y, x, category, numbers[0], numbers[1], numbers[2]));
    TRY(cell.run());
  }
  return Ok{};
}

// As it was taken over before, with what the sums are made of.
Result<std::optional<Fact>> known(Statement& row, std::int64_t tracking_id) {
  TRY(row.bind(1, tracking_id));
  std::optional<Fact> fact;
  if (TRY(row.step())) {
    fact = Fact{.tracking_id = tracking_id,
                .listed = row.flag(0),
                .archived = row.flag(1),
                .category = row.text(2),
                .agency = row.text(3),
                .village = row.text(4),
                .channel = row.text(5),
                .status = report::status_from_name(row.text(6)).value_or(Status::kUnverified),
                .day = row.integer(9),
                .response_minutes = row.integer(10),
                .follow_up_minutes = row.integer(11),
                .response_in_time = row.flag(12),
                .follow_up_in_time = row.flag(13),
                .has_action = row.flag(14),
                .secret = row.flag(15)};
    if (!row.is_null(7)) fact->point = report::GeoPoint{row.number(7), row.number(8)};
  }
  row.reset();
  return fact;
}

constexpr std::string_view kKnown =
    "SELECT is_listed, is_archived, category_id, agency_id, village_code, channel, status, latitude, longitude, day, "
    "response_minutes, follow_up_minutes, response_in_time, follow_up_in_time, has_action, is_secret "
    "FROM public_report WHERE tracking_id = ?1";

std::string changed_sql() {
  return "SELECT change.number, report.tracking_id, report.is_secret, report.status, report.title, report.category_id, "
         "report.agency_id, report.latitude, report.longitude, report.received_at, report.follow_up_due_at, "
         "report.follow_up_stopped_at, report.request, " + channel_sql() + ", "
         "report.response_due_at, report.response_stopped_at, report.clocks_started_at, report.held_at, "
         "(SELECT max(at) FROM history WHERE tracking_id = change.tracking_id AND action = 'hand-on'), "
         "(SELECT count(*) FROM follow_up WHERE tracking_id = change.tracking_id AND kind = 'action' AND at >= report.clocks_started_at), "
         "(SELECT max(at) FROM history WHERE tracking_id = change.tracking_id), report.erased_from_public, "
         "(SELECT count(*) FROM upstream_seen WHERE tracking_id = change.tracking_id AND upstream_id = 'berkas/riwayat') "
         "FROM change JOIN report ON report.tracking_id = change.tracking_id "
         "WHERE change.number > ?1 ORDER BY change.number LIMIT ?2";
}

std::int64_t minutes_between(UnixMillis from, UnixMillis to) { return std::max<std::int64_t>(0, (to - from) / kMinute); }

Fact read_fact(const Statement& row, const report::CityProfile& profile) {
  Fact fact{.tracking_id = row.integer(1),
            .category = row.text(5),
            .agency = row.text(6),
            .channel = row.text(13),
            .status = report::status_from_name(row.text(3)).value_or(Status::kUnverified),
            .received_at = row.integer(9),
            .updated_at = std::max(row.integer(9), row.integer(20)),
            .response_due_at = row.integer(14),
            .follow_up_due_at = row.integer(10),
            .has_action = row.integer(19) > 0,
            .secret = row.flag(2) && !row.flag(21)};
  fact.archived = fact.status == Status::kArchivedByAdmin || fact.status == Status::kArchivedBySystem;
  fact.listed = !row.flag(2) && !fact.archived;
  fact.day = day_of(fact.received_at, profile.zone);
  if (fact.listed) {
    fact.title = without_personal_numbers(row.text(4));
    if (!row.is_null(7) && !row.is_null(8)) {
      fact.point = report::GeoPoint{rounded_for_public(row.number(7)), rounded_for_public(row.number(8))};
    }
    const Result<Json> request = parse_json(row.text(12));
    const std::string landmark = request.ok() ? string_or(member(*request, "titik"), "landmark") : std::string();
    fact.village = village_in_words(profile, landmark, row.text(4));
  }
  // As the workflow keeps its clocks (serve/clocks.h): both begin anew when the report is handed on, the follow-up also
  // when it is reopened. Lateness leaves out the time on hold; the durations are the citizen's wait, and do not.
  if (const UnixMillis answered_at = row.integer(15); answered_at != 0) {
    const UnixMillis started_at = row.is_null(18) ? fact.received_at : row.integer(18);
    fact.response_minutes = minutes_between(started_at, answered_at);
    fact.response_in_time = answered_at <= fact.response_due_at;
  }
  if (const UnixMillis settled_at = row.integer(11); settled_at != 0) {
    fact.follow_up_minutes = minutes_between(row.integer(16), settled_at);
    fact.follow_up_in_time = settled_at <= fact.follow_up_due_at;
  }
  // What had not run out when the report was put on hold does not run out meanwhile.
  const UnixMillis held_at = row.integer(17);
  const auto late_at = [&](UnixMillis due_at, std::int64_t minutes) {
    const bool stands_still = held_at != 0 && due_at > held_at;
    return minutes >= 0 || fact.archived || fact.secret || stands_still ? 0 : due_at;
  };
  fact.response_late_at = late_at(fact.response_due_at, fact.response_minutes);
  fact.follow_up_late_at = late_at(fact.follow_up_due_at, fact.follow_up_minutes);
  // When a clock that stands still will run out is not known.
  if (held_at != 0 && fact.follow_up_due_at > held_at) fact.follow_up_due_at = 0;
  // Answered or ended before it came here, by a file that does not say when (upstream_store.h): no time of anybody's.
  const bool came_with_history = row.flag(22);
  if (came_with_history && row.integer(15) == fact.received_at) {
    fact.response_minutes = -1;
    fact.response_in_time = false;
  }
  if (came_with_history && row.integer(11) == fact.received_at) {
    fact.follow_up_minutes = -1;
    fact.follow_up_in_time = false;
  }
  return fact;
}

Result<Ok> keep(Statement& row, const Fact& fact) {
  // Not by ?:, in which GCC 12 sees an uninitialised number.
  std::optional<double> latitude;
  std::optional<double> longitude;
  if (fact.point) {
    latitude.emplace(fact.point->latitude);
    longitude.emplace(fact.point->longitude);
  }
  TRY(row.bind_all(fact.tracking_id, fact.listed, fact.archived, fact.title, fact.category, fact.agency, fact.village,
                   fact.channel, std::string(report::status_name(fact.status)),
                   static_cast<int>(report::status_group(fact.status)), latitude, longitude,
                   fact.point ? cell_of(fact.point->latitude, kCellDegrees) : 0,
                   fact.point ? cell_of(fact.point->longitude, kCellDegrees) : 0, fact.day, fact.received_at,
                   fact.updated_at, fact.response_due_at, fact.response_minutes, fact.follow_up_due_at,
                   fact.follow_up_minutes, fact.response_in_time, fact.follow_up_in_time, fact.has_action, fact.secret,
                   fact.response_late_at, fact.follow_up_late_at));
  return row.run();
}

constexpr std::string_view kForget = "DELETE FROM public_report WHERE tracking_id = ?1";
constexpr std::string_view kKeep =
    "INSERT INTO public_report(tracking_id, is_listed, is_archived, title, category_id, agency_id, village_code, channel, "
    "status, status_group, latitude, longitude, cell_y, cell_x, day, received_at, updated_at, response_due_at, "
    "response_minutes, follow_up_due_at, follow_up_minutes, response_in_time, follow_up_in_time, has_action, is_secret, "
    "response_late_at, follow_up_late_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)";

Result<std::string> setting(Sql& sql, std::string_view name) {
  Statement row = TRY(sql.prepare("SELECT value FROM setting WHERE name = ?1"));
  TRY(row.bind(1, name));
  return TRY(row.step()) ? row.text(0) : std::string();
}

Result<Ok> set_setting(Sql& sql, std::string_view name, std::string_view value) {
  Statement row = TRY(sql.prepare(
      "INSERT INTO setting(name, value) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value"));
  TRY(row.bind_all(std::string(name), std::string(value)));
  return row.run();
}

std::int64_t number_in(const std::string& text) { return text.empty() ? 0 : std::strtoll(text.c_str(), nullptr, 10); }

}  // namespace

std::int64_t day_of(UnixMillis time, ZoneOffset zone) {
  const UnixMillis local = time + zone * kMinute;
  return local >= 0 ? local / kDay : -((-local + kDay - 1) / kDay);
}

std::int64_t month_of_day(std::int64_t day) {
  const CivilTime civil = to_civil(day * kDay, 0);
  return std::int64_t{civil.year} * 12 + civil.month - 1;
}

std::int64_t cell_of(double degrees, double side) { return static_cast<std::int64_t>(std::floor(degrees / side)); }

Result<std::unique_ptr<PublicFace>> PublicFace::open(const std::string& location, const report::CityProfile& profile) {
  std::unique_ptr<Sql> sql = TRY(Sql::is_postgresql(location) ? open_postgresql(location) : open_sqlite(location));
  {
    // All that this connection writes can be made again from the reports: no commit of it waits for the disk.
    const SqlLock lock(sql->mutex());
    TRY(sql->execute(sql->dialect() == Dialect::kSqlite ? "PRAGMA synchronous = NORMAL" : "SET synchronous_commit = off"));
  }
  return std::unique_ptr<PublicFace>(new PublicFace(std::move(sql), profile));
}

// What is kept depends on the zone and on the villages' names.
std::string PublicFace::fingerprint() const {
  std::string text = std::string(kForm) + '\n' + std::to_string(profile_.zone);
  for (const report::District& district : profile_.districts) {
    for (const report::Village& village : district.villages) text += '\n' + village.code + ' ' + village.name;
  }
  return sha256_hex(text);
}

Result<bool> PublicFace::catch_up(int most) {
  const SqlLock lock(sql_->mutex());
  const auto is_current = [&]() -> Result<bool> {
    Statement newest = TRY(sql_->prepare("SELECT coalesce(max(number), 0) FROM change"));
    TRY(newest.step());
    const std::string cursor = TRY(setting(*sql_, kCursor));
    return !cursor.empty() && number_in(cursor) == newest.integer(0) && TRY(setting(*sql_, kBuiltFor)) == fingerprint();
  };
  if (TRY(is_current())) return false;
  return sql_->transaction([&] { return take_over(most); });
}

Result<std::map<std::string, AgencyFigures>> PublicFace::agency_figures(std::int64_t first_month, std::int64_t last_month,
                                                                        UnixMillis now) {
  constexpr std::size_t kMostKept = 100;
  const SqlLock lock(sql_->mutex());
  const std::string cursor = TRY(setting(*sql_, kCursor));
  if (counted_.size() >= kMostKept) counted_.clear();  // of whoever asks for every pair of months
  Counted& counted = counted_[{first_month, last_month}];
  if (counted.cursor != cursor || counted.minute != now / kMinute) {
    counted.figures = TRY(count_agency_figures(first_month, last_month, now));
    counted.cursor = cursor;
    counted.minute = now / kMinute;
  }
  return counted.figures;
}

Result<bool> PublicFace::is_building() {
  const SqlLock lock(sql_->mutex());
  return !TRY(setting(*sql_, kBuilding)).empty();
}

Result<bool> PublicFace::take_over(int most) {
  Statement newest = TRY(sql_->prepare("SELECT coalesce(max(number), 0) FROM change"));
  TRY(newest.step());
  const std::int64_t last = newest.integer(0);
  newest.reset();
  std::int64_t cursor = number_in(TRY(setting(*sql_, kCursor)));
  const std::string built_for = fingerprint();
  // Another form, or a database that was restored from a copy: from the beginning.
  if (TRY(setting(*sql_, kBuiltFor)) != built_for || cursor > last) {
    for (const char* table : {"public_report", "public_count", "public_time", "public_cell"}) {
      TRY(sql_->execute(std::string("DELETE FROM ") + table));
    }
    TRY(set_setting(*sql_, kBuiltFor, built_for));
    TRY(set_setting(*sql_, kBuilding, "1"));
    cursor = 0;
  }

  std::vector<Fact> facts;
  {
    Statement row = TRY(sql_->prepare(changed_sql()));
    TRY(row.bind_all(cursor, most));
    while (TRY(row.step())) {
      cursor = row.integer(0);
      facts.push_back(read_fact(row, profile_));
    }
  }
  Sums sums;
  Statement before = TRY(sql_->prepare(kKnown));
  Statement forget = TRY(sql_->prepare(kForget));
  Statement after = TRY(sql_->prepare(kKeep));
  for (const Fact& fact : facts) {
    if (const auto was = TRY(known(before, fact.tracking_id))) {
      sums.add(*was, -1);
      TRY(forget.bind(1, fact.tracking_id));
      TRY(forget.run());
    }
    sums.add(fact, 1);
    TRY(keep(after, fact));
  }
  TRY(write(*sql_, sums));
  const bool more = facts.size() == static_cast<std::size_t>(most);
  if (!more) TRY(set_setting(*sql_, kBuilding, ""));
  TRY(set_setting(*sql_, kCursor, std::to_string(more ? cursor : last)));
  return more;
}

}  // namespace titik::serve
