// What is told SP4N-LAPOR!, out of the outbox.
//
// Exactly once, against a server without idempotency keys (docs/upstream.md): before a request leaves, the item is
// `sending`, durably, and only one process can make it so. Whatever was not heard to its end is looked for, by its mark,
// before it is sent again. A follow-up can always be looked for, in its thread. A report can where a list is configured;
// else a person decides.
#include <algorithm>

#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

constexpr int kItemsOfARound = 50;
constexpr int kListPagesToLook = 20;
// So long a request that was not heard may still be at work there.
constexpr UnixMillis kSettleTime = 2 * kMinute;
// A list is read page by page, and what is taken off it meanwhile moves a complaint over the border of two pages, unseen.
constexpr int kReadingsToBeSure = 2;
constexpr UnixMillis kBetweenReadings = 30 * kSecond;
constexpr UnixMillis kPhotosAsked = 5 * kMinute;
constexpr UnixMillis kAfterAFault = 10 * kMinute;
constexpr int kTooLarge = 413;
constexpr int kUnprocessable = 422;
constexpr int kWholeThread = 100'000;

}  // namespace

// What a follow-up there says.
struct UpstreamLink::Said {
  std::string content;
  std::string institution_from = {};
  std::string template_code = {};
  int rating = 0;
  bool is_secret = false;
  std::vector<UpstreamPart> files = {};
};

Result<Ok> UpstreamLink::send_due() {
  for (int count = 0; count < kItemsOfARound; ++count) {
    if (!TRY(may_work())) return Ok{};
    std::optional<UpstreamItem> item = TRY(store_.next_item(now_()));
    if (!item) return Ok{};
    const Result<Ok> done = send(*item);
    if (done.ok()) continue;
    // One that cannot be worked on stops no other.
    if (done.error().code == ErrorCode::kStorage) return done;
    const std::string why = done.error().where + ": " + done.error().message;
    log_("upstream: " + std::string(upstream_kind_name(item->kind)) + " of report " + std::to_string(item->tracking_id) + " could not be worked on: " + why);
    TRY(store_.item_waits(*item, now_() + kAfterAFault, why, item->in_doubt));
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
  // The readings of the whole list, since it was last sent, that did not show it.
  const std::string readings = "list/" + std::to_string(item.id) + "/" + std::to_string(item.attempts);
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
      if (TRY(store_.report_there(complaint.id))) continue;  // a copy of the mark, which came here as a report of its own
      TRY(store_.forget_tries(readings));
      TRY(store_.set_upstream_id(item.tracking_id, complaint.id, now_(), now_()));
      return Found::kThere;
    }
    const auto is_older = [&](const UpstreamComplaint& one) { return is_older_than_its_report(one.at, received_at); };
    is_whole = !list->more || (!list->items.empty() && std::all_of(list->items.begin(), list->items.end(), is_older));
  }
  // The list has what is disposed to the city, or to nobody: of a vertical body's report it tells nothing.
  const bool would_be_listed = desk_->is_ours(config_.institution_of(profile_, item.word));
  const int count = is_whole && would_be_listed ? TRY(store_.count_try(readings)) : 0;
  const Found found = TRY(not_found(item));
  if (found != Found::kNot) return found;
  if (count > 0 && count < kReadingsToBeSure) {
    TRY(store_.item_waits(item, now_() + kBetweenReadings, item.last_error, true));
    return Found::kLater;
  }
  TRY(store_.forget_tries(readings));
  return count > 0 ? Result<Found>(Found::kNot) : ask_about(item);
}

Result<Ok> UpstreamLink::send_create(UpstreamItem& item) {
  if (item.in_doubt && TRY(look_for_report(item)) != Found::kNot) return Ok{};
  const StoredReport stored = TRY(repository_.report(item.tracking_id));
  const UnixMillis photos_until = stored.received_at + config_.photos_wait;
  if (now_() < photos_until && TRY(repository_.photos_pending(item.tracking_id)) > 0) {
    return store_.item_waits(item, std::min(photos_until, now_() + kPhotosAsked), "", false);
  }
  lapor::CreateRequest request = TRY(lapor::read_create(stored.request, profile_));
  request.draft.is_secret = stored.is_secret;  // made so here, since it came
  std::optional<std::vector<std::string>> files = TRY(send_files(item));
  if (!files) return Ok{};
  const std::string body = write_upstream_create({request, item.tracking_id, item.word, std::move(*files)}, profile_, config_);
  if (!TRY(store_.item_leaves(item, now_()))) return Ok{};
  UpstreamAnswer answer = heard(client_.post_json(std::string(lapor::kCreatePath), body));
  const Result<lapor::Receipt> receipt = lapor::read_created(answer.body);
  if (answer.outcome == UpstreamOutcome::kDone && !receipt.ok()) answer.outcome = UpstreamOutcome::kUnknown;
  if (!TRY(settle(item, answer))) return Ok{};
  if (TRY(store_.report_there(receipt->tracking_id))) {
    log_("upstream: report " + std::to_string(item.tracking_id) + " was answered with a number that another report has: " + receipt->tracking_id);
    return store_.item_rests(item, "asks", "dijawab dengan nomor laporan lain, " + receipt->tracking_id + "; periksa di SP4N-LAPOR!");
  }
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

Result<Ok> UpstreamLink::say(UpstreamItem& item, const UpstreamReport& report, const StoredReport& stored, Said said) {
  const std::string text = said.content + "\n\n" + write_upstream_mark(profile_.id, {item.tracking_id, item.id});
  const std::vector<UpstreamPart> words = {
      {"user_id", "", "", config_.user_id},
      {"institution_from_id", "", "", said.institution_from.empty() ? config_.institution_id : said.institution_from},
      {"institution_to_id", "", "", config_.institution_of(profile_, stored.agency_id)},
      {"complaint_id", "", "", report.upstream_id},
      {"info_disposition", "", "", ""},
      {"is_secret", "", "", stored.is_secret || said.is_secret ? "1" : "0"},
      {"content", "", "", text},
      {"template_code", "", "", said.template_code},
      {"rating", "", "", std::to_string(said.rating)}};
  std::vector<UpstreamPart> parts = words;
  for (UpstreamPart& file : said.files) {
    file.name = "attachment[" + std::to_string(parts.size() - words.size()) + "]";
    parts.push_back(std::move(file));
  }
  if (!TRY(store_.item_leaves(item, now_()))) return Ok{};
  UpstreamAnswer answer = heard(client_.post_parts(std::string(lapor::kFollowUpAddPath), parts));
  const bool is_too_much = answer.outcome == UpstreamOutcome::kRefused && (answer.status == kTooLarge || answer.status == kUnprocessable);
  if (is_too_much && parts.size() > words.size()) {
    log_("upstream: the files of a follow-up of report " + std::to_string(item.tracking_id) + " were refused: " + answer.brief());
    if (!TRY(may_work()) || !TRY(store_.item_leaves(item, now_()))) return Ok{};
    answer = heard(client_.post_parts(std::string(lapor::kFollowUpAddPath), words));
  }
  if (!TRY(settle(item, answer))) return Ok{};
  TRY(store_.item_done(item.id));
  return store_.poll_by(item.tracking_id, now_() + config_.poll_first);
}

// Nothing: it is not to be said any more.
Result<std::optional<UpstreamLink::Said>> UpstreamLink::follow_up_said(const UpstreamItem& item) {
  const lapor::FollowUpPage thread = TRY(repository_.follow_ups(item.tracking_id, 1, kWholeThread));
  const auto found = std::find_if(thread.items.begin(), thread.items.end(), [&](const auto& one) { return one.id == std::to_string(item.reference); });
  if (found == thread.items.end()) return std::optional<Said>();
  const UpstreamStore::Words words = TRY(store_.words(item.reference));
  Said said{.content = found->content.empty() ? "Lampiran" : found->content, .template_code = found->template_code, .rating = words.rating,
            .is_secret = words.is_secret};
  if (found->kind == lapor::FollowUpKind::kCitizen) said.content = "Tanggapan pelapor: " + said.content;
  for (const report::Agency& agency : profile_.agencies) {
    if (agency.short_name == found->institution_from) said.institution_from = config_.institution_of(profile_, agency.id);
  }
  for (const lapor::Attachment& attachment : found->attachments) {
    const std::string mime = attachment.extension == "pdf" ? "application/pdf" : "image/" + attachment.extension;
    if (auto part = TRY(file_part(item.tracking_id, attachment.sha256, mime, said.files.size() + 1))) said.files.push_back(*std::move(part));
  }
  return std::optional(std::move(said));
}

// The report's photos that came after it had gone. Nothing: none of them is here any more.
Result<std::optional<UpstreamLink::Said>> UpstreamLink::late_photos_said(const UpstreamItem& item) {
  Said said{.content = "Foto pelapor menyusul."};
  for (const StoredFile& file : TRY(repository_.files_of_report(item.tracking_id))) {
    if (TRY(store_.file_there(file.id)) != UpstreamStore::with_item(item.id)) continue;
    if (auto part = TRY(file_part(item.tracking_id, file.sha256, file.mime, said.files.size() + 1))) said.files.push_back(*std::move(part));
  }
  if (said.files.empty()) return std::optional<Said>();
  return std::optional(std::move(said));
}

Result<Ok> UpstreamLink::send_follow_up(UpstreamItem& item, const UpstreamReport& report) {
  if (item.in_doubt && TRY(look_for_follow_up(item, report)) != Found::kNot) return Ok{};
  const StoredReport stored = TRY(repository_.report(item.tracking_id));
  if (item.word == kBareRating) {
    const int rating = TRY(workflow_.row(item.tracking_id)).subject.rating;
    return say(item, report, stored, {.content = "Pelapor memberi nilai " + std::to_string(rating) + " dari 5.", .rating = rating});
  }
  if (item.word == kLatePhotos) {
    std::optional<Said> said = TRY(late_photos_said(item));
    return said ? say(item, report, stored, *std::move(said)) : store_.item_done(item.id);
  }
  std::optional<Said> said = TRY(follow_up_said(item));
  if (!said) return store_.item_rests(item, "refused", "tanggapan sudah tidak ada");
  return say(item, report, stored, *std::move(said));
}

Result<Ok> UpstreamLink::send_state(UpstreamItem& item, const UpstreamReport& report) {
  if (item.in_doubt && TRY(look_for_follow_up(item, report)) != Found::kNot) return Ok{};
  const auto status = report::status_from_name(item.word);
  const std::string label(status ? report::status_label(*status) : item.word);
  Said said{.content = "Status laporan di " + profile_.name + ": " + label + "."};
  // The last line of that state says why.
  const std::vector<lapor::LogEntry> history = TRY(repository_.history(item.tracking_id));
  const auto line = std::find_if(history.rbegin(), history.rend(), [&](const lapor::LogEntry& one) { return one.status_new == label; });
  if (line != history.rend()) said.content += "\n" + line->text;
  if (const auto code = config_.templates.find(item.word); code != config_.templates.end()) said.template_code = code->second;
  return say(item, report, TRY(repository_.report(item.tracking_id)), std::move(said));
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
