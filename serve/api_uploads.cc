// Resumable uploads: tus 1.0.0 (https://tus.io/protocols/resumable-upload), with creation,
// creation-with-upload, checksum, termination and expiration. The id of a finished upload is an
// attachment's id like any other.
#include <charconv>
#include <limits>

#include "base/id.h"
#include "base/utf8.h"
#include "serve/crypto.h"
#include "serve/handlers.h"
#include "serve/housekeeping.h"
#include "serve/routes.h"
#include "serve/uploads.h"

namespace titik::serve {
namespace {

constexpr std::string_view kVersion = "1.0.0";
constexpr std::string_view kChunkType = "application/offset+octet-stream";
constexpr std::size_t kMaxMetadata = 2048;            // bytes
constexpr std::size_t kMaxFileName = 100;             // code points
constexpr int kMostUnfinished = 200;                  // of one phone: a booth's day, sent one after the other

Response tus(Response response) {
  response.headers.emplace_back("Tus-Resumable", std::string(kVersion));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}
Response tus_refusal(int status, std::string_view message) { return tus(refusal(status, message)); }

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.starts_with('-')) return std::nullopt;
  return value;
}

std::optional<Response> wrong_version(const Call& call) {
  if (call.request.header("Tus-Resumable") == kVersion) return std::nullopt;
  Response response = tus_refusal(412, "Versi tus tidak dikenal.");
  response.headers.emplace_back("Tus-Version", std::string(kVersion));
  return response;
}

// "key base64,key base64": the values that concern us. kMalformed.
struct Metadata {
  std::string file_name, sha256, report_id;
};
Result<Metadata> read_metadata(std::string_view text) {
  const Error malformed{ErrorCode::kMalformed, "Upload-Metadata", "not key and base64"};
  Metadata metadata;
  while (!text.empty()) {
    std::string_view entry = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), entry.size() + 1));
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    const std::string_view key = entry.substr(0, entry.find(' '));
    const std::optional<std::string> value = from_base64(entry.substr(std::min(entry.size(), key.size() + 1)));
    if (key.empty() || !value) return malformed;
    if (key == "filename") metadata.file_name = prefix_of(clean_text(*value, Lines::kOne), kMaxFileName);
    if (key == "sha256") metadata.sha256 = *value;
    if (key == "report") metadata.report_id = *value;
  }
  if (!metadata.sha256.empty() && !is_sha256(metadata.sha256)) return malformed;
  if (!metadata.report_id.empty() && (!is_uuid(metadata.report_id) || metadata.sha256.empty())) return malformed;
  return metadata;
}

// What the body must hash to, when it says so.
struct Checksum {
  Checksum(Digest::Algorithm algorithm, std::string bytes) : digest(algorithm), expected(std::move(bytes)) {}
  Digest digest;
  std::string expected;
};
Result<std::unique_ptr<Checksum>> read_checksum(const Request& request) {
  const std::string header = request.header("Upload-Checksum");
  if (header.empty()) return std::unique_ptr<Checksum>();
  const std::size_t space = header.find(' ');
  const std::optional<std::string> expected = from_base64(std::string_view(header).substr(std::min(header.size(), space + 1)));
  const std::string_view name = std::string_view(header).substr(0, space);
  if (space == std::string::npos || !expected || (name != "sha256" && name != "sha1")) {
    return Error{ErrorCode::kMalformed, "Upload-Checksum", "not sha256 or sha1 and base64"};
  }
  return std::make_unique<Checksum>(name == "sha1" ? Digest::Algorithm::kSha1 : Digest::Algorithm::kSha256, *expected);
}

// What is sent next goes by a connection of its own: when one that was used before breaks, browsers send the
// whole request again by themselves (Chromium, all versions), from an offset that is no longer the right one.
void end_connection(Response& response) { response.headers.emplace_back("Connection", "close"); }

void tell_state(Response& response, const Upload& upload, std::int64_t offset) {
  response.headers.emplace_back("Upload-Offset", std::to_string(offset));
  if (upload.file_id == 0) response.headers.emplace_back("Upload-Expires", http_date(upload.expires_at));
}

// All has arrived: a file like any other, and the report's that it was named for.
Result<Ok> finish(App& app, Upload& upload, PartialFiles::Turn& turn) {
  Result<KeptFile> kept = turn.keep(upload.sha256);
  if (!kept.ok() && kept.error().code == ErrorCode::kUnsupported) TRY(app.repository.remove_upload(upload.id));
  if (!kept.ok()) return std::move(kept).error();
  upload.report_id = TRY(read_metadata(upload.metadata)).report_id;
  upload.file_id = TRY(app.repository.finish_upload(
      upload, {kept->sha256, kept->bytes, std::string(kept->type.mime), upload.file_name}, Repository::Bytes::kJustKept, app.now()));
  return Ok{};
}

// Takes the body in at `from`. The answer, when it is not the usual one.
std::optional<Response> receive(App& app, const Call& call, Upload& upload, std::int64_t from, std::int64_t& offset) {
  PartialFiles::Turn turn = app.partial_files.take(upload.id);
  const Result<std::int64_t> size = upload.file_id != 0 ? Result<std::int64_t>(upload.length) : turn.size();
  if (!size.ok()) return tus(refusal_of(size.error()));
  offset = *size;
  if (from != offset) {
    Response response = tus_refusal(409, "Unggahan dilanjutkan dari tempat yang salah.");
    tell_state(response, upload, offset);
    return response;
  }
  const Error too_large{ErrorCode::kTooLarge, "", "Berkas lebih besar dari yang diberitahukan."};
  if (call.request.content_length.value_or(0) > upload.length - offset) return tus(refusal_of(too_large));
  Result<std::unique_ptr<Checksum>> checksum = read_checksum(call.request);
  if (!checksum.ok()) return tus(refusal_of(checksum.error()));

  std::optional<Error> error;
  const bool whole = call.request.read_body([&](std::string_view bytes) {
    if (static_cast<std::int64_t>(bytes.size()) > upload.length - offset) {
      error = too_large;
      return false;
    }
    if (*checksum) (*checksum)->digest.update(bytes);
    const Result<Ok> appended = turn.append(bytes);
    if (!appended.ok()) error = appended.error();
    else offset += static_cast<std::int64_t>(bytes.size());
    return !error.has_value();
  });
  // Part of a chunk counts when the whole file is checked in the end; else only a checked chunk does.
  const bool doubtful = *checksum && (!whole || error) && upload.sha256.empty();
  const bool wrong = *checksum && whole && !error && (*checksum)->digest.finish_bytes() != (*checksum)->expected;
  if (doubtful || wrong) {
    const Result<Ok> cut = turn.cut(from);
    if (!cut.ok()) return tus(refusal_of(cut.error()));
    offset = from;
  }
  if (error) return tus(refusal_of(*error));
  if (wrong) return tus_refusal(460, "Berkas rusak di jalan. Unggah lagi.");
  if (offset < upload.length || upload.file_id != 0) return std::nullopt;
  const Result<Ok> finished = finish(app, upload, turn);
  if (finished.ok()) return std::nullopt;
  if (finished.error().code == ErrorCode::kInvalidArgument) return tus_refusal(460, finished.error().message);
  return tus(refusal_of(finished.error()));
}

// What has come of it.
Result<std::int64_t> offset_of(App& app, Upload& upload) {
  if (upload.file_id != 0) return upload.length;
  // Whoever asks has given up the request before: it gets the turn, so that what is told stays true.
  PartialFiles::Turn turn = app.partial_files.take(upload.id);
  const std::int64_t offset = TRY(turn.size());
  if (offset < upload.length) return offset;
  // All is there, and the program was killed before it was made a file.
  Result<Ok> finished = finish(app, upload, turn);
  if (finished.ok()) return offset;
  if (finished.error().code == ErrorCode::kInvalidArgument) return std::int64_t{0};
  return std::move(finished).error();
}

// A photo of a report is begun once, however often a phone has to ask; and not at all when the same phone
// has sent the same bytes before. Answers what there is: with an id, or nothing yet.
Result<std::optional<Upload>> resumed(App& app, const Upload& upload) {
  if (upload.report_id.empty()) return std::optional<Upload>();
  std::optional<Upload> same = TRY(app.repository.same_upload(upload, app.now()));
  if (same && same->file_id == 0) return same;
  const std::optional<NewFile> known = TRY(app.repository.known_file(upload.caller_id, upload.sha256));
  if (same) {
    // All there, and asked for again: the report may have become this phone's since.
    if (known) same->file_id = TRY(app.repository.finish_upload(*same, *known, Repository::Bytes::kFromBefore, app.now()));
    return same;
  }
  if (!known || known->bytes != upload.length) return std::optional<Upload>();
  Upload complete = upload;
  complete.id = TRY(app.repository.begin_upload(upload, kMostUnfinished));
  const Result<std::int64_t> finished = app.repository.finish_upload(complete, *known, Repository::Bytes::kFromBefore, app.now());
  if (!finished.ok() && finished.error().code != ErrorCode::kNotFound) return finished.error();
  complete.file_id = finished.ok() ? *finished : 0;  // swept at this moment: the bytes are asked for after all
  return std::optional(std::move(complete));
}

// The caller's own, not yet expired.
Result<Upload> own_upload(App& app, const Call& call) {
  const Error not_found{ErrorCode::kNotFound, "", "Unggahan ini tidak ada, atau sudah kedaluwarsa. Mulai lagi."};
  const std::optional<std::int64_t> id = number(call.ids[0]);
  if (!id) return not_found;
  const std::optional<Upload> upload = TRY(app.repository.upload(*id));
  if (!upload || upload->caller_id != call.caller.id || upload->expires_at < app.now()) return not_found;
  return *upload;
}

}  // namespace

Response describe_uploads(App&, Call&) {
  Response response = tus({.status = 204, .body = nullptr, .headers = {}});
  for (const auto& [name, value] : {std::pair{"Tus-Version", std::string(kVersion)},
                                    {"Tus-Extension", std::string("creation,creation-with-upload,checksum,termination,expiration,") +
                                         std::string(lapor::kPhotosFollowExtension) + "," + std::string(lapor::kThumbnailExtension)},
                                    {"Tus-Checksum-Algorithm", std::string("sha256,sha1")},
                                    {"Tus-Max-Size", std::to_string(report::kMaxFileBytes)}}) {
    response.headers.emplace_back(name, value);
  }
  return response;
}

Response post_upload(App& app, Call& call) {
  if (auto refused = wrong_version(call)) return *std::move(refused);
  const Request& request = call.request;
  const std::optional<std::int64_t> length = number(request.header("Upload-Length"));
  if (!length) return tus_refusal(400, "Kepala permintaan Upload-Length tidak ada atau bukan angka.");
  if (*length > report::kMaxFileBytes) return tus_refusal(413, "Berkas terlalu besar: paling besar 10 MB per berkas.");
  if (*length == 0) return tus_refusal(422, "Berkas kosong. Pilih foto lain.");
  const std::string text = request.header("Upload-Metadata");
  if (text.size() > kMaxMetadata) return tus_refusal(413, "Upload-Metadata terlalu panjang.");
  const Result<Metadata> metadata = read_metadata(text);
  if (!metadata.ok()) return tus(refusal_of(metadata.error()));
  if (const auto removed = remove_expired_uploads(app.repository, app.partial_files, app.now()); !removed.ok()) {
    return tus(refusal_of(removed.error()));
  }

  Upload upload{.caller_id = call.caller.id, .length = *length, .metadata = text, .sha256 = metadata->sha256,
                .file_name = metadata->file_name, .expires_at = app.now() + kUploadLifetime, .report_id = metadata->report_id};
  const bool with_bytes = request.header("Content-Type") == kChunkType;
  const auto failed = [&](const Error& error) {
    return error.code == ErrorCode::kConflict ? tus_refusal(429, error.message) : tus(refusal_of(error));
  };
  std::int64_t offset = 0;
  Result<std::optional<Upload>> found = with_bytes ? std::optional<Upload>() : resumed(app, upload);
  if (!found.ok()) return failed(found.error());
  if (*found) {
    upload = **std::move(found);
    const Result<std::int64_t> known = offset_of(app, upload);
    if (!known.ok()) return tus(refusal_of(known.error()));
    offset = *known;
  } else {
    const Result<std::int64_t> id = app.repository.begin_upload(upload, kMostUnfinished);
    if (!id.ok()) return failed(id.error());
    upload.id = *id;
  }
  if (with_bytes) {
    // What does not fit to its own first bytes is no upload.
    if (auto refused = receive(app, call, upload, 0, offset)) return *std::move(refused);
  }
  Response response = tus({.status = 201, .body = nullptr, .headers = {}});
  response.headers.emplace_back("Location", "/titik/1/uploads/" + std::to_string(upload.id));
  tell_state(response, upload, offset);
  end_connection(response);
  return response;
}

Response head_upload(App& app, Call& call) {
  if (auto refused = wrong_version(call)) return *std::move(refused);
  Result<Upload> upload = own_upload(app, call);
  if (!upload.ok()) return tus(refusal_of(upload.error()));
  const Result<std::int64_t> offset = offset_of(app, *upload);
  if (!offset.ok()) return tus(refusal_of(offset.error()));
  Response response = tus({.status = 200, .body = nullptr, .headers = {}});
  tell_state(response, *upload, *offset);
  end_connection(response);
  response.headers.emplace_back("Upload-Length", std::to_string(upload->length));
  if (!upload->metadata.empty()) response.headers.emplace_back("Upload-Metadata", upload->metadata);
  return response;
}

Response patch_upload(App& app, Call& call) {
  if (auto refused = wrong_version(call)) return *std::move(refused);
  if (call.request.header("Content-Type") != kChunkType) {
    return tus_refusal(415, "Kirim potongan berkas sebagai application/offset+octet-stream.");
  }
  const std::optional<std::int64_t> from = number(call.request.header("Upload-Offset"));
  if (!from) return tus_refusal(400, "Kepala permintaan Upload-Offset tidak ada atau bukan angka.");
  Result<Upload> upload = own_upload(app, call);
  if (!upload.ok()) return tus(refusal_of(upload.error()));
  std::int64_t offset = 0;
  if (auto refused = receive(app, call, *upload, *from, offset)) return *std::move(refused);
  Response response = tus({.status = 204, .body = nullptr, .headers = {}});
  tell_state(response, *upload, offset);
  return response;
}

Response delete_upload(App& app, Call& call) {
  if (auto refused = wrong_version(call)) return *std::move(refused);
  const Result<Upload> upload = own_upload(app, call);
  if (!upload.ok()) return tus(refusal_of(upload.error()));
  Result<Ok> removed = app.repository.remove_upload(upload->id);
  if (removed.ok()) removed = app.partial_files.take(upload->id).remove();
  if (!removed.ok()) return tus(refusal_of(removed.error()));
  return tus({.status = 204, .body = nullptr, .headers = {}});
}

}  // namespace titik::serve
