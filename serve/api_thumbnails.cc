// Small pictures of evidence, and of photos that are still to come.
#include "base/id.h"
#include "base/json.h"
#include "serve/handlers.h"
#include "serve/thumbnails.h"

namespace titik::serve {

Response get_file_thumbnail(App& app, Call& call) {
  const Result<StoredFile> file = visible_file(app, call);
  if (!file.ok()) return refusal_of(file.error());
  Result<std::string> jpeg = thumbnail_of(app.files, file->sha256);
  if (!jpeg.ok()) return refusal_of(jpeg.error());
  Response response;
  response.content_type = "image/jpeg";
  response.body = std::make_shared<const std::string>(std::move(*jpeg));
  response.headers = {{"Cache-Control", "private, immutable, max-age=31536000"}};
  return response;
}

// From the phone whose report it is. The same again is the same.
Response post_pending_thumbnail(App& app, Call& call) {
  const Error not_found{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  if (!is_uuid(call.ids[0]) || !is_sha256(call.ids[1])) return refusal_of(not_found);
  const Result<StoredReport> report = app.repository.report_by_key(call.ids[0]);
  if (!report.ok()) return refusal_of(report.error());
  const Result<bool> own = app.repository.is_of(*report, call.caller.id);
  if (!own.ok() || !*own) return refusal_of(own.ok() ? not_found : own.error());
  const Result<std::string> jpeg = clean_thumbnail(call.body);
  if (!jpeg.ok()) return refusal_of(jpeg.error());
  const Result<Ok> added = ThumbnailStore(app.repository.sql()).add(report->tracking_id, call.ids[1], *jpeg);
  if (!added.ok()) return refusal_of(added.error());
  Response response;
  response.status = 204;
  return response;
}

// For the agencies: all that came ahead of this report's photos.
Response get_pending_thumbnails(App& app, Call& call) {
  const Result<StoredReport> report = visible_report(app, call.actor, call.ids[0]);
  if (!report.ok()) return refusal_of(report.error());
  const Result<std::vector<PendingThumbnail>> list = ThumbnailStore(app.repository.sql()).of(report->tracking_id);
  if (!list.ok()) return refusal_of(list.error());
  Json thumbnails = Json::array();
  for (const PendingThumbnail& one : *list) thumbnails.push_back({{"sha256", one.sha256}, {"jpeg", one.jpeg}});
  return json_response(200, to_text({{"thumbnails", std::move(thumbnails)}}));
}

}  // namespace titik::serve
