// What anybody may see, and the door for new phones.
#include "base/json.h"
#include "serve/crypto.h"
#include "serve/handlers.h"
#include "serve/public_answers.h"
#include "serve/public_words.h"

namespace titik::serve {
namespace {

constexpr int kMaxPublicReports = 200;
constexpr std::size_t kTokenBytes = 32;
constexpr std::string_view kJson = "application/json; charset=utf-8";

Json jwk_of(const PublicKey& key) {
  return {{"kty", "EC"}, {"crv", "P-256"}, {"kid", key.id}, {"x", key.x}, {"y", key.y}};
}

}  // namespace

// With the keys of the receipts, so that phones have them before they need them.
Response get_profile(App& app, Call& call) {
  const Result<std::vector<PublicKey>> keys = app.repository.public_keys(app.now());
  if (!keys.ok()) return refusal_of(keys.error());
  Result<Json> profile = parse_json(app.profile_json);
  if (!profile.ok()) return refusal_of(profile.error());
  Json& list = (*profile)["receipt_keys"] = Json::array();
  for (const PublicKey& key : *keys) list.push_back(jwk_of(key));
  profile->erase("retention");
  profile->erase("areas");
  profile->erase("acknowledgements");  // no use to a phone, and one of an older version refuses what it does not know
  std::string json = to_text(*profile);
  const std::string etag = sha256_hex(json).substr(0, 32);
  Response response = json_response(200, std::move(json));
  response.headers = {{"Cache-Control", "no-cache"}, {"ETag", "\"" + etag + "\""}};
  if (matches_etag(call.request.header("If-None-Match"), etag)) {
    response.status = 304;
    response.body = nullptr;
  }
  return response;
}

// For everybody else who checks a receipt (RFC 7517, section 5).
Response get_keys(App& app, Call&) {
  const Result<std::vector<PublicKey>> keys = app.repository.public_keys(app.now());
  if (!keys.ok()) return refusal_of(keys.error());
  Json list = Json::array();
  for (const PublicKey& key : *keys) {
    Json jwk = jwk_of(key);
    jwk["alg"] = "ES256";
    jwk["use"] = "sig";
    list.push_back(std::move(jwk));
  }
  Response response = json_response(200, to_text({{"keys", std::move(list)}}));
  response.content_type = "application/jwk-set+json";
  response.headers = {{"Cache-Control", "no-cache"}};
  return response;
}

Response get_counts(App& app, Call& call) {
  if (const auto refused = not_current(app)) return *refused;
  const Result<Tally> whole = app.public_face.whole();
  if (!whole.ok()) return refusal_of(whole.error());
  return public_answer(call, std::string(kJson), lapor::write_counts({whole->received, whole->in_process, whole->done}));
}

Response get_public_reports(App& app, Call& call) {
  Result<std::vector<report::PublicReport>> reports = app.repository.public_reports(kMaxPublicReports);
  if (!reports.ok()) return refusal_of(reports.error());
  for (report::PublicReport& one : *reports) one.title = without_personal_numbers(one.title);
  return public_answer(call, std::string(kJson), lapor::write_public_reports(*reports));
}

Response post_device(App& app, Call&) {
  const std::string token = random_hex(kTokenBytes);
  const Result<std::int64_t> id = app.repository.add_caller(CallerKind::kDevice, "", sha256_hex(token), app.now());
  if (!id.ok()) return refusal_of(id.error());
  return json_response(201, lapor::write_device({token, std::to_string(*id)}));
}

}  // namespace titik::serve
