#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace apiwright::json {

/// Eight bytes of a text that are looked at together. A result has the high bit set of each byte found; above the first
/// of them it may be set of others as well, so only the first one says where something is.
class EightBytes {
 public:
  explicit EightBytes(const char* text) noexcept { std::memcpy(&bytes_, text, sizeof bytes_); }

  /// Control characters below 0x20, quotes and backslashes: what a JSON string can't have as it is.
  [[nodiscard]] std::uint64_t specials() const noexcept { return found() & kHighs; }

  /// As above, and what is not ASCII.
  [[nodiscard]] std::uint64_t specials_or_non_ascii() const noexcept { return (found() | bytes_) & kHighs; }

  /// How many bytes stand before the first one found; `found` must not be 0.
  [[nodiscard]] static std::size_t before_first(std::uint64_t found) noexcept {
    static_assert(std::endian::native == std::endian::little, "the first byte of a text is the lowest");
    return static_cast<std::size_t>(std::countr_zero(found)) / 8;
  }

 private:
  static constexpr std::uint64_t kOnes = 0x0101010101010101U;
  static constexpr std::uint64_t kHighs = 0x8080808080808080U;

  // A subtraction borrows into a byte's high bit where that byte is below 0x20, or 0 after the comparison.
  [[nodiscard]] std::uint64_t found() const noexcept {
    const std::uint64_t quote = bytes_ ^ (kOnes * '"');
    const std::uint64_t backslash = bytes_ ^ (kOnes * '\\');
    return ((bytes_ - kOnes * 0x20) & ~bytes_) | ((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash);
  }

  std::uint64_t bytes_ = 0;
};

}  // namespace apiwright::json
