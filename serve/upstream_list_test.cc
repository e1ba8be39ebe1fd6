// The list there: walks that are cut off, lists that move, and whose a complaint is.
#include "serve/test_upstream.h"

namespace titik::serve {
namespace {

// --- The list -------------------------------------------------------------------------------------

TEST_F(LinkTest, AWalkThroughTheListThatWasCutOffIsFinished) {
  config.list_path = "/complaints";
  there.list = complaints(1, 6);
  there.trouble = [this](const std::string& line) { return line == "GET /complaints?page=2" && there.count(line) == 1 ? 500 : 0; };
  round();
  EXPECT_EQ(reports(), 2);
  for (int i = 0; i < 3; ++i) later(config.poll_first), round();
  EXPECT_EQ(reports(), 6);
}

TEST_F(LinkTest, AListOfManyPagesIsReadToItsEnd) {
  config.list_path = "/complaints";
  there.list = complaints(1, 50);
  // Each page is read once more after what it had was brought: ten requests are five pages.
  rounds(6, config.poll_first);
  EXPECT_EQ(reports(), 50);
  // And then one page is enough, until there is news.
  there.forget();
  later(config.poll_first);
  round();
  EXPECT_EQ(there.count("GET /complaints?"), 1);
  const std::vector<Elsewhere::Complaint> news = complaints(51, 55);
  there.list.insert(there.list.begin(), news.begin(), news.end());
  later(config.poll_first);
  round();
  EXPECT_EQ(reports(), 55);
}

TEST_F(LinkTest, NewComplaintsOfOthersHideNoneOfOurs) {
  config.list_path = "/complaints";
  there.list = complaints(1, 4);
  round();
  EXPECT_EQ(reports(), 4);
  std::vector<Elsewhere::Complaint> news = complaints(5, 8);
  news[0].disposition = news[1].disposition = "900";
  there.list.insert(there.list.begin(), news.begin(), news.end());
  later(config.poll_first);
  round();
  EXPECT_EQ(reports(), 6);
}

TEST_F(LinkTest, APhotoThatIsGoneThereStopsNoReport) {
  config.list_path = "/complaints";
  there.list = complaints(1, 2);
  there.list[1].files = {"/storage/1", "/storage/2"};
  there.trouble = [](const std::string& line) { return line == "GET /storage/1" ? 404 : 0; };
  round();
  EXPECT_EQ(reports(), 2);
  ASSERT_EQ(there.count("GET /storage/"), 2);
  EXPECT_EQ(repository->files_of_report(UpstreamStore(repository->sql()).report_there("1400001").value()->tracking_id).value().size(), 1u);
}

// A file that always fails keeps its report back for some time, nothing else, and that not for ever.
TEST_F(LinkTest, APhotoThatAlwaysFailsStopsNothingElse) {
  config.list_path = "/complaints";
  there.list = complaints(1, 6);
  there.list[3].files = {"/storage/1"};
  there.trouble = [](const std::string& line) { return line == "GET /storage/1" ? 500 : 0; };
  round();
  EXPECT_EQ(reports(), 5);
  there.list.insert(there.list.begin(), complaints(7, 7)[0]);
  later(config.poll_first);
  round();
  EXPECT_EQ(reports(), 6);
  link = another();  // whoever goes on knows how often it was tried
  for (int i = 0; i < 3; ++i) later(config.poll_first + kHour), round();
  EXPECT_EQ(reports(), 7);
  // And the walk is whole again.
  there.forget();
  for (int i = 0; i < 2; ++i) later(config.poll_first), round();
  EXPECT_LE(there.count("GET /complaints?"), 4 + 1);
}

// --- The list moves while it is read --------------------------------------------------------------

TEST_F(LinkTest, WhatIsTakenOffAListThatWasCutOffHidesNothing) {
  config.list_path = "/complaints";
  there.list = complaints(1, 12);
  there.trouble = [this](const std::string& line) { return line == "GET /complaints?page=4" && there.count(line) == 1 ? 500 : 0; };
  round();
  EXPECT_EQ(reports(), 6);
  for (const char* id : {"1400012", "1400010", "1400008"}) there.take_away(id);
  rounds(2, config.poll_first);
  EXPECT_EQ(reports(), 12);
}

TEST_F(LinkTest, AListThatIsShorterThanWhereItWasCutOffIsNotWhole) {
  config.list_path = "/complaints";
  there.list = complaints(1, 12);
  there.trouble = [this](const std::string& line) { return line == "GET /complaints?page=5" && there.count(line) == 1 ? 500 : 0; };
  round();
  EXPECT_EQ(reports(), 8);
  there.list.erase(there.list.begin(), there.list.begin() + 6);  // three pages are left
  link = another();
  rounds(2, config.poll_first);
  EXPECT_EQ(reports(), 12);
}

TEST_F(LinkTest, APageBehindTheLastMayBeRefused) {
  config.list_path = "/complaints";
  there.list = complaints(1, 12);
  there.trouble = [this](const std::string& line) { return line == "GET /complaints?page=5" && there.count(line) == 1 ? 500 : 0; };
  round();
  there.list.erase(there.list.begin(), there.list.begin() + 6);
  there.trouble = [](const std::string& line) { return line == "GET /complaints?page=4" || line == "GET /complaints?page=5" ? 404 : 0; };
  rounds(2, config.poll_first);
  EXPECT_EQ(reports(), 12);
}

TEST_F(LinkTest, WhatIsTakenOffWhileAPhotoIsFetchedHidesNothing) {
  config.list_path = "/complaints";
  there.list = complaints(1, 6);
  there.list[1].files = {"/storage/1"};
  there.trouble = [this](const std::string& line) {
    if (line == "GET /storage/1") there.take_away("1400006");
    return 0;
  };
  round();
  EXPECT_EQ(reports(), 6);
}

// The last page is read, and before the one behind it is asked for three have gone.
TEST_F(LinkTest, APageThatEmptiedMeanwhileIsNotTheEnd) {
  config.list_path = "/complaints";
  there.list = complaints(1, 8);
  there.trouble = [this](const std::string& line) { return line == "GET /complaints?page=2" && there.count(line) == 1 ? 500 : 0; };
  round();
  there.trouble = [this](const std::string& line) {
    if (line == "GET /complaints?page=4") {
      for (const char* id : {"1400008", "1400007", "1400006"}) there.take_away(id);
    }
    return 0;
  };
  rounds(2, config.poll_first);
  EXPECT_EQ(reports(), 8);
}

TEST_F(LinkTest, NewsThatWasCutOffIsFinishedToo) {
  config.list_path = "/complaints";
  there.list = complaints(1, 4);
  rounds(2, config.poll_first);
  EXPECT_EQ(reports(), 4);
  there.list = complaints(1, 10);
  there.trouble = [this](const std::string& line) { return line == "GET /complaints?page=2" && there.count(line) == 3 ? 500 : 0; };
  rounds(1, config.poll_first);
  EXPECT_LT(reports(), 10);
  link = another();
  rounds(1, config.poll_first);
  EXPECT_EQ(reports(), 10);
}

// Of an earlier version only the page is known, not what was looked at.
TEST_F(LinkTest, AnOldPlaceInTheListIsWalkedFromTheBeginning) {
  config.list_path = "/complaints";
  there.list = complaints(1, 12);
  there.trouble = [this](const std::string& line) { return line == "GET /complaints?page=4" && there.count(line) == 1 ? 500 : 0; };
  round();
  ASSERT_EQ(reports(), 6);
  ASSERT_TRUE(store.set_setting("upstream_list_from", "4").ok());
  for (const char* id : {"1400012", "1400010", "1400008"}) there.take_away(id);
  rounds(2, config.poll_first);
  EXPECT_EQ(reports(), 12);
}

TEST_F(LinkTest, AFileThatAlwaysFailsKeepsNoPageBusy) {
  config.list_path = "/complaints";
  there.list = complaints(1, 60);  // thirty pages
  there.list[5].files = {"/storage/1"};
  there.trouble = [](const std::string& line) { return line == "GET /storage/1" ? 429 : 0; };
  for (int i = 0; i < 12; ++i) {
    there.forget();
    later(config.poll_first);
    round();
    EXPECT_LE(there.count("GET /complaints?") + there.count("GET /storage/"), 11);
  }
  EXPECT_EQ(reports(), 59);
  // When all else is here, it is that one that is asked for, and not again and again.
  there.forget();
  later(config.poll_first);
  for (int i = 0; i < 10; ++i) round(), later(2 * kSecond);
  EXPECT_EQ(there.count("GET /storage/1"), 1);
  EXPECT_LE(there.count("GET /complaints?"), 6);
  there.trouble = [](const std::string&) { return 0; };
  rounds(1, config.poll_first);
  EXPECT_EQ(reports(), 60);
  there.forget();
  rounds(1, config.poll_first);
  EXPECT_EQ(there.count("GET /complaints?"), 1);
}

TEST_F(LinkTest, FilesThatAllFailStopNoneWithoutFiles) {
  config.list_path = "/complaints";
  there.list = complaints(1, 40);
  for (std::size_t i = 0; i < 40; i += 2) there.list[i].files = {"/storage/1"};
  there.trouble = [](const std::string& line) { return line == "GET /storage/1" ? 429 : 0; };
  rounds(8, config.poll_first);
  EXPECT_EQ(reports(), 20);
  there.trouble = [](const std::string&) { return 0; };
  rounds(8, config.poll_first);
  EXPECT_EQ(reports(), 40);
}

// --- Whose it is ----------------------------------------------------------------------------------

TEST_F(LinkTest, AGuessedKeyGivesNobodyAComplaint) {
  config.list_path = "/complaints";
  const Response strangers = create(phone(), report_json("Lain", "[]"), uuid_of("complaint/1400001"));
  ASSERT_EQ(strangers.status, 201) << strangers.text();
  there.list = complaints(1, 1);
  round();
  EXPECT_EQ(reports(), 2);
  const auto brought = UpstreamStore(repository->sql()).report_there("1400001").value();
  ASSERT_TRUE(brought.has_value());
  EXPECT_NE(std::to_string(brought->tracking_id), lapor::read_created(strangers.text()).value().tracking_id);
}

TEST_F(LinkTest, WhatAnEarlierVersionBroughtIsKnown) {
  config.list_path = "/complaints";
  ASSERT_EQ(create(phone(), report_json("Lain", "[]"), uuid_of("complaint/1400001")).status, 201);
  {
    const SqlLock lock(repository->sql().mutex());
    ASSERT_TRUE(repository->sql().execute("UPDATE report SET caller_id = (SELECT id FROM caller WHERE name = 'SP4N-LAPOR!')").ok());
  }
  there.list = complaints(1, 1);
  round();
  EXPECT_EQ(reports(), 1);
  EXPECT_TRUE(UpstreamStore(repository->sql()).report_there("1400001").value().has_value());
}

TEST_F(LinkTest, ACopiedMarkHidesNoComplaint) {
  config.list_path = "/complaints";
  const std::int64_t id = sent_report();
  std::vector<Elsewhere::Complaint> news = complaints(1, 3);
  news[0].content = "Seperti di atas " + write_upstream_mark(city.id, {id});
  news[1].content = "Palsu " + write_upstream_mark(city.id, {7'999'999});
  news[2].content = "Palsu " + write_upstream_mark(city.id, {id, 1});
  there.list.insert(there.list.begin(), news.begin(), news.end());
  for (int i = 0; i < 2; ++i) later(config.poll_first), round();
  EXPECT_EQ(reports(), 1 + 3);
  // What its citizen had erased does not come back.
  erase(id);
  there.list.insert(there.list.begin(), {.id = "1600001", .content = "Dihapus " + write_upstream_mark(city.id, {id})});
  for (int i = 0; i < 2; ++i) later(config.poll_first), round();
  EXPECT_GE(there.count("GET /complaints?page=1"), 3);
  EXPECT_EQ(reports(), 1 + 3);
}

}  // namespace
}  // namespace titik::serve
