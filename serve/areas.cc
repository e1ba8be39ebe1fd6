#include "serve/areas.h"

#include <algorithm>

#include "base/json.h"
#include "geo/boundary.h"

namespace titik::serve {
namespace {

constexpr std::size_t kMostAreas = 200;
constexpr std::size_t kMostPoints = 20'000;

Error wrong(const std::string& where, std::string_view what) { return Error{ErrorCode::kInvalidArgument, where, std::string(what)}; }

Result<Area> read_area(const Json& json, const std::string& where, const report::CityProfile& profile) {
  if (!json.is_object()) return wrong(where, "must be an object");
  for (const auto& [name, value] : json.items()) {
    if (name != "agency" && name != "categories" && name != "boundary") return wrong(where + "." + name, "is not known");
  }
  Area area{.agency = string_or(json, "agency"), .categories = {}, .boundary = {}};
  if (!profile.agency(area.agency)) return wrong(where + ".agency", "is not the id of an agency");
  if (const Json& categories = member(json, "categories"); !categories.is_null()) {
    if (!categories.is_array() || categories.empty()) return wrong(where + ".categories", "must be a list of ids; leave it out for all");
    for (const Json& one : categories) {
      const std::string id = one.is_string() ? scalar_text(one).value_or("") : "";
      if (!profile.category(id)) return wrong(where + ".categories", "has what is not the id of a category");
      area.categories.push_back(id);
    }
  }
  const Json& boundary = member(json, "boundary");
  if (!boundary.is_array() || boundary.size() < 3 || boundary.size() > kMostPoints) {
    return wrong(where + ".boundary", "must be a ring of 3 to 20000 points");
  }
  for (const Json& point : boundary) {
    const auto latitude = optional_number(point, "latitude"), longitude = optional_number(point, "longitude");
    if (!latitude || !longitude || !report::is_valid_point({*latitude, *longitude})) {
      return wrong(where + ".boundary", "has a point that is not a place on the earth");
    }
    area.boundary.push_back({*latitude, *longitude});
  }
  return area;
}

}  // namespace

Result<std::vector<Area>> areas_of_profile(std::string_view json, const report::CityProfile& profile) {
  const Json document = TRY(parse_json(json));
  const Json& list = member(document, "areas");
  std::vector<Area> areas;
  if (list.is_null()) return areas;
  if (!list.is_array() || list.size() > kMostAreas) return wrong("areas", "must be a list of at most 200 areas");
  for (std::size_t i = 0; i < list.size(); ++i) areas.push_back(TRY(read_area(list[i], "areas[" + std::to_string(i) + "]", profile)));
  return areas;
}

const report::Agency* agency_at(const report::CityProfile& profile, const std::vector<Area>& areas, std::string_view category_id,
                                const std::optional<report::GeoPoint>& point) {
  const auto decides = [&](const Area& area) {
    const bool is_for_it = area.categories.empty() ||
                           std::find(area.categories.begin(), area.categories.end(), category_id) != area.categories.end();
    return is_for_it && geo::contains(area.boundary, *point);
  };
  if (point && profile.category(category_id)) {
    const auto area = std::find_if(areas.begin(), areas.end(), decides);
    if (area != areas.end()) return profile.agency(area->agency);
  }
  return profile.agency_of_category(category_id);
}

}  // namespace titik::serve
