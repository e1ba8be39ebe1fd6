// Reports that came by another channel (112, telephone, WhatsApp, press, walk-in, booth), written down by the office.
#include "base/id.h"
#include "base/utf8.h"
#include "serve/access_log.h"
#include "serve/entered.h"
#include "serve/handlers.h"

namespace titik::serve {
namespace {

std::string text_in(const Json& object, std::string_view key, std::size_t most) {
  return std::string(prefix_of(trimmed(clean_text(string_or(object, key), Lines::kOne)), most));
}

}  // namespace

// The report itself goes the way of every create: same rules, same clock, exactly once by its Idempotency-Key.
Response post_entered(App& app, Call& call) {
  if (call.actor.role == Role::kMayor) return refusal(403, "Peran Anda tidak boleh melakukan ini.");
  const Result<Json> body = parse_json(call.body);
  if (!body.ok()) return refusal_of(body.error());
  const Json& contact = member(*body, "contact");
  Entered entered{.channel = string_or(*body, "channel"),
                  .consent = string_or(*body, "consent"),
                  .contact_name = text_in(contact, "name", report::kMaxName),
                  .contact_phone = text_in(contact, "phone", report::kMaxPhone)};
  std::vector<lapor::FieldError> errors;
  if (channel_label(entered.channel).empty()) {
    errors.push_back({"channel", "invalid", "Pilih 112, telepon, whatsapp, pers, datang, atau gerai."});
  }
  if (!is_consent(entered.consent) || (entered.consent == "publik" && entered.channel != "pers")) {
    errors.push_back({"consent", "missing", "Catat persetujuan warga: lisan atau tertulis (publik hanya untuk pers)."});
  }
  if (call.request.header("Idempotency-Key").empty()) {
    errors.push_back({"Idempotency-Key", "missing", "Sertakan nomor laporan (UUID) agar tidak tercatat dua kali."});
  }
  if (!errors.empty()) return refusal(422, "Catatan laporan belum lengkap.", std::move(errors));

  Result<lapor::CreateRequest> report = lapor::read_create(to_text(member(*body, "report")), app.profile);
  if (!report.ok()) return refusal_of(report.error());
  // Who it is for stands in the contact, and nowhere else.
  if (entered.contact_name.empty()) entered.contact_name = report->draft.reporter_name;
  if (entered.contact_phone.empty()) entered.contact_phone = report->draft.reporter_phone;
  report->draft.reporter_name.clear();
  report->draft.reporter_phone.clear();
  report->privacy_version = app.profile.privacy_version;  // what the officer has told them of
  Caller writer = call.caller;
  writer.id = call.actor.caller_id;  // an officer is no caller of the interface, and has one to write with
  Call create{call.request, {}, std::move(writer), call.actor, lapor::write_create(*report), call.origin};
  return create_report(app, create, [&](std::int64_t tracking_id) { return note_entered(app.repository.sql(), tracking_id, call.actor, entered, app.now()); });
}

Response get_entered(App& app, Call& call) {
  const Result<StoredReport> report = visible_report(app, call.actor, call.ids[0]);
  if (!report.ok()) return refusal_of(report.error());
  const auto entered = EnteredReports(app.repository.sql()).of(report->tracking_id);
  if (!entered.ok()) return refusal_of(entered.error());
  if (!*entered) return refusal_of({ErrorCode::kNotFound, "", "Laporan tidak ditemukan."});
  const Result<Ok> noted = AccessLog(app.repository.sql()).note_shown(call.actor, report->tracking_id, app.now());
  if (!noted.ok()) return refusal_of(noted.error());
  return json_response(200, to_text({{"channel", (*entered)->channel}, {"consent", (*entered)->consent},
                                     {"contact", {{"name", (*entered)->contact_name}, {"phone", (*entered)->contact_phone}}}}));
}

}  // namespace titik::serve
