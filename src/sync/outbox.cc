#include "sync/outbox.h"

#include <algorithm>
#include <utility>

#include "base/id.h"
#include "sync/backoff.h"

// The numbers refer to docs/sync-protocol.md.

namespace titik::sync {
namespace {

constexpr int kMostUploadsLost = 3;
constexpr UnixMillis kRenewalPause = 15 * kMinute;
constexpr UnixMillis kPieceTime = 8 * kSecond;  // what a piece should take: little is lost, little is asked
constexpr std::int64_t kSmallestPiece = 64 * 1024;
constexpr std::int64_t kLargestPiece = 4 * 1024 * 1024;
constexpr std::size_t kLongestPath = 500;

OutboxItem* find_item(Outbox& outbox, std::string_view report_id) {
  for (OutboxItem& item : outbox.items) {
    if (item.report_id == report_id) return &item;
  }
  return nullptr;
}

void remove_item(Outbox& outbox, const std::string& report_id) {
  std::erase_if(outbox.items, [&](const OutboxItem& item) { return item.report_id == report_id; });
}

// "Waiting": the item steps back, the others go on.
void wait(OutboxItem& item, const Answer& answer, UnixMillis now, std::uint64_t random) {
  ++item.attempts;
  item.unanswered = answer.status == 0;
  const UnixMillis told = retry_after(answer.retry_after, now);
  item.told_to_wait = told > 0;
  item.not_before = now + (told > 0 ? told : backoff(item.attempts, random));
}

// The item may go on at once, but its failures stay counted: only what the server really took from us
// is progress. Else "ask, not there, create, failed" would repeat without ever slowing down.
void resume(OutboxItem& item) {
  item.not_before = 0;
  item.told_to_wait = false;
}

void progress(OutboxItem& item) {
  item.attempts = 0;
  resume(item);
}

void refuse(Outbox& outbox, OutboxItem& item, Refused refused, Actions& actions) {
  refused.report_id = item.report_id;
  // The upload ids stay: a report that is sent again does not upload its photos again.
  actions.refused = std::move(refused);
  remove_item(outbox, actions.refused->report_id);
}

std::vector<report::Problem> problems_of(const lapor::ErrorBody& body) {
  std::vector<report::Problem> problems;
  for (const lapor::FieldError& error : body.errors) {
    for (int field = 0; field <= static_cast<int>(report::Field::kPhotos); ++field) {
      if (report::field_name(static_cast<report::Field>(field)) != error.field) continue;
      report::Problem problem{static_cast<report::Field>(field), report::ProblemCode::kInvalid};
      for (int code = 0; code <= static_cast<int>(report::ProblemCode::kInFuture); ++code) {
        const auto known = static_cast<report::ProblemCode>(code);
        if (report::problem_code_name(known) == error.code) problem.code = known;
      }
      problems.push_back(problem);
    }
  }
  return problems;
}

bool names_attachments(const lapor::ErrorBody& body) {
  return std::any_of(body.errors.begin(), body.errors.end(),
                     [](const lapor::FieldError& error) { return error.field == "attachments"; });
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// "a,b, c" has `word`.
bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    std::string_view entry = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), entry.size() + 1));
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (entry == word) return true;
  }
  return false;
}

// The path alone of a Location: no request of ours goes to another server. Empty: it has none.
std::string path_of(std::string_view location) {
  if (const std::size_t scheme = location.find("://"); scheme != std::string_view::npos) {
    location.remove_prefix(std::min(location.size(), location.find('/', scheme + 3)));
  }
  const bool is_path = location.size() > 1 && location.size() <= kLongestPath && location[0] == '/' && location[1] != '/' && !location.ends_with('/');
  const bool is_plain = std::all_of(location.begin(), location.end(), [](char c) { return c > ' ' && c < 0x7F && c != '\\'; });
  return is_path && is_plain ? std::string(location) : std::string();
}

OutboxPhoto* find_photo(OutboxItem& item, std::string_view sha256) {
  for (OutboxPhoto& photo : item.photos) {
    if (photo.sha256 == sha256) return &photo;
  }
  return nullptr;
}

// "401": the token is given up and a new device registered; at most once in kRenewalPause, so that a
// server which refuses every token is not flooded with new devices.
void give_up_token(Outbox& outbox, UnixMillis now, Actions& actions) {
  const bool recently = outbox.renewed_at && now >= *outbox.renewed_at && now - *outbox.renewed_at < kRenewalPause;
  if (recently || outbox.token.empty()) return;
  outbox.renewed_at = now;
  outbox.token.clear();
  actions.device = lapor::Device{};
}

enum class Verdict { kDone, kWait, kTokenRefused, kGone, kRefused };

Verdict verdict_of(int status) {
  if (status >= 200 && status <= 299) return Verdict::kDone;
  if (status == 401) return Verdict::kTokenRefused;
  if (status == 408 || status == 423 || status == 425 || status == 429) return Verdict::kWait;
  if (status == 404 || status == 410) return Verdict::kGone;
  if (status >= 400 && status <= 499) return Verdict::kRefused;
  return Verdict::kWait;  // no answer, 5xx, and what no server should send
}

// --- Answers --------------------------------------------------------------------------------------

// Step 2.
void registered(Outbox& outbox, const Answer& answer, UnixMillis now, std::uint64_t random, Actions& actions) {
  if (verdict_of(answer.status) == Verdict::kDone) {
    Result<lapor::Device> device = lapor::read_device(answer.body);
    if (device.ok() && !device->token.empty()) {
      outbox.token = device->token;
      outbox.token_wanted = false;
      outbox.register_attempts = 0;
      outbox.register_not_before = 0;
      actions.device = std::move(device).value();
      return;
    }
  }
  // Whatever the server says, no report is to blame: try again later.
  ++outbox.register_attempts;
  const UnixMillis told = retry_after(answer.retry_after, now);
  outbox.register_not_before = now + (told > 0 ? told : backoff(outbox.register_attempts, random));
}

// Of a report whose words are at the server no refusal is final: what stands between may have said it, and
// nobody could send its photos again. It waits, ever longer, and the others go on.
void refuse_photos(Outbox& outbox, OutboxItem& item, std::string_view message, const Answer& answer, UnixMillis now,
                   std::uint64_t random, Actions& actions) {
  if (item.words_at_server) return wait(item, answer, now, random);
  refuse(outbox, item, {.message = std::string(message),
                        .problems = {{report::Field::kPhotos, report::ProblemCode::kInvalid}}}, actions);
}

// What was sent of a photo is lost. Pieces that the server takes count as progress; that they were taken in
// vain must still slow it down.
void begin_anew(OutboxItem& item, const Answer& answer, UnixMillis now, std::uint64_t random) {
  item.attempts = std::max(item.attempts, item.uploads_lost++);
  wait(item, answer, now, random);
}

// Steps 6 and 12: the receipt names the report and every photo, or it is none. Step 8: photos may follow.
void take_receipt(Outbox& outbox, OutboxItem& item, lapor::Receipt receipt, const Answer& answer, UnixMillis now,
                  std::uint64_t random, Actions& actions) {
  const auto every = [&](auto&& condition) { return std::all_of(item.photos.begin(), item.photos.end(), condition); };
  // A server without our extension names neither; its tracking id is all there is.
  if (receipt.report_id.empty() && receipt.photo_sha256.empty()) {
    if (!every([](const OutboxPhoto& photo) { return photo.is_whole(); })) return wait(item, answer, now, random);
    receipt.report_id = item.report_id;
    for (const OutboxPhoto& photo : item.photos) receipt.photo_sha256.push_back(photo.sha256);
  }
  const auto is_here = [&](const OutboxPhoto& photo) { return contains(receipt.photo_sha256, photo.sha256); };
  const auto is_named = [&](const OutboxPhoto& photo) {
    return is_here(photo) || contains(receipt.pending_sha256, photo.sha256);
  };
  if (receipt.report_id != item.report_id || !every(is_named)) {
    return refuse_photos(outbox, item, "Tanda terima dari server tidak menyebut laporan ini dengan semua fotonya.", answer, now, random, actions);
  }
  const bool first = !item.words_at_server;
  const bool whole = every(is_here);
  if (first || whole) actions.received = Received{item.report_id, std::move(receipt), first, whole};
  if (whole) return remove_item(outbox, actions.received->report_id);

  item.words_at_server = true;
  item.create_unanswered = false;
  bool lost = false;
  for (OutboxPhoto& photo : item.photos) {
    if (!photo.is_whole() || is_here(photo)) continue;
    photo.upload_id.clear();  // uploaded, and yet still waited for
    lost = true;
  }
  if (lost && !first) return begin_anew(item, answer, now, random);
  resume(item);
}

// Step 3.
void asked(Outbox& outbox, OutboxItem& item, const Answer& answer, UnixMillis now, std::uint64_t random,
           Actions& actions) {
  switch (verdict_of(answer.status)) {
    case Verdict::kDone: {
      Result<lapor::Receipt> receipt = lapor::read_created(answer.body);
      if (receipt.ok()) return take_receipt(outbox, item, std::move(receipt).value(), answer, now, random, actions);
      return wait(item, answer, now, random);
    }
    case Verdict::kGone:
    case Verdict::kRefused:
      if (item.words_at_server) {
        // Step 12. Not this device's any more, or lost: the words go again, under the same key.
        item.words_at_server = false;
        return wait(item, answer, now, random);
      }
      // The server does not have it, or does not answer this question: the Idempotency-Key of the
      // next create keeps it from becoming two.
      item.create_unanswered = false;
      return resume(item);
    case Verdict::kTokenRefused:
    case Verdict::kWait:
      return wait(item, answer, now, random);
  }
}

// Step 4.
void uploaded(Outbox& outbox, OutboxItem& item, const std::string& sha256, const Answer& answer, UnixMillis now,
              std::uint64_t random, Actions& actions) {
  const Verdict verdict = verdict_of(answer.status);
  if (verdict == Verdict::kRefused || verdict == Verdict::kGone) {
    const lapor::ErrorBody body = lapor::read_error(answer.body);
    return refuse_photos(outbox, item, body.message, answer, now, random, actions);
  }
  if (verdict != Verdict::kDone) return wait(item, answer, now, random);
  const Result<lapor::Uploaded> files = lapor::read_uploaded(answer.body);
  if (!files.ok() || files->images.size() != 1) return wait(item, answer, now, random);
  const lapor::UploadedFile& file = files->images[0];
  // Damaged on the way: what the server stored is not our photo.
  if (!file.sha256.empty() && file.sha256 != sha256) return wait(item, answer, now, random);
  for (OutboxPhoto& photo : item.photos) {
    if (photo.sha256 == sha256) photo.upload_id = file.id;
  }
  progress(item);
}

// --- Photos after the words -----------------------------------------------------------------------

// Step 7.
void way_told(Outbox& outbox, OutboxItem& item, const Answer& answer, UnixMillis now, std::uint64_t random) {
  const Verdict verdict = verdict_of(answer.status);
  if (verdict == Verdict::kWait || verdict == Verdict::kTokenRefused) return wait(item, answer, now, random);
  const bool words_first = verdict == Verdict::kDone && lists(answer.tus_extension, "creation") &&
                           lists(answer.tus_extension, lapor::kPhotosFollowExtension);
  outbox.way = words_first ? Way::kWordsFirst : Way::kFilesFirst;
  outbox.takes_thumbnails = words_first && lists(answer.tus_extension, lapor::kThumbnailExtension);
  resume(item);
}

// The server has this much of the photo.
void reach(Outbox& outbox, OutboxItem& item, OutboxPhoto& photo, std::int64_t offset) {
  outbox.reached = Reached{item.report_id, photo.sha256, offset, true};
  // An upload's last part is the id of the file that it becomes.
  if (offset == photo.bytes) photo.upload_id = photo.upload_id.substr(photo.upload_id.rfind('/') + 1);
}

// Pieces that take about kPieceTime each.
void fit_piece(Outbox& outbox, const Call& call, UnixMillis now) {
  const UnixMillis taken = std::max<UnixMillis>(now - call.sent_at, 1);
  const std::int64_t fitting = call.bytes * kPieceTime / taken;
  outbox.piece = std::clamp(std::min(fitting, outbox.piece * 4), kSmallestPiece, kLargestPiece);
}

// Steps 9 to 11: a photo was begun, its offset asked for, or a piece of it sent.
void photo_told(Outbox& outbox, OutboxItem& item, const Call& call, const Answer& answer, UnixMillis now,
                std::uint64_t random, Actions& actions) {
  OutboxPhoto* photo = find_photo(item, call.sha256);
  if (photo == nullptr) return;
  const std::optional<Reached> before = std::exchange(outbox.reached, std::nullopt);
  const bool same = before && before->report_id == item.report_id && before->sha256 == photo->sha256;
  const std::int64_t known = same ? before->offset : 0;
  const Verdict verdict = verdict_of(answer.status);
  if (verdict == Verdict::kDone) {
    if (call.step == Step::kBegin) photo->upload_id = path_of(answer.location);
    const std::int64_t offset = answer.upload_offset < 0 && call.step == Step::kBegin ? 0 : answer.upload_offset;
    const bool moves = call.step != Step::kBytes || offset > call.from;
    if (!photo->upload_id.empty() && offset >= 0 && offset <= photo->bytes && moves) {
      if (call.step == Step::kBytes) fit_piece(outbox, call, now);
      reach(outbox, item, *photo, offset);
      // What the server really took is progress; also what it took of a piece whose answer was lost.
      return offset > known && (same || call.step == Step::kBytes) ? progress(item) : resume(item);
    }
  }
  // Nobody knows what arrived, or the server knows better: it is asked before anything is sent (step 10).
  if (same) outbox.reached = Reached{item.report_id, photo->sha256, known, false};
  if (call.step == Step::kBegin) {
    if (verdict == Verdict::kGone || answer.status == 405) {  // no such door any more
      outbox.way = Way::kUnknown;
      return wait(item, answer, now, random);
    }
  } else if (answer.status == 403 || answer.status == 405 || answer.status == 501) {
    outbox.way = Way::kFilesFirst;  // networks that let nothing but GET and POST through
    return wait(item, answer, now, random);
  } else if (verdict == Verdict::kGone || answer.status == 460) {
    photo->upload_id.clear();  // forgotten, or other bytes than ours arrived: it is begun anew
    outbox.reached.reset();
    return begin_anew(item, answer, now, random);
  }
  if (verdict == Verdict::kRefused && answer.status != 409) {
    const lapor::ErrorBody body = lapor::read_error(answer.body);
    return refuse_photos(outbox, item, body.message, answer, now, random, actions);
  }
  if (call.step == Step::kBytes) outbox.piece = std::max(outbox.piece / 2, kSmallestPiece);
  wait(item, answer, now, random);
}

// Step 8a: the first photo from item.thumbnails on of which nothing was sent. Null: none, or nobody takes it.
const OutboxPhoto* next_thumbnail(const Outbox& outbox, const OutboxItem& item) {
  if (!item.words_at_server || item.create_unanswered || outbox.way != Way::kWordsFirst || !outbox.takes_thumbnails) return nullptr;
  for (auto i = static_cast<std::size_t>(item.thumbnails); i < item.photos.size(); ++i) {
    if (item.photos[i].upload_id.empty()) return &item.photos[i];
  }
  return nullptr;
}

// Each is tried once: whatever becomes of it, the photo follows.
void thumbnail_told(OutboxItem& item, const std::string& sha256, const Answer& answer, UnixMillis now, std::uint64_t random) {
  if (answer.status != 401) item.thumbnails = static_cast<int>(find_photo(item, sha256) - item.photos.data()) + 1;
  const Verdict verdict = verdict_of(answer.status);
  const bool network = verdict == Verdict::kWait && !answer.photo_unreadable;
  if (network || verdict == Verdict::kTokenRefused) return wait(item, answer, now, random);
  resume(item);
}

// Steps 5 and 8.
void created(Outbox& outbox, OutboxItem& item, const Answer& answer, UnixMillis now, std::uint64_t random,
             Actions& actions) {
  const Verdict verdict = verdict_of(answer.status);
  if (verdict == Verdict::kDone) {
    Result<lapor::Receipt> receipt = lapor::read_created(answer.body);
    if (receipt.ok()) return take_receipt(outbox, item, std::move(receipt).value(), answer, now, random, actions);
    return wait(item, answer, now, random);  // a 2xx nobody can read: ask
  }
  if (verdict == Verdict::kWait || verdict == Verdict::kTokenRefused) {
    // The server said itself that it did nothing; all other failures leave that open.
    if (answer.status == 401 || answer.status == 425 || answer.status == 429) item.create_unanswered = false;
    return wait(item, answer, now, random);
  }
  item.create_unanswered = false;
  const lapor::ErrorBody body = lapor::read_error(answer.body);
  const bool uploads_lost = (verdict == Verdict::kGone || names_attachments(body)) && answer.status != 409 &&
                            !item.photos.empty() && item.uploads_lost < kMostUploadsLost;
  if (uploads_lost) {
    ++item.uploads_lost;
    for (OutboxPhoto& photo : item.photos) photo.upload_id.clear();
    return wait(item, answer, now, random);
  }
  Refused refused{.message = body.message, .problems = problems_of(body)};
  // The city has this id with other content: nothing but another id would help.
  if (answer.status == 409) refused.problems = {{report::Field::kId, report::ProblemCode::kInvalid}};
  refuse(outbox, item, std::move(refused), actions);
}

// A report got through: those that only the network kept need not wait out their time. What they have failed
// stays counted, so that one which the network always ends comes after the others.
void network_is_back(Outbox& outbox, Actions& actions) {
  for (OutboxItem& item : outbox.items) {
    if (!item.unanswered || item.told_to_wait || item.not_before == 0) continue;
    resume(item);
    actions.changed.push_back(item);
  }
}

void answered(Outbox& outbox, const Event& event, UnixMillis now, std::uint64_t random, Actions& actions) {
  // Late and doubled answers belong to no call that still waits.
  if (!outbox.in_flight || outbox.in_flight->number != event.number) return;
  const Call call = *std::exchange(outbox.in_flight, std::nullopt);
  const Answer& answer = event.answer;
  if (call.step == Step::kRegister) return registered(outbox, answer, now, random, actions);

  OutboxItem* item = find_item(outbox, call.report_id);
  if (item == nullptr) return;
  if (answer.photo_unreadable && call.step != Step::kThumbnail) {
    return refuse(outbox, *item, {.message = "Salah satu foto di ponsel ini tidak dapat dibaca lagi.",
                                  .problems = {{report::Field::kPhotos, report::ProblemCode::kInvalid}}}, actions);
  }
  const OutboxItem before = *item;
  switch (call.step) {
    case Step::kRegister: break;
    case Step::kAsk: asked(outbox, *item, answer, now, random, actions); break;
    case Step::kUpload: uploaded(outbox, *item, call.sha256, answer, now, random, actions); break;
    case Step::kCreate: created(outbox, *item, answer, now, random, actions); break;
    case Step::kWay: way_told(outbox, *item, answer, now, random); break;
    case Step::kBegin:
    case Step::kOffset:
    case Step::kBytes: photo_told(outbox, *item, call, answer, now, random, actions); break;
    case Step::kThumbnail: thumbnail_told(*item, call.sha256, answer, now, random); break;
  }
  if (answer.status == 401) {
    give_up_token(outbox, now, actions);
    // With a new token on its way the report need not wait; without one it waits like any failure.
    if (outbox.token.empty() && (item = find_item(outbox, before.report_id))) resume(*item);
  } else if (answer.status >= 200 && answer.status <= 299) {
    outbox.renewed_at.reset();
  }
  item = find_item(outbox, before.report_id);
  if (item != nullptr && *item != before) actions.changed.push_back(*item);
  if (actions.received) network_is_back(outbox, actions);
}

// --- What next ------------------------------------------------------------------------------------

// Steps 9 to 11 for a photo that is not whole: the first that is not done.
Call next_photo_call(const Outbox& outbox, const OutboxItem& item, const OutboxPhoto& photo) {
  Call call{.step = Step::kBegin, .report_id = item.report_id, .sha256 = photo.sha256};
  if (photo.upload_id.empty()) return call;
  const std::optional<Reached>& reached = outbox.reached;
  const bool is_known = reached && reached->is_certain && reached->report_id == item.report_id && reached->sha256 == photo.sha256;
  call.step = is_known ? Step::kBytes : Step::kOffset;
  if (is_known) {
    call.from = reached->offset;
    call.bytes = std::min(outbox.piece, photo.bytes - reached->offset);
  }
  return call;
}

// For `item`: the first step that is not done. Steps 2 to 5, or 2, 3, 7 to 12.
Call next_call(const Outbox& outbox, const OutboxItem& item) {
  if (outbox.token.empty()) return {.step = Step::kRegister};
  if (item.create_unanswered) return {.step = Step::kAsk, .report_id = item.report_id};
  const auto missing = std::find_if(item.photos.begin(), item.photos.end(), [](const OutboxPhoto& one) { return !one.is_whole(); });
  if (!item.photos.empty() && outbox.way == Way::kUnknown) return {.step = Step::kWay, .report_id = item.report_id};
  if (item.words_at_server && outbox.way == Way::kWordsFirst) {
    if (missing == item.photos.end()) return {.step = Step::kAsk, .report_id = item.report_id};
    if (const OutboxPhoto* photo = next_thumbnail(outbox, item)) {
      return {.step = Step::kThumbnail, .report_id = item.report_id, .sha256 = photo->sha256};
    }
    return next_photo_call(outbox, item, *missing);
  }
  // A server to which photos cannot follow any more gets all of it once more, under the same key.
  const bool photos_follow = !item.photos.empty() && outbox.way == Way::kWordsFirst;
  if (missing != item.photos.end() && !photos_follow) {
    return {.step = Step::kUpload, .report_id = item.report_id, .sha256 = missing->sha256};
  }
  return {.step = Step::kCreate, .report_id = item.report_id, .photos_follow = photos_follow};
}

// Step 1: words come before thumbnails, and these before photos.
int rank(const Outbox& outbox, const OutboxItem& item) {
  if (!item.words_at_server) return 0;
  return next_thumbnail(outbox, item) != nullptr ? 1 : 2;
}

// Step 1: of the reports that are due those of the first rank; among these the one that has failed least, then the
// oldest.
OutboxItem* next_item(Outbox& outbox, UnixMillis now) {
  OutboxItem* best = nullptr;
  for (OutboxItem& item : outbox.items) {
    if (!is_due(item.not_before, now) || is_held(outbox, item)) continue;
    const int behind = best == nullptr ? 1 : rank(outbox, *best) - rank(outbox, item);
    const bool comes_first = behind != 0 ? behind > 0 : item.attempts < best->attempts;
    if (comes_first) best = &item;
  }
  return best;
}

bool any_held(const Outbox& outbox) {
  return std::any_of(outbox.items.begin(), outbox.items.end(), [&](const OutboxItem& item) { return is_held(outbox, item); });
}

void send(Outbox& outbox, Call call, Actions& actions) {
  call.number = ++outbox.last_number;
  outbox.in_flight = call;
  actions.send = std::move(call);
}

void choose(Outbox& outbox, Line line, UnixMillis now, Actions& actions) {
  if (outbox.in_flight) return;
  const bool can_register = is_due(outbox.register_not_before, now);
  OutboxItem* item = next_item(outbox, now);
  const bool needs_token = outbox.token.empty() && (item != nullptr || outbox.token_wanted);
  if (needs_token && can_register) {
    if (line == Line::kFree) send(outbox, {.step = Step::kRegister}, actions);
    return;
  }
  if (item != nullptr && !outbox.token.empty()) {
    if (line == Line::kBusy) return;
    Call call = next_call(outbox, *item);
    call.sent_at = now;
    if (call.step == Step::kCreate) {
      // From here on the server may have it, whatever we hear: that must survive a kill.
      item->create_unanswered = true;
      std::erase_if(actions.changed, [&](const OutboxItem& changed) { return changed.report_id == item->report_id; });
      actions.changed.push_back(*item);
    }
    return send(outbox, std::move(call), actions);
  }
  // Nothing to do now: when?
  const auto earlier = [&](UnixMillis at) {
    if (actions.wake_at == 0 || at < actions.wake_at) actions.wake_at = at;
  };
  if (needs_token) return earlier(outbox.register_not_before);
  for (const OutboxItem& waiting : outbox.items) {
    if (!is_held(outbox, waiting)) earlier(waiting.not_before);
  }
}

}  // namespace

bool is_held(const Outbox& outbox, const OutboxItem& item) {
  return item.words_at_server && outbox.photos_wait && !outbox.photos_now && next_thumbnail(outbox, item) == nullptr &&
         std::any_of(item.photos.begin(), item.photos.end(), [](const OutboxPhoto& photo) { return !photo.is_whole(); });
}

Actions handle(Outbox& outbox, const Event& event, Line line, UnixMillis now, std::uint64_t random) {
  Actions actions;
  switch (event.kind) {
    case Event::Kind::kDue: break;
    case Event::Kind::kQueued:
      if (find_item(outbox, event.item.report_id) == nullptr) outbox.items.push_back(event.item);
      break;
    case Event::Kind::kLink:
      outbox.photos_wait = event.photos_wait;
      break;
    case Event::Kind::kOnline:
    case Event::Kind::kSendNow:
      if (event.kind == Event::Kind::kSendNow && any_held(outbox)) outbox.photos_now = true;
      for (OutboxItem& item : outbox.items) {
        // A wait that the server asked for is only cut short by a person.
        if (item.not_before == 0 || (item.told_to_wait && event.kind == Event::Kind::kOnline)) continue;
        resume(item);
        if (item.unanswered) item.attempts = 0;  // no report's fault: they go in their order again
        actions.changed.push_back(item);
      }
      outbox.register_not_before = 0;
      // What said so may have been another network's door.
      if (outbox.way == Way::kFilesFirst) outbox.way = Way::kUnknown;
      break;
    case Event::Kind::kAnswered: answered(outbox, event, now, random, actions); break;
    case Event::Kind::kTokenWanted:
      if (outbox.token.empty()) outbox.token_wanted = true;
      break;
    case Event::Kind::kTokenRefused:
      if (event.token == outbox.token) give_up_token(outbox, now, actions);
      if (outbox.token.empty()) outbox.token_wanted = true;
      break;
  }
  outbox.photos_now = outbox.photos_now && std::any_of(outbox.items.begin(), outbox.items.end(), [](const OutboxItem& item) { return item.words_at_server; });
  choose(outbox, line, now, actions);
  return actions;
}

}  // namespace titik::sync
