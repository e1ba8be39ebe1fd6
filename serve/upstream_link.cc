// What holds the link together: whose turn it is, pauses, asking about reports. upstream_send.cc tells; upstream_bring.cc
// and upstream_list.cc bring; upstream_files.cc has the files of both.
#include "serve/upstream_link.h"

#include <algorithm>
#include <chrono>

#include "serve/crypto.h"

namespace titik::serve {
namespace {

constexpr UnixMillis kLeaseTime = 5 * kMinute;  // longer than any request may take
constexpr UnixMillis kFirstWait = 5 * kSecond;
constexpr UnixMillis kLongestWait = 15 * kMinute;
constexpr int kPollsOfARound = 20;
constexpr UnixMillis kQuietUntilForgotten = 30 * kDay;  // closed, and no news: not asked about any more
constexpr std::chrono::seconds kBetweenRounds{2};

// UpstreamReport::status_seen. Only the name may hold the sign between them.
struct Seen {
  std::string code, name, institution;
};
std::string write_seen(const Seen& seen) { return seen.code + "|" + seen.name + "|" + seen.institution; }
Seen read_seen(const std::string& text) {
  const std::size_t first = text.find('|'), last = text.rfind('|');
  if (first == last) return {};  // never asked about
  return {text.substr(0, first), text.substr(first + 1, last - first - 1), text.substr(last + 1)};
}

}  // namespace

UnixMillis upstream_wait(int failures) {
  const UnixMillis ceiling = std::min(kLongestWait, kFirstWait << std::clamp(failures, 0, 10));
  const auto chance = static_cast<UnixMillis>(std::stoul(random_hex(3), nullptr, 16));
  return ceiling / 2 + chance % (ceiling / 2 + 1);
}

UnixMillis next_poll_wait(UnixMillis last_wait, bool has_news, const UpstreamConfig& config) {
  if (has_news || last_wait == 0) return config.poll_first;
  return std::clamp(last_wait * 2, config.poll_first, config.poll_longest);
}

UpstreamLink::UpstreamLink(Repository& repository, Workflow& workflow, FileStore& files, const report::CityProfile& profile, const UpstreamConfig& config,
                           Now now, Log log)
    : repository_(repository), workflow_(workflow), files_(files), profile_(profile), config_(config), now_(std::move(now)), log_(std::move(log)),
      store_(repository.sql()), client_(config), lease_(repository.sql(), "upstream") {}

Result<Ok> UpstreamLink::start() {
  caller_ = TRY(upstream_caller(repository_, now_()));
  desk_.emplace(repository_, workflow_, store_, profile_, config_, *caller_);
  return store_.begin(now_());
}

Result<bool> UpstreamLink::may_work() {
  if (is_paused()) return false;
  return lease_.take(now_(), kLeaseTime);
}

Result<bool> UpstreamLink::round() {
  if (!TRY(lease_.take(now_(), kLeaseTime))) return false;
  TRY(take_changes());
  TRY(send_due());
  TRY(poll_due());
  TRY(bring_list());
  return true;
}

Result<Ok> UpstreamLink::hurry() {
  paused_until_ = 0;
  return store_.hurry(now_());
}

UpstreamAnswer UpstreamLink::heard(UpstreamAnswer answer) {
  const bool is_cut_off = answer.too_long || answer.too_slow;
  const bool is_down = (answer.status == 0 && !is_cut_off) || answer.outcome == UpstreamOutcome::kNoAccess;
  if (!is_down) {
    if (is_cut_off) log_("upstream: " + answer.brief());
    failures_ = 0;
    return answer;
  }
  const UnixMillis pause = std::max(answer.retry_after, upstream_wait(failures_++));
  paused_until_ = now_() + pause;
  log_("upstream: " + answer.brief() + "; next try in " + std::to_string(pause / kSecond) + " s");
  return answer;
}

Result<Ok> UpstreamLink::take_changes() {
  const auto wanted = [this](std::string_view agency_id, bool is_new) {
    const report::Agency* agency = profile_.agency(agency_id);
    if (agency && agency->vertical) return true;
    return config_.send == UpstreamConfig::Send::kAll && is_new;
  };
  const auto told = [this](report::Status from, report::Status to) {
    using report::StatusGroup;
    if (config_.templates.contains(std::string(report::status_name(to)))) return true;
    const bool reopened = report::status_group(from) == StatusGroup::kDone && report::status_group(to) != StatusGroup::kDone;
    return reopened || report::status_group(to) == StatusGroup::kDone || to == report::Status::kOnHold;
  };
  while (TRY(store_.take_changes(caller_->id, wanted, told, now_())) > 0) {
  }
  return Ok{};
}

// --- Asking about reports -------------------------------------------------------------------------

Result<Ok> UpstreamLink::poll_due() {
  for (const UpstreamReport& report : TRY(store_.due_polls(now_(), kPollsOfARound))) {
    if (!TRY(may_work())) return Ok{};
    const Result<Ok> done = poll(report);
    if (done.ok()) continue;
    // One report that cannot be worked on stops no other.
    if (done.error().code == ErrorCode::kStorage) return done;
    TRY(poll_later(report, done.error().where + ": " + done.error().message));
  }
  return Ok{};
}

Result<Ok> UpstreamLink::poll_later(const UpstreamReport& report, std::string_view why) {
  log_("upstream: report " + std::to_string(report.tracking_id) + " not read: " + std::string(why));
  const UnixMillis pause = next_poll_wait(report.poll_wait, false, config_);
  return store_.polled(report.tracking_id, report.status_seen, now_() + pause, pause, report.news_at);
}

Result<Ok> UpstreamLink::poll(const UpstreamReport& report) {
  // The link pauses. It may be this report alone that fails so: the others have their turn first.
  const auto soon = [&] {
    return store_.polled(report.tracking_id, report.status_seen, now_() + config_.poll_first, report.poll_wait, report.news_at);
  };
  const UpstreamAnswer answer = heard(client_.get(lapor::detail_path(report.upstream_id)));
  if (is_paused()) return soon();
  if (answer.outcome != UpstreamOutcome::kDone) return poll_later(report, answer.brief());
  const Result<lapor::Detail> detail = lapor::read_detail(answer.body, profile_.zone);
  if (!detail.ok()) return poll_later(report, detail.error().message);
  const std::optional<bool> thread = TRY(bring_thread(report, Walk::kNews));
  if (!thread) return is_paused() ? soon() : poll_later(report, "its thread");

  const std::string institution = read_disposition_id(answer.body);
  const std::string seen = write_seen({detail->status_code, detail->status_name, institution});
  const bool has_news = *thread || seen != report.status_seen;
  if (seen != report.status_seen) TRY(bring_state(report, *detail, institution, seen));
  const UnixMillis news_at = has_news ? now_() : report.news_at;
  const UnixMillis pause = next_poll_wait(report.poll_wait, has_news, config_);
  const report::Status here = TRY(repository_.report(report.tracking_id)).status;
  const bool is_over = report::status_group(here) == report::StatusGroup::kDone && now_() - news_at > kQuietUntilForgotten;
  return store_.polled(report.tracking_id, seen, is_over ? 0 : now_() + pause, pause, news_at);
}

Result<Ok> UpstreamLink::bring_state(const UpstreamReport& report, const lapor::Detail& detail, const std::string& institution, const std::string& seen) {
  const Seen last = read_seen(report.status_seen);
  const lapor::Detail before{.status_code = last.code, .status_name = last.name};
  // Until it is kept that this was seen (polled()) it may be brought again; the next time that it is so is another time.
  const std::string once = "state/" + std::to_string(report.news_at) + "/" + sha256_hex(seen).substr(0, 16);

  // What an officer has just done goes there first. Until a hand-on has arrived the agency there is that of before; when
  // the report was never asked about, also until it is granted.
  TRY(take_changes());
  const bool is_first_look = report.status_seen.empty();
  const bool is_of_before = TRY(is_first_look ? store_.has_handed_on(report.tracking_id) : store_.is_handing_on(report.tracking_id));
  const bool is_with_the_city = last.institution.empty() && institution == config_.institution_id;  // with no agency yet
  if (!institution.empty() && institution != last.institution && !is_with_the_city && !is_of_before) {
    TRY(desk_->bring_disposition(report.tracking_id, institution, detail.disposition_name, {once + "/institution", now_()}));
  }
  const auto status = upstream_status(detail, config_);
  if (!status) return Ok{};
  return desk_->bring_status(report.tracking_id, {.status = *status, .label = detail.status_name, .before = upstream_status(before, config_)},
                             {once, now_()});
}

// --- In a thread of its own -----------------------------------------------------------------------

UpstreamWorker::UpstreamWorker(UpstreamLink& link, UpstreamLink::Log log)
    : link_(link), thread_([this, log = std::move(log)] { run(log); }) {}

UpstreamWorker::~UpstreamWorker() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
  (void)link_.release();  // else it ends by itself
}

void UpstreamWorker::run(const UpstreamLink::Log& log) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!over_) {
    lock.unlock();
    const Result<bool> done = link_.round();
    if (!done.ok()) log("upstream: " + done.error().where + ": " + done.error().message);
    lock.lock();
    changed_.wait_for(lock, kBetweenRounds, [this] { return over_; });
  }
}

}  // namespace titik::serve
