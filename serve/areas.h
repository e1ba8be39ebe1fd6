// Disposition by place: parts of the city in which another agency than the category's answers, as a technical unit (UPTD)
// of one side of the river, or a market's own office. They are `areas` in the city's profile, the server's alone:
//
//   "areas": [{"agency": "uptd-seberang", "categories": ["jalan", "drainase"],
//              "boundary": [{"latitude": -1.58, "longitude": 103.61}, …]}]
//
// The first area that has the place and the category decides; without `categories` it is for all. A report without a
// place goes by its category.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/city_profile.h"

namespace titik::serve {

struct Area {
  std::string agency;                   // report::Agency::id
  std::vector<std::string> categories;  // report::Category::id; empty: all
  std::vector<report::GeoPoint> boundary;  // one ring that closes by itself, at least 3 points
};

// From a city's profile. Without the member there are none. kInvalidArgument names the field, as "areas[1].agency".
Result<std::vector<Area>> areas_of_profile(std::string_view json, const report::CityProfile& profile);

// The agency that a new report goes to; null for a category that the city does not have.
const report::Agency* agency_at(const report::CityProfile& profile, const std::vector<Area>& areas, std::string_view category_id,
                                const std::optional<report::GeoPoint>& point);

}  // namespace titik::serve
