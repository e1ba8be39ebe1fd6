#include "serve/partial_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "base/id.h"

namespace titik::serve {
namespace {

Error storage_error(std::string_view what) {
  return Error{ErrorCode::kStorage, "files", std::string(what) + ": errno " + std::to_string(errno)};
}

// Closes what it holds.
struct Descriptor {
  int number = -1;
  ~Descriptor() { if (number >= 0) close(number); }
};

}  // namespace

Result<std::unique_ptr<PartialFiles>> PartialFiles::open(const std::string& folder, FileStore files) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return storage_error("mkdir");
  return std::unique_ptr<PartialFiles>(new PartialFiles(folder, std::move(files)));
}

PartialFiles::Turn PartialFiles::take(std::int64_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(uploads_, [](const auto& entry) { return entry.second.expired(); });
  std::shared_ptr<Turn::Upload> upload = uploads_[id].lock();
  if (!upload) {
    upload = std::make_shared<Turn::Upload>();
    uploads_[id] = upload;
  }
  const std::lock_guard<std::mutex> writing(upload->mutex);
  return Turn(*this, id, upload, ++upload->turn);
}

Result<std::unique_lock<std::mutex>> PartialFiles::Turn::lock() {
  std::unique_lock<std::mutex> lock(upload_->mutex);
  if (upload_->turn != turn_) return Error{ErrorCode::kConflict, "", "Unggahan ini dilanjutkan dari sambungan lain."};
  return lock;
}

Result<std::vector<std::int64_t>> PartialFiles::ids() const {
  std::vector<std::int64_t> ids;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    if (is_lapor_id(name)) ids.push_back(std::stoll(name));
  }
  if (error) return Error{ErrorCode::kStorage, "files", error.message()};
  return ids;
}

std::string PartialFiles::Turn::path() const { return owner_.folder_ + "/" + std::to_string(id_); }

Result<std::int64_t> PartialFiles::Turn::size_now() const {
  struct stat status {};
  if (stat(path().c_str(), &status) == 0) return static_cast<std::int64_t>(status.st_size);
  if (errno == ENOENT) return std::int64_t{0};
  return storage_error("stat");
}

Result<std::int64_t> PartialFiles::Turn::size() {
  const auto held = TRY(lock());
  return size_now();
}

Result<Ok> PartialFiles::Turn::append(std::string_view bytes) {
  const auto held = TRY(lock());
  const Descriptor file{::open(path().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
  if (file.number < 0) return storage_error("open");
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return storage_error("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return Ok{};
}

Result<Ok> PartialFiles::Turn::cut(std::int64_t size) {
  const auto held = TRY(lock());
  if (truncate(path().c_str(), size) != 0 && errno != ENOENT) return storage_error("truncate");
  return Ok{};
}

Result<KeptFile> PartialFiles::Turn::keep(std::string_view sha256) {
  const auto held = TRY(lock());
  IncomingFile incoming = TRY(owner_.files_.receive());
  {
    const Descriptor file{::open(path().c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.number < 0) return storage_error("open");
    std::array<char, 64 * 1024> buffer{};
    for (;;) {
      const ssize_t count = ::read(file.number, buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return storage_error("read");
      if (count == 0) break;
      TRY(incoming.write(std::string_view(buffer.data(), static_cast<std::size_t>(count))));
    }
  }
  Result<KeptFile> kept = incoming.keep(sha256);
  if (!kept.ok() && kept.error().code == ErrorCode::kStorage) return kept;
  (void)unlink(path().c_str());
  return kept;
}

Result<Ok> PartialFiles::Turn::remove() {
  const auto held = TRY(lock());
  if (unlink(path().c_str()) != 0 && errno != ENOENT) return storage_error("unlink");
  return Ok{};
}

}  // namespace titik::serve
