#include "serve/workflow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

namespace titik::serve {
namespace {

using report::Status;

// In the order of the columns below.
constexpr Status kAll[] = {Status::kUnverified,    Status::kVerified,       Status::kInProcess, Status::kAnsweredByCitizen,
                           Status::kClosedByAdmin, Status::kClosedBySystem, Status::kOnHold,    Status::kArchivedByAdmin,
                           Status::kArchivedBySystem};
// u unverified, v verified, p in process, r answered by the citizen, c closed by admin, s closed by the system,
// h on hold, a archived by admin, z archived by the system; '=' allowed and nothing changes, '.' not allowed.
constexpr std::string_view kLetters = "uvprcshaz";

char letter(Status status) {
  for (std::size_t i = 0; i < std::size(kAll); ++i) {
    if (kAll[i] == status) return kLetters[i];
  }
  return '?';
}

// Where each action leads from each state, by whoever may; a report on hold was in process before.
// And who may: citizen, liaison, head, coordinator, mayor, integration, administrator, system.
struct Expected { Action action; std::string_view to; std::string_view roles; };
constexpr Expected kExpected[] = {
    //                       uvprcshaz    CLHKMIAS
    {Action::kVerify,        "v........", ".xxx.xx."},
    {Action::kDispose,       "v=.......", "...x.xx."},
    {Action::kHandOn,        "==vv..v..", ".xxxxxx."},
    {Action::kAcknowledge,   "pp=p..p..", ".xxx.xx."},
    {Action::kAnswer,        "pp=p..p..", ".xxx.xx."},
    {Action::kAnswer,        "====..=..", "....x..."},  // it urges, and does not do the agencies' work
    {Action::kAct,           "pp=p..p..", ".xxx.xx."},
    {Action::kRefuse,        "pp=p..p..", ".xxx.xx."},
    {Action::kAsk,           "pp=p..p..", ".xxx.xx."},
    {Action::kHold,          "hhhh.....", "...x.xx."},
    {Action::kResume,        "......p..", "...x.xx."},
    {Action::kArchive,       "aa....a..", "...x.xx."},
    {Action::kClose,         ".ccc.....", ".xxx.xx."},
    {Action::kHide,          "=========", "...x.xx."},
    {Action::kReply,         "==r======", "x......."},
    {Action::kReopen,        "....rr..r", "x......."},
    {Action::kRate,          "....==...", "x......."},
    {Action::kEscalate,      "====.....", ".......x"},
    {Action::kCloseSilent,   "..s......", ".......x"},
    {Action::kArchiveSilent, "..z......", ".......x"},
};

TEST(Workflow, EveryActionInEveryStateByEveryRole) {
  int cells = 0;
  for (const Action action : kActions) {
    for (std::size_t r = 0; r < kRoles.size(); ++r) {
      const auto expected = std::find_if(std::begin(kExpected), std::end(kExpected),
                                         [&](const Expected& one) { return one.action == action && one.roles[r] == 'x'; });
      const bool role_may = expected != std::end(kExpected);
      for (std::size_t s = 0; s < std::size(kAll); ++s) {
        const std::string where = std::string(action_name(action)) + " in " + std::string(report::status_name(kAll[s])) + " by " +
                                  std::string(role_name(kRoles[r]));
        const Result<Rule> rule = rule_for(action, kAll[s], kRoles[r]);
        ++cells;
        ASSERT_EQ(rule.ok(), role_may && expected->to[s] != '.') << where;
        if (!rule.ok()) {
          EXPECT_EQ(rule.error().code, role_may ? ErrorCode::kConflict : ErrorCode::kForbidden) << where;
          continue;
        }
        const auto states = path(*rule, kAll[s], Status::kInProcess);
        EXPECT_EQ(states.empty() ? '=' : letter(states.back()), expected->to[s]) << where;
      }
    }
  }
  EXPECT_EQ(cells, 19 * 9 * 8);
}

TEST(Workflow, WhatAnAgencyDoesWithAnUnverifiedReportVerifiesIt) {
  const Rule rule = rule_for(Action::kAct, Status::kUnverified, Role::kLiaison).value();
  EXPECT_EQ(path(rule, Status::kUnverified, Status::kUnverified), (std::vector{Status::kVerified, Status::kInProcess}));
  const Rule held = rule_for(Action::kAct, Status::kOnHold, Role::kLiaison).value();
  EXPECT_EQ(path(held, Status::kOnHold, Status::kUnverified), (std::vector{Status::kVerified, Status::kInProcess}));
  EXPECT_EQ(path(held, Status::kOnHold, Status::kVerified), (std::vector{Status::kInProcess}));
}

TEST(Workflow, AHeldReportGoesBackToWhereItWas) {
  const Rule rule = rule_for(Action::kResume, Status::kOnHold, Role::kCoordinator).value();
  for (const Status before : {Status::kUnverified, Status::kVerified, Status::kInProcess, Status::kAnsweredByCitizen}) {
    EXPECT_EQ(path(rule, Status::kOnHold, before), std::vector{before});
  }
  const Rule hand_on = rule_for(Action::kHandOn, Status::kOnHold, Role::kCoordinator).value();
  EXPECT_EQ(path(hand_on, Status::kOnHold, Status::kUnverified), std::vector{Status::kUnverified});
}

TEST(Workflow, AgenciesSeeTheirOwnAndTheMayorActsOnWhatCameToThem) {
  const Actor liaison{.kind = ActorKind::kOfficer, .role = Role::kLiaison, .agency_id = "pupr", .id = 1, .name = "", .caller_id = 1};
  Actor head = liaison, nobody = liaison, mayor = liaison, coordinator = liaison, citizen = liaison;
  head.role = Role::kHead;
  nobody.agency_id = "";
  mayor.role = Role::kMayor;
  coordinator.role = Role::kCoordinator;
  citizen.role = Role::kCitizen;
  for (const Actor& actor : {liaison, head}) {
    EXPECT_TRUE(may_see(actor, "pupr") && may_act_on(actor, "pupr", false));
    EXPECT_FALSE(may_see(actor, "dishub") || may_act_on(actor, "dishub", true));
  }
  EXPECT_FALSE(may_see(nobody, ""));
  EXPECT_TRUE(may_see(mayor, "pupr") && may_act_on(mayor, "pupr", true));
  EXPECT_FALSE(may_act_on(mayor, "pupr", false));
  EXPECT_TRUE(may_see(coordinator, "") && may_act_on(coordinator, "dishub", false));
  EXPECT_FALSE(may_see(citizen, "pupr"));
}

TEST(Workflow, NamesAreEachTheirOwn) {
  std::map<std::string_view, int> seen;
  for (const Action action : kActions) ++seen[action_name(action)];
  EXPECT_EQ(seen.size(), kActions.size());
  seen.clear();
  for (const Role role : kRoles) ++seen[role_name(role)];
  EXPECT_EQ(seen.size(), kRoles.size());
}

}  // namespace
}  // namespace titik::serve
