// Reads integers out of untrusted bytes. Every read is checked; outside the bytes there is nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "photo/photo.h"

namespace titik::photo {

enum class ByteOrder { kBig, kLittle };

class ByteReader {
 public:
  ByteReader(Bytes bytes, ByteOrder order) : bytes_(bytes), order_(order) {}

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  [[nodiscard]] std::optional<std::uint8_t> u8(std::size_t at) const {
    if (at >= bytes_.size()) return std::nullopt;
    return bytes_[at];
  }
  [[nodiscard]] std::optional<std::uint16_t> u16(std::size_t at) const {
    const auto value = integer(at, 2);
    if (!value) return std::nullopt;
    return static_cast<std::uint16_t>(*value);
  }
  [[nodiscard]] std::optional<std::uint32_t> u32(std::size_t at) const { return integer(at, 4); }

  // The `count` bytes at `at`; nothing when any of them lies outside.
  [[nodiscard]] std::optional<Bytes> slice(std::size_t at, std::size_t count) const {
    if (at > bytes_.size() || count > bytes_.size() - at) return std::nullopt;
    return bytes_.subspan(at, count);
  }

  // True when the bytes at `at` spell `text`.
  [[nodiscard]] bool spells(std::size_t at, std::string_view text) const {
    const auto found = slice(at, text.size());
    if (!found) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((*found)[i] != static_cast<std::uint8_t>(text[i])) return false;
    }
    return true;
  }

 private:
  [[nodiscard]] std::optional<std::uint32_t> integer(std::size_t at, std::size_t count) const {
    const auto found = slice(at, count);
    if (!found) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      value = (value << 8) | (*found)[order_ == ByteOrder::kBig ? i : count - 1 - i];
    }
    return value;
  }

  Bytes bytes_;
  ByteOrder order_;
};

}  // namespace titik::photo
