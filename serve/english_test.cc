// Refusals in the language that is asked for. That every refusal has its English is held by World::call().
#include "serve/english.h"

#include "serve/test_world.h"

namespace titik::serve {
namespace {

TEST(English, IsPreferredWhenItWeighsMore) {
  for (const char* yes : {"en", "en-GB,en;q=0.9", "EN", "id;q=0.5, en;q=0.8", "fr, en;q=0.3", "en;q=0.9,id;q=0.8,*;q=0.1"}) {
    EXPECT_TRUE(prefers_english(yes)) << yes;
  }
  for (const char* no : {"", "id", "id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7", "en;q=0", "en;q=0.5,id;q=0.5", "english", "fr", ",,;q=,", "en;q=x"}) {
    EXPECT_FALSE(prefers_english(no)) << no;
  }
}

TEST(English, WhatDiffersIsKept) {
  EXPECT_EQ(in_english("Laporan berstatus Proses, jadi ini tidak dapat dilakukan."), "The report's state is Proses, so this cannot be done.");
  EXPECT_EQ(in_english("Laporan berstatus , jadi"), "");
  EXPECT_EQ(in_english("Bukan kalimat kami."), "");
}

TEST_F(World, ARefusalIsSaidInTheLanguageThatIsAskedFor) {
  Headers who = phone();
  const std::string empty = R"({"title":"","content":"","classification_id":1,"category_id":"11","attachments":"[]"})";
  const lapor::ErrorBody indonesian = lapor::read_error(create(who, empty).text());
  EXPECT_EQ(indonesian.message, "Laporan belum lengkap atau ada isian yang perlu diperbaiki.");
  who["Accept-Language"] = "en";
  const Response response = create(who, empty);
  const lapor::ErrorBody english = lapor::read_error(response.text());
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.header("Content-Language"), "en");
  EXPECT_EQ(english.message, "The report is incomplete, or something in it needs mending.");
  ASSERT_EQ(english.errors.size(), indonesian.errors.size());
  EXPECT_EQ(english.errors[0].code, indonesian.errors[0].code);
  EXPECT_NE(english.errors[0].message, indonesian.errors[0].message);
  EXPECT_EQ(call("GET", "/titik/1/none", {{"Accept-Language", "en"}}).text(), R"({"message":"There is no such address."})");
}

}  // namespace
}  // namespace titik::serve
