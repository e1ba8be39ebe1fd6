#include <algorithm>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "lapor/lapor.h"
#include "lapor/reading.h"

namespace titik::lapor {
namespace {

constexpr std::size_t kMaxAttachments = 100;  // far above the rule of the report; validate() has that
constexpr std::int64_t kMaxPixelsEdge = 1'000'000;

Error malformed(std::string_view where, std::string_view message) {
  return Error{ErrorCode::kMalformed, std::string(where), std::string(message)};
}

// --- Writing ------------------------------------------------------------------------------------

Json place_json(const report::Place& place) {
  return {{"latitude", place.point.latitude},
          {"longitude", place.point.longitude},
          {"accuracy_m", place.accuracy_m},
          {"source", report::place_source_name(place.source)},
          {"at", place.at}};
}

Json photo_json(const report::Photo& photo) {
  Json json = {{"sha256", photo.sha256},
               {"bytes", photo.bytes},
               {"width", photo.width},
               {"height", photo.height},
               {"origin", photo.origin == report::PhotoOrigin::kCamera ? "camera" : "gallery"}};
  if (photo.taken_at) json["taken_at"] = *photo.taken_at;
  if (photo.place) json["place"] = place_json(*photo.place);
  return json;
}

Json titik_json(const CreateRequest& request) {
  const report::Draft& draft = request.draft;
  Json photos = Json::array();
  for (const report::Photo& photo : draft.photos) photos.push_back(photo_json(photo));
  Json json = {{"report_id", draft.id},
               {"category", draft.category_id},
               {"landmark", draft.landmark},
               {"created_at", draft.created_at},
               {"photos", std::move(photos)}};
  if (request.photos_follow) json["photos_follow"] = true;
  if (request.sms_at != 0) json["sms_at"] = request.sms_at;
  if (request.privacy_version != 0) json["privacy_version"] = request.privacy_version;
  if (draft.place) {
    json["accuracy_m"] = draft.place->accuracy_m;
    json["place_source"] = report::place_source_name(draft.place->source);
    json["place_at"] = draft.place->at;
  }
  return json;
}

std::string attachment_list(const std::vector<std::string>& ids) {
  std::string list = "[";
  for (const std::string& id : ids) {
    if (list.size() > 1) list += ",";
    list += id;
  }
  return list + "]";
}

// --- Reading ------------------------------------------------------------------------------------

// Text, or "" when the member is missing or null.
Result<std::string> read_text(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  if (value.is_null()) return std::string();
  std::optional<std::string> text = scalar_text(value);
  if (!text) return malformed(key, "not a text");
  return std::move(*text);
}

Result<bool> read_flag(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  if (value.is_null()) return false;
  const std::optional<bool> flag = scalar_flag(value);
  if (!flag) return malformed(key, "not a flag");
  return *flag;
}

// (Appended piece by piece: GCC 12 sees an overlap that is not there in "[" + std::string(...).)
std::string bracketed(std::string_view text) {
  std::string out = "[";
  out += text;
  out += "]";
  return out;
}

// A number, also as text; nothing when missing, null or "".
Result<std::optional<double>> read_number(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  if (value.is_null()) return std::optional<double>();
  if (const auto number = optional_number(object, key)) return number;
  const std::optional<std::string> text = optional_string(object, key);
  if (!text) return malformed(key, "not a number");
  if (trimmed(*text).empty()) return std::optional<double>();
  const Result<Json> parsed = parse_json(bracketed(*text));
  if (parsed.ok() && parsed->size() == 1) {
    if (const auto number = optional_number({{"value", parsed->front()}}, "value")) return number;
  }
  return malformed(key, "not a number");
}

Result<std::vector<std::string>> read_ids(const Json& list) {
  if (list.size() > kMaxAttachments) return malformed("attachments", "too many");
  std::vector<std::string> ids;
  for (const Json& item : list) {
    const std::optional<std::string> text = scalar_text(item);
    if (!text || item.is_boolean() || !is_lapor_id(trimmed(*text))) return malformed("attachments", "not an id");
    ids.emplace_back(trimmed(*text));
  }
  return ids;
}

// An array, an array in a string, a string with a trailing dot, false or null (docs/api.md, Create).
Result<std::vector<std::string>> read_attachments(const Json& value) {
  if (value.is_null() || value == Json(false)) return std::vector<std::string>();
  if (value.is_array()) return read_ids(value);
  const std::optional<std::string> scalar = scalar_text(value);
  if (!scalar || value.is_boolean()) return malformed("attachments", "not a list");
  std::string_view text = trimmed(*scalar);
  while (text.ends_with('.')) text = trimmed(text.substr(0, text.size() - 1));
  if (text.empty() || text == "null" || text == "false") return std::vector<std::string>();
  const std::string list = text.starts_with('[') ? std::string(text) : bracketed(text);
  const Result<Json> parsed = parse_json(list);
  if (!parsed.ok() || !parsed->is_array()) return malformed("attachments", "not a list");
  return read_ids(*parsed);
}

Result<report::Place> read_place(const Json& json, std::string_view where) {
  report::Place place;
  const std::optional<double> latitude = optional_number(json, "latitude");
  const std::optional<double> longitude = optional_number(json, "longitude");
  if (!latitude || !longitude) return malformed(where, "no position");
  place.point = {*latitude, *longitude};
  if (!report::is_valid_point(place.point)) return malformed(where, "not on Earth");
  place.accuracy_m = std::max(0.0, number_or(json, "accuracy_m"));
  place.source = report::place_source_from_name(string_or(json, "source")).value_or(report::PlaceSource::kPin);
  place.at = millis_of(json, "at");
  return place;
}

Result<report::Photo> read_photo(const Json& json, const std::string& where) {
  if (!json.is_object()) return malformed(where, "not an object");
  report::Photo photo;
  photo.sha256 = string_or(json, "sha256");
  if (!is_sha256(photo.sha256)) return malformed(where + ".sha256", "not a SHA-256");
  photo.bytes = integer_or(json, "bytes");
  photo.width = static_cast<int>(integer_of(json, "width", 0, 0, kMaxPixelsEdge));
  photo.height = static_cast<int>(integer_of(json, "height", 0, 0, kMaxPixelsEdge));
  if (string_or(json, "origin") == "camera") photo.origin = report::PhotoOrigin::kCamera;
  if (const UnixMillis taken = millis_of(json, "taken_at")) photo.taken_at = taken;
  if (const Json& place = member(json, "place"); place.is_object()) {
    photo.place = TRY(read_place(place, where + ".place"));
  }
  return photo;
}

// What our own clients add.
Result<Ok> read_titik(const Json& titik, report::Draft& draft) {
  if (!titik.is_object()) return malformed("titik", "not an object");
  draft.id = string_or(titik, "report_id");
  if (!draft.id.empty() && !is_uuid(draft.id)) return malformed("titik.report_id", "not a UUID");
  draft.category_id = string_or(titik, "category", draft.category_id);
  draft.landmark = string_or(titik, "landmark");
  draft.created_at = millis_of(titik, "created_at");
  if (draft.place) {
    draft.place->accuracy_m = std::max(0.0, number_or(titik, "accuracy_m"));
    draft.place->source = report::place_source_from_name(string_or(titik, "place_source"))
                              .value_or(report::PlaceSource::kPin);
    draft.place->at = millis_of(titik, "place_at");
  }
  const Json& photos = member(titik, "photos");
  if (photos.is_null()) return Ok{};
  if (!photos.is_array() || photos.size() > kMaxAttachments) return malformed("titik.photos", "not a short list");
  for (std::size_t i = 0; i < photos.size(); ++i) {
    draft.photos.push_back(TRY(read_photo(photos[i], "titik.photos[" + std::to_string(i) + "]")));
  }
  return Ok{};
}

std::string category_with_lapor_id(const report::CityProfile& profile, std::string_view lapor_id) {
  if (lapor_id.empty()) return {};
  for (const report::Category& category : profile.categories) {
    if (category.lapor_category_id == lapor_id) return category.id;
  }
  return {};
}

}  // namespace

std::string write_create(const CreateRequest& request) {
  const report::Draft& draft = request.draft;
  const bool identified =
      !draft.is_anonymous && (!draft.reporter_name.empty() || !draft.reporter_phone.empty());
  Json json = {{"title", draft.title},
               {"content", draft.content},
               {"channel", request.channel},
               {"is_new_user_slider", identified},
               {"is_inbox", true},
               {"is_disposisi_slider", false},
               {"classification_id", static_cast<int>(draft.classification)},
               {"category_id", request.lapor_category_id},
               {"copy_externals", "[]"},
               {"info_disposition", ""},
               {"info_attachments", "[]"},
               {"tags_raw", ""},
               {"is_approval", false},
               {"is_anonymous", draft.is_anonymous},
               {"is_secret", draft.is_secret},
               {"is_priority", false},
               {"attachments", attachment_list(request.attachments)},
               {"titik", titik_json(request)}};
  if (identified) {
    json["nameUser"] = draft.reporter_name;
    json["phoneUser"] = draft.reporter_phone;
    json["emailUser"] = "";
  } else {
    json["user_id"] = request.user_id;
  }
  if (!draft.incident_date.empty()) json["date_of_incident"] = draft.incident_date;
  if (draft.place) {
    json["latitude"] = draft.place->point.latitude;
    json["longitude"] = draft.place->point.longitude;
  }
  return to_text(json);
}

Result<CreateRequest> read_create(std::string_view json, const report::CityProfile& profile) {
  const Json body = TRY(parse_json(json));
  if (!body.is_object()) return malformed("", "not an object");
  CreateRequest request;
  report::Draft& draft = request.draft;
  draft.title = TRY(read_text(body, "title"));
  draft.content = TRY(read_text(body, "content"));
  draft.incident_date = TRY(read_text(body, "date_of_incident"));
  draft.reporter_name = TRY(read_text(body, "nameUser"));
  draft.reporter_phone = TRY(read_text(body, "phoneUser"));
  draft.is_anonymous = TRY(read_flag(body, "is_anonymous"));
  draft.is_secret = TRY(read_flag(body, "is_secret"));
  request.lapor_category_id = TRY(read_text(body, "category_id"));
  request.user_id = TRY(read_text(body, "user_id"));
  request.channel = static_cast<int>(integer_of(body, "channel", 0, 0, 1'000'000));

  if (!member(body, "classification_id").is_null()) {
    const auto kind = report::classification_from_number(integer_of(body, "classification_id", 0, 1, 3));
    if (!kind) return malformed("classification_id", "not 1, 2 or 3");
    draft.classification = *kind;
  }
  draft.category_id = category_with_lapor_id(profile, request.lapor_category_id);

  if (TRY(read_flag(body, "is_disposisi_slider"))) request.disposition_id = TRY(read_text(body, "disposition_id"));

  std::optional<double> latitude = TRY(read_number(body, "latitude"));
  std::optional<double> longitude = TRY(read_number(body, "longitude"));
  if (!latitude && !longitude) {
    latitude = TRY(read_number(body, "origin_latitude"));
    longitude = TRY(read_number(body, "origin_longitude"));
  }
  if (latitude && longitude) {
    draft.place = report::Place{.point = {*latitude, *longitude}};
    if (!report::is_valid_point(draft.place->point)) return malformed("latitude", "not on Earth");
  } else if (latitude || longitude) {
    return malformed(latitude ? "longitude" : "latitude", "half a position");
  }

  request.attachments = TRY(read_attachments(member(body, "attachments")));
  if (const Json& titik = member(body, "titik"); !titik.is_null()) {
    TRY(read_titik(titik, draft));
    request.photos_follow = TRY(read_flag(titik, "photos_follow"));
    request.sms_at = millis_of(titik, "sms_at");
    request.privacy_version = static_cast<int>(integer_of(titik, "privacy_version", 0, 0, 1'000'000'000));
  }
  return request;
}

}  // namespace titik::lapor
