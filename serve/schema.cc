#include "serve/schema.h"

#include <array>
#include <string>

#include "serve/schema_public.h"

namespace titik::serve {
namespace {

// Version 1. Times are milliseconds since 1970, 0 for "not yet"; states and kinds are names, not numbers.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE setting(
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT;
-- Who may call: phones ('device'), other systems ('integration'), and 'office' for the command line.
CREATE TABLE caller(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK(kind IN ('device', 'integration', 'office')),
  name TEXT NOT NULL,
  token_sha256 TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE report(
  tracking_id INTEGER PRIMARY KEY AUTOINCREMENT,
  caller_id INTEGER NOT NULL REFERENCES caller(id),
  report_id TEXT UNIQUE,               -- the Idempotency-Key; NULL when none was sent
  content_sha256 TEXT NOT NULL,        -- of the canonical content: same key, same content?
  request TEXT NOT NULL,               -- everything the citizen wrote, as lapor::write_create()
  title TEXT NOT NULL,
  category_id TEXT NOT NULL,
  is_secret INTEGER NOT NULL,
  latitude REAL, longitude REAL,
  agency_id TEXT NOT NULL,
  status TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  follow_up_due_at INTEGER NOT NULL,
  follow_up_stopped_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX report_received ON report(received_at);
CREATE TABLE history(
  id INTEGER PRIMARY KEY,
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id),
  at INTEGER NOT NULL,
  text TEXT NOT NULL,
  status_new TEXT NOT NULL,            -- status_name, or '' when the entry changes none
  institution TEXT NOT NULL
) STRICT;
CREATE INDEX history_of_report ON history(tracking_id, id);
CREATE TABLE follow_up(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id),
  caller_id INTEGER NOT NULL REFERENCES caller(id),
  idempotency_key TEXT UNIQUE,
  content_sha256 TEXT NOT NULL,
  kind TEXT NOT NULL,
  institution_from TEXT NOT NULL,
  institution_to TEXT NOT NULL,
  at INTEGER NOT NULL,
  template_code TEXT NOT NULL,
  content TEXT NOT NULL,
  rating INTEGER NOT NULL
) STRICT;
CREATE INDEX follow_up_of_report ON follow_up(tracking_id, id);
-- The bytes are in the file store, under the hash.
CREATE TABLE file(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  caller_id INTEGER NOT NULL REFERENCES caller(id),
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  mime TEXT NOT NULL,
  file_name TEXT NOT NULL,
  uploaded_at INTEGER NOT NULL,
  tracking_id INTEGER REFERENCES report(tracking_id),  -- NULL: waits for its report
  follow_up_id INTEGER REFERENCES follow_up(id),       -- NULL: belongs to the report itself
  position INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX file_waiting ON file(caller_id, sha256) WHERE tracking_id IS NULL;
CREATE INDEX file_of_report ON file(tracking_id);
)sql";
// Where the public numbers begin.
constexpr const char* kSqlite1 = "INSERT INTO sqlite_sequence(name, seq) VALUES ('report', 7000000), ('caller', 1000), ('file', 500);";
constexpr const char* kPostgresql1 = R"sql(
ALTER TABLE report ALTER COLUMN tracking_id RESTART WITH 7000001;
ALTER TABLE caller ALTER COLUMN id RESTART WITH 1001;
ALTER TABLE file ALTER COLUMN id RESTART WITH 501;
)sql";

// Version 2. Phones beside the one that made the report which sent it too: a report that was carried to
// another phone in a file belongs to both.
constexpr const char* kVersion2 = R"sql(
CREATE TABLE follower(
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id),
  caller_id INTEGER NOT NULL REFERENCES caller(id),
  PRIMARY KEY(tracking_id, caller_id)
) STRICT, WITHOUT ROWID;
)sql";

// Version 3. Uploads that come in several requests; their bytes are under partial/. Ids begin where those
// of files end, so that either can stand in a report's attachments: a decimal of ten digits at most.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE upload(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  caller_id INTEGER NOT NULL REFERENCES caller(id),
  length INTEGER NOT NULL,
  metadata TEXT NOT NULL,              -- as it came
  sha256 TEXT NOT NULL,                -- that the phone told; '' when it did not
  file_name TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  file_id INTEGER REFERENCES file(id)  -- NULL: not all has come
) STRICT;
CREATE INDEX upload_expires ON upload(expires_at);
CREATE INDEX upload_of_caller ON upload(caller_id);
)sql";
constexpr const char* kSqlite3 = "INSERT INTO sqlite_sequence(name, seq) VALUES ('upload', 5000000000);";
constexpr const char* kPostgresql3 = "ALTER TABLE upload ALTER COLUMN id RESTART WITH 5000000001;";

// Version 4. Photos that a report names and that are still to come: words go first.
constexpr const char* kVersion4 = R"sql(
CREATE TABLE pending_photo(
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id),
  sha256 TEXT NOT NULL,
  position INTEGER NOT NULL,           -- among the report's photos
  PRIMARY KEY(tracking_id, sha256)
) STRICT, WITHOUT ROWID;
)sql";

// Version 5. The order in which reports changed: one row a report, its number the highest when anything that a
// phone is told of it changes. A phone that remembers a number asks for what came after. Not by REPLACE: in a
// trigger the statement that fired it decides about conflicts, and that may say IGNORE.
constexpr const char* kVersion5 = R"sql(
CREATE TABLE change(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tracking_id INTEGER NOT NULL UNIQUE REFERENCES report(tracking_id)
) STRICT;
INSERT INTO change(tracking_id) SELECT tracking_id FROM report ORDER BY tracking_id;
CREATE INDEX report_of_caller ON report(caller_id);
CREATE INDEX follower_of_caller ON follower(caller_id);
CREATE INDEX file_of_caller ON file(caller_id, sha256);
CREATE INDEX file_of_follow_up ON file(follow_up_id) WHERE follow_up_id IS NOT NULL;
)sql";
constexpr const char* kSqlite5 = R"sql(
CREATE TRIGGER change_by_history AFTER INSERT ON history BEGIN
  DELETE FROM change WHERE tracking_id = NEW.tracking_id;
  INSERT INTO change(tracking_id) VALUES(NEW.tracking_id);
END;
CREATE TRIGGER change_by_follow_up AFTER INSERT ON follow_up BEGIN
  DELETE FROM change WHERE tracking_id = NEW.tracking_id;
  INSERT INTO change(tracking_id) VALUES(NEW.tracking_id);
END;
CREATE TRIGGER change_by_photo AFTER DELETE ON pending_photo BEGIN
  DELETE FROM change WHERE tracking_id = OLD.tracking_id;
  INSERT INTO change(tracking_id) VALUES(OLD.tracking_id);
END;
CREATE TRIGGER change_by_follower AFTER INSERT ON follower BEGIN
  DELETE FROM change WHERE tracking_id = NEW.tracking_id;
  INSERT INTO change(tracking_id) VALUES(NEW.tracking_id);
END;
)sql";
// Numbers are given in the order of commits: by one writer at a time.
constexpr const char* kPostgresql5 = R"sql(
CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed BIGINT := CASE TG_OP WHEN 'DELETE' THEN OLD.tracking_id ELSE NEW.tracking_id END;
BEGIN
  PERFORM pg_advisory_xact_lock(1414223947);
  DELETE FROM change WHERE tracking_id = changed;
  INSERT INTO change(tracking_id) VALUES(changed);
  RETURN NULL;
END $$;
CREATE TRIGGER change_by_history AFTER INSERT ON history FOR EACH ROW EXECUTE FUNCTION count_change();
CREATE TRIGGER change_by_follow_up AFTER INSERT ON follow_up FOR EACH ROW EXECUTE FUNCTION count_change();
CREATE TRIGGER change_by_photo AFTER DELETE ON pending_photo FOR EACH ROW EXECUTE FUNCTION count_change();
CREATE TRIGGER change_by_follower AFTER INSERT ON follower FOR EACH ROW EXECUTE FUNCTION count_change();
)sql";

// Version 6. The keys that sign receipts. The newest signs; those before it can still be checked against.
constexpr const char* kVersion6 = R"sql(
CREATE TABLE receipt_key(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kid TEXT NOT NULL UNIQUE,
  x TEXT NOT NULL, y TEXT NOT NULL,    -- the public key, base64url
  private_pem TEXT NOT NULL,           -- PKCS #8; '' once a newer key signs
  created_at INTEGER NOT NULL
) STRICT;
-- The last that was given: no two signatures are alike, and the same question has the same answer.
CREATE TABLE signed_receipt(
  tracking_id INTEGER PRIMARY KEY REFERENCES report(tracking_id),
  jws TEXT NOT NULL
) STRICT;
)sql";

// Version 7. Work that one process at a time does, of those that share the database (lease.h).
constexpr const char* kVersion7 = R"sql(
CREATE TABLE lease(
  name TEXT PRIMARY KEY NOT NULL,
  owner TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT;
)sql";

// Version 8. The link with SP4N-LAPOR! (upstream_store.h).
constexpr const char* kVersion8 = R"sql(
CREATE TABLE upstream_report(
  tracking_id INTEGER PRIMARY KEY REFERENCES report(tracking_id),
  upstream_id TEXT UNIQUE,             -- NULL: not there yet
  origin TEXT NOT NULL CHECK(origin IN ('ours', 'theirs')),
  status_told TEXT NOT NULL,           -- our state and agency that are known there, or in the outbox
  agency_told TEXT NOT NULL,
  follow_ups_after INTEGER NOT NULL,   -- those up to this one were known there before
  status_seen TEXT NOT NULL,           -- their state as it was last
  next_poll_at INTEGER NOT NULL,       -- 0: never
  poll_wait INTEGER NOT NULL,
  news_at INTEGER NOT NULL
) STRICT;
CREATE INDEX upstream_report_due ON upstream_report(next_poll_at) WHERE next_poll_at > 0;
-- What is to be told there. It refers to what it tells: no words of anybody are in it.
CREATE TABLE outbox(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id),
  kind TEXT NOT NULL CHECK(kind IN ('create', 'follow-up', 'state', 'hand-on')),
  reference INTEGER NOT NULL,          -- the follow-up
  word TEXT NOT NULL,                  -- the state or the agency
  state TEXT NOT NULL CHECK(state IN ('waiting', 'sending', 'asks', 'done', 'refused')),
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,            -- first; 0: never
  next_at INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  upstream_id TEXT NOT NULL            -- of the follow-up that it became, once it was seen there
) STRICT;
CREATE INDEX outbox_due ON outbox(next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX outbox_of_report ON outbox(tracking_id, id);
CREATE TABLE upstream_seen(
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id),
  upstream_id TEXT NOT NULL,           -- of a follow-up there
  PRIMARY KEY(tracking_id, upstream_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE upstream_file(
  file_id INTEGER PRIMARY KEY REFERENCES file(id),
  upstream_id TEXT NOT NULL            -- '': it was refused
) STRICT;
)sql";

// Version 11. Small pictures of photos that are still to come; they go when the photo comes.
constexpr const char* kVersion11 = R"sql(
CREATE TABLE pending_thumbnail(
  tracking_id INTEGER NOT NULL,
  sha256 TEXT NOT NULL,                -- of the photo
  jpeg TEXT NOT NULL,                  -- base64
  PRIMARY KEY(tracking_id, sha256),
  FOREIGN KEY(tracking_id, sha256) REFERENCES pending_photo(tracking_id, sha256) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
)sql";

// Version 12. The workflow: clocks and state of each report (case.h), and who did what. A report from before has no
// working-day clocks; its city clock escalates as any other.
constexpr const char* kVersion12 = R"sql(
ALTER TABLE report ADD COLUMN classification INTEGER NOT NULL DEFAULT 1;
ALTER TABLE report ADD COLUMN before_hold TEXT NOT NULL DEFAULT 'belum_terverifikasi';
ALTER TABLE report ADD COLUMN hand_ons INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN clocks_started_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN verify_due_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN verified_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN answer_due_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN answered_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN response_due_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN response_stopped_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN held_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN closes_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN closed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN escalates_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN level INTEGER NOT NULL DEFAULT 0;
UPDATE report SET clocks_started_at = received_at, response_due_at = follow_up_due_at,
  classification = CASE WHEN request LIKE '%"classification_id":2,%' THEN 2 WHEN request LIKE '%"classification_id":3,%' THEN 3 ELSE 1 END,
  verified_at = coalesce((SELECT min(at) FROM history WHERE history.tracking_id = report.tracking_id AND status_new = 'terverifikasi'), 0),
  answered_at = coalesce((SELECT min(at) FROM follow_up WHERE follow_up.tracking_id = report.tracking_id AND kind <> 'citizen'), 0),
  held_at = CASE WHEN status = 'tunda'
    THEN coalesce((SELECT max(at) FROM history WHERE history.tracking_id = report.tracking_id AND status_new = 'tunda'), received_at) ELSE 0 END,
  closed_at = CASE WHEN status IN ('ditutup_admin', 'ditutup_sistem', 'diarsipkan_admin', 'diarsipkan_sistem')
    THEN coalesce((SELECT max(at) FROM history WHERE history.tracking_id = report.tracking_id AND status_new = report.status), received_at) ELSE 0 END;
UPDATE report SET response_stopped_at = CASE WHEN answered_at > 0 THEN answered_at ELSE closed_at END,
  follow_up_stopped_at = CASE WHEN follow_up_stopped_at = 0 THEN closed_at ELSE follow_up_stopped_at END;
UPDATE report SET escalates_at = follow_up_due_at WHERE follow_up_stopped_at = 0;
CREATE INDEX report_escalates ON report(escalates_at) WHERE escalates_at > 0;
CREATE INDEX report_closes ON report(closes_at) WHERE closes_at > 0;
ALTER TABLE history ADD COLUMN action TEXT NOT NULL DEFAULT '';       -- action_name(), or 'receive'
ALTER TABLE history ADD COLUMN status_old TEXT NOT NULL DEFAULT '';   -- as status_new: '' when it changes none
ALTER TABLE history ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE history ADD COLUMN actor_kind TEXT NOT NULL DEFAULT '';   -- '': from before this was kept
ALTER TABLE history ADD COLUMN actor_role TEXT NOT NULL DEFAULT '';
ALTER TABLE history ADD COLUMN actor_id INTEGER NOT NULL DEFAULT 0;   -- of the caller, or of the officer's account
ALTER TABLE history ADD COLUMN actor_name TEXT NOT NULL DEFAULT '';   -- never a citizen's
)sql";

// Version 13. Officers and their sessions; who has read what. Of tokens only the SHA-256 is here.
constexpr const char* kVersion13 = R"sql(
CREATE TABLE account(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  caller_id INTEGER NOT NULL REFERENCES caller(id),  -- what the officer writes and uploads is this caller's
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,                  -- role_name()
  agency_id TEXT NOT NULL,             -- of liaisons and heads; else ''
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE office_session(
  token_sha256 TEXT PRIMARY KEY NOT NULL,
  previous_sha256 TEXT NOT NULL,       -- of before the last rotation; '' when there was none
  account_id INTEGER NOT NULL REFERENCES account(id),
  created_at INTEGER NOT NULL,
  rotated_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX office_session_previous ON office_session(previous_sha256);
CREATE INDEX office_session_of_account ON office_session(account_id);
-- Browsers in which an officer has logged in: their failures are counted apart from those of strangers.
CREATE TABLE known_browser(
  token_sha256 TEXT PRIMARY KEY NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account(id),
  created_at INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  wait_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX known_browser_of_account ON known_browser(account_id);
-- By the name that was tried, whether there is such an account or not.
CREATE TABLE login_failure(
  name_sha256 TEXT PRIMARY KEY NOT NULL,
  failures INTEGER NOT NULL,
  wait_until INTEGER NOT NULL
) STRICT;
-- One row a day for each who has read a secret or identified report.
CREATE TABLE access_log(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  day INTEGER NOT NULL,                -- since 1970, UTC
  actor_kind TEXT NOT NULL,
  actor_id INTEGER NOT NULL,
  actor_name TEXT NOT NULL,
  tracking_id INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  times INTEGER NOT NULL,
  UNIQUE(day, actor_kind, actor_id, tracking_id)
) STRICT;
CREATE INDEX access_log_of_report ON access_log(tracking_id);
ALTER TABLE caller ADD COLUMN revoked_at INTEGER NOT NULL DEFAULT 0;
)sql";

// Settled reports whose agency spoke last had no day of closing when an answer followed a citizen's words, and version 12
// gave none: ten working days after the agency's word are two weeks without holidays.
constexpr char kVersion14[] = R"sql(
ALTER TABLE public_report ADD COLUMN is_secret INTEGER NOT NULL DEFAULT 0;
ALTER TABLE public_report ADD COLUMN response_late_at INTEGER NOT NULL DEFAULT 0;   -- 0: it came, or it never is late
ALTER TABLE public_report ADD COLUMN follow_up_late_at INTEGER NOT NULL DEFAULT 0;
-- What is late is counted by period and agency, from the index alone.
DROP INDEX public_no_response;
DROP INDEX public_no_follow_up;
CREATE INDEX public_no_response ON public_report(day, agency_id, response_late_at) WHERE response_late_at > 0;
CREATE INDEX public_no_follow_up ON public_report(day, agency_id, follow_up_late_at) WHERE follow_up_late_at > 0;
UPDATE report SET closes_at = 14 * 86400000 +
    (SELECT max(at) FROM follow_up WHERE follow_up.tracking_id = report.tracking_id AND kind IN ('answer', 'action', 'refusal'))
  WHERE status = 'proses' AND follow_up_stopped_at <> 0 AND closes_at = 0 AND held_at = 0 AND closed_at = 0
    AND EXISTS (SELECT 1 FROM follow_up WHERE follow_up.tracking_id = report.tracking_id AND kind IN ('answer', 'action', 'refusal'))
    AND NOT EXISTS (SELECT 1 FROM follow_up WHERE follow_up.tracking_id = report.tracking_id AND kind = 'citizen' AND at >=
      (SELECT max(at) FROM follow_up WHERE follow_up.tracking_id = report.tracking_id AND kind IN ('answer', 'action', 'refusal')));
)sql";

// Version 15. Phones that follow a report by a code of its owner; what was taken out of reports, and when.
constexpr const char* kVersion15 = R"sql(
CREATE TABLE claim_code(
  code_sha256 TEXT PRIMARY KEY NOT NULL,
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id),
  made_by INTEGER NOT NULL REFERENCES caller(id),
  expires_at INTEGER NOT NULL,
  used_by INTEGER REFERENCES caller(id)  -- NULL: not yet
) STRICT;
CREATE INDEX claim_code_of_report ON claim_code(tracking_id);
CREATE INDEX claim_code_made_by ON claim_code(made_by);
CREATE INDEX claim_code_used_by ON claim_code(used_by);
CREATE TABLE watcher(
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id),
  caller_id INTEGER NOT NULL REFERENCES caller(id),
  at INTEGER NOT NULL,
  PRIMARY KEY(tracking_id, caller_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX watcher_of_caller ON watcher(caller_id, tracking_id);
ALTER TABLE report ADD COLUMN identity_removed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN photos_removed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN erased_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX report_identity_due ON report(closed_at) WHERE closed_at > 0 AND identity_removed_at = 0;
CREATE INDEX report_photos_due ON report(closed_at) WHERE closed_at > 0 AND photos_removed_at = 0;
CREATE INDEX report_erasure_due ON report(closed_at) WHERE closed_at > 0 AND erased_at = 0;
-- What a citizen has left anywhere is found without reading everybody's.
CREATE INDEX follow_up_of_caller ON follow_up(caller_id);
CREATE INDEX history_of_citizen ON history(actor_id) WHERE actor_role = 'citizen';
CREATE INDEX confirmation_of_caller ON confirmation(caller_id);
CREATE INDEX entered_report_entered_by ON entered_report(entered_by);
)sql";
// Who begins to follow is told of the report.
constexpr const char* kSqlite15 = R"sql(
CREATE TRIGGER change_by_watcher AFTER INSERT ON watcher BEGIN
  DELETE FROM change WHERE tracking_id = NEW.tracking_id;
  INSERT INTO change(tracking_id) VALUES(NEW.tracking_id);
END;
)sql";
constexpr const char* kPostgresql15 =
    "CREATE TRIGGER change_by_watcher AFTER INSERT ON watcher FOR EACH ROW EXECUTE FUNCTION count_change();";

// Version 16. Version 15 had 2 in is_secret for what erased_from_public says.
constexpr const char* kVersion16 = R"sql(
ALTER TABLE report ADD COLUMN erased_from_public INTEGER NOT NULL DEFAULT 0;  -- it was public: hidden now, still counted as such
UPDATE report SET erased_from_public = 1, is_secret = 1 WHERE is_secret = 2;
-- Replies to what was settled waited for nobody (clocks.h): five working days after them, a week without holidays.
UPDATE report SET level = 0, escalates_at = 7 * 86400000 +
    (SELECT max(at) FROM follow_up WHERE follow_up.tracking_id = report.tracking_id AND kind = 'citizen')
  WHERE status = 'ditanggapi_pelapor' AND follow_up_stopped_at <> 0 AND escalates_at = 0 AND closes_at = 0 AND closed_at = 0
    AND EXISTS (SELECT 1 FROM follow_up WHERE follow_up.tracking_id = report.tracking_id AND kind = 'citizen');
-- Evidence that is, or looks like, a picture some citizen sent.
ALTER TABLE proof ADD COLUMN of_citizen INTEGER NOT NULL DEFAULT 0;
-- What an agency says to the reporter alone.
ALTER TABLE follow_up ADD COLUMN is_secret INTEGER NOT NULL DEFAULT 0;
-- The citizen's rating that is known at SP4N-LAPOR!, or in the outbox; 0: none.
ALTER TABLE upstream_report ADD COLUMN rating_told INTEGER NOT NULL DEFAULT 0;
-- What officers have before them, of all that there ever was: all of it by what is due (kNextDue), or some.
CREATE INDEX report_open_due ON report((CASE WHEN held_at <> 0 OR closed_at <> 0 THEN 9000000000000000 WHEN follow_up_stopped_at = 0 AND follow_up_due_at > 0 THEN follow_up_due_at WHEN status = 'ditanggapi_pelapor' AND escalates_at > 0 THEN escalates_at ELSE 9000000000000000 END), tracking_id DESC) WHERE closed_at = 0;
CREATE INDEX report_open_agency ON report(agency_id) WHERE closed_at = 0;
CREATE INDEX report_open_status ON report(status) WHERE closed_at = 0;
CREATE INDEX report_open_level ON report(level) WHERE closed_at = 0;
ALTER TABLE report ADD COLUMN channel TEXT NOT NULL DEFAULT '';  -- of an erased one; else who sent it tells (entered.h)
-- What a category or an agency has not begun, among all that is settled.
CREATE INDEX public_of_category_group ON public_report(category_id, status_group, tracking_id) WHERE is_listed = 1;
CREATE INDEX public_of_agency_group ON public_report(agency_id, status_group, tracking_id) WHERE is_listed = 1;
)sql";

static_assert(std::string_view(kVersion16).find(kNextDue) != std::string_view::npos);  // else the index is none for it

// What both databases understand, written as SQLite has it (in_dialect() says it in PostgreSQL's words), and what only
// one of them needs, run after it.
struct Migration {
  const char* both;
  const char* sqlite = "";
  const char* postgresql = "";
};
constexpr std::array kMigrations = {
    Migration{kVersion1, kSqlite1, kPostgresql1}, Migration{kVersion2}, Migration{kVersion3, kSqlite3, kPostgresql3},
    Migration{kVersion4}, Migration{kVersion5, kSqlite5, kPostgresql5}, Migration{kVersion6},
    Migration{kVersion7}, Migration{kVersion8}, Migration{kSchemaPublicFace}, Migration{kSchemaProof}, Migration{kVersion11}, Migration{kVersion12},
    Migration{kVersion13}, Migration{kVersion14}, Migration{kVersion15, kSqlite15, kPostgresql15}, Migration{kVersion16}};
static_assert(kMigrations.size() == kSchemaVersion);

std::string in_dialect(Dialect dialect, std::string text) {
  if (dialect == Dialect::kSqlite) return text;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWords = {{
      {"INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
      {"id INTEGER PRIMARY KEY,", "id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,"},
      {" INTEGER", " BIGINT"},
      {" REAL", " DOUBLE PRECISION"},
      {") STRICT, WITHOUT ROWID;", ");"},
      {") STRICT;", ");"},
  }};
  for (const auto& [from, to] : kWords) {
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) text.replace(at, from.size(), to);
  }
  return text;
}

Result<Ok> set_version(Sql& sql, int number) {
  const std::string version = std::to_string(number);
  if (sql.dialect() == Dialect::kSqlite) return sql.execute("PRAGMA user_version = " + version);
  return sql.execute("CREATE TABLE IF NOT EXISTS schema_version(version BIGINT NOT NULL); "
                     "DELETE FROM schema_version; INSERT INTO schema_version VALUES (" + version + ")");
}

}  // namespace

Result<std::int64_t> schema_version(Sql& sql) {
  if (sql.dialect() == Dialect::kPostgresql) {
    Statement table = TRY(sql.prepare("SELECT to_regclass('schema_version')"));
    TRY(table.step());
    if (table.is_null(0)) return 0;
  }
  Statement row = TRY(sql.prepare(sql.dialect() == Dialect::kSqlite
      ? "PRAGMA user_version" : "SELECT coalesce(max(version), 0) FROM schema_version"));
  TRY(row.step());
  return row.integer(0);
}

Result<Ok> migrate(Sql& sql, int to) {
  const SqlLock lock(sql.mutex());
  // The usual case needs no turn at writing, for which a command would wait behind a long import.
  if (TRY(schema_version(sql)) == to) return Ok{};
  return sql.transaction([&]() -> Result<Ok> {  // two processes may start at once: look inside the lock
    const std::int64_t version = TRY(schema_version(sql));
    if (version > kSchemaVersion) {
      return Error{ErrorCode::kUnsupported, "database",
                   "basis data ini ditulis oleh titik-serve yang lebih baru (versi skema " +
                       std::to_string(version) + ", program ini mengenal sampai " +
                       std::to_string(kSchemaVersion) + "); pakailah program yang lebih baru"};
    }
    if (version == to) return Ok{};
    for (auto next = static_cast<std::size_t>(version); next < static_cast<std::size_t>(to); ++next) {
      const Migration& migration = kMigrations[next];
      TRY(sql.execute(in_dialect(sql.dialect(), migration.both)));
      TRY(sql.execute(sql.dialect() == Dialect::kSqlite ? migration.sqlite : migration.postgresql));
    }
    return set_version(sql, to);
  });
}

}  // namespace titik::serve
