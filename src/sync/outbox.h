// How a report gets from the phone to the server: a pure machine, state × event → actions, after the
// numbered steps of docs/sync-protocol.md.
//
//   Actions actions = handle(outbox, Event{.kind = Event::Kind::kDue}, now, random);
//   // save actions.changed, .device, .received, .refused durably; then send actions.send
//
// Nothing in here reads a clock, speaks to a network or rolls dice: `now` and `random` are arguments.
// The machine's memory is what the database holds (store::OutboxItem, the device), so that a machine
// rebuilt after a kill goes on where the old one was. Only one request is in flight at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "lapor/lapor.h"
#include "report/validation.h"
#include "store/repository.h"

namespace titik::sync {

using store::OutboxItem;
using store::OutboxPhoto;

enum class Step {
  kRegister,  // POST /titik/1/devices
  kAsk,       // GET /titik/1/reports/{uuid}: did the create arrive?
  kUpload,    // POST …/complaint/file, one photo
  kCreate,    // POST …/complaint
  kWay,       // OPTIONS /titik/1/uploads: do photos follow the words here?
  kBegin,     // POST /titik/1/uploads, one photo
  kOffset,    // HEAD of an upload: how much has come?
  kBytes,     // PATCH of an upload: the next piece
  kThumbnail, // POST /titik/1/reports/{uuid}/thumbnails/{sha256}: a small picture, ahead of the photo
};

// A request to make. `number` is unique while the machine lives.
struct Call {
  std::uint64_t number = 0;
  Step step = Step::kRegister;
  std::string report_id;  // empty for kRegister
  std::string sha256;     // of the photo: for kUpload, kBegin, kOffset, kBytes, kThumbnail
  bool photos_follow = false;  // for kCreate: words first
  std::int64_t from = 0, bytes = 0;  // for kBytes: this piece of the photo
  UnixMillis sent_at = 0;
};

// What came back for a call.
struct Answer {
  int status = 0;                // HTTP; 0: no answer (no network, time-out, cut off)
  std::string_view retry_after;  // the header; empty when there is none
  std::string_view body;
  std::string_view location;       // the headers Location, Tus-Extension, Upload-Offset
  std::string_view tus_extension;
  std::int64_t upload_offset = -1;  // -1: none
  bool photo_unreadable = false; // status 0, because the photo's blob is gone or damaged on the phone
};

// How photos go to this server: asked once in a life, and again when the network has changed.
enum class Way {
  kUnknown,
  kFilesFirst,  // LAPOR!'s own
  kWordsFirst,  // photos follow by tus
};

// How far the photo has come that was spoken of last.
struct Reached {
  std::string report_id, sha256;
  std::int64_t offset = 0;
  bool is_certain = false;  // false: something was sent since, and its answer never seen
};

constexpr std::int64_t kFirstPiece = 128 * 1024;

struct Outbox {
  std::string token;               // of the device; empty: none yet, or refused
  std::vector<OutboxItem> items;   // in order of submission
  std::optional<Call> in_flight;
  std::uint64_t last_number = 0;
  bool token_wanted = false;       // somebody else (the refresh) needs a token too
  int register_attempts = 0;
  UnixMillis register_not_before = 0;
  std::optional<UnixMillis> renewed_at;  // when a refused token was last given up
  Way way = Way::kUnknown;
  bool takes_thumbnails = false;         // this server does, as it said with its way
  std::optional<Reached> reached;
  std::int64_t piece = kFirstPiece;      // bytes; follows the link
  bool photos_wait = false;  // on this link photos of received reports wait: step 13
  bool photos_now = false;   // somebody has asked for them all the same, until all are there; not for another life
};

struct Event {
  enum class Kind {
    kDue,           // try what is due: after start, a timer, or when the line is free again
    kQueued,        // `item` was submitted
    kSendNow,       // "Kirim sekarang": nobody waits any longer
    kOnline,        // the network came back: nobody waits for it any longer
    kAnswered,      // `answer` came for call `number`
    kTokenRefused,  // another request was answered 401 with the token `token`
    kTokenWanted,   // another request needs a token
    kLink,          // the link is another, or the wish of the citizen: `photos_wait`
  };
  Kind kind = Kind::kDue;
  OutboxItem item;
  std::uint64_t number = 0;
  Answer answer;
  std::string_view token;
  bool photos_wait = false;
};

// `first`: nothing was known of it before; `whole`: no photo is to come, it leaves the outbox.
struct Received { std::string report_id; lapor::Receipt receipt; bool first = true; bool whole = true; };
struct Refused {
  std::string report_id;
  std::string message;  // for the citizen; may be empty
  std::vector<report::Problem> problems;
};

struct Actions {
  // To be made durable, in one transaction ...
  std::vector<OutboxItem> changed;
  std::optional<lapor::Device> device;  // with an empty token: forget it
  std::optional<Received> received;
  std::optional<Refused> refused;
  // ... before this is sent. It is then outbox.in_flight.
  std::optional<Call> send;
  // When to come back with kDue; 0: no need (something is in flight, or nothing waits).
  UnixMillis wake_at = 0;
};

// `line_free`: a call may be sent now; false while another kind of request is in flight.
enum class Line { kBusy, kFree };
Actions handle(Outbox& outbox, const Event& event, Line line, UnixMillis now, std::uint64_t random);

// Step 13: its words are received, and its photos wait for another link, or for somebody to ask.
bool is_held(const Outbox& outbox, const OutboxItem& item);

}  // namespace titik::sync
