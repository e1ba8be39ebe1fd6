// Numbers, sizes, times and states in the words of the language that is spoken (ui/text.h). Indonesian
// writes a decimal comma, a point between thousands and between hours and minutes; English a decimal
// point, a comma between thousands, a colon between hours and minutes. Days come before months in both.
#pragma once

#include <string>

#include "base/time.h"
#include "engine/messages.h"
#include "report/city_profile.h"
#include "ui/widgets/ui.h"

namespace titik::ui {

std::string grouped(std::int64_t number);          // 12345 → "12.345"
std::string data_size(std::int64_t bytes);         // "612 KB", "3,4 MB", "1,2 GB"
std::string metres(double value);                  // "12", rounded
std::string date_words(std::string_view iso_date); // "2026-11-21" → "21 November 2026"; "" stays
std::string moment(UnixMillis at, UnixMillis now, ZoneOffset zone);  // "Hari ini 14.10", "3 Nov 2026 08.02"
std::string clock_time(UnixMillis at, ZoneOffset zone);              // "14.10"
std::string duration(UnixMillis length);           // "5 jam", "2 hari", "10 menit"; at least a minute
std::string ago(UnixMillis at, UnixMillis now);    // "baru saja" in the first minute, then "2 jam lalu"
std::string hours_words(std::int64_t hours);       // "72 jam"

// Names of the city's profile in the language that is spoken, as far as the profile has them in it.
std::string_view name_of(const report::Category& category);
std::string_view name_of(const report::Agency& agency);

std::string_view status_words(const std::string& status_name);
Tone status_tone(const std::string& status_name);

// The chips of a report in a list: its state, and its clock while one runs. `whole`: the clock's whole time,
// when it is known, so that what is left of it is drawn too.
std::vector<std::pair<std::string, ChipDesc>> report_chips(const engine::ReportSummary& report, UnixMillis now, UnixMillis whole = 0);
std::vector<std::pair<std::string, ChipDesc>> report_chips(const engine::ReportDetail& report, UnixMillis now);

// What is wrong with a field, and what to do.
std::string_view problem_words(const report::Problem& problem);

}  // namespace titik::ui
