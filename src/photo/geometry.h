// Sizes and turns. All functions are total: any input of the stated shape gives a picture.
#pragma once

#include "photo/photo.h"

namespace titik::photo {

// True for the four orientations that exchange width and height.
inline bool is_sideways(Orientation orientation) { return orientation >= 5 && orientation <= 8; }

inline Size turned(Size size, Orientation orientation) {
  return is_sideways(orientation) ? Size{size.height, size.width} : size;
}

// Rows of `channels` bytes a pixel, as a decoder gives them. Does not own the bytes.
struct SourcePixels {
  Size size;
  int channels = 4;  // 3: RGB; 4: RGBA, laid on white
  const std::uint8_t* bytes = nullptr;
};

// Averages the source over the area of each target pixel. `target` is not larger than the source.
// Averaging by area is exact for making smaller, and never rings at edges.
Pixels reduce_by_area(const SourcePixels& source, Size target);

// The picture as it is to be seen, from the picture as it is stored.
Pixels turn_upright(Pixels stored, Orientation orientation);

}  // namespace titik::photo
