#include <gtest/gtest.h>

#include "lapor/lapor.h"

namespace titik::lapor {
namespace {

constexpr ZoneOffset kWib = 420;
constexpr UnixMillis kNoon = 1'795'000'000'000;  // whole seconds: what the interface can say

TEST(Detail, WhatIsWrittenIsReadBack) {
  const Detail detail{.status_code = "proses",
                      .status_name = "Proses",
                      .disposition_name = "Dinas PUPR",
                      .log = {{"Laporan diterima", kNoon, "Belum Terverifikasi", ""},
                              {"Diteruskan ke Dinas PUPR", kNoon, "", ""},
                              {"Laporan diproses", kNoon + kHour, "Proses", "Dinas PUPR"}},
                      .received_at = kNoon + 7,
                      .follow_up_due_at = kNoon + kDay,
                      .follow_up_stopped_at = kNoon + 9};
  const auto read = read_detail(write_detail(detail, kWib), kWib);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->status_code, "proses");
  EXPECT_EQ(read->status_name, "Proses");
  EXPECT_EQ(read->disposition_name, "Dinas PUPR");
  EXPECT_EQ(read->received_at, detail.received_at);
  EXPECT_EQ(read->follow_up_due_at, detail.follow_up_due_at);
  EXPECT_EQ(read->follow_up_stopped_at, detail.follow_up_stopped_at);
  ASSERT_EQ(read->log.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(read->log[i].text, detail.log[i].text);
    EXPECT_EQ(read->log[i].at, detail.log[i].at);
    EXPECT_EQ(read->log[i].status_new, detail.log[i].status_new);
    EXPECT_EQ(read->log[i].institution, detail.log[i].institution);
  }
}

TEST(Detail, FillsInTheTemplatesOfARecordedAnswer) {
  const auto read = read_detail(R"({"results":{"data":{"status_code":3,"status_name":"Proses"},"data_logs":[
    {"content":"{{institution_from_link}} meneruskan ke {{ institution_to }}","institution_from_name":"Admin",
     "institution_to":{"name":"Dinas PUPR"},"created_at":"2026-11-21 10:00:00"},
    {"content":"{{ status_old }} menjadi {{status_new}}{{unknown}} {{open","status_old":{"name":"Terverifikasi"},
     "status_new":{"name":"Proses","color":"#fff"},"date":"21-11-2026 09:00:00"},
    {"content":"Oleh {{institution_link}}","institution_to_name":"Dishub","date":"20-11-2026 08:00:00"}]}})", kWib);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->status_code, "3");
  ASSERT_EQ(read->log.size(), 3u);
  EXPECT_EQ(read->log[0].text, "Oleh Dishub");
  EXPECT_EQ(read->log[1].text, "Terverifikasi menjadi Proses {{open");
  EXPECT_EQ(read->log[1].status_new, "Proses");
  EXPECT_EQ(read->log[2].text, "Admin meneruskan ke Dinas PUPR");
  EXPECT_EQ(read->log[2].at, from_civil({2026, 11, 21, 10, 0, 0}, kWib));
  EXPECT_EQ(read->log[2].institution, "Admin");
}

TEST(Detail, FallsBackToTheStatusLog) {
  const auto read = read_detail(R"({"results":{"data":[{"status":{"name":"Terverifikasi"},"status_logs":[
    {"note":"Terverifikasi","timestamp":"21-11-2026 10:00:00"},{"note":"Masuk","timestamp":1795000000}]}]}})", kWib);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->status_name, "Terverifikasi");
  ASSERT_EQ(read->log.size(), 2u);
  EXPECT_EQ(read->log[0].text, "Masuk");
  EXPECT_EQ(read->log[0].at, kNoon);
}

TEST(Detail, SurvivesHostileShapes) {
  for (const char* json : {"", "{}", "[]", "null", R"({"results":7})", R"({"results":{"data":[]}})",
                           R"({"results":{"data":{"status_logs":{"a":1}},"data_logs":[7,null,[],{"content":{}}]}})"}) {
    EXPECT_FALSE(read_detail(json, kWib).ok()) << json;
  }
  const auto read = read_detail(R"({"results":{"data":{"status_name":"X","status_logs":[7,null,{"note":[]}]},
    "data_logs":[{"content":"a","date":"99-99-9999 10:00:00","titik":3}]},"titik":{"received_at":"x"}})", kWib);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->log.at(0).at, 0);
  EXPECT_EQ(read->received_at, 0);
}

}  // namespace
}  // namespace titik::lapor
