// Tens of thousands of random lives of a phone against a small model of the server: answers are lost,
// late, doubled or garbage; requests arrive long after they were given up; the phone is killed, with or
// without its last write; its clock jumps; tokens and uploads are forgotten. Whatever happened, when the
// world is calm again every submitted report is on the server exactly once, with all its photos.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
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
  std::vector<std::string> photos;       // of a create: their hashes
  std::string path;                      // of an upload
  std::int64_t length = 0;               // of the photo
};
struct Response {
  int status = 0;
  std::string body, retry_after, location, tus_extension;
  std::int64_t upload_offset = -1;
};

// Keeps each report once for its key, and knows whose each photo is, as titik-serve does. Where it speaks
// tus, photos may follow the words.
class ModelServer {
 public:
  struct Report {
    std::vector<std::string> named;  // photos, by hash
    std::set<std::string> here;
    std::set<std::string> owners;    // tokens
  };
  struct Upload {
    std::string token, report_id, sha256;
    std::int64_t length = 0, offset = 0;
    bool damaged = false;
  };

  // `part`: of the bytes of a piece only so many arrive before the connection breaks; -1: all.
  Response process(const Request& request, std::int64_t part = -1, bool damages = false) {
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
      files.insert({request.token, call.sha256});
      return {200, lapor::write_uploaded({{id, call.sha256}}, {})};
    }
    if (call.step == Step::kWay) return tus ? Response{.status = 204, .tus_extension = std::string("creation, checksum,titik-report") + (thumbnails ? ",titik-thumbnail" : "")} : Response{404};
    if (call.step == Step::kBegin) return begin(request);
    if (call.step == Step::kOffset || call.step == Step::kBytes) return go_on(request, part, damages);
    if (call.step == Step::kCreate) {
      if (!reports.contains(call.report_id)) {
        Report report;
        for (const std::string& id : request.attachments) {
          if (!uploads.contains(id)) return {422, lapor::write_error({"", {{"attachments", "invalid", ""}}})};
          report.named.push_back(uploads[id]);
          report.here.insert(uploads[id]);
        }
        if (call.photos_follow) report.named = request.photos;
        ++creations[call.report_id];
        reports[call.report_id] = report;
      }
      reports[call.report_id].owners.insert(request.token);
      attach(call.report_id, request.token);
    }
    const auto found = reports.find(call.report_id);
    if (found == reports.end() || !found->second.owners.contains(request.token)) return {404};
    if (call.step == Step::kThumbnail) return {tus && thumbnails ? 204 : 404};
    lapor::Receipt receipt{call.report_id, "7", 1, 2, {}, {}};
    for (const std::string& sha256 : found->second.named) {
      (found->second.here.contains(sha256) ? receipt.photo_sha256 : receipt.pending_sha256).push_back(sha256);
    }
    return {201, lapor::write_created(receipt)};
  }

  bool tus = true;
  bool thumbnails = true;  // may come between words and photos
  std::set<std::string> tokens;
  std::map<std::string, std::string> uploads;               // id → hash, whole ones
  std::map<std::string, Upload> resumable;                  // by path
  std::set<std::pair<std::string, std::string>> files;      // token, hash
  std::map<std::string, Report> reports;
  std::map<std::string, int> creations;

 private:
  void attach(const std::string& report_id, const std::string& token) {
    const auto found = reports.find(report_id);
    if (found == reports.end() || !found->second.owners.contains(token)) return;
    for (const std::string& sha256 : found->second.named) {
      if (files.contains({token, sha256})) found->second.here.insert(sha256);
    }
  }

  Response told(const std::string& path, int status) {
    Upload& upload = resumable[path];
    if (upload.offset == upload.length && upload.damaged) {
      upload.offset = 0;
      upload.damaged = false;
      return {460};
    }
    if (upload.offset == upload.length) {
      uploads[path.substr(path.rfind('/') + 1)] = upload.sha256;
      files.insert({upload.token, upload.sha256});
      attach(upload.report_id, upload.token);
    }
    return {.status = status, .location = path, .upload_offset = upload.offset};
  }

  Response begin(const Request& request) {
    if (!tus) return {404};
    for (const auto& [path, upload] : resumable) {
      if (upload.token == request.token && upload.report_id == request.call.report_id && upload.sha256 == request.call.sha256) {
        return told(path, 201);
      }
    }
    const std::string path = "/titik/1/uploads/" + std::to_string(++last_);
    const bool known = files.contains({request.token, request.call.sha256});
    resumable[path] = {request.token, request.call.report_id, request.call.sha256, request.length, known ? request.length : 0, false};
    return told(path, 201);
  }

  Response go_on(const Request& request, std::int64_t part, bool damages) {
    const auto found = resumable.find(request.path);
    if (!tus || found == resumable.end() || found->second.token != request.token) return {404};
    Upload& upload = found->second;
    if (request.call.step == Step::kOffset) return told(request.path, 200);
    if (request.call.from != upload.offset) return {409};
    if (request.call.from + request.call.bytes > upload.length) return {413};
    upload.offset += part < 0 ? request.call.bytes : std::min(part, request.call.bytes);
    upload.damaged = upload.damaged || damages;
    return told(request.path, 204);
  }

  int last_ = 100;
};

class Life {
 public:
  explicit Life(std::uint64_t seed) : dice_(seed) {}

  void live() {
    server_.tus = speaks_tus_ = pick(3) != 0;
    server_.thumbnails = pick(2) == 0;
    const int reports = 1 + pick(3);
    for (int i = 0; i < reports; ++i) {
      OutboxItem item{.report_id = "019aa7d2-0000-7000-8000-00000000000" + std::to_string(i)};
      const int photos = pick(4);
      for (int photo = 0; photo < photos; ++photo) {
        item.photos.push_back({std::string(62, 'a') + std::to_string(10 + i * 10 + photo), "", 1 + pick(600'000)});
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

  const OutboxItem& wanted(const std::string& id) const {
    return *std::find_if(wanted_.begin(), wanted_.end(), [&](const OutboxItem& item) { return item.report_id == id; });
  }

  void submit(const OutboxItem& item) {
    disk_.push_back(item);  // Submit is replied to when it is durable
    react({.kind = Kind::kQueued, .item = item});
  }

  void react(const Event& event) {
    const Line line = pick(8) == 0 && !calm_ ? Line::kBusy : Line::kFree;
    const Actions actions = handle(outbox_, event, line, clock_, dice_());
    const bool all_held = std::all_of(outbox_.items.begin(), outbox_.items.end(), [&](const OutboxItem& item) { return is_held(outbox_, item); });
    if (line == Line::kFree && !outbox_.in_flight && !all_held) {
      ASSERT_NE(actions.wake_at, 0) << "stuck";
    }
    take(actions);
  }

  void take(const Actions& actions) {
    // Written when something is sent after it; else the write may still be on its way at a kill.
    unwritten_.push_back(actions);
    if (actions.send || calm_ || pick(2) == 0) write();
    if (actions.received) {
      const std::string& id = actions.received->report_id;
      const lapor::Receipt& receipt = actions.received->receipt;
      ASSERT_EQ(receipt.report_id, id);
      // Nothing leaves the phone before the city has all of it.
      if (actions.received->whole) {
        ASSERT_EQ(server_.reports[id].here.size(), wanted(id).photos.size());
      }
    }
    if (actions.send && (actions.send->step == Step::kBegin || actions.send->step == Step::kOffset || actions.send->step == Step::kBytes)) {
      for (const OutboxItem& other : outbox_.items) {
        ASSERT_TRUE(other.words_at_server || !is_due(other.not_before, clock_)) << "words wait for another report's photos";
        ASSERT_FALSE(other.report_id == actions.send->report_id && photos_wait_ && !photos_asked_) << "photos on a link that costs";
      }
    }
    if (actions.send && actions.send->step == Step::kThumbnail) {
      ASSERT_TRUE(thumbnails_.insert(actions.send->report_id + actions.send->sha256).second) << "a thumbnail twice";
      for (const OutboxItem& other : outbox_.items) {
        ASSERT_TRUE(other.words_at_server || !is_due(other.not_before, clock_)) << "words wait for a thumbnail";
      }
    }
    if (actions.refused) resubmit_.push_back(actions.refused->report_id);
    wake_at_ = actions.wake_at;
    if (!actions.send) return;
    request_ = Request{.call = *actions.send, .token = outbox_.token};
    for (const OutboxItem& item : outbox_.items) {
      if (item.report_id != actions.send->report_id) continue;
      for (const OutboxPhoto& photo : item.photos) {
        if (!actions.send->photos_follow) request_->attachments.push_back(photo.upload_id);
        request_->photos.push_back(photo.sha256);
        if (photo.sha256 != actions.send->sha256) continue;
        request_->path = photo.upload_id;
        request_->length = photo.bytes;
      }
    }
  }

  void write() {
    for (const Actions& actions : unwritten_) {
      for (const OutboxItem& item : actions.changed) {
        for (OutboxItem& stored : disk_) {
          if (stored.report_id != item.report_id) continue;
          const bool words_at_server = stored.words_at_server;  // not the row's, but the report's state
          stored = item;
          stored.words_at_server = words_at_server;
        }
      }
      if (actions.device) disk_token_ = actions.device->token;
      for (OutboxItem& stored : disk_) {
        if (actions.received && actions.received->report_id == stored.report_id) stored.words_at_server = true;
        if (actions.refused && actions.refused->report_id == stored.report_id) kept_[stored.report_id] = stored.photos;
      }
      const auto forget = [&](const std::string& id) {
        std::erase_if(disk_, [&](const OutboxItem& item) { return item.report_id == id; });
      };
      if (actions.received && actions.received->whole) forget(actions.received->report_id);
      if (actions.refused) forget(actions.refused->report_id);
    }
    unwritten_.clear();
  }

  void kill() {
    unwritten_.clear();
    if (request_ && pick(2)) late_.push_back(*request_);  // it was on its way
    request_.reset();
    resubmit_.clear();
    thumbnails_.clear();
    outbox_ = {};
    outbox_.token = disk_token_;
    outbox_.items = disk_;
    outbox_.photos_wait = photos_wait_;
    photos_asked_ = false;
    react({.kind = Kind::kDue});
  }

  void answer(const Request& request, const Response& response) {
    if (response.status == 401) thumbnails_.erase(request.call.report_id + request.call.sha256);
    const Event event{.kind = Kind::kAnswered, .number = request.call.number,
                      .answer = {.status = response.status, .retry_after = response.retry_after, .body = response.body,
                                 .location = response.location, .tus_extension = response.tus_extension,
                                 .upload_offset = response.upload_offset}};
    react(event);
    if (pick(10) == 0) react(event);  // doubled
  }

  void chaos() {
    switch (pick(18)) {
      case 0: return kill();
      case 1: clock_ += pick(2) ? pick(100) * kHour : -pick(100) * kHour; break;
      case 2: server_.tokens.clear(); break;
      case 3:
        server_.uploads.clear();
        server_.resumable.clear();
        break;
      case 8: server_.files.clear(); break;
      case 9: server_.tus = speaks_tus_ && pick(4) != 0; break;
      case 4: return react({.kind = Kind::kOnline});
      case 5:
        photos_asked_ = true;
        return react({.kind = Kind::kSendNow});
      case 10: return change_link(pick(2) == 0);
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
    switch (pick(12)) {
      case 0: late_.push_back(request); return answer(request, {});
      case 1: return answer(request, {});
      case 2: (void)server_.process(request).status; return answer(request, {});
      case 3: return answer(request, {503, "", pick(2) ? "30" : ""});
      case 4: (void)server_.process(request).status; return answer(request, {500, "<html>"});
      case 5: return answer(request, {429, "", "60"});
      case 6: return answer(request, {200, "<html>Masuk ke WiFi</html>"});  // a captive portal
      case 7:
      case 8:  // cut in the middle of the bytes
        (void)server_.process(request, pick(200'000)).status;
        return answer(request, {});
      case 9: return answer(request, server_.process(request, -1, pick(4) == 0));
      default: return answer(request, server_.process(request));
    }
  }

  void change_link(bool photos_wait) {
    photos_wait_ = photos_wait;
    react({.kind = Kind::kLink, .photos_wait = photos_wait});
  }

  // What a person does with a report that needs attention.
  void edit_and_send_again() {
    for (const std::string& id : std::exchange(resubmit_, {})) {
      write();
      OutboxItem item = wanted(id);
      if (const auto kept = kept_.find(id); kept != kept_.end()) item.photos = kept->second;
      submit(item);
    }
  }

  void calm() {
    calm_ = true;
    server_.tus = speaks_tus_;
    // Held photos go by a better link, or because somebody asks.
    if (pick(2)) change_link(false);
    write();
    for (int step = 0; step < 400; ++step) {
      edit_and_send_again();
      if (request_) {
        const Request request = *std::exchange(request_, std::nullopt);
        answer(request, server_.process(request));
        continue;
      }
      if (outbox_.items.empty()) break;
      if (std::all_of(outbox_.items.begin(), outbox_.items.end(), [&](const OutboxItem& item) { return is_held(outbox_, item); })) {
        photos_asked_ = true;
        react({.kind = Kind::kSendNow});
        continue;
      }
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
      ASSERT_EQ(server_.reports[item.report_id].named, photos);
      ASSERT_EQ(server_.reports[item.report_id].here, std::set<std::string>(photos.begin(), photos.end()));
    }
  }

  std::mt19937_64 dice_;
  Outbox outbox_;
  ModelServer server_;
  std::vector<OutboxItem> wanted_, disk_;
  std::map<std::string, std::vector<OutboxPhoto>> kept_;  // what a report that was refused keeps
  bool speaks_tus_ = true;
  std::string disk_token_;
  std::vector<Actions> unwritten_;
  std::optional<Request> request_;
  std::vector<Request> late_;
  std::vector<std::string> resubmit_;
  std::set<std::string> thumbnails_;  // sent in this life: report and photo
  UnixMillis clock_ = 1'795'200'000'000;
  UnixMillis wake_at_ = 0;
  bool calm_ = false;
  bool photos_wait_ = false, photos_asked_ = false;
};

TEST(OutboxProperty, EveryReportArrivesExactlyOnceWhateverHappens) {
  const char* lives = std::getenv("TITIK_LIVES");  // so many instead: tests/fault/mutations.mjs
  const std::uint64_t count = lives != nullptr ? std::strtoull(lives, nullptr, 10) : 30'000;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    SCOPED_TRACE(seed);
    Life(seed).live();
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace titik::sync
