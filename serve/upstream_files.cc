// Photos and documents, both ways.
#include "base/utf8.h"
#include "photo/photo.h"
#include "serve/pictures.h"
#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

constexpr std::size_t kMostFiles = 10;  // of one follow-up
constexpr int kTriesOfAFile = 5;
constexpr int kTooManyRequests = 429;
constexpr int kUnavailable = 503;
constexpr std::size_t kMostBytesThere = 2'000'000;  // they say 2 MB

// The words go without a file that is not there any more: one must not stop all others.
bool is_lost(const Error& error) { return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kCorrupt; }

photo::Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

// Smaller until they take it. One of too many pixels stays as it is.
std::string reduced(std::string picture) {
  const Result<photo::Inspection> facts = photo::inspect(bytes_of(picture));
  if (!facts.ok() || !is_small_enough(*facts)) return picture;
  const std::lock_guard<std::mutex> lock(picture_decoder());
  for (int edge = photo::kLongEdge; picture.size() > kMostBytesThere && edge >= photo::kThumbnailEdge; edge /= 2) {
    const Result<photo::Pixels> pixels = photo::decode(bytes_of(picture), edge);
    if (!pixels.ok()) return picture;
    const Result<std::vector<std::uint8_t>> jpeg = photo::encode_jpeg(*pixels);
    if (!jpeg.ok()) return picture;
    picture.assign(jpeg->begin(), jpeg->end());
  }
  return picture;
}

}  // namespace

// What a camera writes into a picture (where, when, whose) leaves with nobody's, least of all with an anonymous one's. Nor
// does the name that the phone gave it.
Result<std::optional<UpstreamPart>> UpstreamLink::file_part(std::int64_t tracking_id, const std::string& sha256, const std::string& mime, std::size_t number) {
  using Part = std::optional<UpstreamPart>;
  const auto left_out = [&](const std::string& why) {
    log_("upstream: a file of report " + std::to_string(tracking_id) + " " + why);
    return Part();
  };
  Result<std::string> bytes = files_.read(sha256);
  if (!bytes.ok() && is_lost(bytes.error())) return left_out("is missing or damaged here");
  if (!bytes.ok()) return bytes.error();
  const std::string name = "lampiran-" + std::to_string(number) + ".";
  const auto type = file_type_from_mime(mime);
  if (type && type->kind == FileKind::kDocument) return Part({"", name + std::string(type->extension), mime, *std::move(bytes)});
  Result<std::string> picture = picture_for_everybody(*bytes);
  if (!picture.ok()) return left_out("stays here: it cannot be freed of what the camera wrote into it (" + picture.error().where + ")");
  if (picture->size() > kMostBytesThere) picture = reduced(*std::move(picture));
  return Part({"", name + "jpg", "image/jpeg", *std::move(picture)});
}

Result<std::optional<std::vector<std::string>>> UpstreamLink::send_files(const UpstreamItem& item) {
  std::vector<std::string> ids;
  for (const StoredFile& file : TRY(repository_.files_of_report(item.tracking_id))) {
    std::optional<std::string> there = TRY(store_.file_there(file.id));
    if (!there) {
      std::optional<UpstreamPart> part = TRY(file_part(item.tracking_id, file.sha256, file.mime, ids.size() + 1));
      if (!part) {
        TRY(store_.set_file_there(file.id, ""));
        continue;
      }
      part->name = "attachments[]";
      const UpstreamAnswer answer = heard(client_.post_parts(std::string(lapor::kFilePath), {*std::move(part)}));
      const Result<lapor::Uploaded> uploaded = lapor::read_uploaded(answer.body);
      if (answer.outcome == UpstreamOutcome::kDone && uploaded.ok() && uploaded->images.size() + uploaded->documents.size() == 1) {
        there = uploaded->images.empty() ? uploaded->documents[0].id : uploaded->images[0].id;
      } else if (answer.outcome == UpstreamOutcome::kRefused) {
        there = "";  // too large for them: the words go without it
        log_("upstream: a file of report " + std::to_string(item.tracking_id) + " was refused: HTTP " + std::to_string(answer.status));
      } else {
        // To upload it twice does no harm. One that always fails must not keep the words back for ever, but an hour in
        // which nothing goes there should cost no photo.
        const std::string name_of_upload = "upload/" + std::to_string(file.id);
        const bool counts = answer.status != 0 && answer.status != kTooManyRequests && answer.status != kUnavailable &&
                            answer.outcome != UpstreamOutcome::kNoAccess;
        const int tries = counts ? TRY(store_.count_try(name_of_upload)) : 0;
        if (tries < kTriesOfAFile) {
          constexpr int kSomeMinutes = 6;
          const int step = answer.status == kUnavailable ? kSomeMinutes : counts ? 4 * tries : item.attempts;
          const UnixMillis pause = std::max(answer.retry_after, upstream_wait(step));
          TRY(store_.item_waits(item, now_() + pause, answer.reason(), false));
          return std::optional<std::vector<std::string>>();
        }
        there = "";
        log_("upstream: a file of report " + std::to_string(item.tracking_id) + " was not taken in " + std::to_string(tries) +
             " tries: " + answer.brief());
      }
      TRY(store_.forget_tries("upload/" + std::to_string(file.id)));
      TRY(store_.set_file_there(file.id, *there));
      // Photos may outlast the lease. Who has lost it leaves the item to the other, with what has arrived so far.
      if (!TRY(may_work())) return std::optional<std::vector<std::string>>();
    }
    if (!there->empty()) ids.push_back(*there);
  }
  return std::optional(std::move(ids));
}

Result<std::optional<std::vector<NewFile>>> UpstreamLink::fetch_files(const std::vector<lapor::Attachment>& attachments) {
  std::vector<NewFile> files;
  for (const lapor::Attachment& attachment : attachments) {
    if (files.size() == kMostFiles) break;
    const std::optional<UpstreamAnswer> answer = client_.fetch(attachment.path);
    if (!answer) continue;  // a host that nobody named
    const bool is_unclear = answer->outcome == UpstreamOutcome::kNotDone || answer->outcome == UpstreamOutcome::kUnknown;
    const bool may_come = is_unclear && !answer->too_long;
    // One that always fails must not keep the words back for ever. A connection to SP4N-LAPOR! itself that fails says
    // nothing about the file.
    const bool has_failed = answer->status != 0 || answer->is_elsewhere || answer->too_slow;
    const bool counts = has_failed && answer->status != kTooManyRequests;
    if (may_come && !(counts && TRY(store_.count_try(attachment.path)) >= kTriesOfAFile)) {
      if (!answer->is_elsewhere) (void)heard(*answer);
      return std::optional<std::vector<NewFile>>();
    }
    TRY(store_.forget_tries(attachment.path));
    if (answer->outcome != UpstreamOutcome::kDone) {
      log_("upstream: a file there could not be had: " + answer->brief());
      continue;
    }
    IncomingFile incoming = TRY(files_.receive());
    Result<Ok> written = incoming.write(answer->body);
    if (!written.ok() && written.error().code == ErrorCode::kStorage) return written.error();
    if (!written.ok()) continue;
    const Result<KeptFile> kept = incoming.keep();
    if (!kept.ok() && kept.error().code == ErrorCode::kStorage) return kept.error();
    if (!kept.ok()) continue;  // neither a photo nor a document
    files.push_back({kept->sha256, kept->bytes, std::string(kept->type.mime),
                     std::string(prefix_of(clean_text(attachment.file_name, Lines::kOne), 100))});
  }
  return std::optional(std::move(files));
}

}  // namespace titik::serve
