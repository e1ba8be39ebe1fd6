// The link with SP4N-LAPOR! where the order of things matters: walks that are cut off, threads of many pages, two
// processes at one item. Over real HTTP, with a clock of the test's own; tests/upstream has the long stories.
#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include "serve/upstream_link.h"

#include <httplib.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "serve/erasure.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

// What is written there, in pages. One thread at a time may change it: the test's, or the one that answers.
struct Elsewhere {
  struct Complaint {
    std::string id;
    std::string disposition = "101";
    std::string content = "Ada lubang di sana";
    std::vector<std::string> files;   // their paths
  };
  struct FollowUp {
    std::string id, content;
    std::vector<std::string> files;
  };
  std::vector<Complaint> list;        // newest first
  std::vector<FollowUp> thread;       // of every report, in the order in which its pages show it
  std::size_t per_page = 2;
  std::vector<std::string> requests;  // "GET /complaints?page=1"
  // Looked at first; a status ends the request.
  std::function<int(const std::string& line)> trouble = [](const std::string&) { return 0; };

  [[nodiscard]] long count(const std::string& begin) const {
    return std::count_if(requests.begin(), requests.end(), [&](const std::string& one) { return one.starts_with(begin); });
  }
};

std::string attachments_of(const std::vector<std::string>& files) {
  std::string out;
  for (const std::string& file : files) {
    out += (out.empty() ? "\"" : ",\"") + std::to_string(&file - files.data()) + R"(":{"path":")" + file + R"(","file_name":"a.jpg","extension":"jpg"})";
  }
  return "{" + out + "}";
}

template <typename Item>
std::string page_of(const std::vector<Item>& items, std::size_t per_page, std::size_t page, const std::function<std::string(const Item&)>& write) {
  const std::size_t last = std::max<std::size_t>(1, (items.size() + per_page - 1) / per_page);
  std::string data;
  for (std::size_t i = (page - 1) * per_page; i < std::min(items.size(), page * per_page); ++i) data += (data.empty() ? "" : ",") + write(items[i]);
  return R"({"results":{"current_page":)" + std::to_string(page) + R"(,"last_page":)" + std::to_string(last) + R"(,"next_page_url":)" +
         (page < last ? R"("http://x/?page=)" + std::to_string(page + 1) + "\"" : "null") + R"(,"data":[)" + data + "]}}";
}

struct LinkTest : World {
  LinkTest() {
    const auto answer = [this](const httplib::Request& request, httplib::Response& response) { reply(request, response); };
    server.Get(".*", answer);
    server.Post(".*", answer);
    const int port = server.bind_to_any_port("127.0.0.1");
    thread = std::thread([this] { server.listen_after_bind(); });
    while (!server.is_running()) std::this_thread::yield();
    config.base = {"http://127.0.0.1:" + std::to_string(port), ""};
    config.bearer = "b";
    config.token = "t";
    config.user_id = "77";
    config.institution_id = "100";
    config.default_category = "jalan";
    link = another();
  }
  ~LinkTest() override {
    server.stop();
    thread.join();
  }

  // As a process of its own would be.
  std::unique_ptr<UpstreamLink> another() {
    auto made = std::make_unique<UpstreamLink>(*repository, workflow, files, city, config, [this] { return now.load(); },
                                               [this](const std::string& line) { const std::lock_guard lock(log_mutex); log += line + "\n"; });
    EXPECT_TRUE(made->start().ok());
    return made;
  }

  void reply(const httplib::Request& request, httplib::Response& response) {
    const std::string line = request.method + " " + request.target;
    there.requests.push_back(line);
    const int status = there.trouble(line);
    if (status != 0) {
      response.status = status;
      response.set_content(R"({"message":"Tidak bisa"})", "application/json");
      return;
    }
    const auto page = static_cast<std::size_t>(std::stoi("0" + request.get_param_value("page")));
    std::string body = R"({"message":"Berhasil"})";
    if (line.starts_with("GET /complaints?")) {
      body = page_of<Elsewhere::Complaint>(there.list, there.per_page, page, [](const auto& one) {
        return R"({"id":)" + one.id + R"(,"title":"Dari sana )" + one.id + R"(","content":")" + one.content + R"(","disposition_id":)" +
               one.disposition + R"(,"attachments":)" + attachments_of(one.files) + "}";
      });
    } else if (line.find("/followups") != line.npos) {
      body = page_of<Elsewhere::FollowUp>(there.thread, there.per_page, page, [](const auto& one) {
        const std::string second = one.id.substr(one.id.size() - 2);
        return R"({"id":)" + one.id + R"(,"institution_from_name":"Dinas PUPR","created_at":"18-11-2026 10:00:)" + second + R"(","content":")" +
               one.content + R"(","attachments":)" + attachments_of(one.files) + "}";
      });
    } else if (line.starts_with("GET /complaints/")) {
      body = R"({"results":{"data":{"status_name":"Proses","disposition_id":101}}})";
    } else if (line.starts_with("GET /storage/")) {
      body = line == "GET /storage/long" ? std::string(report::kMaxFileBytes + 1, 'x') : kJpeg;
    } else if (line.ends_with("/complaint/file")) {
      body = R"({"results":{"images":[{"id":)" + std::to_string(900 + there.requests.size()) + R"(}],"docs":[]}})";
    } else if (line == "POST /complaints/complaint") {
      const std::string mark = request.body.substr(request.body.find("[Titik Lapor"));
      there.list.insert(there.list.begin(), {std::to_string(1'500'000 + there.count(line)), "101", mark.substr(0, mark.find(']') + 1), {}});
      body = R"({"complaint_id":)" + there.list.front().id + "}";
    }
    response.set_content(body, "application/json");
  }

  void round() { EXPECT_TRUE(link->round().value()); }
  void later(UnixMillis time) { now += time; }
  std::int64_t reports() {
    std::int64_t sum = 0;
    const std::vector<StatusCount> counts = repository->count_by_status().value();
    for (const auto& [status, count] : counts) sum += count;
    return sum;
  }
  // What stands in the report's thread here.
  std::vector<std::string> words(std::int64_t tracking_id) {
    std::vector<std::string> all;
    const lapor::FollowUpPage page = repository->follow_ups(tracking_id, 1, 1000).value();
    for (const lapor::FollowUp& one : page.items) all.push_back(one.content);
    return all;
  }
  std::vector<std::string> history_of(std::int64_t tracking_id) {
    std::vector<std::string> all;
    const std::vector<lapor::LogEntry> lines = repository->history(tracking_id).value();
    for (const lapor::LogEntry& one : lines) all.push_back(one.text);
    return all;
  }
  void erase(std::int64_t tracking_id) { EXPECT_TRUE(Erasure(*repository, files, *partial_files, workflow).report(tracking_id, desk(), now).ok()); }
  long sent() { return std::count(there.requests.begin(), there.requests.end(), "POST /complaints/complaint"); }
  static std::vector<Elsewhere::FollowUp> answers(int from, int to) {
    std::vector<Elsewhere::FollowUp> all;
    for (int i = from; i <= to; ++i) all.push_back({std::to_string(40'000 + i), "Jawaban ke-" + std::to_string(i), {}});
    return all;
  }
  static std::vector<Elsewhere::Complaint> complaints(int from, int to) {  // newest first
    std::vector<Elsewhere::Complaint> all;
    for (int i = to; i >= from; --i) all.push_back({.id = std::to_string(1'400'000 + i)});
    return all;
  }
  // A report of ours that has arrived there.
  std::int64_t sent_report() {
    const std::int64_t id = std::stoll(create_report(phone()));
    round();
    EXPECT_EQ(there.count("POST /complaints/complaint"), 1);
    return id;
  }
  std::int64_t report_with_photos(int count) {
    const Headers who = phone();
    std::string ids;
    for (int i = 0; i < count; ++i) ids += (i > 0 ? "," : "") + upload(who, kJpeg + std::to_string(i));
    return std::stoll(lapor::read_created(create(who, report_json("Lubang", "[" + ids + "]")).text()).value().tracking_id);
  }

  Elsewhere there;
  UpstreamConfig config;
  httplib::Server server;
  std::thread thread;
  std::unique_ptr<UpstreamLink> link;
  std::unique_ptr<UpstreamLink> other;
};

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
  for (int i = 0; i < 4; ++i) later(config.poll_first), round();
  EXPECT_EQ(reports(), 50);
  // And then one page is enough, until there is news.
  there.requests.clear();
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
  there.requests.clear();
  for (int i = 0; i < 2; ++i) later(config.poll_first), round();
  EXPECT_LE(there.count("GET /complaints?"), 4 + 1);
}

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
  there.requests.clear();
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

TEST_F(LinkTest, APhotoThatIsNeverTakenThereKeepsTheWordsBackForSomeTime) {
  report_with_photos(1);
  there.trouble = [](const std::string& line) { return line.ends_with("/complaint/file") ? 500 : 0; };
  for (int i = 0; i < 4; ++i) round(), later(kHour);
  EXPECT_EQ(sent(), 0);
  for (int i = 0; i < 3; ++i) round(), later(kHour);
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(there.count("POST /complaints/complaint/file"), 5);
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

// --- In doubt, where nothing can be looked for ----------------------------------------------------

TEST_F(LinkTest, AReportThatTheListCannotHoldIsAskedAbout) {
  config.list_path = "/complaints";
  city.agencies[0].vertical = true;  // not the city's: what is disposed to it stands in no list of the city
  there.trouble = [](const std::string& line) { return line == "POST /complaints/complaint" ? 502 : 0; };
  create_report(phone());
  for (int i = 0; i < 4; ++i) round(), later(3 * kMinute);
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(UpstreamStore(repository->sql()).troubled().value().at(0).state, "asks");
}

TEST_F(LinkTest, AReportThatTheListIsTooLongForIsAskedAbout) {
  config.list_path = "/complaints";
  there.list = complaints(1, 50);
  there.trouble = [](const std::string& line) { return line == "POST /complaints/complaint" ? 502 : 0; };
  create_report(phone());
  for (int i = 0; i < 4; ++i) round(), later(3 * kMinute);
  EXPECT_EQ(sent(), 1);
  // In a list that is read to its end it would stand.
  there.list = complaints(1, 2);
  create_report(phone());
  for (int i = 0; i < 3; ++i) round(), later(3 * kMinute);
  EXPECT_GE(sent(), 1 + 2);
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
  there.requests.clear();
  round();
  EXPECT_EQ(there.count("GET "), 0);
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
