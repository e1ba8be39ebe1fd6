#include "ui/widgets/row_heights.h"

#include <gtest/gtest.h>

#include <random>

namespace titik::ui {
namespace {

TEST(RowHeights, AgreeWithAPlainSum) {
  std::mt19937 random(7);
  for (const std::size_t count : {1u, 2u, 3u, 64u, 100u, 2000u}) {
    RowHeights rows;
    rows.resize(count, 96);
    std::vector<float> plain(count, 96);
    for (std::size_t i = 0; i < 3 * count; ++i) {
      const std::size_t index = random() % count;
      const auto height = static_cast<float>(40 + random() % 200);
      EXPECT_EQ(rows.set(index, height), height - plain[index]);
      plain[index] = height;
    }
    float top = 0;
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(rows.top(i), top);
      EXPECT_EQ(rows.row_at(top), i);
      EXPECT_EQ(rows.row_at(top + plain[i] - 0.5f), i);
      top += plain[i];
    }
    EXPECT_EQ(rows.top(count), top);
    EXPECT_EQ(rows.row_at(top + 1000), count - 1);
    EXPECT_EQ(rows.row_at(-5), 0u);
  }
}

TEST(RowHeights, KeepWhatWasMeasuredWhenTheListGrows) {
  RowHeights rows;
  rows.resize(3, 100);
  rows.set(0, 50);
  rows.resize(5, 80);
  EXPECT_EQ(rows.top(1), 50);
  EXPECT_EQ(rows.top(5), 50 + 200 + 160);
  rows.resize(2, 80);
  EXPECT_EQ(rows.top(2), 150);
  rows.resize(0, 80);
  EXPECT_EQ(rows.top(0), 0);
}

}  // namespace
}  // namespace titik::ui
