// What is brought from SP4N-LAPOR!: threads of reports that are linked.
#include <algorithm>
#include <map>

#include "serve/crypto.h"
#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

constexpr std::size_t kMostThreadPages = 200;

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

}  // namespace titik::serve
