// libFuzzer target of the EXIF reader, whose input is the TIFF block behind "Exif\0\0".
//   exif_fuzz CORPUS tests/fuzz/corpus/exif
#include <cmath>
#include <cstdlib>

#include "photo/exif.h"

namespace {

void require(bool truth) {
  if (!truth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace titik::photo;
  const ExifFacts facts = read_exif({data, size});
  require(facts.orientation >= 1 && facts.orientation <= 8);
  require(facts.latitude.has_value() == facts.longitude.has_value());
  if (facts.latitude) require(std::abs(*facts.latitude) <= 90 && std::abs(*facts.longitude) <= 180);
  if (facts.position_error_m) require(std::isfinite(*facts.position_error_m) && *facts.position_error_m >= 0);
  // "2026-11-21T14:05:09": it goes into JSON as it is.
  if (facts.taken_local) {
    require(facts.taken_local->size() == 19);
    for (const char c : *facts.taken_local) require((c >= '0' && c <= '9') || c == '-' || c == 'T' || c == ':');
  }
  if (facts.taken_zone) require(std::abs(*facts.taken_zone) < 24 * 60);
  return 0;
}
