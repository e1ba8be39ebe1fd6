// Reports near a place, "saya juga", and neighbours' words on a repair.
#include <algorithm>
#include <cmath>

#include "base/id.h"
#include "geo/distance.h"
#include "serve/handlers.h"
#include "serve/neighbours.h"
#include "serve/public_answers.h"
#include "serve/similar.h"

namespace titik::serve {
namespace {

constexpr int kMostAffecting = 100;

// By tracking number, or by the id that the phone gave the report. What cannot be seen here is decided by the store.
Result<std::int64_t> tracking_id_of(App& app, const std::string& id) {
  if (is_lapor_id(id)) return static_cast<std::int64_t>(std::stoll(id));
  if (!is_uuid(id)) return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  return TRY(app.repository.report_by_key(id)).tracking_id;
}

// Counted is one for each phone: an office's system has none.
std::optional<Response> not_a_device(const Call& call) {
  if (call.caller.kind == CallerKind::kDevice) return std::nullopt;
  return refusal(403, "Hanya ponsel warga yang dapat melakukan ini.");
}

Response affected_answer(const Result<std::int64_t>& count) {
  if (!count.ok()) return refusal_of(count.error());
  return json_response(200, to_text({{"affected", *count}}));
}

}  // namespace

Result<std::vector<SimilarReport>> similar_reports(App& app, const report::GeoPoint& point, const std::string& category) {
  TRY(app.public_face.catch_up());
  // Degrees that are more than the distance wherever a city of Indonesia lies; then the distance itself.
  constexpr double kMargin = 1.2;
  const double north = kNearMetres / 111'000 * kMargin;
  const double east = north / std::max(0.2, std::cos(point.latitude * 3.14159265358979 / 180));
  PublicFilter filter{.category = category,
                      .box = GeoBox{point.latitude - north, point.longitude - east, point.latitude + north, point.longitude + east},
                      .open_only = true,
                      .limit = 100};
  std::vector<SimilarReport> found;
  for (PublicItem& item : TRY(app.public_face.list(filter))) {
    const double metres = geo::distance_m(point, *item.point);
    if (metres <= kNearMetres) found.push_back({std::move(item), metres});
  }
  std::sort(found.begin(), found.end(), [](const SimilarReport& a, const SimilarReport& b) { return a.metres < b.metres; });
  constexpr std::size_t kMostSimilar = 5;  // as many as somebody reads before writing
  if (found.size() > kMostSimilar) found.resize(kMostSimilar);
  return found;
}

Json similar_json(const App& app, const std::vector<SimilarReport>& reports) {
  Json list = Json::array();
  for (const SimilarReport& one : reports) {
    list.push_back(item_json(app, one.item));
    list.back()["metres"] = std::llround(one.metres);
  }
  return list;
}

Response get_near(App& app, Call& call) {
  const auto latitude = read_degrees(query_value(call.request.target, "latitude"));
  const auto longitude = read_degrees(query_value(call.request.target, "longitude"));
  if (!latitude || !longitude || !report::is_valid_point({*latitude, *longitude})) {
    return refusal(422, "Lokasi tidak sah.", {{"latitude", "invalid", "Isi latitude dan longitude dalam derajat."}});
  }
  const std::string category = query_value(call.request.target, "category");
  if (!app.profile.category(category)) {
    return refusal(422, "Kategori ini tidak ada di kota ini.", {{"category", "invalid", "Pilih kategori dari profil kota."}});
  }
  const auto found = similar_reports(app, {*latitude, *longitude}, category);
  if (!found.ok()) return refusal_of(found.error());
  return json_response(200, to_text({{"radius_m", kNearMetres}, {"reports", similar_json(app, *found)}}));
}

Response post_affected(App& app, Call& call) {
  if (auto refused = not_a_device(call)) return *std::move(refused);
  const Result<std::int64_t> id = tracking_id_of(app, call.ids[0]);
  if (!id.ok()) return refusal_of(id.error());
  return affected_answer(Neighbours(app.repository.sql()).add_affected(*id, call.caller.id, app.now()));
}

Response delete_affected(App& app, Call& call) {
  if (auto refused = not_a_device(call)) return *std::move(refused);
  const Result<std::int64_t> id = tracking_id_of(app, call.ids[0]);
  if (!id.ok()) return refusal_of(id.error());
  return affected_answer(Neighbours(app.repository.sql()).remove_affected(*id, call.caller.id));
}

// What the device follows without having written it: the public part, as anybody sees it.
Response get_affected(App& app, Call& call) {
  if (auto refused = not_a_device(call)) return *std::move(refused);
  const Result<std::vector<std::int64_t>> ids = Neighbours(app.repository.sql()).affecting(call.caller.id, kMostAffecting);
  if (!ids.ok()) return refusal_of(ids.error());
  Json list = Json::array();
  if (!ids->empty()) {
    if (const auto refused = not_current(app)) return *refused;
    const auto items = app.public_face.list({.only = *ids, .limit = kMostAffecting});
    if (!items.ok()) return refusal_of(items.error());
    for (const PublicItem& item : *items) list.push_back(item_json(app, item));
  }
  Response response = public_json(call, {{"reports", std::move(list)}});
  response.headers[0].second = "private, no-cache";  // whose it is decides what it says
  return response;
}

Response post_confirmation(App& app, Call& call) {
  if (auto refused = not_a_device(call)) return *std::move(refused);
  const Result<std::int64_t> id = tracking_id_of(app, call.ids[0]);
  if (!id.ok()) return refusal_of(id.error());
  const Result<Json> body = parse_json(call.body);
  if (!body.ok()) return refusal_of(body.error());
  const std::optional<bool> works = scalar_flag(member(*body, "works"));
  if (!works) return refusal(422, "Pilih sudah baik atau belum.", {{"works", "missing", "Isi works dengan true atau false."}});
  const Json& place = member(*body, "place");
  const auto latitude = optional_number(place, "latitude");
  const auto longitude = optional_number(place, "longitude");
  if (!latitude || !longitude || !report::is_valid_point({*latitude, *longitude})) {
    return refusal(422, "Lokasi ponsel diperlukan untuk konfirmasi.", {{"place", "missing", "Nyalakan lokasi lalu coba lagi."}});
  }
  const auto words = Neighbours(app.repository.sql()).confirm(
      *id, call.caller.id, {*works, {*latitude, *longitude}, number_or(place, "accuracy_m")}, app.now());
  if (!words.ok()) return refusal_of(words.error());
  return json_response(200, to_text({{"works", words->works}, {"does_not_work", words->does_not_work}}));
}

}  // namespace titik::serve
