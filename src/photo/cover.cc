#include "photo/cover.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "photo/errors.h"

namespace titik::photo {
namespace {

constexpr std::size_t kMostCells = 1 << 16;

struct Box {
  int left = 0, top = 0, right = 0, bottom = 0;  // right and bottom are outside
};

// The averages of a region.
struct Mosaic {
  Box box;
  int block = 1;  // pixels
  int columns = 1, rows = 1;
  std::array<std::array<float, 3>, kColoursAcross * kColoursAcross> colours{};

  [[nodiscard]] const std::array<float, 3>& colour(int column, int row) const {
    return colours[static_cast<std::size_t>(std::clamp(row, 0, rows - 1) * kColoursAcross + std::clamp(column, 0, columns - 1))];
  }
};

std::uint8_t* pixel(Pixels& pixels, int x, int y) {
  return &pixels.rgba[4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels.size.width) + static_cast<std::size_t>(x))];
}

// Cells are `cell` pixels; a region of fewer than kColoursAcross of them has one average each.
Mosaic average(Pixels& pixels, const Box& box, int cell) {
  Mosaic mosaic{.box = box};
  const int width = box.right - box.left, height = box.bottom - box.top;
  mosaic.block = std::max({1, cell, (std::max(width, height) + kColoursAcross - 1) / kColoursAcross});
  mosaic.columns = std::max(1, (width + mosaic.block - 1) / mosaic.block);
  mosaic.rows = std::max(1, (height + mosaic.block - 1) / mosaic.block);
  for (int row = 0; row < mosaic.rows; ++row) {
    for (int column = 0; column < mosaic.columns; ++column) {
      std::array<float, 3>& colour = mosaic.colours[static_cast<std::size_t>(row * kColoursAcross + column)];
      std::array<std::uint32_t, 3> sum{};
      std::uint32_t count = 0;
      for (int y = box.top + row * mosaic.block; y < std::min(box.top + (row + 1) * mosaic.block, box.bottom); ++y) {
        for (int x = box.left + column * mosaic.block; x < std::min(box.left + (column + 1) * mosaic.block, box.right); ++x) {
          for (std::size_t i = 0; i < 3; ++i) sum[i] += pixel(pixels, x, y)[i];
          ++count;
        }
      }
      for (std::size_t i = 0; i < 3 && count > 0; ++i) colour[i] = static_cast<float>(sum[i]) / static_cast<float>(count);
    }
  }
  return mosaic;
}

void paint(Pixels& pixels, const Box& where, const Mosaic& mosaic) {
  for (int y = where.top; y < where.bottom; ++y) {
    const float down = (static_cast<float>(y - mosaic.box.top) + 0.5f) / static_cast<float>(mosaic.block) - 0.5f;
    const int row = down < 0 ? -1 : static_cast<int>(down);
    const float lower = down - static_cast<float>(row);
    for (int x = where.left; x < where.right; ++x) {
      const float across = (static_cast<float>(x - mosaic.box.left) + 0.5f) / static_cast<float>(mosaic.block) - 0.5f;
      const int column = across < 0 ? -1 : static_cast<int>(across);
      const float further = across - static_cast<float>(column);
      std::uint8_t* rgba = pixel(pixels, x, y);
      for (std::size_t i = 0; i < 3; ++i) {
        const float above = mosaic.colour(column, row)[i] * (1 - further) + mosaic.colour(column + 1, row)[i] * further;
        const float below = mosaic.colour(column, row + 1)[i] * (1 - further) + mosaic.colour(column + 1, row + 1)[i] * further;
        rgba[i] = static_cast<std::uint8_t>(above * (1 - lower) + below * lower + 0.5f);
      }
    }
  }
}

}  // namespace

Result<Ok> cover(Pixels& pixels, std::string_view cells, int columns) {
  if (columns < 1 || cells.empty() || cells.size() > kMostCells || cells.size() % static_cast<std::size_t>(columns) != 0) {
    return failure(ErrorCode::kInvalidArgument, "cells");
  }
  const int rows = static_cast<int>(cells.size()) / columns;
  const auto box_of = [&](int cell) {
    const auto edge = [](int length, int at, int count) { return static_cast<int>(std::int64_t{length} * at / count); };
    const int column = cell % columns, row = cell / columns;
    return Box{edge(pixels.size.width, column, columns), edge(pixels.size.height, row, rows),
               edge(pixels.size.width, column + 1, columns), edge(pixels.size.height, row + 1, rows)};
  };
  std::string left(cells);  // what no region has taken yet
  std::vector<int> region;  // numbers of its cells
  for (int first = 0; first < columns * rows; ++first) {
    region.clear();
    const auto take = [&](int cell) {
      if (left[static_cast<std::size_t>(cell)] != '1') return;
      left[static_cast<std::size_t>(cell)] = '0';
      region.push_back(cell);
    };
    take(first);
    for (std::size_t next = 0; next < region.size(); ++next) {
      const int column = region[next] % columns, row = region[next] / columns;
      for (int y = std::max(row - 1, 0); y <= std::min(row + 1, rows - 1); ++y) {
        for (int x = std::max(column - 1, 0); x <= std::min(column + 1, columns - 1); ++x) take(y * columns + x);
      }
    }
    if (region.empty()) continue;
    Box box = box_of(first);
    int cell = 0;
    for (const int number : region) {
      const Box one = box_of(number);
      cell = std::max({cell, one.right - one.left, one.bottom - one.top});
      box = {std::min(box.left, one.left), std::min(box.top, one.top), std::max(box.right, one.right), std::max(box.bottom, one.bottom)};
    }
    const Mosaic mosaic = average(pixels, box, cell);
    for (const int number : region) paint(pixels, box_of(number), mosaic);
  }
  return Ok{};
}

}  // namespace titik::photo
