#include "engine/outbox_runner.h"

#include <algorithm>
#include <array>

#include "base/id.h"
#include "engine/requests.h"

namespace titik::engine {
namespace {

constexpr std::string_view kTokenSetting = "device_token";
constexpr std::string_view kUserSetting = "device_user";

store::ServerState state_of(const lapor::Receipt& receipt, UnixMillis now) {
  return {.tracking_id = receipt.tracking_id,
          .received_at = receipt.received_at != 0 ? receipt.received_at : now,
          .follow_up_due_at = receipt.follow_up_due_at};
}

}  // namespace

Result<Ok> OutboxRunner::load() {
  outbox_.token = TRY(context_.repository().setting(kTokenSetting));
  user_id_ = TRY(context_.repository().setting(kUserSetting));
  outbox_.items = TRY(context_.repository().outbox());
  return Ok{};
}

void OutboxRunner::queue(std::string_view report_id) {
  Result<std::vector<store::OutboxItem>> items = context_.repository().outbox();
  if (!items.ok()) return;  // it is in the table: the next start sends it
  for (store::OutboxItem& item : *items) {
    if (item.report_id == report_id) handle({.kind = sync::Event::Kind::kQueued, .item = item}, sync::Line::kBusy);
  }
}

void OutboxRunner::token_refused(std::string_view token) {
  handle({.kind = sync::Event::Kind::kTokenRefused, .token = token}, sync::Line::kBusy);
}

void OutboxRunner::done(const HttpAnswer& answer) {
  answered({.status = answer.status, .retry_after = answer.retry_after, .body = answer.body, .location = answer.location,
            .tus_extension = answer.tus_extension, .upload_offset = answer.upload_offset});
}

void OutboxRunner::failed(HttpFailure failure) {
  answered({.photo_unreadable = failure == HttpFailure::kBlobUnreadable});
}

void OutboxRunner::answered(const sync::Answer& answer) {
  http_id_ = 0;
  if (!outbox_.in_flight) return;
  if (!context_.sending.empty()) context_.report_changed(std::exchange(context_.sending, {}));
  handle({.kind = sync::Event::Kind::kAnswered, .number = outbox_.in_flight->number, .answer = answer},
         sync::Line::kBusy);
}

void OutboxRunner::handle(const sync::Event& event, sync::Line line) {
  // Without a profile there is no server to speak to.
  if (context_.profile() == nullptr) line = sync::Line::kBusy;
  const sync::Actions actions = sync::handle(outbox_, event, line, context_.now(), context_.random());
  wake_at_ = actions.wake_at;
  // A failure here is one of memory, not of the disk. What was not stored is asked for again after the
  // next start; meanwhile the machine goes on with what it knows.
  (void)store(actions).ok();
  tell(actions);
  if (!actions.send) return;
  context_.sending = actions.send->report_id;
  if (!context_.sending.empty()) context_.report_changed(context_.sending);
  // "Nothing is sent before what it follows from is durable." When the disk is full it is sent all the
  // same: the Idempotency-Key keeps it one, and getting it to the city is all that can be done for it.
  context_.when_durable([this, call = *actions.send](Result<Ok>) { send(call); });
}

Result<Ok> OutboxRunner::store(const sync::Actions& actions) {
  if (actions.changed.empty() && !actions.device && !actions.received && !actions.refused) return Ok{};
  if (actions.device) user_id_ = actions.device->user_id;
  store::Repository& repository = context_.repository();
  return context_.commit([&]() -> Result<Ok> {
    TRY(context_.keep_sent_today());
    for (const store::OutboxItem& item : actions.changed) TRY(repository.save_item(item));
    if (actions.device) {
      TRY(repository.set_setting(kTokenSetting, actions.device->token));
      TRY(repository.set_setting(kUserSetting, actions.device->user_id));
    }
    if (actions.received && !actions.received->receipt.jws.empty()) {
      TRY(repository.save_receipt({actions.received->report_id, actions.received->whole, actions.received->receipt.jws}));
      context_.receipt_came = true;
    }
    if (actions.received && actions.received->whole) TRY(repository.leave_outbox(actions.received->report_id));
    if (actions.received && actions.received->first) {
      const store::ServerState state = state_of(actions.received->receipt, context_.now());
      TRY(repository.receive(actions.received->report_id, state));
      TRY(repository.replace_timeline(actions.received->report_id,
                                      {{.kind = static_cast<int>(TimelineEntry::Kind::kReceived), .at = state.received_at}}));
    }
    const std::optional<store::StoredReport> stored = actions.refused ? TRY(repository.find(actions.refused->report_id)) : std::nullopt;
    // What the city has is never to be written anew: a refusal then concerns photos alone.
    if (stored && stored->state == report::PhoneState::kReceived) {
      TRY(repository.give_up_photos(actions.refused->report_id, actions.refused->message, actions.refused->problems));
    } else if (actions.refused) {
      TRY(repository.refuse(actions.refused->report_id, actions.refused->message, actions.refused->problems));
    }
    return Ok{};
  });
}

void OutboxRunner::tell(const sync::Actions& actions) {
  for (const store::OutboxItem& item : actions.changed) context_.report_changed(item.report_id);
  if (actions.received) {
    context_.report_changed(actions.received->report_id);
    if (actions.received->first) received_.push_back(actions.received->report_id);
  }
  if (actions.refused) context_.report_changed(actions.refused->report_id);
}

Result<HttpRequest> OutboxRunner::request_for(const sync::Call& call) {
  const Address address{*context_.profile(), outbox_.token, user_id_, TRY(context_.repository().setting("language"))};
  if (call.step == sync::Step::kRegister) return register_request(address);
  if (call.step == sync::Step::kAsk) return ask_request(address, call.report_id);
  const auto item = std::find_if(outbox_.items.begin(), outbox_.items.end(),
                                 [&](const store::OutboxItem& one) { return one.report_id == call.report_id; });
  if (item == outbox_.items.end()) return Error{ErrorCode::kInternal, "outbox", "a call without its report"};
  const auto photo = std::find_if(item->photos.begin(), item->photos.end(),
                                  [&](const store::OutboxPhoto& one) { return one.sha256 == call.sha256; });
  if (!call.sha256.empty() && photo == item->photos.end()) return Error{ErrorCode::kInternal, "outbox", "a call without its photo"};
  const int number = 1 + static_cast<int>(photo - item->photos.begin());
  switch (call.step) {
    case sync::Step::kRegister:
    case sync::Step::kAsk:
    case sync::Step::kCreate: break;
    case sync::Step::kWay: return way_request(address);
    case sync::Step::kThumbnail: return thumbnail_request(address, call.report_id, *photo);
    case sync::Step::kBegin: return begin_request(address, call.report_id, *photo, number);
    case sync::Step::kOffset: return offset_request(address, *photo);
    case sync::Step::kBytes: return bytes_request(address, *photo, call.from, call.bytes);
    case sync::Step::kUpload: {
      std::array<std::uint8_t, 16> random{};
      context_.host().random(random);
      return upload_request(address, *photo, number, to_hex(random.data(), random.size()));
    }
  }
  const std::optional<store::StoredReport> stored = TRY(context_.repository().find(call.report_id));
  if (!stored) return Error{ErrorCode::kInternal, "outbox", "a call without its report"};
  return create_request(address, *stored, item->photos, call.photos_follow ? Photos::kFollow : Photos::kSent);
}

void OutboxRunner::send(const sync::Call& call) {
  Result<HttpRequest> request = request_for(call);
  if (!request.ok()) return answered({});  // waits and is tried again, like any failure
  http_id_ = context_.start_http(std::move(request).value());
}

SyncStateChanged OutboxRunner::state() const {
  using Phase = SyncStateChanged::Phase;
  const auto held = std::count_if(outbox_.items.begin(), outbox_.items.end(),
                                  [&](const store::OutboxItem& item) { return sync::is_held(outbox_, item); });
  SyncStateChanged state{.photos_held = held > 0, .sent_today = context_.sent_today()};
  // What is held waits for no network: nothing is to be tried, by this page or the service worker.
  if (!outbox_.in_flight && static_cast<std::size_t>(held) == outbox_.items.size()) return state;
  state.phase = outbox_.in_flight ? Phase::kSending : Phase::kWaitingForNetwork;
  if (!outbox_.in_flight) state.next_attempt_at = wake_at_;
  return state;
}

}  // namespace titik::engine
