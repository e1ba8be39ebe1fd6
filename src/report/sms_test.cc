#include "report/sms.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace titik::report {
namespace {

Draft hole() {
  return {.id = "019aa7d2-0000-7000-8000-0000deadbeef", .category_id = "jalan", .title = "Jalan berlubang",
          .content = "Dalam sekali.\nSudah dua orang jatuh.", .reporter_name = "Siti Nurbaya", .reporter_phone = "0812",
          .place = Place{{-1.6101229, 103.6131203}, 12}, .landmark = "RT 05, depan warung"};
}

CityProfile jambi() {
  CityProfile city;
  city.sms_prefix = "JAMBI";
  return city;
}

TEST(Sms, SaysWhatAndWhereAndWhose) {
  EXPECT_EQ(sms_text(hole(), jambi()),
            "JAMBI Jalan berlubang. Dalam sekali. Sudah dua orang jatuh. Lokasi: RT 05, depan warung, "
            "-1.61012,103.61312. Nama: Siti Nurbaya. TL-DEADBEEF");
}

TEST(Sms, OfAnAnonymousReportNamesNobody) {
  Draft draft = hole();
  draft.is_anonymous = true;
  const std::string text = sms_text(draft, jambi());
  EXPECT_EQ(text.find("Siti"), std::string::npos);
  EXPECT_EQ(text.find("0812"), std::string::npos);
}

TEST(Sms, WithoutAPlaceSaysNone) {
  Draft draft = hole();
  draft.place.reset();
  draft.landmark.clear();
  EXPECT_EQ(sms_text(draft, jambi()), "JAMBI Jalan berlubang. Dalam sekali. Sudah dua orang jatuh. Nama: Siti Nurbaya. TL-DEADBEEF");
}

TEST(Sms, FitsThreePartsAndKeepsThePlaceAndTheMark) {
  Draft draft = hole();
  draft.content.assign(3000, 'x');
  const std::string text = sms_text(draft, jambi());
  EXPECT_EQ(text.size(), 457u);
  EXPECT_NE(text.find("xxx... Lokasi: RT 05"), std::string::npos);
  EXPECT_TRUE(text.ends_with(" TL-DEADBEEF"));
}

TEST(Sms, CountsBracketsDouble) {
  Draft draft = hole();
  draft.content.assign(3000, '[');
  const std::string text = sms_text(draft, jambi());
  std::size_t septets = 0;
  for (const char c : text) septets += c == '[' ? 2 : 1;
  EXPECT_LE(septets, 457u);
  EXPECT_GE(septets, 456u);
}

TEST(Sms, BeyondTheAlphabetHasRoomForLess) {
  Draft draft = hole();
  draft.content = std::string("🕳 ") + std::string(3000, 'x');
  const std::string text = sms_text(draft, jambi());
  EXPECT_EQ(count_code_points(text) + 1, 199u);  // the hole is two UTF-16 units
  EXPECT_NE(text.find("🕳"), std::string::npos);
}

TEST(Sms, WhatKeyboardsWriteStaysInTheAlphabet) {
  Draft draft = hole();
  draft.title = "“Jalan” di RT’05 – rusak…";
  draft.content.assign(3000, 'x');
  const std::string text = sms_text(draft, jambi());
  EXPECT_TRUE(text.starts_with("JAMBI \"Jalan\" di RT'05 - rusak... x")) << text.substr(0, 60);
  EXPECT_EQ(text.size(), 457u);
}

TEST(Sms, RegionTitleAndMarkStayWhateverIsCut) {
  Draft draft = hole();
  draft.is_anonymous = draft.is_secret = true;
  draft.landmark = "é" + std::string(199, 'x');
  const std::string text = sms_text(draft, jambi());
  EXPECT_TRUE(text.starts_with("JAMBI Jalan berlubang. ... Lokasi: é")) << text;
  EXPECT_TRUE(text.ends_with(" TL-DEADBEEF")) << text;
  EXPECT_LE(count_code_points(text), 199u);
}

TEST(Sms, EverythingAtOnceIsStillAnSms) {
  Draft draft = hole();
  draft.landmark.assign(3000, 'x');  // cannot be typed: 200 is the limit
  draft.title.clear();
  EXPECT_FALSE(sms_text(draft, jambi()).empty());
}

TEST(Sms, LinkIsAUriOfThatText) {
  Draft draft = hole();
  draft.title = "A&B?";
  draft.content = "50% é";
  EXPECT_EQ(sms_link(draft, jambi()).substr(0, 60), "sms:1708?body=JAMBI%20A%26B%3F.%2050%25%20%C3%A9%20Lokasi%3A");
}

}  // namespace
}  // namespace titik::report
