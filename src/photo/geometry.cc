#include "photo/geometry.h"

#include <algorithm>

namespace titik::photo {
namespace {

std::size_t pixel_count(Size size) {
  return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

// Which source pixels make one target pixel, along one axis: the first with weight `first_weight`,
// the last with `last_weight`, those between with 1. Weights are in units of a source pixel.
struct Span {
  int first = 0;
  int last = 0;
  float first_weight = 1;
  float last_weight = 0;
};

Span span_of(int index, int source, int target) {
  // In units of 1/target of a source pixel, so that no rounding can leave the source.
  const std::int64_t begin = std::int64_t{index} * source;
  const std::int64_t end = begin + source;
  Span span;
  span.first = static_cast<int>(begin / target);
  span.last = static_cast<int>((end - 1) / target);
  if (span.first == span.last) {
    span.first_weight = static_cast<float>(source) / static_cast<float>(target);
    return span;
  }
  span.first_weight = static_cast<float>((span.first + 1) * std::int64_t{target} - begin) / static_cast<float>(target);
  span.last_weight = static_cast<float>(end - span.last * std::int64_t{target}) / static_cast<float>(target);
  return span;
}

// One source row on white, 3 floats a pixel.
void lay_on_white(const std::uint8_t* row, int width, int channels, float* out) {
  for (int x = 0; x < width; ++x, row += channels, out += 3) {
    const float alpha = channels == 4 ? static_cast<float>(row[3]) / 255.0f : 1.0f;
    const float white = 255.0f * (1.0f - alpha);
    for (int channel = 0; channel < 3; ++channel) out[channel] = static_cast<float>(row[channel]) * alpha + white;
  }
}

void sum_along_row(const float* row, const std::vector<Span>& columns, float* out) {
  for (const Span& span : columns) {
    const float* pixel = row + 3 * static_cast<std::ptrdiff_t>(span.first);
    float sum[3] = {pixel[0] * span.first_weight, pixel[1] * span.first_weight, pixel[2] * span.first_weight};
    for (int x = span.first + 1; x < span.last; ++x) {
      pixel += 3;
      for (int channel = 0; channel < 3; ++channel) sum[channel] += pixel[channel];
    }
    if (span.last > span.first) {
      pixel += 3;
      for (int channel = 0; channel < 3; ++channel) sum[channel] += pixel[channel] * span.last_weight;
    }
    for (int channel = 0; channel < 3; ++channel) *out++ = sum[channel];
  }
}

}  // namespace

Size reduced_size(Size stored, Orientation orientation, int long_edge) {
  const Size upright = turned({std::max(stored.width, 1), std::max(stored.height, 1)}, orientation);
  const std::int64_t longest = std::max(upright.width, upright.height);
  const std::int64_t edge = std::max(long_edge, 1);
  if (longest <= edge) return upright;
  const auto scaled = [&](int side) {
    return static_cast<int>(std::max<std::int64_t>(1, (2 * side * edge + longest) / (2 * longest)));
  };
  return {scaled(upright.width), scaled(upright.height)};
}

Pixels reduce_by_area(const SourcePixels& source, Size target) {
  Pixels out{target, std::vector<std::uint8_t>(4 * pixel_count(target))};
  std::vector<Span> columns;
  columns.reserve(static_cast<std::size_t>(target.width));
  for (int x = 0; x < target.width; ++x) columns.push_back(span_of(x, source.size.width, target.width));

  const auto row_floats = 3 * static_cast<std::size_t>(target.width);
  std::vector<float> source_row(3 * static_cast<std::size_t>(source.size.width));
  std::vector<float> reduced_row(row_floats);
  std::vector<float> sums(row_floats);
  const std::ptrdiff_t stride = std::ptrdiff_t{source.size.width} * source.channels;
  const float scale = (static_cast<float>(target.width) / static_cast<float>(source.size.width)) *
                      (static_cast<float>(target.height) / static_cast<float>(source.size.height));
  int ready = -1;  // The source row that reduced_row holds: neighbours share one where spans meet.
  std::uint8_t* pixel = out.rgba.data();
  for (int y = 0; y < target.height; ++y) {
    const Span rows = span_of(y, source.size.height, target.height);
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (int from = rows.first; from <= rows.last; ++from) {
      if (from != ready) {
        lay_on_white(source.bytes + from * stride, source.size.width, source.channels, source_row.data());
        sum_along_row(source_row.data(), columns, reduced_row.data());
        ready = from;
      }
      const float weight = from == rows.first ? rows.first_weight : from == rows.last ? rows.last_weight : 1.0f;
      for (std::size_t i = 0; i < row_floats; ++i) sums[i] += reduced_row[i] * weight;
    }
    for (int x = 0; x < target.width; ++x, pixel += 4) {
      const float* sum = sums.data() + 3 * static_cast<std::ptrdiff_t>(x);
      for (int channel = 0; channel < 3; ++channel) {
        pixel[channel] = static_cast<std::uint8_t>(std::clamp(sum[channel] * scale + 0.5f, 0.0f, 255.0f));
      }
      pixel[3] = 255;
    }
  }
  return out;
}

Pixels turn_upright(Pixels stored, Orientation orientation) {
  if (orientation <= 1 || orientation > 8) return stored;
  const Size size = turned(stored.size, orientation);
  Pixels out{size, std::vector<std::uint8_t>(stored.rgba.size())};
  std::uint8_t* pixel = out.rgba.data();
  const int right = stored.size.width - 1;
  const int bottom = stored.size.height - 1;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x, pixel += 4) {
      // TIFF 6.0, tag 274: where the pixel seen at (x, y) is stored.
      int from_x = x;
      int from_y = y;
      switch (orientation) {
        case 2: from_x = right - x; break;                       // mirrored left to right
        case 3: from_x = right - x; from_y = bottom - y; break;  // upside down
        case 4: from_y = bottom - y; break;                      // mirrored top to bottom
        case 5: from_x = y; from_y = x; break;                   // mirrored at the main diagonal
        case 6: from_x = y; from_y = bottom - x; break;          // to be turned clockwise
        case 7: from_x = right - y; from_y = bottom - x; break;  // mirrored at the other diagonal
        case 8: from_x = right - y; from_y = x; break;           // to be turned counter-clockwise
        default: break;
      }
      const std::size_t from =
          4 * (static_cast<std::size_t>(from_y) * static_cast<std::size_t>(stored.size.width) +
               static_cast<std::size_t>(from_x));
      std::copy_n(stored.rgba.data() + from, 4, pixel);
    }
  }
  return out;
}

}  // namespace titik::photo
