// Makes parts of a photo unrecognisable for good: faces, number plates.
#pragma once

#include <string_view>

#include "photo/photo.h"

namespace titik::photo {

// A region's longer side has at most so many colours. A mosaic of fixed cells is no protection: seen close,
// a face of 16 × 16 cells is known again (Hill et al., "On the (In)effectiveness of Mosaicing and Blurring
// as Tools for Document Redaction", 2016; McPherson et al., "Defeating Image Obfuscation with Deep
// Learning", 2016). So what is left of a region is 4 × 4 averages, however large it is.
inline constexpr int kColoursAcross = 4;

// `cells` is a grid over the photo, `columns` wide, row by row: '1' is covered. Cells that touch, also at
// their corners, are one region. Each gets a coarse mosaic, no finer than its cells, smoothed between the
// mosaic's middles: nothing of the result depends on more of the region than those averages.
// kInvalidArgument "cells": not a grid.
Result<Ok> cover(Pixels& pixels, std::string_view cells, int columns);

}  // namespace titik::photo
