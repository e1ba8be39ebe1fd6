#include "geo/fix_selection.h"

#include <cmath>

namespace titik::geo {

FixQuality fix_quality(double accuracy_m) {
  if (!std::isfinite(accuracy_m) || accuracy_m <= 0) return FixQuality::kNone;
  if (accuracy_m <= kPreciseAccuracy) return FixQuality::kPrecise;
  if (accuracy_m <= kAskPinAbove) return FixQuality::kFair;
  if (accuracy_m <= kRequirePinAbove) return FixQuality::kCoarse;
  return FixQuality::kUseless;
}

PinAdvice pin_advice(FixQuality quality) {
  switch (quality) {
    case FixQuality::kPrecise:
    case FixQuality::kFair: return PinAdvice::kOptional;
    case FixQuality::kCoarse: return PinAdvice::kAsk;
    case FixQuality::kNone:
    case FixQuality::kUseless: return PinAdvice::kRequire;
  }
  return PinAdvice::kRequire;
}

bool is_fix_of(const report::Place& fix, UnixMillis at) {
  return fix.at >= at - kMaxFixAge && fix.at <= at + kMaxFixAge;
}

bool is_better_place(const report::Place& place, const std::optional<report::Place>& than) {
  if (place.source != report::PlaceSource::kGps || fix_quality(place.accuracy_m) == FixQuality::kNone) return false;
  if (!than) return true;
  if (than->source == report::PlaceSource::kPin) return false;
  return than->accuracy_m <= 0 || place.accuracy_m < than->accuracy_m;
}

bool FixSelection::add(const Fix& fix) {
  if (!report::is_valid_point(fix.point) || fix_quality(fix.accuracy_m) == FixQuality::kNone) return false;
  if (fix.at < started_at_ - kMaxFixAge) return false;
  const bool better = !best_ || fix.accuracy_m < best_->accuracy_m ||
                      (fix.accuracy_m == best_->accuracy_m && fix.at >= best_->at);
  if (better) best_ = fix;
  return true;
}

bool FixSelection::finished(UnixMillis now) const {
  if (best_ && best_->accuracy_m <= kGoodEnoughAccuracy) return true;
  return now < started_at_ || now - started_at_ >= kFixTimeout;
}

FixQuality FixSelection::quality() const { return best_ ? fix_quality(best_->accuracy_m) : FixQuality::kNone; }

std::optional<report::Place> FixSelection::place() const {
  if (pin_advice(quality()) == PinAdvice::kRequire) return std::nullopt;
  return report::Place{best_->point, best_->accuracy_m, report::PlaceSource::kGps, best_->at};
}

}  // namespace titik::geo
