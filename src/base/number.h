// Decimal text ⇄ double, exactly rounded, without the C library's: its scanf and printf of doubles
// are 10 KB of what a phone downloads.
#pragma once

#include <string>
#include <string_view>

namespace titik {

// The double nearest to a JSON number (RFC 8259, section 6), ties to even; infinite when it is beyond a
// double's range. The text must be such a number.
double double_of(std::string_view json_number);

// A number below 10^12 with `places` (0 to 6) digits after the point: "-6.91475".
std::string with_places(double value, int places);

// A number from 0 with at least `digits` digits: "07".
std::string padded(int value, int digits);

}  // namespace titik
