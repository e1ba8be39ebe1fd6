#include "ui/route.h"

#include <gtest/gtest.h>

namespace titik::ui {
namespace {

const std::string kId = "0192f0c0-0000-7000-8000-000000000000";

std::vector<std::string> routes_of(std::string_view text) {
  std::vector<std::string> routes;
  for (const Entry& entry : read_stack(text)) routes.push_back(write_route(entry));
  return routes;
}

TEST(Route, EveryScreenComesBackAsItWas) {
  for (int i = 0; i <= static_cast<int>(Screen::kReceipt); ++i) {
    Entry entry = {.screen = static_cast<Screen>(i)};
    if (!is_root(entry.screen) && entry.screen != Screen::kStorage) entry.report_id = kId;
    if (entry.screen == Screen::kViewer || entry.screen == Screen::kCover) entry.index = 4;
    const std::optional<Entry> read = read_route(write_route(entry));
    ASSERT_TRUE(read) << write_route(entry);
    EXPECT_TRUE(read->same_place(entry)) << write_route(entry);
  }
}

TEST(Route, WhatIsNotOursIsNone) {
  for (const std::string route : {"", "#", "laporan", "#laporan", "#/nonsense", "#/laporan/", "#/laporan/1", "#/draf/", "#/terkirim"}) {
    EXPECT_FALSE(read_route(route)) << route;
  }
  for (const std::string end : {"/x", "/foto", "/foto/", "/foto/0", "/foto/6", "/foto/10", "/foto/1/2", "/tanda-terima/", "/tanda-terima/1", "/tanda", "/"}) {
    if (end == "/") continue;  // a slash at the end does no harm
    EXPECT_FALSE(read_route("#/laporan/" + kId + end)) << end;
  }
  EXPECT_FALSE(read_route("#/draf/" + kId));
  EXPECT_FALSE(read_route("#/draf/" + kId + "/terkirim"));
  EXPECT_FALSE(read_route("#/draf/../../" + kId + "/foto"));
}

TEST(Route, CameraAndCoverStandOnThePhotoStep) {
  const std::string draft = "#/draf/" + kId;
  EXPECT_EQ(routes_of(draft + "/kamera"), std::vector<std::string>({"#/", draft + "/foto", draft + "/kamera"}));
  EXPECT_EQ(routes_of(draft + "/foto\n" + draft + "/tutupi/2"), std::vector<std::string>({"#/", draft + "/foto", draft + "/tutupi/2"}));
  for (const std::string bad : {"/tutupi", "/tutupi/", "/tutupi/0", "/tutupi/6", "/kamera/1", "/foto/1"}) {
    EXPECT_FALSE(read_route(draft + bad)) << bad;
  }
}

TEST(Route, TheCategoryOfALinkIsAnIdOrNothing) {
  EXPECT_EQ(read_route("#/baru?kategori=jalan")->category_id, "jalan");
  EXPECT_EQ(read_route("#/baru")->category_id, "");
  for (const std::string bad : {"#/baru?kategori=", "#/baru?kategori=<b>", "#/baru?x=1", "#/baru?kategori=a/b"}) {
    ASSERT_TRUE(read_route(bad)) << bad;
    EXPECT_EQ(read_route(bad)->category_id, "") << bad;
  }
}

TEST(Route, AStackAlwaysStandsOnOneRoot) {
  EXPECT_EQ(routes_of(""), std::vector<std::string>({"#/"}));
  EXPECT_EQ(routes_of("#/laporan/" + kId), std::vector<std::string>({"#/", "#/laporan/" + kId}));
  EXPECT_EQ(routes_of("#/laporan\n#/laporan/" + kId + "\n#/sekitar"), std::vector<std::string>({"#/sekitar"}));
}

TEST(Route, OneReportIsEditedAndItsStepsAreWhole) {
  const std::string other = "0192f0c0-0000-7000-8000-000000000001";
  EXPECT_EQ(routes_of("#/\n#/draf/" + other + "/foto\n#/draf/" + kId + "/cerita"),
            std::vector<std::string>({"#/", "#/draf/" + kId + "/foto", "#/draf/" + kId + "/lokasi", "#/draf/" + kId + "/cerita"}));
}

}  // namespace
}  // namespace titik::ui
