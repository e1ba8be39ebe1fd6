// The list of complaints that are disposed to the city: what is new in it becomes reports here.
//
// Its newest stand first, and it moves while it is read: what comes pushes the rest down, what is taken off it pulls the
// rest up, over the border of a page. So a place in it is a number of a complaint, and a page only says about where that
// is. What holds at any time, also for whoever goes on after a kill: every complaint that is in the list now, with a
// number from ListWalk::rest.low up, was looked at and is here, but for those of ListWalk::failed.
#include <algorithm>
#include <limits>
#include <map>

#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

constexpr int kMostRequests = 10;  // of one walk; the next goes on
constexpr int kNotFound = 404;
constexpr std::int64_t kAboveAll = std::numeric_limits<std::int64_t>::max();

// Complaints that are still to be looked at, besides the news.
struct Range {
  std::int64_t page = 0;         // about where it begins; 0: there is none
  std::int64_t low = kAboveAll;  // numbers below this one
  std::int64_t until = 0;        // down to this one; 0: to the end of the list
};

// In the table `setting`: "4,1500017,0", or "". An earlier version told the page alone: nothing was surely looked at.
std::string write_range(const Range& range) {
  if (range.page == 0) return "";
  return std::to_string(range.page) + "," + std::to_string(range.low) + "," + std::to_string(range.until);
}
Range read_range(const std::string& text) {
  Range range{.page = number_of(text)};
  const std::size_t low = text.find(','), until = text.rfind(',');
  if (low == until) return range;
  range.low = number_of(std::string_view(text).substr(low + 1));
  range.until = number_of(std::string_view(text).substr(until + 1));
  return range;
}

// With this one. Numbers fall from page to page.
void widen(Range& range, std::int64_t number, std::int64_t page) {
  if (range.page == 0) {
    range = {page, number + 1, number};
    return;
  }
  if (number >= range.low) range.page = page;
  range.low = std::max(range.low, number + 1);
  range.until = std::min(range.until, number);
}

}  // namespace

struct UpstreamLink::ListWalk {
  Range rest;                  // what the next walk has to look at, if this one ends here
  Range failed;                // from the highest to the lowest of those that could not be brought: it is walked through anew
  std::int64_t known = 0;      // a higher number is news
  std::int64_t highest = 0;    // of those seen
  std::map<std::int64_t, bool> looked_at;  // by this walk; true: it is news
  int requests = 0;
  std::optional<UnixMillis> wait;  // of a walk that ended early: until the next; nothing: as long as the link pauses
};

struct UpstreamLink::ListPage {
  std::int64_t first = 0, last = 0;  // numbers of complaints; 0: the page is empty
  bool more = false;
  bool has_news = false;
  bool took_time = false;  // something was brought or tried: the list may have moved meanwhile
};

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
  TRY(desk_->bring_report(complaint, different, {.poll_at = now_(), .seen = {}}, now_()));
  return std::optional(true);
}

// Nothing: the walk ends here for now, see ListWalk::wait.
Result<std::optional<UpstreamLink::ListPage>> UpstreamLink::look_at_page(ListWalk& walk, std::int64_t page) {
  using Looked = std::optional<ListPage>;
  walk.wait.reset();
  if (!TRY(may_work())) return Looked();
  if (walk.requests++ == kMostRequests) {
    walk.wait = walk.rest.until == 0 ? 0 : config_.poll_first;  // what could not be brought has time
    return Looked();
  }
  const UpstreamAnswer answer = heard(client_.get(upstream_list_page(config_.list_path, page)));
  if (is_paused()) return Looked();
  if (answer.status == kNotFound && page > 1) return Looked(ListPage{});  // behind the last one
  const Result<UpstreamList> list = read_upstream_list(answer.body, profile_.zone);
  if (answer.outcome != UpstreamOutcome::kDone || !list.ok()) {
    log_("upstream: the list was not read: " + answer.brief());
    walk.wait = config_.poll_first;
    return Looked();
  }
  ListPage seen{.more = list->more};
  for (const UpstreamComplaint& complaint : list->items) {
    const std::int64_t number = number_of(complaint.id);
    if (seen.first == 0) seen.first = number;
    seen.last = number;
    walk.highest = std::max(walk.highest, number);
    // One that is for others is news too: it may hide ours that came with it.
    const auto [entry, is_first_look] = walk.looked_at.try_emplace(number, number > walk.known);
    if (is_first_look) {
      const Result<std::optional<bool>> brought = bring_from_list(complaint);
      if (!brought.ok() && brought.error().code == ErrorCode::kStorage) return brought.error();
      if (!brought.ok()) log_("upstream: complaint " + complaint.id + " was not taken: " + brought.error().where + ": " + brought.error().message);
      const bool has_failed = !brought.ok() || !*brought;
      if (has_failed && is_paused()) return Looked();
      if (has_failed) widen(walk.failed, number, page);
      const bool is_brought = !has_failed && **brought;
      entry->second = entry->second || is_brought;
      seen.took_time = seen.took_time || has_failed || is_brought;
    }
    seen.has_news = seen.has_news || entry->second;
  }
  return Looked(seen);
}

Result<Ok> UpstreamLink::keep_place(const ListWalk& walk) {
  return store_.set_settings({{"upstream_list_from", write_range(walk.rest)}, {"upstream_list_again", write_range(walk.failed)},
                              {"upstream_list_newest", std::to_string(walk.highest)}});
}

// Answers how long to wait before the next walk; nothing: not now.
Result<std::optional<UnixMillis>> UpstreamLink::walk_list() {
  ListWalk walk{.rest = read_range(TRY(store_.setting("upstream_list_from"))), .failed = read_range(TRY(store_.setting("upstream_list_again"))),
                .known = number_of(TRY(store_.setting("upstream_list_newest")))};
  walk.highest = walk.known;
  const Range left = walk.rest;

  // 1. The news, from the first page on. While there is more of it, what the next walk would have to look at begins here.
  // After whatever took time the page is read again: only one that shows nothing else is followed by the next.
  std::int64_t page = 1;
  bool is_end = false;
  for (;;) {
    const std::optional<ListPage> seen = TRY(look_at_page(walk, page));
    if (!seen) return walk.wait;
    walk.rest = seen->has_news ? Range{.page = page, .low = seen->last} : left;
    TRY(keep_place(walk));
    if (seen->took_time) continue;
    is_end = !seen->more || (!seen->has_news && (left.page == 0 || seen->first < left.until));
    if (is_end || !seen->has_news) break;
    ++page;
  }

  // 2. What was left, from about where it begins. A page that is empty, or lies below that place, is too far down: so many
  // have been taken off the list.
  const std::int64_t first_page = page + 1;
  std::int64_t empty_page = 0;
  std::int64_t step = 1;
  bool is_found = false;
  page = std::max(first_page, left.page);
  while (!is_end) {
    const std::optional<ListPage> seen = TRY(look_at_page(walk, page));
    if (!seen) return walk.wait;
    const bool is_empty = seen->first == 0;
    const bool is_too_far = is_empty || (!is_found && seen->first < walk.rest.low);
    if (is_too_far && page > first_page) {
      if (is_empty) empty_page = page, is_found = false;
      page = std::max(first_page, page - step);
      step *= 2;
      walk.rest.page = page;
      TRY(keep_place(walk));
      continue;
    }
    is_found = true;
    step = 1;
    if (!is_empty) walk.rest = {page, std::min(walk.rest.low, seen->last), walk.rest.until};
    TRY(keep_place(walk));
    if (seen->took_time) continue;
    is_end = is_empty || !seen->more || page + 1 == empty_page || seen->first < walk.rest.until;
    ++page;
  }

  // 3. All is here but what could not be brought: that is what is left.
  walk.rest = walk.failed;
  walk.failed = {};
  TRY(keep_place(walk));
  return std::optional(config_.poll_first);
}

Result<Ok> UpstreamLink::bring_list() {
  if (config_.list_path.empty()) return Ok{};
  if (now_() < number_of(TRY(store_.setting("upstream_list_at")))) return Ok{};
  const std::optional<UnixMillis> wait = TRY(walk_list());
  if (!wait) return Ok{};
  return store_.set_setting("upstream_list_at", std::to_string(now_() + *wait));
}

}  // namespace titik::serve
