// What is brought from SP4N-LAPOR!: threads of reports that are linked, and complaints disposed to the city.
#include <algorithm>

#include "base/utf8.h"
#include "serve/crypto.h"
#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

constexpr int kMostThreadPages = 50;
constexpr int kMostListPages = 10;
constexpr std::size_t kMostFiles = 10;  // of one follow-up

// Ids are told, but must not be missing for a follow-up to be known again.
std::string id_of(const lapor::FollowUp& follow_up) {
  if (!follow_up.id.empty()) return follow_up.id;
  return "x" + sha256_hex(std::to_string(follow_up.at) + "|" + follow_up.institution_from + "|" + follow_up.content).substr(0, 24);
}

}  // namespace

Result<std::optional<std::vector<lapor::FollowUp>>> UpstreamLink::read_thread(const UpstreamReport& report) {
  using Thread = std::optional<std::vector<lapor::FollowUp>>;
  std::vector<lapor::FollowUp> thread;
  int last_page = 1;
  for (int page = 1; page <= last_page; ++page) {
    const UpstreamAnswer answer = heard(client_.get(lapor::follow_ups_path(report.upstream_id, page)));
    if (answer.outcome != UpstreamOutcome::kDone) return Thread();
    const Result<lapor::FollowUpPage> read = lapor::read_follow_ups(answer.body, profile_.zone);
    if (!read.ok()) return Thread();
    thread.insert(thread.end(), read->items.begin(), read->items.end());
    last_page = std::min(std::max(last_page, read->last_page), kMostThreadPages);
    // Whichever end is new: when the first and the last page hold nothing that was not seen, nothing between them does.
    if (page == 1 && last_page > 2) {
      bool all_seen = true;
      for (const lapor::FollowUp& one : read->items) all_seen = all_seen && TRY(store_.was_seen(report.tracking_id, id_of(one)));
      if (all_seen) page = last_page - 1;
    }
  }
  std::stable_sort(thread.begin(), thread.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return Thread(std::move(thread));
}

Result<std::optional<std::vector<NewFile>>> UpstreamLink::fetch_files(const std::vector<lapor::Attachment>& attachments) {
  std::vector<NewFile> files;
  for (const lapor::Attachment& attachment : attachments) {
    if (files.size() == kMostFiles) break;
    const std::optional<UpstreamAnswer> answer = client_.fetch(attachment.path);
    if (!answer) continue;  // a host that nobody named
    if (answer->outcome == UpstreamOutcome::kNotDone || answer->outcome == UpstreamOutcome::kUnknown) {
      (void)heard(*answer);
      return std::optional<std::vector<NewFile>>();
    }
    if (answer->outcome != UpstreamOutcome::kDone) continue;
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

Result<std::optional<bool>> UpstreamLink::bring_thread(const UpstreamReport& report) {
  const auto thread = TRY(read_thread(report));
  if (!thread) return std::optional<bool>();
  bool has_news = false;
  for (const lapor::FollowUp& one : *thread) {
    const std::string id = id_of(one);
    if (TRY(store_.was_seen(report.tracking_id, id))) continue;
    // Ours, come to be read again. A mark that was known already is somebody's quotation.
    const auto mark = read_upstream_mark(one.content, profile_.id);
    if (mark && mark->tracking_id == report.tracking_id && TRY(store_.recognise(report.tracking_id, mark->item, id))) {
      TRY(store_.set_seen(report.tracking_id, id));
      continue;
    }
    const auto files = TRY(fetch_files(one.attachments));
    if (!files) return std::optional<bool>();
    TRY(desk_->bring_follow_up(report, id, one, *files, now_()));
    TRY(store_.set_seen(report.tracking_id, id));
    has_news = true;
  }
  return std::optional(has_news);
}

// Nothing: the network failed. False: it was known.
Result<std::optional<bool>> UpstreamLink::bring_from_list(const UpstreamComplaint& complaint) {
  if (TRY(store_.report_there(complaint.id))) return std::optional(false);
  if (const auto mark = read_upstream_mark(complaint.content, profile_.id)) {
    // Ours: never a new report, and known from now on if its number was missed.
    if (TRY(store_.is_missed(mark->tracking_id)) &&
        !is_older_than_its_report(complaint.at, TRY(repository_.report(mark->tracking_id)).received_at)) {
      TRY(store_.set_upstream_id(mark->tracking_id, complaint.id, now_(), now_()));
    }
    return std::optional(false);
  }
  if (!desk_->is_ours(complaint.disposition_id) || (complaint.title.empty() && complaint.content.empty())) return std::optional(false);
  auto photos = TRY(fetch_files(complaint.attachments));
  if (!photos) return std::optional<bool>();
  // The same picture twice is one.
  std::vector<NewFile> different;
  for (NewFile& photo : *photos) {
    const bool is_new = std::none_of(different.begin(), different.end(), [&](const NewFile& one) { return one.sha256 == photo.sha256; });
    if (is_new && different.size() < report::kMaxPhotos) different.push_back(std::move(photo));
  }
  const UpstreamDesk::Brought brought = TRY(desk_->bring_report(complaint, different, now_()));
  TRY(store_.add_theirs(brought.tracking_id, complaint.id, now_()));
  return std::optional(true);
}

Result<Ok> UpstreamLink::bring_list() {
  if (config_.list_path.empty()) return Ok{};
  const std::string due = TRY(store_.setting("upstream_list_at"));
  if (!due.empty() && now_() < std::stoll(due)) return Ok{};
  const char* separator = config_.list_path.find('?') == std::string::npos ? "?page=" : "&page=";
  for (int page = 1; page <= kMostListPages; ++page) {
    if (!TRY(may_work())) return Ok{};
    const UpstreamAnswer answer = heard(client_.get(config_.list_path + separator + std::to_string(page)));
    if (is_paused()) return Ok{};
    const Result<UpstreamList> list = read_upstream_list(answer.body, profile_.zone);
    if (answer.outcome != UpstreamOutcome::kDone || !list.ok()) {
      log_("upstream: the list was not read: " + answer.reason());
      break;
    }
    bool has_news = false;
    for (const UpstreamComplaint& complaint : list->items) {
      const std::optional<bool> brought = TRY(bring_from_list(complaint));
      if (!brought) return Ok{};  // it stays due
      has_news = has_news || *brought;
    }
    if (!list->more || !has_news) break;
  }
  return store_.set_setting("upstream_list_at", std::to_string(now_() + config_.poll_first));
}

}  // namespace titik::serve
