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

bool is_closed(Status status) { return status == Status::kClosedByAdmin || status == Status::kClosedBySystem; }
bool is_archived(Status status) { return status == Status::kArchivedByAdmin || status == Status::kArchivedBySystem; }

struct Towards {
  Action action = Action::kVerify;
  Status to = Status::kVerified;
};
// The step that brings a report nearer to what it is there; nothing: there is none. Whether it may be taken the workflow
// says.
std::optional<Towards> step_towards(const UpstreamDesk::StateThere& there, const Case& here) {
  const bool is_hold_of_theirs = here.status == Status::kOnHold && there.before == Status::kOnHold;
  const bool is_untouched = here.status == Status::kUnverified || here.status == Status::kVerified;
  switch (there.status) {
    case Status::kUnverified: break;
    case Status::kVerified:
      if (here.status == Status::kUnverified) return Towards{Action::kVerify, Status::kVerified};
      if (is_hold_of_theirs) return Towards{Action::kResume, here.before_hold};
      break;
    case Status::kInProcess:
    case Status::kAnsweredByCitizen:
      if (is_untouched || is_hold_of_theirs) return Towards{Action::kAcknowledge, Status::kInProcess};
      break;
    case Status::kOnHold: return Towards{Action::kHold, Status::kOnHold};
    case Status::kArchivedByAdmin:
    case Status::kArchivedBySystem: return Towards{Action::kArchive, Status::kArchivedByAdmin};
    case Status::kClosedByAdmin:
    case Status::kClosedBySystem: return Towards{Action::kClose, Status::kClosedByAdmin};
  }
  return std::nullopt;
}

// What the city's rules refuse is no fault of the link's.
bool is_refusal(const Error& error) {
  return error.code == ErrorCode::kConflict || error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kForbidden;
}

}  // namespace

Result<Caller> named_caller(Repository& repository, CallerKind kind, std::string_view name, UnixMillis now) {
  Sql& sql = repository.sql();
  const std::string_view kind_name = kind == CallerKind::kIntegration ? "integration" : "office";
  const SqlLock lock(sql.mutex());
  return sql.transaction([&]() -> Result<Caller> {
    Statement known = TRY(sql.prepare("SELECT id FROM caller WHERE kind = ?1 AND name = ?2 ORDER BY id LIMIT 1"));
    TRY(known.bind_all(kind_name, name));
    if (TRY(known.step())) return Caller{known.integer(0), kind, std::string(name)};
    Statement row = TRY(sql.prepare("INSERT INTO caller(kind, name, token_sha256, created_at) VALUES (?1, ?2, ?3, ?4) RETURNING id"));
    TRY(row.bind_all(kind_name, name, sha256_hex(random_hex(32)), now));
    return Caller{TRY(row.insert()), kind, std::string(name)};
  });
}

Result<Caller> upstream_caller(Repository& repository, UnixMillis now) {
  return named_caller(repository, CallerKind::kIntegration, kThere, now);
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

Result<UpstreamDesk::Brought> UpstreamDesk::bring_report(const UpstreamComplaint& complaint, const std::vector<NewFile>& photos, const Arrival& arrival, UnixMillis now) {
  const bool is_link = caller_.kind == CallerKind::kIntegration;
  // An earlier version may have been ended between the report and its link.
  const auto brought_before = [&](std::int64_t tracking_id) -> Result<Brought> {
    if (is_link) TRY(store_.add_theirs(tracking_id, complaint.id, arrival.poll_at));
    return Brought{.tracking_id = tracking_id};
  };
  const Result<StoredReport> old = repository_.report_by_key(old_key_of_report(complaint.id));
  if (!old.ok() && old.error().code != ErrorCode::kNotFound) return old.error();
  if (old.ok() && TRY(is_brought(*old, complaint.id))) return brought_before(old->tracking_id);
  const std::string key = TRY(key_of_report(complaint.id));
  const report::Category& category = category_there(complaint.category_id);
  const report::Agency* agency = agency_there(complaint.disposition_id);
  if (!agency) agency = profile_.agency(category.agency);
  NewReport report{.city = profile_.id, .caller_id = caller_.id, .key = key,
                   .opening = new_case(agency ? agency->id : "", category.id, complaint.classification, now, workflow_.city()),
                   .passed_on = agency ? passed_on_words(profile_, agency->id) : "", .now = now};
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
  report.also = [&](std::int64_t tracking_id) -> Result<Ok> {
    TRY(store_.note_at_once(tracking_id, "Diterima dari " + std::string(kThere) + ", nomor " + complaint.id, now));
    for (const std::string_view one : arrival.seen) TRY(store_.set_seen_at_once(tracking_id, one));
    return is_link ? store_.add_theirs_at_once(tracking_id, complaint.id, arrival.poll_at) : Ok{};
  };
  const Result<Created> created = repository_.create_report(report);
  if (created.ok()) {
    const std::int64_t tracking_id = std::stoll(created->receipt.tracking_id);
    if (created->freshness == Freshness::kKnown) return brought_before(tracking_id);
    return Brought{.tracking_id = tracking_id, .is_new = true};
  }
  if (created.error().code != ErrorCode::kConflict) return created.error();
  const Result<StoredReport> edited = repository_.report_by_key(report.key);  // brought before, and edited there since
  if (!edited.ok()) return edited.error().code == ErrorCode::kNotFound ? created.error() : edited.error();
  return brought_before(edited->tracking_id);
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
  const Status status = added->subject.status;
  if (status == Status::kVerified || status == Status::kInProcess || status == Status::kAnsweredByCitizen) {
    TRY(store_.status_is_told(report.tracking_id, report::status_name(status)));
  }
  return store_.set_seen(report.tracking_id, id);
}

// Known there before it is so here: whoever is killed in between tells nothing back.
Result<Done> UpstreamDesk::take_told(std::int64_t tracking_id, Action action, Status to, const std::string& reason, UnixMillis now) {
  const std::string before = TRY(store_.status_told(tracking_id));
  TRY(store_.status_is_told(tracking_id, report::status_name(to)));
  const Result<Done> done = workflow_.take(tracking_id, actor(Role::kIntegration), {.action = action, .text = reason, .institution = std::string(kThere)}, now);
  // Not what it may be by now: what an officer has done meanwhile is told.
  TRY(store_.status_is_told(tracking_id, done.ok() ? report::status_name(done->subject.status) : std::string_view(before)));
  return done;
}

Result<Ok> UpstreamDesk::bring_status(std::int64_t tracking_id, const StateThere& there, const News& news) {
  if (TRY(store_.is_erased(tracking_id))) return Ok{};
  Case here = TRY(workflow_.row(tracking_id)).subject;
  // Nobody is told twice; and what has begun here is not undone by what has not begun there.
  const bool is_same = there.status == here.status || (is_closed(there.status) && is_closed(here.status)) || (is_archived(there.status) && is_archived(here.status));
  if (is_same || there.status == Status::kUnverified) return Ok{};
  std::string reason = "Status di " + std::string(kThere) + ": " + limited(there.label, Lines::kOne, report::kMaxTitle);
  if (is_closed(there.status) && here.status == Status::kUnverified) {
    const Result<Done> verified = take_told(tracking_id, Action::kVerify, Status::kVerified, reason, news.now);
    if (verified.ok()) here = verified->subject;
    else if (!is_refusal(verified.error())) return verified.error();
  }
  const bool is_settled = here.times.follow_up_stopped_at != 0;
  if (is_closed(there.status) && is_open(here.status) && !is_settled && !there.is_over) {
    reason += ". Di sini laporan tetap terbuka: belum ada tindak lanjut berbukti atau penolakan beralasan";
    return store_.note_seen(tracking_id, news.once, reason, news.now);
  }
  if (const auto step = step_towards(there, here)) {
    const Result<Done> done = take_told(tracking_id, step->action, step->to, reason, news.now);
    if (done.ok()) return Ok{};
    if (!is_refusal(done.error())) return done.error();
  }
  return store_.note_seen(tracking_id, news.once, reason, news.now);
}

Result<Ok> UpstreamDesk::bring_disposition(std::int64_t tracking_id, std::string_view institution_id, std::string_view name, const News& news) {
  if (TRY(store_.is_erased(tracking_id))) return Ok{};
  const report::Agency* agency = agency_there(institution_id);
  if (agency) {
    const std::string before = TRY(store_.agency_told(tracking_id));
    TRY(store_.agency_is_told(tracking_id, agency->id));
    if (agency->id == TRY(repository_.report(tracking_id)).agency_id) return Ok{};
    const Step step{.action = Action::kHandOn, .text = "menurut " + std::string(kThere), .agency_id = agency->id};
    const Result<Done> done = workflow_.take(tracking_id, actor(Role::kIntegration), step, news.now);
    if (done.ok()) return Ok{};
    TRY(store_.agency_is_told(tracking_id, before));
    if (!is_refusal(done.error())) return done.error();
  }
  return store_.note_seen(tracking_id, news.once,
                          "Di " + std::string(kThere) + " laporan kini pada " + limited(name, Lines::kOne, report::kMaxTitle), news.now);
}

}  // namespace titik::serve
