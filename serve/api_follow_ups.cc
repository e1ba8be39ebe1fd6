// The thread between citizen and agency.
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

// Fills in who speaks to whom, and how much it weighs: only an action stops the clock.
void name_the_parties(const App& app, const Caller& caller, const StoredReport& report, const UploadedForm& form,
                      NewFollowUp& follow_up) {
  if (const report::Agency* to = find_agency(app.profile, field(form, "institution_to_id"))) {
    follow_up.institution_to = to->short_name;
  }
  if (caller.kind == CallerKind::kDevice) {
    follow_up.kind = lapor::FollowUpKind::kCitizen;
    return;
  }
  const report::Agency* from = find_agency(app.profile, field(form, "institution_from_id"));
  if (!from) from = app.profile.agency(report.agency_id);
  follow_up.institution_from = from ? from->short_name : caller.name;
  follow_up.kind = follow_up.files.empty() ? lapor::FollowUpKind::kAnswer : lapor::FollowUpKind::kAction;
}

}  // namespace

Response get_follow_ups(App& app, Call& call) {
  const Result<StoredReport> report = visible_report(app, call.caller, call.ids[0]);
  if (!report.ok()) return refusal_of(app, report.error());
  const std::string wanted = query_value(call.request.target, "page");
  const int page = is_lapor_id(wanted) && wanted.size() <= 6 ? std::max(1, std::stoi(wanted)) : 1;
  const Result<lapor::FollowUpPage> thread = app.repository.follow_ups(report->tracking_id, page, kThreadPage);
  if (!thread.ok()) return refusal_of(app, thread.error());
  const std::string path = "/lapor/3.0.0/complaints/" + std::to_string(report->tracking_id) + "/followups";
  return json_response(200, lapor::write_follow_ups(*thread, path, app.profile.zone));
}

Response post_follow_up(App& app, Call& call) {
  const Result<std::string> key = idempotency_key(call.request);
  if (!key.ok()) return refusal_of(app, key.error());
  const Result<UploadedForm> form = receive_form(app, call.request);
  if (!form.ok()) return refusal_of(app, form.error());
  const Result<StoredReport> report = visible_report(app, call.caller, field(*form, "complaint_id"));
  if (!report.ok()) return refusal_of(app, report.error());

  NewFollowUp follow_up{.tracking_id = report->tracking_id,
                        .caller_id = call.caller.id,
                        .key = *key,
                        .template_code = text_field(*form, "template_code"),
                        .content = text_field(*form, "content"),
                        .rating = rating_of(*form),
                        .now = app.now()};
  if (follow_up.content.empty() && form->files.empty() && follow_up.rating == 0) {
    return refusal(422, "Tanggapan masih kosong.", {{"content", "missing", "Tulis tanggapan atau lampirkan foto."}});
  }
  if (count_code_points(follow_up.content) > report::kMaxContent) return too_long("content");
  if (count_code_points(follow_up.template_code) > report::kMaxTitle) return too_long("template_code");
  for (const UploadedForm::File& file : form->files) {
    follow_up.files.push_back(
        {file.kept.sha256, file.kept.bytes, std::string(file.kept.type.mime), file.file_name});
  }
  name_the_parties(app, call.caller, *report, *form, follow_up);
  const Result<std::int64_t> id = app.repository.add_follow_up(follow_up);
  if (!id.ok()) return refusal_of(app, id.error());
  return json_response(201, to_text({{"message", "Tanggapan diterima."},
                                     {"results", {{"followup", {{"id", std::to_string(*id)}}}}}}));
}

Response post_reject(App& app, Call& call) {
  const Result<UploadedForm> form = receive_form(app, call.request);
  if (!form.ok()) return refusal_of(app, form.error());
  const Result<StoredReport> report = visible_report(app, call.caller, call.ids[0]);
  if (!report.ok()) return refusal_of(app, report.error());
  const report::Agency* agency = find_agency(app.profile, field(*form, "reason"));
  if (!agency) {
    return refusal(422, "Instansi tujuan tidak dikenal.",
                   {{"reason", "invalid", "Isi dengan id instansi dari daftar instansi."}});
  }
  const std::string why = text_field(*form, "reason_description");
  if (count_code_points(why) > report::kMaxContent) return too_long("reason_description");
  const Result<Ok> done =
      app.repository.hand_on(report->tracking_id, agency->id, agency->short_name, why, app.now());
  if (!done.ok()) return refusal_of(app, done.error());
  return json_response(200, to_text({{"message", "Laporan diteruskan ke " + agency->short_name + "."}}));
}

}  // namespace titik::serve
