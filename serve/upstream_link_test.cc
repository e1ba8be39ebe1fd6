// The link as a whole: threads of many pages, what always fails, what is erased meanwhile, two processes at one item.
#include "serve/test_upstream.h"

namespace titik::serve {
namespace {

// --- Threads --------------------------------------------------------------------------------------

TEST_F(LinkTest, ALongThreadLosesNoAnswersOldestFirst) {
  const std::int64_t id = sent_report();
  there.thread = answers(1, 6);
  later(config.poll_first);
  round();
  EXPECT_EQ(words(id).size(), 6u);
  there.thread = answers(1, 12);
  later(kHour);
  round();
  EXPECT_EQ(words(id).size(), 12u);
  // Nothing new: the first page and the last.
  there.forget();
  later(2 * kHour);
  round();
  EXPECT_EQ(there.count("GET /complaints/1500001/followups"), 2);
}

TEST_F(LinkTest, ALongThreadLosesNoAnswersNewestFirst) {
  const std::int64_t id = sent_report();
  for (const int count : {6, 12, 13}) {
    there.thread = answers(1, count);
    std::reverse(there.thread.begin(), there.thread.end());
    later(2 * kHour);
    round();
    const std::vector<std::string> here = words(id);
    ASSERT_EQ(here.size(), static_cast<std::size_t>(count));
    EXPECT_EQ(here.back(), "Jawaban ke-" + std::to_string(count));
  }
}

TEST_F(LinkTest, AnAnswerWhosePhotoIsGoneComesWithoutIt) {
  const std::int64_t id = sent_report();
  there.thread = answers(1, 2);
  there.thread[0].files = {"/storage/1"};
  there.trouble = [](const std::string& line) { return line == "GET /storage/1" ? 404 : 0; };
  later(config.poll_first);
  round();
  EXPECT_EQ(words(id), (std::vector<std::string>{"Jawaban ke-1", "Jawaban ke-2"}));
}

// Our own follow-up, of which nothing was heard, stands in the middle of a long thread, with an answer before it.
TEST_F(LinkTest, AFollowUpIsLookedForInAllOfTheThread) {
  const std::int64_t id = sent_report();
  there.thread = answers(1, 8);
  later(config.poll_first);
  round();
  ASSERT_EQ(words(id).size(), 8u);
  there.trouble = [](const std::string& line) { return line.ends_with("/followup/add") ? 500 : 0; };
  ASSERT_TRUE(workflow.write(id, desk(), {.action = Action::kAnswer, .text = "Regu kami datang besok pagi"}, {}, now).ok());
  round();
  ASSERT_EQ(there.count("POST /complaints/followup/add"), 1);
  const std::int64_t item = UpstreamStore(repository->sql()).troubled().value().at(0).id;
  there.thread.insert(there.thread.begin() + 4, {"40090", "Regu kami datang besok pagi " + write_upstream_mark(city.id, {id, item}), {}});
  there.thread.insert(there.thread.begin() + 4, {"40089", "Jawaban di tengah", {}});
  there.trouble = [](const std::string&) { return 0; };
  later(kHour);
  round();
  EXPECT_EQ(there.count("POST /complaints/followup/add"), 1);
  EXPECT_TRUE(UpstreamStore(repository->sql()).troubled().value().empty());
  const std::vector<std::string> here = words(id);
  EXPECT_EQ(std::count(here.begin(), here.end(), "Jawaban di tengah"), 1);
  EXPECT_EQ(here.size(), 10u);
}

// --- What always fails ----------------------------------------------------------------------------

TEST_F(LinkTest, AnAnswerWhosePhotoIsTooLongComesWithoutIt) {
  const std::int64_t id = sent_report();
  there.thread = answers(1, 2);
  there.thread[0].files = {"/storage/long"};
  later(config.poll_first);
  round();
  EXPECT_EQ(words(id), (std::vector<std::string>{"Jawaban ke-1", "Jawaban ke-2"}));
}

TEST_F(LinkTest, AHostThatIsDownKeepsBackWhatItHoldsAlone) {
  config.list_path = "/complaints";
  config.file_hosts = {"http://127.0.0.1:1"};
  there.list = complaints(1, 3);
  there.list[0].files = {"http://127.0.0.1:1/a.jpg"};
  round();
  EXPECT_EQ(reports(), 2);
  for (int i = 0; i < 4; ++i) later(config.poll_first + kHour), round();
  EXPECT_EQ(reports(), 3);
}

TEST_F(LinkTest, AReportThatMayNotBeSeenThereStopsNoOther) {
  for (int i = 0; i < 2; ++i) create_report(phone()), round(), later(kMinute);
  ASSERT_EQ(sent(), 2);
  there.trouble = [](const std::string& line) { return line == "GET /complaints/1500001/complaint" ? 403 : 0; };
  later(config.poll_first);
  for (int i = 0; i < 3; ++i) later(kMinute), round();
  EXPECT_GE(there.count("GET /complaints/1500001/complaint"), 1);
  EXPECT_EQ(there.count("GET /complaints/1500002/complaint"), 1);
}

// --- Erased while a request is under way ----------------------------------------------------------

TEST_F(LinkTest, AReportThatIsErasedWhileItIsSentStaysErased) {
  const std::int64_t id = std::stoll(create_report(phone()));
  there.trouble = [&](const std::string& line) {
    if (line == "POST /complaints/complaint") erase(id);
    return 0;
  };
  round();
  ASSERT_EQ(sent(), 1);
  EXPECT_EQ(UpstreamStore(repository->sql()).report(id).value()->upstream_id, "");
  EXPECT_NE(log.find("there it is 1500001"), log.npos) << log;
  EXPECT_FALSE(UpstreamStore(repository->sql()).set_upstream_id(id, "1500001", now, now).value());
  EXPECT_EQ(to_text(Json(history_of(id))).find("1500001"), std::string::npos);
  later(kDay);
  round();
  EXPECT_EQ(there.count("GET "), 0);
}

TEST_F(LinkTest, NothingIsBroughtIntoAReportThatIsErasedMeanwhile) {
  const std::int64_t id = sent_report();
  there.thread = answers(1, 2);
  there.trouble = [&](const std::string& line) {
    if (line.find("/followups") != line.npos && there.count(line) == 1) erase(id);
    return 0;
  };
  later(config.poll_first);
  round();
  EXPECT_EQ(words(id), std::vector<std::string>());
  EXPECT_EQ(to_text(Json(history_of(id))).find("Jawaban"), std::string::npos);
  later(kDay);
  there.forget();
  round();
  EXPECT_EQ(there.count("GET "), 0);
}

// --- One that cannot be worked on -----------------------------------------------------------------

TEST_F(LinkTest, OneThatCannotBeReadStopsNoOther) {
  const std::string bad = create_report(phone());
  execute("UPDATE report SET request = 'rusak' WHERE tracking_id = " + bad);
  create_report(phone());
  EXPECT_TRUE(link->round().ok());
  EXPECT_EQ(sent(), 1);
  EXPECT_NE(log.find("could not be worked on"), log.npos) << log;
  there.forget();
  rounds(2, kSecond);
  EXPECT_EQ(sent(), 0);
  execute("UPDATE report SET request = '" + std::string(R"({"title":"Lubang","content":"Ada lubang","classification_id":1,"category_id":"11"})") + "' WHERE tracking_id = " + bad);
  rounds(1, kHour);
  EXPECT_EQ(sent(), 1);
}

// --- The log --------------------------------------------------------------------------------------

TEST_F(LinkTest, WhatTheyWriteIsNotInOurLog) {
  config.list_path = "/complaints";
  there.message = "Pelapor Siti Aminah 081234567890 tidak berhak";
  const std::int64_t id = sent_report();
  int status = 403;
  there.trouble = [&](const std::string&) { return status; };
  ASSERT_TRUE(workflow.write(id, desk(), {.action = Action::kAnswer, .text = "Regu kami datang besok pagi"}, {}, now).ok());
  rounds(3, kHour);
  status = 422;
  ASSERT_TRUE(link->hurry().ok());
  rounds(3, kHour);
  EXPECT_NE(log.find("HTTP 403"), log.npos) << log;
  EXPECT_NE(log.find("HTTP 422"), log.npos) << log;
  EXPECT_EQ(log.find("Siti"), log.npos) << log;
  EXPECT_NE(store.troubled().value().at(0).last_error.find("Siti"), std::string::npos);  // for the officer
}

// --- Two processes --------------------------------------------------------------------------------

// The photos of one item outlast the lease; another process takes it meanwhile.
TEST_F(LinkTest, WhoLostTheLeaseSendsNothingMore) {
  other = another();
  report_with_photos(3);
  bool was_taken = false;
  there.trouble = [&](const std::string& line) {
    if (!line.ends_with("/complaint/file") || was_taken) return 0;
    was_taken = true;
    later(6 * kMinute);
    EXPECT_TRUE(other->round().value());
    EXPECT_EQ(there.count("POST /complaints/complaint"), 5);  // three files and the report, after our first file
    return 0;
  };
  (void)link->round().value();
  for (int i = 0; i < 3; ++i) later(kHour), (void)other->round().value();
  EXPECT_EQ(std::count(there.requests.begin(), there.requests.end(), "POST /complaints/complaint"), 1);
}

// The same, and the first one's upload fails when the other has done everything: what is done stays done.
TEST_F(LinkTest, AFailureOfWhoLostTheLeaseUndoesNothing) {
  other = another();
  report_with_photos(1);
  bool was_taken = false;
  there.trouble = [&](const std::string& line) {
    if (!line.ends_with("/complaint/file") || was_taken) return 0;
    was_taken = true;
    later(6 * kMinute);
    EXPECT_TRUE(other->round().value());
    return 503;
  };
  (void)link->round().value();
  for (int i = 0; i < 3; ++i) later(kHour), (void)other->round().value();
  EXPECT_EQ(std::count(there.requests.begin(), there.requests.end(), "POST /complaints/complaint"), 1);
}

TEST_F(LinkTest, WhoIsAtWorkKeepsTheLease) {
  other = another();
  report_with_photos(5);
  int refused = 0;
  bool is_tried = false;
  there.trouble = [&](const std::string& line) {
    if (!line.ends_with("/complaint/file") || is_tried) return 0;
    later(2 * kMinute);
    is_tried = true;
    refused += other->round().value() ? 0 : 1;
    is_tried = false;
    return 0;
  };
  round();
  EXPECT_EQ(refused, 5);
  EXPECT_EQ(std::count(there.requests.begin(), there.requests.end(), "POST /complaints/complaint"), 1);
}

}  // namespace
}  // namespace titik::serve
