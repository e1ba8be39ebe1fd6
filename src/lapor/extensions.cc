#include <algorithm>

#include "base/id.h"
#include "base/json.h"
#include "lapor/lapor.h"
#include "lapor/reading.h"

namespace titik::lapor {
namespace {

constexpr std::size_t kMaxToken = 512;

// What may stand in an Authorization header (RFC 6750, b64token).
bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kMaxToken && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/=").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string write_device(const Device& device) {
  return to_text({{"token", device.token}, {"user_id", device.user_id}});
}

Result<Device> read_device(std::string_view json) {
  const Json body = TRY(parse_json(json));
  Device device{string_or(body, "token"), text_of(body, "user_id")};
  if (!is_token(device.token)) return Error{ErrorCode::kMalformed, "token", "not a bearer token"};
  return device;
}

std::string write_counts(const report::Counts& counts) {
  return to_text({{"received", counts.received}, {"in_process", counts.in_process}, {"done", counts.done}});
}

Result<report::Counts> read_counts(std::string_view json) {
  const Json body = TRY(parse_json(json));
  if (!body.is_object()) return Error{ErrorCode::kMalformed, "", "not an object"};
  const auto count = [&](std::string_view key) { return std::max<std::int64_t>(0, integer_or(body, key)); };
  return report::Counts{count("received"), count("in_process"), count("done")};
}

std::string write_public_reports(const std::vector<report::PublicReport>& reports) {
  Json list = Json::array();
  for (const report::PublicReport& one : reports) {
    Json item = {{"tracking_id", one.tracking_id},
                 {"title", one.title},
                 {"category", one.category_id},
                 {"status", one.status_name},
                 {"received_at", one.received_at}};
    if (one.point) {
      item["latitude"] = one.point->latitude;
      item["longitude"] = one.point->longitude;
    }
    list.push_back(std::move(item));
  }
  return to_text({{"reports", std::move(list)}});
}

Result<std::vector<report::PublicReport>> read_public_reports(std::string_view json) {
  const Json body = TRY(parse_json(json));
  const Json& list = member(body, "reports");
  if (!list.is_array()) return Error{ErrorCode::kMalformed, "reports", "no list in the answer"};
  if (list.size() > kMaxListItems) return Error{ErrorCode::kTooLarge, "reports", "list too long"};
  std::vector<report::PublicReport> out;
  for (const Json& item : list) {
    report::PublicReport one;
    one.tracking_id = id_of(item, "tracking_id");
    if (one.tracking_id.empty()) continue;
    one.title = text_of(item, "title");
    one.category_id = text_of(item, "category");
    one.status_name = text_of(item, "status");
    one.received_at = millis_of(item, "received_at");
    const auto latitude = optional_number(item, "latitude");
    const auto longitude = optional_number(item, "longitude");
    if (latitude && longitude && report::is_valid_point({*latitude, *longitude})) {
      one.point = report::GeoPoint{*latitude, *longitude};
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace titik::lapor
