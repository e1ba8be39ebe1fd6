// Codes by which another phone may follow a report. Who follows sees state and thread, as the owner does, and neither the
// words of the report nor its photos, nor who wrote it; replying, reopening and rating stay with the owner, whose turn it
// is in the workflow and whose word closes or opens the case.
#include "base/id.h"
#include "base/json.h"
#include "serve/claims.h"
#include "serve/handlers.h"

namespace titik::serve {
namespace {

// Of the phones that sent it, and of nobody else.
Result<StoredReport> report_of_phone(App& app, const Call& call) {
  if (call.caller.kind != CallerKind::kDevice) return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  return own_report(app, call.actor, call.ids[0]);
}

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

}  // namespace

Response post_claim_code(App& app, Call& call) {
  const Result<StoredReport> report = report_of_phone(app, call);
  if (!report.ok()) return refusal_of(report.error());
  const Result<ClaimCode> made = Claims(app.repository.sql()).make(report->tracking_id, call.caller.id, app.now());
  if (!made.ok()) return refusal_of(made.error());
  Response response = json_response(201, to_text({{"code", made->code}, {"expires_at", made->expires_at}}));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response delete_claim_code(App& app, Call& call) {
  const Result<StoredReport> report = report_of_phone(app, call);
  if (!report.ok()) return refusal_of(report.error());
  const Result<Ok> done = Claims(app.repository.sql()).take_back(report->tracking_id);
  return done.ok() ? no_content() : refusal_of(done.error());
}

Response post_claim(App& app, Call& call) {
  if (call.caller.kind != CallerKind::kDevice) return refusal(403, "Hanya ponsel warga yang dapat mengikuti laporan dengan kode.");
  const Result<Json> body = parse_json(call.body);
  if (!body.ok()) return refusal_of(body.error());
  const auto followed = Claims(app.repository.sql()).redeem(string_or(*body, "code"), call.caller.id, app.now());
  if (!followed.ok()) return refusal_of(followed.error());
  if (!*followed) {
    return refusal(422, "Kode ini tidak berlaku. Minta kode baru kepada pelapor.", {{"code", "invalid", "Periksa kode, atau minta yang baru."}});
  }
  const Result<StoredReport> report = app.repository.report(**followed);
  if (!report.ok()) return refusal_of(report.error());
  return json_response(200, to_text({{"tracking_id", std::to_string(report->tracking_id)}, {"report_id", report->report_id}}));
}

}  // namespace titik::serve
