// Photos and documents, each under its SHA-256: on disk, or in the database when several machines share it. What
// keep() answered survives pulling the plug: temporary file, fsync, rename, fsync of the folder; or a commit.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "serve/crypto.h"
#include "serve/sql.h"

namespace titik::serve {

enum class FileKind { kImage, kDocument };
struct FileType {
  std::string_view mime;       // "image/jpeg"
  std::string_view extension;  // "jpg"
  FileKind kind;
};
// Says what the file is by its first bytes: JPEG, PNG, WebP or PDF; nothing for all else.
std::optional<FileType> sniff(std::string_view bytes);
// The same by our own name of it, as stored.
std::optional<FileType> file_type_from_mime(std::string_view mime);

struct KeptFile {
  std::string sha256;
  std::int64_t bytes = 0;
  FileType type;
};

// One file on its way in. What was not kept is removed with the object.
class IncomingFile {
 public:
  IncomingFile(IncomingFile&& other) noexcept;
  IncomingFile& operator=(IncomingFile&&) = delete;
  ~IncomingFile();

  // kTooLarge past report::kMaxFileBytes; kStorage when the disk fails.
  Result<Ok> write(std::string_view bytes);
  // kUnsupported: not a type we take; kInvalidArgument: empty, or not `sha256` when that is given; kStorage.
  Result<KeptFile> keep(std::string_view sha256 = {});

 private:
  friend class FileStore;
  IncomingFile(std::string folder, std::string path, int descriptor, Sql* sql);
  Result<Ok> keep_on_disk(const std::string& sha256);
  Result<Ok> keep_in_database(const std::string& sha256);

  std::string folder_;
  std::string path_;  // of the temporary file
  int descriptor_ = -1;
  Sql* sql_ = nullptr;  // null: on disk
  std::int64_t bytes_ = 0;
  std::string head_;  // enough to sniff
  std::unique_ptr<Digest> hash_;
};

class FileStore {
 public:
  // Makes the folders; removes temporary files that an earlier run left a day ago or longer.
  static Result<FileStore> open(const std::string& folder);
  // In the table `blob`, which is made when it is missing; `folder` has what is on its way in. The mutex of `sql` is
  // taken by every call, so whoever holds it must not call.
  static Result<FileStore> in_database(const std::string& folder, Sql& sql);

  Result<IncomingFile> receive();
  // kNotFound; kCorrupt when the bytes are not those of their hash.
  [[nodiscard]] Result<std::string> read(std::string_view sha256) const;
  [[nodiscard]] const std::string& folder() const { return folder_; }

  // --- what nobody names any more (serve/housekeeping.h)
  // A shelf is two hex digits, the first of the hashes on it: 256 of them.
  // Of one shelf the contents that were last kept before `before`, by this machine's clock, and those of which only a
  // small picture is left.
  [[nodiscard]] Result<std::vector<std::string>> kept_before(std::string_view shelf, UnixMillis before) const;
  // Takes a content and its small picture away, unless it was kept at `before` or later: then a row that names it may
  // be on its way. Whoever calls has seen that none does. False: it stays.
  Result<bool> remove(std::string_view sha256, UnixMillis before);

  // Free space of the disk, bytes. kStorage.
  [[nodiscard]] Result<std::int64_t> free_bytes() const;

 private:
  FileStore(std::string folder, Sql* sql) : folder_(std::move(folder)), sql_(sql) {}
  std::string folder_;
  Sql* sql_;  // null: on disk
};

}  // namespace titik::serve
