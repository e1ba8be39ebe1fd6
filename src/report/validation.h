// What a report must have before it is sent. The phone asks before sending, the server again on
// receipt; both call this function, so that the rules are written once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/city_profile.h"
#include "report/report.h"

namespace titik::report {

enum class Field {
  kId, kClassification, kCategory, kTitle, kContent, kIncidentDate, kReporterName, kReporterPhone,
  kPlace, kLandmark, kPhotos,
};
std::string_view field_name(Field field);  // "category_id", "title", ...

enum class ProblemCode {
  kMissing,   // must be filled in
  kTooLong,   // over the limit of report.h
  kInvalid,   // not a value of its kind: unknown category, impossible date, bad phone number
  kInFuture,  // the incident's date lies after today
};
std::string_view problem_code_name(ProblemCode code);  // "missing", "too_long", "invalid", "in_future"

struct Problem {
  Field field;
  ProblemCode code;
  friend bool operator==(const Problem&, const Problem&) = default;
};

// All problems, in the order of the screens; empty when the draft may be sent.
// `today` is the date in the city's zone. Rules:
//  - id is a UUID; category exists in the profile; title and content are not blank and within limits;
//  - a complaint has an incident date that exists and is not after `today`; other kinds have none;
//  - a place or a landmark is given: words alone are better than no report (domain.md);
//  - name and phone are optional; a phone number has 8–15 digits with an optional leading +,
//    spaces and hyphens apart; an anonymous report carries neither;
//  - at most kMaxPhotos photos, each with a SHA-256 and 1 to kMaxFileBytes bytes.
std::vector<Problem> validate(const Draft& draft, const CityProfile& profile, std::string_view today);

// The draft with its texts cleaned (base/utf8.h) and trimmed, the date dropped for kinds that have
// none, and name and phone dropped when anonymous. What is sent is always normalised.
Draft normalised(Draft draft);

// Words that say "this may be an emergency, call 112": fire, accident, drowning, ... in Indonesian.
// Matches whole words, in any case.
bool reads_like_emergency(std::string_view title, std::string_view content);

}  // namespace titik::report
