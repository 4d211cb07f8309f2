#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace apiwright {

/// 10^`exponent`, of 0 to 18.
[[nodiscard]] std::int64_t power_of_ten(int exponent) noexcept;

/// An exact decimal: `unscaled` × 10^-`scale`, at most kMaxDigits digits. Equality is of both members.
struct Decimal {
  static constexpr int kMaxDigits = 18;  ///< they fit 64 bits whatever they are

  std::int64_t unscaled = 0;
  int scale = 0;

  /// Reads `-12.5`, `12` or `1.250e1` without binary floats, to exactly `scale` places. Empty when the text is not a
  /// number, has non-zero digits beyond `scale`, or more than `precision` digits in all.
  [[nodiscard]] static std::optional<Decimal> parse(std::string_view text, int precision, int scale) noexcept;

  /// Always `scale` places: `12.50`.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Decimal&, const Decimal&) = default;
};

}  // namespace apiwright
