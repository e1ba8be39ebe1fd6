// Small pictures: of files that are here, made when somebody asks and kept; and of photos that are still to come,
// as the phone sends them between its words and its photos (table pending_thumbnail).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "serve/files.h"
#include "serve/sql.h"

namespace titik::serve {

inline constexpr std::size_t kMaxThumbnailBytes = 64 * 1024;

// A JPEG of at most photo::kThumbnailEdge, upright and without metadata. Made once, one at a time in this process:
// decoding may take 400 MB. kNotFound: not a JPEG or PNG, or none that can be read.
Result<std::string> thumbnail_of(const FileStore& files, std::string_view sha256);

// The picture for everybody to see (pictures.h), made once in the same way. kNotFound as above.
Result<std::string> public_picture_of(const FileStore& files, std::string_view sha256);

// What a stranger calls a thumbnail, written anew: a JPEG of ours, with nothing else in it.
// kInvalidArgument: no small JPEG.
Result<std::string> clean_thumbnail(std::string_view bytes);

struct PendingThumbnail {
  std::string sha256;  // of the photo
  std::string jpeg;    // base64
};

class ThumbnailStore {
 public:
  explicit ThumbnailStore(Sql& sql) : sql_(sql) {}

  // Does nothing when there is one already. kNotFound: the report does not wait for this photo, or not any more.
  Result<Ok> add(std::int64_t tracking_id, std::string_view photo_sha256, std::string_view jpeg);
  // In the order of the report's photos.
  Result<std::vector<PendingThumbnail>> of(std::int64_t tracking_id);

 private:
  Sql& sql_;
};

}  // namespace titik::serve
