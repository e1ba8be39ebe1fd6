// Officers log in and out. What their browser keeps is in cookies that no script can read.
#include "base/json.h"
#include "base/utf8.h"
#include "serve/credentials.h"
#include "serve/handlers.h"
#include "serve/sessions.h"

namespace titik::serve {
namespace {

constexpr std::size_t kMaxName = 100;  // bytes; longer ones are nobody's

Response who(const App& app, const Actor& actor) {
  const report::Agency* agency = app.profile.agency(actor.agency_id);
  return json_response(200, to_text({{"name", actor.name},
                                     {"role", role_name(actor.role)},
                                     {"agency_id", actor.agency_id},
                                     {"agency_name", agency ? agency->short_name : ""}}));
}

}  // namespace

Response post_session(App& app, Call& call) {
  if (const Result<Ok> own = check_own_page(call.request); !own.ok()) return refusal_of(own.error());
  const Result<Json> body = parse_json(call.body);
  if (!body.ok()) return refusal_of(body.error());
  LoginAttempt attempt{string_or(*body, "name"), string_or(*body, "password"), cookie_value(call.request, kBrowserCookie)};
  if (attempt.name.size() > kMaxName || attempt.password.size() > kMaxPassword || !is_valid_utf8(attempt.name)) {
    return refusal(422, "Nama atau kata sandi terlalu panjang.");
  }
  Sessions sessions(app.repository.sql(), app.gate.passwords);
  const Result<LoginAnswer> answer = sessions.log_in(attempt, app.now());
  if (!answer.ok()) return refusal_of(answer.error());
  if (answer->wait > 0) return try_later(answer->wait);
  // The same for a wrong name, a wrong password, and an account that is disabled.
  if (!answer->account) return refusal(401, "Nama atau kata sandi salah.");
  if (const std::string old = cookie_value(call.request, kSessionCookie); !old.empty()) {
    if (const Result<Ok> ended = sessions.end(old); !ended.ok()) return refusal_of(ended.error());
  }
  Response response = who(app, actor_of(*answer->account));
  response.headers.emplace_back("Set-Cookie", set_cookie(kSessionCookie, answer->session, kSessionLife, call.origin));
  if (!answer->browser.empty()) {
    response.headers.emplace_back("Set-Cookie", set_cookie(kBrowserCookie, answer->browser, kBrowserLife, call.origin));
  }
  return response;
}

Response get_session(App& app, Call& call) { return who(app, call.actor); }

// Anybody may: a session that has ended is ended.
Response delete_session(App& app, Call& call) {
  if (const Result<Ok> own = check_own_page(call.request); !own.ok()) return refusal_of(own.error());
  Sessions sessions(app.repository.sql(), app.gate.passwords);
  if (const Result<Ok> ended = sessions.end(cookie_value(call.request, kSessionCookie)); !ended.ok()) {
    return refusal_of(ended.error());
  }
  Response response;
  response.status = 204;
  response.headers = {{"Cache-Control", "no-store"}, {"Set-Cookie", set_cookie(kSessionCookie, "", 0, call.origin)}};
  return response;
}

}  // namespace titik::serve
