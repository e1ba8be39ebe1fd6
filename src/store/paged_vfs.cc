#include "store/paged_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <map>
#include <mutex>

namespace titik::store {
namespace {

static_assert(kPageSize == 8192, "kFixed below names it");
constexpr int kMaxNameLength = 64;  // bytes; names are made by register_paged_file()

struct Registry {
  std::mutex mutex;
  std::map<std::string, PagedFile*, std::less<>> files;
  std::uint64_t made = 0;
};

Registry& registry() {
  static Registry* instance = new Registry;  // never destroyed: databases may close at exit
  return *instance;
}

// What SQLite allocates for us for each open file; `base` must come first.
struct OpenFile {
  sqlite3_file base;
  PagedFile* pages;
};

PagedFile& pages_of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file)->pages; }

int close_file(sqlite3_file* file) {
  pages_of(file).close();
  return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* target, int count, sqlite3_int64 offset) {
  const PagedFile& pages = pages_of(file);
  auto* out = static_cast<std::uint8_t*>(target);
  auto rest = static_cast<std::size_t>(count);
  auto position = static_cast<std::uint64_t>(offset);
  while (rest > 0) {
    const std::uint64_t index = position / kPageSize;
    const std::size_t within = position % kPageSize;
    if (index >= pages.page_count()) {
      std::memset(out, 0, rest);  // SQLite asks for zeros after a short read
      return SQLITE_IOERR_SHORT_READ;
    }
    const std::size_t part = std::min(rest, kPageSize - within);
    std::memcpy(out, pages.page(static_cast<PageNumber>(index + 1)).data() + within, part);
    out += part;
    rest -= part;
    position += part;
  }
  return SQLITE_OK;
}

// SQLite writes whole pages only.
int write_file(sqlite3_file* file, const void* source, int count, sqlite3_int64 offset) {
  if (count != static_cast<int>(kPageSize) || offset % kPageSize != 0) return SQLITE_IOERR_WRITE;
  const auto number = static_cast<PageNumber>(offset / kPageSize + 1);
  pages_of(file).write(number, static_cast<const std::uint8_t*>(source));
  return SQLITE_OK;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (size % kPageSize != 0) return SQLITE_IOERR_TRUNCATE;
  pages_of(file).resize(static_cast<PageNumber>(size / kPageSize));
  return SQLITE_OK;
}

// Never a place to hand pages out: with synchronous=OFF SQLite does not call it.
int sync_file(sqlite3_file*, int) { return SQLITE_OK; }

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = sqlite3_int64{pages_of(file).page_count()} * kPageSize;
  return SQLITE_OK;
}

// One owner: PagedFile::open_once() is the lock.
int lock_file(sqlite3_file*, int) { return SQLITE_OK; }
int check_reserved_lock(sqlite3_file*, int* reserved) {
  *reserved = 0;
  return SQLITE_OK;
}

// What this VFS relies on, as open_paged_database() sets it. SQLite asks before each pragma.
int check_pragma(char** arguments) {
  static constexpr const char* kFixed[][2] = {
      {"page_size", "8192"}, {"journal_mode", "memory"}, {"locking_mode", "exclusive"}};
  const char* name = arguments[1];
  const char* value = arguments[2];  // null: only asks
  if (!value) return SQLITE_NOTFOUND;
  for (const auto& [fixed_name, fixed_value] : kFixed) {
    if (sqlite3_stricmp(name, fixed_name) != 0) continue;
    if (sqlite3_stricmp(value, fixed_value) == 0) continue;
    arguments[0] = sqlite3_mprintf("%s must stay %s", fixed_name, fixed_value);
    return SQLITE_ERROR;
  }
  return SQLITE_NOTFOUND;  // SQLite goes on with it
}

// Commit, step 2 (docs/storage-format.md): SQLite has written every page of the transaction and
// calls this once, after the last moment at which the transaction could still be rolled back.
int control_file(sqlite3_file* file, int operation, void* argument) {
  if (operation == SQLITE_FCNTL_PRAGMA) return check_pragma(static_cast<char**>(argument));
  if (operation != SQLITE_FCNTL_COMMIT_PHASETWO) return SQLITE_NOTFOUND;
  pages_of(file).commit();
  return SQLITE_OK;
}

int sector_size(sqlite3_file*) { return kPageSize; }
int device_characteristics(sqlite3_file*) { return 0; }

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = lock_file,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
};

// Journals and temporary files stay in SQLite's memory, so only main databases come here.
int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;  // tells SQLite not to close what failed to open
  if (!name || !(flags & SQLITE_OPEN_MAIN_DB)) return SQLITE_CANTOPEN;
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  const auto found = all.files.find(std::string_view(name));
  if (found == all.files.end() || !found->second->open_once()) return SQLITE_CANTOPEN;
  reinterpret_cast<OpenFile*>(file)->pages = found->second;
  file->pMethods = &kMethods;
  if (out_flags) *out_flags = flags;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs*, const char*, int) { return SQLITE_IOERR_DELETE_NOENT; }

// SQLite looks for journals left by a crash: there are none.
int access_file(sqlite3_vfs*, const char*, int, int* answer) {
  *answer = 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  const std::size_t length = std::strlen(name);
  if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(out, name, length + 1);
  return SQLITE_OK;
}

// SQLite's random numbers name temporary files, which we have none of, and fill SQL's random(),
// which we do not use. What must be random comes in from WebCrypto (base/id.h).
int randomness(sqlite3_vfs*, int count, char* out) {
  std::memset(out, 0, static_cast<std::size_t>(count));
  return count;
}

int sleep_micros(sqlite3_vfs*, int) { return 0; }

// Time comes in as an argument (base/time.h): SQL's CURRENT_TIMESTAMP has no clock here and says so.
int current_time(sqlite3_vfs*, double*) { return SQLITE_ERROR; }

int last_error(sqlite3_vfs*, int, char*) { return 0; }

sqlite3_vfs& vfs() {
  static sqlite3_vfs instance = {
      .iVersion = 1,
      .szOsFile = sizeof(OpenFile),
      .mxPathname = kMaxNameLength,
      .zName = kPagedVfsName,
      .xOpen = open_file,
      .xDelete = delete_file,
      .xAccess = access_file,
      .xFullPathname = full_path,
      .xRandomness = randomness,
      .xSleep = sleep_micros,
      .xCurrentTime = current_time,
      .xGetLastError = last_error,
  };
  return instance;
}

// The first column of the first row; empty when there is no row.
Result<std::string> first_answer(Database& database, std::string_view sql) {
  Statement statement = TRY(database.prepare(sql));
  if (!TRY(statement.step())) return std::string();
  return statement.text(0);
}

Result<Ok> set_pragma(Database& database, const std::string& name, const std::string& value) {
  TRY(first_answer(database, "PRAGMA " + name + "=" + value));
  const std::string now = TRY(first_answer(database, "PRAGMA " + name));
  if (now == value) return Ok{};
  return Error{ErrorCode::kInternal, "database", "PRAGMA " + name + " is " + now};
}

}  // namespace

std::string register_paged_file(PagedFile* file) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  std::string name = "pages-" + std::to_string(++all.made);
  all.files.emplace(name, file);
  return name;
}

void unregister_paged_file(const std::string& name) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  all.files.erase(name);
}

Result<Database> open_paged_database(PagedFile& file) {
  // Native programs keep the system's VFS as default. Registering twice changes nothing.
  if (sqlite3_initialize() != SQLITE_OK || sqlite3_vfs_register(&vfs(), 0) != SQLITE_OK) {
    return Error{ErrorCode::kInternal, "database", "SQLite cannot start"};
  }
  Database database = TRY(Database::open(file.name(), kPagedVfsName));
  TRY(set_pragma(database, "page_size", std::to_string(kPageSize)));
  TRY(set_pragma(database, "temp_store", "2"));           // MEMORY
  TRY(set_pragma(database, "locking_mode", "exclusive"));  // before the first read of the file
  TRY(set_pragma(database, "synchronous", "0"));          // OFF: the PageStore makes it durable
  TRY(set_pragma(database, "journal_mode", "memory"));
  // What is deleted is gone from the disk, and recovery (recovery.h) finds no rows of the past.
  TRY(set_pragma(database, "secure_delete", "1"));
  TRY(first_answer(database, "SELECT count(*) FROM sqlite_schema"));  // kCorrupt now, not later
  return database;
}

}  // namespace titik::store

#if defined(SQLITE_OS_OTHER) && SQLITE_OS_OTHER
// The phone's SQLite has no operating system below it: this is the whole of it.
extern "C" int sqlite3_os_init(void) {
  return sqlite3_vfs_register(&titik::store::vfs(), 1);
}
extern "C" int sqlite3_os_end(void) { return SQLITE_OK; }
#endif
