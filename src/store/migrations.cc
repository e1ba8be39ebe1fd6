#include "store/migrations.h"

#include <iterator>
#include <string>

namespace titik::store {
namespace {

// Version 1. Times are milliseconds since 1970; 0 stands for "not yet". Flags are 0 or 1. States,
// kinds and sources are stored by the names of report.h, never by number.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE report(
  id TEXT PRIMARY KEY NOT NULL,
  state TEXT NOT NULL,
  classification INTEGER NOT NULL,
  category_id TEXT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  incident_date TEXT NOT NULL,
  is_anonymous INTEGER NOT NULL,
  is_secret INTEGER NOT NULL,
  reporter_name TEXT NOT NULL,
  reporter_phone TEXT NOT NULL,
  latitude REAL, longitude REAL, accuracy_m REAL, place_source TEXT, place_at INTEGER,
  landmark TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  submitted_at INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  problems TEXT NOT NULL DEFAULT '',
  tracking_id TEXT NOT NULL DEFAULT '',
  received_at INTEGER NOT NULL DEFAULT 0,
  follow_up_due_at INTEGER NOT NULL DEFAULT 0,
  follow_up_stopped_at INTEGER NOT NULL DEFAULT 0,
  status_name TEXT NOT NULL DEFAULT '',
  disposition_name TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE photo(
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL,
  position INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  thumbnail_sha256 TEXT NOT NULL,
  thumbnail_bytes INTEGER NOT NULL,
  origin TEXT NOT NULL,
  taken_at INTEGER,
  latitude REAL, longitude REAL, accuracy_m REAL, place_source TEXT, place_at INTEGER,
  upload_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY(report_id, sha256)
) WITHOUT ROWID;
CREATE INDEX photo_sha256 ON photo(sha256);
CREATE INDEX photo_thumbnail ON photo(thumbnail_sha256);
CREATE TABLE outbox(
  report_id TEXT PRIMARY KEY NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  queued_at INTEGER NOT NULL,
  create_unanswered INTEGER NOT NULL DEFAULT 0,
  uploads_lost INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  told_to_wait INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE timeline(
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY(report_id, position)
) WITHOUT ROWID;
CREATE TABLE evidence(
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  entry INTEGER NOT NULL,
  position INTEGER NOT NULL,
  path TEXT NOT NULL,
  told_sha256 TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL,
  extension TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY(report_id, entry, position)
) WITHOUT ROWID;
CREATE INDEX evidence_sha256 ON evidence(sha256);
CREATE TABLE setting(name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
)sql";

// Version 2: what a photo looks like, for comparison, and the original of a covered photo. The phone's
// SQLite has neither ALTER TABLE nor temporary tables.
constexpr const char* kVersion2 = R"sql(
CREATE TABLE old_photo AS SELECT * FROM photo;
DROP TABLE photo;
CREATE TABLE photo(
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL,
  position INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  thumbnail_sha256 TEXT NOT NULL,
  thumbnail_bytes INTEGER NOT NULL,
  origin TEXT NOT NULL,
  taken_at INTEGER,
  latitude REAL, longitude REAL, accuracy_m REAL, place_source TEXT, place_at INTEGER,
  upload_id TEXT NOT NULL DEFAULT '',
  perceptual_hash INTEGER NOT NULL DEFAULT 0,
  original_sha256 TEXT NOT NULL DEFAULT '',
  original_bytes INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(report_id, sha256)
) WITHOUT ROWID;
CREATE INDEX photo_sha256 ON photo(sha256);
CREATE INDEX photo_thumbnail ON photo(thumbnail_sha256);
CREATE INDEX photo_original ON photo(original_sha256) WHERE original_sha256<>'';
INSERT INTO photo SELECT *,0,'',0 FROM old_photo;
DROP TABLE old_photo;
)sql";

// Version 3: reports that the citizen has also sent by SMS.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE sms(
  report_id TEXT PRIMARY KEY NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  number TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
)sql";

// Version 4: signed receipts. They outlive their reports: no reference. The one for the words and the one for
// all of it (whole) stand side by side, so that neither can spoil the other.
constexpr const char* kVersion4 = R"sql(
CREATE TABLE receipt(
  report_id TEXT NOT NULL,
  whole INTEGER NOT NULL,
  jws TEXT NOT NULL,
  verdict INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(report_id, whole)
) WITHOUT ROWID;
CREATE INDEX receipt_unchecked ON receipt(report_id) WHERE verdict=0;
)sql";

// Version 5: small pictures of evidence, and how many of a report's own were tried ahead of its photos.
constexpr const char* kVersion5 = R"sql(
CREATE TABLE old_evidence AS SELECT * FROM evidence;
DROP TABLE evidence;
CREATE TABLE evidence(
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  entry INTEGER NOT NULL,
  position INTEGER NOT NULL,
  path TEXT NOT NULL,
  told_sha256 TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL,
  extension TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  thumbnail_path TEXT NOT NULL DEFAULT '',
  thumbnail_sha256 TEXT NOT NULL DEFAULT '',
  thumbnail_bytes INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(report_id, entry, position)
) WITHOUT ROWID;
CREATE INDEX evidence_sha256 ON evidence(sha256);
CREATE INDEX evidence_thumbnail ON evidence(thumbnail_sha256) WHERE thumbnail_sha256<>'';
INSERT INTO evidence SELECT *,'','',0 FROM old_evidence;
DROP TABLE old_evidence;
CREATE TABLE old_outbox AS SELECT * FROM outbox;
DROP TABLE outbox;
CREATE TABLE outbox(
  report_id TEXT PRIMARY KEY NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  queued_at INTEGER NOT NULL,
  create_unanswered INTEGER NOT NULL DEFAULT 0,
  uploads_lost INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  told_to_wait INTEGER NOT NULL DEFAULT 0,
  thumbnails INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO outbox SELECT *,0 FROM old_outbox;
DROP TABLE old_outbox;
)sql";

constexpr const char* kMigrations[] = {kVersion1, kVersion2, kVersion3, kVersion4, kVersion5};
static_assert(std::size(kMigrations) == kSchemaVersion);

Result<std::int64_t> user_version(Database& db) {
  Statement statement = TRY(db.prepare("PRAGMA user_version"));
  if (!TRY(statement.step())) return Error{ErrorCode::kCorrupt, "user_version", "the database has no version"};
  return statement.integer(0);
}

}  // namespace

Result<Ok> migrate(Database& db) {
  const std::int64_t found = TRY(user_version(db));
  if (found > kSchemaVersion) {
    return Error{ErrorCode::kUnsupported, "user_version", "the database was written by a newer version of the app"};
  }
  if (found < 0) return Error{ErrorCode::kCorrupt, "user_version", "the database's version is negative"};
  for (std::int64_t version = found; version < kSchemaVersion; ++version) {
    TRY(db.transaction([&]() -> Result<Ok> {
      TRY(db.execute(kMigrations[version]));
      return db.execute("PRAGMA user_version=" + std::to_string(version + 1));
    }));
  }
  return Ok{};
}

}  // namespace titik::store
