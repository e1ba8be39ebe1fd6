// Who may do what with a report, and what becomes of its state: the whole of it is one table in workflow.cc.
// No clock, no storage: serve/case.h applies it, serve/workflow_store.h keeps it.
//
// belum_terverifikasi → terverifikasi → proses ⇄ ditanggapi_pelapor → ditutup_*; aside: tunda, diarsipkan_*.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/report.h"

namespace titik::serve {

enum class Role {
  kCitizen,        // with a phone of their own or the booth's: the reports of that phone
  kLiaison,        // admin penghubung: their agency's reports
  kHead,           // head of agency: their agency's reports
  kCoordinator,    // admin koordinator: all
  kMayor,          // the mayor's office: reads all, acts on what was escalated to it
  kIntegration,    // another system of the city: as a coordinator
  kAdministrator,  // and the command line: as a coordinator
  kSystem,         // the scheduler
};
inline constexpr std::array kRoles = {Role::kCitizen, Role::kLiaison,     Role::kHead,          Role::kCoordinator,
                                      Role::kMayor,   Role::kIntegration, Role::kAdministrator, Role::kSystem};
std::string_view role_name(Role role);  // "citizen", "liaison", ... as stored

enum class Action {
  kVerify,
  kDispose,      // the coordinator names the agency, before any has worked on it
  kHandOn,       // bukan wewenang: the work starts again at another agency, or at a vertical body
  kAcknowledge,  // follow-ups, by what they weigh
  kAnswer,
  kAct,
  kRefuse,
  kAsk,
  kHold,
  kResume,
  kArchive,
  kClose,
  kHide,    // made secret: its words name somebody, or were never meant for all
  kReply,   // the citizen's
  kReopen,
  kRate,
  kEscalate,  // the scheduler's
  kCloseSilent,
  kArchiveSilent,
};
inline constexpr std::array kActions = {
    Action::kVerify, Action::kDispose, Action::kHandOn,  Action::kAcknowledge, Action::kAnswer,      Action::kAct,
    Action::kRefuse, Action::kAsk,     Action::kHold,    Action::kResume,      Action::kArchive,     Action::kClose,
    Action::kHide,   Action::kReply,  Action::kReopen,  Action::kRate,    Action::kEscalate,    Action::kCloseSilent, Action::kArchiveSilent};
std::string_view action_name(Action action);  // "verify", "hand-on", ... as stored, and as the command line says it

// A follow-up by its name; kInvalidArgument "kind" for everything else.
Result<Action> follow_up_action(std::string_view name);

// What an action cannot do without, besides the right role and state.
enum class Need : unsigned {
  kNothing = 0,
  kText = 1,             // words
  kReason = 2,           // words that are more than an acknowledgement
  kEvidence = 4,         // a photo or a document, when the category and the kind of report require it
  kSettledOrReason = 8,  // invariant 5: evidence or a reasoned refusal before, or else a reason now
  kAgency = 16,          // another agency than the one that has it
  kInTime = 32,          // within 10 working days of closing
  kRating = 64,          // 1 to 5
  kSettled = 128,        // evidence or a reasoned refusal before
};

enum class Next { kStay, kVerified, kInProcess, kAnsweredByCitizen, kOnHold, kClosedByAdmin, kClosedBySystem,
                  kArchivedByAdmin, kArchivedBySystem, kBeforeHold, kAgain };

struct Rule {
  Action action;
  unsigned from;   // bits of report::Status
  Next next;
  unsigned roles;  // bits of Role
  unsigned needs;  // bits of Need
};
std::span<const Rule> all_rules();

[[nodiscard]] inline bool needs(const Rule& rule, Need need) { return (rule.needs & static_cast<unsigned>(need)) != 0; }

// The rule that applies. kForbidden: this role never may; kConflict: not in this state. Both in a sentence.
Result<Rule> rule_for(Action action, report::Status from, Role role);

// The states that are passed, in order and without `from`; empty when nothing changes. What an agency does with a
// report that nobody has verified verifies it.
std::vector<report::Status> path(const Rule& rule, report::Status from, report::Status before_hold);

// True while an agency or the citizen may still move it.
bool is_open(report::Status status);

// One who acts. `agency_id`: of liaisons and heads.
enum class ActorKind { kDevice, kIntegration, kOffice, kOfficer, kSystem };
struct Actor {
  ActorKind kind = ActorKind::kDevice;
  Role role = Role::kCitizen;
  std::string agency_id;
  std::int64_t id = 0;         // of the caller, or of the officer's account
  std::string name;            // of the officer or the system; never shown to citizens
  std::int64_t caller_id = 0;  // the caller that what they write and upload belongs to
};
std::string_view actor_kind_name(ActorKind kind);
Actor system_actor();

// Which reports one may see at all, and act on: a citizen's own are told by Repository::is_of().
bool may_see(const Actor& actor, std::string_view agency_id);
bool may_act_on(const Actor& actor, std::string_view agency_id, bool escalated_to_mayor);

}  // namespace titik::serve
