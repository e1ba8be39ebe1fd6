#include <gtest/gtest.h>

#include "lapor/lapor.h"

namespace titik::lapor {
namespace {

TEST(Errors, WhatIsWrittenIsReadBack) {
  const ErrorBody read = read_error(write_error({"Belum lengkap.", {{"title", "missing", "Isi judul."}}}));
  EXPECT_EQ(read.message, "Belum lengkap.");
  ASSERT_EQ(read.errors.size(), 1u);
  EXPECT_EQ(read.errors[0].field, "title");
  EXPECT_EQ(read.errors[0].code, "missing");
  EXPECT_EQ(read.errors[0].message, "Isi judul.");
}

TEST(Errors, AnUnreadableBodyGivesAnEmptyMessage) {
  for (const char* body : {"", "<html>502</html>", "[]", "7", R"({"message":{}})", R"({"errors":[7,null]})"}) {
    const ErrorBody read = read_error(body);
    EXPECT_EQ(read.message, "") << body;
    EXPECT_TRUE(read.errors.empty()) << body;
  }
}

TEST(Changes, WhatIsWrittenIsReadBack) {
  const Change change{.report_id = "r", .tracking_id = "7000001",
                      .detail = {.status_code = "proses", .status_name = "Proses", .photos_pending = 2},
                      .follow_ups = {.items = {{.id = "3", .content = "Sudah ditambal"}}, .page = 1, .last_page = 2}};
  const auto read = read_changes(write_changes({.cursor = "12", .more = true, .reports = {change}}, 420), 420);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->cursor, "12");
  EXPECT_TRUE(read->more);
  ASSERT_EQ(read->reports.size(), 1u);
  EXPECT_EQ(read->reports[0].report_id, "r");
  EXPECT_EQ(read->reports[0].tracking_id, "7000001");
  EXPECT_EQ(read->reports[0].detail.status_name, "Proses");
  EXPECT_EQ(read->reports[0].detail.photos_pending, 2);
  EXPECT_EQ(read->reports[0].follow_ups.items.at(0).content, "Sudah ditambal");
  EXPECT_EQ(read->reports[0].follow_ups.last_page, 2);
}

TEST(Changes, WithoutACursorThereIsNoAnswerAndABadReportIsLeftOut) {
  for (const char* body : {"", "{}", R"({"cursor":7,"reports":[]})", R"({"cursor":"-1","reports":[]})", R"({"cursor":"1&x=","reports":[]})",
                           R"({"cursor":"12345678901234567890","reports":[]})", R"({"cursor":"1"})", R"({"cursor":"1","reports":{}})"}) {
    EXPECT_FALSE(read_changes(body, 420).ok()) << body;
  }
  const auto read = read_changes(R"({"cursor":"1","reports":[7,{},{"report_id":"x","detail":{},"follow_ups":{}}]})", 420);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->reports.empty());
  EXPECT_FALSE(read->more);
}

TEST(Device, WhatIsWrittenIsReadBack) {
  const auto read = read_device(write_device({"abc123", "1001"}));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->token, "abc123");
  EXPECT_EQ(read->user_id, "1001");
}

TEST(Device, ATokenThatCouldBreakAHeaderIsRefused) {
  for (const char* json : {"{}", R"({"token":""})", R"({"token":"a\r\nX: y"})", R"({"token":"a b"})", R"({"token":7})"}) {
    EXPECT_FALSE(read_device(json).ok()) << json;
  }
}

TEST(Counts, WhatIsWrittenIsReadBack) {
  const auto read = read_counts(write_counts({9, 3, 2}));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->received, 9);
  EXPECT_EQ(read->in_process, 3);
  EXPECT_EQ(read->done, 2);
  EXPECT_FALSE(read_counts("[1]").ok());
  EXPECT_EQ(read_counts(R"({"received":-1})")->received, 0);
}

TEST(PublicReports, WhatIsWrittenIsReadBack) {
  const auto read = read_public_reports(write_public_reports(
      {{"7000001", "Lubang", "jalan", "proses", report::GeoPoint{-1.61, 103.6}, 1'795'000'000'000},
       {"7000002", "Sampah", "sampah", "terverifikasi", std::nullopt, 5}}));
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].title, "Lubang");
  EXPECT_EQ((*read)[0].point, (report::GeoPoint{-1.61, 103.6}));
  EXPECT_EQ((*read)[0].received_at, 1'795'000'000'000);
  EXPECT_EQ((*read)[1].status_name, "terverifikasi");
  EXPECT_FALSE((*read)[1].point);
}

TEST(PublicReports, SurvivesHostileShapes) {
  EXPECT_FALSE(read_public_reports("{}").ok());
  const auto read = read_public_reports(R"({"reports":[7,null,{"tracking_id":"x"},
    {"tracking_id":"1","latitude":1e9,"longitude":3,"title":[]}]})");
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->size(), 1u);
  EXPECT_FALSE((*read)[0].point);
}

}  // namespace
}  // namespace titik::lapor
