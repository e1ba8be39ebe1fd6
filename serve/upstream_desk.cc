#include "serve/upstream_desk.h"

#include <algorithm>

#include "base/utf8.h"
#include "report/validation.h"
#include "serve/actor.h"
#include "serve/crypto.h"

namespace titik::serve {
namespace {

using report::Status;

constexpr std::string_view kThere = "SP4N-LAPOR!";

std::string limited(std::string_view text, Lines lines, std::size_t most) {
  return std::string(trimmed(prefix_of(trimmed(clean_text(text, lines)), most)));
}

// As keys were made before they were secret (schema versions up to 15). Anybody can compute it: a report is the
// complaint's only if it is of the caller that brings.
std::string old_key_of_report(std::string_view id) { return uuid_of("complaint/" + std::string(id)); }

// What the city's rules refuse is no fault of the link's.
bool is_refusal(const Error& error) {
  return error.code == ErrorCode::kConflict || error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kForbidden;
}

}  // namespace

Result<Caller> upstream_caller(Repository& repository, UnixMillis now) {
  if (const auto known = TRY(repository.caller_by_name(CallerKind::kIntegration, kThere))) return *known;
  // Of no token: what is hashed is forgotten at once.
  const std::int64_t id = TRY(repository.add_caller(CallerKind::kIntegration, kThere, sha256_hex(random_hex(32)), now));
  return Caller{id, CallerKind::kIntegration, std::string(kThere)};
}

const report::Agency* UpstreamDesk::agency_there(std::string_view institution_id) const {
  if (institution_id.empty()) return nullptr;
  for (const report::Agency& agency : profile_.agencies) {
    if (config_.institution_of(profile_, agency.id) == institution_id) return &agency;
  }
  return nullptr;
}

const report::Category& UpstreamDesk::category_there(std::string_view category_id) const {
  for (const report::Category& category : profile_.categories) {
    if (!category_id.empty() && config_.category_of(profile_, category.id) == category_id) return category;
  }
  return *profile_.category(config_.default_category);
}

bool UpstreamDesk::is_ours(std::string_view institution_id) const {
  if (institution_id.empty() || institution_id == config_.institution_id) return true;
  const report::Agency* agency = agency_there(institution_id);
  return agency && !agency->vertical;
}

Actor UpstreamDesk::actor(Role role) const {
  Actor actor = actor_of(caller_);
  actor.role = role;
  return actor;
}

Result<std::string> UpstreamDesk::key_of_report(const std::string& id) {
  return store_.key_of((caller_.kind == CallerKind::kIntegration ? "complaint/" : "file/") + id);
}

Result<bool> UpstreamDesk::is_brought(const StoredReport& report, const std::string& id) {
  if (report.report_id == TRY(key_of_report(id))) return true;
  if (report.report_id != old_key_of_report(id)) return false;
  if (report.caller_id == caller_.id) return true;
  // Erased, it is nobody's any more. Those of SP4N-LAPOR! keep their number there and are known by it; of a file's rows
  // no number is kept, and what was erased must not come back.
  return caller_.kind != CallerKind::kIntegration && TRY(store_.is_erased(report.tracking_id));
}

Result<UpstreamDesk::Brought> UpstreamDesk::bring_report(const UpstreamComplaint& complaint, const std::vector<NewFile>& photos, UnixMillis now) {
  const Result<StoredReport> old = repository_.report_by_key(old_key_of_report(complaint.id));
  if (!old.ok() && old.error().code != ErrorCode::kNotFound) return old.error();
  if (old.ok() && TRY(is_brought(*old, complaint.id))) return Brought{.tracking_id = old->tracking_id};
  const std::string key = TRY(key_of_report(complaint.id));
  const report::Category& category = category_there(complaint.category_id);
  const report::Agency* agency = agency_there(complaint.disposition_id);
  if (!agency) agency = profile_.agency(category.agency);
  NewReport report{.city = profile_.id, .caller_id = caller_.id, .key = key,
                   .opening = new_case(agency ? agency->id : "", category.id, complaint.classification, now, workflow_.city()),
                   .agency_name = agency ? agency->short_name : "", .now = now};
  report::Draft& draft = report.request.draft;
  draft.id = report.key;
  draft.classification = complaint.classification;
  draft.category_id = category.id;
  draft.content = limited(complaint.content, Lines::kMany, report::kMaxContent);
  draft.title = limited(complaint.title, Lines::kOne, report::kMaxTitle);
  if (draft.title.empty()) draft.title = limited(draft.content, Lines::kOne, 60);
  if (draft.title.empty()) draft.title = "Laporan " + complaint.id;
  if (complaint.at != 0) draft.incident_date = format_date(to_civil(complaint.at, profile_.zone));
  draft.is_anonymous = complaint.is_anonymous;
  if (!complaint.is_anonymous) draft.reporter_name = limited(complaint.reporter_name, Lines::kOne, report::kMaxName);
  draft.landmark = limited(complaint.landmark, Lines::kOne, report::kMaxLandmark);
  draft.is_secret = complaint.is_secret;
  if (complaint.point) draft.place = report::Place{.point = *complaint.point};
  report.request.lapor_category_id = category.lapor_category_id;
  for (const NewFile& photo : photos) {
    report.request.attachments.push_back(std::to_string(TRY(repository_.add_upload(caller_.id, photo, now))));
  }
  const Result<Created> created = repository_.create_report(report);
  Brought brought;
  if (created.ok()) {
    brought = {std::stoll(created->receipt.tracking_id), created->freshness == Freshness::kNew};
  } else if (created.error().code == ErrorCode::kConflict) {
    brought.tracking_id = TRY(repository_.report_by_key(report.key)).tracking_id;  // brought before, and edited there since
  } else {
    return created.error();
  }
  if (brought.is_new) TRY(store_.note(brought.tracking_id, "Diterima dari " + std::string(kThere) + ", nomor " + complaint.id, now));
  return brought;
}

Result<Ok> UpstreamDesk::bring_follow_up(const UpstreamReport& report, const std::string& id, const lapor::FollowUp& follow_up,
                                         const std::vector<NewFile>& files, UnixMillis now) {
  if (TRY(store_.is_erased(report.tracking_id))) return Ok{};
  const std::string content = limited(follow_up.content, Lines::kMany, report::kMaxContent);
  if (follow_up.kind == lapor::FollowUpKind::kDisposition) {
    if (content.empty()) return store_.set_seen(report.tracking_id, id);
    return store_.note_seen(report.tracking_id, id, std::string(kThere) + ": " + content, now);
  }
  if (content.empty() && files.empty()) return store_.set_seen(report.tracking_id, id);
  const bool of_citizen = follow_up.kind == lapor::FollowUpKind::kCitizen;
  const bool has_evidence = follow_up.kind == lapor::FollowUpKind::kAction && !files.empty();
  Step step{.action = of_citizen ? Action::kReply : has_evidence ? Action::kAct : Action::kAnswer, .text = content,
            .institution = limited(follow_up.institution_from, Lines::kOne, report::kMaxTitle)};
  if (!of_citizen && step.institution.empty()) step.institution = kThere;
  const Words words{.key = TRY(store_.key_of("follow-up/" + report.upstream_id + "/" + id)),
                    .institution_to = limited(follow_up.institution_to, Lines::kOne, report::kMaxTitle), .files = files};
  const Result<Done> added = workflow_.write(report.tracking_id, actor(of_citizen ? Role::kCitizen : Role::kIntegration), step, words, now);
  if (!added.ok()) {
    if (!is_refusal(added.error())) return added.error();
    // Of a report that is closed here: the words are kept all the same, where the citizen sees them.
    return store_.note_seen(report.tracking_id, id,
                            std::string(kThere) + (step.institution.empty() ? "" : ", " + step.institution) + ": " + content, now);
  }
  // What an answer does to the state is known there; a state that an officer has set meanwhile is not.
  const Status status = TRY(repository_.report(report.tracking_id)).status;
  if (status == Status::kVerified || status == Status::kInProcess || status == Status::kAnsweredByCitizen) {
    TRY(store_.status_is_told(report.tracking_id, report::status_name(status)));
  }
  return store_.set_seen(report.tracking_id, id);
}

Result<Ok> UpstreamDesk::bring_status(std::int64_t tracking_id, Status status, std::string_view label, UnixMillis now) {
  if (TRY(store_.is_erased(tracking_id))) return Ok{};
  const Status here = TRY(repository_.report(tracking_id)).status;
  // Nobody is told twice; and what has begun here is not undone by what has not begun there.
  if (status == here || status == Status::kUnverified) return Ok{};
  const std::string reason = "Status di " + std::string(kThere) + ": " + limited(label, Lines::kOne, report::kMaxTitle);
  const auto take = [&](Action action) { return workflow_.take(tracking_id, actor(Role::kIntegration), {.action = action, .text = reason}, now); };
  // Known there before it is so here: whoever is killed in between tells nothing back.
  const auto take_told = [&](Action action, Status to) -> Result<Done> {
    const std::string before = TRY(store_.status_told(tracking_id));
    TRY(store_.status_is_told(tracking_id, report::status_name(to)));
    Result<Done> taken = take(action);
    if (!taken.ok()) TRY(store_.status_is_told(tracking_id, before));
    return taken;
  };
  Result<Done> done = Error{ErrorCode::kConflict, "status", ""};
  if (status == Status::kVerified && here == Status::kUnverified) done = take_told(Action::kVerify, Status::kVerified);
  if (status == Status::kClosedByAdmin || status == Status::kClosedBySystem) {
    if (here == Status::kUnverified) (void)take_told(Action::kVerify, Status::kVerified);
    done = take_told(Action::kClose, Status::kClosedByAdmin);
  }
  if (!done.ok()) {
    if (!is_refusal(done.error())) return done.error();
    return store_.note(tracking_id, reason, now);
  }
  return store_.status_is_told(tracking_id, report::status_name(TRY(repository_.report(tracking_id)).status));
}

Result<Ok> UpstreamDesk::bring_disposition(std::int64_t tracking_id, std::string_view institution_id, std::string_view name, UnixMillis now) {
  if (TRY(store_.is_erased(tracking_id))) return Ok{};
  const report::Agency* agency = agency_there(institution_id);
  const StoredReport here = TRY(repository_.report(tracking_id));
  if (agency && agency->id == here.agency_id) return Ok{};
  if (agency) {
    TRY(store_.agency_is_told(tracking_id, agency->id));
    const Step step{.action = Action::kHandOn, .text = "menurut " + std::string(kThere), .agency_id = agency->id};
    const Result<Done> done = workflow_.take(tracking_id, actor(Role::kIntegration), step, now);
    if (done.ok()) return Ok{};
    if (!is_refusal(done.error())) return done.error();
    TRY(store_.agency_is_told(tracking_id, here.agency_id));
  }
  return store_.note(tracking_id, "Di " + std::string(kThere) + " laporan kini pada " + limited(name, Lines::kOne, report::kMaxTitle), now);
}

}  // namespace titik::serve
