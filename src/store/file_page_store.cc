#include "store/file_page_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "store/file_page_format.h"

namespace titik::store {
namespace {

constexpr const char* kPages = "pages";
constexpr const char* kJournal = "journal";
constexpr const char* kUnfinishedJournal = "journal.new";

// Closes a file at the end of its scope.
struct File {
  explicit File(int number) : number_(number) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int number_;
};

// The whole content of an open file; nothing when the file system refuses.
std::optional<std::vector<std::uint8_t>> content_of(int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t part =
        ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (part < 0 && errno == EINTR) continue;
    if (part <= 0) return std::nullopt;
    done += static_cast<std::size_t>(part);
  }
  return bytes;
}

}  // namespace

Result<FilePageStore::Opened> FilePageStore::open(const std::string& folder) {
  std::unique_ptr<FilePageStore> store(new FilePageStore(folder));
  Result<PageImage> image = store->start();
  if (!image.ok()) return std::move(image).error();
  return Opened{std::move(store), std::move(image).value()};
}

FilePageStore::~FilePageStore() {
  if (pages_file_ >= 0) ::close(pages_file_);
  if (folder_file_ >= 0) ::close(folder_file_);
}

Result<PageImage> FilePageStore::start() {
  if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) return failed("folder");
  folder_file_ = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_file_ < 0) return failed("folder");
  if (::flock(folder_file_, LOCK_EX | LOCK_NB) != 0) {
    return Error{ErrorCode::kConflict, "folder", "another process has the database open"};
  }
  pages_file_ = ::open(path(kPages).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (pages_file_ < 0) return failed(kPages);

  TRY(apply_journal());
  StoredImage stored;
  TRY(read_pages(stored));
  Result<PageImage> image = checked_image(std::move(stored));
  if (image.ok()) sums_ = PageSums(image.value());
  return image;
}

void FilePageStore::write(PageBatch batch, Done done) {
  if (stopped_) return;
  Result<Ok> result = try_write(batch);
  if (stopped_) return;
  done(std::move(result));
}

Result<Ok> FilePageStore::try_write(const PageBatch& batch) {
  // Step 0: what an earlier batch could not finish.
  if (journal_waits_) TRY(apply_journal());
  TRY(write_journal(batch, sums_.head_after(batch)));
  // Durable from here on, whatever comes.
  sums_.accept(batch);
  journal_waits_ = true;
  (void)apply_journal();  // when it fails: again at step 0, or at the next start
  return Ok{};
}

// Folder, steps 1–3.
Result<Ok> FilePageStore::write_journal(const PageBatch& batch, const Head& head) {
  // Step 1: the whole batch, under a name that nobody reads.
  const File file(::open(path(kUnfinishedJournal).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                         0600));
  if (file.number_ < 0) return failed(kUnfinishedJournal);
  TRY(write_at(file.number_, 0, encode_journal(batch, head)));
  TRY(sync(file.number_, kUnfinishedJournal));
  // Step 2: the moment of the commit.
  TRY(take_step(kJournal));
  if (::rename(path(kUnfinishedJournal).c_str(), path(kJournal).c_str()) != 0) {
    return failed(kJournal);
  }
  // Step 3: the name is durable too.
  return sync(folder_file_, "folder");
}

// Folder, steps 4–6. May be done any number of times.
Result<Ok> FilePageStore::apply_journal() {
  Bytes bytes;
  {
    const File file(::open(path(kJournal).c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number_ < 0 && errno == ENOENT) return Ok{};
    if (file.number_ < 0) return failed(kJournal);
    auto content = content_of(file.number_);
    if (!content) return failed(kJournal);
    bytes = std::move(*content);
  }
  const Journal journal = TRY(decode_journal(bytes));  // complete since step 2, or corrupt

  // Step 4: every page in its place, the head last.
  for (const auto& [number, page] : journal.batch.pages) {
    TRY(write_at(pages_file_, page_offset(number), encode_page(number, page)));
  }
  TRY(write_at(pages_file_, 0, encode_head(journal.head)));
  TRY(take_step(kPages));
  if (::ftruncate(pages_file_, static_cast<off_t>(page_offset(std::uint64_t{journal.head.page_count} + 1))) != 0) {
    return failed(kPages);
  }
  // Step 5.
  TRY(sync(pages_file_, kPages));
  // Step 6: a journal that comes back after a crash is the newest one, and harmless.
  TRY(take_step(kJournal));
  if (::unlink(path(kJournal).c_str()) != 0) return failed(kJournal);
  journal_waits_ = false;
  return Ok{};
}

Result<Ok> FilePageStore::read_pages(StoredImage& stored) {
  const auto content = content_of(pages_file_);
  if (!content) return failed(kPages);
  if (content->empty()) return Ok{};
  stored = TRY(decode_pages(*content));
  return Ok{};
}

Result<Ok> FilePageStore::write_at(int file, std::uint64_t offset, const Bytes& bytes) {
  const std::size_t allowed =
      static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), steps_left_));
  std::size_t done = 0;
  while (done < allowed) {
    const ssize_t part =
        ::pwrite(file, bytes.data() + done, allowed - done, static_cast<off_t>(offset + done));
    if (part < 0 && errno == EINTR) continue;
    if (part <= 0) return failed("write");
    done += static_cast<std::size_t>(part);
  }
  if (steps_left_ != UINT64_MAX) steps_left_ -= allowed;
  if (allowed == bytes.size()) return Ok{};
  stopped_ = true;
  return failed("stopped");
}

Result<Ok> FilePageStore::sync(int file, const char* name) {
  TRY(take_step(name));
  if (::fsync(file) != 0) return failed(name);
  return Ok{};
}

Result<Ok> FilePageStore::take_step(const char* name) {
  if (steps_left_ == 0) {
    stopped_ = true;
    return failed(name);
  }
  if (steps_left_ != UINT64_MAX) --steps_left_;
  return Ok{};
}

Error FilePageStore::failed(const char* name) const {
  if (stopped_) return Error{ErrorCode::kStorage, name, "stopped by a test"};
  return Error{ErrorCode::kStorage, name, std::strerror(errno)};
}

}  // namespace titik::store
