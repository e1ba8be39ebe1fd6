// The one door to stb_image, and what keeps it within bounds. For one thread, which is all that photo.wasm has.
#pragma once

#include <cstdint>

#include "photo/photo.h"

namespace titik::photo {

// What one decode may take from the heap, in all: a progressive 4:2:0 JPEG of 50 MP takes 375 MB, of 4:4:4 one
// of 32 MP takes 384 MB (coefficients, planes, result). A PNG of one pixel can ask for gigabytes otherwise.
inline constexpr std::size_t kMaxDecoderBytes = std::size_t{400} << 20;

enum class StbFailure { kNone, kBroken, kMemory };

// Decoded pixels that belong to stb's heap; freed with this object.
class StbPixels {
 public:
  // RGB for a JPEG, RGBA for a PNG.
  StbPixels(Bytes file, int channels);
  ~StbPixels();
  StbPixels(const StbPixels&) = delete;
  StbPixels& operator=(const StbPixels&) = delete;

  [[nodiscard]] StbFailure failure() const { return failure_; }
  [[nodiscard]] Size size() const { return size_; }
  [[nodiscard]] const std::uint8_t* bytes() const { return bytes_; }

 private:
  Size size_;
  std::uint8_t* bytes_ = nullptr;
  StbFailure failure_ = StbFailure::kNone;
};

}  // namespace titik::photo
