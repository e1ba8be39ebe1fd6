// What is told SP4N-LAPOR!, out of the outbox.
//
// Exactly once, against a server without idempotency keys (docs/upstream.md): before a request leaves, the item is
// `sending`, durably, and only one process can make it so. Whatever was not heard to its end is looked for, by its mark,
// before it is sent again. A follow-up can always be looked for, in its thread. A report can where a list is configured;
// else a person decides.
#include <algorithm>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

constexpr int kItemsOfARound = 50;
constexpr int kListPagesToLook = 20;
// So long a request that was not heard may still be at work there.
constexpr UnixMillis kSettleTime = 2 * kMinute;
constexpr UnixMillis kPhotosAsked = 5 * kMinute;
constexpr int kTriesOfAFile = 5;
constexpr int kTooManyRequests = 429;
constexpr int kUnavailable = 503;

// The words go without a file that is not there any more: one must not stop all others.
bool is_lost(const Error& error) { return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kCorrupt; }
constexpr int kWholeThread = 100'000;

}  // namespace

Result<Ok> UpstreamLink::send_due() {
  for (int count = 0; count < kItemsOfARound; ++count) {
    if (!TRY(may_work())) return Ok{};
    std::optional<UpstreamItem> item = TRY(store_.next_item(now_()));
    if (!item) return Ok{};
    TRY(send(*item));
  }
  return Ok{};
}

Result<Ok> UpstreamLink::send(UpstreamItem& item) {
  if (item.kind == UpstreamKind::kCreate) return send_create(item);
  const std::optional<UpstreamReport> report = TRY(store_.report(item.tracking_id));
  if (!report || report->upstream_id.empty()) {
    return store_.item_rests(item, "refused", "laporan ini belum ada di SP4N-LAPOR!");
  }
  switch (item.kind) {
    case UpstreamKind::kCreate: break;
    case UpstreamKind::kFollowUp: return send_follow_up(item, *report);
    case UpstreamKind::kState: return send_state(item, *report);
    case UpstreamKind::kHandOn: return send_hand_on(item, *report);
  }
  return Ok{};
}

Result<Ok> UpstreamLink::wait(const UpstreamItem& item, const UpstreamAnswer& answer, bool in_doubt) {
  const UnixMillis pause = std::max(answer.retry_after, upstream_wait(item.attempts));
  return store_.item_waits(item, now_() + pause, answer.reason(), in_doubt);
}

Result<bool> UpstreamLink::settle(const UpstreamItem& item, const UpstreamAnswer& answer) {
  switch (answer.outcome) {
    case UpstreamOutcome::kDone: return true;
    case UpstreamOutcome::kNotDone:
    case UpstreamOutcome::kNoAccess: TRY(wait(item, answer, false)); break;
    case UpstreamOutcome::kUnknown: TRY(wait(item, answer, true)); break;
    case UpstreamOutcome::kRefused:
      log_("upstream: " + std::string(upstream_kind_name(item.kind)) + " of report " + std::to_string(item.tracking_id) + " refused: HTTP " +
           std::to_string(answer.status));
      TRY(store_.item_rests(item, "refused", answer.reason()));
      break;
  }
  return false;
}

// Not where it would be, if it had arrived: surely not there once the request cannot be at work any more.
Result<UpstreamLink::Found> UpstreamLink::not_found(const UpstreamItem& item) {
  const UnixMillis settled = item.sent_at + kSettleTime;
  if (now_() >= settled) return Found::kNot;
  TRY(store_.item_waits(item, settled, item.last_error, true));
  return Found::kLater;
}

// --- Reports --------------------------------------------------------------------------------------

Result<UpstreamLink::Found> UpstreamLink::ask_about(const UpstreamItem& item) {
  TRY(store_.item_rests(item, "asks", "tidak diketahui apakah laporan sudah sampai; periksa di SP4N-LAPOR!"));
  log_("upstream: nobody but a person can tell whether report " + std::to_string(item.tracking_id) + " arrived");
  return Found::kLater;
}

Result<UpstreamLink::Found> UpstreamLink::look_for_report(const UpstreamItem& item) {
  if (config_.list_path.empty()) return ask_about(item);
  const UnixMillis received_at = TRY(repository_.report(item.tracking_id)).received_at;
  bool is_whole = false;  // whatever came since the report was looked at
  for (int page = 1; page <= kListPagesToLook && !is_whole; ++page) {
    if (!TRY(may_work())) return Found::kLater;
    const UpstreamAnswer answer = heard(client_.get(upstream_list_page(config_.list_path, page)));
    const Result<UpstreamList> list = read_upstream_list(answer.body, profile_.zone);
    if (answer.outcome != UpstreamOutcome::kDone || !list.ok()) {
      TRY(wait(item, answer, true));
      return Found::kLater;
    }
    for (const UpstreamComplaint& complaint : list->items) {
      if (read_upstream_mark(complaint.content, profile_.id) != UpstreamMark{item.tracking_id}) continue;
      if (is_older_than_its_report(complaint.at, received_at)) continue;
      TRY(store_.set_upstream_id(item.tracking_id, complaint.id, now_(), now_()));
      return Found::kThere;
    }
    const auto is_older = [&](const UpstreamComplaint& one) { return is_older_than_its_report(one.at, received_at); };
    is_whole = !list->more || (!list->items.empty() && std::all_of(list->items.begin(), list->items.end(), is_older));
  }
  const Found found = TRY(not_found(item));
  // The list has what is disposed to the city, or to nobody: of a vertical body's report it tells nothing.
  const bool would_be_listed = desk_->is_ours(config_.institution_of(profile_, item.word));
  return found == Found::kNot && !(is_whole && would_be_listed) ? ask_about(item) : Result<Found>(found);
}

Result<std::optional<std::vector<std::string>>> UpstreamLink::send_files(const UpstreamItem& item) {
  std::vector<std::string> ids;
  for (const StoredFile& file : TRY(repository_.files_of_report(item.tracking_id))) {
    std::optional<std::string> there = TRY(store_.file_there(file.id));
    if (!there) {
      const Result<std::string> bytes = files_.read(file.sha256);
      if (!bytes.ok() && is_lost(bytes.error())) {
        log_("upstream: a file of report " + std::to_string(item.tracking_id) + " is missing or damaged here");
        continue;
      }
      if (!bytes.ok()) return bytes.error();
      const auto type = file_type_from_mime(file.mime);
      // Not the name that the citizen's phone gave it: it may be theirs.
      const std::string name = "lampiran-" + std::to_string(ids.size() + 1) + "." + std::string(type ? type->extension : "bin");
      const UpstreamAnswer answer = heard(client_.post_parts(std::string(lapor::kFilePath), {{"attachments[]", name, file.mime, *bytes}}));
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
             " tries: " + answer.reason());
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

Result<Ok> UpstreamLink::send_create(UpstreamItem& item) {
  if (item.in_doubt && TRY(look_for_report(item)) != Found::kNot) return Ok{};
  const StoredReport stored = TRY(repository_.report(item.tracking_id));
  const UnixMillis photos_until = stored.received_at + config_.photos_wait;
  if (now_() < photos_until && TRY(repository_.photos_pending(item.tracking_id)) > 0) {
    return store_.item_waits(item, std::min(photos_until, now_() + kPhotosAsked), "", false);
  }
  const lapor::CreateRequest request = TRY(lapor::read_create(stored.request, profile_));
  std::optional<std::vector<std::string>> files = TRY(send_files(item));
  if (!files) return Ok{};
  const std::string body = write_upstream_create({request, item.tracking_id, item.word, std::move(*files)}, profile_, config_);
  if (!TRY(store_.item_leaves(item, now_()))) return Ok{};
  UpstreamAnswer answer = heard(client_.post_json(std::string(lapor::kCreatePath), body));
  const Result<lapor::Receipt> receipt = lapor::read_created(answer.body);
  if (answer.outcome == UpstreamOutcome::kDone && !receipt.ok()) answer.outcome = UpstreamOutcome::kUnknown;
  if (!TRY(settle(item, answer))) return Ok{};
  if (!TRY(store_.set_upstream_id(item.tracking_id, receipt->tracking_id, now_() + config_.poll_first, now_()))) {
    log_("upstream: report " + std::to_string(item.tracking_id) + " was erased here while it was sent; there it is " + receipt->tracking_id);
  }
  return Ok{};
}

// --- What follows a report ------------------------------------------------------------------------

Result<UpstreamLink::Found> UpstreamLink::look_for_follow_up(const UpstreamItem& item, const UpstreamReport& report) {
  // Whatever else is new there comes with it: an answer that was passed over could hide behind ones that are known.
  if (!TRY(bring_thread(report, Walk::kWhole))) {
    TRY(store_.item_waits(item, now_() + upstream_wait(item.attempts), item.last_error, true));
    return Found::kLater;
  }
  if (TRY(store_.is_done(item.id))) return Found::kThere;
  return not_found(item);
}

std::vector<UpstreamPart> UpstreamLink::follow_up_parts(const UpstreamItem& item, const UpstreamReport& report, const StoredReport& stored,
                                                        const std::string& content, const std::string& institution_from) const {
  const std::string text = content + "\n\n" + write_upstream_mark(profile_.id, {item.tracking_id, item.id});
  return {{"user_id", "", "", config_.user_id},
          {"institution_from_id", "", "", institution_from},
          {"institution_to_id", "", "", config_.institution_of(profile_, stored.agency_id)},
          {"complaint_id", "", "", report.upstream_id},
          {"info_disposition", "", "", ""},
          {"is_secret", "", "", stored.is_secret ? "1" : "0"},
          {"content", "", "", text}};
}

Result<Ok> UpstreamLink::send_follow_up(UpstreamItem& item, const UpstreamReport& report) {
  if (item.in_doubt && TRY(look_for_follow_up(item, report)) != Found::kNot) return Ok{};
  const StoredReport stored = TRY(repository_.report(item.tracking_id));
  const lapor::FollowUpPage thread = TRY(repository_.follow_ups(item.tracking_id, 1, kWholeThread));
  const auto found = std::find_if(thread.items.begin(), thread.items.end(), [&](const auto& one) { return one.id == std::to_string(item.reference); });
  if (found == thread.items.end()) return store_.item_rests(item, "refused", "tanggapan sudah tidak ada");
  std::string institution = config_.institution_id;
  for (const report::Agency& agency : profile_.agencies) {
    if (agency.short_name == found->institution_from) institution = config_.institution_of(profile_, agency.id);
  }
  const bool is_citizen = found->kind == lapor::FollowUpKind::kCitizen;
  std::string content = found->content.empty() ? "Lampiran" : found->content;
  if (is_citizen) content = "Tanggapan pelapor: " + content;
  std::vector<UpstreamPart> parts = follow_up_parts(item, report, stored, content, institution);
  parts.push_back({"template_code", "", "", found->template_code});
  parts.push_back({"rating", "", "", "0"});
  int number = 0;
  for (const lapor::Attachment& attachment : found->attachments) {
    Result<std::string> bytes = files_.read(attachment.sha256);
    if (!bytes.ok() && is_lost(bytes.error())) {
      log_("upstream: a file of report " + std::to_string(item.tracking_id) + " is missing or damaged here");
      continue;
    }
    if (!bytes.ok()) return bytes.error();
    parts.push_back({"attachment[" + std::to_string(number) + "]", "lampiran-" + std::to_string(number + 1) + "." + attachment.extension,
                     attachment.extension == "pdf" ? "application/pdf" : "image/" + (attachment.extension == "jpg" ? "jpeg" : attachment.extension),
                     *std::move(bytes)});
    ++number;
  }
  if (!TRY(store_.item_leaves(item, now_()))) return Ok{};
  if (!TRY(settle(item, heard(client_.post_parts(std::string(lapor::kFollowUpAddPath), parts))))) return Ok{};
  TRY(store_.item_done(item.id));
  return store_.poll_by(item.tracking_id, now_() + config_.poll_first);
}

Result<Ok> UpstreamLink::send_state(UpstreamItem& item, const UpstreamReport& report) {
  if (item.in_doubt && TRY(look_for_follow_up(item, report)) != Found::kNot) return Ok{};
  const StoredReport stored = TRY(repository_.report(item.tracking_id));
  const auto status = report::status_from_name(item.word);
  const std::string label(status ? report::status_label(*status) : item.word);
  std::string content = "Status laporan di " + profile_.name + ": " + label + ".";
  // The last line of that state says why.
  const std::vector<lapor::LogEntry> history = TRY(repository_.history(item.tracking_id));
  const auto line = std::find_if(history.rbegin(), history.rend(), [&](const lapor::LogEntry& one) { return one.status_new == label; });
  if (line != history.rend()) content += "\n" + line->text;
  std::vector<UpstreamPart> parts = follow_up_parts(item, report, stored, content, config_.institution_id);
  const auto code = config_.templates.find(item.word);
  parts.push_back({"template_code", "", "", code == config_.templates.end() ? "" : code->second});
  parts.push_back({"rating", "", "", "0"});
  if (!TRY(store_.item_leaves(item, now_()))) return Ok{};
  if (!TRY(settle(item, heard(client_.post_parts(std::string(lapor::kFollowUpAddPath), parts))))) return Ok{};
  TRY(store_.item_done(item.id));
  return store_.poll_by(item.tracking_id, now_() + config_.poll_first);
}

Result<Ok> UpstreamLink::send_hand_on(UpstreamItem& item, const UpstreamReport& report) {
  const std::string institution = config_.institution_of(profile_, item.word);
  const report::Agency* agency = profile_.agency(item.word);
  if (institution.empty() || !agency) return store_.item_rests(item, "refused", "instansi tujuan tidak punya nomor di SP4N-LAPOR!");
  if (item.in_doubt) {
    const UpstreamAnswer answer = heard(client_.get(lapor::detail_path(report.upstream_id)));
    if (answer.outcome != UpstreamOutcome::kDone) return wait(item, answer, true);
    if (read_disposition_id(answer.body) == institution) return store_.item_done(item.id);
    if (TRY(not_found(item)) != Found::kNot) return Ok{};
  }
  if (!TRY(store_.item_leaves(item, now_()))) return Ok{};
  const UpstreamAnswer answer = heard(client_.post_form(lapor::reject_path(report.upstream_id),
      {{"is_request", "1"}, {"not_authority", "1"}, {"reason", institution},
       {"reason_description", "Bukan wewenang instansi sebelumnya; diteruskan ke " + agency->name + "."}}));
  if (!TRY(settle(item, answer))) return Ok{};
  TRY(store_.item_done(item.id));
  return store_.poll_by(item.tracking_id, now_() + config_.poll_first);
}

}  // namespace titik::serve
