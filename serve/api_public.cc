// What anybody may see, and the door for new phones.
#include "serve/crypto.h"
#include "serve/handlers.h"

namespace titik::serve {
namespace {

constexpr int kMaxPublicReports = 200;
constexpr std::size_t kTokenBytes = 32;

}  // namespace

Response get_health(App&, Call&) { return json_response(200, R"({"status":"ok"})"); }

Response get_profile(App& app, Call& call) {
  const std::string etag = sha256_hex(app.profile_json).substr(0, 32);
  Response response = json_response(200, app.profile_json);
  response.headers = {{"Cache-Control", "no-cache"}, {"ETag", "\"" + etag + "\""}};
  if (matches_etag(call.request.header("If-None-Match"), etag)) {
    response.status = 304;
    response.body = nullptr;
  }
  return response;
}

Response get_counts(App& app, Call&) {
  const Result<report::Counts> counts = app.repository.counts();
  if (!counts.ok()) return refusal_of(app, counts.error());
  return json_response(200, lapor::write_counts(*counts));
}

Response get_public_reports(App& app, Call&) {
  const Result<std::vector<report::PublicReport>> reports = app.repository.public_reports(kMaxPublicReports);
  if (!reports.ok()) return refusal_of(app, reports.error());
  return json_response(200, lapor::write_public_reports(*reports));
}

Response post_device(App& app, Call&) {
  const std::string token = random_hex(kTokenBytes);
  const Result<std::int64_t> id = app.repository.add_caller(CallerKind::kDevice, "", sha256_hex(token), app.now());
  if (!id.ok()) return refusal_of(app, id.error());
  return json_response(201, lapor::write_device({token, std::to_string(*id)}));
}

}  // namespace titik::serve
