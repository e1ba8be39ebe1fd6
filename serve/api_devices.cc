// Devices whose token is taken back: by the citizen, of the phone in hand; by an administrator, of the phones that sent a
// report, without being told which they are.
#include "base/json.h"
#include "serve/devices.h"
#include "serve/erasure.h"
#include "serve/handlers.h"

namespace titik::serve {
namespace {

Response only_phones() { return refusal(403, "Hanya untuk ponsel warga."); }

}  // namespace

Response delete_own_device(App& app, Call& call) {
  if (call.caller.kind != CallerKind::kDevice) return only_phones();
  const Result<Ok> done = revoke_caller(app.repository.sql(), call.caller.id, app.now());
  if (!done.ok()) return refusal_of(done.error());
  Response response;
  response.status = 204;
  return response;
}

// "Hapus data saya", on the server too. The word is asked for so that no request does this by mistake.
Response post_own_erasure(App& app, Call& call) {
  if (call.caller.kind != CallerKind::kDevice) return only_phones();
  const Result<Json> body = parse_json(call.body);
  if (!body.ok()) return refusal_of(body.error());
  if (string_or(*body, "confirm") != "hapus") {
    return refusal(422, "Tulis \"hapus\" untuk menghapus semua laporan ponsel ini.", {{"confirm", "missing", "Tulis \"hapus\"."}});
  }
  Erasure erasure(app.repository, app.files, app.partial_files, app.workflow);
  const Result<Erased> erased = erasure.person(call.caller.id, call.actor, app.now());
  if (!erased.ok()) return refusal_of(erased.error());
  // It is done; what is left to do is done later by others, and is no reason to keep the answer from the citizen.
  for (const Error& fault : erased->faults) app.log({{"event", "erasure"}, {"fault", fault.where + ": " + fault.message}});
  if (const auto current = app.public_face.catch_up(); !current.ok()) {
    app.log({{"event", "erasure"}, {"fault", current.error().where + ": " + current.error().message}});
  }
  Json passed_on = Json::array();
  for (const PassedOn& one : erased->passed_on) {
    passed_on.push_back({{"tracking_id", std::to_string(one.tracking_id)}, {"upstream_id", one.upstream_id}});
  }
  return json_response(200, to_text({{"reports", erased->reports.size()}, {"passed_on", std::move(passed_on)}}));
}

Response delete_devices_of_report(App& app, Call& call) {
  if (call.actor.role != Role::kAdministrator) return refusal(403, "Hanya administrator yang boleh melakukan ini.");
  const Result<StoredReport> report = visible_report(app, call.actor, call.ids[0]);
  if (!report.ok()) return refusal_of(report.error());
  const Result<int> revoked = revoke_devices_of(app.repository.sql(), report->tracking_id, call.actor, app.now());
  if (!revoked.ok()) return refusal_of(revoked.error());
  return json_response(200, to_text({{"revoked", *revoked}}));
}

}  // namespace titik::serve
