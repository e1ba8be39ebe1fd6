// What officers and the city's other systems do with reports, under /titik/1/office. Who may do what is the
// workflow's table; here a request becomes a step. Nothing here tells a reporter's identity.
#include <array>
#include <charconv>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "serve/handlers.h"
#include "serve/office_answers.h"
#include "serve/uploads.h"

namespace titik::serve {
namespace {

constexpr int kMostRows = 100;

// A page's end, as `next_before` told it: a number, or by deadline "time.number".
std::string before_of(const CaseRow& row, bool by_due) {
  return (by_due ? std::to_string(next_due(row)) + "." : "") + std::to_string(row.tracking_id);
}
Result<CaseFilter::After> after_of(const std::string& before, bool by_due) {
  const Error wrong{ErrorCode::kInvalidArgument, "before", "`before` adalah yang diberikan `next_before`."};
  const std::size_t dot = before.find('.');
  if (by_due != (dot != before.npos)) return wrong;
  const std::string id = by_due ? before.substr(dot + 1) : before;
  if (!is_lapor_id(id)) return wrong;
  CaseFilter::After after{.tracking_id = std::stoll(id)};
  if (!by_due) return after;
  const auto [end, error] = std::from_chars(before.data(), before.data() + dot, after.due_at);
  if (error != std::errc() || end != before.data() + dot) return wrong;
  return after;
}

Result<CaseFilter> filter_of(App& app, const Actor& actor, const Request& request) {
  CaseFilter filter{.status = {}, .agency_id = query_value(request.target, "agency"), .limit = kMostRows};
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
  if (const std::string level = query_value(request.target, "level"); !level.empty()) {
    filter.level = level_from_name(level);
    if (!filter.level) return Error{ErrorCode::kInvalidArgument, "level", "Tingkat: liaison, head, atau mayor."};
  }
  filter.is_open = query_value(request.target, "open") == "1";
  const std::string order = query_value(request.target, "order");
  if (!order.empty() && order != "due") return Error{ErrorCode::kInvalidArgument, "order", "Urutan: due, atau tanpa urutan."};
  filter.by_due = order == "due";
  if (const std::string before = query_value(request.target, "before"); !before.empty()) {
    filter.after = TRY(after_of(before, filter.by_due));
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

// Step::seen: a follow-up's id, "0" when there was none yet; "" when it is not told.
Result<std::optional<std::int64_t>> seen_in(const std::string& text) {
  if (text.empty()) return std::optional<std::int64_t>();
  if (text != "0" && !is_lapor_id(text)) return Error{ErrorCode::kInvalidArgument, "seen", "`seen` adalah nomor tanggapan terakhir yang dibaca."};
  return std::optional<std::int64_t>(std::stoll(text));
}

std::string field(const UploadedForm& form, const std::string& name) {
  const auto found = form.fields.find(name);
  return found == form.fields.end() ? std::string() : std::string(trimmed(found->second));
}

Result<Done> take_step(App& app, Call& call, Action action, Step& step) {
  const Actor actor = call.actor;
  const CaseRow row = TRY(visible_case(app, actor, call.ids[0]));
  const Json body = call.body.empty() ? Json::object() : TRY(parse_json(call.body));
  step = {.action = action, .text = TRY(words_in(string_or(body, "reason"), "reason")), .agency_id = string_or(body, "agency"),
          .seen = TRY(seen_in(string_or(body, "seen")))};
  return app.workflow.take(row.tracking_id, actor, step, app.now());
}

// A step without words for the thread: {"reason": "...", "agency": "..."} as it needs.
Response answer_step(App& app, Call& call, Action action) {
  Step step;
  const Result<Done> done = take_step(app, call, action, step);
  if (!done.ok()) return refusal_of(done.error());
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
          .agency_id = {}, .institution = agency ? agency->short_name : actor.name, .seen = TRY(seen_in(field(form, "seen")))};
  words.is_secret = field(form, "is_secret") == "1";
  if (actor.role == Role::kMayor) step.institution = "Kantor Wali Kota";
  if (actor.role == Role::kCoordinator || actor.role == Role::kAdministrator) step.institution = "Koordinator " + app.profile.name;
  return app.workflow.write(row.tracking_id, actor, step, words, app.now());
}

}  // namespace

Response get_office_reports(App& app, Call& call) {
  const Result<CaseFilter> filter = filter_of(app, call.actor, call.request);
  if (!filter.ok()) return refusal_of(filter.error());
  const Result<std::vector<CaseRow>> rows = app.workflow.rows(*filter);
  if (!rows.ok()) return refusal_of(rows.error());
  Json list = Json::array();
  for (const CaseRow& row : *rows) list.push_back(row_json(row));
  const bool more = static_cast<int>(rows->size()) == filter->limit;
  return json_response(200, to_text({{"reports", std::move(list)},
                                     {"next_before", more ? Json(before_of(rows->back(), filter->by_due)) : Json()}}));
}

Response post_office_verify(App& app, Call& call) { return answer_step(app, call, Action::kVerify); }
Response post_office_dispose(App& app, Call& call) { return answer_step(app, call, Action::kDispose); }
Response post_office_hand_on(App& app, Call& call) { return answer_step(app, call, Action::kHandOn); }
Response post_office_hold(App& app, Call& call) { return answer_step(app, call, Action::kHold); }
Response post_office_resume(App& app, Call& call) { return answer_step(app, call, Action::kResume); }
Response post_office_archive(App& app, Call& call) { return answer_step(app, call, Action::kArchive); }
Response post_office_close(App& app, Call& call) { return answer_step(app, call, Action::kClose); }
Response post_office_hide(App& app, Call& call) { return answer_step(app, call, Action::kHide); }

Response post_office_follow_up(App& app, Call& call) {
  Step step;
  const Result<Done> done = take_follow_up(app, call, step);
  if (!done.ok()) return refusal_of(done.error());
  return done_response(step, *done);
}

}  // namespace titik::serve
