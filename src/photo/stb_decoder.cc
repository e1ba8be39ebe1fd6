// Compiles stb_image with a heap of its own. See README.md, "What we do about stb".
#include "photo/stb_decoder.h"

#include <cstdlib>
#include <cstring>
#include <limits>

namespace titik::photo {
namespace {

// Of the decode that runs: there is one thread (stb_decoder.h).
std::size_t bytes_in_use = 0;
bool ran_out = false;

// In front of each block stands its size. 16 bytes keep the alignment that malloc gives.
constexpr std::size_t kHeader = 16;

// Zeroed: stb reads Huffman tables that a broken file never defined (CVE-2022-28042), and what it does
// not write must not show the pixels of somebody else's photo.
void* stb_allocate(std::size_t size) {
  if (size > kMaxDecoderBytes - bytes_in_use) {
    ran_out = true;
    return nullptr;
  }
  auto* block = static_cast<std::uint8_t*>(std::calloc(1, size + kHeader));
  if (block == nullptr) {
    ran_out = true;
    return nullptr;
  }
  std::memcpy(block, &size, sizeof size);
  bytes_in_use += size;
  return block + kHeader;
}

std::size_t size_of(const void* pointer) {
  std::size_t size = 0;
  std::memcpy(&size, static_cast<const std::uint8_t*>(pointer) - kHeader, sizeof size);
  return size;
}

void stb_release(void* pointer) {
  if (pointer == nullptr) return;
  bytes_in_use -= size_of(pointer);
  std::free(static_cast<std::uint8_t*>(pointer) - kHeader);
}

void* stb_reallocate(void* pointer, std::size_t size) {
  void* larger = stb_allocate(size);
  if (larger == nullptr || pointer == nullptr) return larger;
  const std::size_t old_size = size_of(pointer);
  std::memcpy(larger, pointer, old_size < size ? old_size : size);
  stb_release(pointer);
  return larger;
}

}  // namespace
}  // namespace titik::photo

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_NO_FAILURE_STRINGS
#define STBI_NO_THREAD_LOCALS
#define STBI_MAX_DIMENSIONS 65535
#define STBI_MALLOC(size) titik::photo::stb_allocate(size)
#define STBI_REALLOC(pointer, size) titik::photo::stb_reallocate(pointer, size)
#define STBI_FREE(pointer) titik::photo::stb_release(pointer)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

namespace titik::photo {

StbPixels::StbPixels(Bytes file, int channels) {
  if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    failure_ = StbFailure::kMemory;
    return;
  }
  ran_out = false;
  int channels_in_file = 0;
  bytes_ = stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &size_.width, &size_.height,
                                 &channels_in_file, channels);
  if (bytes_ == nullptr) failure_ = ran_out ? StbFailure::kMemory : StbFailure::kBroken;
}

StbPixels::~StbPixels() { stb_release(bytes_); }

}  // namespace titik::photo
