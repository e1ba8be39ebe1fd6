// What a photo looks like, in 64 bits: photos of one scene differ in few of them.
//
// pHash, the DCT hash of Christoph Zauner, "Implementation and Benchmarking of Perceptual Image Hash
// Functions" (2010), 3.2.1, which pHash.org uses: luma, averaged to 32 × 32; the two-dimensional DCT-II; of
// its coefficients the 8 × 8 of lowest frequency without the first row and column; a bit for each that is
// above their median. Zauner averages over 7 × 7 pixels before; averaging by area does that already.
#pragma once

#include <cstdint>
#include <string>

#include "photo/photo.h"

namespace titik::photo {

// Photos that differ in at most this many bits are taken for the same picture, written or scaled anew.
// Measured (perceptual_hash_test.cc): the same photo at other sizes, qualities and brightness, at most 8;
// different photos, at least 16.
inline constexpr int kSamePictureDistance = 10;

[[nodiscard]] std::uint64_t perceptual_hash(const Pixels& pixels);
[[nodiscard]] int hash_distance(std::uint64_t a, std::uint64_t b);
[[nodiscard]] std::string write_hash(std::uint64_t hash);  // 16 lower-case hex digits

}  // namespace titik::photo
