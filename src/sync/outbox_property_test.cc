// Tens of thousands of random lives of a phone against a small model of the server: answers are lost,
// late, doubled or garbage; requests arrive long after they were given up; the phone is killed, with or
// without its last write; its clock jumps; tokens and uploads are forgotten. Whatever happened, when the
// world is calm again every submitted report is on the server exactly once, with all its photos.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "sync/backoff.h"
#include "sync/outbox.h"

namespace titik::sync {
namespace {

using Kind = Event::Kind;

struct Request {
  Call call;
  std::string token;
  std::vector<std::string> attachments;  // of a create
};
struct Response {
  int status = 0;
  std::string body, retry_after;
};

class ModelServer {
 public:
  Response process(const Request& request) {
    const Call& call = request.call;
    if (call.step == Step::kRegister) {
      const std::string token = "token" + std::to_string(++last_);
      tokens.insert(token);
      return {201, lapor::write_device({token, "1"})};
    }
    if (!tokens.contains(request.token)) return {401};
    if (call.step == Step::kUpload) {
      const std::string id = std::to_string(++last_);
      uploads[id] = call.sha256;
      return {200, lapor::write_uploaded({{id, call.sha256}}, {})};
    }
    if (call.step == Step::kAsk && !reports.contains(call.report_id)) return {404};
    if (call.step == Step::kCreate && !reports.contains(call.report_id)) {
      std::vector<std::string> photos;
      for (const std::string& id : request.attachments) {
        if (!uploads.contains(id)) return {422, lapor::write_error({"", {{"attachments", "invalid", ""}}})};
        photos.push_back(uploads[id]);
      }
      ++creations[call.report_id];
      reports[call.report_id] = photos;
    }
    return {201, lapor::write_created({call.report_id, "7", 1, 2, reports[call.report_id]})};
  }

  std::set<std::string> tokens;
  std::map<std::string, std::string> uploads;
  std::map<std::string, std::vector<std::string>> reports;
  std::map<std::string, int> creations;

 private:
  int last_ = 100;
};

class Life {
 public:
  explicit Life(std::uint64_t seed) : dice_(seed) {}

  void live() {
    const int reports = 1 + pick(3);
    for (int i = 0; i < reports; ++i) {
      OutboxItem item{.report_id = "019aa7d2-0000-7000-8000-00000000000" + std::to_string(i)};
      const int photos = pick(4);
      for (int photo = 0; photo < photos; ++photo) {
        item.photos.push_back({std::string(62, 'a') + std::to_string(10 + i * 10 + photo), ""});
      }
      wanted_.push_back(item);
    }
    std::size_t submitted = 0;
    for (int step = 0; step < 60; ++step) {
      if (submitted < wanted_.size() && pick(6) == 0) submit(wanted_[submitted++]);
      chaos();
    }
    while (submitted < wanted_.size()) submit(wanted_[submitted++]);
    calm();
  }

 private:
  int pick(int below) { return static_cast<int>(dice_() % static_cast<std::uint64_t>(below)); }

  void submit(const OutboxItem& item) {
    disk_.push_back(item);  // Submit is replied to when it is durable
    react({.kind = Kind::kQueued, .item = item});
  }

  void react(const Event& event) {
    const Actions actions = handle(outbox_, event, pick(8) == 0 && !calm_ ? Line::kBusy : Line::kFree, clock_, dice_());
    take(actions);
  }

  void take(const Actions& actions) {
    // Written when something is sent after it; else the write may still be on its way at a kill.
    unwritten_.push_back(actions);
    if (actions.send || calm_ || pick(2) == 0) write();
    if (actions.received) {
      const auto& [id, receipt] = *actions.received;
      ASSERT_EQ(receipt.report_id, id);
    }
    if (actions.refused) resubmit_.push_back(actions.refused->report_id);
    wake_at_ = actions.wake_at;
    if (!actions.send) return;
    request_ = Request{*actions.send, outbox_.token, {}};
    for (const OutboxItem& item : outbox_.items) {
      if (item.report_id != actions.send->report_id) continue;
      for (const OutboxPhoto& photo : item.photos) request_->attachments.push_back(photo.upload_id);
    }
  }

  void write() {
    for (const Actions& actions : unwritten_) {
      for (const OutboxItem& item : actions.changed) {
        for (OutboxItem& stored : disk_) {
          if (stored.report_id == item.report_id) stored = item;
        }
      }
      if (actions.device) disk_token_ = actions.device->token;
      const auto forget = [&](const std::string& id) {
        std::erase_if(disk_, [&](const OutboxItem& item) { return item.report_id == id; });
      };
      if (actions.received) forget(actions.received->report_id);
      if (actions.refused) forget(actions.refused->report_id);
    }
    unwritten_.clear();
  }

  void kill() {
    unwritten_.clear();
    request_.reset();
    resubmit_.clear();
    outbox_ = {};
    outbox_.token = disk_token_;
    outbox_.items = disk_;
    react({.kind = Kind::kDue});
  }

  void answer(const Request& request, const Response& response) {
    const Event event{.kind = Kind::kAnswered, .number = request.call.number,
                      .answer = {.status = response.status, .retry_after = response.retry_after, .body = response.body}};
    react(event);
    if (pick(10) == 0) react(event);  // doubled
  }

  void chaos() {
    switch (pick(14)) {
      case 0: return kill();
      case 1: clock_ += pick(2) ? pick(100) * kHour : -pick(100) * kHour; break;
      case 2: server_.tokens.clear(); break;
      case 3: server_.uploads.clear(); break;
      case 4: return react({.kind = Kind::kOnline});
      case 5: return react({.kind = Kind::kSendNow});
      case 6:  // what was given up arrives after all
        if (!late_.empty()) {
          (void)server_.process(late_.back()).status;
          if (pick(2)) late_.pop_back();
        }
        break;
      case 7: write(); break;
      default: break;
    }
    edit_and_send_again();
    if (!request_) {
      clock_ += pick(20) * kSecond;
      return react({.kind = Kind::kDue});
    }
    const Request request = *std::exchange(request_, std::nullopt);
    switch (pick(9)) {
      case 0: late_.push_back(request); return answer(request, {});
      case 1: return answer(request, {});
      case 2: (void)server_.process(request).status; return answer(request, {});
      case 3: return answer(request, {503, "", pick(2) ? "30" : ""});
      case 4: (void)server_.process(request).status; return answer(request, {500, "<html>"});
      case 5: return answer(request, {429, "", "60"});
      case 6: return answer(request, {200, "<html>Masuk ke WiFi</html>"});  // a captive portal
      default: return answer(request, server_.process(request));
    }
  }

  // What a person does with a report that needs attention.
  void edit_and_send_again() {
    for (const std::string& id : std::exchange(resubmit_, {})) {
      write();
      for (const OutboxItem& item : wanted_) {
        if (item.report_id == id) submit(item);
      }
    }
  }

  void calm() {
    calm_ = true;
    write();
    for (int step = 0; step < 200; ++step) {
      edit_and_send_again();
      if (request_) {
        const Request request = *std::exchange(request_, std::nullopt);
        answer(request, server_.process(request));
        continue;
      }
      if (outbox_.items.empty()) break;
      // Never stuck: there is a time to come back, and it is not far.
      if (wake_at_ != 0) {
        ASSERT_LE(wake_at_ - clock_, kLongestWait);
        clock_ = std::max(clock_, wake_at_);
      }
      react({.kind = Kind::kDue});
    }
    ASSERT_TRUE(outbox_.items.empty());
    ASSERT_TRUE(disk_.empty());
    ASSERT_EQ(server_.reports.size(), wanted_.size());
    for (const OutboxItem& item : wanted_) {
      ASSERT_EQ(server_.creations[item.report_id], 1);
      std::vector<std::string> photos;
      for (const OutboxPhoto& photo : item.photos) photos.push_back(photo.sha256);
      ASSERT_EQ(server_.reports[item.report_id], photos);
    }
  }

  std::mt19937_64 dice_;
  Outbox outbox_;
  ModelServer server_;
  std::vector<OutboxItem> wanted_, disk_;
  std::string disk_token_;
  std::vector<Actions> unwritten_;
  std::optional<Request> request_;
  std::vector<Request> late_;
  std::vector<std::string> resubmit_;
  UnixMillis clock_ = 1'795'200'000'000;
  UnixMillis wake_at_ = 0;
  bool calm_ = false;
};

TEST(OutboxProperty, EveryReportArrivesExactlyOnceWhateverHappens) {
  for (std::uint64_t seed = 0; seed < 30'000; ++seed) {
    SCOPED_TRACE(seed);
    Life(seed).live();
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace titik::sync
