#include "serve/workflow.h"

#include <gtest/gtest.h>

#include <string>

namespace titik::serve {
namespace {

using report::Status;

constexpr Status kAll[] = {Status::kUnverified,     Status::kVerified,        Status::kInProcess,
                           Status::kAnsweredByCitizen, Status::kClosedByAdmin, Status::kClosedBySystem,
                           Status::kOnHold,         Status::kArchivedByAdmin, Status::kArchivedBySystem};

// One line for each state: where it may go, as in kAll's order ("x" allowed).
TEST(Workflow, AllowsExactlyTheseChanges) {
  const std::string expected[] = {
      ".x....xxx",  // belum_terverifikasi
      "..x.xxxxx",  // terverifikasi
      "...xxxx..",  // proses
      "..x.xxx..",  // ditanggapi_pelapor
      ".........",  // ditutup_admin
      ".........",  // ditutup_sistem
      ".xx....xx",  // tunda
      ".........",  // diarsipkan_admin
      ".........",  // diarsipkan_sistem
  };
  for (std::size_t from = 0; from < 9; ++from) {
    std::string actual;
    for (const Status to : kAll) actual += may_change(kAll[from], to) ? 'x' : '.';
    EXPECT_EQ(actual, expected[from]) << report::status_name(kAll[from]);
  }
}

TEST(Workflow, EveryStepTowardsProcessIsItselfAllowed) {
  for (const Status start : kAll) {
    const auto steps = steps_to_process(start);
    EXPECT_EQ(steps.ok(), is_open(start)) << report::status_name(start);
    if (!steps.ok()) continue;
    Status at = start;
    for (const Status to : *steps) {
      EXPECT_TRUE(may_change(at, to));
      at = to;
    }
    EXPECT_EQ(at, Status::kInProcess);
  }
}

TEST(Workflow, AClosedReportHasEvidenceOrAReason) {
  EXPECT_FALSE(check_close(Status::kInProcess, Evidence::kNone, " ").ok());
  EXPECT_TRUE(check_close(Status::kInProcess, Evidence::kNone, "bukan laporan").ok());
  EXPECT_TRUE(check_close(Status::kInProcess, Evidence::kGiven, "").ok());
  EXPECT_EQ(check_close(Status::kUnverified, Evidence::kGiven, "x").error().code, ErrorCode::kConflict);
  EXPECT_EQ(check_close(Status::kClosedByAdmin, Evidence::kGiven, "x").error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace titik::serve
