// The LAPOR!-compatible wire format, used by the phone and by the server: what goes into a request
// and comes out of an answer, as plain structs. Source of every shape: docs/api.md ("the interface
// as observed in public clients"). Reading is lenient (members may be missing, nested otherwise, or
// of another JSON type); writing is exact.
//
// Nothing here does I/O. Every read_* function takes untrusted text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "report/city_profile.h"
#include "report/report.h"

namespace titik::lapor {

// Paths below the base ("/lapor/3.0.0").
inline constexpr std::string_view kInstitutionsPath = "/masters/institutions/external";
inline constexpr std::string_view kTemplatesPath = "/masters/templates";
inline constexpr std::string_view kFilePath = "/complaints/complaint/file";
inline constexpr std::string_view kCreatePath = "/complaints/complaint";
inline constexpr std::string_view kFollowUpAddPath = "/complaints/followup/add";
std::string detail_path(std::string_view complaint_id);                // /complaints/{id}/complaint
std::string follow_ups_path(std::string_view complaint_id, int page);  // /complaints/{id}/followups?page=N
std::string reject_path(std::string_view complaint_id);                // /complaints/process/{id}/reject

// Our extensions, below the server's root.
inline constexpr std::string_view kDevicesPath = "/titik/1/devices";
inline constexpr std::string_view kProfilePath = "/titik/1/profile";
inline constexpr std::string_view kCountsPath = "/titik/1/counts";
inline constexpr std::string_view kPublicReportsPath = "/titik/1/reports";
inline constexpr std::string_view kKeysPath = "/titik/1/keys";        // a JWK set, for signed receipts
inline constexpr std::string_view kUploadsPath = "/titik/1/uploads";  // tus 1.0.0
// In Tus-Extension: a create may name photos that follow, and uploads that name a report attach themselves.
inline constexpr std::string_view kPhotosFollowExtension = "titik-report";
// And: a small picture of each may come between words and photos.
inline constexpr std::string_view kThumbnailExtension = "titik-thumbnail";
std::string own_report_path(std::string_view report_id);  // /titik/1/reports/{uuid}
// /titik/1/reports/{uuid}/thumbnails/{sha256 of the photo}
std::string thumbnail_path(std::string_view report_id, std::string_view photo_sha256);

// Value of the `token` header: upper case, in braces.
std::string token_header(std::string_view channel_token);

// --- Errors -----------------------------------------------------------------------------------

struct FieldError {
  std::string field;
  std::string code;
  std::string message;  // in Indonesian, for the citizen
};
struct ErrorBody {
  std::string message;  // in Indonesian, for the citizen
  std::vector<FieldError> errors;
};
std::string write_error(const ErrorBody& body);
ErrorBody read_error(std::string_view json);  // never fails: an unreadable body gives an empty message

// --- Institutions, templates ------------------------------------------------------------------

struct Institution { std::string id, name; };
std::string write_institutions(const std::vector<Institution>& institutions);
Result<std::vector<Institution>> read_institutions(std::string_view json);

struct ReplyTemplate { std::string template_code, title, type, content; };
std::string write_templates(const std::vector<ReplyTemplate>& templates);
Result<std::vector<ReplyTemplate>> read_templates(std::string_view json);

// --- Files ------------------------------------------------------------------------------------

// The text around one file in a multipart/form-data body with the field `attachments[]`:
// body = head + file bytes + tail. The bytes themselves stay outside of this module.
struct MultipartFrame { std::string content_type, head, tail; };
MultipartFrame frame_file(std::string_view boundary, std::string_view field, std::string_view file_name,
                          std::string_view mime_type);

// Ids of what was uploaded, in the order sent. Ours adds the SHA-256 of what was stored.
struct UploadedFile { std::string id; std::string sha256; };
std::string write_uploaded(const std::vector<UploadedFile>& images, const std::vector<UploadedFile>& documents);
struct Uploaded { std::vector<UploadedFile> images, documents; };
Result<Uploaded> read_uploaded(std::string_view json);

// --- Create -----------------------------------------------------------------------------------

// The body of a create, as both sides see it.
struct CreateRequest {
  report::Draft draft;             // photos: what the `titik` member says of them
  std::string lapor_category_id;
  int channel = 0;
  std::string user_id;             // the device's user; used when no name or phone is given
  std::vector<std::string> attachments;  // ids from the file upload, in the order of draft.photos
  bool photos_follow = false;            // words first: draft.photos come later, each by its hash
  UnixMillis sms_at = 0;                 // the citizen has also sent it by SMS, by the phone's clock; 0: no
  int privacy_version = 0;               // of the privacy notice that they had seen (CityProfile); 0: none
  std::string disposition_id;            // read alone: the institution that a system names (is_disposisi_slider)
};
// `attachments` is written as a JSON array in a string ("[501,502]"). Ours, which other servers
// ignore, goes under "titik": report_id, category, landmark, accuracy_m, place_source, place_at,
// created_at, photos[{sha256, bytes, width, height, origin, taken_at, place}], photos_follow, sms_at,
// privacy_version. latitude and longitude are LAPOR!'s own (public web form). An anonymous draft is written without
// name and phone, whatever it holds.
std::string write_create(const CreateRequest& request);
// Reads what any client of the interface sends. `attachments` may be an array, an array in a string,
// a string with a trailing dot, false or null. A body without "titik" gives a draft with an empty id
// and the category looked up in the profile by its LAPOR! id; its place may also stand in origin_latitude and
// origin_longitude, as the public web form has it. Only the shape is checked here;
// report::validate() checks the content. kMalformed names the member in `where`.
Result<CreateRequest> read_create(std::string_view json, const report::CityProfile& profile);

// What the server states about a report it has taken in.
struct Receipt {
  std::string report_id;    // the Idempotency-Key; empty when the client sent none
  std::string tracking_id;  // 1–10 digits
  UnixMillis received_at = 0;
  UnixMillis follow_up_due_at = 0;       // 0: no clock
  std::vector<std::string> photo_sha256; // of every photo held, in order
  std::vector<std::string> pending_sha256;  // of every photo that is still to come, in order
  std::string jws;                          // the same, signed (signed_receipt.h); empty: not signed
  friend bool operator==(const Receipt&, const Receipt&) = default;
};
inline constexpr std::size_t kMaxSignedReceipt = 8 * 1024;  // longer ones are none
// The answer to a create, and to GET own_report_path(). Sends complaint_id in all three places that
// clients read, and the receipt under "titik".
std::string write_created(const Receipt& receipt);
// A server without our extension gives a receipt with the tracking id alone.
Result<Receipt> read_created(std::string_view json);

// --- Detail and thread ------------------------------------------------------------------------

struct LogEntry {
  std::string text;       // placeholders filled in
  UnixMillis at = 0;
  std::string status_new; // label; empty when the entry changes no status
  std::string institution; // who acted; may be empty
};
struct Detail {
  std::string status_code;
  std::string status_name;       // LAPOR!'s label
  std::string disposition_name;  // the agency that has it now
  std::string disposition_id;    // and its id as an institution; written alone
  std::vector<LogEntry> log;     // oldest first
  UnixMillis received_at = 0;          // ours; 0 when not told
  UnixMillis follow_up_due_at = 0;     // ours; 0: no clock
  UnixMillis follow_up_stopped_at = 0; // ours; 0: still running
  int photos_pending = 0;              // ours; photos of the report that are still to come
};
std::string write_detail(const Detail& detail, ZoneOffset zone);
Result<Detail> read_detail(std::string_view json, ZoneOffset zone);

// Whether a follow-up is more than words (domain.md, Clocks): only an action with evidence, or a reasoned refusal,
// stops the follow-up clock. The last three are the server's: they travel as an answer, and `titik.answer` says which.
enum class FollowUpKind { kCitizen, kAnswer, kAction, kDisposition, kAcknowledgement, kRefusal, kQuestion };
// "citizen", "answer", "action", "disposition", "acknowledgement", "refusal", "question"
std::string_view follow_up_kind_name(FollowUpKind kind);

struct Attachment {
  std::string path;       // absolute path or URL to GET with the usual headers
  std::string file_name;
  std::string extension;  // "jpg"
  std::string sha256;     // ours; empty when not told
  std::int64_t bytes = 0; // ours; 0 when not told
  std::string thumbnail;  // ours; as `path`, a small JPEG of it; empty: there is none
};
struct FollowUp {
  std::string id;
  FollowUpKind kind = FollowUpKind::kAnswer;
  std::string institution_from, institution_to;
  UnixMillis at = 0;
  std::string template_code;
  std::string content;
  std::vector<Attachment> attachments;
  bool is_secret = false;  // for the reporter alone; the server's own, not on the wire
};
struct FollowUpPage {
  std::vector<FollowUp> items;  // oldest first
  int page = 1;
  int last_page = 1;
};
// Written as a paginator under `results`; attachments as an object with keys "0", "1", … and "docs".
std::string write_follow_ups(const FollowUpPage& page, std::string_view path, ZoneOffset zone);
Result<FollowUpPage> read_follow_ups(std::string_view json, ZoneOffset zone);

// --- Our extensions ---------------------------------------------------------------------------

// What has changed of a phone's reports, in one answer. `detail` and `follow_ups` are whole, and written as
// the answers to the two questions above: a thread of several pages is asked for by them.
struct Change {
  std::string report_id;
  std::string tracking_id;
  Detail detail;
  FollowUpPage follow_ups;
};
struct Changes {
  std::string cursor;  // decimal; to ask with the next time
  bool more = false;   // ask again at once
  std::vector<Change> reports;
};
std::string changes_path(std::string_view since);  // /titik/1/reports/changes?since=N
std::string write_changes(const Changes& changes, ZoneOffset zone);
// One report that cannot be read is left out.
Result<Changes> read_changes(std::string_view json, ZoneOffset zone);

struct Device { std::string token, user_id; };
std::string write_device(const Device& device);
Result<Device> read_device(std::string_view json);

std::string write_counts(const report::Counts& counts);
Result<report::Counts> read_counts(std::string_view json);

std::string write_public_reports(const std::vector<report::PublicReport>& reports);
Result<std::vector<report::PublicReport>> read_public_reports(std::string_view json);

}  // namespace titik::lapor
