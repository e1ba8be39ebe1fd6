// The clocks of one report (docs/domain.md, Clocks), as pure functions of its times. No function reads a clock.
//
//   city, hours round the clock      24, 48 or 72 by category: the first response, and the follow-up
//   SP4N-LAPOR!, working days        3 to verify, 5 to answer, 10 of the citizen's silence until it is closed
//
// What stops what: any word of the agency to the citizen stops the response (and LAPOR!'s answer); only an action
// with evidence or a reasoned refusal stops the follow-up.
//
// Handed on (bukan wewenang), the city's clocks begin anew: the next agency is not measured by the time that another
// one took. LAPOR!'s go on from receipt: that is what the citizen was promised. The coordinator's disposition of a
// report that no agency has worked on restarts nothing.
//
// On hold, clocks that run stand still: the city's move by the time held, those in working days by the working
// days held, and what had run out before stays run out. Nothing is escalated or closed meanwhile.
//
// Reopened, the follow-up begins anew, with the category's hours; the response stays given.
//
// Escalation: when the city's clock runs out the head of the agency is told; when it still runs 24 hours after that,
// the mayor's office. Each once for each time that the clocks begin. Where the citizen replies to what was settled
// ("masih berlubang"), the agency has five working days to answer, from when the report is no longer on hold; then the
// same steps follow. Who asks again before the answer gives no more time, and takes nothing away from the mayor's office.
#pragma once

#include "base/time.h"
#include "serve/working_days.h"

namespace titik::serve {

inline constexpr int kDaysToVerify = 3;    // working days
inline constexpr int kDaysToAnswer = 5;
inline constexpr int kDaysOfSilence = 10;  // after the agency's last word, until the system closes
inline constexpr int kDaysToReopen = 10;   // after closing
inline constexpr UnixMillis kHeadsTime = 24 * kHour;

enum class Level { kLiaison, kHead, kMayor };  // who a report lies with; stored as a number

struct ReportTimes {  // 0: not yet, or no such clock
  UnixMillis received_at = 0;
  UnixMillis clocks_started_at = 0;  // received, handed on or reopened: the last of them
  UnixMillis verify_due_at = 0, verified_at = 0;
  UnixMillis answer_due_at = 0, answered_at = 0;  // LAPOR!'s: the very first response
  UnixMillis response_due_at = 0, response_stopped_at = 0;
  UnixMillis follow_up_due_at = 0, follow_up_stopped_at = 0;
  UnixMillis held_at = 0;       // on hold since
  UnixMillis closes_at = 0;     // by the system, when the citizen stays silent until then
  UnixMillis closed_at = 0;     // or archived
  UnixMillis escalates_at = 0;  // the next step
  Level level = Level::kLiaison;
  friend bool operator==(const ReportTimes&, const ReportTimes&) = default;
};

ReportTimes times_of_new(UnixMillis now, int hours, const WorkingDays& days);

void note_verified(ReportTimes& times, UnixMillis now);
void note_response(ReportTimes& times, UnixMillis now);
// An action with evidence, or a reasoned refusal. From now on the citizen's silence counts.
void note_settled(ReportTimes& times, UnixMillis now, const WorkingDays& days);
// Words that are neither. Once the report is settled, the citizen's silence counts again.
void note_answer(ReportTimes& times, UnixMillis now, const WorkingDays& days);
// A question to the citizen: their silence counts, the follow-up goes on. Asked after the follow-up has run out it starts
// no silence: a late question must not end the report.
void note_question(ReportTimes& times, UnixMillis now, const WorkingDays& days);
void note_citizen(ReportTimes& times, UnixMillis now, const WorkingDays& days);
void note_hold(ReportTimes& times, UnixMillis now);
void note_resumed(ReportTimes& times, UnixMillis now, const WorkingDays& days);
void note_handed_on(ReportTimes& times, UnixMillis now, int hours);
void note_closed(ReportTimes& times, UnixMillis now);
void note_reopened(ReportTimes& times, UnixMillis now, int hours);

// The next step is due: note_escalated() takes it, one level a call.
bool escalation_is_due(const ReportTimes& times, UnixMillis now);
void note_escalated(ReportTimes& times);
bool silence_has_run_out(const ReportTimes& times, UnixMillis now);
bool may_still_reopen(const ReportTimes& times, UnixMillis now, const WorkingDays& days);

}  // namespace titik::serve
