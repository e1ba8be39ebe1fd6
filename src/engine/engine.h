// The one door to everything behind the interface: commands in, events out (messages.h).
//
//   auto engine = TRY(Engine::open(host, page_store, image, profile_text));
//   engine->handle(R"({"type":"start","id":1})");
//
// Everything happens inside the calls below; between them the engine is at rest.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/context.h"
#include "engine/host.h"
#include "engine/messages.h"
#include "engine/outbox_runner.h"
#include "engine/receipt_runner.h"
#include "engine/refresh_runner.h"

namespace titik::engine {

// The link as far as the browser tells; not all do.
struct Link {
  bool saves_data = false;  // the phone's data saver, or a link of the speed of 2G
  bool is_unmetered = false;  // Wi-Fi or cable
  friend bool operator==(const Link&, const Link&) = default;
};

// What is asked of the server without a command: an interface wants the profile and news at the start.
// The outbox is sent either way.
enum class Asks { kNothing, kForNews };

class Engine {
 public:
  // `bundled_profile` is the one that came with the client; a newer one from the server goes first.
  // A database of a newer version can be read, and nothing is sent or changed (context.h). kUnsupported:
  // it cannot be read either; kCorrupt, kStorage: it cannot be used. In all these cases nothing was
  // changed. `host` and `store` outlive the engine.
  static Result<std::unique_ptr<Engine>> open(Host& host, store::PageStore& store, store::PageImage image,
                                              std::string_view bundled_profile, Keeping keeping = Keeping::kStored,
                                              Asks asks = Asks::kForNews);

  void handle(std::string_view command_text);
  void http_done(std::uint64_t request_id, const HttpAnswer& answer);
  void http_failed(std::uint64_t request_id, HttpFailure failure);
  void receipt_checked(ReceiptAnswer answer);
  void tick();                      // the timer that the host was asked for
  void page_visible(bool visible);  // hidden: nothing is polled
  void link(const Link& link);
  void online();                    // a hint of the browser

  // The host is about to store a blob for an add_photo, replace_photo or import_reports: it is not to be
  // deleted meanwhile. An add_photo or replace_photo that names it, or blob_failed, ends this.
  void blob_arriving(std::string_view sha256) { context_->pin_blob(sha256); }
  void blob_failed(std::string_view sha256) { context_->unpin_blob(sha256); }
  // After the start: all blobs that are stored. Those that nothing refers to are deleted when they are
  // older than a day.
  void sweep_blobs(const std::vector<BlobInfo>& stored);
  // After a recovery: the host is to send an AdoptPhoto for each photo that is stored.
  [[nodiscard]] bool wants_lost_photos() const { return context_->notice.kind == StorageNotice::Kind::kRecovered; }

  [[nodiscard]] std::uint64_t durable_commit() const { return context_->durable_commit(); }
  // The store may have lost its own pages: it finds out when it is given some.
  void write_something();
  // For a store that has. Not from inside a call of the engine.
  [[nodiscard]] store::PageBatch whole_database() const { return context_->whole_database(); }

 private:
  explicit Engine(std::unique_ptr<Context> context);

  // One for each command; what it answers goes into the reply. Saves::kYes: replied to when durable.
  Result<Ok> run(const Command& command, Reply& reply);
  Result<Ok> start();
  Result<Ok> save_draft(report::Draft draft);
  Result<Ok> add_photo(const AddPhoto& command);
  Result<Ok> remove_photo(const RemovePhoto& command);
  Result<Ok> replace_photo(const ReplacePhoto& command);
  // The two blobs of `photo` arrived and the command that names them has answered `result`.
  Result<Ok> end_arrival(const report::Photo& photo, Result<Ok> result);
  Result<Ok> delete_draft(const std::string& report_id);
  // kInvalidArgument: what it lacks is in the reply. kNotFound: no city yet.
  Result<Ok> complete(const report::Draft& draft, Reply& reply);
  Result<Ok> submit(const std::string& report_id, Reply& reply);
  Result<Ok> open_report(const std::string& report_id);
  Result<Ok> load_evidence(const LoadEvidence& wanted);
  Result<Ok> save_settings(const Settings& settings);
  Result<Ok> import_reports(std::string_view json);
  Result<Ok> dismiss_notice();
  Result<Ok> mark_sms(const std::string& report_id);
  Result<Ok> send_as_new(const std::string& report_id, Reply& reply);
  Result<Ok> adopt_photo(const AdoptPhoto& command);
  void wake(WakeReason reason);
  void decide_photos();  // whether they wait, by the link and the settings

  // The report, when it may be edited. kNotFound, kConflict.
  Result<store::StoredReport> editable(std::string_view report_id);
  // After every call: sends what is due, tells what changed, sets the timer.
  void settle();

  // Within a transaction; how it went is counted in `told`. True: it is here now.
  Result<bool> import_report(const report::Draft& carried, ReportsImported& told);

  std::unique_ptr<Context> context_;
  OutboxRunner outbox_;
  ReceiptRunner receipts_;
  RefreshRunner refresh_;
  Settings settings_;
  Link link_;
  Asks asks_ = Asks::kForNews;
};

}  // namespace titik::engine
