// Reports for anybody: list, map, one report, and the pictures of what was done. Without any identity.
#include "base/id.h"
#include "serve/handlers.h"
#include "serve/proof.h"
#include "serve/public_answers.h"
#include "serve/thumbnails.h"

namespace titik::serve {
namespace {

Response csv_list(const App& app, const Call& call, const std::vector<PublicItem>& items) {
  std::vector<std::vector<std::string>> rows;
  for (const PublicItem& item : items) {
    const report::Agency* agency = app.profile.agency(item.agency_id);
    rows.push_back({std::to_string(item.tracking_id), format_rfc3339(item.received_at), item.title, item.category_id,
                    agency ? agency->name : item.agency_id, village_name(app.profile, item.village_code),
                    std::string(report::status_label(item.status)), item.point ? to_text(item.point->latitude) : "",
                    item.point ? to_text(item.point->longitude) : "", std::to_string(item.affected), item.channel});
  }
  return public_answer(call, "text/csv; charset=utf-8",
                       csv_of({"nomor", "diterima", "judul", "kategori", "instansi", "kelurahan", "status", "lintang",
                               "bujur", "ikut_mengalami", "kanal"}, rows));
}

Json answer_json(const PublicAnswer& answer, const std::vector<EvidenceFinding>& findings) {
  Json evidence = Json::array();
  for (const PublicEvidence& picture : answer.evidence) {
    evidence.push_back({{"path", "/titik/1/public/files/" + std::to_string(picture.file_id)}});
  }
  Json proof = Json::array();
  for (const EvidenceFinding& finding : findings) {
    if (finding.follow_up_id == answer.id) proof.push_back(finding_json(finding));
  }
  return {{"at", answer.at}, {"kind", answer.kind}, {"institution", answer.institution}, {"content", answer.content},
          {"evidence", std::move(evidence)}, {"proof", std::move(proof)}};
}

}  // namespace

Response get_public_list(App& app, Call& call) {
  Result<PublicFilter> filter = public_filter(app, call.request);
  if (!filter.ok()) return refusal_of(filter.error());
  const int limit = filter->limit;
  ++filter->limit;  // one more tells whether there is another page
  if (const auto refused = not_current(app)) return *refused;
  Result<std::vector<PublicItem>> items = app.public_face.list(*filter);
  if (!items.ok()) return refusal_of(items.error());
  const bool more = items->size() > static_cast<std::size_t>(limit);
  if (more) items->pop_back();
  if (wants_csv(call)) return csv_list(app, call, *items);
  Json list = Json::array();
  for (const PublicItem& item : *items) list.push_back(item_json(app, item));
  Json body = {{"reports", std::move(list)}};
  if (more) body["next"] = std::to_string(items->back().tracking_id);
  return public_json(call, body);
}

Response get_public_report(App& app, Call& call) {
  const Error not_found{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  if (!is_lapor_id(call.ids[0])) return refusal_of(not_found);
  if (const auto refused = not_current(app)) return *refused;
  const Result<std::optional<PublicDetail>> detail = app.public_face.detail(std::stoll(call.ids[0]));
  if (!detail.ok()) return refusal_of(detail.error());
  if (!*detail) return refusal_of(not_found);
  const PublicDetail& report = **detail;
  const Result<std::vector<EvidenceFinding>> findings = app.proofs.findings(report.item.tracking_id);
  if (!findings.ok()) return refusal_of(findings.error());

  Json body = item_json(app, report.item);
  const report::Agency* agency = app.profile.agency(report.item.agency_id);
  body["agency_name"] = agency ? agency->name : "";
  body["status_label"] = report::status_label(report.item.status);
  body["follow_up_stopped_at"] = report.follow_up_stopped_at;
  if (!report.content.empty()) body["content"] = report.content;
  body["confirmations"] = {{"works", report.works}, {"does_not_work", report.does_not_work}};
  Json& steps = body["steps"] = Json::array();
  for (const PublicStep& step : report.steps) {
    steps.push_back({{"at", step.at}, {"status", report::status_name(step.status)}, {"label", report::status_label(step.status)}});
  }
  Json& answers = body["answers"] = Json::array();
  for (const PublicAnswer& answer : report.answers) answers.push_back(answer_json(answer, *findings));
  return public_json(call, body);
}

Response get_public_map(App& app, Call& call) {
  const Result<GeoBox> box = read_box(query_value(call.request.target, "bbox"));
  if (!box.ok()) return refusal_of(box.error());
  const std::string category = query_value(call.request.target, "category");
  if (!category.empty() && !app.profile.category(category)) {
    return refusal(422, "Kategori ini tidak ada di kota ini.", {{"category", "invalid", "Pilih kategori dari profil kota."}});
  }
  if (const auto refused = not_current(app)) return *refused;
  const Result<MapAnswer> map = app.public_face.map(*box, category);
  if (!map.ok()) return refusal_of(map.error());
  Json body = {{"cell_degrees", map->cell_degrees}, {"more", map->more}};
  Json& cells = body["cells"] = Json::array();
  for (const MapCell& cell : map->cells) {
    cells.push_back({{"latitude", cell.centre.latitude}, {"longitude", cell.centre.longitude}, {"belum", cell.not_yet},
                     {"proses", cell.in_process}, {"selesai", cell.done}});
  }
  Json& points = body["points"] = Json::array();
  for (const PublicItem& item : map->points) {
    points.push_back({{"tracking_id", std::to_string(item.tracking_id)}, {"title", item.title}, {"category", item.category_id},
                      {"status_group", group_name(report::status_group(item.status))},
                      {"latitude", item.point->latitude}, {"longitude", item.point->longitude}});
  }
  return public_json(call, body);
}

// Without EXIF: where an officer's phone was and whose it is are nobody's business.
Response get_public_file(App& app, Call& call) {
  const Error not_found{ErrorCode::kNotFound, "", "Berkas tidak ditemukan."};
  if (!is_lapor_id(call.ids[0])) return refusal_of(not_found);
  const Result<std::optional<std::string>> sha256 = app.public_face.evidence_sha256(std::stoll(call.ids[0]));
  if (!sha256.ok()) return refusal_of(sha256.error());
  if (!*sha256) return refusal_of(not_found);
  Result<std::string> picture = public_picture_of(app.files, **sha256);
  if (!picture.ok()) return refusal_of(picture.error());  // what does not decode is not shown
  Response response = public_answer(call, "image/jpeg", std::move(*picture));
  response.headers.emplace_back("Content-Disposition", "inline; filename=\"bukti-" + call.ids[0] + ".jpg\"");
  return response;
}

}  // namespace titik::serve
