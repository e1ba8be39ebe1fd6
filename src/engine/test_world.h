// A world for the engine's tests: a phone whose clock, network and disk do what the test says, and a
// small city server. The engine can be killed at any moment and started again from what was durable.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "lapor/test_receipts.h"
#include "store/crashing_page_store.h"

namespace titik::engine {

// Keeps reports once for each key, as the real one does.
class TestServer {
 public:
  struct Report {
    std::string id, body, token;
    std::vector<std::string> photos;   // that are here
    std::vector<std::string> pending;  // that are to come
    std::string tracking_id;
  };
  struct Upload {
    std::string token, metadata, sha256;
    std::int64_t length = 0, offset = 0;
  };
  struct Answer {
    int status = 0;
    std::string body, retry_after;
    bool is_file = false;
    std::string location, tus_extension;
    std::int64_t upload_offset = -1;
  };
  // `kHalf`: of a piece of a photo half arrives.
  enum class Arrival { kWhole, kHalf };
  Answer answer(const HttpRequest& request, Arrival arrival = Arrival::kWhole);

  std::map<std::string, Report> reports;            // by key
  std::map<std::string, std::string> files;         // upload id → sha256
  bool words_first = false;                         // speaks tus, and photos may follow the words
  std::map<std::string, Upload> resumable;          // by path
  std::int64_t bytes_taken = 0;                     // of resumable uploads
  bool takes_thumbnails = false;                    // with words_first
  std::vector<std::string> thumbnails;              // that came: first letters of photo and thumbnail
  std::map<std::string, std::string> evidence;      // path → bytes' name (its sha256 in the tests)
  std::set<std::string> tokens;
  lapor::Detail detail;
  std::vector<lapor::FollowUp> follow_ups;
  int page_size = 2;
  bool has_feed = true;  // tells all changes in one answer
  // Signs its receipts, and tells its keys with the profile. `tamper` has the statement before it is signed,
  // and the receipt after.
  std::optional<lapor::TestSigner> signer;
  std::vector<lapor::TestKey> keys;  // told
  std::function<void(lapor::Statement& statement)> tamper_statement;
  std::function<void(std::string& jws)> tamper_receipt;
  int profiles = 0;
  int uploads = 0, creates = 0, devices = 0, asks = 0, questions = 0;
  // When set, answers before everything else.
  std::function<std::optional<Answer>(const HttpRequest&)> first;

 private:
  Answer answer_upload(const HttpRequest& request, const std::string& token, Arrival arrival);
  std::string created(const Report& report);
  Answer told(const std::string& path, int status);

  int last_file_ = 500, last_report_ = 7'000'000;
};

class TestWorld : public Host {
 public:
  TestWorld();

  // --- Host
  UnixMillis now() override { return clock; }
  void random(std::span<std::uint8_t> bytes) override;
  void send_event(std::string_view json) override;
  void start_http(const HttpRequest& request) override;
  void set_timer(UnixMillis at) override { timer = at; }
  void check_receipt(const ReceiptCheck& check) override { check_ = check; }
  void delete_blobs(const std::vector<std::string>& sha256s) override;

  // --- The phone
  void start();               // from what is durable
  void kill();                // and nothing in memory remains
  std::int64_t command(CommandBody body);  // answers its id
  // An import_reports with its photos, as web/engine_worker.js does it; `more` stands behind its JSON.
  std::int64_t import(const std::vector<CarriedReport>& reports, const std::string& more = {});
  // Delivers the oldest request to the server and its answer to the engine.
  enum class Fate { kAnswered, kLost, kNeverSent, kCut };  // kCut: lost in the middle of a photo
  bool deliver(Fate fate = Fate::kAnswered);
  // Delivers everything, and moves the clock to each timer, until `limit` of it has passed.
  void run_for(UnixMillis limit, Fate fate = Fate::kAnswered);
  void run() { run_for(0); }

  [[nodiscard]] std::optional<Reply> reply(std::int64_t id) const;
  template <typename Message>
  [[nodiscard]] std::optional<Message> last() const {
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
      if (const auto* message = std::get_if<Message>(&*event)) return *message;
    }
    return std::nullopt;
  }
  [[nodiscard]] report::PhoneState state_of(const std::string& report_id) const;
  [[nodiscard]] std::optional<ReportDetail> detail_of(const std::string& report_id) const;

  std::unique_ptr<store::CrashingPageStore> disk;
  std::unique_ptr<Engine> engine;
  std::optional<Error> open_error;
  TestServer server;
  UnixMillis clock = 1'795'200'000'000;  // 2026-11-20
  UnixMillis timer = 0;
  std::deque<HttpRequest> requests;
  std::vector<Event> events;
  std::map<std::string, std::int64_t> blobs;  // sha256 → bytes
  bool brings_photos = true;  // with carried reports
  bool has_crypto = true;     // can verify signatures
  int checks = 0;             // receipts that were

 private:
  std::optional<ReceiptCheck> check_;
  std::mt19937_64 dice_{1};
  std::int64_t last_command_ = 0;
};

report::Draft test_draft(int number = 1);
report::Photo test_photo(char name);
std::string test_profile(int version = 1);

}  // namespace titik::engine
