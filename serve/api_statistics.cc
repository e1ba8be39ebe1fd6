// Counts and times of the city's work, for anybody: JSON and CSV.
#include "serve/handlers.h"
#include "serve/public_answers.h"

namespace titik::serve {
namespace {

constexpr std::int64_t kMostDays = 3700;  // of a series: ten years

Error refused(std::string_view parameter, std::string_view message) {
  return Error{ErrorCode::kInvalidArgument, std::string(parameter), std::string(message)};
}

std::string name_of(const report::CityProfile& profile, std::string_view dimension, const std::string& value) {
  if (dimension == "agency") {
    const report::Agency* agency = profile.agency(value);
    return agency ? agency->name : value;
  }
  if (dimension == "category") {
    const report::Category* category = profile.category(value);
    return category ? category->name : value;
  }
  if (dimension == "village") return village_name(profile, value);
  return value;
}

Json tally_json(const Tally& tally) {
  const std::int64_t counted = tally.received - tally.archived;
  Json json = {{"received", tally.received}, {"in_process", tally.in_process}, {"done", tally.done},
               {"archived", tally.archived}, {"followed_up", tally.followed_up}};
  json["followed_up_share"] = counted > 0 ? Json(static_cast<double>(tally.followed_up) / static_cast<double>(counted)) : Json(nullptr);
  return json;
}

std::vector<std::string> tally_cells(const Tally& tally) {
  return {std::to_string(tally.received), std::to_string(tally.in_process), std::to_string(tally.done),
          std::to_string(tally.archived), std::to_string(tally.followed_up)};
}

// Days put together as asked: by day, month or year.
std::string period_of(std::int64_t day, std::string_view by) {
  const std::string date = format_date(to_civil(day * kDay, 0));
  return by == "year" ? date.substr(0, 4) : by == "month" ? date.substr(0, 7) : date;
}

Response series(App& app, const Call& call, const std::string& by, const Days& days) {
  // One agency's, category's, village's or channel's, else the city's.
  std::string dimension = "all", value;
  for (const char* name : {"agency", "category", "village", "channel"}) {
    const std::string asked = query_value(call.request.target, name);
    if (asked.empty()) continue;
    if (!value.empty()) return refusal_of(refused(name, "Pilih salah satu: agency, category, village, atau channel."));
    dimension = name;
    value = asked;
  }
  const auto tallies = app.public_face.tallies_by_day(dimension, value, days.first, days.last);
  if (!tallies.ok()) return refusal_of(tallies.error());
  std::map<std::string, Tally> periods;
  for (const auto& [day, tally] : *tallies) periods[period_of(day, by)] += tally;
  if (periods.size() > kMostDays) return refusal_of(refused("from", "Pilih jangka waktu yang lebih pendek."));
  if (wants_csv(call)) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [period, tally] : periods) {
      rows.push_back({period});
      for (std::string& cell : tally_cells(tally)) rows.back().push_back(std::move(cell));
    }
    return public_answer(call, "text/csv; charset=utf-8",
                         csv_of({"periode", "masuk", "proses", "selesai", "diarsipkan", "ditindaklanjuti"}, rows));
  }
  Json list = Json::array();
  for (const auto& [period, tally] : periods) {
    list.push_back(tally_json(tally));
    list.back()["period"] = period;
  }
  return public_json(call, {{"by", by}, {"counts", std::move(list)}});
}

Json time_json(const TimeFigures& figures) {
  const std::int64_t expected = figures.given + figures.overdue;
  Json json = {{"given", figures.given}, {"in_time", figures.in_time}, {"overdue", figures.overdue}};
  const auto hours = [](const std::optional<std::int64_t>& minutes) {
    return minutes ? Json(static_cast<double>(*minutes) / 60) : Json(nullptr);
  };
  json["median_hours"] = hours(figures.median_minutes);
  json["p90_hours"] = hours(figures.p90_minutes);
  json["in_time_share"] = expected > 0 ? Json(static_cast<double>(figures.in_time) / static_cast<double>(expected)) : Json(nullptr);
  return json;
}

void time_cells(const TimeFigures& figures, std::vector<std::string>& row) {
  const Json json = time_json(figures);
  for (const char* name : {"given", "overdue", "median_hours", "p90_hours", "in_time_share"}) {
    const Json& value = member(json, name);
    row.push_back(value.is_null() ? "" : to_text(value));
  }
}

// "2026-11", as year * 12 + month - 1.
Result<std::int64_t> read_month(const Request& request, const char* name, std::int64_t otherwise) {
  const std::string text = query_value(request.target, name);
  if (text.empty()) return otherwise;
  const auto date = text.size() == 7 ? parse_date(text + "-01") : std::nullopt;
  if (!date) return refused(name, "Tulis bulan sebagai 2026-11.");
  return std::int64_t{date->year} * 12 + date->month - 1;
}

}  // namespace

Response get_public_counts(App& app, Call& call) {
  const std::string by = query_value(call.request.target, "by");
  const Result<Days> days = read_days(call.request);
  if (!days.ok()) return refusal_of(days.error());
  if (const auto refused = not_current(app)) return *refused;
  if (by == "day" || by == "month" || by == "year") return series(app, call, by, *days);
  const std::string dimension = by.empty() ? "all" : by;
  if (dimension != "all" && dimension != "agency" && dimension != "category" && dimension != "village" && dimension != "channel") {
    return refusal_of(refused("by", "Isi by dengan day, month, year, agency, category, village, atau channel."));
  }
  auto tallies = app.public_face.tallies(dimension, days->first, days->last);
  if (!tallies.ok()) return refusal_of(tallies.error());
  if (dimension == "all" && query_value(call.request.target, "from").empty() && query_value(call.request.target, "to").empty()) {
    const Result<Tally> whole = app.public_face.whole();
    if (!whole.ok()) return refusal_of(whole.error());
    (*tallies)[""] = *whole;
  }
  if (wants_csv(call)) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [value, tally] : *tallies) {
      rows.push_back({value, name_of(app.profile, dimension, value)});
      for (std::string& cell : tally_cells(tally)) rows.back().push_back(std::move(cell));
    }
    return public_answer(call, "text/csv; charset=utf-8",
                         csv_of({"kode", "nama", "masuk", "proses", "selesai", "diarsipkan", "ditindaklanjuti"}, rows));
  }
  if (dimension == "all") {
    const auto found = tallies->find("");
    return public_json(call, tally_json(found == tallies->end() ? Tally{} : found->second));
  }
  Json list = Json::array();
  for (const auto& [value, tally] : *tallies) {
    list.push_back(tally_json(tally));
    list.back()["value"] = value;
    list.back()["name"] = name_of(app.profile, dimension, value);
  }
  return public_json(call, {{"by", by}, {"counts", std::move(list)}});
}

Response get_public_agencies(App& app, Call& call) {
  const std::int64_t this_month = month_of_day(day_of(app.now(), app.profile.zone));
  const Result<std::int64_t> last = read_month(call.request, "to", this_month);
  if (!last.ok()) return refusal_of(last.error());
  const Result<std::int64_t> first = read_month(call.request, "from", *last - 11);  // a year, when not told
  if (!first.ok()) return refusal_of(first.error());
  if (const auto refused = not_current(app)) return *refused;
  const auto figures = app.public_face.agency_figures(*first, *last, app.now());
  if (!figures.ok()) return refusal_of(figures.error());
  const auto month_text = [](std::int64_t month) { return format_date({static_cast<int>(month / 12), static_cast<int>(month % 12) + 1, 1}).substr(0, 7); };
  if (wants_csv(call)) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [agency, of] : *figures) {
      std::vector<std::string>& row = rows.emplace_back(std::vector<std::string>{agency, name_of(app.profile, "agency", agency)});
      time_cells(of.response, row);
      time_cells(of.follow_up, row);
    }
    return public_answer(call, "text/csv; charset=utf-8",
                         csv_of({"kode", "nama", "tanggapan", "tanggapan_terlambat", "tanggapan_median_jam",
                                 "tanggapan_p90_jam", "tanggapan_tepat_waktu", "tindak_lanjut", "tindak_lanjut_terlambat",
                                 "tindak_lanjut_median_jam", "tindak_lanjut_p90_jam", "tindak_lanjut_tepat_waktu"}, rows));
  }
  Json list = Json::array();
  for (const auto& [agency, of] : *figures) {
    list.push_back({{"agency", agency}, {"name", name_of(app.profile, "agency", agency)},
                    {"response", time_json(of.response)}, {"follow_up", time_json(of.follow_up)}});
  }
  return public_json(call, {{"from", month_text(*first)}, {"to", month_text(*last)}, {"agencies", std::move(list)}});
}

}  // namespace titik::serve
