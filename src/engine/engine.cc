#include "engine/engine.h"

#include <algorithm>
#include <array>

#include "base/id.h"
#include "base/json.h"
#include "engine/checks.h"
#include "geo/fix_selection.h"

namespace titik::engine {
namespace {

using report::PhoneState;

constexpr UnixMillis kOrphanAge = kDay;
constexpr std::size_t kMostDraftBytes = 256 * 1024;

bool is_language(std::string_view code) { return code.empty() || code == "id" || code == "en"; }
bool is_text_scale(int scale) { return scale == 100 || scale == 125 || scale == 150 || scale == 200; }

// Replied to at once: nothing that must be durable.
bool saves(const CommandBody& body) {
  return !std::holds_alternative<Start>(body) && !std::holds_alternative<SendNow>(body) &&
         !std::holds_alternative<Wake>(body) && !std::holds_alternative<OpenReport>(body) &&
         !std::holds_alternative<LoadEvidence>(body);
}

const report::Photo* find_photo(const report::Draft& draft, std::string_view sha256) {
  for (const report::Photo& photo : draft.photos) {
    if (photo.sha256 == sha256) return &photo;
  }
  return nullptr;
}

std::vector<std::string> blobs_of(const report::Photo& photo) {
  std::vector<std::string> blobs = {photo.sha256, photo.thumbnail_sha256};
  if (!photo.original_sha256.empty()) blobs.push_back(photo.original_sha256);
  return blobs;
}

std::size_t text_bytes(const report::Draft& draft) {
  return draft.category_id.size() + draft.title.size() + draft.content.size() + draft.incident_date.size() +
         draft.reporter_name.size() + draft.reporter_phone.size() + draft.landmark.size();
}

}  // namespace

Result<Ok> check_draft(const report::Draft& draft) {
  if (!is_uuid(draft.id)) return Error{ErrorCode::kInvalidArgument, "draft.id", "not a UUID"};
  if (text_bytes(draft) > kMostDraftBytes) return Error{ErrorCode::kTooLarge, "draft", "far too much text"};
  return Ok{};
}

Result<Ok> check_photo(const report::Photo& photo) {
  if (!is_sha256(photo.sha256) || !is_sha256(photo.thumbnail_sha256)) {
    return Error{ErrorCode::kInvalidArgument, "photo.sha256", "not a SHA-256"};
  }
  if (photo.bytes < 1 || photo.bytes > report::kMaxFileBytes) {
    return Error{ErrorCode::kTooLarge, "photo.bytes", "empty, or over the limit"};
  }
  return Ok{};
}

Engine::Engine(std::unique_ptr<Context> context)
    : context_(std::move(context)), outbox_(*context_), receipts_(*context_), refresh_(*context_) {}

Result<std::unique_ptr<Engine>> Engine::open(Host& host, store::PageStore& store, store::PageImage image,
                                             std::string_view bundled_profile, Keeping keeping, Asks asks) {
  std::unique_ptr<Context> opened = TRY(Context::open(host, store, std::move(image), keeping));
  std::unique_ptr<Engine> engine(new Engine(std::move(opened)));
  Context& context = *engine->context_;
  context.offer_profile(TRY(context.repository().setting("profile")));
  context.offer_profile(bundled_profile);
  const std::string scale = TRY(context.repository().setting("text_scale"));
  for (const int known : {100, 125, 150, 200}) {
    if (scale == std::to_string(known)) engine->settings_.text_scale = known;
  }
  const std::string language = TRY(context.repository().setting("language"));
  if (is_language(language)) engine->settings_.language = language;
  engine->settings_.photos_wait = TRY(context.repository().setting("photos_wait")) == "1";
  if (context.read_only()) return engine;  // what is not loaded is not sent
  TRY(engine->outbox_.load());
  engine->decide_photos();
  engine->asks_ = asks;
  if (asks == Asks::kForNews) engine->refresh_.start();
  else engine->refresh_.set_visible(false);
  return engine;
}

// --- Entry points ---------------------------------------------------------------------------------

void Engine::handle(std::string_view command_text) {
  const Result<Command> command = read_command(command_text);
  if (!command.ok()) {
    const Result<Json> json = parse_json(command_text);
    context_->emit(Reply{.id = json.ok() ? integer_or(*json, "id") : 0, .error = command.error()});
    return;
  }
  Reply reply{.id = command->id};
  const Result<Ok> result = run(*command, reply);
  if (!result.ok()) reply.error = result.error();
  if (std::holds_alternative<LoadPublicReports>(command->body) && result.ok()) {
    // The refresh replies when the server has answered.
  } else if (reply.error || !saves(command->body)) {
    context_->emit(reply);
  } else {
    context_->when_durable([this, reply](Result<Ok> durable) {
      Reply answer = reply;
      if (!durable.ok()) answer.error = durable.error();
      context_->emit(answer);
    });
  }
  settle();
}

void Engine::http_done(std::uint64_t request_id, const HttpAnswer& answer) {
  if (outbox_.waits_for(request_id)) outbox_.done(answer);
  else if (refresh_.waits_for(request_id)) refresh_.done(answer);
  settle();
}

void Engine::http_failed(std::uint64_t request_id, HttpFailure failure) {
  if (outbox_.waits_for(request_id)) outbox_.failed(failure);
  else if (refresh_.waits_for(request_id)) refresh_.failed(failure);
  settle();
}

void Engine::receipt_checked(ReceiptAnswer answer) {
  receipts_.checked(answer);
  settle();
}

void Engine::tick() {
  context_->retry_storage();
  settle();
}

void Engine::link(const Link& link) {
  if (link == link_) return;  // browsers tell of every new estimate
  link_ = link;
  refresh_.set_saves_data(link.saves_data);
  decide_photos();
  settle();
}

// Data saver and slow links hold photos by themselves, but a link that costs nothing never does.
void Engine::decide_photos() {
  if (!context_->read_only()) outbox_.photos_wait((settings_.photos_wait || link_.saves_data) && !link_.is_unmetered);
}

void Engine::page_visible(bool visible) {
  refresh_.set_visible(visible);
  settle();
}

void Engine::online() {
  wake(WakeReason::kOnline);
  settle();
}

void Engine::sweep_blobs(const std::vector<BlobInfo>& stored) {
  if (wants_lost_photos()) return;  // they may be all that is left of a report
  std::vector<std::string> old;
  for (const BlobInfo& blob : stored) {
    if (blob.at + kOrphanAge < context_->now()) old.push_back(blob.sha256);
  }
  context_->drop_blobs(std::move(old));
}

void Engine::write_something() {
  (void)context_->commit([&] { return context_->repository().set_setting("checked_at", std::to_string(context_->now())); }).ok();
  settle();
}

Result<Ok> Engine::adopt_photo(const AdoptPhoto& lost) {
  if (TRY(context_->repository().is_blob_used(lost.photo.sha256))) return Ok{};
  const std::optional<store::StoredReport> stored = TRY(context_->repository().find(lost.report_id));
  if (!stored) TRY(save_draft({.id = lost.report_id, .created_at = lost.at}));
  return add_photo({lost.report_id, lost.photo});
}

void Engine::settle() {
  if (context_->read_only()) return context_->flush_events();
  for (const std::string& report_id : outbox_.take_received()) refresh_.received(report_id);
  if (const std::string refused = refresh_.take_refused_token(); !refused.empty()) outbox_.token_refused(refused);
  if (refresh_.needs_token() && outbox_.token().empty()) outbox_.event(sync::Event::Kind::kTokenWanted);
  receipts_.run();
  if (receipts_.take_profile_wish()) refresh_.want_profile();
  // Reports go before questions.
  outbox_.run(refresh_.busy() ? sync::Line::kBusy : sync::Line::kFree);
  if (!outbox_.busy()) refresh_.run(outbox_.token());

  context_->sync_state = outbox_.state();
  context_->flush_events();
  UnixMillis timer = context_->storage_retry_at();
  const auto earlier = [&](UnixMillis at) {
    if (at != 0 && (timer == 0 || at < timer)) timer = at;
  };
  // While something is in flight, its answer brings us back here.
  if (!outbox_.busy() && !refresh_.busy() && context_->profile() != nullptr) {
    earlier(outbox_.wake_at());
    earlier(refresh_.wake_at());
  }
  context_->host().set_timer(timer);
}

// --- Commands -------------------------------------------------------------------------------------

Result<Ok> Engine::run(const Command& command, Reply& reply) {
  const CommandBody& body = command.body;
  if (std::holds_alternative<Start>(body)) return start();
  if (const auto* save = std::get_if<SaveDraft>(&body)) return save_draft(save->draft);
  if (const auto* add = std::get_if<AddPhoto>(&body)) return end_arrival(add->photo, add_photo(*add));
  if (const auto* replace = std::get_if<ReplacePhoto>(&body)) return end_arrival(replace->photo, replace_photo(*replace));
  if (const auto* remove = std::get_if<RemovePhoto>(&body)) return remove_photo(*remove);
  if (const auto* remove = std::get_if<DeleteDraft>(&body)) return delete_draft(remove->report_id);
  if (const auto* one = std::get_if<Submit>(&body)) return submit(one->report_id, reply);
  if (const auto* one = std::get_if<OpenReport>(&body)) return open_report(one->report_id);
  if (const auto* one = std::get_if<LoadEvidence>(&body)) return load_evidence(*one);
  if (const auto* save = std::get_if<SaveSettings>(&body)) return save_settings(save->settings);
  if (std::holds_alternative<DismissNotice>(body)) return dismiss_notice();
  if (const auto* lost = std::get_if<AdoptPhoto>(&body)) return adopt_photo(*lost);
  if (const auto* sent = std::get_if<MarkSms>(&body)) return mark_sms(sent->report_id);
  if (const auto* one = std::get_if<SendAsNew>(&body)) return send_as_new(one->report_id, reply);
  if (const auto* carried = std::get_if<ImportReports>(&body)) return import_reports(carried->reports);
  // What is left asks the city's server, and would have to save what it says.
  if (context_->read_only()) return Error{ErrorCode::kUnsupported, "database", "read only"};
  if (const auto* hint = std::get_if<Wake>(&body)) {
    wake(hint->reason);
  } else if (std::holds_alternative<SendNow>(body)) {
    outbox_.event(sync::Event::Kind::kSendNow);
    context_->retry_storage_now();
  } else {
    if (context_->profile() == nullptr) return Error{ErrorCode::kNotFound, "profile", "no city yet"};
    refresh_.load_public_reports(command.id);
  }
  return Ok{};
}

Result<Ok> Engine::start() {
  context_->forget_told();
  context_->emit(SettingsChanged{settings_});
  if (context_->profile() != nullptr) context_->emit(ProfileChanged{context_->profile_text()});
  const Result<report::Counts> counts = lapor::read_counts(TRY(context_->repository().setting("counts")));
  if (counts.ok()) context_->emit(CountsChanged{*counts});
  for (const store::StoredSummary& summary : TRY(context_->repository().summaries())) {
    if (summary.state != PhoneState::kReceived || summary.photos_on_way) context_->report_changed(summary.id);
  }
  return Ok{};
}

Result<store::StoredReport> Engine::editable(std::string_view report_id) {
  std::optional<store::StoredReport> stored = TRY(context_->repository().find(report_id));
  if (!stored) return Error{ErrorCode::kNotFound, "report_id", "no such report"};
  if (!is_editable(stored->state)) return Error{ErrorCode::kConflict, "report_id", "on its way or at the server"};
  return *std::move(stored);
}

Result<Ok> Engine::save_draft(report::Draft draft) {
  TRY(check_draft(draft));
  const std::optional<store::StoredReport> stored = TRY(context_->repository().find(draft.id));
  if (stored && !is_editable(stored->state)) {
    return Error{ErrorCode::kConflict, "draft", "on its way or at the server"};
  }
  if (draft.created_at <= 0) draft.created_at = context_->now();
  if (stored) {
    // Autosave saves often what did not change: no write then.
    draft.photos = stored->draft.photos;
    draft.created_at = stored->draft.created_at;
    draft.updated_at = stored->draft.updated_at;
    if (draft == stored->draft) return Ok{};
  }
  draft.updated_at = context_->now();
  TRY(context_->commit([&] { return context_->repository().save_draft(draft); }));
  context_->report_changed(draft.id);
  return Ok{};
}

Result<Ok> Engine::end_arrival(const report::Photo& photo, Result<Ok> result) {
  for (const std::string& sha256 : {photo.sha256, photo.thumbnail_sha256}) context_->unpin_blob(sha256);
  if (!result.ok()) context_->drop_blobs({photo.sha256, photo.thumbnail_sha256});
  return result;
}

Result<Ok> Engine::add_photo(const AddPhoto& command) {
  const report::Photo& photo = command.photo;
  TRY(check_photo(photo));
  const store::StoredReport stored = TRY(editable(command.report_id));
  const std::vector<report::Photo>& photos = stored.draft.photos;
  const bool known = std::any_of(photos.begin(), photos.end(),
                                 [&](const report::Photo& other) { return other.sha256 == photo.sha256; });
  if (!known && photos.size() >= report::kMaxPhotos) {
    return Error{ErrorCode::kTooLarge, "photos", "there are five already"};
  }
  TRY(context_->commit([&] { return context_->repository().add_photo(command.report_id, photo); }));
  context_->report_changed(command.report_id);
  return Ok{};
}

Result<Ok> Engine::remove_photo(const RemovePhoto& command) {
  const store::StoredReport stored = TRY(editable(command.report_id));
  if (const report::Photo* photo = find_photo(stored.draft, command.sha256)) {
    TRY(context_->commit([&] { return context_->repository().remove_photo(command.report_id, command.sha256); }));
    context_->report_changed(command.report_id);
    context_->drop_blobs(blobs_of(*photo));
  }
  return Ok{};
}

Result<Ok> Engine::replace_photo(const ReplacePhoto& command) {
  TRY(check_photo(command.photo));
  const store::StoredReport stored = TRY(editable(command.report_id));
  const report::Photo* old = find_photo(stored.draft, command.old_sha256);
  if (!old) return Error{ErrorCode::kNotFound, "old_sha256", "no such photo"};
  report::Photo photo = command.photo;
  photo.original_sha256.clear();
  photo.original_bytes = 0;
  if (photo.sha256 == old->sha256 || command.original == Original::kKeep) {
    // Of a photo covered twice, the one before the first time.
    const bool kept = !old->original_sha256.empty() || photo.sha256 == old->sha256;
    photo.original_sha256 = kept ? old->original_sha256 : old->sha256;
    photo.original_bytes = kept ? old->original_bytes : old->bytes;
  }
  if (!photo.place || !geo::is_better_place(*photo.place, old->place)) photo.place = old->place;
  TRY(context_->commit([&] { return context_->repository().replace_photo(command.report_id, old->sha256, photo); }));
  context_->report_changed(command.report_id);
  context_->drop_blobs(blobs_of(*old));  // those that the new row does not name
  return Ok{};
}

Result<Ok> Engine::delete_draft(const std::string& report_id) {
  TRY(editable(report_id));
  std::vector<std::string> blobs = TRY(context_->repository().blobs_of(report_id));
  TRY(context_->commit([&] { return context_->repository().delete_report(report_id); }));
  context_->emit(ReportRemoved{report_id});
  context_->list_changed();
  context_->drop_blobs(std::move(blobs));
  return Ok{};
}

Result<Ok> Engine::complete(const report::Draft& draft, Reply& reply) {
  const report::CityProfile* profile = context_->profile();
  if (profile == nullptr) return Error{ErrorCode::kNotFound, "profile", "no city yet"};
  reply.problems = report::validate(draft, *profile, format_date(to_civil(context_->now(), profile->zone)));
  if (!reply.problems.empty()) return Error{ErrorCode::kInvalidArgument, "draft", "not complete"};
  return Ok{};
}

Result<Ok> Engine::submit(const std::string& report_id, Reply& reply) {
  const std::optional<store::StoredReport> stored = TRY(context_->repository().find(report_id));
  if (!stored) return Error{ErrorCode::kNotFound, "report_id", "no such report"};
  if (!is_editable(stored->state)) return Ok{};  // a second tap
  const UnixMillis now = context_->now();
  const report::Draft draft = report::normalised(stored->draft);
  TRY(complete(draft, reply));
  TRY(context_->commit([&]() -> Result<Ok> {
    TRY(context_->repository().save_draft(draft));
    return context_->repository().submit(report_id, now);
  }));
  context_->report_changed(report_id);
  outbox_.queue(report_id);
  return Ok{};
}

Result<Ok> Engine::open_report(const std::string& report_id) {
  ReportDetail report = TRY(context_->detail(report_id));
  context_->emit(ReportChanged{std::move(report)});
  if (!context_->read_only()) refresh_.open(report_id);
  return Ok{};
}

Result<Ok> Engine::load_evidence(const LoadEvidence& wanted) {
  if (!context_->read_only()) refresh_.load_evidence(wanted.report_id, wanted.path);
  return Ok{};
}

Result<Ok> Engine::save_settings(const Settings& settings) {
  if (!is_text_scale(settings.text_scale)) return Error{ErrorCode::kInvalidArgument, "text_scale", "not a step"};
  if (!is_language(settings.language)) return Error{ErrorCode::kInvalidArgument, "language", "not one of ours"};
  if (!(settings == settings_)) {
    TRY(context_->commit([&]() -> Result<Ok> {
      TRY(context_->repository().set_setting("text_scale", std::to_string(settings.text_scale)));
      TRY(context_->repository().set_setting("photos_wait", settings.photos_wait ? "1" : ""));
      return context_->repository().set_setting("language", settings.language);
    }));
    const bool other_wish = settings.photos_wait != settings_.photos_wait;
    settings_ = settings;
    if (other_wish) decide_photos();
  }
  // Told once they are kept: the page starts with what it was told last (web/main.js). Of two changes only the later.
  context_->when_durable([this, settings](Result<Ok> durable) {
    if (durable.ok() && settings == settings_) context_->emit(SettingsChanged{settings});
  });
  return Ok{};
}

Result<Ok> Engine::send_as_new(const std::string& report_id, Reply& reply) {
  const store::StoredReport stored = TRY(editable(report_id));
  const auto is_id = [](const report::Problem& problem) { return problem.field == report::Field::kId; };
  if (std::none_of(stored.problems.begin(), stored.problems.end(), is_id)) return Error{ErrorCode::kConflict, "report_id", "its id is free"};
  TRY(complete(report::normalised(stored.draft), reply));  // before it has a new id
  std::array<std::uint8_t, 10> random{};
  context_->host().random(random);
  const std::string new_id = make_uuid_v7(context_->now(), random);
  TRY(context_->commit([&] { return context_->repository().rename_report(report_id, new_id); }));
  context_->emit(ReportRemoved{report_id});
  context_->report_changed(new_id);
  return submit(new_id, reply);
}

Result<Ok> Engine::mark_sms(const std::string& report_id) {
  const std::optional<store::StoredReport> stored = TRY(context_->repository().find(report_id));
  if (!stored) return Error{ErrorCode::kNotFound, "report_id", "no such report"};
  if (stored->state == PhoneState::kReceived) return Ok{};
  TRY(context_->commit([&] { return context_->repository().mark_sms(report_id, context_->now()); }));
  context_->report_changed(report_id);
  return Ok{};
}

// Only what was recovered is settled by having been read; the rest is true until the next start.
Result<Ok> Engine::dismiss_notice() {
  if (!wants_lost_photos()) return Ok{};
  TRY(context_->commit([&] { return context_->repository().set_setting("recovered", ""); }));
  context_->notice = {};
  return Ok{};
}

void Engine::wake(WakeReason reason) {
  if (context_->read_only()) return;
  outbox_.event(reason == WakeReason::kOnline ? sync::Event::Kind::kOnline : sync::Event::Kind::kDue);
  context_->retry_storage_now();
  if (asks_ == Asks::kForNews) refresh_.round(sync::Wish::kPerson);
}

}  // namespace titik::engine
