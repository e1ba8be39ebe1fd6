#include "base/utf8.h"

#include <gtest/gtest.h>

namespace titik {
namespace {

TEST(Utf8, RefusesMalformedSequences) {
  EXPECT_TRUE(is_valid_utf8("Jalan rusak 🚧 é"));
  for (const std::string_view text : {"\x80", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xFF"}) {
    EXPECT_FALSE(is_valid_utf8(text));
  }
}

TEST(Utf8, CountsAndCutsByCodePoint) {
  EXPECT_EQ(count_code_points("a🚧b"), 3u);
  EXPECT_EQ(prefix_of("a🚧b", 2), "a🚧");
  EXPECT_EQ(prefix_of("ab", 9), "ab");
}

TEST(CleanText, DropsControlsAndDirectionOverridesAndKeepsTheRest) {
  EXPECT_EQ(clean_text(std::string_view("a\0b\x07" "c\x7F", 6), Lines::kMany), "abc");
  EXPECT_EQ(clean_text("gpj.\xE2\x80\xAE" "exe", Lines::kOne), "gpj.exe");
  EXPECT_EQ(clean_text("satu\r\ndua\rtiga\n", Lines::kMany), "satu\ndua\ntiga\n");
  EXPECT_EQ(clean_text("satu\r\ndua\ttiga", Lines::kOne), "satu dua tiga");
  EXPECT_EQ(clean_text("a\xFF" "b", Lines::kOne), "a\xEF\xBF\xBD" "b");
  EXPECT_EQ(clean_text("👩‍👧 ok", Lines::kOne), "👩‍👧 ok");
}

TEST(Trimmed, TakesWhiteSpaceFromBothEnds) {
  EXPECT_EQ(trimmed(" \n a b\t "), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
}

}  // namespace
}  // namespace titik
