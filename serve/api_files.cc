// Photos and documents in and out.
#include "base/id.h"
#include "serve/claims.h"
#include "serve/handlers.h"
#include "serve/pictures.h"
#include "serve/thumbnails.h"
#include "serve/uploads.h"

namespace titik::serve {

Response post_files(App& app, Call& call) {
  const Result<UploadedForm> form = receive_form(app, call.request);
  if (!form.ok()) return refusal_of(form.error());
  if (form->files.empty()) {
    return refusal(422, "Tidak ada berkas yang dikirim.",
                   {{"attachments", "missing", "Pilih paling sedikit satu foto."}});
  }
  std::vector<lapor::UploadedFile> images;
  std::vector<lapor::UploadedFile> documents;
  for (const UploadedForm::File& file : form->files) {
    const NewFile row{file.kept.sha256, file.kept.bytes, std::string(file.kept.type.mime), file.file_name};
    const Result<std::int64_t> id = app.repository.add_upload(call.caller.id, row, app.now());
    if (!id.ok()) return refusal_of(id.error());
    auto& list = file.kept.type.kind == FileKind::kImage ? images : documents;
    list.push_back({std::to_string(*id), file.kept.sha256});
  }
  return json_response(200, lapor::write_uploaded(images, documents));
}

Result<StoredFile> visible_file(App& app, const Call& call) {
  const Error not_found{ErrorCode::kNotFound, "", "Berkas tidak ditemukan."};
  if (!is_lapor_id(call.ids[0])) return not_found;
  StoredFile file = TRY(app.repository.file(std::stoll(call.ids[0])));
  // A phone sees what it has sent itself; the owner of the report sees all of it; who follows it, its thread.
  if (file.caller_id == call.actor.caller_id) return file;
  if (file.tracking_id == 0) return not_found;
  const Result<StoredReport> report = visible_report(app, call.actor, std::to_string(file.tracking_id));
  if (!report.ok()) return report.error().code == ErrorCode::kNotFound ? not_found : report.error();
  if (call.actor.role == Role::kCitizen && !TRY(app.repository.is_of(*report, call.actor.caller_id)) &&
      !TRY(Claims(app.repository.sql()).is_in_thread(file.id))) {
    return not_found;
  }
  return file;
}

namespace {

// Where an officer's phone was and whose it is are not the reporter's business either.
Result<std::string> bytes_for_another(const FileStore& files, const StoredFile& file) {
  if (file.mime == "image/jpeg") return public_picture_of(files, file.sha256);
  std::string bytes = TRY(files.read(file.sha256));
  if (!file.mime.starts_with("image/")) return bytes;
  Result<std::string> bare = without_metadata(bytes);
  if (!bare.ok()) return Error{ErrorCode::kNotFound, "", "Tidak ada gambar untuk berkas ini."};
  return bare;
}

}  // namespace

Response get_file(App& app, Call& call) {
  const Result<StoredFile> file = visible_file(app, call);
  if (!file.ok()) return refusal_of(file.error());
  const bool is_anothers = call.actor.role == Role::kCitizen && file->caller_id != call.actor.caller_id;
  Result<std::string> bytes = is_anothers ? bytes_for_another(app.files, *file) : app.files.read(file->sha256);
  if (!bytes.ok()) return refusal_of(bytes.error());

  const std::optional<FileType> type = file_type_from_mime(file->mime);
  Response response;
  response.content_type = file->mime;
  response.body = std::make_shared<const std::string>(std::move(*bytes));
  // A phone is its owner's; an officer's browser is asked by the next one, and after what was here is erased.
  const bool is_officers = call.actor.kind == ActorKind::kOfficer;
  response.headers = {{"Cache-Control", is_officers ? "no-store" : "private, immutable, max-age=31536000"},
                      {"Content-Disposition",
                       "inline; filename=\"" + safe_file_name(file->file_name, type ? type->extension : "bin") + "\""}};
  return response;
}

}  // namespace titik::serve
