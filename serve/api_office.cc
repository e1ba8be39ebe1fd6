// What officers and the city's other systems do with reports, under /titik/1/office. Who may do what is the
// workflow's table; here a request becomes a step. Nothing here tells a reporter's identity.
#include <array>
#include <charconv>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "serve/handlers.h"
#include "serve/uploads.h"

namespace titik::serve {
namespace {

constexpr int kMostRows = 100;

std::string_view level_name(Level level) {
  constexpr std::array<std::string_view, 3> kNames = {"liaison", "head", "mayor"};
  return kNames.at(static_cast<std::size_t>(level));
}

// Times as milliseconds since 1970, as everywhere in /titik/1; null for "not yet" and "no such clock".
Json clocks_json(const ReportTimes& times) {
  const auto time = [](UnixMillis at) { return at == 0 ? Json() : Json(at); };
  return {{"received_at", time(times.received_at)},
          {"started_at", time(times.clocks_started_at)},
          {"verify", {{"due_at", time(times.verify_due_at)}, {"stopped_at", time(times.verified_at)}}},
          {"answer", {{"due_at", time(times.answer_due_at)}, {"stopped_at", time(times.answered_at)}}},
          {"response", {{"due_at", time(times.response_due_at)}, {"stopped_at", time(times.response_stopped_at)}}},
          {"follow_up", {{"due_at", time(times.follow_up_due_at)}, {"stopped_at", time(times.follow_up_stopped_at)}}},
          {"held_at", time(times.held_at)},
          {"closes_at", time(times.closes_at)},
          {"closed_at", time(times.closed_at)},
          {"escalates_at", time(times.escalates_at)}};
}

Json row_json(const CaseRow& row) {
  const Case& subject = row.subject;
  return {{"tracking_id", std::to_string(row.tracking_id)},
          {"title", row.title},
          {"category", subject.category_id},
          {"classification", static_cast<int>(subject.classification)},
          {"is_secret", row.is_secret},
          {"agency", subject.agency_id},
          {"status", report::status_name(subject.status)},
          {"status_label", report::status_label(subject.status)},
          {"level", level_name(subject.times.level)},
          {"hand_ons", subject.hand_ons},
          {"rating", subject.rating == 0 ? Json() : Json(subject.rating)},
          {"clocks", clocks_json(subject.times)}};
}

Json audit_json(const std::vector<AuditLine>& lines) {
  Json list = Json::array();
  for (const AuditLine& line : lines) {
    // By the number of a phone one could tell which reports, anonymous ones too, are one person's.
    const bool is_citizen = line.actor_role == "citizen";
    list.push_back({{"at", line.at},
                    {"action", line.action},
                    {"status_old", line.status_old},
                    {"status_new", line.status_new},
                    {"text", line.text},
                    {"institution", line.institution},
                    {"note", line.note},
                    {"actor", {{"kind", line.actor_kind}, {"role", line.actor_role}, {"id", is_citizen ? Json() : Json(line.actor_id)}, {"name", is_citizen ? "" : line.actor_name}}}});
  }
  return list;
}

// The report, when this actor may see it; else the same as for one that does not exist.
Result<CaseRow> visible_case(App& app, const Actor& actor, std::string_view tracking_id) {
  return app.workflow.row(TRY(visible_report(app, actor, tracking_id)).tracking_id);
}

Result<CaseFilter> filter_of(App& app, const Actor& actor, const Request& request) {
  CaseFilter filter{.status = {}, .agency_id = query_value(request.target, "agency"), .overdue_at = 0, .before = 0, .limit = kMostRows};
  if (const std::string status = query_value(request.target, "status"); !status.empty()) {
    filter.status = report::status_from_name(status);
    if (!filter.status) return Error{ErrorCode::kInvalidArgument, "status", "Status ini tidak dikenal."};
  }
  if (actor.role == Role::kLiaison || actor.role == Role::kHead) {
    if (!filter.agency_id.empty() && filter.agency_id != actor.agency_id) {
      return Error{ErrorCode::kForbidden, "agency", "Anda hanya dapat melihat laporan instansi Anda."};
    }
    if (actor.agency_id.empty()) return Error{ErrorCode::kForbidden, "agency", "Akun Anda belum terhubung dengan instansi."};
    filter.agency_id = actor.agency_id;
  }
  if (query_value(request.target, "overdue") == "1") filter.overdue_at = app.now();
  const std::string before = query_value(request.target, "before");
  if (!before.empty()) {
    if (!is_lapor_id(before)) return Error{ErrorCode::kInvalidArgument, "before", "`before` adalah nomor laporan."};
    filter.before = std::stoll(before);
  }
  return filter;
}

Response done_response(const Step& step, const Done& done) {
  const std::string_view notice = notice_of(step.action, done.counted);
  Json json = {{"message", notice.empty() ? "Tersimpan." : notice},
               {"counted", action_name(done.counted)},
               {"status", report::status_name(done.subject.status)},
               {"agency", done.subject.agency_id},
               {"clocks", clocks_json(done.subject.times)}};
  if (done.follow_up_id != 0) json["follow_up_id"] = std::to_string(done.follow_up_id);
  return json_response(200, to_text(json));
}

Result<std::string> words_in(const std::string& given, std::string_view field) {
  std::string text(trimmed(clean_text(given, Lines::kMany)));
  if (count_code_points(text) > report::kMaxContent) {
    return Error{ErrorCode::kInvalidArgument, std::string(field), "Tulis paling banyak 5000 huruf."};
  }
  return text;
}

std::string field(const UploadedForm& form, const std::string& name) {
  const auto found = form.fields.find(name);
  return found == form.fields.end() ? std::string() : std::string(trimmed(found->second));
}

Result<Done> take_step(App& app, Call& call, Action action, Step& step) {
  const Actor actor = call.actor;
  const CaseRow row = TRY(visible_case(app, actor, call.ids[0]));
  const Json body = call.body.empty() ? Json::object() : TRY(parse_json(call.body));
  step = {.action = action, .text = TRY(words_in(string_or(body, "reason"), "reason")), .agency_id = string_or(body, "agency")};
  return app.workflow.take(row.tracking_id, actor, step, app.now());
}

// A step without words for the thread: {"reason": "...", "agency": "..."} as it needs.
Response answer_step(App& app, Call& call, Action action) {
  Step step;
  const Result<Done> done = take_step(app, call, action, step);
  if (!done.ok()) return refusal_of(app, done.error());
  return done_response(step, *done);
}

Result<Done> take_follow_up(App& app, Call& call, Step& step) {
  const Actor actor = call.actor;
  Words words{.key = TRY(idempotency_key(call.request))};
  const CaseRow row = TRY(visible_case(app, actor, call.ids[0]));  // before a byte of the body is read
  const UploadedForm form = TRY(receive_form(app, call.request));
  for (const UploadedForm::File& file : form.files) {
    words.files.push_back({file.kept.sha256, file.kept.bytes, std::string(file.kept.type.mime), file.file_name});
  }
  const report::Agency* agency = app.profile.agency(row.subject.agency_id);
  step = {.action = TRY(follow_up_action(field(form, "kind"))), .text = TRY(words_in(field(form, "content"), "content")),
          .agency_id = {}, .institution = agency ? agency->short_name : actor.name};
  if (actor.role == Role::kMayor) step.institution = "Kantor Wali Kota";
  return app.workflow.write(row.tracking_id, actor, step, words, app.now());
}

}  // namespace

Response get_office_reports(App& app, Call& call) {
  const Result<CaseFilter> filter = filter_of(app, call.actor, call.request);
  if (!filter.ok()) return refusal_of(app, filter.error());
  const Result<std::vector<CaseRow>> rows = app.workflow.rows(*filter);
  if (!rows.ok()) return refusal_of(app, rows.error());
  Json list = Json::array();
  for (const CaseRow& row : *rows) list.push_back(row_json(row));
  const bool more = static_cast<int>(rows->size()) == filter->limit;
  return json_response(200, to_text({{"reports", std::move(list)},
                                     {"next_before", more ? Json(std::to_string(rows->back().tracking_id)) : Json()}}));
}

Response get_office_report(App& app, Call& call) {
  const Result<CaseRow> row = visible_case(app, call.actor, call.ids[0]);
  if (!row.ok()) return refusal_of(app, row.error());
  const Result<std::vector<AuditLine>> lines = app.workflow.audit(row->tracking_id);
  if (!lines.ok()) return refusal_of(app, lines.error());
  const Result<StoredReport> report = app.repository.report(row->tracking_id);
  if (!report.ok()) return refusal_of(app, report.error());
  const Result<lapor::CreateRequest> request = lapor::read_create(report->request, app.profile);
  if (!request.ok()) return refusal_of(app, request.error());
  Json json = row_json(*row);
  json["content"] = request->draft.content;
  json["landmark"] = request->draft.landmark;
  json["history"] = audit_json(*lines);
  return json_response(200, to_text(json));
}

Response post_office_verify(App& app, Call& call) { return answer_step(app, call, Action::kVerify); }
Response post_office_dispose(App& app, Call& call) { return answer_step(app, call, Action::kDispose); }
Response post_office_hand_on(App& app, Call& call) { return answer_step(app, call, Action::kHandOn); }
Response post_office_hold(App& app, Call& call) { return answer_step(app, call, Action::kHold); }
Response post_office_resume(App& app, Call& call) { return answer_step(app, call, Action::kResume); }
Response post_office_archive(App& app, Call& call) { return answer_step(app, call, Action::kArchive); }
Response post_office_close(App& app, Call& call) { return answer_step(app, call, Action::kClose); }

Response post_office_follow_up(App& app, Call& call) {
  Step step;
  const Result<Done> done = take_follow_up(app, call, step);
  if (!done.ok()) return refusal_of(app, done.error());
  return done_response(step, *done);
}

}  // namespace titik::serve
