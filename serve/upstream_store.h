// What the link with SP4N-LAPOR! remembers: which report is which there, what is still to be told, what was seen.
//
// Nothing calls the link when a report changes. Every change raises the report's number in the table `change`, in the
// same transaction, whoever makes it; take_changes() reads on from the last number and writes the outbox. What the
// link itself has brought in (its caller's reports and follow-ups) never goes back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "report/report.h"
#include "serve/sql.h"
#include "serve/upstream_wire.h"

namespace titik::serve {

enum class UpstreamKind { kCreate, kFollowUp, kState, kHandOn };
std::string_view upstream_kind_name(UpstreamKind kind);  // "create", "follow-up", "state", "hand-on"

// UpstreamItem::word of a follow-up there that is none here.
inline constexpr std::string_view kLatePhotos = "photos";  // those that came after the report had gone
inline constexpr std::string_view kBareRating = "rating";      // without words

// In upstream_seen: a file says that the report was worked on before it came here, and not when. The public face leaves the
// times of that out.
inline constexpr std::string_view kCameWithHistory = "berkas/riwayat";

// Whose reports are another city's, out of its file (csv_exchange.h): they never go there.
inline constexpr std::string_view kFileCaller = "berkas SP4N-LAPOR!";

// One thing to be told. Its states: waiting; sending (a request may have left); asks (only a person knows whether it
// arrived); done; refused.
struct UpstreamItem {
  std::int64_t id = 0;
  std::int64_t tracking_id = 0;
  UpstreamKind kind = UpstreamKind::kCreate;
  std::int64_t reference = 0;  // kFollowUp: its id; 0: kLatePhotos or kBareRating
  std::string word;            // kCreate, kHandOn: the agency's id; kState: status_name; kFollowUp: what it is, if it is none here
  bool in_doubt = false;       // it was being sent when it was last heard of
  int attempts = 0;
  UnixMillis sent_at = 0;      // when it was last being sent; 0: never
  std::string state;
  std::string last_error;
};

struct UpstreamReport {
  std::int64_t tracking_id = 0;
  std::string upstream_id;  // empty: not there yet
  bool is_theirs = false;
  std::string status_seen;  // theirs, as it was last
  UnixMillis poll_wait = 0;
  UnixMillis news_at = 0;
};

class UpstreamStore {
 public:
  explicit UpstreamStore(Sql& sql) : sql_(sql) {}

  // Turns the link on: from now on what changes is taken. Known before: nothing happens.
  Result<Ok> begin(UnixMillis now);
  Result<bool> has_begun();
  // Whether a report is to be sent that came in after the link was turned on (`is_new`), or that was here before, is open
  // and was handed on since. No other is asked about.
  using Wanted = std::function<bool(std::string_view agency_id, bool is_new)>;
  // Whether a change of state is worth telling.
  using Told = std::function<bool(report::Status from, report::Status to)>;
  // Reads on in `change`, at most a hundred reports; answers how many.
  Result<int> take_changes(std::int64_t own_caller, const Wanted& wanted, const Told& told, UnixMillis now);

  // --- the outbox
  // The next that is due. Of one report they go one after the other.
  Result<std::optional<UpstreamItem>> next_item(UnixMillis now);
  // Before its request leaves: if nothing is heard any more, it is in doubt. False: it must not leave, another process
  // has had it since it was read.
  Result<bool> item_leaves(UpstreamItem& item, UnixMillis now);
  Result<Ok> item_done(std::int64_t id);
  Result<bool> is_done(std::int64_t id);
  // These two change nothing when another process has had the item since.
  // Certainly not there: once more at `next_at`. `in_doubt`: it may be; it is looked for then.
  Result<Ok> item_waits(const UpstreamItem& item, UnixMillis next_at, std::string_view error, bool in_doubt);
  Result<Ok> item_rests(const UpstreamItem& item, std::string_view state, std::string_view error);  // "asks" or "refused"
  // All that waits is due at once.
  Result<Ok> hurry(UnixMillis now);
  // What waits may have been sent already: it is looked for first. After a restore.
  Result<Ok> doubt_all();
  // What has not arrived there yet. For the operator.
  struct Backlog {
    std::map<std::string, std::int64_t> counts;  // by state, all but "done"
    UnixMillis oldest_at = 0;  // since when the oldest of those that are not "refused" is wanted there; 0: there is none
  };
  Result<Backlog> backlog();
  // For the officer: what does not go on by itself, and what has failed so far.
  Result<std::vector<UpstreamItem>> troubled();
  // A hand-on has not arrived there yet: what is told of its agency is of before. Or: there was one, and it may not be granted yet.
  Result<bool> is_handing_on(std::int64_t tracking_id);
  Result<bool> has_handed_on(std::int64_t tracking_id);
  // What was refused or asks is sent again.
  Result<Ok> send_again(std::int64_t tracking_id, UnixMillis now);
  // Ours that ended up as the follow-up `upstream_id` there. False: no such item waits to be seen (any more), unless it
  // was this one.
  Result<bool> recognise(std::int64_t tracking_id, std::int64_t item_id, std::string_view upstream_id);

  // --- reports
  Result<std::optional<UpstreamReport>> report(std::int64_t tracking_id);
  // What an erased report holds is not added to by the link, whatever it heard meanwhile.
  Result<bool> is_erased(std::int64_t tracking_id);
  // Whose a complaint there is that bears our mark and whose number is not known: ours; ours, whose number was missed
  // when it was sent; or theirs, with a mark that was copied.
  enum class Whose { kOurs, kMissed, kTheirs };
  Result<Whose> whose(const UpstreamMark& mark, UnixMillis complaint_at);
  Result<std::optional<UpstreamReport>> report_there(std::string_view upstream_id);
  // A report that has been sent has this number there; its create is done, and the citizen is told. False: it was
  // erased meanwhile, and stays so.
  Result<bool> set_upstream_id(std::int64_t tracking_id, std::string_view upstream_id, UnixMillis poll_at, UnixMillis now);
  // A report that comes from there, as it is now: its state and agency are known there; what others have written at it is
  // told. Known before: nothing happens.
  Result<Ok> add_theirs(std::int64_t tracking_id, std::string_view upstream_id, UnixMillis poll_at);
  // For NewReport::also, in its transaction: the report is new, so nobody has done anything with it yet.
  Result<Ok> add_theirs_at_once(std::int64_t tracking_id, std::string_view upstream_id, UnixMillis poll_at);
  Result<Ok> note_at_once(std::int64_t tracking_id, std::string_view text, UnixMillis now) { return add_note(tracking_id, text, now); }
  Result<Ok> set_seen_at_once(std::int64_t tracking_id, std::string_view upstream_id);
  // The report's state, or agency, that the link itself has brought about: known there.
  Result<Ok> status_is_told(std::int64_t tracking_id, std::string_view status);  // status_name()
  Result<std::string> status_told(std::int64_t tracking_id);  // its name
  Result<Ok> agency_is_told(std::int64_t tracking_id, std::string_view agency_id);
  Result<std::string> agency_told(std::int64_t tracking_id);  // its id
  // A line in the report's history, for the citizen.
  Result<Ok> note(std::int64_t tracking_id, std::string_view text, UnixMillis now);
  Result<std::vector<UpstreamReport>> due_polls(UnixMillis now, int limit);
  // `next_at` 0: never again.
  Result<Ok> polled(std::int64_t tracking_id, std::string_view status_seen, UnixMillis next_at, UnixMillis wait, UnixMillis news_at);
  Result<Ok> poll_by(std::int64_t tracking_id, UnixMillis at);

  // --- what was seen there, by its id in the report's thread
  Result<bool> was_seen(std::int64_t tracking_id, std::string_view upstream_id);
  Result<Ok> set_seen(std::int64_t tracking_id, std::string_view upstream_id);
  // Both at once: a line in the report's history is written once.
  Result<Ok> note_seen(std::int64_t tracking_id, std::string_view upstream_id, std::string_view text, UnixMillis now);

  // --- files of reports sent: their ids there; "" for one that was left out; kLatePhotos and the item's id for one that
  // goes, or went, with that item
  Result<std::optional<std::string>> file_there(std::int64_t file_id);
  Result<Ok> set_file_there(std::int64_t file_id, std::string_view upstream_id);
  static std::string with_item(std::int64_t item_id) { return std::string(kLatePhotos) + "/" + std::to_string(item_id); }

  // --- files that could not be had from there, by their address, or taken there, by "upload/" and their id
  // Also what else is tried again and again.
  Result<int> count_try(std::string_view address);  // with this one
  Result<Ok> forget_tries(std::string_view address);

  // The Idempotency-Key, here, of what comes from there: always the same for the same words, and nobody outside can
  // tell it beforehand, for phones choose their reports' keys themselves.
  Result<std::string> key_of(std::string_view words);

  Result<std::string> setting(std::string_view name);
  Result<Ok> set_setting(std::string_view name, std::string_view value);
  Result<Ok> set_settings(const std::vector<std::pair<std::string_view, std::string>>& settings);  // all of them, or none

  // What lapor::FollowUp does not tell of one.
  struct Words {
    int rating = 0;  // that the citizen gave with it, 1–5; 0: none
    bool is_secret = false;
  };
  Result<Words> words(std::int64_t follow_up_id);

 private:
  struct Changed;
  // With the mutex held.
  Result<Ok> run(std::string_view statement, auto const&... values);
  Result<std::string> setting_now(std::string_view name);
  Result<Ok> keep_setting(std::string_view name, std::string_view value);
  Result<std::int64_t> add_item(std::int64_t tracking_id, UpstreamKind kind, std::int64_t reference, std::string_view word, UnixMillis now);
  Result<Ok> take_follow_ups(const Changed& change, std::int64_t own_caller, UnixMillis now);
  Result<Ok> take_late_photos(const Changed& change, UnixMillis now);
  Result<Ok> take_change(const Changed& change, std::int64_t own_caller, const Wanted& wanted, const Told& told, UnixMillis since, UnixMillis now);
  Result<bool> is_erased_now(std::int64_t tracking_id);
  Result<std::string> told(std::string_view column, std::int64_t tracking_id);
  Result<Ok> add_note(std::int64_t tracking_id, std::string_view text, UnixMillis now);
  Result<std::optional<UpstreamReport>> find_report(std::string_view where, std::string_view value);

  Sql& sql_;
};

}  // namespace titik::serve
