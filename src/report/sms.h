// A report as an SMS to LAPOR!'s number, for places with signal and no data (lapor-api.md, SMS 1708).
#pragma once

#include <string>
#include <string_view>

#include "report/city_profile.h"
#include "report/report.h"

namespace titik::report {

inline constexpr std::string_view kSmsNumber = "1708";

// "TL-019AA7D2-1C": tells the city that an SMS and a report are one. The report's id is not to be guessed
// from it. Precondition: is_uuid(report_id).
std::string sms_mark(std::string_view report_id);

// "<REGION> <title>. <content> Lokasi: … Nama: … <mark>", at most three parts: 459 characters of ASCII, which
// GSM 03.38 has but for "`", or 201 UTF-16 units when some of what was written is not in it. What is too long is cut in the
// content. Line breaks become spaces, typographic quotes and dashes plain ones. An anonymous report names nobody.
std::string sms_text(const Draft& draft, const CityProfile& profile);

// "sms:1708?body=…", of that text (RFC 5724).
std::string sms_link(const Draft& draft, const CityProfile& profile);

}  // namespace titik::report
