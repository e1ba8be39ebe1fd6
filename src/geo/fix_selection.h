// Which of the positions that a phone reports to believe, and when to stop asking.
//
// A phone's first fix is often an old or a coarse one, and each second of GPS costs battery. So:
// keep the fix with the best accuracy, stop at 15 m or after 20 s, and say honestly how good the
// result is: the citizen is asked for the pin above 100 m, and must set it above 1 km.
//
//   FixSelection selection(now);
//   ... on each position: selection.add(fix);
//   ... on each position and each second: if (selection.finished(now)) stop watching;
//   if (auto place = selection.place()) draft.place = *place;
//
// Pure: the clock and the fixes come in as arguments.
#pragma once

#include <optional>

#include "base/time.h"
#include "report/place.h"

namespace titik::geo {

inline constexpr double kGoodEnoughAccuracy = 15;         // m: stop at once
inline constexpr UnixMillis kFixTimeout = 20 * kSecond;   // stop with what there is
inline constexpr UnixMillis kMaxFixAge = 60 * kSecond;    // before the start: a cached fix, of another place
inline constexpr double kPreciseAccuracy = 30;            // m: the house is right
inline constexpr double kAskPinAbove = 100;               // m
inline constexpr double kRequirePinAbove = 1000;          // m

// One position from Geolocation.
struct Fix {
  report::GeoPoint point;
  double accuracy_m = 0;  // radius of 68 % confidence, metres; must be positive
  UnixMillis at = 0;      // phone's clock
};

enum class FixQuality {
  kNone,     // no fix, or one without a usable accuracy
  kPrecise,  // up to 30 m
  kFair,     // up to 100 m: the street is right
  kCoarse,   // up to 1 km: ask for the pin
  kUseless,  // above 1 km: a place only with the pin
};
// `accuracy_m` that is not positive and finite is not known: kNone.
[[nodiscard]] FixQuality fix_quality(double accuracy_m);

enum class PinAdvice {
  kOptional,  // the citizen may correct the place
  kAsk,       // ask to set it on the map; leaving it is allowed
  kRequire,   // a position this coarse is not used as the place; words alone still are
};
[[nodiscard]] PinAdvice pin_advice(FixQuality quality);

// Whether a fix tells where something was that happened at `at`: taken within kMaxFixAge of it.
[[nodiscard]] bool is_fix_of(const report::Place& fix, UnixMillis at);

// Whether a photo is better off with `place` than with what it has: a position of this phone with a known
// accuracy is better than none, than one without (EXIF), and than one with a worse accuracy. What came
// first stays when it is as good, and what was set by hand always does.
[[nodiscard]] bool is_better_place(const report::Place& place, const std::optional<report::Place>& than);

class FixSelection {
 public:
  explicit FixSelection(UnixMillis started_at) : started_at_(started_at) {}

  // Takes one position. Refused, with false: points that are not on the earth, accuracies that are
  // not positive, positions taken more than kMaxFixAge before the start.
  // Of equally accurate fixes the later one is kept: the phone may be moving.
  bool add(const Fix& fix);

  // True when there is no use in waiting: the best fix is good enough, or the time is up. A clock
  // that was set back does not keep the GPS running: it counts as time up.
  [[nodiscard]] bool finished(UnixMillis now) const;

  [[nodiscard]] const std::optional<Fix>& best() const { return best_; }
  [[nodiscard]] FixQuality quality() const;

  // The best fix as a report's place, source gps; nothing when there is none, or when its quality
  // requires the pin.
  [[nodiscard]] std::optional<report::Place> place() const;

 private:
  UnixMillis started_at_;
  std::optional<Fix> best_;
};

}  // namespace titik::geo
