#include "report/place.h"

#include <cmath>

namespace titik::report {

bool is_valid_point(const GeoPoint& point) {
  return std::isfinite(point.latitude) && std::isfinite(point.longitude) &&
         std::fabs(point.latitude) <= 90 && std::fabs(point.longitude) <= 180;
}

std::string_view place_source_name(PlaceSource source) {
  switch (source) {
    case PlaceSource::kGps: return "gps";
    case PlaceSource::kPin: return "pin";
    case PlaceSource::kExif: return "exif";
  }
  return "pin";
}

std::optional<PlaceSource> place_source_from_name(std::string_view name) {
  for (const PlaceSource source : {PlaceSource::kGps, PlaceSource::kPin, PlaceSource::kExif}) {
    if (place_source_name(source) == name) return source;
  }
  return std::nullopt;
}

}  // namespace titik::report
