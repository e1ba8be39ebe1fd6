#include "engine/refresh_runner.h"

#include <algorithm>

#include "engine/requests.h"
#include "engine/timeline.h"
#include "sync/backoff.h"

namespace titik::engine {

using sync::Place;
using sync::Question;
using sync::Topic;

namespace {
constexpr std::string_view kCursorSetting = "changes_cursor";
constexpr std::int64_t kMaxThumbnailBytes = 100 * 1024;  // more is none
}

void RefreshRunner::start() {
  sync::want(refresh_, {.topic = Topic::kProfile}, Place::kLast);
  round(sync::Wish::kPerson);
}

void RefreshRunner::round(sync::Wish wish) {
  const Result<std::vector<store::FollowedReport>> followed = context_.repository().followed();
  if (followed.ok()) sync::plan_round(refresh_, *followed, wish, context_.now());
}

void RefreshRunner::open(const std::string& report_id) {
  opened_ = report_id;
  bad_evidence_.clear();
  want_evidence(report_id);
  want_detail(report_id, Place::kNext);
}

void RefreshRunner::received(const std::string& report_id) {
  sync::expect_news(refresh_);
  want_detail(report_id, Place::kLast);
}

void RefreshRunner::load_public_reports(std::int64_t command_id) {
  public_commands_.push_back(command_id);
  if (!sync::is_due(refresh_.hold_until, context_.now())) {
    return answer_public(Error{ErrorCode::kNetwork, "", "the server asked to wait"});
  }
  sync::want(refresh_, {.topic = Topic::kPublicReports}, Place::kNext);
}

void RefreshRunner::want_detail(const std::string& report_id, Place place) {
  const Result<std::optional<store::StoredReport>> stored = context_.repository().find(report_id);
  if (!stored.ok() || !*stored || (*stored)->tracking_id.empty()) return;
  sync::want(refresh_, {.topic = Topic::kDetail, .report_id = report_id, .tracking_id = (*stored)->tracking_id}, place);
}

void RefreshRunner::want_evidence(const std::string& report_id) {
  const Result<std::vector<store::StoredEntry>> timeline = context_.repository().timeline(report_id);
  if (!timeline.ok()) return;
  for (const store::StoredEntry& entry : *timeline) {
    for (const store::StoredEvidence& file : entry.evidence) {
      const bool small = !file.thumbnail_path.empty();
      if (!file.sha256.empty() || (small ? !file.thumbnail_sha256.empty() : report_id != opened_)) continue;
      want_file(report_id, small ? file.thumbnail_path : file.path, file.bytes, Place::kLast);
    }
  }
}

void RefreshRunner::want_file(const std::string& report_id, const std::string& path, std::int64_t bytes, Place place) {
  if (bytes > report::kMaxFileBytes || bad_evidence_.contains(path)) return;
  sync::want(refresh_, {.topic = Topic::kEvidence, .report_id = report_id, .path = path}, place);
}

void RefreshRunner::load_evidence(const std::string& report_id, const std::string& path) {
  const Result<std::vector<store::StoredEntry>> timeline = context_.repository().timeline(report_id);
  if (!timeline.ok()) return;
  bad_evidence_.erase(path);
  for (const store::StoredEntry& entry : *timeline) {
    for (const store::StoredEvidence& file : entry.evidence) {
      if (file.path == path && file.sha256.empty()) want_file(report_id, path, file.bytes, Place::kNext);
    }
  }
}

void RefreshRunner::run(const std::string& token) {
  if (context_.profile() == nullptr) return;
  if (sync::is_round_due(refresh_, context_.now())) round(sync::Wish::kClock);
  while (const std::optional<Question> question = sync::next_question(refresh_, !token.empty(), context_.now())) {
    const Result<std::string> cursor = context_.repository().setting(kCursorSetting);
    std::optional<HttpRequest> request = question_request({*context_.profile(), token, {}}, *question, cursor.ok() ? *cursor : "");
    if (!request) {
      bad_evidence_.insert(question->path);
      sync::settled(refresh_);
      continue;
    }
    asked_with_ = token;
    http_id_ = context_.start_http(*std::move(request));
    return;
  }
}

void RefreshRunner::done(const HttpAnswer& answer) {
  http_id_ = 0;
  if (!refresh_.in_flight) return;
  const int status = answer.status;
  if (status == 401) {
    refused_token_ = asked_with_;
    return give_up();
  }
  if (status < 200 || status == 408 || status == 425 || status == 429 || status >= 500) {
    sync::failed(refresh_, answer.retry_after, context_.now());
    return answer_public(Error{ErrorCode::kNetwork, "", "the server does not answer now"});
  }
  const Question question = *refresh_.in_flight;
  sync::settled(refresh_);
  if (status <= 299) return take(question, answer);
  if (question.topic == Topic::kChanges && status >= 400) {
    // A server without our extension: report by report.
    const Result<std::vector<store::FollowedReport>> followed = context_.repository().followed();
    if (followed.ok()) sync::no_feed(refresh_, *followed);
  }
  // A refusal concerns this question alone.
  if (question.topic == Topic::kEvidence) bad_evidence_.insert(question.path);
  if (question.topic == Topic::kPublicReports) answer_public(Error{ErrorCode::kUnsupported, "", "the server has no public list"});
}

void RefreshRunner::failed(HttpFailure failure) {
  http_id_ = 0;
  if (!refresh_.in_flight) return;
  // A file that cannot be stored or read says nothing about the network.
  if (refresh_.in_flight->topic == Topic::kEvidence) bad_evidence_.insert(refresh_.in_flight->path);
  if (failure == HttpFailure::kNetwork) return give_up();
  sync::settled(refresh_);
}

void RefreshRunner::give_up() {
  sync::failed(refresh_, {}, context_.now());
  answer_public(Error{ErrorCode::kNetwork, "", "no answer from the server"});
}

void RefreshRunner::answer_public(const std::optional<Error>& error) {
  for (const std::int64_t id : std::exchange(public_commands_, {})) context_.emit(Reply{.id = id, .error = error});
}

// --- Answers --------------------------------------------------------------------------------------

void RefreshRunner::take(const Question& question, const HttpAnswer& answer) {
  switch (question.topic) {
    case Topic::kProfile: return take_profile(answer.body);
    case Topic::kCounts: return take_counts(answer.body);
    case Topic::kChanges: return take_changes(answer.body);
    case Topic::kDetail: return take_detail(question, answer.body);
    case Topic::kFollowUps: return take_follow_ups(question, answer.body);
    case Topic::kEvidence: return take_evidence(question, answer);
    case Topic::kPublicReports: return take_public_reports(answer.body);
  }
}

void RefreshRunner::take_profile(std::string_view body) {
  // The keys of an older profile are not taken, so they tell nothing.
  const Result<report::CityProfile> told = report::parse_city_profile(body);
  context_.profile_came = told.ok() && (context_.profile() == nullptr || told->version >= context_.profile()->version);
  if (!context_.offer_profile(body)) return;
  // Not kept when storing fails: the next start asks again.
  (void)context_.commit([&] { return context_.repository().set_setting("profile", body); }).ok();
  context_.emit(ProfileChanged{std::string(body)});
}

void RefreshRunner::take_counts(std::string_view body) {
  const Result<report::Counts> counts = lapor::read_counts(body);
  if (!counts.ok()) return;
  const std::string text = lapor::write_counts(*counts);
  const Result<std::string> known = context_.repository().setting("counts");
  if (known.ok() && *known == text) return;
  (void)context_.commit([&] { return context_.repository().set_setting("counts", text); }).ok();
  context_.emit(CountsChanged{*counts});
}

void RefreshRunner::take_public_reports(std::string_view body) {
  Result<std::vector<report::PublicReport>> reports = lapor::read_public_reports(body);
  if (!reports.ok()) return answer_public(reports.error());
  context_.emit(PublicReportsChanged{std::move(reports).value()});
  answer_public(std::nullopt);
}

void RefreshRunner::take_changes(std::string_view body) {
  Result<lapor::Changes> changes = lapor::read_changes(body, context_.profile()->zone);
  if (!changes.ok()) return;
  gathering_.clear();
  bool all_stored = true;
  for (lapor::Change& change : changes->reports) {
    const Result<std::optional<store::StoredReport>> stored = context_.repository().find(change.report_id);
    if (!stored.ok() || (*stored && (*stored)->tracking_id.empty())) all_stored = false;  // its receipt is on the way
    if (!stored.ok() || !*stored || (*stored)->tracking_id != change.tracking_id) continue;  // deleted here
    if (change.follow_ups.last_page > 1) {
      want_detail(change.report_id, Place::kLast);
      continue;
    }
    detail_ = std::move(change.detail);
    follow_ups_ = std::move(change.follow_ups.items);
    all_stored = store_news(change.report_id) && all_stored;
  }
  const Result<std::string> known = context_.repository().setting(kCursorSetting);
  if (!all_stored || !known.ok() || *known == changes->cursor) return;
  const Result<Ok> saved = context_.commit([&] { return context_.repository().set_setting(kCursorSetting, changes->cursor); });
  if (saved.ok() && changes->more) sync::want(refresh_, {.topic = Topic::kChanges}, Place::kNext);
}

void RefreshRunner::take_detail(const Question& question, std::string_view body) {
  Result<lapor::Detail> detail = lapor::read_detail(body, context_.profile()->zone);
  if (!detail.ok()) return;
  gathering_ = question.report_id;
  detail_ = std::move(detail).value();
  follow_ups_.clear();
  sync::want(refresh_, {.topic = Topic::kFollowUps, .report_id = question.report_id, .tracking_id = question.tracking_id},
             Place::kNext);
}

void RefreshRunner::take_follow_ups(const Question& question, std::string_view body) {
  Result<lapor::FollowUpPage> page = lapor::read_follow_ups(body, context_.profile()->zone);
  if (!page.ok()) return;
  // Another report was opened in between: this one is asked for again.
  if (question.report_id != gathering_) return want_detail(question.report_id, Place::kLast);
  for (lapor::FollowUp& item : page->items) {
    const bool known = std::any_of(follow_ups_.begin(), follow_ups_.end(), [&](const lapor::FollowUp& other) {
      return !item.id.empty() && other.id == item.id;  // pages shift when something is added meanwhile
    });
    if (!known) follow_ups_.push_back(std::move(item));
  }
  if (question.page < std::min(page->last_page, sync::kMostPages)) {
    Question next = question;
    ++next.page;
    return sync::want(refresh_, std::move(next), Place::kNext);
  }
  (void)store_news(question.report_id);
}

bool RefreshRunner::store_news(const std::string& report_id) {
  store::Repository& repository = context_.repository();
  const Result<std::optional<store::StoredReport>> found = repository.find(report_id);
  const Result<std::vector<store::StoredEntry>> known = repository.timeline(report_id);
  if (!found.ok() || !*found || !known.ok()) return false;
  const store::StoredReport& stored = **found;
  const store::ServerState before{stored.tracking_id, stored.status_name, stored.disposition_name, stored.received_at,
                                  stored.follow_up_due_at, stored.follow_up_stopped_at};
  store::ServerState after = before;
  // A label that we do not know leaves the state as it was.
  if (const auto status = report::status_from_label(detail_.status_name)) after.status_name = report::status_name(*status);
  after.disposition_name = detail_.disposition_name;
  if (detail_.received_at != 0) after.received_at = detail_.received_at;
  if (detail_.follow_up_due_at != 0) after.follow_up_due_at = detail_.follow_up_due_at;
  after.follow_up_stopped_at = detail_.follow_up_stopped_at;

  std::vector<store::StoredEntry> timeline = merged_timeline(after.received_at, detail_, follow_ups_);
  // What was fetched before is not news.
  std::vector<store::StoredEntry> told = *known;
  for (store::StoredEntry& entry : told) {
    for (store::StoredEvidence& file : entry.evidence) {
      file.sha256.clear();
      file.thumbnail_sha256.clear();
      file.thumbnail_bytes = 0;
    }
  }
  std::vector<store::StoredEntry> comparable = timeline;
  for (std::size_t i = 0; i < comparable.size() && i < told.size(); ++i) {
    for (std::size_t j = 0; j < comparable[i].evidence.size() && j < told[i].evidence.size(); ++j) {
      told[i].evidence[j].bytes = comparable[i].evidence[j].bytes;
    }
  }
  if (!(after == before) || comparable != told) {
    const Result<Ok> saved = context_.commit([&]() -> Result<Ok> {
      TRY(repository.set_server_state(report_id, after));
      return repository.replace_timeline(report_id, timeline);
    });
    if (!saved.ok()) return false;  // the next round brings it again
    sync::expect_news(refresh_);
    context_.report_changed(report_id);
  }
  if (report_id == opened_ || !refresh_.saves_data) want_evidence(report_id);
  return true;
}

void RefreshRunner::take_evidence(const Question& question, const HttpAnswer& answer) {
  const Result<std::vector<store::StoredEntry>> timeline = context_.repository().timeline(question.report_id);
  if (!timeline.ok()) return;
  bool small = false;
  for (const store::StoredEntry& entry : *timeline) {
    for (const store::StoredEvidence& file : entry.evidence) {
      const bool thumbnail = file.thumbnail_path == question.path;
      if (!thumbnail && file.path != question.path) continue;
      const bool wrong = thumbnail ? answer.blob_bytes > kMaxThumbnailBytes
                                   : !file.told_sha256.empty() && file.told_sha256 != answer.blob_sha256;
      if (wrong) {
        // Not the file that the server spoke of.
        bad_evidence_.insert(question.path);
        return context_.drop_blobs({answer.blob_sha256});
      }
      small = thumbnail;
    }
  }
  const Result<Ok> saved = context_.commit([&] {
    if (small) return context_.repository().set_evidence_thumbnail(question.report_id, question.path, answer.blob_sha256, answer.blob_bytes);
    return context_.repository().set_evidence(question.report_id, question.path, answer.blob_sha256, answer.blob_bytes);
  });
  if (saved.ok()) context_.report_changed(question.report_id);
}

}  // namespace titik::engine
