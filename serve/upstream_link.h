// The two-way link with SP4N-LAPOR! (docs/upstream.md): what changed here is told there, what changed there is brought
// here. Off without a configuration. Of the processes that share a database one at a time does it.
//
//   UpstreamLink link(...);
//   TRY(link.start());
//   while (...) TRY(link.round());   // or UpstreamWorker, in a thread of its own
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "serve/lease.h"
#include "serve/repository.h"
#include "serve/upstream_client.h"
#include "serve/upstream_desk.h"
#include "serve/upstream_store.h"

namespace titik::serve {

// The wait after `failures` in a row: doubling from 5 s to 15 min, the last half of it by chance.
UnixMillis upstream_wait(int failures);
// When to ask about a report again: soon after news, then ever more seldom.
UnixMillis next_poll_wait(UnixMillis last_wait, bool has_news, const UpstreamConfig& config);

class UpstreamLink {
 public:
  using Now = std::function<UnixMillis()>;
  using Log = std::function<void(const std::string&)>;

  // All must outlive it. `log`: lines for the operator, without personal data.
  UpstreamLink(Repository& repository, Workflow& workflow, FileStore& files, const report::CityProfile& profile, const UpstreamConfig& config, Now now, Log log);

  Result<Ok> start();
  // Whatever is due now, for a bounded number of requests. False: another process does it.
  Result<bool> round();
  // All that waits is due at once; a pause after failures ends.
  Result<Ok> hurry();
  Result<Ok> release() { return lease_.release(); }

 private:
  // Everything below does its work or notes why it could not; an error is one of our own storage.
  Result<Ok> take_changes();
  Result<Ok> send_due();
  Result<Ok> send(UpstreamItem& item);
  Result<Ok> send_create(UpstreamItem& item);
  Result<Ok> send_follow_up(UpstreamItem& item, const UpstreamReport& report);
  Result<Ok> send_state(UpstreamItem& item, const UpstreamReport& report);
  Result<Ok> send_hand_on(UpstreamItem& item, const UpstreamReport& report);
  // The ids there of the report's photos; nothing: they could not all be sent now, or not by this process any more.
  Result<std::optional<std::vector<std::string>>> send_files(const UpstreamItem& item);
  // Looks for what may have arrived. kThere: found; kNot: surely not; kLater: not known yet.
  enum class Found { kThere, kNot, kLater };
  Result<Found> look_for_report(const UpstreamItem& item);
  Result<Found> look_for_follow_up(const UpstreamItem& item, const UpstreamReport& report);
  Result<Found> not_found(const UpstreamItem& item);
  Result<Found> ask_about(const UpstreamItem& item);  // a person, whether the report arrived
  // Notes what became of the request that told `item`. True: it was done.
  Result<bool> settle(const UpstreamItem& item, const UpstreamAnswer& answer);
  Result<Ok> wait(const UpstreamItem& item, const UpstreamAnswer& answer, bool in_doubt);
  struct Said;
  Result<std::optional<Said>> follow_up_said(const UpstreamItem& item);
  Result<std::optional<Said>> late_photos_said(const UpstreamItem& item);
  // A follow-up there; without its files when they will not have these.
  Result<Ok> say(UpstreamItem& item, const UpstreamReport& report, const StoredReport& stored, Said said);
  // A file as it may leave, without a name of its field; nothing: it stays here, and the log says why.
  Result<std::optional<UpstreamPart>> file_part(std::int64_t tracking_id, const std::string& sha256, const std::string& mime, std::size_t number);

  Result<Ok> poll_due();
  Result<Ok> poll(const UpstreamReport& report);
  Result<Ok> poll_later(const UpstreamReport& report, std::string_view why);
  // What has become of its state and agency; `seen`: as it is kept in UpstreamReport::status_seen.
  Result<Ok> bring_state(const UpstreamReport& report, const lapor::Detail& detail, const std::string& institution, const std::string& seen);
  // How much of a thread is read: from both ends up to what is known, or all of it.
  enum class Walk { kNews, kWhole };
  Result<std::optional<lapor::FollowUpPage>> read_thread_page(const UpstreamReport& report, int page);
  Result<bool> is_known(const UpstreamReport& report, const lapor::FollowUpPage& page);  // and not empty
  // What was read of the thread there, oldest first; nothing: it could not be read.
  Result<std::optional<std::vector<lapor::FollowUp>>> read_thread(const UpstreamReport& report, Walk walk);
  // True: there was something new.
  Result<std::optional<bool>> bring_thread(const UpstreamReport& report, Walk walk);
  // One walk through the list, or a part of it (upstream_list.cc).
  struct ListWalk;
  struct ListPage;
  Result<Ok> bring_list();
  Result<std::optional<UnixMillis>> walk_list();
  Result<std::optional<ListPage>> look_at_page(ListWalk& walk, std::int64_t page);
  Result<Ok> keep_place(const ListWalk& walk);
  // False: it was known. Nothing: its files could not be had now.
  Result<std::optional<bool>> bring_from_list(const UpstreamComplaint& complaint);
  // Photos and documents that could be had; nothing: the network failed, try later.
  Result<std::optional<std::vector<NewFile>>> fetch_files(const std::vector<lapor::Attachment>& attachments);

  UpstreamAnswer heard(UpstreamAnswer answer);  // pauses the link when there is no connection or no access
  [[nodiscard]] bool is_paused() const { return now_() < paused_until_; }
  Result<bool> may_work();  // holds the lease, and is not paused

  Repository& repository_;
  Workflow& workflow_;
  FileStore& files_;
  const report::CityProfile& profile_;
  const UpstreamConfig& config_;
  Now now_;
  Log log_;
  UpstreamStore store_;
  UpstreamClient client_;
  Lease lease_;
  std::optional<Caller> caller_;
  std::optional<UpstreamDesk> desk_;
  int failures_ = 0;             // of the link as a whole, in a row
  UnixMillis paused_until_ = 0;
};

// Runs the rounds until it is destroyed.
class UpstreamWorker {
 public:
  UpstreamWorker(UpstreamLink& link, UpstreamLink::Log log);
  ~UpstreamWorker();
  UpstreamWorker(const UpstreamWorker&) = delete;
  UpstreamWorker& operator=(const UpstreamWorker&) = delete;

 private:
  void run(const UpstreamLink::Log& log);

  UpstreamLink& link_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace titik::serve
