// What is brought from SP4N-LAPOR!: threads of reports that are linked, and complaints disposed to the city.
#include <algorithm>
#include <map>

#include "base/utf8.h"
#include "serve/crypto.h"
#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

constexpr std::size_t kMostThreadPages = 200;
constexpr int kMostListPages = 10;      // of one round
constexpr std::size_t kMostFiles = 10;  // of one follow-up
constexpr int kTriesOfAFile = 5;
constexpr int kTooManyRequests = 429;

// Ids are told, but must not be missing for a follow-up to be known again.
std::string id_of(const lapor::FollowUp& follow_up) {
  if (!follow_up.id.empty()) return follow_up.id;
  return "x" + sha256_hex(std::to_string(follow_up.at) + "|" + follow_up.institution_from + "|" + follow_up.content).substr(0, 24);
}

}  // namespace

Result<std::optional<lapor::FollowUpPage>> UpstreamLink::read_thread_page(const UpstreamReport& report, int page) {
  if (!TRY(may_work())) return std::optional<lapor::FollowUpPage>();
  const UpstreamAnswer answer = heard(client_.get(lapor::follow_ups_path(report.upstream_id, page)));
  if (answer.outcome != UpstreamOutcome::kDone) return std::optional<lapor::FollowUpPage>();
  Result<lapor::FollowUpPage> read = lapor::read_follow_ups(answer.body, profile_.zone);
  if (!read.ok()) return std::optional<lapor::FollowUpPage>();
  return std::optional(*std::move(read));
}

Result<bool> UpstreamLink::is_known(const UpstreamReport& report, const lapor::FollowUpPage& page) {
  for (const lapor::FollowUp& one : page.items) {
    if (!TRY(store_.was_seen(report.tracking_id, id_of(one)))) return false;
  }
  return !page.items.empty();
}

Result<std::optional<std::vector<lapor::FollowUp>>> UpstreamLink::read_thread(const UpstreamReport& report, Walk walk) {
  using Thread = std::optional<std::vector<lapor::FollowUp>>;
  std::map<int, lapor::FollowUpPage> pages;
  int last_page = 1;
  // Answers whether to go on in this direction; nothing: it was not read.
  const auto read = [&](int page) -> Result<std::optional<bool>> {
    if (!pages.contains(page)) {
      if (pages.size() == kMostThreadPages) return std::optional<bool>();
      auto got = TRY(read_thread_page(report, page));
      if (!got) return std::optional<bool>();
      last_page = std::max(last_page, got->last_page);
      pages.emplace(page, *std::move(got));
    }
    return std::optional(walk == Walk::kWhole || !TRY(is_known(report, pages.at(page))));
  };
  // Whichever end is new: what is brought is brought oldest first, so what was not seen lies together at one end. From
  // the first page until a whole one is known, then from the last back, which may turn out not to be the last.
  int front = 0;
  for (bool on = true; on && front < last_page;) {
    const auto more = TRY(read(++front));
    if (!more) return Thread();
    on = *more;
  }
  for (int page = last_page; page > front;) {
    const int was_last = last_page;
    const auto more = TRY(read(page));
    if (!more) return Thread();
    if (last_page > was_last) {
      page = last_page;
    } else if (*more) {
      --page;
    } else {
      break;
    }
  }
  std::vector<lapor::FollowUp> thread;
  for (const auto& [number, page] : pages) thread.insert(thread.end(), page.items.begin(), page.items.end());
  std::stable_sort(thread.begin(), thread.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return Thread(std::move(thread));
}

Result<std::optional<std::vector<NewFile>>> UpstreamLink::fetch_files(const std::vector<lapor::Attachment>& attachments) {
  std::vector<NewFile> files;
  for (const lapor::Attachment& attachment : attachments) {
    if (files.size() == kMostFiles) break;
    const std::optional<UpstreamAnswer> answer = client_.fetch(attachment.path);
    if (!answer) continue;  // a host that nobody named
    const bool is_unclear = answer->outcome == UpstreamOutcome::kNotDone || answer->outcome == UpstreamOutcome::kUnknown;
    const bool may_come = is_unclear && !answer->too_long;
    // One that always fails must not keep the words back for ever. A connection to SP4N-LAPOR! itself that fails says
    // nothing about the file.
    const bool has_failed = answer->status != 0 || answer->is_elsewhere || answer->too_slow;
    const bool counts = has_failed && answer->status != kTooManyRequests;
    if (may_come && !(counts && TRY(store_.count_try(attachment.path)) >= kTriesOfAFile)) {
      if (!answer->is_elsewhere) (void)heard(*answer);
      return std::optional<std::vector<NewFile>>();
    }
    TRY(store_.forget_tries(attachment.path));
    if (answer->outcome != UpstreamOutcome::kDone) {
      log_("upstream: a file there could not be had: " + answer->reason());
      continue;
    }
    IncomingFile incoming = TRY(files_.receive());
    Result<Ok> written = incoming.write(answer->body);
    if (!written.ok() && written.error().code == ErrorCode::kStorage) return written.error();
    if (!written.ok()) continue;
    const Result<KeptFile> kept = incoming.keep();
    if (!kept.ok() && kept.error().code == ErrorCode::kStorage) return kept.error();
    if (!kept.ok()) continue;  // neither a photo nor a document
    files.push_back({kept->sha256, kept->bytes, std::string(kept->type.mime),
                     std::string(prefix_of(clean_text(attachment.file_name, Lines::kOne), 100))});
  }
  return std::optional(std::move(files));
}

Result<std::optional<bool>> UpstreamLink::bring_thread(const UpstreamReport& report, Walk walk) {
  const auto thread = TRY(read_thread(report, walk));
  if (!thread) return std::optional<bool>();
  bool has_news = false;
  for (const lapor::FollowUp& one : *thread) {
    const std::string id = id_of(one);
    if (TRY(store_.was_seen(report.tracking_id, id))) continue;
    // Ours, come to be read again. A mark that was known already is somebody's quotation.
    const auto mark = read_upstream_mark(one.content, profile_.id);
    if (mark && mark->tracking_id == report.tracking_id && TRY(store_.recognise(report.tracking_id, mark->item, id))) {
      TRY(store_.set_seen(report.tracking_id, id));
      continue;
    }
    const auto files = TRY(fetch_files(one.attachments));
    if (!files) return std::optional<bool>();
    TRY(desk_->bring_follow_up(report, id, one, *files, now_()));
    has_news = true;
  }
  return std::optional(has_news);
}

// Nothing: the network failed. False: it was known.
Result<std::optional<bool>> UpstreamLink::bring_from_list(const UpstreamComplaint& complaint) {
  if (TRY(store_.report_there(complaint.id))) return std::optional(false);
  if (const auto mark = read_upstream_mark(complaint.content, profile_.id)) {
    switch (TRY(store_.whose(*mark, complaint.at))) {
      case UpstreamStore::Whose::kOurs: return std::optional(false);
      case UpstreamStore::Whose::kMissed:
        TRY(store_.set_upstream_id(mark->tracking_id, complaint.id, now_(), now_()));
        return std::optional(false);
      case UpstreamStore::Whose::kTheirs:
        log_("upstream: complaint " + complaint.id + " has the mark of report " + std::to_string(mark->tracking_id) + ", but is another");
        break;
    }
  }
  if (!desk_->is_ours(complaint.disposition_id) || (complaint.title.empty() && complaint.content.empty())) return std::optional(false);
  auto photos = TRY(fetch_files(complaint.attachments));
  if (!photos) return std::optional<bool>();
  // The same picture twice is one.
  std::vector<NewFile> different;
  for (NewFile& photo : *photos) {
    const bool is_new = std::none_of(different.begin(), different.end(), [&](const NewFile& one) { return one.sha256 == photo.sha256; });
    if (is_new && different.size() < report::kMaxPhotos) different.push_back(std::move(photo));
  }
  const UpstreamDesk::Brought brought = TRY(desk_->bring_report(complaint, different, now_()));
  TRY(store_.add_theirs(brought.tracking_id, complaint.id, now_()));
  return std::optional(true);
}

// Whoever is killed from here on has read the list's pages up to, and not with, this one.
Result<Ok> UpstreamLink::keep_place(std::int64_t from, std::int64_t newest) {
  TRY(store_.set_setting("upstream_list_from", from == 0 ? "" : std::to_string(from)));
  return store_.set_setting("upstream_list_newest", std::to_string(newest));
}

// Nothing: not now. The newest stand first, so a walk ends where a page has nothing that came since the last one. But
// only when that one came to its end: else it goes on where that one was cut off, to the last page, news or not.
Result<std::optional<UnixMillis>> UpstreamLink::walk_list() {
  using Wait = std::optional<UnixMillis>;
  const std::int64_t cut_off = number_of(TRY(store_.setting("upstream_list_from")));  // 0: it was whole
  const std::int64_t newest = number_of(TRY(store_.setting("upstream_list_newest")));
  std::int64_t highest = newest;
  std::int64_t incomplete = 0;  // the first page of which something could not be brought
  std::int64_t page = 1;
  for (int count = 0; count < kMostListPages; ++count) {
    if (!TRY(may_work())) return Wait();
    TRY(keep_place(incomplete != 0 ? incomplete : page, highest));
    const UpstreamAnswer answer = heard(client_.get(upstream_list_page(config_.list_path, page)));
    if (is_paused()) return Wait();
    const Result<UpstreamList> list = read_upstream_list(answer.body, profile_.zone);
    if (answer.outcome != UpstreamOutcome::kDone || !list.ok()) {
      log_("upstream: the list was not read: " + answer.reason());
      return Wait(config_.poll_first);
    }
    bool has_news = false;
    for (const UpstreamComplaint& complaint : list->items) {
      const std::optional<bool> brought = TRY(bring_from_list(complaint));
      if (!brought && is_paused()) return Wait();
      if (!brought && incomplete == 0) incomplete = page;
      // One that is for others is news too: it may hide ours that came with it.
      has_news = has_news || !brought || *brought || number_of(complaint.id) > newest;
      highest = std::max(highest, number_of(complaint.id));
    }
    if (!list->more || (!has_news && cut_off == 0)) {
      TRY(keep_place(incomplete, highest));
      return Wait(config_.poll_first);
    }
    // One page before the cut: what was taken off the list since has moved the rest up.
    page = has_news ? page + 1 : std::max(page + 1, cut_off - 1);
  }
  TRY(keep_place(incomplete != 0 ? incomplete : page, highest));
  return Wait(0);
}

Result<Ok> UpstreamLink::bring_list() {
  if (config_.list_path.empty()) return Ok{};
  if (now_() < number_of(TRY(store_.setting("upstream_list_at")))) return Ok{};
  const std::optional<UnixMillis> wait = TRY(walk_list());
  if (!wait) return Ok{};
  return store_.set_setting("upstream_list_at", std::to_string(now_() + *wait));
}

}  // namespace titik::serve
