// What the parts of the engine share: the database and its way to the disk, the city's profile, and the
// events that wait to be told.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/host.h"
#include "engine/messages.h"
#include "report/city_profile.h"
#include "store/commit_queue.h"
#include "store/paged_vfs.h"
#include "store/repository.h"

namespace titik::engine {

// What the store has of the image that the engine is opened with.
enum class Keeping {
  kStored,    // all of it
  kUnstored,  // none: the image was recovered, and the first write brings it all
  kMemory,    // none, ever: the browser refuses to store, and the store only pretends
};

class Context {
 public:
  // A database of a newer version is opened for reading alone: then nothing is committed, and commit()
  // answers kUnsupported. kUnsupported: not even that. kCorrupt, kStorage: it cannot be used.
  static Result<std::unique_ptr<Context>> open(Host& host, store::PageStore& store, store::PageImage image,
                                               Keeping keeping);

  Host& host() { return host_; }
  store::Repository& repository() { return *repository_; }
  UnixMillis now() { return host_.now(); }
  std::uint64_t random();

  // Runs `work` in one transaction; its pages are then on their way to the disk.
  template <typename Work>
  auto commit(Work&& work) -> decltype(work()) {
    if (read_only()) return Error{ErrorCode::kUnsupported, "database", "written by a newer version: read only"};
    return repository_->transaction(std::forward<Work>(work));
  }
  [[nodiscard]] bool read_only() const { return notice.kind == StorageNotice::Kind::kNewer; }

  // Calls `then` when everything committed so far is durable, or when an attempt to make it so failed.
  template <typename Then>
  void when_durable(Then then) { queue_->when_durable(file_->commit_number(), std::move(then)); }

  void emit(const Event& event) { host_.send_event(write_event(event)); }
  // Told at the end of the present call (flush_events), each once.
  void report_changed(std::string_view report_id);
  // As the interface is told it: NotFound when there is none.
  Result<ReportDetail> detail(const std::string& report_id);
  void list_changed() { list_changed_ = true; }
  void flush_events();
  void forget_told();  // a new interface listens: everything is told again

  // --- The city
  [[nodiscard]] const report::CityProfile* profile() const { return profile_ ? &*profile_ : nullptr; }
  [[nodiscard]] const std::string& profile_text() const { return profile_text_; }
  // Takes it when it is valid, and newer than the one in use or of another city. True: taken.
  bool offer_profile(std::string_view json);

  // --- Blobs
  void pin_blob(std::string_view sha256) { pins_.emplace(sha256); }
  void unpin_blob(std::string_view sha256);
  [[nodiscard]] bool is_pinned(std::string_view sha256) const { return pins_.find(sha256) != pins_.end(); }
  // Deletes those that no row refers to, once what was committed so far is durable.
  void drop_blobs(std::vector<std::string> sha256s);

  // --- Storage
  void retry_storage();  // when a failed write is due
  void retry_storage_now() { queue_->retry(); }
  [[nodiscard]] UnixMillis storage_retry_at() const { return storage_retry_at_; }
  [[nodiscard]] std::uint64_t durable_commit() const { return queue_->durable_commit(); }
  [[nodiscard]] store::PageBatch whole_database() const { return file_->whole(); }

  // --- Requests
  // Gives it the next id, which is answered, counts what it sends, and starts it.
  std::uint64_t start_http(HttpRequest request);
  [[nodiscard]] std::int64_t sent_today();  // bytes of bodies, since midnight in the city
  Result<Ok> keep_sent_today();             // within a transaction that is made anyway

  // The id of the report that is being sent just now; empty: none.
  std::string sending;
  SyncStateChanged sync_state;
  // For ReceiptRunner: a signed receipt was stored; the server told its profile.
  bool receipt_came = false;
  bool profile_came = false;
  StorageNotice notice;

 private:
  Context(Host& host, store::PageStore& store, store::PageImage image, Keeping keeping);
  void emit_if_new(const Event& event, std::string& told);
  void emit_save_state();
  void emit_list();
  void delete_unused(const std::vector<std::string>& sha256s);

  Host& host_;
  std::unique_ptr<store::CommitQueue> queue_;
  std::unique_ptr<store::PagedFile> file_;
  std::optional<store::Database> database_;
  std::optional<store::Repository> repository_;

  std::optional<report::CityProfile> profile_;
  std::string profile_text_;

  std::multiset<std::string, std::less<>> pins_;
  std::set<std::string, std::less<>> changed_reports_;
  bool list_changed_ = false;
  std::string told_list_, told_storage_, told_save_, told_sync_, told_notice_;
  UnixMillis saved_at_ = 0;
  UnixMillis storage_retry_at_ = 0;
  std::uint64_t last_http_id_ = 0;
  std::int64_t sent_bytes_ = 0, sent_day_ = 0;
};

// The report as the interface sees it.
ReportDetail detail_of(store::StoredReport stored, std::vector<store::StoredEntry> timeline,
                       std::vector<store::StoredReceipt> receipts = {});

}  // namespace titik::engine
