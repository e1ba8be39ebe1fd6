#include "serve/clocks.h"

#include "report/clock.h"

namespace titik::serve {
namespace {

void begin(ReportTimes& times, UnixMillis now, int hours) {
  times.clocks_started_at = now;
  times.follow_up_due_at = report::follow_up_due_at(now, hours);
  times.follow_up_stopped_at = 0;
  times.escalates_at = times.follow_up_due_at;
  times.level = Level::kLiaison;
  times.closes_at = 0;
}

void stop(UnixMillis& stopped_at, UnixMillis now) {
  if (stopped_at == 0) stopped_at = now;
}

}  // namespace

ReportTimes times_of_new(UnixMillis now, int hours, const WorkingDays& days) {
  ReportTimes times;
  times.received_at = now;
  times.verify_due_at = days.after(now, kDaysToVerify);
  times.answer_due_at = days.after(now, kDaysToAnswer);
  begin(times, now, hours);
  times.response_due_at = times.follow_up_due_at;
  return times;
}

void note_verified(ReportTimes& times, UnixMillis now) { stop(times.verified_at, now); }

void note_response(ReportTimes& times, UnixMillis now) {
  stop(times.response_stopped_at, now);
  stop(times.answered_at, now);
}

void note_settled(ReportTimes& times, UnixMillis now, const WorkingDays& days) {
  note_response(times, now);
  stop(times.follow_up_stopped_at, now);
  times.escalates_at = 0;
  times.closes_at = days.after(now, kDaysOfSilence);
}

void note_answer(ReportTimes& times, UnixMillis now, const WorkingDays& days) {
  note_response(times, now);
  if (times.follow_up_stopped_at == 0) return;
  times.escalates_at = 0;
  times.closes_at = days.after(now, kDaysOfSilence);
}

void note_question(ReportTimes& times, UnixMillis now, const WorkingDays& days) {
  note_response(times, now);
  const bool is_settled = times.follow_up_stopped_at != 0;
  if (is_settled) times.escalates_at = 0;
  if (is_settled || now < times.follow_up_due_at) times.closes_at = days.after(now, kDaysOfSilence);
}

void note_citizen(ReportTimes& times, UnixMillis now, const WorkingDays& days) {
  const bool was_the_citizens_turn = times.closes_at != 0;
  times.closes_at = 0;
  const bool waits_for_nobody = times.follow_up_stopped_at != 0 && times.closed_at == 0 && times.escalates_at == 0;
  if (!waits_for_nobody || (times.level == Level::kMayor && !was_the_citizens_turn)) return;
  times.level = Level::kLiaison;
  if (times.held_at == 0) times.escalates_at = days.after(now, kDaysToAnswer);  // else note_resumed() begins it
}

void note_hold(ReportTimes& times, UnixMillis now) { times.held_at = now; }

void note_resumed(ReportTimes& times, UnixMillis now, const WorkingDays& days) {
  const UnixMillis held_at = times.held_at;
  const int held_days = days.between(held_at, now);
  const auto still_ran = [&](UnixMillis due_at, UnixMillis stopped_at) { return stopped_at == 0 && due_at > held_at; };
  if (still_ran(times.response_due_at, times.response_stopped_at)) times.response_due_at += now - held_at;
  if (still_ran(times.follow_up_due_at, times.follow_up_stopped_at)) times.follow_up_due_at += now - held_at;
  const bool is_settled = times.follow_up_stopped_at != 0;  // then what escalates is an answer in working days
  if (still_ran(times.escalates_at, 0)) times.escalates_at = is_settled ? days.moved(times.escalates_at, held_days) : times.escalates_at + now - held_at;
  if (still_ran(times.verify_due_at, times.verified_at)) times.verify_due_at = days.moved(times.verify_due_at, held_days);
  if (still_ran(times.answer_due_at, times.answered_at)) times.answer_due_at = days.moved(times.answer_due_at, held_days);
  if (still_ran(times.closes_at, 0)) times.closes_at = days.moved(times.closes_at, held_days);
  const bool was_answered_on_hold = is_settled && times.closes_at == 0 && times.escalates_at == 0 && times.level != Level::kMayor;
  if (was_answered_on_hold) times.escalates_at = days.after(now, kDaysToAnswer);
  times.held_at = 0;
}

void note_handed_on(ReportTimes& times, UnixMillis now, int hours) {
  begin(times, now, hours);
  times.response_due_at = times.follow_up_due_at;
  times.response_stopped_at = 0;
  times.held_at = 0;
}

void note_closed(ReportTimes& times, UnixMillis now) {
  note_response(times, now);
  stop(times.follow_up_stopped_at, now);
  times.closed_at = now;
  times.closes_at = 0;
  times.escalates_at = 0;
  times.held_at = 0;
}

void note_reopened(ReportTimes& times, UnixMillis now, int hours) {
  times.closed_at = 0;
  begin(times, now, hours);
}

bool escalation_is_due(const ReportTimes& times, UnixMillis now) {
  return times.escalates_at != 0 && now >= times.escalates_at && times.held_at == 0 && times.closed_at == 0;
}

// From when it was due, not from when the scheduler came.
void note_escalated(ReportTimes& times) {
  times.level = times.level == Level::kLiaison ? Level::kHead : Level::kMayor;
  times.escalates_at = times.level == Level::kMayor ? 0 : times.escalates_at + kHeadsTime;
}

bool silence_has_run_out(const ReportTimes& times, UnixMillis now) {
  return times.closes_at != 0 && now >= times.closes_at && times.held_at == 0 && times.closed_at == 0;
}

bool may_still_reopen(const ReportTimes& times, UnixMillis now, const WorkingDays& days) {
  return times.closed_at != 0 && now < days.after(times.closed_at, kDaysToReopen);
}

}  // namespace titik::serve
