#include "engine/context.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "lapor/signed_receipt.h"
#include "store/migrations.h"

namespace titik::engine {
namespace {

constexpr UnixMillis kStorageRetry = 10 * kSecond;
constexpr std::string_view kSentSetting = "sent_today";  // "<days since 1970 in the city> <bytes>"

}  // namespace

Context::Context(Host& host, store::PageStore& store, store::PageImage image, Keeping keeping) : host_(host) {
  const bool unstored = keeping == Keeping::kUnstored;
  if (keeping == Keeping::kMemory) notice.kind = StorageNotice::Kind::kMemory;
  queue_ = std::make_unique<store::CommitQueue>(
      store, unstored ? image.commit - 1 : image.commit,
      store::CommitQueue::Events{
          // These may come from inside COMMIT: nothing here uses the database.
          .on_durable = [this](std::uint64_t) {
            saved_at_ = host_.now();
            storage_retry_at_ = 0;
            emit_save_state();
          },
          .on_failure = [this](const Error&) {
            storage_retry_at_ = host_.now() + kStorageRetry;
            emit_save_state();
          }});
  file_ = std::make_unique<store::PagedFile>(std::move(image),
                                             [this](store::PageBatch batch) { queue_->add(std::move(batch)); });
  if (unstored) queue_->add(file_->whole());
}

Result<std::unique_ptr<Context>> Context::open(Host& host, store::PageStore& store, store::PageImage image,
                                               Keeping keeping) {
  std::unique_ptr<Context> context(new Context(host, store, std::move(image), keeping));
  context->database_ = TRY(store::open_paged_database(*context->file_));
  const Result<Ok> migrated = store::migrate(*context->database_);
  if (!migrated.ok()) {
    if (migrated.error().code != ErrorCode::kUnsupported) return migrated.error();
    context->notice.kind = StorageNotice::Kind::kNewer;
  }
  store::Repository& repository = context->repository_.emplace(*context->database_);
  if (context->read_only() && !(repository.summaries().ok() && repository.setting("").ok())) return migrated.error();
  const std::string recovered = TRY(context->repository_->setting("recovered"));
  if (!recovered.empty() && context->notice.kind == StorageNotice::Kind::kNone) {
    context->notice = {StorageNotice::Kind::kRecovered, std::atoi(recovered.c_str())};
  }
  const std::string sent = TRY(context->repository_->setting(kSentSetting));
  if (const std::size_t space = sent.find(' '); space != std::string::npos) {
    context->sent_day_ = std::atoll(sent.c_str());
    context->sent_bytes_ = std::atoll(sent.c_str() + space);
  }
  for (const store::StoredSummary& summary : TRY(context->repository_->summaries())) {
    context->saved_at_ = std::max(context->saved_at_, summary.updated_at);
  }
  return context;
}

std::uint64_t Context::random() {
  std::array<std::uint8_t, 8> bytes{};
  host_.random(bytes);
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

// --- Events ---------------------------------------------------------------------------------------

ReportDetail detail_of(store::StoredReport stored, std::vector<store::StoredEntry> timeline,
                       std::vector<store::StoredReceipt> receipts) {
  ReportDetail detail{.draft = std::move(stored.draft),
                      .state = stored.state,
                      .submitted_at = stored.submitted_at,
                      .received_at = stored.received_at,
                      .tracking_id = std::move(stored.tracking_id),
                      .status_name = std::move(stored.status_name),
                      .disposition_name = std::move(stored.disposition_name),
                      .follow_up_due_at = stored.follow_up_due_at,
                      .follow_up_stopped_at = stored.follow_up_stopped_at,
                      .problem = std::move(stored.problem),
                      .problems = std::move(stored.problems),
                      .photos_sent = stored.photos_sent,
                      .photos_on_way = stored.photos_on_way,
                      .sms_at = stored.sms_at};
  for (store::StoredEntry& entry : timeline) {
    TimelineEntry& line = detail.timeline.emplace_back();
    line.kind = static_cast<TimelineEntry::Kind>(
        std::clamp(entry.kind, 0, static_cast<int>(TimelineEntry::Kind::kCitizen)));
    line.at = entry.at;
    line.who = std::move(entry.who);
    line.text = std::move(entry.text);
    for (store::StoredEvidence& file : entry.evidence) {
      line.evidence.push_back({std::move(file.sha256), std::move(file.file_name), std::move(file.extension), file.bytes,
                               std::move(file.path), std::move(file.thumbnail_sha256)});
    }
  }
  if (!receipts.empty()) {
    detail.receipt = std::move(receipts.front().jws);
    detail.receipt_verdict = receipts.front().verdict;
    const Result<lapor::SignedReceipt> read = lapor::read_signed_receipt(detail.receipt);
    // A server that was put back to an earlier day gives another number: its first receipt does not prove that.
    if (read.ok() && read->statement.tracking_id != detail.tracking_id && detail.receipt_verdict == report::ReceiptVerdict::kValid) detail.receipt.clear();
    if (read.ok()) {
      detail.receipt_at = read->statement.received_at;
      detail.receipt_photos = static_cast<int>(read->statement.photo_sha256.size());
    }
  }
  return detail;
}

Result<ReportDetail> Context::detail(const std::string& report_id) {
  std::optional<store::StoredReport> stored = TRY(repository_->find(report_id));
  if (!stored) return Error{ErrorCode::kNotFound, report_id, "no such report"};
  ReportDetail detail = detail_of(*std::move(stored), TRY(repository_->timeline(report_id)), TRY(repository_->receipts(report_id)));
  // Only the present run knows what is in flight: at start everything waits in the queue again.
  if (detail.state == report::PhoneState::kQueued && sending == report_id) detail.state = report::PhoneState::kSending;
  return detail;
}

void Context::report_changed(std::string_view report_id) {
  changed_reports_.emplace(report_id);
  list_changed_ = true;
}

void Context::emit_if_new(const Event& event, std::string& told) {
  std::string text = write_event(event);
  if (text == told) return;
  told = std::move(text);
  host_.send_event(told);
}

void Context::emit_list() {
  Result<std::vector<store::StoredSummary>> summaries = repository_->summaries();
  if (!summaries.ok()) return;  // the command that changed it has told its own error
  ReportsChanged event;
  for (store::StoredSummary& summary : *summaries) {
    ReportSummary& row = event.reports.emplace_back();
    row.id = std::move(summary.id);
    row.state = summary.state;
    if (row.state == report::PhoneState::kQueued && sending == row.id) row.state = report::PhoneState::kSending;
    row.title = std::move(summary.title);
    row.category_id = std::move(summary.category_id);
    row.thumbnail_sha256 = std::move(summary.thumbnail_sha256);
    row.updated_at = summary.updated_at;
    row.tracking_id = std::move(summary.tracking_id);
    row.status_name = std::move(summary.status_name);
    row.follow_up_due_at = summary.follow_up_due_at;
    row.follow_up_stopped_at = summary.follow_up_stopped_at;
    row.photos_on_way = summary.photos_on_way;
  }
  emit_if_new(event, told_list_);
  if (const Result<store::StorageUse> use = repository_->storage_use(); use.ok()) {
    emit_if_new(StorageChanged{use->photo_bytes, use->thumbnail_bytes, use->evidence_bytes, use->database_bytes, use->drafts},
                told_storage_);
  }
}

void Context::emit_save_state() {
  const std::optional<Error>& failure = queue_->failure();
  emit_if_new(SaveStateChanged{.unsaved = queue_->newest_commit() != queue_->durable_commit(),
                               .durable_commit = queue_->durable_commit(),
                               .saved_at = saved_at_,
                               .problem = failure ? std::string(error_code_name(failure->code))
                                          : notice.kind == StorageNotice::Kind::kMemory ? "memory" : std::string()},
              told_save_);
}

void Context::flush_events() {
  for (const std::string& report_id : std::exchange(changed_reports_, {})) {
    Result<ReportDetail> changed = detail(report_id);
    if (changed.ok()) emit(ReportChanged{std::move(changed).value()});
  }
  if (std::exchange(list_changed_, false)) emit_list();
  emit_if_new(sync_state, told_sync_);
  emit_if_new(notice, told_notice_);
  emit_save_state();
}

void Context::forget_told() {
  told_list_.clear();
  told_storage_.clear();
  told_save_.clear();
  told_sync_.clear();
  told_notice_.clear();
  list_changed_ = true;
}

// --- The city -------------------------------------------------------------------------------------

bool Context::offer_profile(std::string_view json) {
  Result<report::CityProfile> offered = report::parse_city_profile(json);
  if (!offered.ok()) return false;
  if (profile_ && profile_->id == offered->id && profile_->version >= offered->version) {
    // A server has new keys without a new version.
    if (profile_->version > offered->version) return false;
    const Json keys = lapor::receipt_keys_of(json);
    if (keys.empty() || to_text(keys) == to_text(lapor::receipt_keys_of(profile_text_))) return false;
  }
  profile_ = std::move(offered).value();
  profile_text_ = json;
  return true;
}

// --- Requests -------------------------------------------------------------------------------------

std::int64_t Context::sent_today() {
  const std::int64_t today = (now() + (profile_ ? profile_->zone : 0) * kMinute) / kDay;
  if (today != sent_day_) sent_bytes_ = 0;
  sent_day_ = today;
  return sent_bytes_;
}

std::uint64_t Context::start_http(HttpRequest request) {
  std::int64_t bytes = sent_today();
  for (const HttpPart& part : request.body) bytes += static_cast<std::int64_t>(part.text.size()) + part.bytes;
  sent_bytes_ = bytes;
  request.id = ++last_http_id_;
  host_.start_http(request);
  return request.id;
}

Result<Ok> Context::keep_sent_today() {
  const std::int64_t bytes = sent_today();
  return repository_->set_setting(kSentSetting, std::to_string(sent_day_) + " " + std::to_string(bytes));
}

// --- Blobs ----------------------------------------------------------------------------------------

void Context::unpin_blob(std::string_view sha256) {
  const auto found = pins_.find(sha256);
  if (found != pins_.end()) pins_.erase(found);
}

void Context::drop_blobs(std::vector<std::string> sha256s) {
  if (sha256s.empty() || read_only()) return;
  when_durable([this, sha256s = std::move(sha256s)](Result<Ok> durable) {
    // Not durable: a start may still find the rows. The blobs are found unused at a later start.
    if (durable.ok()) delete_unused(sha256s);
  });
}

void Context::delete_unused(const std::vector<std::string>& sha256s) {
  std::vector<std::string> unused;
  for (const std::string& sha256 : sha256s) {
    if (pins_.find(sha256) != pins_.end()) continue;
    const Result<bool> used = repository_->is_blob_used(sha256);
    if (used.ok() && !*used) unused.push_back(sha256);
  }
  if (!unused.empty()) host_.delete_blobs(unused);
}

void Context::retry_storage() {
  if (storage_retry_at_ == 0 || now() < storage_retry_at_) return;
  storage_retry_at_ = 0;
  queue_->retry();
}

}  // namespace titik::engine
