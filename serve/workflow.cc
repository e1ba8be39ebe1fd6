#include "serve/workflow.h"

namespace titik::serve {
namespace {

using report::Status;

template <typename... Enums>
constexpr unsigned bits(Enums... values) {
  return ((1u << static_cast<unsigned>(values)) | ...);
}
template <typename... Needs>
constexpr unsigned all_of(Needs... values) {
  return (static_cast<unsigned>(values) | ...);
}

constexpr unsigned kUnverified = bits(Status::kUnverified);
constexpr unsigned kVerified = bits(Status::kVerified);
constexpr unsigned kWorking = bits(Status::kVerified, Status::kInProcess, Status::kAnsweredByCitizen);
constexpr unsigned kHeld = bits(Status::kOnHold);
constexpr unsigned kOpen = kUnverified | kWorking | kHeld;
constexpr unsigned kClosed = bits(Status::kClosedByAdmin, Status::kClosedBySystem);
constexpr unsigned kArchived = bits(Status::kArchivedByAdmin, Status::kArchivedBySystem);

// Coordinators, and who stands for them.
constexpr unsigned kCity = bits(Role::kCoordinator, Role::kIntegration, Role::kAdministrator);
constexpr unsigned kAgency = bits(Role::kLiaison, Role::kHead);
constexpr unsigned kMayor = bits(Role::kMayor);
constexpr unsigned kCitizen = bits(Role::kCitizen);
constexpr unsigned kSystem = bits(Role::kSystem);

// The one whose clock runs does not stop it by putting the report on hold or away: that is the coordinator's. The
// mayor's office urges, answers, and passes on; it does not do the agencies' work.
constexpr Rule kRules[] = {
    {Action::kVerify, kUnverified, Next::kVerified, kCity | kAgency, all_of(Need::kNothing)},
    {Action::kDispose, kUnverified | kVerified, Next::kVerified, kCity, all_of(Need::kAgency)},
    {Action::kHandOn, kOpen, Next::kAgain, kCity | kAgency | kMayor, all_of(Need::kAgency)},
    {Action::kAcknowledge, kOpen, Next::kInProcess, kCity | kAgency, all_of(Need::kText)},
    {Action::kAnswer, kOpen, Next::kInProcess, kCity | kAgency, all_of(Need::kText)},
    {Action::kAnswer, kOpen, Next::kStay, kMayor, all_of(Need::kText)},
    {Action::kAct, kOpen, Next::kInProcess, kCity | kAgency, all_of(Need::kEvidence)},
    {Action::kRefuse, kOpen, Next::kInProcess, kCity | kAgency, all_of(Need::kReason)},
    {Action::kAsk, kOpen, Next::kInProcess, kCity | kAgency, all_of(Need::kReason)},
    {Action::kHold, kUnverified | kWorking, Next::kOnHold, kCity, all_of(Need::kReason)},
    {Action::kResume, kHeld, Next::kBeforeHold, kCity, all_of(Need::kNothing)},
    {Action::kArchive, kUnverified | kVerified | kHeld, Next::kArchivedByAdmin, kCity, all_of(Need::kReason)},
    // An agency that will not act says so as a refusal, which the citizen reads as one; then it may close.
    {Action::kClose, kWorking, Next::kClosedByAdmin, kAgency, all_of(Need::kSettled)},
    {Action::kClose, kWorking, Next::kClosedByAdmin, kCity, all_of(Need::kSettledOrReason)},
    {Action::kHide, kOpen | kClosed | kArchived, Next::kStay, kCity, all_of(Need::kReason)},
    // A citizen's words are kept in every state; they are the citizen's turn only while an agency works on it.
    {Action::kReply, bits(Status::kInProcess), Next::kAnsweredByCitizen, kCitizen, all_of(Need::kText)},
    {Action::kReply, (kOpen | kClosed | kArchived) & ~bits(Status::kInProcess), Next::kStay, kCitizen, all_of(Need::kText)},
    {Action::kReopen, kClosed | bits(Status::kArchivedBySystem), Next::kAnsweredByCitizen, kCitizen,
     all_of(Need::kText, Need::kInTime)},
    {Action::kRate, kClosed, Next::kStay, kCitizen, all_of(Need::kRating)},
    {Action::kEscalate, kUnverified | kWorking, Next::kStay, kSystem, all_of(Need::kNothing)},
    {Action::kCloseSilent, bits(Status::kInProcess), Next::kClosedBySystem, kSystem, all_of(Need::kNothing)},
    {Action::kArchiveSilent, bits(Status::kInProcess), Next::kArchivedBySystem, kSystem, all_of(Need::kNothing)},
};

Status status_of(Next next, Status from, Status before_hold) {
  switch (next) {
    case Next::kStay: return from;
    case Next::kVerified: return Status::kVerified;
    case Next::kInProcess: return Status::kInProcess;
    case Next::kAnsweredByCitizen: return Status::kAnsweredByCitizen;
    case Next::kOnHold: return Status::kOnHold;
    case Next::kClosedByAdmin: return Status::kClosedByAdmin;
    case Next::kClosedBySystem: return Status::kClosedBySystem;
    case Next::kArchivedByAdmin: return Status::kArchivedByAdmin;
    case Next::kArchivedBySystem: return Status::kArchivedBySystem;
    case Next::kBeforeHold: return before_hold;
    case Next::kAgain: {
      const bool never_verified = from == Status::kUnverified || (from == Status::kOnHold && before_hold == Status::kUnverified);
      return never_verified ? Status::kUnverified : Status::kVerified;
    }
  }
  return from;
}

}  // namespace

std::string_view role_name(Role role) {
  switch (role) {
    case Role::kCitizen: return "citizen";
    case Role::kLiaison: return "liaison";
    case Role::kHead: return "head";
    case Role::kCoordinator: return "coordinator";
    case Role::kMayor: return "mayor";
    case Role::kIntegration: return "integration";
    case Role::kAdministrator: return "administrator";
    case Role::kSystem: return "system";
  }
  return "system";
}

std::string_view action_name(Action action) {
  switch (action) {
    case Action::kVerify: return "verify";
    case Action::kDispose: return "dispose";
    case Action::kHandOn: return "hand-on";
    case Action::kAcknowledge: return "acknowledgement";
    case Action::kAnswer: return "answer";
    case Action::kAct: return "action";
    case Action::kRefuse: return "refusal";
    case Action::kAsk: return "question";
    case Action::kHold: return "hold";
    case Action::kResume: return "resume";
    case Action::kArchive: return "archive";
    case Action::kClose: return "close";
    case Action::kHide: return "hide";
    case Action::kReply: return "reply";
    case Action::kReopen: return "reopen";
    case Action::kRate: return "rate";
    case Action::kEscalate: return "escalate";
    case Action::kCloseSilent: return "close-silent";
    case Action::kArchiveSilent: return "archive-silent";
  }
  return "";
}

Result<Action> follow_up_action(std::string_view name) {
  for (const Action action : {Action::kAcknowledge, Action::kAnswer, Action::kAct, Action::kRefuse, Action::kAsk}) {
    if (action_name(action) == name) return action;
  }
  return Error{ErrorCode::kInvalidArgument, "kind",
               "Jenis tanggapan: acknowledgement, answer, action, refusal atau question."};
}

std::string_view actor_kind_name(ActorKind kind) {
  switch (kind) {
    case ActorKind::kDevice: return "device";
    case ActorKind::kIntegration: return "integration";
    case ActorKind::kOffice: return "office";
    case ActorKind::kOfficer: return "officer";
    case ActorKind::kSystem: return "system";
  }
  return "system";
}

Actor system_actor() {
  return {.kind = ActorKind::kSystem, .role = Role::kSystem, .agency_id = {}, .id = 0, .name = "titik-serve", .caller_id = 0};
}

std::span<const Rule> all_rules() { return kRules; }

Result<Rule> rule_for(Action action, Status from, Role role) {
  bool role_ever_may = false;
  for (const Rule& rule : kRules) {
    if (rule.action != action || (rule.roles & bits(role)) == 0) continue;
    if ((rule.from & bits(from)) != 0) return rule;
    role_ever_may = true;
  }
  if (!role_ever_may) return Error{ErrorCode::kForbidden, "role", "Peran Anda tidak boleh melakukan ini."};
  return Error{ErrorCode::kConflict, "status",
               "Laporan berstatus " + std::string(report::status_label(from)) + ", jadi ini tidak dapat dilakukan."};
}

std::vector<Status> path(const Rule& rule, Status from, Status before_hold) {
  const Status to = status_of(rule.next, from, before_hold);
  if (to == from) return {};
  const bool unverified = from == Status::kUnverified || (from == Status::kOnHold && before_hold == Status::kUnverified);
  if (unverified && to == Status::kInProcess) return {Status::kVerified, to};
  return {to};
}

bool is_open(Status status) { return (bits(status) & kOpen) != 0; }

bool may_see(const Actor& actor, std::string_view agency_id) {
  if (actor.role == Role::kLiaison || actor.role == Role::kHead) return !actor.agency_id.empty() && actor.agency_id == agency_id;
  return actor.role != Role::kCitizen;
}

bool may_act_on(const Actor& actor, std::string_view agency_id, bool escalated_to_mayor) {
  if (actor.role == Role::kMayor) return escalated_to_mayor;
  return may_see(actor, agency_id) || actor.role == Role::kCitizen;
}

}  // namespace titik::serve
