#include "sync/refresh.h"

#include <algorithm>
#include <utility>

#include "sync/backoff.h"

namespace titik::sync {
namespace {

bool is_about_own_report(const Question& question) {
  return question.topic == Topic::kChanges || question.topic == Topic::kDetail || question.topic == Topic::kFollowUps ||
         question.topic == Topic::kEvidence;
}

void want_each(Refresh& refresh, const std::vector<store::FollowedReport>& followed) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < followed.size(); ++i) {
    if (followed[i].report_id == refresh.last_asked) first = i + 1;
  }
  const std::size_t count = std::min(followed.size(), kReportsInARound);
  for (std::size_t i = 0; i < count; ++i) {
    const store::FollowedReport& report = followed[(first + i) % followed.size()];
    want(refresh, {.topic = Topic::kDetail, .report_id = report.report_id, .tracking_id = report.tracking_id},
         Place::kLast);
    refresh.last_asked = report.report_id;
  }
}

}  // namespace

void want(Refresh& refresh, Question question, Place place) {
  if (refresh.in_flight == question) return;
  const auto found = std::find(refresh.wanted.begin(), refresh.wanted.end(), question);
  if (found != refresh.wanted.end()) {
    if (place == Place::kLast) return;
    refresh.wanted.erase(found);
  }
  refresh.wanted.insert(place == Place::kNext ? refresh.wanted.begin() : refresh.wanted.end(), std::move(question));
}

void plan_round(Refresh& refresh, const std::vector<store::FollowedReport>& followed, Wish wish, UnixMillis now) {
  if (wish == Wish::kPerson) refresh.quiet_rounds = 0;
  constexpr int kMostDoublings = 4;
  const UnixMillis stretched = std::min(kRoundEvery << std::min(refresh.quiet_rounds++, kMostDoublings), kRoundAtLatest);
  refresh.last_round_at = now;
  refresh.next_round_at = now + (refresh.saves_data ? kRoundAtLatest : stretched);
  if (wish == Wish::kPerson) want(refresh, {.topic = Topic::kCounts}, Place::kLast);
  if (followed.empty()) return;
  if (refresh.has_feed) return want(refresh, {.topic = Topic::kChanges}, Place::kLast);
  want_each(refresh, followed);
}

void no_feed(Refresh& refresh, const std::vector<store::FollowedReport>& followed) {
  refresh.has_feed = false;
  want_each(refresh, followed);
}

void expect_news(Refresh& refresh) {
  refresh.quiet_rounds = 0;
  if (!refresh.saves_data) refresh.next_round_at = std::min(refresh.next_round_at, refresh.last_round_at + kRoundEvery);
}

void set_visible(Refresh& refresh, bool visible) {
  refresh.visible = visible;
  if (visible) expect_news(refresh);
}

bool is_round_due(const Refresh& refresh, UnixMillis now) {
  return refresh.visible && is_due(refresh.next_round_at, now) && is_due(refresh.hold_until, now);
}

std::optional<Question> next_question(Refresh& refresh, bool has_token, UnixMillis now) {
  if (refresh.in_flight || !is_due(refresh.hold_until, now)) return std::nullopt;
  const auto found = std::find_if(refresh.wanted.begin(), refresh.wanted.end(), [&](const Question& question) {
    return has_token || !is_about_own_report(question);
  });
  if (found == refresh.wanted.end()) return std::nullopt;
  refresh.in_flight = std::move(*found);
  refresh.wanted.erase(found);
  return refresh.in_flight;
}

bool needs_token(const Refresh& refresh) {
  return std::any_of(refresh.wanted.begin(), refresh.wanted.end(), is_about_own_report);
}

void settled(Refresh& refresh) { refresh.in_flight.reset(); }

void failed(Refresh& refresh, std::string_view retry_after_header, UnixMillis now) {
  refresh.in_flight.reset();
  refresh.wanted.clear();
  const UnixMillis told = retry_after(retry_after_header, now);
  refresh.hold_until = told > 0 ? now + told : 0;
  refresh.next_round_at = now + std::max(told, kRoundEvery);
}

UnixMillis wake_at(const Refresh& refresh, UnixMillis now) {
  if (!is_due(refresh.hold_until, now)) return refresh.visible || !refresh.wanted.empty() ? refresh.hold_until : 0;
  return refresh.visible ? refresh.next_round_at : 0;
}

}  // namespace titik::sync
