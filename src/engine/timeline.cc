#include "engine/timeline.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "base/id.h"
#include "base/utf8.h"
#include "engine/messages.h"

namespace titik::engine {
namespace {

using Kind = TimelineEntry::Kind;
using store::StoredEntry;

constexpr std::size_t kMostEntries = 500;
constexpr std::size_t kMostFiles = 10;      // of one entry
constexpr std::size_t kLongestText = 5000;  // code points

Kind kind_of(lapor::FollowUpKind kind) {
  switch (kind) {
    case lapor::FollowUpKind::kCitizen: return Kind::kCitizen;
    case lapor::FollowUpKind::kAction: return Kind::kAction;
    case lapor::FollowUpKind::kDisposition: return Kind::kDisposition;
    default: return Kind::kAnswer;
  }
}

StoredEntry entry(Kind kind, UnixMillis at, std::string_view who, std::string_view text) {
  const std::string clean = clean_text(text, Lines::kMany);
  return {.kind = static_cast<int>(kind),
          .at = at,
          .who = std::string(prefix_of(trimmed(clean_text(who, Lines::kOne)), report::kMaxTitle)),
          .text = std::string(prefix_of(trimmed(clean), kLongestText))};
}

bool near(UnixMillis a, UnixMillis b) { return std::llabs(a - b) <= kMinute; }

// The thread's times have whole seconds and the log's may not, hence "near".
bool same(const StoredEntry& a, const StoredEntry& b) {
  if (!near(a.at, b.at)) return false;
  if (!a.text.empty() && a.text == b.text) return true;
  constexpr int kDisposition = static_cast<int>(Kind::kDisposition);
  return a.kind == kDisposition && b.kind == kDisposition;
}

}  // namespace

std::vector<StoredEntry> merged_timeline(UnixMillis received_at, const lapor::Detail& detail,
                                         const std::vector<lapor::FollowUp>& follow_ups) {
  std::vector<StoredEntry> thread;
  for (const lapor::FollowUp& item : follow_ups) {
    StoredEntry line = entry(kind_of(item.kind), item.at, item.institution_from, item.content);
    for (const lapor::Attachment& file : item.attachments) {
      if (line.evidence.size() == kMostFiles) break;
      line.evidence.push_back({.path = file.path,
                               .told_sha256 = is_sha256(file.sha256) ? file.sha256 : std::string(),
                               .file_name = std::string(prefix_of(clean_text(file.file_name, Lines::kOne), report::kMaxTitle)),
                               .extension = std::string(prefix_of(clean_text(file.extension, Lines::kOne), 10)),
                               .bytes = std::max<std::int64_t>(0, file.bytes),
                               .thumbnail_path = file.thumbnail});
    }
    thread.push_back(std::move(line));
  }
  std::vector<StoredEntry> entries;
  if (received_at != 0) entries.push_back(entry(Kind::kReceived, received_at, {}, {}));
  for (const lapor::LogEntry& item : detail.log) {
    const auto status = report::status_from_label(item.status_new);
    // The first state is that it was received, which has a line of its own.
    if (status == report::Status::kUnverified && received_at != 0 && near(item.at, received_at)) continue;
    StoredEntry line = entry(item.status_new.empty() ? Kind::kDisposition : Kind::kStatus, item.at, item.institution,
                             item.text.empty() ? item.status_new : item.text);
    const auto same_line = [&](const StoredEntry& other) { return same(line, other); };
    if (std::none_of(thread.begin(), thread.end(), same_line) && std::none_of(entries.begin(), entries.end(), same_line)) {
      entries.push_back(std::move(line));
    }
  }
  // Newest first, by whole seconds, which is all that the server's log tells; at the same time what was said last comes first, and the receipt comes last. (One by one: they
  // are few, and a sort weighs a kilobyte on the phone.)
  std::vector<StoredEntry> newest_first;
  for (std::vector<StoredEntry>* part : {&entries, &thread}) {
    for (StoredEntry& line : *part) {
      const auto is_newer = [&](const StoredEntry& other) { return other.at / kSecond > line.at / kSecond; };
      newest_first.insert(std::find_if_not(newest_first.begin(), newest_first.end(), is_newer), std::move(line));
    }
  }
  if (newest_first.size() > kMostEntries) newest_first.resize(kMostEntries);
  return newest_first;
}

}  // namespace titik::engine
