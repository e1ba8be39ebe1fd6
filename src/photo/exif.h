// The few EXIF fields that matter to a report: which way is up, when and where it was taken.
#pragma once

#include <optional>
#include <string>

#include "photo/photo.h"

namespace titik::photo {

struct ExifFacts {
  Orientation orientation = 1;
  std::optional<std::string> taken_local;  // "2026-11-21T14:05:09"
  std::optional<ZoneOffset> taken_zone;    // minutes east of UTC
  std::optional<double> latitude;          // degrees, both or neither
  std::optional<double> longitude;
  std::optional<double> position_error_m;  // only with a position
};

// `tiff` begins at the TIFF header ("II*\0" or "MM\0*"): what follows "Exif\0\0" in a JPEG's APP1, or
// the data of a PNG's eXIf chunk. Never fails: what is damaged or senseless is left out.
ExifFacts read_exif(Bytes tiff);

}  // namespace titik::photo
