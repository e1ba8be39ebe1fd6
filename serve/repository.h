// Reports, their photos and threads, and who may call: one connection (sql.h) behind its mutex. Every call here takes
// well under a millisecond but for the commit's fsync. The command line opens a connection of its own.
//
// Errors: kNotFound, kConflict and kInvalidArgument carry an Indonesian sentence for the citizen or the
// officer; every other code is a fault of ours, and its message is for the log.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lapor/lapor.h"
#include "lapor/signed_receipt.h"
#include "report/report.h"
#include "serve/case.h"
#include "serve/signing_key.h"
#include "serve/sql.h"

namespace titik::serve {

enum class CallerKind { kDevice, kIntegration, kOffice };
struct Caller {
  std::int64_t id = 0;
  CallerKind kind = CallerKind::kDevice;
  std::string name;
};

struct StoredFile {
  std::int64_t id = 0;
  std::int64_t caller_id = 0;
  std::string sha256;
  std::int64_t bytes = 0;
  std::string mime;
  std::string file_name;
  std::int64_t tracking_id = 0;  // 0: not attached to a report yet
};

struct StoredReport {
  std::int64_t tracking_id = 0;
  std::int64_t caller_id = 0;
  std::string report_id;  // the Idempotency-Key; may be empty
  std::string request;    // JSON, lapor::read_create()
  std::string title;
  std::string category_id;
  bool is_secret = false;
  std::string agency_id;
  report::Status status = report::Status::kUnverified;
  UnixMillis received_at = 0;
  UnixMillis follow_up_due_at = 0;
  UnixMillis follow_up_stopped_at = 0;
};

struct NewReport {
  std::string city;              // CityProfile::id, for the receipt
  std::int64_t caller_id = 0;
  std::string key;               // Idempotency-Key; empty: none
  lapor::CreateRequest request;  // normalised; attachments are ids of this caller's uploads
  Case opening;                  // new_case()
  std::string passed_on;         // to whom it goes, in words (passed_on_words()); empty: nobody yet
  UnixMillis now = 0;
  std::function<Result<Ok>(std::int64_t tracking_id)> also = {};  // what belongs to a new one: in its transaction, with the mutex held
};
enum class Freshness { kNew, kKnown };
struct Created {
  lapor::Receipt receipt;
  Freshness freshness = Freshness::kNew;
};

struct NewFile {
  std::string sha256;
  std::int64_t bytes = 0;
  std::string mime;
  std::string file_name;
};

// A resumable upload (api_uploads.cc).
struct Upload {
  std::int64_t id = 0;
  std::int64_t caller_id = 0;
  std::int64_t length = 0;  // bytes
  std::string metadata;     // as the phone sent it
  std::string sha256;       // told by the phone; may be empty
  std::string file_name;
  UnixMillis expires_at = 0;
  std::int64_t file_id = 0;  // 0: not all has come
  std::string report_id;     // told by the phone: the report that the photo belongs to; may be empty
};

struct StatusCount {
  report::Status status = report::Status::kUnverified;
  std::int64_t count = 0;
};

struct ChangedReports {
  std::vector<std::pair<std::int64_t, StoredReport>> reports;  // after the number of the last change of each
  std::int64_t since = 0;  // as asked for, or 0
  bool more = false;
};

class Repository {
 public:
  // Opens or makes the database and brings it to this program's schema.
  static Result<std::unique_ptr<Repository>> open(const std::string& location);  // as Sql::open()

  // For the stores of other concerns, which share its connection and take its mutex.
  Sql& sql() { return *sql_; }

  Result<std::string> setting(std::string_view name);  // "" when unset
  Result<Ok> set_setting(std::string_view name, std::string_view value);

  // --- keys that sign receipts (repository_keys.cc)
  // The newest; the first call of all makes one.
  Result<SigningKey> signing_key(UnixMillis now);
  // A new one signs from now on, the private part of the one before is gone; its public part stays.
  Result<SigningKey> renew_signing_key(UnixMillis now);
  Result<std::vector<PublicKey>> public_keys(UnixMillis now);  // all there ever were, newest first

  // --- callers: only the SHA-256 of a token is ever stored
  Result<std::int64_t> add_caller(CallerKind kind, std::string_view name, std::string_view token_sha256,
                                  UnixMillis now);
  Result<std::optional<Caller>> caller_by_token(std::string_view token_sha256);
  // The one of this kind and name; it is made, with this token, when there is none.
  Result<Caller> known_caller(CallerKind kind, std::string_view name, std::string_view token_sha256, UnixMillis now);

  // --- files
  // The same file of the same caller, not attached yet, keeps its id.
  Result<std::int64_t> add_upload(std::int64_t caller_id, const NewFile& file, UnixMillis now);
  Result<StoredFile> file(std::int64_t id);
  Result<std::vector<StoredFile>> files_of_report(std::int64_t tracking_id);
  Result<std::vector<StoredFile>> files_of_follow_up(std::int64_t follow_up_id);

  // --- resumable uploads
  // kConflict: the caller has `most_unfinished` under way.
  Result<std::int64_t> begin_upload(const Upload& upload, int most_unfinished);
  Result<std::optional<Upload>> upload(std::int64_t id);
  // What the same caller has begun with the same words, and which has not expired: the newest.
  Result<std::optional<Upload>> same_upload(const Upload& upload, UnixMillis now);
  // A file of the same caller with these bytes, in whatever report; nothing when there is none.
  Result<std::optional<NewFile>> known_file(std::int64_t caller_id, std::string_view sha256);
  // Its bytes are kept: answers the id of the file that it now is. When the upload names a report of the
  // caller's, and that waits for a photo of this hash, it is the report's from now on.
  // kNotFound: bytes that were here before (known_file()) have been swept meanwhile.
  enum class Bytes { kJustKept, kFromBefore };
  Result<std::int64_t> finish_upload(const Upload& upload, const NewFile& file, Bytes bytes, UnixMillis now);
  Result<Ok> remove_upload(std::int64_t id);
  // Those that expired before `now`, finished ones too (their files stay): answers their ids.
  Result<std::vector<std::int64_t>> remove_expired_uploads(UnixMillis now);

  // --- reports
  // Exactly once for each key, whichever phone sends it: another one that sends the same content gets the
  // same receipt, and follows the report from then on. kConflict: the key stands for other content.
  // kInvalidArgument "attachments": not this caller's upload, or taken by another report;
  // "photos": a stored file is not what titik.photos says. With photos_follow the photos need not be here:
  // those that are not come by uploads that name the report.
  Result<Created> create_report(const NewReport& report);
  Result<StoredReport> report(std::int64_t tracking_id);
  Result<StoredReport> report_by_key(std::string_view key);
  // Signed; `draft` is what its request says.
  Result<lapor::Receipt> receipt(const StoredReport& report, const report::Draft& draft, std::string_view city, UnixMillis now);
  Result<int> photos_pending(std::int64_t tracking_id);
  // The phone made this report, or sent the same.
  Result<bool> is_of(const StoredReport& report, std::int64_t caller_id);
  // The caller's reports that changed after number `since`, in the order of their last change. A number that
  // this database never gave (it was restored from a copy) counts as 0.
  Result<ChangedReports> changed_reports(std::int64_t caller_id, std::int64_t since, int limit);
  Result<std::vector<StoredReport>> list(std::optional<report::Status> status);  // newest first
  Result<std::vector<StatusCount>> count_by_status();
  Result<std::vector<report::PublicReport>> public_reports(int limit);

  // --- the thread
  Result<std::vector<lapor::LogEntry>> history(std::int64_t tracking_id);
  Result<lapor::FollowUpPage> follow_ups(std::int64_t tracking_id, int page, int page_size);

 private:
  explicit Repository(std::unique_ptr<Sql> sql) : sql_(std::move(sql)) {}

  // Those below are called with the mutex held.
  Result<std::optional<StoredReport>> find_report(std::string_view where, std::string_view value);
  Result<StoredReport> require_report(std::int64_t tracking_id);
  Result<std::vector<StoredFile>> files_where(std::string_view condition, std::int64_t value);
  Result<lapor::Receipt> receipt_of(const StoredReport& report, const report::Draft& draft, std::string_view city, UnixMillis now);
  Result<std::string> signed_form(std::int64_t tracking_id, const lapor::Statement& statement, UnixMillis now);
  Result<std::int64_t> insert_caller(CallerKind kind, std::string_view name, std::string_view token_sha256, UnixMillis now);
  Result<std::int64_t> insert_file(std::int64_t caller_id, const NewFile& file, UnixMillis now);
  Result<bool> belongs_to(const StoredReport& report, std::int64_t caller_id);
  Result<std::vector<StoredFile>> attachable(const NewReport& report);
  Result<Ok> expect_photos(std::int64_t tracking_id, const NewReport& report);
  Result<Ok> attach_waiting(std::int64_t tracking_id, std::int64_t caller_id);
  Result<std::int64_t> insert_report(const NewReport& report, const std::string& content_sha256,
                           const std::vector<StoredFile>& files);
  Result<std::optional<SigningKey>> newest_signing_key();
  Result<SigningKey> some_signing_key(UnixMillis now);
  Result<SigningKey> add_signing_key(UnixMillis now);
  Result<Ok> add_follower(std::int64_t tracking_id, std::int64_t caller_id);

  std::unique_ptr<Sql> sql_;
};

}  // namespace titik::serve
