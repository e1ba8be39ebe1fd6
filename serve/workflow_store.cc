#include "serve/workflow_store.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "base/utf8.h"
#include "serve/crypto.h"
#include "serve/schema.h"

namespace titik::serve {
namespace {

using report::Status;

constexpr int kMostDue = 500;  // of one question

// The columns of a case, in the order in which read_case() and save_case() have them. The times last.
constexpr std::string_view kCaseColumns =
    "status, before_hold, agency_id, category_id, classification, hand_ons, rating, level, "
    "received_at, clocks_started_at, verify_due_at, verified_at, answer_due_at, answered_at, response_due_at, "
    "response_stopped_at, follow_up_due_at, follow_up_stopped_at, held_at, closes_at, closed_at, escalates_at";
constexpr std::array kTimes = {
    &ReportTimes::received_at,         &ReportTimes::clocks_started_at, &ReportTimes::verify_due_at,
    &ReportTimes::verified_at,         &ReportTimes::answer_due_at,     &ReportTimes::answered_at,
    &ReportTimes::response_due_at,     &ReportTimes::response_stopped_at, &ReportTimes::follow_up_due_at,
    &ReportTimes::follow_up_stopped_at, &ReportTimes::held_at,          &ReportTimes::closes_at,
    &ReportTimes::closed_at,           &ReportTimes::escalates_at};

constexpr UnixMillis kNever = 9'000'000'000'000'000;  // as kNextDue

Status status_of(const std::string& name) { return report::status_from_name(name).value_or(Status::kUnverified); }

Case read_case(const Statement& row, int column) {
  Case subject;
  subject.status = status_of(row.text(column));
  subject.before_hold = status_of(row.text(column + 1));
  subject.agency_id = row.text(column + 2);
  subject.category_id = row.text(column + 3);
  subject.classification = report::classification_from_number(row.integer(column + 4)).value_or(report::Classification::kComplaint);
  subject.hand_ons = static_cast<int>(row.integer(column + 5));
  subject.rating = static_cast<int>(row.integer(column + 6));
  const std::int64_t level = row.integer(column + 7);
  subject.times.level = level == 2 ? Level::kMayor : level == 1 ? Level::kHead : Level::kLiaison;
  int at = column + 8;
  for (const auto time : kTimes) subject.times.*time = row.integer(at++);
  return subject;
}

AuditLine line_of(const HistoryLine& line, const Actor& actor, UnixMillis now) {
  const bool changed = line.from != line.to;
  return {.at = now,
          .action = std::string(action_name(line.action)),
          .status_old = changed ? std::string(report::status_name(line.from)) : "",
          .status_new = changed ? std::string(report::status_name(line.to)) : "",
          .text = line.text,
          .institution = line.institution,
          .note = line.note,
          .actor_kind = std::string(actor_kind_name(actor.kind)),
          .actor_role = std::string(role_name(actor.role)),
          .actor_name = actor.role == Role::kCitizen ? "" : actor.name,
          .actor_id = actor.id};
}

std::string_view kind_of(Action counted) {
  switch (counted) {
    case Action::kReply:
    case Action::kReopen:
    case Action::kRate: return "citizen";
    default: return action_name(counted);  // as lapor::follow_up_kind_name()
  }
}

std::string content_hash(std::int64_t tracking_id, const Step& step, const Words& words) {
  // Not whose name stands at it: between a step and its retry the report may have gone to another agency. The empty
  // line is its place in hashes that were stored without it.
  std::string text = std::to_string(tracking_id) + '\n' + std::string(action_name(step.action)) + "\n\n" + words.institution_to + '\n' + words.template_code + '\n' +
                     std::to_string(step.rating) + '\n';
  for (const NewFile& file : words.files) text += file.sha256 + '\n';
  return sha256_hex(text + step.text);
}

}  // namespace

UnixMillis next_due(const CaseRow& row) {
  const ReportTimes& times = row.subject.times;
  if (times.held_at != 0 || times.closed_at != 0) return kNever;
  if (times.follow_up_stopped_at == 0 && times.follow_up_due_at > 0) return times.follow_up_due_at;
  return row.subject.status == Status::kAnsweredByCitizen && times.escalates_at > 0 ? times.escalates_at : kNever;
}

Result<Ok> save_case(Sql& sql, std::int64_t tracking_id, const Case& subject) {
  std::string assignments;
  int parameter = 0;
  for (std::size_t at = 0; at < kCaseColumns.size();) {
    const std::size_t end = std::min(kCaseColumns.find(", ", at), kCaseColumns.size());
    assignments += assignments.empty() ? "" : ", ";
    assignments += std::string(kCaseColumns.substr(at, end - at)) + " = ?" + std::to_string(++parameter);
    at = end + 2;
  }
  Statement row = TRY(sql.prepare("UPDATE report SET " + assignments + " WHERE tracking_id = ?" + std::to_string(parameter + 1)));
  TRY(row.bind(1, report::status_name(subject.status)));
  TRY(row.bind(2, report::status_name(subject.before_hold)));
  TRY(row.bind(3, subject.agency_id));
  TRY(row.bind(4, subject.category_id));
  TRY(row.bind(5, static_cast<int>(subject.classification)));
  TRY(row.bind(6, subject.hand_ons));
  TRY(row.bind(7, subject.rating));
  TRY(row.bind(8, static_cast<int>(subject.times.level)));
  int at = 9;
  for (const auto time : kTimes) TRY(row.bind(at++, subject.times.*time));
  TRY(row.bind(at, tracking_id));
  return row.run();
}

Result<Ok> add_history(Sql& sql, std::int64_t tracking_id, const AuditLine& line) {
  Statement row = TRY(sql.prepare(
      "INSERT INTO history(tracking_id, at, text, status_new, institution, action, status_old, note, actor_kind, "
      "actor_role, actor_id, actor_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"));
  TRY(row.bind_all(tracking_id, line.at, line.text, line.status_new, line.institution, line.action, line.status_old,
                   line.note, line.actor_kind, line.actor_role, line.actor_id, line.actor_name));
  return row.run();
}

Result<CaseRow> Workflow::load(std::int64_t tracking_id) {
  Statement row = TRY(sql_.prepare("SELECT tracking_id, title, is_secret, " + std::string(kCaseColumns) +
                                   " FROM report WHERE tracking_id = ?1"));
  TRY(row.bind(1, tracking_id));
  if (!TRY(row.step())) return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  return CaseRow{row.integer(0), row.text(1), row.flag(2), read_case(row, 3)};
}

Result<Ok> Workflow::check_seen(std::int64_t tracking_id, std::int64_t follow_up_id) {
  Statement later = TRY(sql_.prepare("SELECT 1 FROM follow_up WHERE tracking_id = ?1 AND id > ?2 AND kind = 'citizen' LIMIT 1"));
  TRY(later.bind_all(tracking_id, follow_up_id));
  if (!TRY(later.step())) return Ok{};
  return Error{ErrorCode::kConflict, "seen", "Pelapor menulis lagi sementara itu. Baca dahulu, lalu kirim lagi."};
}

Result<Ok> Workflow::hide(std::int64_t tracking_id) {
  Statement row = TRY(sql_.prepare("UPDATE report SET erased_from_public = CASE is_secret WHEN 0 THEN 1 ELSE erased_from_public END, "
                                   "is_secret = 1 WHERE tracking_id = ?1"));
  TRY(row.bind(1, tracking_id));
  return row.run();
}

Result<Done> Workflow::step_in_transaction(std::int64_t tracking_id, const Actor& actor, const Step& step, UnixMillis now) {
  Done done{.subject = TRY(load(tracking_id)).subject};
  if (step.seen) TRY(check_seen(tracking_id, *step.seen));
  const Outcome outcome = TRY(serve::take(done.subject, actor, step, now, city_));
  done.counted = outcome.counted;
  TRY(save_case(sql_, tracking_id, done.subject));
  if (done.counted == Action::kHide) TRY(hide(tracking_id));
  for (const HistoryLine& line : outcome.lines) TRY(add_history(sql_, tracking_id, line_of(line, actor, now)));
  return done;
}

Result<Done> Workflow::take(std::int64_t tracking_id, const Actor& actor, const Step& step, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&] { return step_in_transaction(tracking_id, actor, step, now); });
}

Result<Done> Workflow::write(std::int64_t tracking_id, const Actor& actor, Step step, const Words& words, UnixMillis now) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Done> {
    step.files = static_cast<int>(words.files.size());
    const std::string hash = content_hash(tracking_id, step, words);
    // 1. A key that is known answers as it did.
    if (!words.key.empty()) {
      Statement known = TRY(sql_.prepare("SELECT id, caller_id, content_sha256, kind FROM follow_up WHERE idempotency_key = ?1"));
      TRY(known.bind(1, words.key));
      if (TRY(known.step())) {
        if (known.integer(1) != actor.caller_id || known.text(2) != hash) {
          return Error{ErrorCode::kConflict, "Idempotency-Key", "Nomor tanggapan ini sudah dipakai untuk isi yang lain."};
        }
        Done done{.subject = {}, .counted = step.action, .follow_up_id = known.integer(0)};
        if (known.text(3) == action_name(Action::kAcknowledge)) done.counted = Action::kAcknowledge;
        done.subject = TRY(load(tracking_id)).subject;
        return done;
      }
    }
    // 2. The same rating once more says nothing new.
    const bool has_words = !trimmed(step.text).empty() || step.files > 0;
    if (step.action == Action::kRate && !has_words) {
      Done done{.subject = TRY(load(tracking_id)).subject, .counted = Action::kRate};
      if (done.subject.rating == step.rating && step.rating != 0) return done;
    }
    // 3. The step, and its words.
    Done done = TRY(step_in_transaction(tracking_id, actor, step, now));
    if (has_words) done.follow_up_id = TRY(insert_words(tracking_id, actor, done.counted, step, words, hash, now));
    return done;
  });
}

Result<std::int64_t> Workflow::insert_words(std::int64_t tracking_id, const Actor& actor, Action counted, const Step& step,
                                            const Words& words, std::string_view content_sha256, UnixMillis now) {
  Statement row = TRY(sql_.prepare(
      "INSERT INTO follow_up(tracking_id, caller_id, idempotency_key, content_sha256, kind, institution_from, "
      "institution_to, at, template_code, content, rating, is_secret) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
      "RETURNING id"));
  TRY(row.bind(1, tracking_id));
  TRY(row.bind(2, actor.caller_id));
  TRY(words.key.empty() ? row.bind_null(3) : row.bind(3, words.key));
  TRY(row.bind(4, content_sha256));
  TRY(row.bind(5, kind_of(counted)));
  TRY(row.bind(6, step.institution));
  TRY(row.bind(7, words.institution_to));
  TRY(row.bind(8, now));
  TRY(row.bind(9, words.template_code));
  TRY(row.bind(10, step.text));
  TRY(row.bind(11, step.rating));
  TRY(row.bind(12, words.is_secret));
  const std::int64_t id = TRY(row.insert());
  int position = 0;
  for (const NewFile& file : words.files) {
    Statement attach = TRY(sql_.prepare(
        "INSERT INTO file(caller_id, sha256, bytes, mime, file_name, uploaded_at, tracking_id, follow_up_id, "
        "position) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
    TRY(attach.bind_all(actor.caller_id, file.sha256, file.bytes, file.mime, file.file_name, now, tracking_id, id, position++));
    TRY(attach.run());
  }
  if (!words.files.empty() && kind_of(counted) == "citizen") {  // a photo that came after the others went is due too (retention.h)
    Statement due = TRY(sql_.prepare("UPDATE report SET photos_removed_at = 0 WHERE tracking_id = ?1 AND photos_removed_at <> 0"));
    TRY(due.bind(1, tracking_id));
    TRY(due.run());
  }
  return id;
}

Result<CaseRow> Workflow::row(std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  return load(tracking_id);
}

Result<std::vector<CaseRow>> Workflow::rows(const CaseFilter& filter) {
  const SqlLock lock(sql_.mutex());
  std::string where = "0 = 0";
  std::vector<std::variant<std::string, std::int64_t>> values;
  const auto value = [&](std::variant<std::string, std::int64_t> one) {
    values.push_back(std::move(one));
    return "?" + std::to_string(values.size());
  };
  if (filter.status) where += " AND status = " + value(std::string(report::status_name(*filter.status)));
  if (!filter.agency_id.empty()) where += " AND agency_id = " + value(filter.agency_id);
  if (filter.overdue_at != 0) {
    where += " AND held_at = 0 AND closed_at = 0 AND ((follow_up_stopped_at = 0 AND follow_up_due_at <= " + value(filter.overdue_at) +
             ") OR (follow_up_stopped_at <> 0 AND status = 'ditanggapi_pelapor' AND level > 0))";
  }
  if (filter.level) where += " AND level = " + value(std::int64_t{static_cast<int>(*filter.level)});
  if (filter.is_open) where += " AND closed_at = 0";  // in these words: the indexes report_open_… have them
  if (filter.after) {
    const std::string id = value(filter.after->tracking_id);
    if (filter.by_due) {
      const std::string due = value(filter.after->due_at);
      where += " AND " + std::string(kNextDue) + " >= " + due + " AND (" + std::string(kNextDue) + " > " + due + " OR tracking_id < " + id + ")";
    } else {
      where += " AND tracking_id < " + id;
    }
  }
  Statement row = TRY(sql_.prepare("SELECT tracking_id, title, is_secret, " + std::string(kCaseColumns) + " FROM report WHERE " + where +
                                   " ORDER BY " + (filter.by_due ? std::string(kNextDue) + ", " : "") + "tracking_id DESC LIMIT " +
                                   std::to_string(filter.limit)));
  for (std::size_t i = 0; i < values.size(); ++i) {
    TRY(std::visit([&](const auto& one) { return row.bind(static_cast<int>(i) + 1, one); }, values[i]));
  }
  std::vector<CaseRow> out;
  while (TRY(row.step())) out.push_back({row.integer(0), row.text(1), row.flag(2), read_case(row, 3)});
  return out;
}

Result<std::vector<AuditLine>> Workflow::audit(std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare(
      "SELECT at, action, status_old, status_new, text, institution, note, actor_kind, actor_role, actor_name, actor_id "
      "FROM history WHERE tracking_id = ?1 ORDER BY id"));
  TRY(row.bind(1, tracking_id));
  std::vector<AuditLine> out;
  while (TRY(row.step())) {
    out.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6),
                   row.text(7), row.text(8), row.text(9), row.integer(10)});
  }
  return out;
}

Result<std::vector<std::int64_t>> Workflow::due(std::string_view column, UnixMillis now, std::int64_t after) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT tracking_id FROM report WHERE " + std::string(column) + " > 0 AND " + std::string(column) +
                                   " <= ?1 AND held_at = 0 AND tracking_id > ?2 ORDER BY tracking_id LIMIT ?3"));
  TRY(row.bind_all(now, after, kMostDue));
  std::vector<std::int64_t> ids;
  while (TRY(row.step())) ids.push_back(row.integer(0));
  return ids;
}

Result<Tick> Workflow::tick(UnixMillis now) {
  const Actor system = system_actor();
  Tick tick;
  // Each step is a transaction of its own that looks again whether it is due: another process may have taken it, or a
  // citizen may have answered. The mutex is free between them, so that requests do not wait for a long list.
  const auto try_step = [&](std::int64_t id, Action action, int& count) {
    const Result<Done> done = take(id, system, {.action = action}, now);
    if (done.ok()) ++count;
    else if (done.error().code != ErrorCode::kConflict) tick.faults.push_back(done.error());
    return done.ok();
  };
  for (std::int64_t after = 0;;) {
    const std::vector<std::int64_t> ids = TRY(due("escalates_at", now, after));
    for (const std::int64_t id : ids) try_step(id, Action::kEscalate, tick.escalated);
    if (ids.size() < kMostDue) break;
    after = ids.back();
  }
  for (std::int64_t after = 0;;) {
    const std::vector<std::int64_t> ids = TRY(due("closes_at", now, after));
    for (const std::int64_t id : ids) {
      if (!try_step(id, Action::kCloseSilent, tick.closed)) try_step(id, Action::kArchiveSilent, tick.archived);
    }
    if (ids.size() < kMostDue) break;
    after = ids.back();
  }
  return tick;
}

}  // namespace titik::serve
