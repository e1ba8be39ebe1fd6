#include <gtest/gtest.h>

#include "base/json.h"
#include "lapor/lapor.h"

namespace titik::lapor {
namespace {

constexpr ZoneOffset kWib = 420;
constexpr UnixMillis kNoon = 1'795'000'000'000;

TEST(FollowUps, WhatAPhoneHasNoNameForTravelsAsAnAnswer) {
  FollowUpPage page;
  for (const FollowUpKind kind : {FollowUpKind::kAcknowledgement, FollowUpKind::kRefusal, FollowUpKind::kQuestion}) {
    FollowUp one{.id = "1", .kind = kind, .institution_from = "Dinas PUPR", .at = kNoon, .content = "Milik provinsi"};
    one.attachments.push_back({.path = "/titik/1/files/1", .file_name = "surat.pdf", .extension = "pdf"});
    page.items = {one};
    const std::string json = write_follow_ups(page, "/x", 420);
    EXPECT_NE(json.find("\"answer\":\"" + std::string(follow_up_kind_name(kind)) + "\""), std::string::npos) << json;
    EXPECT_EQ(read_follow_ups(json, 420)->items.at(0).kind, FollowUpKind::kAnswer);
  }
}

TEST(FollowUps, WhatIsWrittenIsReadBack) {
  FollowUpPage page{.page = 2, .last_page = 3};
  FollowUp action{.id = "8", .kind = FollowUpKind::kAction, .institution_from = "Dinas PUPR", .at = kNoon};
  action.content = "Ditambal";
  for (int i = 0; i < 12; ++i) {  // keys "0" to "11": "10" must not come before "2"
    action.attachments.push_back({"/titik/1/files/" + std::to_string(i), "a.jpg", "jpg", std::string(64, 'a'), 9});
  }
  action.attachments.push_back({"/titik/1/files/99", "surat.pdf", "pdf", "", 0});
  page.items = {action, {.id = "9", .kind = FollowUpKind::kCitizen, .at = kNoon + kMinute, .content = "Terima kasih"}};
  const auto read = read_follow_ups(write_follow_ups(page, "/x", kWib), kWib);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->page, 2);
  EXPECT_EQ(read->last_page, 3);
  ASSERT_EQ(read->items.size(), 2u);
  EXPECT_EQ(read->items[0].kind, FollowUpKind::kAction);
  EXPECT_EQ(read->items[0].at, kNoon);
  EXPECT_EQ(read->items[1].kind, FollowUpKind::kCitizen);
  ASSERT_EQ(read->items[0].attachments.size(), 13u);
  for (std::size_t i = 0; i < 13; ++i) {
    EXPECT_EQ(read->items[0].attachments[i].path, action.attachments[i].path);
    EXPECT_EQ(read->items[0].attachments[i].sha256, action.attachments[i].sha256);
    EXPECT_EQ(read->items[0].attachments[i].bytes, action.attachments[i].bytes);
  }
}

TEST(FollowUps, PagesAreNamedAsThePaginatorDoes) {
  const auto next = [](int page) {
    const auto json = parse_json(write_follow_ups({{}, page, 2}, "/f", kWib));
    return optional_string(member(*json, "results"), "next_page_url").value_or("none");
  };
  EXPECT_EQ(next(1), "/f?page=2");
  EXPECT_EQ(next(2), "none");
}

TEST(FollowUps, ReadsARecordedAnswer) {
  const auto read = read_follow_ups(R"({"results":{"current_page":1,"next_page_url":"https://x/?page=2","data":[
    {"id":31,"institution_from_name":"Dishub","institution_to_name":null,"created_at":"21-11-2026 10:00:00",
     "template_code":"","template_content":"","content":"Sudah",
     "attachments":{"docs":[{"path":"https://x/s.pdf","file_name":"s.pdf"}],"0":{"path":"/a","file_name":"a.JPG","extension":".JPG"}}},
    {"id":"30","created_at":"20-11-2026 10:00:00","institution_from_name":"Admin","template_code":"disposition",
     "template_content":"Ke {{institution_to}}","institution_to_name":"Dishub","content":"","attachments":[]},
    {"id":29,"created_at":"19-11-2026 10:00:00","content":"Halo","attachments":null},
    {"id":28,"created_at":"18-11-2026 10:00:00","institution_from_name":"Dishub","content":"Kami cek"}]}})", kWib);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->last_page, 2);
  ASSERT_EQ(read->items.size(), 4u);
  EXPECT_EQ(read->items[0].kind, FollowUpKind::kAnswer);
  EXPECT_EQ(read->items[1].kind, FollowUpKind::kCitizen);
  EXPECT_EQ(read->items[2].kind, FollowUpKind::kDisposition);
  EXPECT_EQ(read->items[2].content, "Ke Dishub");
  EXPECT_EQ(read->items[3].kind, FollowUpKind::kAction);
  ASSERT_EQ(read->items[3].attachments.size(), 2u);
  EXPECT_EQ(read->items[3].attachments[0].extension, "jpg");
  EXPECT_EQ(read->items[3].attachments[1].extension, "pdf");
}

TEST(FollowUps, OnlyFetchableAttachmentsAreKept) {
  const auto read = read_follow_ups(R"({"results":{"data":[{"content":"x","attachments":[
    {"path":"//evil/x"},{"path":"javascript:1"},{"path":""},{"path":7},7,null,{"path":"/ok"}]}]}})", kWib);
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->items.at(0).attachments.size(), 1u);
  EXPECT_EQ(read->items[0].attachments[0].path, "/ok");
}

TEST(FollowUps, SurvivesHostileShapes) {
  for (const char* json : {"", "[]x", "{}", R"({"results":{"data":{}}})", R"({"results":7})"}) {
    EXPECT_FALSE(read_follow_ups(json, kWib).ok()) << json;
  }
  const auto read = read_follow_ups(R"({"results":{"data":[7,[],{"id":{},"attachments":{"docs":7,"0":[],"x":{}}}],
    "last_page":-4,"current_page":"zwei"}})", kWib);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->items.size(), 1u);
  EXPECT_EQ(read->page, 1);
  EXPECT_EQ(read->last_page, 1);
}

}  // namespace
}  // namespace titik::lapor
