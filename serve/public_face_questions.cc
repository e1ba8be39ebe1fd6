// Questions to the public form of the reports.
#include <algorithm>

#include "base/json.h"
#include "serve/durations.h"
#include "serve/neighbours.h"
#include "serve/public_face.h"
#include "serve/public_words.h"

namespace titik::serve {
namespace {

using report::Status;
using report::StatusGroup;

constexpr int kMostCells = 2000;
constexpr int kMostPoints = 500;

constexpr std::string_view kItem =
    "SELECT tracking_id, title, category_id, agency_id, village_code, channel, status, latitude, longitude, received_at, "
    "updated_at, follow_up_due_at, (SELECT count(*) FROM affected WHERE affected.tracking_id = public_report.tracking_id) "
    "FROM public_report WHERE is_listed = 1";

PublicItem read_item(const Statement& row) {
  PublicItem item{.tracking_id = row.integer(0),
                  .title = row.text(1),
                  .category_id = row.text(2),
                  .agency_id = row.text(3),
                  .village_code = row.text(4),
                  .channel = row.text(5),
                  .status = report::status_from_name(row.text(6)).value_or(Status::kUnverified),
                  .received_at = row.integer(9),
                  .updated_at = row.integer(10),
                  .follow_up_due_at = row.integer(11),
                  .affected = row.integer(12)};
  if (!row.is_null(7)) item.point = report::GeoPoint{row.number(7), row.number(8)};
  return item;
}

// A box of a few cells is found by them; in a larger one the newest of a category are found sooner by category.
bool is_small(const GeoBox& box) {
  constexpr std::int64_t kFewRows = 8;
  return cell_of(box.north, kCellDegrees) - cell_of(box.south, kCellDegrees) < kFewRows;
}

// Conditions with their values, in the order in which they are bound.
struct Where {
  std::string text;
  std::vector<std::string> texts;
  std::vector<std::pair<int, std::int64_t>> integers;
  std::vector<std::pair<int, double>> numbers;
  std::vector<std::pair<int, std::string>> strings;
  int count = 0;

  std::string next() { return "?" + std::to_string(++count); }
  void integer(std::string_view condition, std::int64_t value) {
    text += " AND " + std::string(condition) + next();
    integers.emplace_back(count, value);
  }
  void string(std::string_view condition, const std::string& value) {
    if (value.empty()) return;
    text += " AND " + std::string(condition) + next();
    strings.emplace_back(count, value);
  }
  void number(std::string_view condition, double value) {
    text += " AND " + std::string(condition) + next();
    numbers.emplace_back(count, value);
  }
  void box(const GeoBox& box) {
    const std::int64_t south = cell_of(box.south, kCellDegrees), north = cell_of(box.north, kCellDegrees);
    if (is_small(box)) {  // row by row, so that the index finds the columns too
      for (std::int64_t y = south; y <= north; ++y) text += (y == south ? " AND cell_y IN (" : ", ") + std::to_string(y);
      text += ")";
    } else {
      integer("cell_y >= ", south);
      integer("cell_y <= ", north);
    }
    integer("cell_x >= ", cell_of(box.west, kCellDegrees));
    integer("cell_x <= ", cell_of(box.east, kCellDegrees));
    number("latitude >= ", box.south);
    number("latitude <= ", box.north);
    number("longitude >= ", box.west);
    number("longitude <= ", box.east);
  }
  Result<Ok> bind(Statement& row) const {
    for (const auto& [at, value] : integers) TRY(row.bind(at, value));
    for (const auto& [at, value] : numbers) TRY(row.bind(at, value));
    for (const auto& [at, value] : strings) TRY(row.bind(at, value));
    return Ok{};
  }
};

Tally read_tally(const Statement& row) {
  return Tally{row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5)};
}

// What may be shown of an action's files. Never a picture that some citizen sent, nor one that looks like it: an officer
// may have attached it as "before". So it is compared first (proof.h), which takes a moment.
constexpr std::string_view kShown =
    "file.mime IN ('image/jpeg', 'image/png') AND EXISTS (SELECT 1 FROM proof WHERE proof.file_id = file.id) "
    "AND NOT EXISTS (SELECT 1 FROM proof WHERE proof.file_id = file.id AND proof.of_citizen = 1) "
    "AND NOT EXISTS (SELECT 1 FROM file AS own LEFT JOIN follow_up AS words ON words.id = own.follow_up_id "
    "WHERE own.sha256 = file.sha256 AND own.tracking_id IS NOT NULL AND (own.follow_up_id IS NULL OR words.kind = 'citizen'))";

Result<std::vector<PublicEvidence>> evidence_of(Sql& sql, std::int64_t follow_up_id) {
  Statement row = TRY(sql.prepare("SELECT id, mime FROM file WHERE follow_up_id = ?1 AND " + std::string(kShown) + " ORDER BY position, id"));
  TRY(row.bind(1, follow_up_id));
  std::vector<PublicEvidence> evidence;
  while (TRY(row.step())) evidence.push_back({row.integer(0), row.text(1)});
  return evidence;
}

Result<std::vector<PublicAnswer>> answers_to(Sql& sql, std::int64_t tracking_id) {
  Statement row = TRY(sql.prepare(
      "SELECT id, kind, institution_from, content, at FROM follow_up "
      "WHERE tracking_id = ?1 AND kind <> 'citizen' AND is_secret = 0 ORDER BY id LIMIT 200"));
  TRY(row.bind(1, tracking_id));
  std::vector<PublicAnswer> answers;
  while (TRY(row.step())) {
    answers.push_back({.id = row.integer(0),
                       .kind = row.text(1),
                       .institution = row.text(2),
                       .content = without_personal_numbers(row.text(3)),
                       .at = row.integer(4),
                       .evidence = {}});
  }
  for (PublicAnswer& answer : answers) {
    if (answer.kind == "action") answer.evidence = TRY(evidence_of(sql, answer.id));
  }
  return answers;
}

Result<std::vector<PublicStep>> steps_of(Sql& sql, std::int64_t tracking_id) {
  Statement row = TRY(sql.prepare(
      "SELECT at, status_new FROM history WHERE tracking_id = ?1 AND status_new <> '' ORDER BY id LIMIT 200"));
  TRY(row.bind(1, tracking_id));
  std::vector<PublicStep> steps;
  while (TRY(row.step())) {
    if (const auto status = report::status_from_name(row.text(1))) steps.push_back({row.integer(0), *status});
  }
  return steps;
}

}  // namespace

Result<std::vector<PublicItem>> PublicFace::list(const PublicFilter& filter) {
  Where where;
  // Spelt so that no planner takes their index instead of the box's: with a million reports that is 60,000 rows.
  const bool by_box = filter.box && is_small(*filter.box);
  if (filter.group) where.integer(by_box ? "status_group + 0 = " : "status_group = ", static_cast<int>(*filter.group));
  if (filter.open_only) where.integer("status_group <> ", static_cast<int>(StatusGroup::kDone));
  where.string(by_box ? "category_id || '' = " : "category_id = ", filter.category);
  where.string("agency_id = ", filter.agency);
  where.string("village_code = ", filter.village);
  if (filter.first_day) where.integer("day >= ", *filter.first_day);
  if (filter.last_day) where.integer("day <= ", *filter.last_day);
  // The day has an index, the moment decides.
  if (filter.since) {
    where.integer("day >= ", day_of(*filter.since, profile_.zone));
    where.integer("received_at >= ", *filter.since);
  }
  if (filter.until) {
    where.integer("day <= ", day_of(*filter.until, profile_.zone));
    where.integer("received_at <= ", *filter.until);
  }
  if (filter.box) where.box(*filter.box);
  if (filter.before > 0) where.integer("tracking_id < ", filter.before);
  if (!filter.only.empty()) {
    where.text += " AND tracking_id IN (";
    for (std::size_t i = 0; i < filter.only.size(); ++i) {
      where.text += (i == 0 ? "" : ", ") + where.next();
      where.integers.emplace_back(where.count, filter.only[i]);
    }
    where.text += ")";
  }
  const std::string limit = where.next();
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(std::string(kItem) + where.text + " ORDER BY tracking_id DESC LIMIT " + limit));
  TRY(where.bind(row));
  TRY(row.bind(where.count, filter.limit));
  std::vector<PublicItem> items;
  while (TRY(row.step())) items.push_back(read_item(row));
  return items;
}

Result<std::optional<PublicDetail>> PublicFace::detail(std::int64_t tracking_id) {
  const SqlLock lock(sql_->mutex());
  PublicDetail detail;
  {
    Statement row = TRY(sql_->prepare(std::string(kItem) + " AND tracking_id = ?1"));
    TRY(row.bind(1, tracking_id));
    if (!TRY(row.step())) return std::optional<PublicDetail>();
    detail.item = read_item(row);
  }
  Statement report = TRY(sql_->prepare(
      "SELECT request, follow_up_stopped_at FROM report WHERE tracking_id = ?1 AND is_secret = 0"));
  TRY(report.bind(1, tracking_id));
  if (!TRY(report.step())) return std::optional<PublicDetail>();
  detail.follow_up_stopped_at = report.integer(1);
  if (detail.item.status != Status::kUnverified) {
    const Result<Json> request = parse_json(report.text(0));
    if (request.ok()) detail.content = without_personal_numbers(string_or(*request, "content"));
  }
  report.reset();
  detail.steps = TRY(steps_of(*sql_, tracking_id));
  detail.answers = TRY(answers_to(*sql_, tracking_id));
  const Neighbours::Words words = TRY(count_words(*sql_, tracking_id));
  detail.works = words.works;
  detail.does_not_work = words.does_not_work;
  return std::optional(std::move(detail));
}

Result<std::optional<std::string>> PublicFace::evidence_sha256(std::int64_t file_id) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(
      "SELECT file.sha256 FROM file JOIN follow_up ON follow_up.id = file.follow_up_id "
      "JOIN public_report ON public_report.tracking_id = file.tracking_id "
      "WHERE file.id = ?1 AND follow_up.kind = 'action' AND follow_up.is_secret = 0 AND public_report.is_listed = 1 AND " + std::string(kShown)));
  TRY(row.bind(1, file_id));
  if (!TRY(row.step())) return std::optional<std::string>();
  return std::optional(row.text(0));
}

// Small enough for a phone on a slow network at every scale: squares while the box is wide, else single reports, the
// newest first.
Result<MapAnswer> PublicFace::map(const GeoBox& box, const std::string& category) {
  const double span = std::max(box.north - box.south, box.east - box.west);
  MapAnswer answer;
  if (span <= 4 * kClusterDegrees.back()) {
    PublicFilter filter{.category = category, .box = box, .limit = kMostPoints + 1};
    answer.points = TRY(list(filter));
    if (answer.points.size() <= kMostPoints) return answer;
    answer.points.clear();
  }
  const std::size_t level = span <= 8 * kClusterDegrees.front() ? 1 : 0;
  const double side = kClusterDegrees[level];
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(
      "SELECT cell_y, cell_x, sum(not_yet), sum(in_process), sum(done) FROM public_cell "
      "WHERE level = ?1 AND cell_y BETWEEN ?2 AND ?3 AND cell_x BETWEEN ?4 AND ?5 AND (?6 = '' OR category_id = ?6) "
      "GROUP BY cell_y, cell_x HAVING sum(not_yet + in_process + done) > 0 ORDER BY cell_y, cell_x LIMIT ?7"));
  TRY(row.bind_all(static_cast<int>(level), cell_of(box.south, side), cell_of(box.north, side), cell_of(box.west, side),
                   cell_of(box.east, side), category, kMostCells + 1));
  answer.cell_degrees = side;
  while (TRY(row.step())) {
    if (answer.cells.size() == kMostCells) {
      answer.more = true;
      break;
    }
    answer.cells.push_back({{(static_cast<double>(row.integer(0)) + 0.5) * side, (static_cast<double>(row.integer(1)) + 0.5) * side},
                            row.integer(2), row.integer(3), row.integer(4)});
  }
  return answer;
}

Result<std::map<std::string, Tally>> PublicFace::tallies(std::string_view dimension, std::int64_t first_day,
                                                         std::int64_t last_day) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(
      "SELECT value, sum(received), sum(in_process), sum(done), sum(followed_up), sum(archived) FROM public_count "
      "WHERE dimension = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY value HAVING sum(received) > 0"));
  TRY(row.bind_all(std::string(dimension), first_day, last_day));
  std::map<std::string, Tally> tallies;
  while (TRY(row.step())) tallies[row.text(0)] = read_tally(row);
  return tallies;
}

Result<std::map<std::int64_t, Tally>> PublicFace::tallies_by_day(std::string_view dimension, std::string_view value,
                                                                 std::int64_t first_day, std::int64_t last_day) {
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare(
      "SELECT day, received, in_process, done, followed_up, archived FROM public_count "
      "WHERE dimension = ?1 AND value = ?2 AND day BETWEEN ?3 AND ?4 AND received > 0"));
  TRY(row.bind_all(std::string(dimension), std::string(value), first_day, last_day));
  std::map<std::int64_t, Tally> tallies;
  while (TRY(row.step())) tallies[row.integer(0)] = read_tally(row);
  return tallies;
}

Result<std::map<std::string, AgencyFigures>> PublicFace::count_agency_figures(std::int64_t first_month, std::int64_t last_month,
                                                                              UnixMillis now) {
  std::map<std::string, AgencyFigures> figures;
  std::map<std::pair<std::string, std::string>, std::map<int, std::int64_t>> counts;  // agency, measure
  Statement row = TRY(sql_->prepare(
      "SELECT agency_id, measure, bucket, sum(count) FROM public_time WHERE month BETWEEN ?1 AND ?2 "
      "GROUP BY agency_id, measure, bucket HAVING sum(count) > 0"));
  TRY(row.bind_all(first_month, last_month));
  while (TRY(row.step())) counts[{row.text(0), row.text(1)}][static_cast<int>(row.integer(2))] = row.integer(3);
  for (const auto& [key, buckets] : counts) {
    const auto& [agency, measure] = key;
    TimeFigures& of = measure.starts_with("response") ? figures[agency].response : figures[agency].follow_up;
    std::int64_t all = 0;
    for (const auto& [bucket, count] : buckets) all += count;
    if (measure.ends_with("_in_time")) {
      of.in_time = all;
    } else {
      of.given = all;
      of.median_minutes = percentile(buckets, 0.5);
      of.p90_minutes = percentile(buckets, 0.9);
    }
  }
  // Who never answers is late too.
  const std::int64_t first_day = from_civil({static_cast<int>(first_month / 12), static_cast<int>(first_month % 12) + 1, 1}, 0) / kDay;
  const std::int64_t end_day = from_civil({static_cast<int>((last_month + 1) / 12), static_cast<int>((last_month + 1) % 12) + 1, 1}, 0) / kDay;
  const auto overdue = [&](const std::string& late_at, TimeFigures AgencyFigures::*which) -> Result<Ok> {
    Statement late = TRY(sql_->prepare("SELECT agency_id, count(*) FROM public_report WHERE " + late_at + " > 0 AND " + late_at +
                                       " < ?1 AND day >= ?2 AND day < ?3 GROUP BY agency_id"));
    TRY(late.bind_all(now, first_day, end_day));
    while (TRY(late.step())) (figures[late.text(0)].*which).overdue = late.integer(1);
    return Ok{};
  };
  TRY(overdue("response_late_at", &AgencyFigures::response));
  TRY(overdue("follow_up_late_at", &AgencyFigures::follow_up));
  return figures;
}

Result<Tally> PublicFace::whole() {
  constexpr std::int64_t kAllDays = 4'000'000;
  Tally whole;
  for (const char* dimension : {"all", "secret"}) {
    for (const auto& [value, tally] : TRY(tallies(dimension, -kAllDays, kAllDays))) whole += tally;
  }
  return whole;
}

}  // namespace titik::serve
