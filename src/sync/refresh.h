// What the phone asks the server about reports it has delivered, and in which order: a pure machine
// like outbox.h (docs/sync-protocol.md, "Asking for news").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/repository.h"

namespace titik::sync {

enum class Topic { kProfile, kCounts, kChanges, kDetail, kFollowUps, kEvidence, kPublicReports };

struct Question {
  Topic topic = Topic::kCounts;
  std::string report_id;    // kDetail, kFollowUps, kEvidence
  std::string tracking_id;  // kDetail, kFollowUps
  int page = 1;             // kFollowUps
  std::string path;         // kEvidence
  friend bool operator==(const Question&, const Question&) = default;
};

inline constexpr UnixMillis kRoundEvery = 60 * kSecond;   // after news; twice as long after each round without
inline constexpr UnixMillis kRoundAtLatest = 15 * kMinute;  // always so long, where the phone saves data
inline constexpr std::size_t kReportsInARound = 20;  // a booth's phone follows hundreds
inline constexpr int kMostPages = 50;                // of one thread

struct Refresh {
  std::vector<Question> wanted;       // the first is next; never one twice
  std::optional<Question> in_flight;
  bool visible = true;                // the page is shown
  bool saves_data = false;            // the citizen asked the browser to
  bool has_feed = true;               // the server tells all changes in one answer; false: it has refused to
  int quiet_rounds = 0;               // without news
  UnixMillis last_round_at = 0;
  UnixMillis next_round_at = 0;       // 0: at once
  UnixMillis hold_until = 0;          // the server's Retry-After
  std::string last_asked;             // report at which the last round ended
};

enum class Place { kNext, kLast };
void want(Refresh& refresh, Question question, Place place);

// A round: the changes of all reports; from a server without that answer the next kReportsInARound of
// `followed`, from where the last round ended. The city's counts too, unless only the clock wants it.
enum class Wish { kClock, kPerson };
void plan_round(Refresh& refresh, const std::vector<store::FollowedReport>& followed, Wish wish, UnixMillis now);
void no_feed(Refresh& refresh, const std::vector<store::FollowedReport>& followed);
// Something was new, or is about to be: the next round comes soon.
void expect_news(Refresh& refresh);
void set_visible(Refresh& refresh, bool visible);
// True when the page is shown and the time for a round has come.
bool is_round_due(const Refresh& refresh, UnixMillis now);

// The next question, which is then in flight; nothing when there is none, or one is in flight.
// `has_token`: questions about reports wait without one, the others go first.
std::optional<Question> next_question(Refresh& refresh, bool has_token, UnixMillis now);
// True when a question waits that needs a token.
bool needs_token(const Refresh& refresh);

// The one in flight was answered, well or with a refusal: the others go on.
void settled(Refresh& refresh);
// No answer, or "not now": what is left waits for the next round.
void failed(Refresh& refresh, std::string_view retry_after, UnixMillis now);

// When to come back; 0: no need.
UnixMillis wake_at(const Refresh& refresh, UnixMillis now);

}  // namespace titik::sync
