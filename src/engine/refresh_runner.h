// Carries out what sync::Refresh decides: asks, reads the answers, stores what is new.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/context.h"
#include "lapor/lapor.h"
#include "sync/refresh.h"

namespace titik::engine {

class RefreshRunner {
 public:
  explicit RefreshRunner(Context& context) : context_(context) {}

  void start();                      // the profile, then a round
  void want_profile() { sync::want(refresh_, {.topic = sync::Topic::kProfile}, sync::Place::kNext); }
  void round(sync::Wish wish);       // now
  void set_visible(bool visible) { sync::set_visible(refresh_, visible); }
  void set_saves_data(bool saves_data) { refresh_.saves_data = saves_data; }
  // Also fetches its evidence, now and with each later answer, until another report is opened; of pictures that
  // have a thumbnail, this: of all reports with the changes that bring them, unless the phone saves data.
  void open(const std::string& report_id);
  void load_evidence(const std::string& report_id, const std::string& path);  // the whole picture
  void received(const std::string& report_id);  // just now: its state is not known yet
  void load_public_reports(std::int64_t command_id);

  // Asks the next question, when there is one.
  void run(const std::string& token);
  [[nodiscard]] bool busy() const { return refresh_.in_flight.has_value(); }
  [[nodiscard]] bool needs_token() const { return sync::needs_token(refresh_); }
  [[nodiscard]] bool waits_for(std::uint64_t http_id) const { return http_id_ != 0 && http_id == http_id_; }
  void done(const HttpAnswer& answer);
  void failed(HttpFailure failure);

  [[nodiscard]] UnixMillis wake_at() const { return sync::wake_at(refresh_, context_.now()); }
  // The token with which the last question was refused (401); empty: it was not.
  std::string take_refused_token() { return std::exchange(refused_token_, {}); }

 private:
  void want_detail(const std::string& report_id, sync::Place place);
  void want_evidence(const std::string& report_id);
  void want_file(const std::string& report_id, const std::string& path, std::int64_t bytes, sync::Place place);
  void take(const sync::Question& question, const HttpAnswer& answer);
  void take_changes(std::string_view body);
  void take_detail(const sync::Question& question, std::string_view body);
  void take_follow_ups(const sync::Question& question, std::string_view body);
  void take_evidence(const sync::Question& question, const HttpAnswer& answer);
  void take_profile(std::string_view body);
  void take_counts(std::string_view body);
  void take_public_reports(std::string_view body);
  bool store_news(const std::string& report_id);  // false: the store refused
  void answer_public(const std::optional<Error>& error);
  void give_up();

  Context& context_;
  sync::Refresh refresh_;
  std::uint64_t http_id_ = 0;
  std::string asked_with_;     // token of the question in flight
  std::string refused_token_;
  std::string opened_;         // the report whose evidence is fetched
  std::set<std::string> bad_evidence_;  // paths that gave no usable file; tried again when opened anew
  std::vector<std::int64_t> public_commands_;  // LoadPublicReports to be answered
  // The report whose answers are being gathered: stored when the thread is complete.
  std::string gathering_;
  lapor::Detail detail_;
  std::vector<lapor::FollowUp> follow_ups_;
};

}  // namespace titik::engine
