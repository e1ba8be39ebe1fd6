// One report on its way through the city: its state, its clocks, and what a step makes of them. Pure: no clock is
// read and nothing is stored (serve/workflow_store.h), so that every order of steps can be tested.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/city_profile.h"
#include "report/report.h"
#include "serve/acknowledgement.h"
#include "serve/areas.h"
#include "serve/clocks.h"
#include "serve/workflow.h"
#include "serve/working_days.h"

namespace titik::serve {

// What the rules take from the city's profile.
struct CityRules {
  report::CityProfile profile;
  WorkingDays days;
  Acknowledgements acknowledgements;
  std::vector<Area> areas = {};
  // `json`: the profile's text. The error names the field.
  static Result<CityRules> of(report::CityProfile profile, std::string_view json);
};

struct Case {
  report::Status status = report::Status::kUnverified;
  report::Status before_hold = report::Status::kUnverified;  // while it is on hold
  std::string agency_id;
  std::string category_id;
  report::Classification classification = report::Classification::kComplaint;
  int hand_ons = 0;
  int rating = 0;  // 0: none
  ReportTimes times;
  friend bool operator==(const Case&, const Case&) = default;
};

struct Step {
  Action action = Action::kVerify;
  std::string text;         // what is said, or the reason
  std::string agency_id;    // kDispose, kHandOn: where to
  std::string institution;  // whose name stands at it, for the citizen
  int files = 0;            // photos and documents with it
  int rating = 0;
  // The last follow-up that whoever acts has read: a citizen's words after it must be read first. Nothing: not told.
  std::optional<std::int64_t> seen = {};
};

// One row of the history. `text` is for the citizen; empty: what happened stands in the thread already.
struct HistoryLine {
  Action action = Action::kVerify;
  report::Status from = report::Status::kUnverified;
  report::Status to = report::Status::kUnverified;
  std::string text;
  std::string institution;
  std::string note;  // the reason, as it was given; words that stand in the thread are not repeated
};

struct Outcome {
  Action counted = Action::kVerify;  // what the step counted as: acknowledgement, whatever it was called
  std::vector<HistoryLine> lines;    // at least one; each change of state has its own
};

// Agencies may pass a report on this often between them; then the coordinator decides.
inline constexpr int kMostHandOns = 2;

// A new report's case.
Case new_case(std::string_view agency_id, std::string_view category_id, report::Classification classification,
              UnixMillis now, const CityRules& city);

// To whom a report goes, as the citizen reads it: a vertical body is not the city's to order about.
std::string passed_on_words(const report::CityProfile& profile, std::string_view agency_id);

// Evidence must be shown before an action counts: as the category says, and for complaints alone. A question is
// answered with words, and so is a wish.
bool needs_evidence(const Case& subject, const report::CityProfile& profile);

// What an officer may do with the report as it stands, and what each needs of them: for who draws the buttons. take() has
// the last word.
struct Possible {
  Action action = Action::kVerify;
  bool needs_reason = false, needs_evidence = false, needs_agency = false;
};
std::vector<Possible> possible_steps(const Case& subject, const Actor& actor, const CityRules& city);

// Takes the step, or says why not and leaves the case as it was. kForbidden, kConflict, or kInvalidArgument with the
// field in `where` ("text", "reason", "photo", "agency", "rating").
Result<Outcome> take(Case& subject, const Actor& actor, const Step& step, UnixMillis now, const CityRules& city);

// A sentence for the officer when what they wrote counted as less than they called it; else "".
std::string_view notice_of(Action asked, Action counted);

}  // namespace titik::serve
