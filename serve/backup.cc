#include "serve/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "base/json.h"
#include "serve/copy_database.h"
#include "serve/files.h"
#include "serve/schema.h"
#include "serve/upstream_store.h"

namespace titik::serve {
namespace {

constexpr const char* kSummary = "/backup.json";

struct ScratchFile {
  ~ScratchFile() {
    std::error_code error;
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end, error);
  }
  std::string path;
};

// A backup changes nothing, least of all the schema under a server that runs.
Result<std::unique_ptr<Sql>> open_as_it_is(const Config& config) {
  if (config.database.empty() && !std::filesystem::exists(config.database_location())) {
    return Error{ErrorCode::kNotFound, config.database_location(), "basis data belum ada"};
  }
  std::unique_ptr<Sql> sql = TRY(config.database.empty() ? open_sqlite(config.database_location()) : open_postgresql(config.database));
  const SqlLock lock(sql->mutex());
  const std::int64_t version = TRY(schema_version(*sql));
  if (version == kSchemaVersion) return sql;
  return Error{ErrorCode::kUnsupported, "database",
               "basis data berskema versi " + std::to_string(version) + ", program ini " + std::to_string(kSchemaVersion) +
                   "; buat cadangan dengan titik-serve yang menulisnya"};
}

Result<Ok> make_private_folder(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::create_directories(folder, error)) {
    return Error{ErrorCode::kConflict, folder, error ? error.message() : "folder sudah ada; sebutkan yang belum ada"};
  }
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) return Error{ErrorCode::kStorage, folder, error.message()};
  return Ok{};
}

Result<std::int64_t> reports_in(Sql& sql) {
  const SqlLock lock(sql.mutex());
  Statement row = TRY(sql.prepare("SELECT count(*) FROM report"));
  TRY(row.step());
  return row.integer(0);
}

// Through memory: each is at most report::kMaxFileBytes, and its hash is checked on both sides.
Result<Ok> copy_file(const std::string& hash, const FileStore& from, FileStore& to, BackupSummary& summary) {
  const Result<std::string> bytes = from.read(hash);
  if (!bytes.ok()) {
    return Error{bytes.error().code == ErrorCode::kNotFound ? ErrorCode::kNotFound : ErrorCode::kCorrupt, "files/" + hash, "berkas hilang atau rusak"};
  }
  IncomingFile incoming = TRY(to.receive());
  TRY(incoming.write(*bytes));
  TRY(incoming.keep(hash));
  ++summary.files;
  summary.bytes += static_cast<std::int64_t>(bytes->size());
  return Ok{};
}

Error corrupt(const Error& error) { return Error{ErrorCode::kCorrupt, error.where, error.message}; }

Result<bool> is_named(Sql& sql, const std::string& hash) {
  const SqlLock lock(sql.mutex());
  Statement row = TRY(sql.prepare("SELECT 1 FROM file WHERE sha256 = ?1"));
  TRY(row.bind(1, hash));
  return row.step();
}

Result<Ok> forget_file(Sql& copy, const std::string& hash) {
  const SqlLock lock(copy.mutex());
  return copy.transaction([&]() -> Result<Ok> {
    for (const char* statement : {"DELETE FROM upload WHERE file_id IN (SELECT id FROM file WHERE sha256 = ?1)",
                                  "DELETE FROM upstream_file WHERE file_id IN (SELECT id FROM file WHERE sha256 = ?1)",
                                  "DELETE FROM proof WHERE file_id IN (SELECT id FROM file WHERE sha256 = ?1)",
                                  "DELETE FROM picture WHERE sha256 = ?1", "DELETE FROM file WHERE sha256 = ?1"}) {
      Statement row = TRY(copy.prepare(statement));
      TRY(row.bind(1, hash));
      TRY(row.run());
    }
    return Ok{};
  });
}

Result<Ok> write_durably(const std::string& path, const std::string& text) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return Error{ErrorCode::kStorage, path, "tidak dapat ditulis"};
  const bool written = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!written) return Error{ErrorCode::kStorage, path, "tidak dapat ditulis"};
  return Ok{};
}

// What a restore would have to overwrite: a database of whatever version, that is not touched by the question.
Result<Ok> refuse_unless_empty(const Config& config) {
  if (config.database.empty() && !std::filesystem::exists(config.database_location())) return Ok{};
  const std::unique_ptr<Sql> sql =
      TRY(config.database.empty() ? open_sqlite_to_read(config.database_location()) : open_postgresql_to_read(config.database));
  {
    const SqlLock lock(sql->mutex());
    if (TRY(schema_version(*sql)) == 0) return Ok{};
  }
  if (TRY(reports_in(*sql)) == 0) return Ok{};
  return Error{ErrorCode::kConflict, "database", "tujuan sudah berisi data; pakailah folder atau basis data yang kosong"};
}

}  // namespace

Result<Ok> back_up_files(Sql& live, Sql& copy, const FileStore& from, FileStore& to, BackupSummary& summary) {
  for (const std::string& hash : TRY(stored_hashes(copy))) {
    Result<Ok> copied = copy_file(hash, from, to, summary);
    if (!copied.ok() && copied.error().code == ErrorCode::kNotFound) {
      if (!TRY(is_named(live, hash))) {
        TRY(forget_file(copy, hash));
        continue;
      }
      copied = copy_file(hash, from, to, summary);  // it may have gone and come again meanwhile
    }
    if (copied.ok()) continue;
    const ErrorCode code = copied.error().code;
    if (code != ErrorCode::kNotFound && code != ErrorCode::kCorrupt) return copied;
    summary.damaged.push_back(hash);
  }
  return Ok{};
}

Result<std::vector<std::string>> stored_hashes(Sql& sql) {
  const SqlLock lock(sql.mutex());
  std::vector<std::string> hashes;
  Statement row = TRY(sql.prepare("SELECT DISTINCT sha256 FROM file ORDER BY sha256"));
  while (TRY(row.step())) hashes.push_back(row.text(0));
  return hashes;
}

namespace {

Result<BackupSummary> back_up_into(const Config& config, Sql& live, const std::string& folder, UnixMillis now) {
  BackupSummary summary;
  {
    const std::unique_ptr<Sql> copy = TRY(Sql::open(folder + "/titik.db"));
    TRY(copy_database(live, *copy));
    summary.reports = TRY(reports_in(*copy));
    // 1. The database first: every file that it names was there before. 2. Then the files; what was erased or swept
    // meanwhile is not in the backup either.
    const FileStore from = TRY(config.open_files(live));
    FileStore to = TRY(FileStore::open(folder + "/files"));
    TRY(back_up_files(live, *copy, from, to, summary));
    // One photo more or less is damaged; most of them are elsewhere, and old copies must not go for such a one.
    if (std::ssize(summary.damaged) > summary.files) {
      return Error{ErrorCode::kCorrupt, "files", "sebagian besar berkas hilang atau rusak; periksa folder foto, lalu ulangi"};
    }
    const SqlLock lock(copy->mutex());
    TRY(copy->execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE"));
  }
  // 3. What says that it is whole.
  TRY(write_durably(folder + kSummary, to_text({{"made_at", format_rfc3339(now)}, {"schema", kSchemaVersion}, {"reports", summary.reports},
                                                {"files", summary.files}, {"damaged", summary.damaged}})));
  return summary;
}

}  // namespace

Result<BackupSummary> make_backup(const Config& config, const std::string& folder, UnixMillis now) {
  const std::unique_ptr<Sql> live = TRY(open_as_it_is(config));
  TRY(make_private_folder(folder));
  Result<BackupSummary> made = back_up_into(config, *live, folder, now);
  // Half a copy helps nobody, and one a night would fill the disk.
  std::error_code error;
  if (!made.ok()) std::filesystem::remove_all(folder, error);
  return made;
}

Result<BackupSummary> restore_backup(const Config& config, const std::string& folder) {
  std::ifstream in(folder + kSummary, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const Result<Json> told = parse_json(text);
  if (!in || !told.ok()) return Error{ErrorCode::kNotFound, folder, "bukan cadangan yang utuh: backup.json tidak ada"};

  TRY(refuse_unless_empty(config));
  std::error_code error;
  std::filesystem::create_directories(config.data, error);
  if (error) return Error{ErrorCode::kStorage, config.data, error.message()};
  BackupSummary summary;
  for (const Json& hash : member(*told, "damaged")) summary.damaged.push_back(hash.is_string() ? hash.get<std::string>() : "");
  // A backup of an earlier version is brought to this one's schema: in a copy, never in the backup.
  const ScratchFile scratch{config.data + "/restoring.db"};
  std::filesystem::copy_file(folder + "/titik.db", scratch.path, error);
  if (error) return Error{ErrorCode::kStorage, scratch.path, error.message()};
  const std::unique_ptr<Sql> copy = TRY(Sql::open(scratch.path));
  TRY(UpstreamStore(*copy).doubt_all());  // what was told SP4N-LAPOR! since the backup is not known
  // 1. Files before the database that names them. 2. The database, all or nothing.
  const FileStore from = TRY(FileStore::open(folder + "/files"));
  const std::unique_ptr<Sql> live = TRY(Sql::open(config.database_location()));
  FileStore to = TRY(config.open_files(*live));
  for (const std::string& hash : TRY(stored_hashes(*copy))) {
    if (std::find(summary.damaged.begin(), summary.damaged.end(), hash) != summary.damaged.end()) continue;
    if (const Result<Ok> copied = copy_file(hash, from, to, summary); !copied.ok()) {
      return copied.error().code == ErrorCode::kNotFound ? corrupt(copied.error()) : copied.error();
    }
  }
  TRY(copy_database(*copy, *live));
  summary.reports = TRY(reports_in(*live));
  if (summary.reports != integer_or(*told, "reports") || summary.files != integer_or(*told, "files")) {
    return Error{ErrorCode::kCorrupt, folder, "isi cadangan tidak sama dengan yang disebut backup.json"};
  }
  return summary;
}

}  // namespace titik::serve
