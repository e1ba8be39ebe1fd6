#include "photo/errors.h"
#include "photo/photo.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace titik::photo {
namespace {

void append(void* context, void* data, int size) {
  auto& out = *static_cast<std::vector<std::uint8_t>*>(context);
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  out.insert(out.end(), bytes, bytes + size);
}

}  // namespace

Result<std::vector<std::uint8_t>> encode_jpeg(const Pixels& pixels, int quality) {
  const auto [width, height] = pixels.size;
  if (width < 1 || height < 1 || width > 65535 || height > 65535 ||
      pixels.rgba.size() != 4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
    return failure(ErrorCode::kInvalidArgument, "size");
  }
  if (quality < 1 || quality > 100) {
    return failure(ErrorCode::kInvalidArgument, "quality");
  }
  std::vector<std::uint8_t> file;
  file.reserve(pixels.rgba.size() / 16);
  if (stbi_write_jpg_to_func(append, &file, width, height, 4, pixels.rgba.data(), quality) == 0) {
    return failure(ErrorCode::kInternal, "encode");
  }
  return file;
}

}  // namespace titik::photo
