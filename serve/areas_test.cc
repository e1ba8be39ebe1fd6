#include "serve/areas.h"

#include <gtest/gtest.h>

#include "serve/test_world.h"

namespace titik::serve {
namespace {

report::CityProfile city() {
  report::CityProfile profile;
  profile.agencies = {{.id = "pupr", .short_name = "PUPR"}, {.id = "uptd", .short_name = "UPTD Seberang"}};
  profile.categories = {{.id = "jalan", .agency = "pupr"}, {.id = "drainase", .agency = "pupr"}};
  return profile;
}

std::string square(const std::string& more) {
  return R"({"areas":[{)" + more + R"(,"boundary":[{"latitude":-1.5,"longitude":103.5},{"latitude":-1.5,"longitude":103.6},
    {"latitude":-1.6,"longitude":103.6},{"latitude":-1.6,"longitude":103.5}]}]})";
}

TEST(Areas, TheFirstThatHasPlaceAndCategoryDecides) {
  const report::CityProfile profile = city();
  const auto areas = areas_of_profile(square(R"("agency":"uptd","categories":["jalan"])"), profile).value();
  const auto goes_to = [&](std::string_view category, std::optional<report::GeoPoint> point) {
    const report::Agency* agency = agency_at(profile, areas, category, point);
    return agency ? agency->id : "";
  };
  EXPECT_EQ(goes_to("jalan", report::GeoPoint{-1.55, 103.55}), "uptd");
  EXPECT_EQ(goes_to("jalan", report::GeoPoint{-1.65, 103.55}), "pupr");
  EXPECT_EQ(goes_to("drainase", report::GeoPoint{-1.55, 103.55}), "pupr");
  EXPECT_EQ(goes_to("jalan", std::nullopt), "pupr");
  EXPECT_EQ(goes_to("tidak-ada", report::GeoPoint{-1.55, 103.55}), "");
  EXPECT_EQ(agency_at(profile, areas_of_profile(square(R"("agency":"uptd")"), profile).value(), "drainase", report::GeoPoint{-1.55, 103.55})->id, "uptd");
}

TEST(Areas, AFaultIsNamed) {
  const report::CityProfile profile = city();
  const auto fault = [&](const std::string& json) {
    const auto areas = areas_of_profile(json, profile);
    return areas.ok() ? "" : areas.error().where;
  };
  EXPECT_EQ(fault("{}"), "");
  EXPECT_EQ(fault(square(R"("agency":"uptd")")), "");
  EXPECT_EQ(fault(R"({"areas":{}})"), "areas");
  EXPECT_EQ(fault(R"({"areas":[1]})"), "areas[0]");
  EXPECT_EQ(fault(square(R"("agency":"x")")), "areas[0].agency");
  EXPECT_EQ(fault(square(R"("agency":"uptd","categories":[])")), "areas[0].categories");
  EXPECT_EQ(fault(square(R"("agency":"uptd","categories":["x"])")), "areas[0].categories");
  EXPECT_EQ(fault(square(R"("agency":"uptd","hours":3)")), "areas[0].hours");
  EXPECT_EQ(fault(R"({"areas":[{"agency":"uptd","boundary":[{"latitude":1,"longitude":2}]}]})"), "areas[0].boundary");
  EXPECT_EQ(fault(R"({"areas":[{"agency":"uptd","boundary":[{"latitude":1,"longitude":2},{"latitude":1},{"latitude":91,"longitude":2}]}]})"), "areas[0].boundary");
}

// The whole way: from the profile to the agency that a citizen's report lies with.
class Seberang : public World {
 protected:
  Seberang() : World(test_city(), square(R"("agency":"dishub","categories":["jalan"])")) {}
};

TEST_F(Seberang, AReportGoesToTheAgencyOfItsPlace) {
  const Headers who = phone();
  const auto agency_of = [&](const std::string& place) {
    const std::string body = R"({"title":"Lubang","content":"Ada lubang","classification_id":1,"category_id":"11","date_of_incident":"2026-11-17",)" + place + "}";
    const auto made = lapor::read_created(create(who, body).text());
    return made.ok() ? workflow.row(std::stoll(made->tracking_id))->subject.agency_id : made.error().message;
  };
  EXPECT_EQ(agency_of(R"("latitude":-1.55,"longitude":103.55)"), "dishub");
  EXPECT_EQ(agency_of(R"("latitude":-1.7,"longitude":103.55)"), "pupr");
}

}  // namespace
}  // namespace titik::serve
