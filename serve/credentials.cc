#include "serve/credentials.h"

#include <initializer_list>

#include "serve/crypto.h"
#include "serve/sessions.h"

namespace titik::serve {
namespace {

// The first of these headers that is there.
std::string first_of(const Request& request, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (std::string value = request.header(name); !value.empty()) return value;
  }
  return "";
}

std::string authorization_of(const App& app, const Request& request) {
  return first_of(request, {app.profile.auth_header, "Authorization", "auth"});
}

// The value of "Authorization: Bearer X", "auth: Bearer X", or of either without the word.
std::string bearer(const App& app, const Request& request) {
  std::string value = authorization_of(app, request);
  constexpr std::string_view kBearer = "bearer ";
  const HeaderLess less;
  const std::string_view head = std::string_view(value).substr(0, kBearer.size());
  if (!less(head, kBearer) && !less(kBearer, head)) value.erase(0, kBearer.size());
  return value;
}

Error unauthorized(std::string_view message) { return Error{ErrorCode::kUnauthorized, "", std::string(message)}; }
Error forbidden(std::string_view message) { return Error{ErrorCode::kForbidden, "", std::string(message)}; }

Result<Ok> check_channel(const App& app, const Request& request) {
  const std::string channel = first_of(request, {app.profile.token_header, "token"});
  if (channel.empty()) return unauthorized("Kepala permintaan `token` (kode kanal dalam kurung kurawal) tidak ada.");
  if (!equal_in_constant_time(channel, lapor::token_header(app.profile.channel_token))) {
    return unauthorized("Kepala permintaan `token` bukan kode kanal kota ini.");
  }
  return Ok{};
}

Result<Visitor> by_token(App& app, const Request& request) {
  const std::string token = bearer(app, request);
  if (token.empty()) return unauthorized("Kepala permintaan `Authorization: Bearer …` tidak ada.");
  const std::optional<Caller> caller = TRY(app.repository.caller_by_token(sha256_hex(token)));
  if (!caller) return unauthorized("Kode perangkat pada `Authorization` tidak dikenal. Daftarkan perangkat ini lagi.");
  Visitor visitor;  // member by member: GCC 12 takes the list for uninitialised
  visitor.caller = *caller;
  visitor.actor = actor_of(*caller);
  return visitor;
}

Result<Visitor> by_session(App& app, const Request& request) {
  const std::string token = cookie_value(request, kSessionCookie);
  if (token.empty()) return unauthorized("Masuklah dahulu.");
  const std::optional<LiveSession> live =
      TRY(Sessions(app.repository.sql(), app.gate.passwords).session(token, app.now()));
  if (!live) return unauthorized("Sesi Anda sudah berakhir. Masuklah lagi.");
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads) TRY(check_own_page(request));
  Visitor visitor;
  visitor.actor = actor_of(live->account);
  visitor.new_session = live->new_token;
  return visitor;
}

}  // namespace

Result<Visitor> visitor_of(App& app, const Request& request, Access access) {
  if (access == Access::kAnybody) return Visitor{};
  const bool of_office = access == Access::kOffice || access == Access::kOfficer;
  // Other systems have a token and no cookie; browsers the reverse.
  const bool with_token = !authorization_of(app, request).empty();
  if (of_office && !(access == Access::kOffice && with_token)) return by_session(app, request);
  TRY(check_channel(app, request));
  if (access == Access::kChannel) return Visitor{};
  Visitor visitor = TRY(by_token(app, request));
  const CallerKind kind = visitor.caller.kind;
  if ((access == Access::kIntegration || access == Access::kOffice) && kind != CallerKind::kIntegration) {
    return forbidden("Hanya instansi yang boleh melakukan ini.");
  }
  return visitor;
}

Result<Ok> check_own_page(const Request& request) {
  const Error foreign = forbidden("Permintaan ini tidak datang dari halaman kantor.");
  if (request.header("X-Titik-Office").empty()) return foreign;
  const std::string origin = request.header("Origin");
  if (origin.empty()) return Ok{};
  const std::size_t scheme = origin.find("://");
  if (scheme == origin.npos || origin.substr(scheme + 3) != request.header("Host")) return foreign;
  return Ok{};
}

std::string set_cookie(std::string_view name, std::string_view value, UnixMillis life, const Origin& origin) {
  return std::string(name) + "=" + std::string(value) + "; Path=/titik/1/office; HttpOnly; SameSite=Strict; Max-Age=" +
         std::to_string(life / kSecond) + (origin.https ? "; Secure" : "");
}

}  // namespace titik::serve
