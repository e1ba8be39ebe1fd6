#include "ui/widgets/row_heights.h"

#include <algorithm>
#include <bit>

namespace titik::ui {

void RowHeights::resize(std::size_t count, float guess) {
  if (count == heights_.size()) return;
  heights_.resize(count, guess);
  sums_.assign(count + 1, 0);
  for (std::size_t i = 1; i <= count; ++i) {
    sums_[i] += static_cast<double>(heights_[i - 1]);
    const std::size_t parent = i + (i & (~i + 1));
    if (parent <= count) sums_[parent] += sums_[i];
  }
}

float RowHeights::top(std::size_t index) const {
  double sum = 0;
  for (std::size_t i = std::min(index, heights_.size()); i > 0; i &= i - 1) sum += sums_[i];
  return static_cast<float>(sum);
}

std::size_t RowHeights::row_at(float y) const {
  std::size_t before = 0;  // rows that end at or above y
  auto rest = static_cast<double>(y);
  for (std::size_t step = std::bit_floor(heights_.size()); step > 0; step /= 2) {
    if (before + step > heights_.size() || sums_[before + step] > rest) continue;
    before += step;
    rest -= sums_[before];
  }
  return std::min(before, heights_.size() - 1);
}

float RowHeights::set(std::size_t index, float height) {
  const float difference = height - heights_[index];
  if (difference == 0) return 0;
  heights_[index] = height;
  for (std::size_t i = index + 1; i < sums_.size(); i += i & (~i + 1)) sums_[i] += static_cast<double>(difference);
  return difference;
}

}  // namespace titik::ui
