// The phone's reports, outbox and settings as typed values over the tables of migrations.cc.
//
//   TRY(repository.transaction([&] { return repository.submit(draft, now); }));
//
// Functions that change something are called inside transaction(): what belongs together is
// committed together. Any of them answers kStorage or kCorrupt when the database fails.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "report/report.h"
#include "report/validation.h"
#include "store/database.h"

namespace titik::store {

// A report with all that the phone knows of it, but its timeline.
struct StoredReport {
  report::Draft draft;
  report::PhoneState state = report::PhoneState::kDraft;
  UnixMillis submitted_at = 0;            // 0: never
  std::string problem;                    // why it needs attention
  std::vector<report::Problem> problems;  // the same by field
  std::string tracking_id;                // empty until the receipt
  UnixMillis received_at = 0;
  UnixMillis follow_up_due_at = 0;
  UnixMillis follow_up_stopped_at = 0;
  std::string status_name;       // report::status_name; empty until the server told
  std::string disposition_name;
  int photos_sent = 0;           // photos that are wholly uploaded
  bool photos_on_way = false;    // received, and still in the outbox for its photos
  UnixMillis sms_at = 0;         // the citizen has also sent it by SMS; 0: no
};

// A row of the list of reports.
struct StoredSummary {
  std::string id;
  report::PhoneState state = report::PhoneState::kDraft;
  std::string title, category_id, thumbnail_sha256, tracking_id, status_name;
  UnixMillis updated_at = 0, follow_up_due_at = 0, follow_up_stopped_at = 0;
  bool photos_on_way = false;
};

struct OutboxPhoto {
  std::string sha256;
  // What the server calls its upload: the id of the file when all of it is there; the path of a resumable
  // upload, "/…", while it is under way; empty: none.
  std::string upload_id;
  std::int64_t bytes = 0;
  std::string thumbnail_sha256;
  std::int64_t thumbnail_bytes = 0;
  [[nodiscard]] bool is_whole() const { return !upload_id.empty() && upload_id[0] != '/'; }
  friend bool operator==(const OutboxPhoto&, const OutboxPhoto&) = default;
};

// One report on its way (docs/sync-protocol.md).
struct OutboxItem {
  std::string report_id;
  std::vector<OutboxPhoto> photos;
  bool create_unanswered = false;  // a create was sent, and its answer never seen
  bool words_at_server = false;    // received, photos to follow: what the report's state says
  int uploads_lost = 0;            // times the server no longer knew our uploads
  int attempts = 0;                // failures in a row
  UnixMillis not_before = 0;       // phone's clock; 0: at once
  bool told_to_wait = false;       // not_before comes from the server's Retry-After
  int thumbnails = 0;              // photos, from the first on, whose thumbnail went ahead of them, or was tried
  bool unanswered = true;          // the last failure was one of the network, as far as this life knows; not stored
  friend bool operator==(const OutboxItem&, const OutboxItem&) = default;
};

// What the server says of a report.
struct ServerState {
  std::string tracking_id;
  std::string status_name;
  std::string disposition_name;
  UnixMillis received_at = 0;
  UnixMillis follow_up_due_at = 0;
  UnixMillis follow_up_stopped_at = 0;
  friend bool operator==(const ServerState&, const ServerState&) = default;
};

// A receipt as the server signed it (lapor/signed_receipt.h).
struct StoredReceipt {
  std::string report_id;
  bool whole = false;  // the server has all photos; else they are to follow
  std::string jws;
  report::ReceiptVerdict verdict = report::ReceiptVerdict::kUnchecked;
};

struct StoredEvidence {
  std::string path;         // where to GET it
  std::string told_sha256;  // as the server told; empty when it did not
  std::string sha256;       // of the blob on the phone; empty until fetched
  std::string file_name;
  std::string extension;
  std::int64_t bytes = 0;
  std::string thumbnail_path;    // where to GET a small picture of it; empty: nobody told of one
  std::string thumbnail_sha256;  // of the blob on the phone; empty until fetched
  std::int64_t thumbnail_bytes = 0;
  friend bool operator==(const StoredEvidence&, const StoredEvidence&) = default;
};

struct StoredEntry {
  int kind = 0;  // engine's TimelineEntry::Kind
  UnixMillis at = 0;
  std::string who;
  std::string text;
  std::vector<StoredEvidence> evidence;
  friend bool operator==(const StoredEntry&, const StoredEntry&) = default;
};

// A report at the server that is not finished.
struct FollowedReport { std::string report_id, tracking_id; };

struct StorageUse {
  std::int64_t photo_bytes = 0;     // photos, thumbnails and evidence
  std::int64_t thumbnail_bytes = 0;  // of these
  std::int64_t evidence_bytes = 0;
  std::int64_t database_bytes = 0;
  int drafts = 0;
};

class Repository {
 public:
  explicit Repository(Database& db) : db_(db) {}  // `db` outlives it, migrated

  template <typename Work>
  auto transaction(Work&& work) -> decltype(work()) { return db_.transaction(std::forward<Work>(work)); }

  // --- Drafts
  Result<std::vector<StoredSummary>> summaries();  // newest first
  Result<std::optional<StoredReport>> find(std::string_view report_id);
  // Inserts it, or replaces words and place; photos, state and created_at stay as they are.
  Result<Ok> save_draft(const report::Draft& draft);
  // The same photo a second time replaces the first and keeps its place.
  Result<Ok> add_photo(std::string_view report_id, const report::Photo& photo);
  Result<Ok> remove_photo(std::string_view report_id, std::string_view sha256);
  // Another file in its place: time, origin and position in the list stay.
  Result<Ok> replace_photo(std::string_view report_id, std::string_view old_sha256, const report::Photo& photo);
  Result<Ok> delete_report(std::string_view report_id);
  // All that the citizen made of it, under another id and as a draft; nothing of it has been sent under that.
  Result<Ok> rename_report(std::string_view report_id, std::string_view new_id);

  // The citizen says so. The first time counts.
  Result<Ok> mark_sms(std::string_view report_id, UnixMillis at);

  // --- On the way
  Result<Ok> submit(std::string_view report_id, UnixMillis now);  // state antre, and into the outbox
  Result<std::vector<OutboxItem>> outbox();                       // in order of submission
  Result<Ok> save_item(const OutboxItem& item);                   // counters and upload ids
  Result<Ok> set_state(std::string_view report_id, report::PhoneState state);
  Result<Ok> receive(std::string_view report_id, const ServerState& receipt);  // state diterima
  Result<Ok> leave_outbox(std::string_view report_id);
  // Received, and some of its photos never will be: the state stays, out of the outbox.
  Result<Ok> give_up_photos(std::string_view report_id, std::string_view problem,
                            const std::vector<report::Problem>& problems);
  Result<Ok> refuse(std::string_view report_id, std::string_view problem,
                    const std::vector<report::Problem>& problems);  // state perlu_perhatian, out of the outbox

  // --- At the server
  Result<std::vector<FollowedReport>> followed();  // received, not finished; oldest first
  Result<Ok> set_server_state(std::string_view report_id, const ServerState& state);
  Result<std::vector<StoredEntry>> timeline(std::string_view report_id);  // newest first
  // Evidence that was fetched stays known by its path.
  Result<Ok> replace_timeline(std::string_view report_id, const std::vector<StoredEntry>& entries);
  Result<Ok> set_evidence(std::string_view report_id, std::string_view path, std::string_view sha256,
                          std::int64_t bytes);
  // `path`: of the thumbnail.
  Result<Ok> set_evidence_thumbnail(std::string_view report_id, std::string_view path, std::string_view sha256,
                                    std::int64_t bytes);

  // --- Receipts; deleting a report leaves them
  // Unchecked. One that is valid stays in its place.
  Result<Ok> save_receipt(const StoredReceipt& receipt);
  Result<Ok> judge_receipt(const StoredReceipt& receipt);  // its verdict, if it is still the one that is stored
  Result<std::vector<StoredReceipt>> unchecked_receipts();
  Result<std::vector<StoredReceipt>> receipts(std::string_view report_id);  // the best proof first

  // --- Blobs: who refers to them
  Result<std::vector<std::string>> blobs_of(std::string_view report_id);
  Result<bool> is_blob_used(std::string_view sha256);

  // --- Settings: device_token, device_user, profile, counts, text_scale, language, photos_wait, sent_today
  Result<std::string> setting(std::string_view name);  // empty when not set
  Result<Ok> set_setting(std::string_view name, std::string_view value);

  Result<StorageUse> storage_use();

 private:
  Database& db_;
};

}  // namespace titik::store
