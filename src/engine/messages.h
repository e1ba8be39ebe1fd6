// The contract between the user interface and the engine: commands in, replies and events out.
//
// Each travels as one JSON text (codec in messages.cc, the only one). Every command is answered by
// exactly one Reply with the same `id`; a command that saves is answered when the data is durable,
// not before. Events tell what changed by itself or through a command; the interface keeps a read
// model made only of events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "report/report.h"
#include "report/validation.h"

namespace titik::engine {

// --- Commands ---------------------------------------------------------------------------------

// Sends every event of the present state. The first command of an interface.
struct Start {};

// Inserts or replaces the words and the place of a draft; its photos are left as they are.
// kConflict: the report is on its way or at the server and cannot be edited any more.
struct SaveDraft { report::Draft draft; };

// Adds a photo whose two blobs (JPEG and thumbnail) the host has already made durable.
// kTooLarge "photos": there are five already. kNotFound: save the draft first.
struct AddPhoto { std::string report_id; report::Photo photo; };
struct RemovePhoto { std::string report_id; std::string sha256; };

// Puts `photo`, whose two blobs the host has made durable, in the place of the photo `old_sha256`: the same
// picture with faces and plates covered, or (with the same hash) a position that came after the photo. One
// commit, so that a stop leaves the one or the other. Time, origin and position in the list stay, and so
// does the place, unless that of `photo` is better (geo::is_better_place). An old photo of another hash is
// deleted, unless the original is to be kept (report::Photo::original_sha256); one that was kept before goes
// when it is not. kNotFound: no such photo.
enum class Original { kDelete, kKeep };
struct ReplacePhoto { std::string report_id; std::string old_sha256; report::Photo photo; Original original = Original::kDelete; };

// Removes a draft, or a report that needs attention, with its photos. kConflict otherwise.
struct DeleteDraft { std::string report_id; };

// "Kirim laporan": queues the report, once; a second Submit of the same report changes nothing.
// kInvalidArgument: Reply::problems says which fields.
struct Submit { std::string report_id; };

// Of a report that the city has with other content (problems name its id): what is written here becomes a report of
// its own, with a new id, and is queued. ReportRemoved tells of the old id. kConflict: of any other report.
struct SendAsNew { std::string report_id; };

// "Kirim sekarang": tries what waits at once, whatever the back-off and the link say.
struct SendNow {};

// The citizen says that they have sent it by SMS as well (report/sms.h). Of a report that is not at the server yet,
// else nothing changes.
struct MarkSms { std::string report_id; };

// A hint that the network or the page came back: what is due is tried, and open reports are asked for.
enum class WakeReason { kOnline, kShown };
struct Wake { WakeReason reason = WakeReason::kShown; };

// Emits ReportChanged for it before its reply, asks the server for its state, and fetches evidence: of pictures
// the thumbnail, where there is one.
struct OpenReport { std::string report_id; };

// The citizen looks at a piece of evidence: all of it is fetched. ReportChanged brings its hash.
struct LoadEvidence { std::string report_id, path; };

// Asks the server for the public reports; PublicReportsChanged follows.
struct LoadPublicReports {};

struct Settings {
  int text_scale = 100;  // per cent: 100, 125, 150, 200
  std::string language;  // "id" or "en"; empty while the citizen has not chosen: the page's own follows the browser
  bool photos_wait = false;  // for Wi-Fi; else only while the phone saves data or the link is very slow
  friend bool operator==(const Settings&, const Settings&) = default;
};
struct SaveSettings { Settings settings; };

// Takes reports in that were carried here in a file (docs/storage-format.md, "Export"), all or none. The
// host has made their photos' blobs durable already. One of an id that is known: the newer by updated_at
// goes in its place, and what this phone had is kept as a draft of its own when it differs; what is on its
// way or at the server stays as it is. One that waited for a network waits here too. ReportsImported
// follows once all is durable.
// kInvalidArgument, kTooLarge: one of them breaks a rule; nothing was changed.
struct ImportReports { std::string reports; };  // JSON: read_carried_reports()

// "Mengerti": what StorageNotice told of a recovery has been read.
struct DismissNotice {};

// From the host, after a recovery: a stored photo, as far as its blobs tell. When nothing refers to it, it
// goes back to its report, or to a draft in its place. kConflict: the report cannot be edited.
struct AdoptPhoto {
  std::string report_id;
  report::Photo photo;
  UnixMillis at = 0;  // when it was stored
};

using CommandBody = std::variant<Start, SaveDraft, AddPhoto, RemovePhoto, DeleteDraft, Submit, SendNow,
                                 Wake, OpenReport, LoadPublicReports, SaveSettings, ImportReports, DismissNotice,
                                 AdoptPhoto, ReplacePhoto, MarkSms, SendAsNew, LoadEvidence>;
struct Command {
  std::int64_t id = 0;  // chosen by the interface, unique while the page lives
  CommandBody body;
};

// --- Replies and events -----------------------------------------------------------------------

struct Reply {
  std::int64_t id = 0;
  std::optional<Error> error;              // none: done
  std::vector<report::Problem> problems;   // for Submit
};

// What a row in a list needs.
struct ReportSummary {
  std::string id;
  report::PhoneState state = report::PhoneState::kDraft;
  std::string title;
  std::string category_id;
  std::string thumbnail_sha256;     // of the first photo; empty when there is none
  UnixMillis updated_at = 0;
  std::string tracking_id;          // from the receipt on
  std::string status_name;          // report::status_name, from the first answer on; else empty
  UnixMillis follow_up_due_at = 0;  // 0: no clock
  UnixMillis follow_up_stopped_at = 0;
  bool photos_on_way = false;       // received, and photos are still to follow
};
// All reports of this phone, newest first.
struct ReportsChanged { std::vector<ReportSummary> reports; };

struct Evidence {
  std::string sha256;     // empty until fetched
  std::string file_name;
  std::string extension;
  std::int64_t bytes = 0; // 0 when not told
  std::string path;       // for LoadEvidence
  std::string thumbnail_sha256;  // of a small picture of it; empty: none, or not fetched yet
};
// One line of Riwayat.
struct TimelineEntry {
  enum class Kind {
    kReceived,     // the city's server has it
    kStatus,       // the state changed
    kDisposition,  // handed to an agency
    kAnswer,       // words of the agency
    kAction,       // action with evidence
    kCitizen,      // the reporter's own follow-up
  };
  Kind kind = Kind::kStatus;
  UnixMillis at = 0;  // by the server's clock
  std::string who;    // agency; may be empty
  std::string text;
  std::vector<Evidence> evidence;
};
struct ReportDetail {
  report::Draft draft;  // all that was written, with photos
  report::PhoneState state = report::PhoneState::kDraft;
  UnixMillis submitted_at = 0;
  UnixMillis received_at = 0;
  std::string tracking_id;
  std::string status_name;
  std::string disposition_name;
  UnixMillis follow_up_due_at = 0;
  UnixMillis follow_up_stopped_at = 0;
  std::string problem;       // why it needs attention, or a photo of a received one was given up; else empty
  std::vector<report::Problem> problems;  // the same by field, where the server named fields
  int photos_sent = 0;       // while sending
  bool photos_on_way = false;  // received, and photos are still to follow
  UnixMillis sms_at = 0;     // also sent by SMS, as the citizen says; 0: no
  std::vector<TimelineEntry> timeline;  // newest first
  // The city's signed receipt: a JWS, to hand on; empty: there is none. What it says of the time, by the
  // server's clock, and of how many photos are there; 0 when it cannot be read.
  std::string receipt;
  report::ReceiptVerdict receipt_verdict = report::ReceiptVerdict::kUnchecked;
  UnixMillis receipt_at = 0;
  int receipt_photos = 0;
};
struct ReportChanged { ReportDetail report; };
struct ReportRemoved { std::string report_id; };

// The city profile in use, as its JSON text (report::parse_city_profile reads it).
struct ProfileChanged { std::string json; };

// What is on disk. `unsaved` is true from the first change until its commit is durable:
// "Tersimpan di ponsel" may be shown only when it is false.
struct SaveStateChanged {
  bool unsaved = false;
  std::uint64_t durable_commit = 0;
  UnixMillis saved_at = 0;   // phone's clock; 0: never
  // Why it is not on disk, else empty: "too_large" (the phone is full), "memory" (it never will be,
  // StorageNotice), or another error_code_name when the last write failed.
  std::string problem;
};

// What the outbox does as a whole.
struct SyncStateChanged {
  enum class Phase { kIdle, kWaitingForNetwork, kSending };  // photos that are held are kIdle
  Phase phase = Phase::kIdle;
  UnixMillis next_attempt_at = 0;  // phone's clock; 0: none planned
  bool photos_held = false;        // photos of received reports wait for a better link, or for SendNow
  std::int64_t sent_today = 0;     // bytes of requests' bodies, arrived or not, since midnight in the city
};

struct CountsChanged { report::Counts counts; };

struct PublicReportsChanged { std::vector<report::PublicReport> reports; };

struct StorageChanged {
  std::int64_t photo_bytes = 0;    // in our blobs: photos, thumbnails and evidence
  std::int64_t thumbnail_bytes = 0;  // of these
  std::int64_t evidence_bytes = 0;
  std::int64_t database_bytes = 0;
  int drafts = 0;
};

struct SettingsChanged { Settings settings; };

struct ReportsImported {
  int added = 0;
  int updated = 0;
  int known = 0;  // and stayed as they were
};

// What the citizen has to know of the database as it was found at the start.
struct StorageNotice {
  enum class Kind {
    kNone,
    kRecovered,  // it was damaged: set aside, and what could be read was taken over
    kNewer,      // of a newer version: can be read, and nothing can be changed or sent
    kMemory,     // the browser refuses to store: all ends with the page
  };
  Kind kind = Kind::kNone;
  int reports = 0;  // recovered
};

using Event = std::variant<Reply, ReportsChanged, ReportChanged, ReportRemoved, ProfileChanged, SaveStateChanged,
                           SyncStateChanged, CountsChanged, PublicReportsChanged, StorageChanged, SettingsChanged,
                           ReportsImported, StorageNotice>;

// One report of such a file: {"draft": …, "queued": true}.
struct CarriedReport {
  report::Draft draft;
  bool queued = false;  // its writer has said "Kirim"
};
// An array of them. Apart from the command, so that the interface does without it.
Result<std::vector<CarriedReport>> read_carried_reports(std::string_view json);

std::string write_command(const Command& command);
Result<Command> read_command(std::string_view json);
std::string write_event(const Event& event);
Result<Event> read_event(std::string_view json);

}  // namespace titik::engine
