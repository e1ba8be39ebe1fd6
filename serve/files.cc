#include "serve/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "base/id.h"
#include "photo/photo.h"
#include "report/report.h"

namespace titik::serve {
namespace {

constexpr std::size_t kSniffBytes = 16;
constexpr std::size_t kHashDigits = 64;
constexpr std::array kMade = {"/thumbnails", "/public"};  // of pictures, by serve/thumbnails.cc
constexpr std::array kTypes = {
    FileType{"image/jpeg", "jpg", FileKind::kImage},
    FileType{"image/png", "png", FileKind::kImage},
    FileType{"image/webp", "webp", FileKind::kImage},
    FileType{"application/pdf", "pdf", FileKind::kDocument},
};

Error storage_error(std::string_view what) {
  return Error{ErrorCode::kStorage, "files", std::string(what) + ": errno " + std::to_string(errno)};
}

Result<Ok> make_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return storage_error("mkdir");
  return Ok{};
}

Result<Ok> sync_folder(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return storage_error("open folder");
  const int synced = fsync(descriptor);
  close(descriptor);
  if (synced != 0) return storage_error("fsync folder");
  return Ok{};
}

// "<folder>/ab/abcd…": a folder of 256, so that no listing grows without end.
std::string shelf(const std::string& folder, std::string_view sha256) {
  return folder + "/" + std::string(sha256.substr(0, 2));
}

Result<std::string> whole_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, "files", "no such file"};
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

// Its structure from head to end, not the first bytes alone: what is called a photo may be somebody's evidence. What is
// too large to be decoded here is kept all the same.
Result<Ok> check_picture(const std::string& path) {
  const std::string bytes = TRY(whole_file(path));
  const photo::Bytes file{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  const auto inspected = photo::inspect(file);
  bool is_whole = inspected.ok() || inspected.error().code == ErrorCode::kTooLarge;
  // inspect() reads the first chunk of a WebP; what comes after it is needed once its metadata are to go.
  if (inspected.ok() && inspected->format == photo::Format::kWebp) is_whole = photo::strip_chunks(file).ok();
  if (is_whole) return Ok{};
  return Error{ErrorCode::kUnsupported, "attachments", "Foto rusak atau terpotong. Ambil atau pilih foto lain."};
}

Result<std::string> read_blob(Sql& sql, std::string_view sha256) {
  const SqlLock lock(sql.mutex());
  Statement row = TRY(sql.prepare("SELECT bytes FROM blob WHERE sha256 = ?1"));
  TRY(row.bind(1, sha256));
  if (!TRY(row.step())) return Error{ErrorCode::kNotFound, "files", "no such file"};
  return row.bytes(0);
}

// kept_at: when it last came, by the machine's clock; tables of before have got it later.
Result<Ok> make_blob_table(Sql& sql) {
  if (sql.dialect() == Dialect::kPostgresql) {
    return sql.execute("CREATE TABLE IF NOT EXISTS blob(sha256 TEXT PRIMARY KEY NOT NULL, bytes BYTEA NOT NULL); "
                       "ALTER TABLE blob ADD COLUMN IF NOT EXISTS kept_at BIGINT NOT NULL DEFAULT 0");
  }
  TRY(sql.execute("CREATE TABLE IF NOT EXISTS blob(sha256 TEXT PRIMARY KEY NOT NULL, bytes BLOB NOT NULL, "
                  "kept_at INTEGER NOT NULL DEFAULT 0)"));
  Statement column = TRY(sql.prepare("SELECT count(*) FROM pragma_table_info('blob') WHERE name = 'kept_at'"));
  TRY(column.step());
  const bool is_there = column.integer(0) != 0;
  column.reset();
  if (is_there) return Ok{};
  return sql.execute("ALTER TABLE blob ADD COLUMN kept_at INTEGER NOT NULL DEFAULT 0");
}

// When it was last written, or nothing when it is not there.
std::optional<UnixMillis> written_at(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return std::int64_t{status.st_mtim.tv_sec} * kSecond + status.st_mtim.tv_nsec / 1'000'000;
}

// False: something younger lies there. Whoever keeps a content renames it into place at any moment, so it is first
// put aside and then looked at: what came in between is put back, or has replaced it.
Result<bool> remove_from_disk(const std::string& path, const std::string& aside, UnixMillis before) {
  if (written_at(path).value_or(0) >= before) return false;
  if (rename(path.c_str(), aside.c_str()) != 0) {
    if (errno == ENOENT) return true;
    return storage_error("rename");
  }
  if (written_at(aside).value_or(0) >= before) {
    if (rename(aside.c_str(), path.c_str()) != 0) return storage_error("rename");
    return false;
  }
  if (unlink(aside.c_str()) != 0) return storage_error("unlink");
  return true;
}

void remove_old_temporaries(const std::string& folder) {
  constexpr std::time_t kOneDay = 24 * 60 * 60;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    struct stat status {};
    if (stat(entry.path().c_str(), &status) == 0 && status.st_mtime < std::time(nullptr) - kOneDay) {
      std::filesystem::remove(entry.path(), error);
    }
  }
}

}  // namespace

std::optional<FileType> sniff(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return kTypes[0];
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return kTypes[1];
  if (bytes.starts_with("RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv) return kTypes[2];
  if (bytes.starts_with("%PDF-"sv)) return kTypes[3];
  return std::nullopt;
}

std::optional<FileType> file_type_from_mime(std::string_view mime) {
  for (const FileType& type : kTypes) {
    if (type.mime == mime) return type;
  }
  return std::nullopt;
}

// --- IncomingFile -------------------------------------------------------------------------------

IncomingFile::IncomingFile(std::string folder, std::string path, int descriptor, Sql* sql)
    : folder_(std::move(folder)),
      path_(std::move(path)),
      descriptor_(descriptor),
      sql_(sql),
      hash_(std::make_unique<Digest>()) {}

IncomingFile::IncomingFile(IncomingFile&& other) noexcept
    : folder_(std::move(other.folder_)),
      path_(std::exchange(other.path_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      sql_(other.sql_),
      bytes_(other.bytes_),
      head_(std::move(other.head_)),
      hash_(std::move(other.hash_)) {}

IncomingFile::~IncomingFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!path_.empty()) (void)unlink(path_.c_str());  // a leftover is swept at a later start
}

Result<Ok> IncomingFile::write(std::string_view bytes) {
  bytes_ += static_cast<std::int64_t>(bytes.size());
  if (bytes_ > report::kMaxFileBytes) {
    return Error{ErrorCode::kTooLarge, "attachments", "Berkas terlalu besar: paling besar 10 MB per berkas."};
  }
  if (head_.size() < kSniffBytes) head_ += bytes.substr(0, kSniffBytes - head_.size());
  hash_->update(bytes);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return storage_error("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return Ok{};
}

Result<KeptFile> IncomingFile::keep(std::string_view sha256) {
  if (bytes_ == 0) return Error{ErrorCode::kInvalidArgument, "attachments", "Berkas kosong. Pilih foto lain."};
  const std::optional<FileType> type = sniff(head_);
  if (!type) {
    return Error{ErrorCode::kUnsupported, "attachments",
                 "Berkas bukan foto JPEG, PNG, WebP atau dokumen PDF. Pilih berkas lain."};
  }
  if (type->kind == FileKind::kImage) TRY(check_picture(path_));
  KeptFile kept{hash_->finish(), bytes_, *type};
  if (!sha256.empty() && kept.sha256 != sha256) {
    return Error{ErrorCode::kInvalidArgument, "sha256", "Berkas yang sampai berbeda dari yang dikirim. Unggah ulang."};
  }
  TRY(sql_ ? keep_in_database(kept.sha256) : keep_on_disk(kept.sha256));
  return kept;
}

Result<Ok> IncomingFile::keep_on_disk(const std::string& sha256) {
  const std::string place = shelf(folder_, sha256);
  TRY(make_folder(place));
  if (fsync(descriptor_) != 0) return storage_error("fsync");
  if (rename(path_.c_str(), (place + "/" + sha256).c_str()) != 0) return storage_error("rename");
  path_.clear();
  TRY(sync_folder(place));
  return sync_folder(folder_);
}

// The temporary file goes with the object.
Result<Ok> IncomingFile::keep_in_database(const std::string& sha256) {
  const std::string bytes = TRY(whole_file(path_));
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare("INSERT INTO blob(sha256, bytes, kept_at) VALUES (?1, ?2, ?3) "
                                    "ON CONFLICT(sha256) DO UPDATE SET kept_at = excluded.kept_at"));
  TRY(row.bind(1, sha256));
  TRY(row.bind_bytes(2, bytes));
  TRY(row.bind(3, std::int64_t{std::time(nullptr)} * kSecond));
  return row.run();
}

// --- FileStore ----------------------------------------------------------------------------------

Result<FileStore> FileStore::open(const std::string& folder) {
  TRY(make_folder(folder));
  TRY(make_folder(folder + "/incoming"));
  remove_old_temporaries(folder + "/incoming");
  return FileStore(folder, nullptr);
}

Result<FileStore> FileStore::in_database(const std::string& folder, Sql& sql) {
  FileStore store = TRY(open(folder));
  const SqlLock lock(sql.mutex());
  // Not among the tables of the schema: backups take it as files, and most cities have none.
  TRY(sql.transaction([&] { return make_blob_table(sql); }));
  store.sql_ = &sql;
  return store;
}

Result<IncomingFile> FileStore::receive() {
  std::string path = folder_ + "/incoming/" + random_hex(16);
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return storage_error("open");
  return IncomingFile(folder_, std::move(path), descriptor, sql_);
}

Result<std::string> FileStore::read(std::string_view sha256) const {
  if (!is_sha256(sha256)) return Error{ErrorCode::kNotFound, "files", "not a hash"};
  std::string bytes = TRY(sql_ ? read_blob(*sql_, sha256) : whole_file(shelf(folder_, sha256) + "/" + std::string(sha256)));
  if (sha256_hex(bytes) != sha256) return Error{ErrorCode::kCorrupt, "files", "a stored file is damaged"};
  return bytes;
}

Result<std::vector<std::string>> FileStore::kept_before(std::string_view shelf_name, UnixMillis before) const {
  std::set<std::string> hashes;
  const auto look_at = [&](const std::string& folder) {
    std::error_code error;  // a shelf that is not there is empty
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      const std::string sha256 = entry.path().filename().string().substr(0, kHashDigits);  // of a small picture: ".jpg" follows
      if (is_sha256(sha256) && written_at(entry.path().string()).value_or(before) < before) hashes.insert(sha256);
    }
  };
  for (const char* made : kMade) look_at(shelf(folder_ + made, shelf_name));
  if (!sql_) {
    look_at(shelf(folder_, shelf_name));
    return std::vector<std::string>(hashes.begin(), hashes.end());
  }
  const SqlLock lock(sql_->mutex());
  Statement row = TRY(sql_->prepare("SELECT sha256 FROM blob WHERE sha256 >= ?1 AND sha256 < ?2 AND kept_at < ?3"));
  TRY(row.bind_all(shelf_name, std::string(shelf_name) + "g", before));  // "g" comes after every hex digit
  while (TRY(row.step())) hashes.insert(row.text(0));
  return std::vector<std::string>(hashes.begin(), hashes.end());
}

Result<bool> FileStore::remove(std::string_view sha256, UnixMillis before) {
  if (!is_sha256(sha256)) return Error{ErrorCode::kNotFound, "files", "not a hash"};
  if (sql_) {
    const SqlLock lock(sql_->mutex());
    const bool gone = TRY(sql_->transaction([&]() -> Result<bool> {
      Statement row = TRY(sql_->prepare("DELETE FROM blob WHERE sha256 = ?1 AND kept_at < ?2 "
                                        "AND NOT EXISTS (SELECT 1 FROM file WHERE file.sha256 = blob.sha256)"));
      TRY(row.bind_all(sha256, before));
      TRY(row.run());
      Statement left = TRY(sql_->prepare("SELECT 1 FROM blob WHERE sha256 = ?1"));
      TRY(left.bind(1, sha256));
      return !TRY(left.step());
    }));
    if (!gone) return false;
  } else if (!TRY(remove_from_disk(shelf(folder_, sha256) + "/" + std::string(sha256),
                                   folder_ + "/incoming/" + random_hex(16), before))) {
    return false;
  }
  for (const char* made : kMade) {
    const std::string picture = shelf(folder_ + made, sha256) + "/" + std::string(sha256) + ".jpg";
    if (unlink(picture.c_str()) != 0 && errno != ENOENT) return storage_error("unlink");
  }
  return true;
}

Result<std::int64_t> FileStore::free_bytes() const {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(folder_, error);
  if (error) return Error{ErrorCode::kStorage, "files", error.message()};
  return static_cast<std::int64_t>(space.available);
}

}  // namespace titik::serve
