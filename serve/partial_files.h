// Files that come in several requests (tus): each a file under "partial/" whose size is its offset. So
// what is told is what is there, also after the program was killed.
//
// A phone that lost its connection comes back while the old one still delivers. The newest request has
// the turn; an older one ends at its next bytes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "serve/files.h"

namespace titik::serve {

class PartialFiles {
 public:
  // Makes the folder. `files`: where whole ones go.
  static Result<std::unique_ptr<PartialFiles>> open(const std::string& folder, FileStore files);

  // The right to write to one upload, until another takes it.
  class Turn {
   public:
    // What has arrived, bytes. kConflict: somebody else has the turn now; so with all below.
    Result<std::int64_t> size();
    // Puts bytes at the end.
    Result<Ok> append(std::string_view bytes);
    Result<Ok> cut(std::int64_t size);
    // All is there: into the file store, under its hash, when that is `sha256` (or `sha256` is empty).
    // kInvalidArgument: other bytes; kUnsupported: no type we take. In both cases it is begun anew.
    Result<KeptFile> keep(std::string_view sha256);
    Result<Ok> remove();

   private:
    friend class PartialFiles;
    struct Upload {
      std::mutex mutex;
      std::uint64_t turn = 0;
    };
    Turn(PartialFiles& owner, std::int64_t id, std::shared_ptr<Upload> upload, std::uint64_t turn)
        : owner_(owner), id_(id), upload_(std::move(upload)), turn_(turn) {}
    Result<std::unique_lock<std::mutex>> lock();
    [[nodiscard]] std::string path() const;
    Result<std::int64_t> size_now() const;

    PartialFiles& owner_;
    std::int64_t id_;
    std::shared_ptr<Upload> upload_;
    std::uint64_t turn_;
  };
  Turn take(std::int64_t id);
  // Of all uploads of which something lies here.
  Result<std::vector<std::int64_t>> ids() const;

 private:
  PartialFiles(std::string folder, FileStore files) : folder_(std::move(folder)), files_(std::move(files)) {}

  std::string folder_;
  FileStore files_;
  std::mutex mutex_;
  std::map<std::int64_t, std::weak_ptr<Turn::Upload>> uploads_;
};

}  // namespace titik::serve
