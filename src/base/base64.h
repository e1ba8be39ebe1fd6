// Bytes as text (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace titik {

std::string to_base64(std::string_view bytes);     // section 4, with its padding
std::string to_base64url(std::string_view bytes);  // section 5, without padding

// Nothing when it is something else: another letter, padding, a length that cannot be, or bits that no byte has.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace titik
