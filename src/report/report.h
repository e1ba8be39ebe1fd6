// A citizen's report, from the first photo to the agency's answer. Plain values; who may change
// them and when is settled by src/engine (phone) and serve/ (server).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "report/place.h"

namespace titik::report {

// LAPOR! classification_id (docs/api.md; domain.md, Kinds).
enum class Classification {
  kComplaint = 1,           // pengaduan: needs the date of the incident
  kInformationRequest = 2,  // permintaan informasi
  kAspiration = 3,          // aspirasi
};
std::optional<Classification> classification_from_number(std::int64_t number);

// Limits. Title and text: the web form of LAPOR! states none; ours keep a report readable and the
// request under the server's limit. Photos: five, as the product promises.
inline constexpr std::size_t kMaxTitle = 150;      // code points
inline constexpr std::size_t kMaxContent = 5000;   // code points
inline constexpr std::size_t kMaxLandmark = 200;   // code points
inline constexpr std::size_t kMaxName = 100;       // code points
inline constexpr std::size_t kMaxPhone = 20;       // characters
inline constexpr std::size_t kMaxPhotos = 5;
inline constexpr std::int64_t kMaxFileBytes = 10 * 1024 * 1024;

enum class PhotoOrigin { kCamera, kGallery };

struct Photo {
  std::string sha256;            // of the JPEG that is sent; 64 lower-case hex digits
  std::int64_t bytes = 0;        // its size
  int width = 0;                 // upright, pixels
  int height = 0;
  std::string thumbnail_sha256;  // of the thumbnail JPEG, kept on the phone only
  std::int64_t thumbnail_bytes = 0;
  PhotoOrigin origin = PhotoOrigin::kGallery;
  std::optional<UnixMillis> taken_at;  // the moment of capture by the phone's clock, or EXIF's when there is one
  std::optional<Place> place;          // where it was taken: fix at capture, or EXIF
  std::int64_t perceptual_hash = 0;    // the 64 bits of photo/perceptual_hash.h; 0: not known
  // Before faces and plates were covered; kept by the citizen's wish, on the phone alone, never sent.
  std::string original_sha256;
  std::int64_t original_bytes = 0;
  friend bool operator==(const Photo&, const Photo&) = default;
};

struct Draft {
  std::string id;  // UUIDv7, made on the phone; becomes the Idempotency-Key
  Classification classification = Classification::kComplaint;
  std::string category_id;    // Category::id; empty while not chosen
  std::string title;          // one line
  std::string content;        // may have line breaks
  std::string incident_date;  // "2026-11-21"; empty while not set, and for kinds that need none
  bool is_anonymous = false;  // the name is not published
  bool is_secret = false;     // the report is not public
  std::string reporter_name;   // optional
  std::string reporter_phone;  // optional
  std::optional<Place> place;
  std::string landmark;       // patokan, RT/RW: the place in words
  std::vector<Photo> photos;  // in the order shown; at most kMaxPhotos
  UnixMillis created_at = 0;  // phone's clock
  UnixMillis updated_at = 0;  // phone's clock
  friend bool operator==(const Draft&, const Draft&) = default;
};

// Where a report is on its way, as the phone knows it (domain.md, Statuses).
enum class PhoneState {
  kDraft,           // draf: being written
  kQueued,          // antre: waits for the network
  kSending,         // mengirim
  kReceived,        // diterima: the server's receipt is kept
  kNeedsAttention,  // perlu_perhatian: refused; the reason is shown, the report is editable
};
std::string_view phone_state_name(PhoneState state);  // "draf", "antre", ...
std::optional<PhoneState> phone_state_from_name(std::string_view name);

// States of the workflow at the server (domain.md, Statuses). Values are our own, stored and sent
// as names; LAPOR!'s own status codes are not public.
enum class Status {
  kUnverified,         // belum_terverifikasi
  kVerified,           // terverifikasi
  kInProcess,          // proses
  kAnsweredByCitizen,  // ditanggapi_pelapor
  kClosedByAdmin,      // ditutup_admin
  kClosedBySystem,     // ditutup_sistem
  kOnHold,             // tunda, with a reason
  kArchivedByAdmin,    // diarsipkan_admin
  kArchivedBySystem,   // diarsipkan_sistem
};
std::string_view status_name(Status status);   // "belum_terverifikasi", ...
std::string_view status_label(Status status);  // "Belum Terverifikasi", as LAPOR! writes it
std::optional<Status> status_from_name(std::string_view name);
// Reads LAPOR!'s label in any case and spacing; also "Belum Ditindaklanjuti" (→ kVerified).
std::optional<Status> status_from_label(std::string_view label);

// What the phone makes of the city's signature on a receipt. Stored and told as a number.
enum class ReceiptVerdict {
  kUnchecked,  // nobody could: no WebCrypto (plain http), or the city's keys are not known yet
  kValid,
  kInvalid,    // kept, and never a proof of anything
};
// Any other number is no verdict.
inline ReceiptVerdict receipt_verdict_from(std::int64_t number) {
  return number == 1 || number == 2 ? static_cast<ReceiptVerdict>(number) : ReceiptVerdict::kUnchecked;
}

// What a citizen sees first.
enum class StatusGroup { kNotYet, kInProcess, kDone };  // Belum, Proses, Selesai
StatusGroup status_group(Status status);

// The city's reports so far: masuk, proses, selesai.
struct Counts {
  std::int64_t received = 0;
  std::int64_t in_process = 0;
  std::int64_t done = 0;
};

// A report anybody may see: never a secret one, never an identity.
struct PublicReport {
  std::string tracking_id;
  std::string title;
  std::string category_id;
  std::string status_name;  // status_name()
  std::optional<GeoPoint> point;
  UnixMillis received_at = 0;
};

}  // namespace titik::report
