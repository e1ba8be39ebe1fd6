// Carries out what sync::Outbox decides: stores first, then sends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/context.h"
#include "sync/outbox.h"

namespace titik::engine {

class OutboxRunner {
 public:
  explicit OutboxRunner(Context& context) : context_(context) {}

  Result<Ok> load();  // what an earlier life left

  void queue(std::string_view report_id);  // it was submitted
  void event(sync::Event::Kind kind) { handle({.kind = kind}, sync::Line::kBusy); }
  void token_refused(std::string_view token);
  void photos_wait(bool wait) { handle({.kind = sync::Event::Kind::kLink, .photos_wait = wait}, sync::Line::kBusy); }
  // Sends what is due, when `line` is free.
  void run(sync::Line line) { handle({.kind = sync::Event::Kind::kDue}, line); }

  [[nodiscard]] bool busy() const { return outbox_.in_flight.has_value(); }
  [[nodiscard]] bool waits_for(std::uint64_t http_id) const { return http_id_ != 0 && http_id == http_id_; }
  void done(const HttpAnswer& answer);
  void failed(HttpFailure failure);

  [[nodiscard]] const std::string& token() const { return outbox_.token; }
  [[nodiscard]] UnixMillis wake_at() const { return wake_at_; }
  [[nodiscard]] SyncStateChanged state() const;
  // Reports that were received since the last call.
  std::vector<std::string> take_received() { return std::exchange(received_, {}); }

 private:
  void handle(const sync::Event& event, sync::Line line);
  void answered(const sync::Answer& answer);
  Result<Ok> store(const sync::Actions& actions);
  void tell(const sync::Actions& actions);
  void send(const sync::Call& call);
  Result<HttpRequest> request_for(const sync::Call& call);

  Context& context_;
  sync::Outbox outbox_;
  std::string user_id_;
  std::uint64_t http_id_ = 0;  // of the request in flight; 0: none
  UnixMillis wake_at_ = 0;
  std::vector<std::string> received_;
};

}  // namespace titik::engine
