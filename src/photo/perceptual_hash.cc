#include "photo/perceptual_hash.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace titik::photo {
namespace {

constexpr std::size_t kSide = 32;
constexpr std::size_t kKept = 8;
using Square = std::array<std::array<double, kSide>, kSide>;

// ITU-R BT.601. A photo smaller than the square repeats its pixels.
Square luma_square(const Pixels& pixels) {
  const auto width = static_cast<std::size_t>(pixels.size.width);
  const auto height = static_cast<std::size_t>(pixels.size.height);
  Square out{};
  for (std::size_t y = 0; y < kSide; ++y) {
    const std::size_t top = y * height / kSide, bottom = std::max(top + 1, (y + 1) * height / kSide);
    for (std::size_t x = 0; x < kSide; ++x) {
      const std::size_t left = x * width / kSide, right = std::max(left + 1, (x + 1) * width / kSide);
      double sum = 0;
      for (std::size_t row = top; row < bottom; ++row) {
        for (std::size_t column = left; column < right; ++column) {
          const std::uint8_t* rgba = &pixels.rgba[4 * (row * width + column)];
          sum += 0.299 * rgba[0] + 0.587 * rgba[1] + 0.114 * rgba[2];
        }
      }
      out[y][x] = sum / static_cast<double>((bottom - top) * (right - left));
    }
  }
  return out;
}

// cos(i·π/64). cos(a+b) = 2·cos(a)·cos(b) − cos(a−b): the same on every phone, and no library's.
std::array<double, 4 * kSide> cosines() {
  std::array<double, 4 * kSide> table{};
  table[0] = 1;
  table[1] = 0.99879545620517239271;
  for (std::size_t i = 2; i < table.size(); ++i) table[i] = 2 * table[1] * table[i - 1] - table[i - 2];
  return table;
}

}  // namespace

std::uint64_t perceptual_hash(const Pixels& pixels) {
  if (pixels.rgba.empty()) return 0;
  const Square luma = luma_square(pixels);
  const auto cosine = cosines();
  const auto basis = [&](std::size_t frequency, std::size_t at) { return cosine[(2 * at + 1) * frequency % (4 * kSide)]; };
  // Factors that all coefficients share are left out.
  std::array<std::array<double, kSide>, kKept> rows{};
  for (std::size_t u = 0; u < kKept; ++u) {
    for (std::size_t y = 0; y < kSide; ++y) {
      for (std::size_t x = 0; x < kSide; ++x) rows[u][y] += luma[y][x] * basis(u + 1, x);
    }
  }
  std::array<double, kKept * kKept> low{};
  for (std::size_t v = 0; v < kKept; ++v) {
    for (std::size_t u = 0; u < kKept; ++u) {
      for (std::size_t y = 0; y < kSide; ++y) low[v * kKept + u] += rows[u][y] * basis(v + 1, y);
    }
  }
  // Above the median: 32 or more are smaller.
  std::uint64_t hash = 0;
  for (const double coefficient : low) {
    int smaller = 0;
    for (const double other : low) smaller += other < coefficient ? 1 : 0;
    hash = hash << 1 | (smaller >= 32 ? 1u : 0u);
  }
  return hash;
}

int hash_distance(std::uint64_t a, std::uint64_t b) {
  int distance = 0;
  for (std::uint64_t bits = a ^ b; bits != 0; bits &= bits - 1) ++distance;
  return distance;
}

std::string write_hash(std::uint64_t hash) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[hash >> shift & 15];
  return text;
}

}  // namespace titik::photo
