#include "ui/format.h"

#include <algorithm>
#include <algorithm>
#include <cmath>

#include "report/clock.h"
#include "ui/text.h"

namespace titik::ui {
namespace {

// The months are one text, apart by spaces. Both languages shorten them to three letters.
std::string_view month_name(int month) {
  std::string_view names = tr(Text::kMonths);
  for (int i = 1; i < month; ++i) names.remove_prefix(std::min(names.find(' '), names.size() - 1) + 1);
  return names.substr(0, names.find(' '));
}

std::string in_words(const report::Remaining& rest) {
  switch (rest.unit) {
    case report::Remaining::Unit::kMinutes: return tr(Plural::kMinutes, rest.count, {grouped(rest.count)});
    case report::Remaining::Unit::kHours: return hours_words(rest.count);
    case report::Remaining::Unit::kDays: return tr(Plural::kDays, rest.count, {grouped(rest.count)});
  }
  return {};
}

using Chips = std::vector<std::pair<std::string, ChipDesc>>;

Chips chips_of(report::PhoneState state, const std::string& status_name, UnixMillis due, UnixMillis stopped,
               UnixMillis now, UnixMillis whole) {
  using report::PhoneState;
  switch (state) {
    case PhoneState::kDraft: return {{std::string(tr(Text::kDraft)), {Tone::kNeutral, "pencil"}}};
    case PhoneState::kQueued: return {{std::string(tr(Text::kWaitingForNetwork)), {Tone::kNeutral, "wifi-off"}}};
    case PhoneState::kSending: return {{std::string(tr(Text::kSending)), {Tone::kInfo, "send"}}};
    case PhoneState::kNeedsAttention:
      return {{std::string(tr(Text::kNeedsAttention)), {Tone::kDanger, "circle-alert"}}};
    case PhoneState::kReceived: break;
  }
  Chips chips;
  if (status_name.empty()) chips.push_back({std::string(tr(Text::kSent)), {Tone::kSuccess, "check-check"}});
  else chips.push_back({std::string(status_words(status_name)), {status_tone(status_name), ""}});
  if (due == 0) return chips;
  if (stopped != 0) {
    if (status_tone(status_name) != Tone::kSuccess) {
      chips.push_back({std::string(tr(Text::kFollowedUp)), {Tone::kSuccess, "check"}});
    }
    return chips;
  }
  const report::Remaining rest = report::remaining(due, now);
  const std::string words = in_words(rest);
  chips.push_back({tr(rest.overdue ? Text::kLate : Text::kLeft, {words}),
                   {rest.overdue ? Tone::kDanger : Tone::kWarning, "clock",
                    whole > 0 && !rest.overdue ? std::min(1.0f, static_cast<float>(due - now) / static_cast<float>(whole)) : -1.0f}});
  return chips;
}

}  // namespace

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (int i = static_cast<int>(digits.size()) - 3; i > (number < 0 ? 1 : 0); i -= 3) {
    digits.insert(static_cast<std::size_t>(i), tr(Text::kThousandsMark));
  }
  return digits;
}

std::string data_size(std::int64_t bytes) {
  if (bytes <= 999'000) return std::to_string((bytes + 999) / 1000) + " KB";
  const bool giga = bytes > 999'900'000;
  const std::int64_t tenths = giga ? (bytes + 50'000'000) / 100'000'000 : (bytes + 50'000) / 100'000;
  return grouped(tenths / 10) + std::string(tr(Text::kDecimalMark)) + std::to_string(tenths % 10) + (giga ? " GB" : " MB");
}

std::string metres(double value) { return grouped(std::llround(value)); }

std::string date_words(std::string_view iso_date) {
  const std::optional<CivilTime> date = parse_date(iso_date);
  if (!date) return std::string(iso_date);
  return std::to_string(date->day) + " " + std::string(month_name(date->month)) + " " + std::to_string(date->year);
}

std::string clock_time(UnixMillis at, ZoneOffset zone) {
  const CivilTime civil = to_civil(at, zone);
  const auto two_digits = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return tr(Text::kClockTime, {two_digits(civil.hour), two_digits(civil.minute)});
}

std::string moment(UnixMillis at, UnixMillis now, ZoneOffset zone) {
  const std::string time = clock_time(at, zone);
  const std::string day = format_date(to_civil(at, zone));
  if (day == format_date(to_civil(now, zone))) return tr(Text::kToday, {time});
  if (day == format_date(to_civil(now - kDay, zone))) return tr(Text::kYesterday, {time});
  const CivilTime civil = to_civil(at, zone);
  return std::to_string(civil.day) + " " + std::string(month_name(civil.month).substr(0, 3)) + " " +
         std::to_string(civil.year) + " " + time;
}

std::string duration(UnixMillis length) {
  return in_words(report::remaining(std::max<UnixMillis>(length, 0), 0));
}

std::string ago(UnixMillis at, UnixMillis now) {
  if (now - at < kMinute) return std::string(tr(Text::kJustNow));
  return tr(Text::kAgo, {duration(now - at)});
}

std::string hours_words(std::int64_t hours) { return tr(Plural::kHours, hours, {grouped(hours)}); }

std::string_view name_of(const report::Category& category) {
  return language() == Language::kEnglish && !category.name_en.empty() ? category.name_en : category.name;
}

std::string_view name_of(const report::Agency& agency) {
  return language() == Language::kEnglish && !agency.short_name_en.empty() ? agency.short_name_en : agency.short_name;
}

std::string_view status_words(const std::string& status_name) {
  const std::optional<report::Status> status = report::status_from_name(status_name);
  if (!status) return status_name;
  switch (*status) {
    case report::Status::kUnverified: return tr(Text::kStatusUnverified);
    case report::Status::kVerified: return tr(Text::kStatusVerified);
    case report::Status::kInProcess: return tr(Text::kStatusInProcess);
    case report::Status::kAnsweredByCitizen: return tr(Text::kStatusAnswered);
    case report::Status::kClosedByAdmin:
    case report::Status::kClosedBySystem: return tr(Text::kStatusClosed);
    case report::Status::kOnHold: return tr(Text::kStatusOnHold);
    case report::Status::kArchivedByAdmin:
    case report::Status::kArchivedBySystem: return tr(Text::kStatusArchived);
  }
  return status_name;
}

Tone status_tone(const std::string& status_name) {
  const std::optional<report::Status> status = report::status_from_name(status_name);
  if (!status) return Tone::kNeutral;
  switch (report::status_group(*status)) {
    case report::StatusGroup::kNotYet: return Tone::kNeutral;
    case report::StatusGroup::kInProcess: return Tone::kInfo;
    case report::StatusGroup::kDone: return Tone::kSuccess;
  }
  return Tone::kNeutral;
}

Chips report_chips(const engine::ReportSummary& report, UnixMillis now, UnixMillis whole) {
  Chips chips = chips_of(report.state, report.status_name, report.follow_up_due_at, report.follow_up_stopped_at, now, whole);
  if (report.photos_on_way) chips.push_back({std::string(tr(Text::kPhotosFollowShort)), {Tone::kInfo, "send"}});
  return chips;
}

Chips report_chips(const engine::ReportDetail& report, UnixMillis now) {
  const UnixMillis whole = report.received_at > 0 ? report.follow_up_due_at - report.received_at : 0;
  return chips_of(report.state, report.status_name, report.follow_up_due_at, report.follow_up_stopped_at, now, whole);
}

std::string_view problem_words(const report::Problem& problem) {
  using report::Field;
  using report::ProblemCode;
  const bool too_long = problem.code == ProblemCode::kTooLong;
  switch (problem.field) {
    case Field::kCategory: return tr(Text::kProblemCategory);
    case Field::kTitle: return tr(too_long ? Text::kProblemTitleLong : Text::kProblemTitle);
    case Field::kContent: return tr(too_long ? Text::kProblemContentLong : Text::kProblemContent);
    case Field::kIncidentDate:
      return tr(problem.code == ProblemCode::kInFuture ? Text::kProblemDateFuture : Text::kProblemDate);
    case Field::kPlace: return tr(Text::kProblemPlace);
    case Field::kLandmark: return tr(too_long ? Text::kProblemLandmarkLong : Text::kProblemPlace);
    case Field::kReporterName: return tr(Text::kProblemName);
    case Field::kReporterPhone: return tr(Text::kProblemPhone);
    case Field::kPhotos: return tr(Text::kProblemPhotos);
    case Field::kId: return tr(Text::kConflictText);
    case Field::kClassification: return tr(Text::kProblemOther);
  }
  return tr(Text::kProblemOther);
}

}  // namespace titik::ui
