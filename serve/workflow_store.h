// The workflow as it is kept: every change of a report's state goes through here, and nothing else writes it. The
// rules are serve/case.h's; here a step is one transaction that reads the case, takes the step, and writes the case,
// its lines of history with who did it, and the words that go into the thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/case.h"
#include "serve/repository.h"
#include "serve/sql.h"

namespace titik::serve {

// What goes into the thread with a step: Step::text and the files are its content.
struct Words {
  std::string key;  // Idempotency-Key; empty: none
  std::string institution_to;
  std::string template_code;
  std::vector<NewFile> files;
  bool is_secret = false;  // for the reporter and the office alone
};

struct Done {
  Case subject;                    // as it is now
  Action counted = Action::kVerify;
  std::int64_t follow_up_id = 0;   // 0: nothing went into the thread
};

// A line of the history with everything that is known of it, for the office.
struct AuditLine {
  UnixMillis at = 0;
  std::string action, status_old, status_new, text, institution, note;
  std::string actor_kind, actor_role, actor_name;
  std::int64_t actor_id = 0;
};

struct CaseRow {
  std::int64_t tracking_id = 0;
  std::string title;
  bool is_secret = false;
  Case subject;
};

struct CaseFilter {
  std::optional<report::Status> status;
  std::string agency_id;         // empty: all
  UnixMillis overdue_at = 0;     // 0: all; else those whose follow-up clock has run out by then
  // What was read last; without it from the first on. Newest first; `by_due`: what is to be done soonest first.
  struct After { std::int64_t tracking_id = 0; UnixMillis due_at = 0; };
  std::optional<After> after = {};
  bool by_due = false;
  int limit = 50;
  std::optional<Level> level = {};  // who it lies with
  bool is_open = false;             // neither closed nor archived
};

// When something must have been done with it: the follow-up clock, and the answer to a citizen who disputes what was
// done. What has no such time comes after all that have.
UnixMillis next_due(const CaseRow& row);

// What one round of the scheduler did.
struct Tick {
  int escalated = 0;
  int closed = 0;
  int archived = 0;
  std::vector<Error> faults;  // of reports that could not be worked on; the others were
};

class Workflow {
 public:
  Workflow(Sql& sql, CityRules city) : sql_(sql), city_(std::move(city)) {}

  [[nodiscard]] const CityRules& city() const { return city_; }

  // Errors as take() has them, and kNotFound. With `words` the step's text and files go into the thread, once for each
  // key: the same words again answer as the first time; other words under the key are a kConflict.
  Result<Done> take(std::int64_t tracking_id, const Actor& actor, const Step& step, UnixMillis now);
  Result<Done> write(std::int64_t tracking_id, const Actor& actor, Step step, const Words& words, UnixMillis now);

  Result<CaseRow> row(std::int64_t tracking_id);
  Result<std::vector<CaseRow>> rows(const CaseFilter& filter);
  Result<std::vector<AuditLine>> audit(std::int64_t tracking_id);  // oldest first

  // Takes every step of time that is due: escalations, and closing after the citizen's silence. Any number of
  // processes may do it at once, and again: each step is taken once.
  Result<Tick> tick(UnixMillis now);

 private:
  // With the mutex held, in a transaction.
  Result<CaseRow> load(std::int64_t tracking_id);
  Result<Ok> check_seen(std::int64_t tracking_id, std::int64_t follow_up_id);  // Step::seen
  Result<Ok> hide(std::int64_t tracking_id);
  Result<Done> step_in_transaction(std::int64_t tracking_id, const Actor& actor, const Step& step, UnixMillis now);
  Result<std::int64_t> insert_words(std::int64_t tracking_id, const Actor& actor, Action counted, const Step& step,
                                    const Words& words, std::string_view content_sha256, UnixMillis now);
  Result<std::vector<std::int64_t>> due(std::string_view column, UnixMillis now, std::int64_t after);

  Sql& sql_;
  CityRules city_;
};

// For Repository::create_report(), in its transaction: the first state, and lines of history.
Result<Ok> save_case(Sql& sql, std::int64_t tracking_id, const Case& subject);
Result<Ok> add_history(Sql& sql, std::int64_t tracking_id, const AuditLine& line);

}  // namespace titik::serve
