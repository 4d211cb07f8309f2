#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace apiwright::validation {

/// A number by JSON's grammar, taken apart without binary floats and in bounded memory: ±`digits` × 10^`exponent`,
/// where `digits` does not end in 0 unless it is 0. What does not fit is still told by its size and by its smallest
/// place.
struct Number {
  bool negative = false;
  std::uint64_t digits = 0;    ///< exact when there are at most 19 of them, else of no meaning
  std::int64_t exponent = 0;   ///< the place of the last non-zero digit; below 0 it has a fractional part
  std::int64_t magnitude = 0;  ///< the absolute value is below 10^magnitude

  /// Empty when `text` is not a number. An exponent is read as ±10^12 at most: farther than any field reaches.
  [[nodiscard]] static std::optional<Number> parse(std::string_view text) noexcept;
};

/// 10^exponent for 0 ≤ exponent ≤ 19.
[[nodiscard]] std::uint64_t power_of_ten(std::int64_t exponent) noexcept;

/// The largest whole number of that many digits, at most Decimal::kMaxDigits.
[[nodiscard]] std::int64_t widest(int digits) noexcept;

}  // namespace apiwright::validation
