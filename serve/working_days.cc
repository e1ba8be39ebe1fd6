#include "serve/working_days.h"

#include <algorithm>

namespace titik::serve {
namespace {

// Every year has 16 national holidays at least; which days they are moves with the moon. A list with fewer days
// than this holds only those that are known for years ahead.
constexpr int kFewestHolidays = 12;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

WorkingDays::WorkingDays(ZoneOffset zone, const std::vector<std::string>& holidays) : zone_(zone) {
  for (const std::string& text : holidays) {
    if (const auto date = parse_date(text)) holidays_.push_back(from_civil(*date, 0) / kDay);
  }
  std::sort(holidays_.begin(), holidays_.end());
  holidays_.erase(std::unique(holidays_.begin(), holidays_.end()), holidays_.end());
}

std::int64_t WorkingDays::day_of(UnixMillis at) const { return floor_div(at + zone_ * kMinute, kDay); }

UnixMillis WorkingDays::start_of(std::int64_t day) const { return day * kDay - zone_ * kMinute; }

bool WorkingDays::is_working(std::int64_t day) const {
  const std::int64_t weekday = ((day + 3) % 7 + 7) % 7;  // 0: Monday; day 0 was a Thursday
  return weekday < 5 && !std::binary_search(holidays_.begin(), holidays_.end(), day);
}

bool WorkingDays::is_working_day(UnixMillis at) const { return is_working(day_of(at)); }

UnixMillis WorkingDays::after(UnixMillis from, int count) const {
  std::int64_t day = day_of(from);
  while (count > 0) {
    if (is_working(++day)) --count;
  }
  return start_of(day + 1);
}

int WorkingDays::between(UnixMillis from, UnixMillis to) const {
  int count = 0;
  const std::int64_t last = day_of(to);
  for (std::int64_t day = day_of(from) + 1; day <= last; ++day) count += is_working(day) ? 1 : 0;
  return count;
}

UnixMillis WorkingDays::moved(UnixMillis due, int count) const {
  return count <= 0 ? due : after(due - 1, count);
}

std::vector<WorkingDays::Gap> WorkingDays::gaps(UnixMillis from, UnixMillis to) const {
  std::vector<Gap> found;
  const int last = to_civil(to, zone_).year;
  for (int year = to_civil(from, zone_).year; year <= last; ++year) {
    const auto listed = std::count_if(holidays_.begin(), holidays_.end(), [&](std::int64_t day) {
      return to_civil(day * kDay, 0).year == year;
    });
    if (listed < kFewestHolidays) found.push_back({year, static_cast<int>(listed)});
  }
  return found;
}

std::string gaps_in_words(const std::vector<WorkingDays::Gap>& gaps) {
  std::string text;
  for (const WorkingDays::Gap& gap : gaps) {
    text += text.empty() ? "" : "; ";
    text += "hari libur " + std::to_string(gap.year) +
            (gap.listed == 0 ? " belum ada di profil kota"
                             : " di profil kota baru " + std::to_string(gap.listed) + " hari");
  }
  if (!text.empty()) text += ": tenggat hari kerja dapat jatuh terlalu awal; lengkapi `holidays` dari SKB tiga menteri";
  return text;
}

}  // namespace titik::serve
