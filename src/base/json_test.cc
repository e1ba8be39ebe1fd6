#include "base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <random>
#include <string>

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

// Ours is held against nlohmann's on texts that are right, nearly right, and wrong.
TEST(ParseJson, AgreesWithNlohmann) {
  const std::string seeds[] = {
      R"({"a":[1,-2,0,-0,1.5,-1e-7,1E+3,18446744073709551615,18446744073709551616,-9223372036854775808,-9223372036854775809],"b":{"c":null,"d":true,"e":false,"":""}})",
      R"([" \" \\ \/ \b\f\n\r\t \u00e9 \ud83d\ude00 \u0000 é 😀 \u001f","",{"x":1,"x":[2]},[],{},[[]]])",
      "\xEF\xBB\xBF [ 0.1 , 1e308 , 1e309 , 4.9e-324 , 123456789012345678901234567890 , 0.30000000000000004 ] \r\n\t",
      "\"a\x7f\xC3\xA9\xED\x9F\xBF\xF4\x8F\xBF\xBF\"", "-", "01", "1.", ".5", "1e", "+1", "-0.0", "nulll", "[1 2]", "{\"a\" 1}", "{1:2}"};
  constexpr std::string_view alphabet = "{}[]\":,\\u0dDe9E+-.tfn/ \n\x01\x80\xC3\xED\xF4\xFF""a";
  std::minstd_rand random(1);
  int valid = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text = seeds[random() % std::size(seeds)];
    for (auto edits = random() % 4; edits > 0 && !text.empty(); --edits) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text.erase(at, 1 + random() % 3); break;
        case 1: text.insert(at, 1, alphabet[random() % alphabet.size()]); break;
        case 2: text[at] = alphabet[random() % alphabet.size()]; break;
        default: text.resize(at);
      }
    }
    const Result<Json> ours = parse_json(text);
    const Json theirs = Json::parse(text, nullptr, false);
    ASSERT_EQ(ours.ok(), !theirs.is_discarded()) << text;
    if (!ours.ok()) continue;
    ++valid;
    ASSERT_EQ(*ours, theirs) << text;
    ASSERT_EQ(to_text(*ours), theirs.dump(-1, ' ', false, Json::error_handler_t::replace)) << text;
    ASSERT_EQ(*parse_json(to_text(*ours)), theirs) << text;
  }
  EXPECT_GT(valid, 20'000);
}

// nlohmann takes a NUL for the end of the text.
TEST(ParseJson, RefusesWhatFollowsANul) { EXPECT_FALSE(parse_json(std::string_view("1\0x", 3)).ok()); }

TEST(ToText, WritesWhatIsNoNumberAsNull) { EXPECT_EQ(to_text(Json(std::nan(""))), "null"); }

TEST(ToText, NeverFailsOnInvalidUtf8) { EXPECT_EQ(to_text(Json("a\xff")), "\"a\xEF\xBF\xBD\""); }

}  // namespace
}  // namespace titik
