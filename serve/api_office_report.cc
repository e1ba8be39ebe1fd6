// One report as the office works on it: all that was said and shown of it, what may be done next, and, asked for apart,
// who the reporter is.
#include <algorithm>

#include "base/id.h"
#include "base/utf8.h"
#include "serve/access_log.h"
#include "serve/claims.h"
#include "serve/entered.h"
#include "serve/handlers.h"
#include "serve/neighbours.h"
#include "serve/office_answers.h"
#include "serve/uploads.h"

namespace titik::serve {
namespace {

constexpr int kWholeThread = 500;

Json file_json(const std::string& id, std::string_view name, std::string_view mime, std::int64_t bytes) {
  return {{"id", id}, {"file_name", name}, {"mime", mime}, {"bytes", bytes}};
}

Json photos_json(const std::vector<StoredFile>& files) {
  Json list = Json::array();
  for (const StoredFile& file : files) list.push_back(file_json(std::to_string(file.id), file.file_name, file.mime, file.bytes));
  return list;
}

// Words and files between citizen and office, oldest first.
Result<Json> thread_json(App& app, std::int64_t tracking_id) {
  Json list = Json::array();
  const lapor::FollowUpPage thread = TRY(app.repository.follow_ups(tracking_id, 1, kWholeThread));
  for (const lapor::FollowUp& one : thread.items) {
    Json files = Json::array();
    for (const StoredFile& file : TRY(app.repository.files_of_follow_up(std::stoll(one.id)))) {
      files.push_back(file_json(std::to_string(file.id), file.file_name, file.mime, file.bytes));
    }
    list.push_back({{"id", one.id},
                    {"kind", lapor::follow_up_kind_name(one.kind)},
                    {"institution", one.institution_from},
                    {"at", one.at},
                    {"content", one.content},
                    {"is_secret", one.is_secret},
                    {"files", std::move(files)}});
  }
  return list;
}

Json place_json(const std::optional<report::Place>& place) {
  if (!place) return nullptr;
  return {{"latitude", place->point.latitude},
          {"longitude", place->point.longitude},
          {"accuracy_m", place->accuracy_m},
          {"source", report::place_source_name(place->source)},
          {"at", place->at == 0 ? Json() : Json(place->at)}};
}

Result<Json> proof_json(App& app, std::int64_t tracking_id) {
  Json list = Json::array();
  for (const EvidenceFinding& finding : TRY(app.proofs.findings(tracking_id))) {
    Json json = finding_json(finding);
    json["file_id"] = std::to_string(finding.file_id);
    list.push_back(std::move(json));
  }
  return list;
}

// What people near by said: how many are affected too, and whether the repair holds.
Result<Ok> add_neighbours(App& app, std::int64_t tracking_id, Json& json) {
  const SqlLock lock(app.repository.sql().mutex());
  const Neighbours::Words words = TRY(count_words(app.repository.sql(), tracking_id));
  json["confirmations"] = {{"works", words.works}, {"does_not_work", words.does_not_work}};
  json["affected"] = TRY(count_affected(app.repository.sql(), tracking_id));
  return Ok{};
}

// Liaisons and heads would speak for the one who judges them.
bool may_speak_for(const Actor& actor) {
  return actor.role == Role::kCoordinator || actor.role == Role::kIntegration || actor.role == Role::kAdministrator;
}

Result<Json> case_json(App& app, const Actor& actor, const CaseRow& row) {
  const StoredReport stored = TRY(app.repository.report(row.tracking_id));
  const report::Draft draft = TRY(lapor::read_create(stored.request, app.profile)).draft;
  const auto entered = TRY(EnteredReports(app.repository.sql()).of(row.tracking_id));
  Json json = row_json(row);
  json["title"] = row.title;  // whoever comes here has been written down
  json["content"] = draft.content;
  json["landmark"] = draft.landmark;
  json["incident_date"] = draft.incident_date;
  json["is_anonymous"] = draft.is_anonymous;
  json["place"] = place_json(draft.place);
  {
    const SqlLock lock(app.repository.sql().mutex());
    json["channel"] = TRY(channel_of(app.repository.sql(), row.tracking_id));
  }
  json["is_entered"] = entered.has_value();
  json["has_contact"] = entered ? !entered->contact_name.empty() || !entered->contact_phone.empty()
                                : !draft.is_anonymous && (!draft.reporter_name.empty() || !draft.reporter_phone.empty());
  json["photos"] = photos_json(TRY(app.repository.files_of_report(row.tracking_id)));
  json["photos_pending"] = TRY(app.repository.photos_pending(row.tracking_id));
  json["thread"] = TRY(thread_json(app, row.tracking_id));
  json["proof"] = TRY(proof_json(app, row.tracking_id));
  json["history"] = audit_json(TRY(app.workflow.audit(row.tracking_id)));
  json["may_speak_for"] = entered && may_speak_for(actor);
  json["steps"] = steps_json(possible_steps(row.subject, actor, app.workflow.city()));
  TRY(add_neighbours(app, row.tracking_id, json));
  return json;
}

Result<Json> report_json(App& app, const Call& call) {
  return case_json(app, call.actor, TRY(visible_case(app, call.actor, call.ids[0])));
}

// Name and telephone: of whom an officer wrote the report down for, else of who wrote it and is not anonymous.
Result<Json> reporter_json(App& app, const Call& call) {
  const StoredReport stored = TRY(visible_report(app, call.actor, call.ids[0]));
  TRY(AccessLog(app.repository.sql()).note_shown(call.actor, stored.tracking_id, app.now()));
  if (const auto entered = TRY(EnteredReports(app.repository.sql()).of(stored.tracking_id))) {
    return Json{{"name", entered->contact_name}, {"phone", entered->contact_phone}};
  }
  const report::Draft draft = TRY(lapor::read_create(stored.request, app.profile)).draft;
  if (draft.is_anonymous) return Json{{"name", ""}, {"phone", ""}};
  return Json{{"name", draft.reporter_name}, {"phone", draft.reporter_phone}};
}

// A report that was written down for somebody who has no phone of theirs in it.
Result<StoredReport> entered_report(App& app, const Call& call) {
  const Error not_found{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  if (call.actor.role == Role::kMayor) return Error{ErrorCode::kForbidden, "role", "Peran Anda tidak boleh melakukan ini."};
  const StoredReport stored = TRY(visible_report(app, call.actor, call.ids[0]));
  if (!TRY(EnteredReports(app.repository.sql()).of(stored.tracking_id))) return not_found;
  return stored;
}

// What this officer wrote down, also where another agency has it now.
Result<std::optional<StoredReport>> entered_by(App& app, const Call& call) {
  if (!is_lapor_id(call.ids[0])) return std::optional<StoredReport>();
  Result<StoredReport> stored = app.repository.report(std::stoll(call.ids[0]));
  if (!stored.ok() || stored->caller_id != call.actor.caller_id) return std::optional<StoredReport>();
  if (!TRY(EnteredReports(app.repository.sql()).of(stored->tracking_id))) return std::optional<StoredReport>();
  return std::optional(*std::move(stored));
}

Result<Json> new_code(App& app, const Call& call) {
  const std::optional<StoredReport> own = TRY(entered_by(app, call));
  const StoredReport stored = own ? *own : TRY(entered_report(app, call));
  const ClaimCode made = TRY(Claims(app.repository.sql()).make(stored.tracking_id, call.actor.caller_id, app.now()));
  return Json{{"code", made.code}, {"expires_at", made.expires_at}};
}

// "Masih berlubang", said on the telephone: the citizen's own step, written down by the coordinator.
Result<Json> take_words(App& app, const Call& call) {
  const StoredReport stored = TRY(entered_report(app, call));
  if (!may_speak_for(call.actor)) {
    return Error{ErrorCode::kForbidden, "role", "Peran Anda tidak boleh melakukan ini."};
  }
  const Json body = TRY(parse_json(call.body));
  Step step{.action = Action::kReply, .text = std::string(trimmed(clean_text(string_or(body, "content"), Lines::kMany)))};
  if (count_code_points(step.text) > report::kMaxContent) {
    return Error{ErrorCode::kInvalidArgument, "content", "Tulis paling banyak 5000 huruf."};
  }
  step.rating = static_cast<int>(std::clamp<std::int64_t>(integer_or(body, "rating"), 0, 6));  // the workflow takes 1 to 5
  if (step.rating > 0) step.action = Action::kRate;
  else if (string_or(body, "action") == "reopen") step.action = Action::kReopen;
  Actor citizen = call.actor;
  citizen.role = Role::kCitizen;  // by the citizen's rules; kind and id tell who wrote it down
  const Done done = TRY(app.workflow.write(stored.tracking_id, citizen, step, {.key = TRY(idempotency_key(call.request))}, app.now()));
  return Json{{"message", "Tersimpan."}, {"status", report::status_name(done.subject.status)}, {"clocks", clocks_json(done.subject.times)}};
}

Response answer(const Result<Json>& json, int status = 200) {
  return json.ok() ? json_response(status, to_text(*json)) : refusal_of(json.error());
}

}  // namespace

Response get_office_report(App& app, Call& call) { return answer(report_json(app, call)); }
Response get_office_reporter(App& app, Call& call) { return answer(reporter_json(app, call)); }
Response post_office_code(App& app, Call& call) { return answer(new_code(app, call), 201); }
Response post_office_words(App& app, Call& call) { return answer(take_words(app, call)); }

// Photos for a report that the officer is about to enter.
Response post_office_files(App& app, Call& call) {
  Caller writer = call.caller;
  writer.id = call.actor.caller_id;  // an officer is no caller of the interface, and has one to write with
  Call upload{call.request, {}, std::move(writer), call.actor, {}, call.origin};
  return post_files(app, upload);
}

}  // namespace titik::serve
