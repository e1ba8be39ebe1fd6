// Where a report is about.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace titik::report {

// WGS 84, degrees.
struct GeoPoint {
  double latitude = 0;   // -90 to 90, north positive
  double longitude = 0;  // -180 to 180, east positive
  friend bool operator==(const GeoPoint&, const GeoPoint&) = default;
};

// True for finite numbers in range.
bool is_valid_point(const GeoPoint& point);

// How a place became known (domain.md, Kinds, flags, places).
enum class PlaceSource {
  kGps,   // this phone's Geolocation
  kPin,   // set by hand on the map
  kExif,  // read from a photo's EXIF
};
std::string_view place_source_name(PlaceSource source);  // "gps", "pin", "exif"
std::optional<PlaceSource> place_source_from_name(std::string_view name);

struct Place {
  GeoPoint point;
  double accuracy_m = 0;  // radius of 68 % confidence, metres; 0 = not known (pin, EXIF)
  PlaceSource source = PlaceSource::kPin;
  UnixMillis at = 0;  // when the fix was taken, by the phone's clock
  friend bool operator==(const Place&, const Place&) = default;
};

}  // namespace titik::report
