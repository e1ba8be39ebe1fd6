#include "serve/thumbnails.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <span>
#include <system_error>

#include "base/base64.h"
#include "base/id.h"
#include "photo/photo.h"
#include "serve/crypto.h"
#include "serve/pictures.h"

namespace titik::serve {
namespace {

constexpr std::int64_t kMostPixels = 1'000'000;  // of what is called a thumbnail

photo::Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Result<std::string> make_small(std::string_view bytes) {
  if (!is_small_enough(TRY(photo::inspect(bytes_of(bytes))))) return Error{ErrorCode::kTooLarge, "pixels", "too many pixels"};
  const std::lock_guard<std::mutex> lock(picture_decoder());
  const photo::Pixels pixels = TRY(photo::decode(bytes_of(bytes), photo::kThumbnailEdge));
  const std::vector<std::uint8_t> jpeg = TRY(photo::encode_jpeg(pixels));
  return std::string(jpeg.begin(), jpeg.end());
}

std::optional<std::string> read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

// It can be made again: no fsync, and a disk that is full is no reason to refuse the picture.
void keep(const std::string& folder, const std::string& path, const std::string& jpeg) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string made = path + "." + random_hex(8);
  {
    std::ofstream out(made, std::ios::binary);
    out << jpeg;
    out.close();
    if (!out) error = std::make_error_code(std::errc::io_error);
  }
  if (!error) std::filesystem::rename(made, path, error);
  if (error) std::filesystem::remove(made, error);
}

// What `make` makes of the file, from the folder of its kind when it has been made before.
Result<std::string> made_once(const FileStore& files, std::string_view sha256, std::string_view kind,
                              Result<std::string> (*make)(std::string_view)) {
  const Error none{ErrorCode::kNotFound, "", "Tidak ada gambar untuk berkas ini."};
  if (!is_sha256(sha256)) return none;
  const std::string folder = files.folder() + "/" + std::string(kind) + "/" + std::string(sha256.substr(0, 2));
  const std::string path = folder + "/" + std::string(sha256) + ".jpg";
  const auto told = [&](std::string jpeg) -> Result<std::string> {
    if (jpeg.empty()) return none;
    return jpeg;
  };
  if (std::optional<std::string> kept = read_whole(path)) return told(*std::move(kept));
  const std::string bytes = TRY(files.read(sha256));
  Result<std::string> made = make(bytes);
  std::string jpeg = made.ok() ? std::move(made).value() : std::string();  // that there is none is kept too
  keep(folder, path, jpeg);
  return told(std::move(jpeg));
}

}  // namespace

Result<std::string> thumbnail_of(const FileStore& files, std::string_view sha256) {
  return made_once(files, sha256, "thumbnails", make_small);
}

Result<std::string> public_picture_of(const FileStore& files, std::string_view sha256) {
  return made_once(files, sha256, "public", picture_for_everybody);
}

Result<std::string> clean_thumbnail(std::string_view bytes) {
  const Error refused{ErrorCode::kInvalidArgument, "thumbnail", "Gambar kecil tidak dapat dibaca atau terlalu besar."};
  if (bytes.empty() || bytes.size() > kMaxThumbnailBytes) return refused;
  const Result<photo::Inspection> seen = photo::inspect(bytes_of(bytes));
  if (!seen.ok() || seen->format != photo::Format::kJpeg) return refused;
  if (std::int64_t{seen->width} * seen->height > kMostPixels) return refused;
  Result<std::string> jpeg = make_small(bytes);
  if (!jpeg.ok()) return refused;
  return jpeg;
}

Result<Ok> ThumbnailStore::add(std::int64_t tracking_id, std::string_view photo_sha256, std::string_view jpeg) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<Ok> {
    Statement photo = TRY(sql_.prepare("SELECT 1 FROM pending_photo WHERE tracking_id = ?1 AND sha256 = ?2"));
    TRY(photo.bind_all(tracking_id, photo_sha256));
    if (!TRY(photo.step())) return Error{ErrorCode::kNotFound, "", "Laporan ini tidak menunggu foto itu."};
    photo.reset();
    Statement row = TRY(sql_.prepare("INSERT INTO pending_thumbnail(tracking_id, sha256, jpeg) VALUES (?1, ?2, ?3) "
                                     "ON CONFLICT DO NOTHING"));
    TRY(row.bind_all(tracking_id, photo_sha256, to_base64(jpeg)));
    return row.run();
  });
}

Result<std::vector<PendingThumbnail>> ThumbnailStore::of(std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT pending_photo.sha256, jpeg FROM pending_thumbnail JOIN pending_photo "
                                   "ON pending_photo.tracking_id = pending_thumbnail.tracking_id "
                                   "AND pending_photo.sha256 = pending_thumbnail.sha256 "
                                   "WHERE pending_photo.tracking_id = ?1 ORDER BY position"));
  TRY(row.bind(1, tracking_id));
  std::vector<PendingThumbnail> list;
  while (TRY(row.step())) list.push_back({row.text(0), row.text(1)});
  return list;
}

}  // namespace titik::serve
