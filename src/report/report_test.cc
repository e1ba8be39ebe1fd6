#include "report/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>

namespace titik::report {
namespace {

constexpr Status kAllStatuses[] = {
    Status::kUnverified,    Status::kVerified,        Status::kInProcess,
    Status::kAnsweredByCitizen, Status::kClosedByAdmin, Status::kClosedBySystem,
    Status::kOnHold,        Status::kArchivedByAdmin, Status::kArchivedBySystem,
};

TEST(Status, NamesAndLabelsReadBack) {
  std::set<std::string_view> names;
  for (const Status status : kAllStatuses) {
    EXPECT_EQ(status_from_name(status_name(status)), status);
    EXPECT_EQ(status_from_label(status_label(status)), status);
    names.insert(status_name(status));
  }
  EXPECT_EQ(names.size(), std::size(kAllStatuses));
  EXPECT_FALSE(status_from_name("Proses"));
  EXPECT_FALSE(status_from_name(""));
}

TEST(Status, LabelsAreReadInAnyCaseAndSpacing) {
  EXPECT_EQ(status_from_label("DITUTUP  oleh admin"), Status::kClosedByAdmin);
  EXPECT_EQ(status_from_label("belum terverifikasi "), Status::kUnverified);
  EXPECT_EQ(status_from_label("Belum Ditindaklanjuti"), Status::kVerified);
  EXPECT_FALSE(status_from_label("Selesai sudah"));
  EXPECT_FALSE(status_from_label(""));
}

TEST(Status, FallsIntoThreeGroups) {
  EXPECT_EQ(status_group(Status::kUnverified), StatusGroup::kNotYet);
  EXPECT_EQ(status_group(Status::kVerified), StatusGroup::kNotYet);
  EXPECT_EQ(status_group(Status::kOnHold), StatusGroup::kNotYet);
  EXPECT_EQ(status_group(Status::kInProcess), StatusGroup::kInProcess);
  EXPECT_EQ(status_group(Status::kAnsweredByCitizen), StatusGroup::kInProcess);
  EXPECT_EQ(status_group(Status::kClosedByAdmin), StatusGroup::kDone);
  EXPECT_EQ(status_group(Status::kArchivedBySystem), StatusGroup::kDone);
}

TEST(PhoneState, NamesReadBack) {
  for (const PhoneState state : {PhoneState::kDraft, PhoneState::kQueued, PhoneState::kSending,
                                 PhoneState::kReceived, PhoneState::kNeedsAttention}) {
    EXPECT_EQ(phone_state_from_name(phone_state_name(state)), state);
  }
  EXPECT_FALSE(phone_state_from_name("hilang"));
}

TEST(Classification, HasThreeNumbers) {
  EXPECT_EQ(classification_from_number(1), Classification::kComplaint);
  EXPECT_EQ(classification_from_number(3), Classification::kAspiration);
  EXPECT_FALSE(classification_from_number(0));
  EXPECT_FALSE(classification_from_number(4));
  EXPECT_FALSE(classification_from_number(std::numeric_limits<std::int64_t>::min()));
}

TEST(GeoPoint, IsValidOnlyOnTheEarth) {
  EXPECT_TRUE(is_valid_point({90, 180}));
  EXPECT_TRUE(is_valid_point({-90, -180}));
  EXPECT_FALSE(is_valid_point({90.001, 0}));
  EXPECT_FALSE(is_valid_point({0, -180.001}));
  EXPECT_FALSE(is_valid_point({std::nan(""), 0}));
  EXPECT_FALSE(is_valid_point({0, std::numeric_limits<double>::infinity()}));
}

TEST(PlaceSource, NamesReadBack) {
  for (const PlaceSource source : {PlaceSource::kGps, PlaceSource::kPin, PlaceSource::kExif}) {
    EXPECT_EQ(place_source_from_name(place_source_name(source)), source);
  }
  EXPECT_FALSE(place_source_from_name("GPS"));
}

}  // namespace
}  // namespace titik::report
