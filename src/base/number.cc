#include "base/number.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace titik {
namespace {

// A natural number of any size: the 32-bit digits from the lowest, none of them leading zeros.
class Natural {
 public:
  explicit Natural(std::uint32_t value) { times_plus(0, value); }

  [[nodiscard]] std::size_t size() const { return digits_.size(); }
  [[nodiscard]] bool is_zero() const { return digits_.empty(); }

  void times_plus(std::uint32_t factor, std::uint32_t addend) {
    std::uint64_t carry = addend;
    for (std::uint32_t& digit : digits_) {
      carry += std::uint64_t{digit} * factor;
      digit = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) digits_.push_back(static_cast<std::uint32_t>(carry));
  }
  void double_it() { times_plus(2, 0); }
  // Nothing when `exponent` is negative.
  void times_ten_to(std::int64_t exponent) {
    for (; exponent >= 9; exponent -= 9) times_plus(1'000'000'000, 0);
    for (; exponent > 0; --exponent) times_plus(10, 0);
  }

  [[nodiscard]] bool at_least(const Natural& other) const {
    if (digits_.size() != other.digits_.size()) return digits_.size() > other.digits_.size();
    for (std::size_t i = digits_.size(); i-- > 0;) {
      if (digits_[i] != other.digits_[i]) return digits_[i] > other.digits_[i];
    }
    return true;
  }

  // Takes `other` off once and answers true, or answers false when it is larger.
  bool take(const Natural& other) {
    if (!at_least(other)) return false;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < digits_.size(); ++i) {
      const std::uint64_t off = borrow + (i < other.digits_.size() ? other.digits_[i] : 0);
      borrow = digits_[i] < off ? 1 : 0;
      digits_[i] = static_cast<std::uint32_t>(digits_[i] - off);
    }
    while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
    return true;
  }

 private:
  std::vector<std::uint32_t> digits_;
};

// More digits than this cannot decide a rounding, other than by not being zero: halfway between two
// doubles takes 767 at most.
constexpr int kDecisiveDigits = 770;

}  // namespace

double double_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  const double sign = negative ? -1 : 1;

  // 1. The number as `digits` × 10^`exponent`.
  Natural digits(0);
  int count = 0;                // of digits from the first that is not 0
  std::int64_t exponent = 0;
  bool fraction = false;
  std::size_t at = negative ? 1 : 0;
  for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
    if (text[at] == '.') {
      fraction = true;
      continue;
    }
    if (fraction) --exponent;
    const auto digit = static_cast<std::uint32_t>(text[at] - '0');
    if (count == 0 && digit == 0) continue;
    if (count < kDecisiveDigits) {
      digits.times_plus(10, digit);
      ++count;
    } else {
      ++exponent;
      // One digit 1 stands for all that is left out.
      if (digit != 0 && count == kDecisiveDigits) {
        digits.times_plus(10, 1);
        --exponent;
        ++count;
      }
    }
  }
  if (count == 0) return sign * 0.0;
  if (at < text.size()) {
    ++at;
    const bool smaller = text[at] == '-';
    if (smaller || text[at] == '+') ++at;
    std::int64_t written = 0;
    for (; at < text.size(); ++at) {
      if (written < 1'000'000'000'000) written = written * 10 + (text[at] - '0');
    }
    exponent += smaller ? -written : written;
  }
  // It is from 10^(count - 1 + exponent) to below 10^(count + exponent).
  if (count + exponent > 310) return sign * std::numeric_limits<double>::infinity();
  if (count + exponent < -330) return sign * 0.0;

  // 2. As `over` / `under` × 2^`power`, where 1 ≤ over / under < 2.
  Natural over = digits;
  Natural under(1);
  over.times_ten_to(exponent);
  under.times_ten_to(-exponent);
  int power = 0;
  for (; over.size() + 1 < under.size(); power -= 31) over.times_plus(1u << 31, 0);  // faster, in the same direction
  for (; under.size() + 1 < over.size(); power += 31) under.times_plus(1u << 31, 0);
  for (; !over.at_least(under); --power) over.double_it();
  Natural twice = under;
  for (twice.double_it(); over.at_least(twice); ++power) {
    under = twice;
    twice.double_it();
  }
  if (power > 1023) return sign * std::numeric_limits<double>::infinity();

  // 3. Its first 53 bits, or what a double so near to 0 has of them; then to nearest, ties to even.
  int bits = 53;
  if (power < -1022) bits += power + 1022;
  if (bits < 0) return sign * 0.0;
  std::uint64_t mantissa = 0;
  for (int i = 0; i < bits; ++i) {
    mantissa = mantissa * 2 + (over.take(under) ? 1 : 0);
    over.double_it();
  }
  const bool half = over.take(under);
  if (half && (!over.is_zero() || mantissa % 2 == 1)) ++mantissa;
  return sign * std::ldexp(static_cast<double>(mantissa), power - (bits - 1));
}

std::string padded(int value, int digits) {
  std::string text = std::to_string(value);
  if (const auto wanted = static_cast<std::size_t>(digits); text.size() < wanted) text.insert(0, wanted - text.size(), '0');
  return text;
}

std::string with_places(double value, int places) {
  std::int64_t scale = 1;
  for (int i = 0; i < places; ++i) scale *= 10;
  const std::int64_t units = std::llround(std::abs(value) * static_cast<double>(scale));
  std::string text = value < 0 && units != 0 ? "-" : "";
  text += std::to_string(units / scale);
  if (places > 0) {
    text += '.';
    text += padded(static_cast<int>(units % scale), places);
  }
  return text;
}

}  // namespace titik
