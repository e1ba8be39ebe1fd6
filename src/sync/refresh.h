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

enum class Topic { kProfile, kCounts, kDetail, kFollowUps, kEvidence, kPublicReports };

struct Question {
  Topic topic = Topic::kCounts;
  std::string report_id;    // kDetail, kFollowUps, kEvidence
  std::string tracking_id;  // kDetail, kFollowUps
  int page = 1;             // kFollowUps
  std::string path;         // kEvidence
  friend bool operator==(const Question&, const Question&) = default;
};

inline constexpr UnixMillis kRoundEvery = 60 * kSecond;
inline constexpr std::size_t kReportsInARound = 20;  // a booth's phone follows hundreds
inline constexpr int kMostPages = 50;                // of one thread

struct Refresh {
  std::vector<Question> wanted;       // the first is next; never one twice
  std::optional<Question> in_flight;
  bool visible = true;                // the page is shown
  UnixMillis next_round_at = 0;       // 0: at once
  UnixMillis hold_until = 0;          // the server's Retry-After
  std::string last_asked;             // report at which the last round ended
};

enum class Place { kNext, kLast };
void want(Refresh& refresh, Question question, Place place);

// A round: counts, and the next kReportsInARound of `followed`, from where the last round ended.
void plan_round(Refresh& refresh, const std::vector<store::FollowedReport>& followed, UnixMillis now);
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
