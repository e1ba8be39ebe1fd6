// The thread between citizen and agency, as LAPOR! has it, and what a citizen does with a closed report.
#include <algorithm>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "serve/handlers.h"
#include "serve/uploads.h"

namespace titik::serve {
namespace {

std::string field(const UploadedForm& form, const std::string& name) {
  const auto found = form.fields.find(name);
  return found == form.fields.end() ? std::string() : std::string(trimmed(found->second));
}

std::string text_field(const UploadedForm& form, const std::string& name) {
  return std::string(trimmed(clean_text(field(form, name), Lines::kMany)));
}

// By LAPOR!'s id of it, or by ours; null when it is neither.
const report::Agency* find_agency(const report::CityProfile& profile, std::string_view id) {
  for (const report::Agency& agency : profile.agencies) {
    if (!id.empty() && (agency.lapor_institution_id == id || agency.id == id)) return &agency;
  }
  return nullptr;
}

// 1–5, or 0 for none and for anything else.
int rating_of(const UploadedForm& form) {
  const std::string text = field(form, "rating");
  return text.size() == 1 && text[0] >= '1' && text[0] <= '5' ? text[0] - '0' : 0;
}

Response too_long(std::string_view name) {
  return refusal(422, "Tanggapan terlalu panjang.",
                 {{std::string(name), "too_long", "Tulis paling banyak 5000 huruf."}});
}

// What the caller does with these words. Systems that know no kinds: with a file it is an action, without an answer.
Result<Step> step_of(const App& app, const Actor& actor, const StoredReport& report, const UploadedForm& form) {
  Step step{.text = text_field(form, "content"), .rating = rating_of(form)};
  if (actor.role == Role::kCitizen) {
    step.action = step.rating > 0 ? Action::kRate : Action::kReply;
    return step;
  }
  const report::Agency* from = find_agency(app.profile, field(form, "institution_from_id"));
  if (!from) from = app.profile.agency(report.agency_id);
  step.institution = from ? from->short_name : actor.name;
  step.action = form.files.empty() ? Action::kAnswer : Action::kAct;
  if (const std::string kind = field(form, "kind"); !kind.empty()) step.action = TRY(follow_up_action(kind));
  return step;
}

Response done_response(const Step& step, const Done& done) {
  const std::string_view notice = notice_of(step.action, done.counted);
  Json json = {{"message", notice.empty() ? "Tanggapan diterima." : notice},
               {"results", Json::object()},
               {"titik", {{"counted", action_name(done.counted)}}}};
  if (done.follow_up_id != 0) json["results"] = {{"followup", {{"id", std::to_string(done.follow_up_id)}}}};
  return json_response(201, to_text(json));
}

}  // namespace

Result<lapor::FollowUpPage> told_thread(App& app, std::int64_t tracking_id, int page, int size) {
  lapor::FollowUpPage thread = TRY(app.repository.follow_ups(tracking_id, page, size));
  for (lapor::FollowUp& one : thread.items) {
    for (lapor::Attachment& file : one.attachments) {
      if (file.extension != "pdf") file.sha256.clear();
    }
  }
  return thread;
}

Response get_follow_ups(App& app, Call& call) {
  const Result<StoredReport> report = visible_report(app, call.actor, call.ids[0]);
  if (!report.ok()) return refusal_of(report.error());
  const std::string wanted = query_value(call.request.target, "page");
  const int page = is_lapor_id(wanted) && wanted.size() <= 6 ? std::max(1, std::stoi(wanted)) : 1;
  const Result<lapor::FollowUpPage> thread = told_thread(app, report->tracking_id, page, kThreadPage);
  if (!thread.ok()) return refusal_of(thread.error());
  const std::string path = "/lapor/3.0.0/complaints/" + std::to_string(report->tracking_id) + "/followups";
  return json_response(200, lapor::write_follow_ups(*thread, path, app.profile.zone));
}

Response post_follow_up(App& app, Call& call) {
  const Result<std::string> key = idempotency_key(call.request);
  if (!key.ok()) return refusal_of(key.error());
  const Result<UploadedForm> form = receive_form(app, call.request);
  if (!form.ok()) return refusal_of(form.error());
  const Result<StoredReport> report = visible_report(app, call.actor, field(*form, "complaint_id"));
  if (!report.ok()) return refusal_of(report.error());

  const Actor actor = call.actor;
  if (actor.role == Role::kCitizen) {
    const Result<bool> own = app.repository.is_of(*report, actor.caller_id);
    if (!own.ok()) return refusal_of(own.error());
    if (!*own) return refusal(403, "Anda mengikuti laporan ini dengan kode. Hanya pelapornya yang dapat menanggapi.");
  }
  const Result<Step> step = step_of(app, actor, *report, *form);
  if (!step.ok()) return refusal_of(step.error());
  const std::string secret = field(*form, "is_secret");
  Words words{.key = *key, .template_code = text_field(*form, "template_code"), .is_secret = secret == "1" || secret == "true"};
  if (step->text.empty() && form->files.empty() && step->rating == 0) {
    return refusal(422, "Tanggapan masih kosong.", {{"content", "missing", "Tulis tanggapan atau lampirkan foto."}});
  }
  if (count_code_points(step->text) > report::kMaxContent) return too_long("content");
  if (count_code_points(words.template_code) > report::kMaxTitle) return too_long("template_code");
  for (const UploadedForm::File& file : form->files) {
    words.files.push_back({file.kept.sha256, file.kept.bytes, std::string(file.kept.type.mime), file.file_name});
  }
  if (const report::Agency* to = find_agency(app.profile, field(*form, "institution_to_id"))) words.institution_to = to->short_name;
  const Result<Done> done = app.workflow.write(report->tracking_id, actor, *step, words, app.now());
  if (!done.ok()) return refusal_of(done.error());
  return done_response(*step, *done);
}

Response post_reject(App& app, Call& call) {
  const Result<UploadedForm> form = receive_form(app, call.request);
  if (!form.ok()) return refusal_of(form.error());
  const Result<StoredReport> report = visible_report(app, call.actor, call.ids[0]);
  if (!report.ok()) return refusal_of(report.error());
  const report::Agency* agency = find_agency(app.profile, field(*form, "reason"));
  if (!agency) {
    return refusal(422, "Instansi tujuan tidak dikenal.",
                   {{"reason", "invalid", "Isi dengan id instansi dari daftar instansi."}});
  }
  const std::string why = text_field(*form, "reason_description");
  if (count_code_points(why) > report::kMaxContent) return too_long("reason_description");
  const Step step{.action = Action::kHandOn, .text = why, .agency_id = agency->id};
  const Result<Done> done = app.workflow.take(report->tracking_id, call.actor, step, app.now());
  if (!done.ok()) return refusal_of(done.error());
  return json_response(200, to_text({{"message", "Laporan diteruskan ke " + agency->short_name + "."}}));
}

Response post_reopen(App& app, Call& call) {
  const Result<std::string> key = idempotency_key(call.request);
  if (!key.ok()) return refusal_of(key.error());
  const Result<StoredReport> report = own_report(app, call.actor, call.ids[0]);
  if (!report.ok()) return refusal_of(report.error());
  const Result<Json> body = parse_json(call.body);
  if (!body.ok()) return refusal_of(body.error());
  const Step step{.action = Action::kReopen, .text = std::string(trimmed(clean_text(string_or(*body, "content"), Lines::kMany)))};
  if (count_code_points(step.text) > report::kMaxContent) return too_long("content");
  const Result<Done> done = app.workflow.write(report->tracking_id, call.actor, step, {.key = *key}, app.now());
  if (!done.ok()) return refusal_of(done.error());
  return done_response(step, *done);
}

}  // namespace titik::serve
