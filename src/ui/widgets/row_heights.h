// Heights of the rows of a long list, measured or still guessed: where each row begins, and which row
// lies where, in time that grows with the logarithm of their number (a Fenwick tree).
#pragma once

#include <cstddef>
#include <vector>

namespace titik::ui {

class RowHeights {
 public:
  // Rows that stay keep what was measured; new ones get `guess`.
  void resize(std::size_t count, float guess);
  [[nodiscard]] std::size_t count() const { return heights_.size(); }
  // Distance from the list's top to the top of this row; of count(): to the list's end.
  [[nodiscard]] float top(std::size_t index) const;
  // The row at this distance from the list's top; the last one beyond the end. Needs a row.
  [[nodiscard]] std::size_t row_at(float y) const;
  // Answers how much higher the row is than was thought.
  float set(std::size_t index, float height);

 private:
  std::vector<float> heights_;
  std::vector<double> sums_;  // of tree node i (from 1): the last i & -i rows before row i
};

}  // namespace titik::ui
