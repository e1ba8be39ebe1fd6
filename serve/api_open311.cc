// Open311 GeoReport v2: the second face, for tools that speak it. Services are the city's categories, requests the
// reports that anybody may see. What is posted goes the way of every create: same rules, same clock. What is refused is
// put into Open311's form by the routes.
#include <algorithm>

#include "base/id.h"
#include "base/utf8.h"
#include "serve/crypto.h"
#include "serve/handlers.h"
#include "serve/open311.h"
#include "serve/public_answers.h"

namespace titik::serve {
namespace {

using open311::Format;

constexpr UnixMillis kLongestSpan = 90 * kDay;  // GeoReport v2, GET Service Requests
constexpr int kMostRequests = 1000;
constexpr std::size_t kMostIds = 50;

std::optional<Response> wrong_jurisdiction(const App& app, const std::string& jurisdiction) {
  if (jurisdiction.empty() || jurisdiction == app.profile.id) return std::nullopt;
  return refusal(404, "jurisdiction_id tidak dikenal; server ini melayani " + app.profile.id + ".");
}
std::optional<Response> wrong_jurisdiction(const App& app, const Call& call) {
  return wrong_jurisdiction(app, query_value(call.request.target, "jurisdiction_id"));
}

// "7000001.json" → "7000001".
std::string without_format(const std::string& name) { return name.substr(0, name.rfind('.')); }

std::vector<std::string> parts_of(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (const auto part = trimmed(list.substr(0, end)); !part.empty()) parts.emplace_back(part);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return parts;
}

Json service_json(const App& app, const report::Category& category) {
  const report::Agency* agency = app.profile.agency(category.agency);
  return {{"service_code", category.id}, {"service_name", category.name},
          {"description", "Target tindak lanjut " + std::to_string(category.hours) + " jam."},
          {"metadata", false}, {"type", "realtime"}, {"keywords", category.name_en}, {"group", agency ? agency->name : ""}};
}

Json request_json(const App& app, const PublicItem& item) {
  const report::Agency* agency = app.profile.agency(item.agency_id);
  const report::Category* category = app.profile.category(item.category_id);
  const bool closed = report::status_group(item.status) == report::StatusGroup::kDone;
  return {{"service_request_id", std::to_string(item.tracking_id)},
          {"status", closed ? "closed" : "open"},
          {"status_notes", report::status_label(item.status)},
          {"service_name", category ? category->name : item.category_id},
          {"service_code", item.category_id},
          {"description", item.title},
          {"agency_responsible", agency ? agency->name : ""},
          {"service_notice", nullptr},
          {"requested_datetime", format_rfc3339(item.received_at)},
          {"updated_datetime", format_rfc3339(item.updated_at)},
          {"expected_datetime", item.follow_up_due_at > 0 ? Json(format_rfc3339(item.follow_up_due_at)) : Json(nullptr)},
          {"address", item.village_code.empty() ? Json(nullptr) : Json(village_name(app.profile, item.village_code))},
          {"address_id", nullptr},
          {"zipcode", nullptr},
          {"lat", item.point ? Json(item.point->latitude) : Json(nullptr)},
          {"long", item.point ? Json(item.point->longitude) : Json(nullptr)},
          {"media_url", nullptr}};
}

Error bad(std::string_view message) { return Error{ErrorCode::kInvalidArgument, "", std::string(message)}; }

// Numbers alone decide when they are given; else the last 90 days, or 90 days at most.
Result<PublicFilter> requests_filter(const App& app, const Request& request) {
  PublicFilter filter{.limit = kMostRequests};
  for (const std::string& id : parts_of(query_value(request.target, "service_request_id"))) {
    if (!is_lapor_id(id)) return bad("service_request_id bukan angka.");
    filter.only.push_back(std::stoll(id));
  }
  if (filter.only.size() > kMostIds) return bad("Paling banyak 50 service_request_id.");
  if (!filter.only.empty()) return filter;
  const auto read = [&](const char* name, std::optional<UnixMillis>& moment) -> Result<Ok> {
    const std::string text = query_value(request.target, name);
    if (text.empty()) return Ok{};
    moment = open311::read_time(text, app.profile.zone);
    if (!moment) return bad(std::string(name) + " bukan waktu W3C, misalnya 2026-11-21T00:00:00Z.");
    return Ok{};
  };
  TRY(read("start_date", filter.since));
  TRY(read("end_date", filter.until));
  if (!filter.until) filter.until = filter.since ? *filter.since + kLongestSpan : app.now();
  filter.since = std::max(filter.since.value_or(*filter.until - kLongestSpan), *filter.until - kLongestSpan);
  bool open = false, closed = false;
  for (const std::string& status : parts_of(query_value(request.target, "status"))) {
    if (status != "open" && status != "closed") return bad("status: open atau closed.");
    (status == "open" ? open : closed) = true;
  }
  filter.open_only = open && !closed;
  if (closed && !open) filter.group = report::StatusGroup::kDone;
  return filter;
}

// One key for what is the same by whom on one day: a program that lost the answer and asks again makes one report.
std::string key_of(const Caller& caller, const std::map<std::string, std::string>& fields, std::string_view today) {
  std::string text = std::to_string(caller.id) + '\n' + std::string(today);
  for (const auto& [name, value] : fields) {
    if (name != "api_key" && name != "jurisdiction_id") text += '\n' + name + '=' + value;
  }
  std::string hex = sha256_hex(text).substr(0, 32);
  hex[12] = '8';  // RFC 9562: a UUID of one's own making
  hex[16] = '8';
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" + hex.substr(20);
}

struct Posted {
  std::map<std::string, std::string> fields;
  std::string operator[](const char* name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : std::string(trimmed(clean_text(found->second, Lines::kMany)));
  }
};

Result<lapor::CreateRequest> request_of(const App& app, const Posted& posted, const std::string& key) {
  const report::Category* category = app.profile.category(posted["service_code"]);
  if (!category) return bad("service_code tidak ada dalam daftar services.");
  // Without the moment of asking: who asks again has the same content.
  report::Draft draft{.id = key, .category_id = category->id};
  draft.content = posted["description"];
  if (draft.content.empty()) draft.content = category->name;
  // A title is public at once, a text when the office has seen it: of Open311's one text nothing goes into the title.
  draft.title = category->name;
  draft.incident_date = format_date(to_civil(app.now(), app.profile.zone));
  const std::string latitude = posted["lat"], longitude = posted["long"];
  if (!latitude.empty() || !longitude.empty()) {
    const auto north = read_degrees(latitude), east = read_degrees(longitude);
    if (!north || !east || !report::is_valid_point({*north, *east})) return bad("lat dan long bukan derajat yang sah.");
    draft.place = report::Place{.point = {*north, *east}, .source = report::PlaceSource::kPin};
  }
  const std::string address = posted["address_string"].empty() ? posted["address_id"] : posted["address_string"];
  draft.landmark = std::string(prefix_of(clean_text(address, Lines::kOne), report::kMaxLandmark));
  if (!draft.place && draft.landmark.empty()) return bad("Lokasi wajib: lat dan long, address_string, atau address_id.");
  const std::string first = posted["first_name"], last = posted["last_name"];
  draft.reporter_name = std::string(prefix_of(trimmed(first + " " + last), report::kMaxName));
  draft.reporter_phone = posted["phone"];
  return lapor::CreateRequest{.draft = std::move(draft), .lapor_category_id = category->lapor_category_id, .channel = app.profile.channel};
}

}  // namespace

Response get_open311_discovery(App& app, Call& call) {
  const Format format = open311::format_of(call.request.target);
  constexpr const char* kChangeset = "2026-11-22T00:00:00Z";
  const Json formats = Json::array({"text/xml", "application/json"});
  return open311::answer(format, 200,
                         {{"changeset", kChangeset},
                          {"contact", app.profile.name},
                          {"key_service", "api_key: kode perangkat dari POST /titik/1/devices, atau kode sistem dari pengelola server."},
                          {"endpoints", Json::array({{{"specification", "http://wiki.open311.org/GeoReport_v2"},
                                                      {"url", app.profile.lapor_base_url + "/open311/v2"},
                                                      {"changeset", kChangeset},
                                                      {"type", "production"},
                                                      {"formats", formats}}})}},
                         "discovery");
}

Response get_open311_services(App& app, Call& call) {
  const Format format = open311::format_of(call.request.target);
  if (auto refused = wrong_jurisdiction(app, call)) return *std::move(refused);
  Json list = Json::array();
  for (const report::Category& category : app.profile.categories) list.push_back(service_json(app, category));
  return open311::answer(format, 200, list, "services", "service");
}

Response get_open311_service(App& app, Call& call) {
  const Format format = open311::format_of(call.request.target);
  if (auto refused = wrong_jurisdiction(app, call)) return *std::move(refused);
  const std::string code = without_format(call.ids[0]);
  if (!app.profile.category(code)) return refusal(404, "service_code tidak ada.");
  return open311::answer(format, 200, {{"service_code", code}, {"attributes", Json::array()}}, "service_definition");
}

Response get_open311_requests(App& app, Call& call) {
  const Format format = open311::format_of(call.request.target);
  if (auto refused = wrong_jurisdiction(app, call)) return *std::move(refused);
  Result<PublicFilter> filter = requests_filter(app, call.request);
  if (!filter.ok()) return refusal(400, filter.error().message);
  std::vector<std::string> codes = parts_of(query_value(call.request.target, "service_code"));
  if (codes.empty() || !filter->only.empty()) codes = {""};
  if (codes.size() > app.profile.categories.size()) return refusal(400, "Terlalu banyak service_code.");
  if (const auto refused = not_current(app)) return *refused;
  std::vector<PublicItem> items;
  for (const std::string& code : codes) {
    filter->category = code;
    const auto some = app.public_face.list(*filter);
    if (!some.ok()) return refusal_of(some.error());
    items.insert(items.end(), some->begin(), some->end());
  }
  std::sort(items.begin(), items.end(), [](const PublicItem& a, const PublicItem& b) { return a.tracking_id > b.tracking_id; });
  if (items.size() > kMostRequests) items.resize(kMostRequests);
  Json list = Json::array();
  for (const PublicItem& item : items) list.push_back(request_json(app, item));
  return open311::answer(format, 200, list, "service_requests", "request");
}

Response get_open311_request(App& app, Call& call) {
  const Format format = open311::format_of(call.request.target);
  if (auto refused = wrong_jurisdiction(app, call)) return *std::move(refused);
  const std::string id = without_format(call.ids[0]);
  if (!is_lapor_id(id)) return refusal(404, "service_request_id tidak ada.");
  if (const auto refused = not_current(app)) return *refused;
  const auto detail = app.public_face.detail(std::stoll(id));
  if (!detail.ok()) return refusal_of(detail.error());
  if (!*detail) return refusal(404, "service_request_id tidak ada.");
  Json request = request_json(app, (*detail)->item);
  if (!(*detail)->content.empty()) request["description"] = (*detail)->content;
  for (const PublicAnswer& answer : (*detail)->answers) {
    if (!answer.content.empty()) request["status_notes"] = answer.content;
    if (!answer.evidence.empty()) {
      request["media_url"] = app.profile.lapor_base_url + "/titik/1/public/files/" + std::to_string(answer.evidence.front().file_id);
    }
  }
  return open311::answer(format, 200, Json::array({request}), "service_requests", "request");
}

// Every request has its number at once: the number is its token.
Response get_open311_token(App& app, Call& call) {
  const Format format = open311::format_of(call.request.target);
  if (auto refused = wrong_jurisdiction(app, call)) return *std::move(refused);
  const std::string id = without_format(call.ids[0]);
  if (!is_lapor_id(id)) return refusal(404, "token tidak ada.");
  if (const auto refused = not_current(app)) return *refused;
  const auto items = app.public_face.list({.only = {std::stoll(id)}});
  if (!items.ok()) return refusal_of(items.error());
  if (items->empty()) return refusal(404, "token tidak ada.");
  return open311::answer(format, 200, Json::array({{{"token", id}, {"service_request_id", id}}}), "service_requests", "request");
}

Response post_open311_request(App& app, Call& call) {
  const Format format = open311::format_of(call.request.target);
  const Posted posted{form_fields(call.body)};
  const auto either = [&](const char* name) {
    const std::string value = posted[name];
    return value.empty() ? query_value(call.request.target, name) : value;
  };
  if (auto refused = wrong_jurisdiction(app, either("jurisdiction_id"))) return *std::move(refused);
  const std::string api_key = either("api_key");
  const auto caller = api_key.empty() ? Result<std::optional<Caller>>(std::nullopt) : app.repository.caller_by_token(sha256_hex(api_key));
  if (!caller.ok()) return refusal_of(caller.error());
  if (!*caller) return refusal(403, "api_key tidak ada atau tidak dikenal.");
  if ((*caller)->kind == CallerKind::kDevice) {  // the routes count it where the token is in a header
    const UnixMillis wait = app.gate.limits.take_request(Budget::kReport, true, std::to_string((*caller)->id), app.now());
    if (wait > 0) return try_later(wait);
  }

  const std::string today = format_date(to_civil(app.now(), app.profile.zone));
  const bool has_key = !call.request.header("Idempotency-Key").empty();
  const auto request = request_of(app, posted, has_key ? "" : key_of(**caller, posted.fields, today));
  if (!request.ok()) return refusal(400, request.error().message);
  Call create{call.request, {}, **caller, actor_of(**caller), lapor::write_create(*request), call.origin};
  const Response created = post_report(app, create);
  if (created.status >= 300) return created;
  const Result<lapor::Receipt> receipt = lapor::read_created(created.text());
  if (!receipt.ok()) return refusal_of(receipt.error());
  return open311::answer(format, created.status,
                         Json::array({{{"service_request_id", receipt->tracking_id}, {"service_notice", nullptr}, {"account_id", nullptr}}}),
                         "service_requests", "request");
}

}  // namespace titik::serve
