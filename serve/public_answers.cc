#include "serve/public_answers.h"

#include <charconv>
#include <cmath>

#include "base/id.h"
#include "serve/crypto.h"
#include "serve/csv.h"

namespace titik::serve {
namespace {

constexpr int kMostItems = 200;

using report::StatusGroup;

Error refused(std::string_view parameter, std::string_view message) {
  return Error{ErrorCode::kInvalidArgument, std::string(parameter), std::string(message)};
}

// Numbers stay numbers; all else is made safe for spreadsheets (csv.h).
std::string csv_cell(const std::string& text) {
  if (read_degrees(text)) return text;
  std::string row = csv_row({text});
  row.resize(row.size() - 2);  // without its CRLF
  return row;
}

}  // namespace

std::optional<Response> not_current(App& app) {
  const Result<bool> more = app.public_face.catch_up();
  if (!more.ok()) return refusal_of(more.error());
  if (!*more) return std::nullopt;
  const Result<bool> building = app.public_face.is_building();
  if (!building.ok()) return refusal_of(building.error());
  if (!*building) return std::nullopt;
  Response response = refusal(503, "Data publik sedang disusun ulang. Coba lagi sebentar lagi.");
  response.headers.emplace_back("Retry-After", "5");
  return response;
}

Response public_answer(const Call& call, std::string content_type, std::string body) {
  const std::string etag = sha256_hex(content_type + '\n' + body).substr(0, 32);
  Response response;
  response.content_type = std::move(content_type);
  response.headers = {{"Cache-Control", "public, max-age=" + std::to_string(kPublicSeconds)},
                      {"ETag", "\"" + etag + "\""}};
  if (matches_etag(call.request.header("If-None-Match"), etag)) {
    response.status = 304;
    return response;
  }
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

Response public_json(const Call& call, const Json& body) {
  return public_answer(call, "application/json; charset=utf-8", to_text(body));
}

std::string csv_of(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  const auto line = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    text += "\r\n";
  };
  line(header);
  for (const auto& row : rows) line(row);
  return text;
}

bool wants_csv(const Call& call) { return query_value(call.request.target, "format") == "csv"; }

std::optional<double> read_degrees(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

Result<GeoBox> read_box(std::string_view text) {
  const Error bad = refused("bbox", "Isi bbox dengan empat angka: barat,selatan,timur,utara.");
  std::array<double, 4> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t end = std::min(text.find(','), text.size());
    const auto number = read_degrees(text.substr(0, end));
    if (!number) return bad;
    numbers[i] = *number;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const GeoBox box{.south = numbers[1], .west = numbers[0], .north = numbers[3], .east = numbers[2]};
  if (!text.empty() || !report::is_valid_point({box.south, box.west}) || !report::is_valid_point({box.north, box.east}) ||
      box.south > box.north || box.west > box.east) {
    return bad;
  }
  return box;
}

Result<Days> read_days(const Request& request) {
  Days days;
  const auto read = [&](const char* name, std::int64_t& day) -> Result<Ok> {
    const std::string text = query_value(request.target, name);
    if (text.empty()) return Ok{};
    const auto date = parse_date(text);
    if (!date) return refused(name, "Tulis tanggal sebagai 2026-11-21.");
    day = from_civil(*date, 0) / kDay;
    return Ok{};
  };
  TRY(read("from", days.first));
  TRY(read("to", days.last));
  return days;
}

std::string_view group_name(StatusGroup group) {
  switch (group) {
    case StatusGroup::kNotYet: return "belum";
    case StatusGroup::kInProcess: return "proses";
    case StatusGroup::kDone: return "selesai";
  }
  return "belum";
}

std::string village_name(const report::CityProfile& profile, std::string_view code) {
  for (const report::District& district : profile.districts) {
    for (const report::Village& village : district.villages) {
      if (village.code == code) return village.name;
    }
  }
  return {};
}

Result<PublicFilter> public_filter(const App& app, const Request& request) {
  PublicFilter filter;
  const auto value = [&](const char* name) { return query_value(request.target, name); };
  if (const std::string status = value("status"); !status.empty()) {
    for (const StatusGroup group : {StatusGroup::kNotYet, StatusGroup::kInProcess, StatusGroup::kDone}) {
      if (group_name(group) == status) filter.group = group;
    }
    if (!filter.group) return refused("status", "Status: belum, proses, atau selesai.");
  }
  filter.category = value("category");
  if (!filter.category.empty() && !app.profile.category(filter.category)) return refused("category", "Kategori ini tidak ada di kota ini.");
  filter.agency = value("agency");
  if (!filter.agency.empty() && !app.profile.agency(filter.agency)) return refused("agency", "Instansi ini tidak ada di kota ini.");
  filter.village = value("village");
  if (!filter.village.empty() && village_name(app.profile, filter.village).empty()) {
    return refused("village", "Kelurahan ini tidak ada di kota ini.");
  }
  const Days days = TRY(read_days(request));
  if (!value("from").empty()) filter.first_day = days.first;
  if (!value("to").empty()) filter.last_day = days.last;
  if (const std::string box = value("bbox"); !box.empty()) filter.box = TRY(read_box(box));
  if (const std::string after = value("after"); !after.empty()) {
    if (!is_lapor_id(after)) return refused("after", "Isi after dengan `next` dari jawaban sebelumnya.");
    filter.before = std::stoll(after);
  }
  if (const std::string limit = value("limit"); !limit.empty()) {
    if (!is_lapor_id(limit) || limit.size() > 4 || std::stoi(limit) < 1) return refused("limit", "Isi limit dengan angka 1 sampai 200.");
    filter.limit = std::min(std::stoi(limit), kMostItems);
  }
  return filter;
}

Json item_json(const App& app, const PublicItem& item) {
  Json json = {{"tracking_id", std::to_string(item.tracking_id)},
               {"title", item.title},
               {"category", item.category_id},
               {"agency", item.agency_id},
               {"status", report::status_name(item.status)},
               {"status_group", group_name(report::status_group(item.status))},
               {"channel", item.channel},
               {"received_at", item.received_at},
               {"updated_at", item.updated_at},
               {"follow_up_due_at", item.follow_up_due_at},
               {"affected", item.affected}};
  if (item.point) {
    json["latitude"] = item.point->latitude;
    json["longitude"] = item.point->longitude;
  }
  if (!item.village_code.empty()) json["village"] = {{"code", item.village_code}, {"name", village_name(app.profile, item.village_code)}};
  return json;
}

}  // namespace titik::serve
