#include "serve/upstream_store.h"

#include <array>
#include <utility>

#include "serve/crypto.h"
#include "serve/workflow.h"

namespace titik::serve {
namespace {

constexpr int kMostChanges = 100;

constexpr std::array kKinds = {std::pair{UpstreamKind::kCreate, std::string_view("create")},
                               std::pair{UpstreamKind::kFollowUp, std::string_view("follow-up")},
                               std::pair{UpstreamKind::kState, std::string_view("state")},
                               std::pair{UpstreamKind::kHandOn, std::string_view("hand-on")}};

constexpr std::string_view kItemColumns =
    "SELECT id, tracking_id, kind, reference, word, state, attempts, sent_at, last_error FROM outbox AS item ";

UpstreamItem read_item(const Statement& row) {
  UpstreamItem item{.id = row.integer(0), .tracking_id = row.integer(1), .reference = row.integer(3), .word = row.text(4),
                    .in_doubt = row.text(5) == "sending", .attempts = static_cast<int>(row.integer(6)), .sent_at = row.integer(7),
                    .state = row.text(5), .last_error = row.text(8)};
  for (const auto& [kind, name] : kKinds) {
    if (name == row.text(2)) item.kind = kind;
  }
  return item;
}

constexpr std::string_view kReportColumns =
    "SELECT tracking_id, upstream_id, origin, status_seen, poll_wait, news_at FROM upstream_report ";

UpstreamReport read_report(const Statement& row) {
  return {row.integer(0), row.text(1), row.text(2) == "theirs", row.text(3), row.integer(4), row.integer(5)};
}

// An address may be long, and name somebody.
std::string name_of_tries(std::string_view address) { return "upstream_tries_" + sha256_hex(address).substr(0, 32); }

}  // namespace

std::string_view upstream_kind_name(UpstreamKind kind) {
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return name;
  }
  return "create";
}

struct UpstreamStore::Changed {
  std::int64_t number = 0;
  std::int64_t tracking_id = 0;
  std::string status, agency_id;
  UnixMillis received_at = 0;
  int rating = 0;
  bool is_erased = false;
  bool is_brought = false;  // by the link, or by the file of another city
  bool was_handed_on = false;  // since the link was turned on
  bool is_linked = false;
  std::string status_told, agency_told;
  int rating_told = 0;
  std::int64_t follow_ups_after = 0;
  bool is_ours_there = false;  // one of ours, with a number there
};

Result<Ok> UpstreamStore::run(std::string_view statement, auto const&... values) {
  Statement row = TRY(sql_.prepare(statement));
  TRY(row.bind_all(values...));
  return row.run();
}

Result<std::string> UpstreamStore::setting_now(std::string_view name) {
  Statement row = TRY(sql_.prepare("SELECT value FROM setting WHERE name = ?1"));
  TRY(row.bind(1, name));
  return TRY(row.step()) ? row.text(0) : std::string();
}

Result<Ok> UpstreamStore::keep_setting(std::string_view name, std::string_view value) {
  return run("INSERT INTO setting(name, value) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value", name, value);
}

Result<std::string> UpstreamStore::setting(std::string_view name) {
  const SqlLock lock(sql_.mutex());
  return setting_now(name);
}

Result<Ok> UpstreamStore::set_setting(std::string_view name, std::string_view value) {
  const SqlLock lock(sql_.mutex());
  return keep_setting(name, value);
}

Result<Ok> UpstreamStore::set_settings(const std::vector<std::pair<std::string_view, std::string>>& settings) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Ok> {
    for (const auto& [name, value] : settings) TRY(keep_setting(name, value));
    return Ok{};
  });
}

Result<std::string> UpstreamStore::key_of(std::string_view words) {
  const SqlLock lock(sql_.mutex());
  std::string secret = TRY(setting_now("upstream_secret"));
  if (secret.empty()) {
    // Another process may have made it meanwhile.
    TRY(run("INSERT INTO setting(name, value) VALUES ('upstream_secret', ?1) ON CONFLICT(name) DO NOTHING", random_hex(32)));
    secret = TRY(setting_now("upstream_secret"));
  }
  return uuid_of(secret + "/" + std::string(words));
}

// --- What changed here ----------------------------------------------------------------------------

Result<Ok> UpstreamStore::begin(UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Ok> {
    if (!TRY(setting_now("upstream_cursor")).empty()) return Ok{};
    Statement newest = TRY(sql_.prepare("SELECT coalesce(max(number), 0) FROM change"));
    TRY(newest.step());
    const std::int64_t number = newest.integer(0);
    newest.reset();
    TRY(keep_setting("upstream_since", std::to_string(now)));
    return keep_setting("upstream_cursor", std::to_string(number));
  });
}

Result<bool> UpstreamStore::has_begun() {
  return !TRY(setting("upstream_cursor")).empty();
}

Result<std::int64_t> UpstreamStore::add_item(std::int64_t tracking_id, UpstreamKind kind, std::int64_t reference, std::string_view word, UnixMillis now) {
  Statement row = TRY(sql_.prepare(
      "INSERT INTO outbox(tracking_id, kind, reference, word, state, attempts, created_at, sent_at, next_at, last_error, upstream_id) "
      "VALUES (?1, ?2, ?3, ?4, 'waiting', 0, ?5, 0, ?5, '', '') RETURNING id"));
  TRY(row.bind_all(tracking_id, upstream_kind_name(kind), reference, word, now));
  return row.insert();
}

// Those that stand in the thread, and a rating without words.
Result<Ok> UpstreamStore::take_follow_ups(const Changed& change, std::int64_t own_caller, UnixMillis now) {
  Statement row = TRY(sql_.prepare(
      "SELECT id, rating FROM follow_up WHERE tracking_id = ?1 AND caller_id <> ?2 AND id > ?3 AND kind <> 'disposition' AND NOT EXISTS "
      "(SELECT 1 FROM outbox WHERE outbox.tracking_id = ?1 AND outbox.kind = 'follow-up' AND outbox.reference = follow_up.id) ORDER BY id"));
  TRY(row.bind_all(change.tracking_id, own_caller, change.follow_ups_after));
  std::vector<std::int64_t> follow_ups;
  int rating_told = change.rating_told;
  while (TRY(row.step())) {
    follow_ups.push_back(row.integer(0));
    if (row.integer(1) != 0) rating_told = static_cast<int>(row.integer(1));
  }
  for (const std::int64_t id : follow_ups) TRY(add_item(change.tracking_id, UpstreamKind::kFollowUp, id, "", now));
  const bool is_rated = change.rating != 0 && change.rating != rating_told && !change.is_erased;
  if (is_rated) TRY(add_item(change.tracking_id, UpstreamKind::kFollowUp, 0, kBareRating, now));
  return Ok{};
}

// All that are here once the last has come. Which item they go with is kept with them: each goes with one.
Result<Ok> UpstreamStore::take_late_photos(const Changed& change, UnixMillis now) {
  if (!change.is_ours_there || change.is_erased) return Ok{};
  Statement row = TRY(sql_.prepare(
      "SELECT id FROM file WHERE tracking_id = ?1 AND follow_up_id IS NULL "
      "AND NOT EXISTS (SELECT 1 FROM upstream_file WHERE upstream_file.file_id = file.id) "
      "AND NOT EXISTS (SELECT 1 FROM pending_photo WHERE pending_photo.tracking_id = ?1) ORDER BY position, id"));
  TRY(row.bind(1, change.tracking_id));
  std::vector<std::int64_t> files;
  while (TRY(row.step())) files.push_back(row.integer(0));
  if (files.empty()) return Ok{};
  const std::int64_t item = TRY(add_item(change.tracking_id, UpstreamKind::kFollowUp, 0, kLatePhotos, now));
  for (const std::int64_t file : files) TRY(run("INSERT INTO upstream_file(file_id, upstream_id) VALUES (?1, ?2)", file, with_item(item)));
  return Ok{};
}

Result<Ok> UpstreamStore::take_change(const Changed& change, std::int64_t own_caller, const Wanted& wanted, const Told& told,
                                      UnixMillis since, UnixMillis now) {
  std::string status_told = change.status_told;
  if (!change.is_linked) {
    if (change.is_brought) return Ok{};
    const bool is_new = change.received_at >= since;
    const auto status = report::status_from_name(change.status);
    const bool is_asked_about = is_new || (change.was_handed_on && status && is_open(*status));
    if (!is_asked_about || !wanted(change.agency_id, is_new)) return Ok{};
    status_told = report::status_name(report::Status::kUnverified);
    TRY(run("INSERT INTO upstream_report(tracking_id, origin, status_told, agency_told, follow_ups_after, status_seen, next_poll_at, "
            "poll_wait, news_at) VALUES (?1, 'ours', ?2, ?3, 0, '', 0, 0, 0)",
            change.tracking_id, status_told, change.agency_id));
    TRY(add_item(change.tracking_id, UpstreamKind::kCreate, 0, change.agency_id, now));
  }
  // A report that waits for its photos is looked at again when one has come.
  TRY(run("UPDATE outbox SET next_at = ?2 WHERE tracking_id = ?1 AND state = 'waiting' AND attempts = 0 AND next_at > ?2", change.tracking_id, now));
  TRY(take_late_photos(change, now));
  TRY(take_follow_ups(change, own_caller, now));

  const bool is_handed_on = change.is_linked && change.agency_id != change.agency_told;
  if (is_handed_on) TRY(add_item(change.tracking_id, UpstreamKind::kHandOn, 0, change.agency_id, now));
  if (change.status != status_told) {
    const auto from = report::status_from_name(status_told);
    const auto to = report::status_from_name(change.status);
    if (from && to && told(*from, *to)) TRY(add_item(change.tracking_id, UpstreamKind::kState, 0, change.status, now));
  }
  return run("UPDATE upstream_report SET status_told = ?1, agency_told = ?2, rating_told = ?3 WHERE tracking_id = ?4", change.status,
             change.agency_id, change.rating, change.tracking_id);
}

Result<int> UpstreamStore::take_changes(std::int64_t own_caller, const Wanted& wanted, const Told& told, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<int> {
    const std::int64_t cursor = number_of(TRY(setting_now("upstream_cursor")));
    const UnixMillis since = number_of(TRY(setting_now("upstream_since")));
    std::vector<Changed> changes;
    Statement row = TRY(sql_.prepare(
        "SELECT change.number, report.tracking_id, report.status, report.agency_id, report.received_at, report.rating, report.erased_at, "
        "CASE WHEN report.caller_id = ?3 OR (caller.kind = 'office' AND caller.name = ?4) THEN 1 ELSE 0 END, "
        "(SELECT count(*) FROM history WHERE history.tracking_id = report.tracking_id AND action IN ('hand-on', 'dispose') AND at >= ?5), "
        "upstream_report.tracking_id, upstream_report.status_told, upstream_report.agency_told, upstream_report.rating_told, "
        "upstream_report.follow_ups_after, CASE WHEN upstream_report.origin = 'ours' AND upstream_report.upstream_id IS NOT NULL THEN 1 ELSE 0 END "
        "FROM change JOIN report ON report.tracking_id = change.tracking_id JOIN caller ON caller.id = report.caller_id "
        "LEFT JOIN upstream_report ON upstream_report.tracking_id = change.tracking_id "
        "WHERE change.number > ?1 ORDER BY change.number LIMIT ?2"));
    TRY(row.bind_all(cursor, kMostChanges, own_caller, kFileCaller, since));
    while (TRY(row.step())) {
      changes.push_back({.number = row.integer(0), .tracking_id = row.integer(1), .status = row.text(2), .agency_id = row.text(3),
                         .received_at = row.integer(4), .rating = static_cast<int>(row.integer(5)), .is_erased = row.integer(6) > 0,
                         .is_brought = row.flag(7), .was_handed_on = row.flag(8), .is_linked = !row.is_null(9), .status_told = row.text(10),
                         .agency_told = row.text(11), .rating_told = static_cast<int>(row.integer(12)), .follow_ups_after = row.integer(13),
                         .is_ours_there = row.flag(14)});
    }
    for (const Changed& change : changes) TRY(take_change(change, own_caller, wanted, told, since, now));
    if (!changes.empty()) TRY(keep_setting("upstream_cursor", std::to_string(changes.back().number)));
    return static_cast<int>(changes.size());
  });
}

// --- The outbox -----------------------------------------------------------------------------------

Result<std::optional<UpstreamItem>> UpstreamStore::next_item(UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare(std::string(kItemColumns) +
      "WHERE state IN ('waiting', 'sending') AND next_at <= ?1 AND NOT EXISTS (SELECT 1 FROM outbox AS earlier "
      "WHERE earlier.tracking_id = item.tracking_id AND earlier.id < item.id AND earlier.state IN ('waiting', 'sending', 'asks')) "
      "ORDER BY next_at, id LIMIT 1"));
  TRY(row.bind(1, now));
  if (!TRY(row.step())) return std::optional<UpstreamItem>();
  return std::optional(read_item(row));
}

// Every leaving counts as an attempt, so an item with as many as when it was read has not left since.
Result<bool> UpstreamStore::item_leaves(UpstreamItem& item, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("UPDATE outbox SET state = 'sending', attempts = attempts + 1, sent_at = ?3 "
                                   "WHERE id = ?1 AND attempts = ?2 AND state IN ('waiting', 'sending')"));
  TRY(row.bind_all(item.id, item.attempts, now));
  TRY(row.run());
  if (row.changes() != 1) return false;
  ++item.attempts;
  item.sent_at = now;
  item.in_doubt = true;
  return true;
}

Result<Ok> UpstreamStore::item_done(std::int64_t id) {
  const SqlLock lock(sql_.mutex());
  return run("UPDATE outbox SET state = 'done', last_error = '' WHERE id = ?1", id);
}

Result<bool> UpstreamStore::is_done(std::int64_t id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT 1 FROM outbox WHERE id = ?1 AND state = 'done'"));
  TRY(row.bind(1, id));
  return row.step();
}

Result<Ok> UpstreamStore::item_waits(const UpstreamItem& item, UnixMillis next_at, std::string_view error, bool in_doubt) {
  const SqlLock lock(sql_.mutex());
  return run("UPDATE outbox SET state = ?3, next_at = ?4, last_error = ?5 WHERE id = ?1 AND attempts = ?2 AND state IN ('waiting', 'sending')",
             item.id, item.attempts, in_doubt ? "sending" : "waiting", next_at, error);
}

Result<Ok> UpstreamStore::item_rests(const UpstreamItem& item, std::string_view state, std::string_view error) {
  const SqlLock lock(sql_.mutex());
  return run("UPDATE outbox SET state = ?3, last_error = ?4 WHERE id = ?1 AND attempts = ?2 AND state IN ('waiting', 'sending')",
             item.id, item.attempts, state, error);
}

Result<Ok> UpstreamStore::hurry(UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return run("UPDATE outbox SET next_at = ?1 WHERE state IN ('waiting', 'sending') AND next_at > ?1", now);
}

Result<Ok> UpstreamStore::doubt_all() {
  const SqlLock lock(sql_.mutex());
  return run("UPDATE outbox SET state = 'sending', sent_at = CASE sent_at WHEN 0 THEN created_at ELSE sent_at END WHERE state = 'waiting'");
}

Result<UpstreamStore::Backlog> UpstreamStore::backlog() {
  const SqlLock lock(sql_.mutex());
  Backlog backlog{.counts = {{"waiting", 0}, {"sending", 0}, {"asks", 0}, {"refused", 0}}};
  Statement row = TRY(sql_.prepare("SELECT state, count(*), min(created_at) FROM outbox WHERE state <> 'done' GROUP BY state"));
  while (TRY(row.step())) {
    backlog.counts[row.text(0)] = row.integer(1);
    const UnixMillis since = row.integer(2);
    if (row.text(0) != "refused" && (backlog.oldest_at == 0 || since < backlog.oldest_at)) backlog.oldest_at = since;
  }
  return backlog;
}

Result<std::vector<UpstreamItem>> UpstreamStore::troubled() {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare(std::string(kItemColumns) +
      "WHERE state IN ('asks', 'refused') OR (state IN ('waiting', 'sending') AND last_error <> '') ORDER BY id"));
  std::vector<UpstreamItem> items;
  while (TRY(row.step())) items.push_back(read_item(row));
  return items;
}

Result<bool> UpstreamStore::is_handing_on(std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT 1 FROM outbox WHERE tracking_id = ?1 AND kind = 'hand-on' AND state IN ('waiting', 'sending', 'asks')"));
  TRY(row.bind(1, tracking_id));
  return row.step();
}

Result<bool> UpstreamStore::has_handed_on(std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT 1 FROM outbox WHERE tracking_id = ?1 AND kind = 'hand-on'"));
  TRY(row.bind(1, tracking_id));
  return row.step();
}

Result<Ok> UpstreamStore::send_again(std::int64_t tracking_id, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("UPDATE outbox SET state = 'waiting', next_at = ?2 WHERE tracking_id = ?1 AND state IN ('asks', 'refused')"));
  TRY(row.bind_all(tracking_id, now));
  TRY(row.run());
  if (row.changes() > 0) return Ok{};
  return Error{ErrorCode::kNotFound, "", "Tidak ada yang ditolak atau perlu ditentukan pada laporan ini."};
}

Result<bool> UpstreamStore::recognise(std::int64_t tracking_id, std::int64_t item_id, std::string_view upstream_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("UPDATE outbox SET upstream_id = ?3, state = 'done', last_error = '' WHERE id = ?2 AND tracking_id = ?1 "
                                   "AND upstream_id IN ('', ?3) AND sent_at > 0 AND kind IN ('follow-up', 'state')"));
  TRY(row.bind_all(tracking_id, item_id, upstream_id));
  TRY(row.run());
  return row.changes() == 1;
}

// --- Reports --------------------------------------------------------------------------------------

Result<std::optional<UpstreamReport>> UpstreamStore::find_report(std::string_view where, std::string_view value) {
  Statement row = TRY(sql_.prepare(std::string(kReportColumns) + "WHERE " + std::string(where) + " = ?1"));
  TRY(row.bind(1, value));
  if (!TRY(row.step())) return std::optional<UpstreamReport>();
  return std::optional(read_report(row));
}

Result<std::optional<UpstreamReport>> UpstreamStore::report(std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  return find_report("tracking_id", std::to_string(tracking_id));
}

Result<bool> UpstreamStore::is_erased_now(std::int64_t tracking_id) {
  Statement row = TRY(sql_.prepare("SELECT 1 FROM report WHERE tracking_id = ?1 AND erased_at > 0"));
  TRY(row.bind(1, tracking_id));
  return row.step();
}

Result<bool> UpstreamStore::is_erased(std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  return is_erased_now(tracking_id);
}

Result<UpstreamStore::Whose> UpstreamStore::whose(const UpstreamMark& mark, UnixMillis complaint_at) {
  if (mark.item != 0) return Whose::kTheirs;  // of a follow-up, which is no complaint
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare(
      "SELECT received_at, erased_at, upstream_report.upstream_id, (SELECT count(*) FROM outbox "
      "WHERE outbox.tracking_id = report.tracking_id AND kind = 'create' AND sent_at > 0) "
      "FROM report LEFT JOIN upstream_report ON upstream_report.tracking_id = report.tracking_id WHERE report.tracking_id = ?1"));
  TRY(row.bind(1, mark.tracking_id));
  if (!TRY(row.step())) return Whose::kTheirs;
  if (row.integer(1) > 0) return Whose::kOurs;  // what the citizen had erased does not come back
  if (!row.is_null(2) || row.integer(3) == 0) return Whose::kTheirs;
  return is_older_than_its_report(complaint_at, row.integer(0)) ? Whose::kOurs : Whose::kMissed;
}

Result<std::optional<UpstreamReport>> UpstreamStore::report_there(std::string_view upstream_id) {
  const SqlLock lock(sql_.mutex());
  return find_report("upstream_id", upstream_id);
}

Result<bool> UpstreamStore::set_upstream_id(std::int64_t tracking_id, std::string_view upstream_id, UnixMillis poll_at, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<bool> {
    if (TRY(is_erased_now(tracking_id))) return false;
    TRY(run("UPDATE upstream_report SET upstream_id = ?2, next_poll_at = ?3 WHERE tracking_id = ?1", tracking_id, upstream_id, poll_at));
    TRY(run("UPDATE outbox SET state = 'done', last_error = '' WHERE tracking_id = ?1 AND kind = 'create'", tracking_id));
    TRY(add_note(tracking_id, "Diteruskan ke SP4N-LAPOR!, nomor " + std::string(upstream_id), now));
    return true;
  });
}

Result<Ok> UpstreamStore::add_theirs(std::int64_t tracking_id, std::string_view upstream_id, UnixMillis poll_at) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Ok> {
    Statement row = TRY(sql_.prepare(
        "INSERT INTO upstream_report(tracking_id, upstream_id, origin, status_told, agency_told, follow_ups_after, status_seen, "
        "next_poll_at, poll_wait, news_at) SELECT tracking_id, ?2, 'theirs', status, agency_id, 0, '', ?3, 0, 0 FROM report "
        "WHERE tracking_id = ?1 ON CONFLICT(tracking_id) DO NOTHING"));
    TRY(row.bind_all(tracking_id, upstream_id, poll_at));
    TRY(row.run());
    if (row.changes() == 0) return Ok{};
    // An officer may have answered it before it was known to be theirs: its changes are read once more.
    TRY(run("DELETE FROM change WHERE tracking_id = ?1", tracking_id));
    return run("INSERT INTO change(tracking_id) VALUES (?1)", tracking_id);
  });
}

Result<Ok> UpstreamStore::add_theirs_at_once(std::int64_t tracking_id, std::string_view upstream_id, UnixMillis poll_at) {
  return run("INSERT INTO upstream_report(tracking_id, upstream_id, origin, status_told, agency_told, follow_ups_after, status_seen, "
             "next_poll_at, poll_wait, news_at) SELECT tracking_id, ?2, 'theirs', status, agency_id, 0, '', ?3, 0, 0 FROM report "
             "WHERE tracking_id = ?1",
             tracking_id, upstream_id, poll_at);
}

Result<std::string> UpstreamStore::told(std::string_view column, std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT " + std::string(column) + " FROM upstream_report WHERE tracking_id = ?1"));
  TRY(row.bind(1, tracking_id));
  return TRY(row.step()) ? row.text(0) : std::string();
}

Result<std::string> UpstreamStore::status_told(std::int64_t tracking_id) { return told("status_told", tracking_id); }

Result<std::string> UpstreamStore::agency_told(std::int64_t tracking_id) { return told("agency_told", tracking_id); }

Result<Ok> UpstreamStore::status_is_told(std::int64_t tracking_id, std::string_view status) {
  const SqlLock lock(sql_.mutex());
  return run("UPDATE upstream_report SET status_told = ?2 WHERE tracking_id = ?1", tracking_id, status);
}

Result<Ok> UpstreamStore::agency_is_told(std::int64_t tracking_id, std::string_view agency_id) {
  const SqlLock lock(sql_.mutex());
  return run("UPDATE upstream_report SET agency_told = ?2 WHERE tracking_id = ?1", tracking_id, agency_id);
}

Result<Ok> UpstreamStore::note(std::int64_t tracking_id, std::string_view text, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&] { return add_note(tracking_id, text, now); });
}

Result<Ok> UpstreamStore::add_note(std::int64_t tracking_id, std::string_view text, UnixMillis now) {
  if (TRY(is_erased_now(tracking_id))) return Ok{};
  return run("INSERT INTO history(tracking_id, at, text, status_new, institution) VALUES (?1, ?2, ?3, '', 'SP4N-LAPOR!')", tracking_id, now, text);
}

Result<std::vector<UpstreamReport>> UpstreamStore::due_polls(UnixMillis now, int limit) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare(std::string(kReportColumns) +
                                   "WHERE next_poll_at > 0 AND next_poll_at <= ?1 AND upstream_id IS NOT NULL ORDER BY next_poll_at LIMIT ?2"));
  TRY(row.bind_all(now, limit));
  std::vector<UpstreamReport> reports;
  while (TRY(row.step())) reports.push_back(read_report(row));
  return reports;
}

Result<Ok> UpstreamStore::polled(std::int64_t tracking_id, std::string_view status_seen, UnixMillis next_at, UnixMillis wait, UnixMillis news_at) {
  const SqlLock lock(sql_.mutex());
  return run("UPDATE upstream_report SET status_seen = ?2, next_poll_at = ?3, poll_wait = ?4, news_at = ?5 WHERE tracking_id = ?1 "
             "AND EXISTS (SELECT 1 FROM report WHERE tracking_id = ?1 AND erased_at = 0)",
             tracking_id, status_seen, next_at, wait, news_at);
}

Result<Ok> UpstreamStore::poll_by(std::int64_t tracking_id, UnixMillis at) {
  const SqlLock lock(sql_.mutex());
  return run("UPDATE upstream_report SET next_poll_at = ?2, poll_wait = 0 WHERE tracking_id = ?1 AND (next_poll_at = 0 OR next_poll_at > ?2) "
             "AND EXISTS (SELECT 1 FROM report WHERE tracking_id = ?1 AND erased_at = 0)",
             tracking_id, at);
}

// --- Seen, files ----------------------------------------------------------------------------------

Result<bool> UpstreamStore::was_seen(std::int64_t tracking_id, std::string_view upstream_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT 1 FROM upstream_seen WHERE tracking_id = ?1 AND upstream_id = ?2"));
  TRY(row.bind_all(tracking_id, upstream_id));
  return row.step();
}

Result<Ok> UpstreamStore::set_seen(std::int64_t tracking_id, std::string_view upstream_id) {
  const SqlLock lock(sql_.mutex());
  return set_seen_at_once(tracking_id, upstream_id);
}

Result<Ok> UpstreamStore::set_seen_at_once(std::int64_t tracking_id, std::string_view upstream_id) {
  return run("INSERT INTO upstream_seen(tracking_id, upstream_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING", tracking_id, upstream_id);
}

Result<Ok> UpstreamStore::note_seen(std::int64_t tracking_id, std::string_view upstream_id, std::string_view text, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Ok> {
    Statement row = TRY(sql_.prepare("INSERT INTO upstream_seen(tracking_id, upstream_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING"));
    TRY(row.bind_all(tracking_id, upstream_id));
    TRY(row.run());
    return row.changes() == 1 ? add_note(tracking_id, text, now) : Ok{};
  });
}

Result<int> UpstreamStore::count_try(std::string_view address) {
  const SqlLock lock(sql_.mutex());
  const std::string name = name_of_tries(address);
  const std::int64_t tries = number_of(TRY(setting_now(name))) + 1;
  TRY(keep_setting(name, std::to_string(tries)));
  return static_cast<int>(tries);
}

Result<Ok> UpstreamStore::forget_tries(std::string_view address) {
  const SqlLock lock(sql_.mutex());
  return run("DELETE FROM setting WHERE name = ?1", name_of_tries(address));
}

Result<std::optional<std::string>> UpstreamStore::file_there(std::int64_t file_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT upstream_id FROM upstream_file WHERE file_id = ?1"));
  TRY(row.bind(1, file_id));
  if (!TRY(row.step())) return std::optional<std::string>();
  return std::optional(row.text(0));
}

Result<Ok> UpstreamStore::set_file_there(std::int64_t file_id, std::string_view upstream_id) {
  const SqlLock lock(sql_.mutex());
  // It may have been erased while it was sent.
  return run("INSERT INTO upstream_file(file_id, upstream_id) SELECT id, ?2 FROM file WHERE id = ?1 ON CONFLICT DO NOTHING", file_id, upstream_id);
}

Result<UpstreamStore::Words> UpstreamStore::words(std::int64_t follow_up_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT rating, is_secret FROM follow_up WHERE id = ?1"));
  TRY(row.bind(1, follow_up_id));
  if (!TRY(row.step())) return Words{};
  return Words{static_cast<int>(row.integer(0)), row.flag(1)};
}

}  // namespace titik::serve
