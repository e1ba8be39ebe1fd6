#include "serve/upstream_wire.h"

#include <algorithm>
#include <charconv>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "lapor/reading.h"
#include "serve/crypto.h"

namespace titik::serve {
namespace {

std::string lower(std::string_view text) {
  std::string out(trimmed(text));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// Whether the "<" that the text begins with opens a tag: citizens write "< 30 cm" too.
std::size_t length_of_tag(std::string_view text) {
  const char next = text.size() > 1 ? text[1] : ' ';
  const bool begins = next == '/' || next == '!' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
  const std::size_t end = text.find_first_of("<>", 1);
  return begins && end != text.npos && text[end] == '>' ? end + 1 : 0;
}

// Without tags and white space, which come and go on the way.
std::string bare(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t tag = text[0] == '<' ? length_of_tag(text) : 0;
    if (tag == 0 && static_cast<unsigned char>(text[0]) > 0x20) out.push_back(text[0]);
    text.remove_prefix(std::max<std::size_t>(tag, 1));
  }
  return out;
}

bool flag_of(const Json& object, std::string_view key) { return scalar_flag(member(object, key)).value_or(false); }

std::optional<double> degrees_of(const Json& object, std::string_view key) {
  if (const auto number = optional_number(object, key)) return number;
  const std::string text = lapor::text_of(object, key);
  const Result<Json> parsed = parse_json(text.empty() ? "null" : text);
  if (!parsed.ok()) return std::nullopt;
  return optional_number(Json{{"value", *parsed}}, "value");
}

// "data" alone, or the first of a list.
const Json& data_of(const Json& body) {
  const Json& results = member(body, "results");
  const Json& data = member(results.is_object() ? results : body, "data");
  return data.is_array() && !data.empty() ? data.front() : data;
}

}  // namespace

std::string write_upstream_mark(std::string_view city, const UpstreamMark& mark) {
  std::string out = "[Titik Lapor " + std::string(city) + " " + std::to_string(mark.tracking_id);
  if (mark.item != 0) out += "/" + std::to_string(mark.item);
  return out + "]";
}

std::optional<UpstreamMark> read_upstream_mark(std::string_view text, std::string_view city) {
  const std::string all = bare(text);
  const std::string begin = bare("[Titik Lapor " + std::string(city));
  const std::size_t at = all.rfind(begin);
  if (at == all.npos || !all.ends_with(']')) return std::nullopt;
  const std::string_view numbers = std::string_view(all).substr(at + begin.size(), all.size() - at - begin.size() - 1);
  const std::size_t slash = std::min(numbers.find('/'), numbers.size());
  UpstreamMark mark;
  const auto read = [](std::string_view digits, std::int64_t& number) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc() && end == digits.data() + digits.size() && number > 0;
  };
  if (!read(numbers.substr(0, slash), mark.tracking_id)) return std::nullopt;
  if (slash < numbers.size() && !read(numbers.substr(slash + 1), mark.item)) return std::nullopt;
  return mark;
}

std::string write_upstream_create(const UpstreamCreate& create, const report::CityProfile& profile, const UpstreamConfig& config) {
  lapor::CreateRequest request = create.request;
  if (!config.send_identity) {
    request.draft.reporter_name.clear();
    request.draft.reporter_phone.clear();
  }
  if (!request.draft.landmark.empty()) request.draft.content += "\n\nPatokan: " + request.draft.landmark;
  request.draft.content += "\n\n" + write_upstream_mark(profile.id, {create.tracking_id});
  request.channel = config.channel;
  request.user_id = config.user_id;
  request.lapor_category_id = config.category_of(profile, request.draft.category_id);
  request.attachments = create.attachments;
  Result<Json> json = parse_json(lapor::write_create(request));
  if (!json.ok()) return {};  // what we have written ourselves is JSON
  json->erase("titik");
  const std::string institution = config.institution_of(profile, create.agency_id);
  if (config.dispose_on_create && !institution.empty()) {
    (*json)["is_disposisi_slider"] = true;
    (*json)["disposition_id"] = institution;
  }
  return to_text(*json);
}

std::optional<report::Status> upstream_status(const lapor::Detail& detail, const UpstreamConfig& config) {
  for (const std::string& key : {lower(detail.status_code), lower(detail.status_name)}) {
    if (const auto mapped = config.status_map.find(key); !key.empty() && mapped != config.status_map.end()) return mapped->second;
  }
  return report::status_from_label(detail.status_name);
}

std::string read_disposition_id(std::string_view detail_json) {
  const Result<Json> body = parse_json(detail_json);
  return body.ok() ? lapor::id_of(data_of(*body), "disposition_id") : std::string();
}

std::int64_t number_of(std::string_view digits) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::string upstream_list_page(std::string_view list_path, std::int64_t page) {
  const char* separator = list_path.find('?') == list_path.npos ? "?page=" : "&page=";
  return std::string(list_path) + separator + std::to_string(page);
}

Result<UpstreamList> read_upstream_list(std::string_view json, ZoneOffset zone) {
  const Json body = TRY(parse_json(json));
  const Json& results = member(body, "results");
  const Json& paginator = results.is_object() ? results : body;
  const Json& data = results.is_array() ? results : member(paginator, "data");
  if (!data.is_array()) return Error{ErrorCode::kMalformed, "results.data", "no list in the answer"};
  UpstreamList list;
  for (const Json& item : data) {
    if (list.items.size() == lapor::kMaxListItems) break;
    if (!item.is_object()) continue;
    // Of its form a complaint is also the first entry of its thread: id, time, words, attachments.
    const lapor::FollowUpPage one = TRY(lapor::follow_ups_of({{"results", {{"data", Json::array({item})}}}}, zone));
    if (one.items.empty() || one.items[0].id.empty()) continue;
    UpstreamComplaint complaint{.id = one.items[0].id, .title = lapor::first_text(item, {"title", "subject"}),
                                .content = one.items[0].content, .category_id = lapor::id_of(item, "category_id"),
                                .disposition_id = lapor::id_of(item, "disposition_id"), .is_anonymous = flag_of(item, "is_anonymous"),
                                .is_secret = flag_of(item, "is_secret"), .at = one.items[0].at, .attachments = one.items[0].attachments};
    complaint.classification = report::classification_from_number(lapor::integer_of(item, "classification_id", 1, 1, 3))
                                   .value_or(report::Classification::kComplaint);
    const auto latitude = degrees_of(item, "latitude");
    const auto longitude = degrees_of(item, "longitude");
    if (latitude && longitude && report::is_valid_point({*latitude, *longitude})) complaint.point = {{*latitude, *longitude}};
    list.items.push_back(std::move(complaint));
  }
  const std::int64_t page = lapor::integer_of(paginator, "current_page", 1, 1, 1'000'000);
  list.more = !lapor::text_of(paginator, "next_page_url").empty() || lapor::integer_of(paginator, "last_page", 0, 1, 1'000'000) > page;
  return list;
}

std::string uuid_of(std::string_view words) {
  std::string hex = sha256_hex(words);
  hex[12] = '8';  // version
  hex[16] = '8';  // variant
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" + hex.substr(20, 12);
}

}  // namespace titik::serve
