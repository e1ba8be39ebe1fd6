// The link with SP4N-LAPOR! and a stand-in for the other side, over real HTTP, with a clock of the test's own: for the tests
// where the order of things matters. tests/upstream has the long stories.
#pragma once

#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include <httplib.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "photo/test_photos.h"
#include "serve/erasure.h"
#include "serve/test_world.h"
#include "serve/upstream_link.h"

namespace titik::serve {

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
  std::string status = "Proses";      // of every report
  std::string disposition = "101";
  std::string number;                 // of the next complaint; empty: a new one
  std::string message = "Tidak bisa"; // of whatever is refused
  std::vector<std::string> requests;  // "GET /complaints?page=1"
  std::vector<std::string> bodies;    // of the same
  // Looked at first; a status ends the request.
  std::function<int(const std::string& line)> trouble = [](const std::string&) { return 0; };

  // Of the requests that begin so.
  [[nodiscard]] std::vector<std::string> bodies_of(const std::string& begin) const {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (requests[i].starts_with(begin)) found.push_back(bodies[i]);
    }
    return found;
  }
  void forget() {
    requests.clear();
    bodies.clear();
  }
  void take_away(const std::string& id) { std::erase_if(list, [&](const Complaint& one) { return one.id == id; }); }
  [[nodiscard]] long count(const std::string& begin) const {
    return std::count_if(requests.begin(), requests.end(), [&](const std::string& one) { return one.starts_with(begin); });
  }
};

inline std::string attachments_of(const std::vector<std::string>& files) {
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
    there.bodies.push_back(request.body);
    if (request.is_multipart_form_data()) {  // the library has taken it apart
      for (const auto& [name, part] : request.files) there.bodies.back() += name + "=" + part.content + "\n";
    }
    const int status = there.trouble(line);
    if (status != 0) {
      response.status = status;
      response.set_content(R"({"message":")" + there.message + R"("})", "application/json");
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
      body = R"({"results":{"data":{"status_name":")" + there.status + R"(","disposition_id":")" + there.disposition +
             R"(","disposition_name":"Instansi )" + there.disposition + R"("}}})";
    } else if (line.starts_with("GET /storage/")) {
      body = line == "GET /storage/long" ? std::string(report::kMaxFileBytes + 1, 'x') : kJpeg;
    } else if (line.ends_with("/complaint/file")) {
      body = R"({"results":{"images":[{"id":)" + std::to_string(900 + there.requests.size()) + R"(}],"docs":[]}})";
    } else if (line == "POST /complaints/complaint") {
      const std::string mark = request.body.substr(request.body.find("[Titik Lapor"));
      const std::string number = there.number.empty() ? std::to_string(1'500'000 + there.count(line)) : there.number;
      there.list.insert(there.list.begin(), {number, "101", mark.substr(0, mark.find(']') + 1), {}});
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
  // A photo that can be decoded; each width is another.
  static std::string picture(int width) { return text_of(photo::testing::grey_jpeg(width, 16)); }
  static std::string text_of(const photo::testing::Buffer& bytes) { return {bytes.begin(), bytes.end()}; }
  void rounds(int count, UnixMillis between) {
    for (int i = 0; i < count; ++i) later(between), round();
  }
  report::Status status_of(std::int64_t tracking_id) { return repository->report(tracking_id).value().status; }
  std::string agency_of(std::int64_t tracking_id) { return repository->report(tracking_id).value().agency_id; }
  // How many lines of its history say this.
  long lines_with(std::int64_t tracking_id, const std::string& words) {
    const std::vector<std::string> lines = history_of(tracking_id);
    return std::count_if(lines.begin(), lines.end(), [&](const std::string& one) { return one.find(words) != one.npos; });
  }
  void execute(const std::string& statements) {
    const SqlLock lock(repository->sql().mutex());
    const Result<Ok> done = repository->sql().execute(statements);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  Done take(std::int64_t tracking_id, const Step& step) {
    const Result<Done> done = workflow.take(tracking_id, desk(), step, now);
    EXPECT_TRUE(done.ok()) << done.error().message;
    return done.ok() ? *done : Done();
  }
  // What is told of a report by follow-ups there.
  long told() { return there.count("POST /complaints/followup/add"); }
  // What the link would have brought so far, if it was killed then.
  UpstreamDesk desk_of_link() { return {*repository, workflow, store, city, config, upstream_caller(*repository, now).value()}; }
  // One that the list shows, brought. Answers its number here.
  std::int64_t brought_report(const std::string& id = "1400001") {
    config.list_path = "/complaints";
    there.list = {{.id = id}};
    later(config.poll_first);
    round();
    return store.report_there(id).value().value().tracking_id;
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
    for (int i = 0; i < count; ++i) ids += (i > 0 ? "," : "") + upload(who, picture(16 + 8 * i));
    return std::stoll(lapor::read_created(create(who, report_json("Lubang", "[" + ids + "]")).text()).value().tracking_id);
  }

  UpstreamStore store{repository->sql()};
  Elsewhere there;
  UpstreamConfig config;
  httplib::Server server;
  std::thread thread;
  std::unique_ptr<UpstreamLink> link;
  std::unique_ptr<UpstreamLink> other;
};

}  // namespace titik::serve
