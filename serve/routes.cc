#include "serve/routes.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <set>

#include "serve/compression.h"
#include "serve/credentials.h"
#include "serve/english.h"
#include "serve/crypto.h"
#include "serve/handlers.h"
#include "serve/open311.h"
#include "serve/sessions.h"

namespace titik::serve {
namespace {

constexpr std::string_view kClient = "(client)";  // no route: a file, or none
const std::set<std::string> kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
constexpr std::size_t kRequestIdBytes = 8;

enum class Body {
  kNone,
  kSmall,     // read into memory here, at most kMaxJsonBody
  kStreamed,  // the handler reads it, in its own limits
};

enum class Refusals { kJson, kXml };  // the form in which a route refuses, whoever does: limits, or its handler

struct Route {
  std::string_view method;
  std::string_view pattern;
  Access access;
  Body body;
  Handler handler;
  Budget budget = Budget::kNone;  // besides kRequest, which all count for
  Refusals refusals = Refusals::kJson;
};

constexpr Route kRoutes[] = {
    {"GET", "/lapor/3.0.0/masters/institutions/external", Access::kCaller, Body::kNone, get_institutions},
    {"GET", "/lapor/3.0.0/masters/templates", Access::kCaller, Body::kNone, get_templates},
    {"POST", "/lapor/3.0.0/complaints/complaint/file", Access::kCaller, Body::kStreamed, post_files, Budget::kReport},
    {"POST", "/lapor/3.0.0/complaints/complaint", Access::kCaller, Body::kSmall, post_report, Budget::kReport},
    {"GET", "/lapor/3.0.0/complaints/{id}/complaint", Access::kCaller, Body::kNone, get_detail},
    {"GET", "/lapor/3.0.0/complaints/{id}/followups", Access::kCaller, Body::kNone, get_follow_ups},
    {"POST", "/lapor/3.0.0/complaints/followup/add", Access::kCaller, Body::kStreamed, post_follow_up, Budget::kReport},
    {"POST", "/lapor/3.0.0/complaints/process/{id}/reject", Access::kIntegration, Body::kStreamed, post_reject},
    {"POST", "/titik/1/devices", Access::kChannel, Body::kSmall, post_device, Budget::kRegister},
    {"GET", "/titik/1/reports/changes", Access::kCaller, Body::kNone, get_changes},
    {"GET", "/titik/1/reports/near", Access::kAnybody, Body::kNone, get_near},
    {"GET", "/titik/1/reports/affected", Access::kCaller, Body::kNone, get_affected},
    {"POST", "/titik/1/reports/{id}/affected", Access::kCaller, Body::kNone, post_affected},
    {"DELETE", "/titik/1/reports/{id}/affected", Access::kCaller, Body::kNone, delete_affected},
    {"POST", "/titik/1/reports/{id}/confirmations", Access::kCaller, Body::kSmall, post_confirmation},
    {"GET", "/titik/1/reports/{uuid}", Access::kCaller, Body::kNone, get_own_report},
    {"POST", "/titik/1/reports/{uuid}/reopen", Access::kCaller, Body::kSmall, post_reopen},
    {"POST", "/titik/1/reports/{uuid}/code", Access::kCaller, Body::kNone, post_claim_code, Budget::kReport},
    {"DELETE", "/titik/1/reports/{uuid}/code", Access::kCaller, Body::kNone, delete_claim_code},
    {"POST", "/titik/1/claims", Access::kCaller, Body::kSmall, post_claim, Budget::kClaim},
    {"DELETE", "/titik/1/devices/own", Access::kCaller, Body::kNone, delete_own_device},
    {"POST", "/titik/1/devices/own/erasure", Access::kCaller, Body::kSmall, post_own_erasure, Budget::kErasure},
    {"DELETE", "/titik/1/office/reports/{id}/devices", Access::kOfficer, Body::kNone, delete_devices_of_report},
    {"GET", "/titik/1/office/reports", Access::kOffice, Body::kNone, get_office_reports},
    {"GET", "/titik/1/office/reports/{id}", Access::kOffice, Body::kNone, get_office_report},
    {"GET", "/titik/1/office/reports/{id}/reporter", Access::kOffice, Body::kNone, get_office_reporter},
    {"POST", "/titik/1/office/reports/{id}/code", Access::kOffice, Body::kNone, post_office_code},
    {"POST", "/titik/1/office/reports/{id}/words", Access::kOffice, Body::kSmall, post_office_words},
    {"POST", "/titik/1/office/files", Access::kOfficer, Body::kStreamed, post_office_files},
    {"POST", "/titik/1/office/reports/{id}/verify", Access::kOffice, Body::kSmall, post_office_verify},
    {"POST", "/titik/1/office/reports/{id}/dispose", Access::kOffice, Body::kSmall, post_office_dispose},
    {"POST", "/titik/1/office/reports/{id}/hand-on", Access::kOffice, Body::kSmall, post_office_hand_on},
    {"POST", "/titik/1/office/reports/{id}/follow-up", Access::kOffice, Body::kStreamed, post_office_follow_up},
    {"POST", "/titik/1/office/reports/{id}/hold", Access::kOffice, Body::kSmall, post_office_hold},
    {"POST", "/titik/1/office/reports/{id}/resume", Access::kOffice, Body::kSmall, post_office_resume},
    {"POST", "/titik/1/office/reports/{id}/archive", Access::kOffice, Body::kSmall, post_office_archive},
    {"POST", "/titik/1/office/reports/{id}/close", Access::kOffice, Body::kSmall, post_office_close},
    {"POST", "/titik/1/office/reports/{id}/hide", Access::kOffice, Body::kSmall, post_office_hide},
    {"GET", "/titik/1/files/{id}", Access::kCaller, Body::kNone, get_file},
    {"GET", "/titik/1/files/{id}/thumbnail", Access::kCaller, Body::kNone, get_file_thumbnail},
    {"POST", "/titik/1/reports/{uuid}/thumbnails/{sha256}", Access::kCaller, Body::kSmall, post_pending_thumbnail},
    {"GET", "/titik/1/reports/{id}/thumbnails", Access::kIntegration, Body::kNone, get_pending_thumbnails},
    {"OPTIONS", "/titik/1/uploads", Access::kAnybody, Body::kNone, describe_uploads},
    {"POST", "/titik/1/uploads", Access::kCaller, Body::kStreamed, post_upload, Budget::kReport},
    {"HEAD", "/titik/1/uploads/{id}", Access::kCaller, Body::kNone, head_upload},
    {"PATCH", "/titik/1/uploads/{id}", Access::kCaller, Body::kStreamed, patch_upload},
    {"DELETE", "/titik/1/uploads/{id}", Access::kCaller, Body::kNone, delete_upload},
    {"POST", "/titik/1/office/session", Access::kAnybody, Body::kSmall, post_session, Budget::kLogin},
    {"GET", "/titik/1/office/session", Access::kOfficer, Body::kNone, get_session},
    {"DELETE", "/titik/1/office/session", Access::kAnybody, Body::kNone, delete_session},
    {"GET", "/titik/1/office/files/{id}", Access::kOfficer, Body::kNone, get_file},
    {"GET", "/titik/1/profile", Access::kAnybody, Body::kNone, get_profile},
    {"GET", "/titik/1/keys", Access::kAnybody, Body::kNone, get_keys},
    {"GET", "/titik/1/counts", Access::kAnybody, Body::kNone, get_counts},
    {"GET", "/titik/1/reports", Access::kAnybody, Body::kNone, get_public_reports},
    {"GET", "/titik/1/public/reports", Access::kAnybody, Body::kNone, get_public_list},
    {"GET", "/titik/1/public/reports/{id}", Access::kAnybody, Body::kNone, get_public_report},
    {"GET", "/titik/1/public/map", Access::kAnybody, Body::kNone, get_public_map},
    {"GET", "/titik/1/public/files/{id}", Access::kAnybody, Body::kNone, get_public_file},
    {"GET", "/titik/1/public/counts", Access::kAnybody, Body::kNone, get_public_counts},
    {"GET", "/titik/1/public/agencies", Access::kAnybody, Body::kNone, get_public_agencies},
    {"GET", "/open311/v2/discovery.json", Access::kAnybody, Body::kNone, get_open311_discovery},
    {"GET", "/open311/v2/services.json", Access::kAnybody, Body::kNone, get_open311_services},
    {"GET", "/open311/v2/requests.json", Access::kAnybody, Body::kNone, get_open311_requests},
    {"POST", "/open311/v2/requests.json", Access::kAnybody, Body::kSmall, post_open311_request, Budget::kReport},
    {"GET", "/open311/v2/discovery.xml", Access::kAnybody, Body::kNone, get_open311_discovery},
    {"GET", "/open311/v2/services.xml", Access::kAnybody, Body::kNone, get_open311_services},
    {"GET", "/open311/v2/requests.xml", Access::kAnybody, Body::kNone, get_open311_requests},
    {"POST", "/open311/v2/requests.xml", Access::kAnybody, Body::kSmall, post_open311_request, Budget::kReport},
    {"GET", "/open311/v2/services/{code}", Access::kAnybody, Body::kNone, get_open311_service},
    {"GET", "/open311/v2/requests/{id}", Access::kAnybody, Body::kNone, get_open311_request},
    {"GET", "/open311/v2/tokens/{id}", Access::kAnybody, Body::kNone, get_open311_token},
    {"POST", "/api/stream/addstream", Access::kAnybody, Body::kSmall, post_stream, Budget::kReport, Refusals::kXml},
    {"POST", "/api/services/f01/gettopics", Access::kAnybody, Body::kSmall, post_topics},
    {"GET", "/pengaduan/{id}", Access::kAnybody, Body::kNone, get_report_page},
    {"POST", "/titik/1/office/reports", Access::kOffice, Body::kSmall, post_entered},
    {"GET", "/titik/1/office/reports/{id}/entered", Access::kOffice, Body::kNone, get_entered},
    {"GET", "/titik/1/health", Access::kAnybody, Body::kNone, get_health},
    {"GET", "/healthz", Access::kAnybody, Body::kNone, get_health},
};

// The values of the pattern's {...}; nothing when the path is another.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> ids;
  while (!pattern.empty() && !path.empty()) {
    const std::size_t pattern_end = std::min(pattern.find('/', 1), pattern.size());
    const std::size_t path_end = std::min(path.find('/', 1), path.size());
    const std::string_view expected = pattern.substr(0, pattern_end);
    const std::string_view given = path.substr(0, path_end);
    if (expected.starts_with("/{")) {
      if (given.size() < 2) return std::nullopt;
      ids.emplace_back(given.substr(1));
    } else if (expected != given) {
      return std::nullopt;
    }
    pattern.remove_prefix(pattern_end);
    path.remove_prefix(path_end);
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return ids;
}

bool is_get(std::string_view method) { return method == "GET" || method == "HEAD"; }

bool method_matches(const Route& route, std::string_view method) {
  return route.method == method || (route.method == "GET" && is_get(method));
}

Response answer(App& app, const Route& route, const Request& request, std::vector<std::string> ids) {
  // 1. Not too often? 2. Who is it? 3. Only then the body. 4. Only then the work.
  Origin origin = origin_of(request, app.gate.proxies);
  // How long the visitor must wait, by where the request comes from and then by the device it names.
  if (const UnixMillis wait = app.gate.limits.take_request(route.budget, false, origin.counted_as, app.now()); wait > 0) return try_later(wait);
  Result<Visitor> visitor = visitor_of(app, request, route.access);
  if (!visitor.ok()) {
    Response response = refusal_of(visitor.error());
    if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  }
  if (visitor->caller.id != 0 && visitor->caller.kind == CallerKind::kDevice) {
    const UnixMillis wait = app.gate.limits.take_request(route.budget, true, std::to_string(visitor->caller.id), app.now());
    if (wait > 0) return try_later(wait);
  }
  Call call{request, std::move(ids), std::move(visitor->caller), std::move(visitor->actor), {}, std::move(origin)};
  if (route.body == Body::kSmall) {
    Result<std::string> body = read_body(request, kMaxJsonBody);
    if (!body.ok()) return refusal_of(body.error());
    call.body = std::move(*body);
  }
  Response response = route.handler(app, call);
  if (!visitor->new_session.empty()) {
    response.headers.emplace_back("Set-Cookie", set_cookie(kSessionCookie, visitor->new_session, kSessionLife, call.origin));
  }
  return response;
}

Response method_not_allowed(std::string_view allowed) {
  Response response = refusal(405, "Cara memanggil alamat ini tidak didukung.");
  response.headers.emplace_back("Allow", std::string(allowed));
  return response;
}

struct Routed {
  std::string_view pattern;  // for the log: never the path itself, which holds ids
  Response response;
  Refusals refusals = Refusals::kJson;
};

Routed route_request(App& app, const Request& request) {
  const std::optional<std::string> path = decoded_path(request.target);
  // Some networks let nothing but GET and POST through (tus 1.0.0, X-HTTP-Method-Override).
  const std::string other = request.method == "POST" ? request.header("X-HTTP-Method-Override") : "";
  const std::string& method = other.empty() ? request.method : other;
  if (!path) return {"(malformed)", refusal(400, "Alamat tidak dapat dibaca.")};
  std::string_view pattern;
  Refusals refusals = Refusals::kJson;
  std::string allowed;
  for (const Route& route : kRoutes) {
    std::optional<std::vector<std::string>> ids = match(route.pattern, *path);
    if (!ids) continue;
    if (method_matches(route, method)) return {route.pattern, answer(app, route, request, std::move(*ids)), route.refusals};
    pattern = route.pattern;
    refusals = route.refusals;
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  if (!allowed.empty()) return {pattern, method_not_allowed(allowed), refusals};
  if (path->starts_with("/lapor/") || path->starts_with("/titik/") || path->starts_with("/open311/") || path->starts_with("/api/")) {
    return {"(unknown)", refusal(404, "Alamat ini tidak ada.")};
  }
  if (!is_get(request.method)) return {kClient, method_not_allowed("GET")};
  return {kClient, app.client.answer(request)};
}

}  // namespace

Response handle(App& app, const Request& request) {
  const auto start = std::chrono::steady_clock::now();
  Routed routed = route_request(app, request);
  routed.response = in_language_of(request.header("Accept-Language"), std::move(routed.response));
  if (request.target.starts_with("/open311/")) routed.response = open311::refusal_from(open311::format_of(request.target), std::move(routed.response));
  if (routed.refusals == Refusals::kXml) routed.response = in_xml(std::move(routed.response));
  // The client's files are, where it pays, since they were built.
  if (routed.pattern != kClient) routed.response = compressed(request.header("Accept-Encoding"), std::move(routed.response));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  Response& response = routed.response;
  // What a stranger calls a method is not repeated: the log and the metrics know a few.
  const std::string method = kMethods.contains(request.method) ? request.method : "OTHER";
  app.metrics.count_request(method, routed.pattern, response.status, taken.count());
  const std::string id = random_hex(kRequestIdBytes);
  Json event = {{"request", id}, {"method", method}, {"route", routed.pattern}, {"status", response.status},
                {"ms", std::llround(taken.count() * 1000)}, {"bytes", response.text().size()}};
  if (!response.fault.empty()) event["fault"] = response.fault;
  app.log(event);
  response.headers.emplace_back("X-Request-Id", id);
  return std::move(response);
}

Result<std::string> read_body(const Request& request, std::int64_t limit) {
  const Error too_large{ErrorCode::kTooLarge, "", "Permintaan terlalu besar. Kurangi isinya lalu coba lagi."};
  if (request.content_length.value_or(0) > limit) return too_large;
  std::string body;
  bool over = false;
  const bool complete = request.read_body([&](std::string_view bytes) {
    over = over || static_cast<std::int64_t>(body.size() + bytes.size()) > limit;
    if (!over) body += bytes;
    return !over;
  });
  if (over) return too_large;
  if (!complete) return Error{ErrorCode::kMalformed, "", "the body did not come whole"};
  return body;
}

std::vector<RouteSummary> all_routes() {
  std::vector<RouteSummary> routes;
  for (const Route& route : kRoutes) {
    routes.push_back({std::string(route.method), std::string(route.pattern), route.access});
  }
  return routes;
}

}  // namespace titik::serve
