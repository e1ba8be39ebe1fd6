// UTF-8 text from people and from other systems. All lengths are in code points unless named bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace titik {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view text);

// Reads the code point at `offset` and moves `offset` past it. A malformed byte reads as U+FFFD
// and moves by one. Precondition: offset < text.size().
char32_t next_code_point(std::string_view text, std::size_t& offset);

void append_utf8(std::string& out, char32_t code_point);

std::size_t count_code_points(std::string_view text);

// The longest prefix with at most `limit` code points.
std::string_view prefix_of(std::string_view text, std::size_t limit);

// What we keep of typed text: malformed bytes become U+FFFD; control characters (C0, DEL, C1) and
// direction overrides (U+202A–202E, U+2066–2069), which can disguise text, are dropped; CR LF and
// CR become LF; LF and TAB stay when `Lines::kMany`, and become a space when `Lines::kOne`.
enum class Lines { kOne, kMany };
std::string clean_text(std::string_view text, Lines lines);

// Without white space at either end.
std::string_view trimmed(std::string_view text);

}  // namespace titik
