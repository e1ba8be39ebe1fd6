// The shipped boundaries against what is known of the cities. Tests run from the source root.

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>

#include "geo/boundary.h"
#include "geo/distance.h"
#include "geo/map_view.h"
#include "report/city_profile.h"

namespace titik::geo {
namespace {

report::CityProfile city(const std::string& id) {
  std::ifstream in("assets/cities/" + id + ".json", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return report::parse_city_profile(text).value();
}

// The ring's area in km², by the shoelace formula on a plane scaled at the city's centre.
double area_km2(const report::CityProfile& profile) {
  const double height = distance_m({0, 0}, {1, 0}) / 1000;
  const double width =
      distance_m({profile.centre.latitude, 0}, {profile.centre.latitude, 1}) / 1000;
  double twice = 0;
  const auto& ring = profile.boundary;
  for (std::size_t i = 0, previous = ring.size() - 1; i < ring.size(); previous = i++) {
    twice += ring[previous].longitude * ring[i].latitude - ring[i].longitude * ring[previous].latitude;
  }
  return std::fabs(twice) / 2 * height * width;
}

TEST(ShippedCities, ContainTheirCentreAndNotEachOther) {
  for (const char* id : {"kota-jambi", "kota-kotamobagu", "kota-palangka-raya"}) {
    const report::CityProfile profile = city(id);
    EXPECT_TRUE(contains(profile.boundary, profile.centre)) << id;
    for (const char* other : {"kota-jambi", "kota-kotamobagu", "kota-palangka-raya"}) {
      if (other != std::string(id)) {
        EXPECT_FALSE(contains(profile.boundary, city(other).centre)) << id << " " << other;
      }
    }
  }
}

TEST(ShippedCities, KotaJambiKnowsItsNeighbourhoods) {
  const auto ring = city("kota-jambi").boundary;
  EXPECT_TRUE(contains(ring, {-1.5907, 103.6107}));   // the river front at Pasar Jambi
  EXPECT_TRUE(contains(ring, {-1.6385, 103.6443}));   // Sultan Thaha airport, Paal Merah
  EXPECT_FALSE(contains(ring, {-1.6156, 103.4600}));  // Mendalo and beyond, Muaro Jambi
  EXPECT_FALSE(contains(ring, {-1.4777, 103.6670}));  // the temples of Muaro Jambi
}

TEST(ShippedCities, PalangkaRayaReachesFarUpTheRiver) {
  const auto ring = city("kota-palangka-raya").boundary;
  EXPECT_TRUE(contains(ring, {-2.2250, 113.9420}));   // Tjilik Riwut airport
  EXPECT_TRUE(contains(ring, {-2.0500, 113.7500}));   // Bukit Batu
  EXPECT_FALSE(contains(ring, {-2.9900, 114.4000}));  // Kuala Kapuas
}

TEST(ShippedCities, AreAboutAsLargeAsTheyShouldBe) {
  // Coarse outlines: within a factor of 1.6 of the official areas (BPS; Kotamobagu by its own count).
  const struct {
    const char* id;
    double official_km2;
  } areas[] = {{"kota-jambi", 205}, {"kota-kotamobagu", 109}, {"kota-palangka-raya", 2853}};
  for (const auto& each : areas) {
    const double area = area_km2(city(each.id));
    EXPECT_GT(area, each.official_km2 / 1.6) << each.id;
    EXPECT_LT(area, each.official_km2 * 1.6) << each.id;
  }
}

TEST(ShippedCities, FitAPhone) {
  for (const char* id : {"kota-jambi", "kota-kotamobagu", "kota-palangka-raya"}) {
    const report::CityProfile profile = city(id);
    const MapView view = fit(profile.boundary, 328, 300, 16);
    EXPECT_GT(view.zoom, 7) << id;
    const ScreenPoint centre = view.to_screen(profile.centre);
    EXPECT_TRUE(centre.x > 0 && centre.x < 328 && centre.y > 0 && centre.y < 300) << id;
  }
}

}  // namespace
}  // namespace titik::geo
