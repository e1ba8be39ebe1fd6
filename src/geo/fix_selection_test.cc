#include "geo/fix_selection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace titik::geo {
namespace {

constexpr UnixMillis kStart = 1'795'000'000'000;

Fix fix(double accuracy_m, UnixMillis after = 0) {
  return {.point = {-1.61, 103.61}, .accuracy_m = accuracy_m, .at = kStart + after};
}

TEST(FixQuality, HasFixedBounds) {
  EXPECT_EQ(fix_quality(0.1), FixQuality::kPrecise);
  EXPECT_EQ(fix_quality(30), FixQuality::kPrecise);
  EXPECT_EQ(fix_quality(30.1), FixQuality::kFair);
  EXPECT_EQ(fix_quality(100), FixQuality::kFair);
  EXPECT_EQ(fix_quality(100.1), FixQuality::kCoarse);
  EXPECT_EQ(fix_quality(1000), FixQuality::kCoarse);
  EXPECT_EQ(fix_quality(1000.1), FixQuality::kUseless);
  for (const double unknown : {0.0, -5.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(fix_quality(unknown), FixQuality::kNone);
  }
}

TEST(PinAdvice, AsksAbove100MetresAndRequiresAbove1Kilometre) {
  EXPECT_EQ(pin_advice(fix_quality(100)), PinAdvice::kOptional);
  EXPECT_EQ(pin_advice(fix_quality(101)), PinAdvice::kAsk);
  EXPECT_EQ(pin_advice(fix_quality(1000)), PinAdvice::kAsk);
  EXPECT_EQ(pin_advice(fix_quality(1001)), PinAdvice::kRequire);
  EXPECT_EQ(pin_advice(FixQuality::kNone), PinAdvice::kRequire);
}

TEST(FixSelection, KeepsTheMostAccurateFix) {
  FixSelection selection(kStart);
  EXPECT_EQ(selection.quality(), FixQuality::kNone);
  EXPECT_FALSE(selection.place());
  EXPECT_TRUE(selection.add(fix(800, 100)));
  EXPECT_TRUE(selection.add(fix(40, 200)));
  EXPECT_TRUE(selection.add(fix(60, 300)));
  ASSERT_TRUE(selection.best());
  EXPECT_EQ(selection.best()->accuracy_m, 40);
  EXPECT_EQ(selection.quality(), FixQuality::kFair);
}

TEST(FixSelection, KeepsTheLaterOfEquallyAccurateFixes) {
  FixSelection selection(kStart);
  selection.add(fix(20, 100));
  selection.add(fix(20, 900));
  selection.add(fix(20, 500));
  EXPECT_EQ(selection.best()->at, kStart + 900);
}

TEST(FixSelection, StopsAt15Metres) {
  FixSelection selection(kStart);
  selection.add(fix(15.1, 1000));
  EXPECT_FALSE(selection.finished(kStart + 1000));
  selection.add(fix(15, 2000));
  EXPECT_TRUE(selection.finished(kStart + 2000));
}

TEST(FixSelection, StopsAfter20SecondsWithWhatThereIs) {
  FixSelection selection(kStart);
  EXPECT_FALSE(selection.finished(kStart));
  EXPECT_FALSE(selection.finished(kStart + 20 * kSecond - 1));
  EXPECT_TRUE(selection.finished(kStart + 20 * kSecond));
}

TEST(FixSelection, AClockSetBackDoesNotKeepTheGpsRunning) {
  EXPECT_TRUE(FixSelection(kStart).finished(kStart - 1));
}

TEST(FixSelection, RefusesWhatIsNoPosition) {
  FixSelection selection(kStart);
  EXPECT_FALSE(selection.add(fix(0)));
  EXPECT_FALSE(selection.add(fix(-1)));
  EXPECT_FALSE(selection.add(fix(std::nan(""))));
  EXPECT_FALSE(selection.add({.point = {91, 0}, .accuracy_m = 5, .at = kStart}));
  EXPECT_FALSE(selection.add({.point = {std::nan(""), 0}, .accuracy_m = 5, .at = kStart}));
  EXPECT_FALSE(selection.best());
}

TEST(FixSelection, RefusesACachedFixOfAnotherPlace) {
  FixSelection selection(kStart);
  EXPECT_FALSE(selection.add(fix(5, -60 * kSecond - 1)));
  EXPECT_TRUE(selection.add(fix(50, -60 * kSecond)));
  EXPECT_EQ(selection.best()->accuracy_m, 50);
}

TEST(FixSelection, TheBestFixBecomesThePlaceUnlessThePinIsRequired) {
  FixSelection selection(kStart);
  selection.add(fix(1001, 100));
  EXPECT_EQ(selection.quality(), FixQuality::kUseless);
  EXPECT_FALSE(selection.place());
  selection.add(fix(12, 200));
  const report::Place expected{
      .point = {-1.61, 103.61}, .accuracy_m = 12, .source = report::PlaceSource::kGps, .at = kStart + 200};
  EXPECT_EQ(selection.place(), expected);
}

TEST(PlaceOfAPhoto, IsAFixOfTheMomentWithinAMinute) {
  const report::Place fix{{-1.6, 103.6}, 10, report::PlaceSource::kGps, 1'000'000};
  EXPECT_TRUE(is_fix_of(fix, 1'000'000 - kMaxFixAge));
  EXPECT_TRUE(is_fix_of(fix, 1'000'000 + kMaxFixAge));
  EXPECT_FALSE(is_fix_of(fix, 1'000'000 - kMaxFixAge - 1));
  EXPECT_FALSE(is_fix_of(fix, 1'000'000 + kMaxFixAge + 1));
}

TEST(PlaceOfAPhoto, ALaterFixNeverReplacesABetterOne) {
  using report::PlaceSource;
  const auto place = [](double accuracy, PlaceSource source = PlaceSource::kGps) {
    return report::Place{{-1.6, 103.6}, accuracy, source, 5};
  };
  EXPECT_TRUE(is_better_place(place(900), {}));
  EXPECT_TRUE(is_better_place(place(12), place(13)));
  EXPECT_FALSE(is_better_place(place(13), place(12)));
  EXPECT_FALSE(is_better_place(place(12), place(12)));  // what came first stays
  EXPECT_TRUE(is_better_place(place(12), place(0, PlaceSource::kExif)));
  EXPECT_TRUE(is_better_place(place(5), place(8, PlaceSource::kExif)));
  EXPECT_FALSE(is_better_place(place(12), place(8, PlaceSource::kExif)));
  EXPECT_FALSE(is_better_place(place(1), place(0, PlaceSource::kPin)));
  EXPECT_FALSE(is_better_place(place(0), {}));  // no known accuracy
  EXPECT_FALSE(is_better_place(place(5, PlaceSource::kPin), {}));
}

}  // namespace
}  // namespace titik::geo
