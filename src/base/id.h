// Identifiers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace titik {

// A UUID of version 7 (RFC 9562, 5.7): 48 bits of `now`, then random bits, in lower-case hex with
// hyphens. `random` must come from a cryptographic source.
std::string make_uuid_v7(UnixMillis now, const std::array<std::uint8_t, 10>& random);

// 8-4-4-4-12 lower-case hex, any version.
bool is_uuid(std::string_view text);

// Ids of the LAPOR! interface: 1–10 decimal digits, handled as text (docs/api.md, Ids).
bool is_lapor_id(std::string_view text);

// 64 lower-case hex digits.
bool is_sha256(std::string_view text);

// Two lower-case hex digits for each byte.
std::string to_hex(const std::uint8_t* bytes, std::size_t count);

}  // namespace titik
