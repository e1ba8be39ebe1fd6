#include "base/json.h"

#include <gtest/gtest.h>

namespace titik {
namespace {

TEST(ParseJson, RefusesWhatIsNotJson) {
  for (const std::string_view text : {"", "{", "[1,]", "nul", "{\"a\":1}x", "\"\xff\"", "{'a':1}"}) {
    const Result<Json> value = parse_json(text);
    ASSERT_FALSE(value.ok()) << text;
    EXPECT_EQ(value.error().code, ErrorCode::kMalformed);
  }
}

TEST(ParseJson, RefusesDeepNestingInsteadOfExhaustingTheStack) {
  EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']')).ok());
  EXPECT_FALSE(parse_json(std::string(65, '[') + std::string(65, ']')).ok());
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')).ok());
  EXPECT_TRUE(parse_json("\"" + std::string(1000, '[') + "\"").ok());
}

TEST(Getters, AnswerTheFallbackOnAnyMismatch) {
  const Json value = *parse_json(R"({"s":"text","i":7,"f":1.5,"b":true,"n":null,"big":18446744073709551615})");
  EXPECT_EQ(string_or(value, "s"), "text");
  EXPECT_EQ(string_or(value, "i", "none"), "none");
  EXPECT_EQ(integer_or(value, "i"), 7);
  EXPECT_EQ(integer_or(value, "s", -1), -1);
  EXPECT_EQ(integer_or(value, "big", -1), -1);
  EXPECT_EQ(number_or(value, "i"), 7.0);
  EXPECT_EQ(number_or(value, "f"), 1.5);
  EXPECT_TRUE(boolean_or(value, "b"));
  EXPECT_FALSE(optional_string(value, "n").has_value());
  EXPECT_TRUE(member(value, "absent").is_null());
  EXPECT_TRUE(member(*parse_json("[1]"), "s").is_null());
}

TEST(Getters, ReadScalarsOfAnyType) {
  EXPECT_EQ(scalar_text(*parse_json("501")), "501");
  EXPECT_EQ(scalar_text(*parse_json("\"501\"")), "501");
  EXPECT_EQ(scalar_text(*parse_json("[501]")), std::nullopt);
  EXPECT_EQ(scalar_flag(*parse_json("1")), true);
  EXPECT_EQ(scalar_flag(*parse_json("\"0\"")), false);
  EXPECT_EQ(scalar_flag(*parse_json("true")), true);
  EXPECT_EQ(scalar_flag(*parse_json("2")), std::nullopt);
}

TEST(ToText, NeverFailsOnInvalidUtf8) { EXPECT_EQ(to_text(Json("a\xff")), "\"a\xEF\xBF\xBD\""); }

}  // namespace
}  // namespace titik
