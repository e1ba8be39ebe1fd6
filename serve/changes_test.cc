// What changed of a phone's reports: in one answer, nothing twice, nothing missed.
#include "serve/test_world.h"

namespace titik::serve {
namespace {

class ChangesTest : public World {
 protected:
  lapor::Changes changes(const Headers& who, const std::string& since = "0") {
    const Response response = call("GET", lapor::changes_path(since), who);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.header("ETag"), "\"" + lapor::read_changes(response.text(), 420)->cursor + "\"");
    return lapor::read_changes(response.text(), 420).value();
  }
  std::vector<std::string> changed(const Headers& who, const std::string& since) {
    std::vector<std::string> ids;
    for (const lapor::Change& change : changes(who, since).reports) ids.push_back(change.tracking_id);
    return ids;
  }
  std::int64_t number(const std::string& id) { return std::stoll(id); }
};

TEST_F(ChangesTest, EachKindOfNewsIsToldOnceAndOnlyToThePhoneItConcerns) {
  const Headers owner = phone(), other = phone(), office = agency();
  const std::string first = create_report(owner), second = create_report(owner);
  (void)create_report(other);
  lapor::Changes all = changes(owner);
  ASSERT_EQ(all.reports.size(), 2u);
  EXPECT_EQ(all.reports[0].tracking_id, first);
  EXPECT_EQ(all.reports[0].detail.status_name, "Belum Terverifikasi");
  EXPECT_FALSE(all.more);
  std::string since = all.cursor;
  EXPECT_TRUE(changed(owner, since).empty());
  const auto told = [&](const std::string& id) {
    const std::vector<std::string> ids = changed(owner, since);
    since = changes(owner, since).cursor;
    return ids == std::vector<std::string>{id} && changed(owner, since).empty();
  };
  ASSERT_TRUE(workflow.take(number(first), desk(), {.action = Action::kVerify}, now).ok());
  EXPECT_TRUE(told(first));
  ASSERT_EQ(follow_up(office, second, "Petugas berangkat").status, 201);
  EXPECT_TRUE(told(second));
  ASSERT_TRUE(workflow.take(number(first), desk(), {.action = Action::kHandOn, .text = "bukan wewenang", .agency_id = "dishub"}, now).ok());
  EXPECT_TRUE(told(first));
  ASSERT_EQ(follow_up(owner, first, "Masih rusak").status, 201);
  EXPECT_TRUE(told(first));
}

TEST_F(ChangesTest, NothingNewIsAnswered304WithoutABody) {
  Headers owner = phone();
  const std::string id = create_report(owner);
  const std::string since = changes(owner).cursor;
  owner["If-None-Match"] = "\"" + since + "\"";
  const Response nothing = call("GET", lapor::changes_path(since), owner);
  EXPECT_EQ(nothing.status, 304);
  EXPECT_TRUE(nothing.text().empty());
  ASSERT_TRUE(workflow.take(number(id), desk(), {.action = Action::kVerify}, now).ok());
  EXPECT_EQ(call("GET", lapor::changes_path(since), owner).status, 200);
}

TEST_F(ChangesTest, ManyComeInSeveralAnswersEachOnce) {
  const Headers owner = phone();
  std::set<std::string> made, told;
  for (int i = 0; i < 45; ++i) made.insert(create_report(owner));
  std::string since = "0";
  int answers = 0;
  for (bool more = true; more; ++answers) {
    const lapor::Changes part = changes(owner, since);
    for (const lapor::Change& change : part.reports) EXPECT_TRUE(told.insert(change.tracking_id).second);
    since = part.cursor;
    more = part.more;
  }
  EXPECT_EQ(answers, 3);
  EXPECT_EQ(told, made);
}

TEST_F(ChangesTest, AThreadOfManyPagesComesWholeAndLongOnesShareNoAnswer) {
  const Headers owner = phone(), office = agency();
  const std::string first = create_report(owner), second = create_report(owner);
  const std::string words(5000, 'x');
  for (const std::string& id : {first, second}) {
    for (int i = 0; i < 110; ++i) ASSERT_EQ(follow_up(office, id, words).status, 201);
  }
  const lapor::Changes one = changes(owner);
  ASSERT_EQ(one.reports.size(), 1u);
  EXPECT_TRUE(one.more);
  EXPECT_EQ(one.reports[0].follow_ups.items.size(), 110u);
  EXPECT_EQ(one.reports[0].follow_ups.last_page, 1);
  const lapor::Changes other = changes(owner, one.cursor);
  ASSERT_EQ(other.reports.size(), 1u);
  EXPECT_EQ(other.reports[0].tracking_id, second);
  EXPECT_FALSE(other.more);
  // Too long for any answer: by pages, as the phone asks anyone else.
  for (int i = 0; i < 110; ++i) ASSERT_EQ(follow_up(office, first, words).status, 201);
  const lapor::Changes paged = changes(owner, other.cursor);
  ASSERT_EQ(paged.reports.size(), 1u);
  EXPECT_EQ(paged.reports[0].follow_ups.items.size(), 20u);
  EXPECT_EQ(paged.reports[0].follow_ups.last_page, 11);
}

TEST_F(ChangesTest, AReportThatAnotherPhoneSentTooIsItsNewsAsWell) {
  const Headers first = phone(), second = phone();
  const std::string key = "0192f0c1-0000-7000-8000-000000000001";
  ASSERT_EQ(create(first, report_json(), key).status, 201);
  const std::string since = changes(second).cursor;
  ASSERT_EQ(create(second, report_json(), key).status, 200);
  ASSERT_EQ(changes(second, since).reports.size(), 1u);
  EXPECT_EQ(changes(second, since).reports[0].report_id, key);
}

TEST_F(ChangesTest, ANumberThatThisDatabaseNeverGaveBringsEverything) {
  const Headers owner = phone();
  const std::string id = create_report(owner);
  EXPECT_EQ(changed(owner, "999999"), std::vector<std::string>{id});  // restored from a copy of last night
  for (const char* bad : {"-1", "x", "1x", "99999999999999999999"}) {
    EXPECT_EQ(call("GET", lapor::changes_path(bad), owner).status, 400) << bad;
  }
  EXPECT_EQ(call("GET", "/titik/1/reports/changes", owner).status, 200);
}

}  // namespace
}  // namespace titik::serve
