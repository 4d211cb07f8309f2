#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "apiwright/base/timestamp.hpp"

namespace apiwright {

/// A UUID (RFC 9562) as its 16 bytes.
struct Uuid {
  static constexpr std::size_t kTextLength = 36;

  std::array<std::uint8_t, 16> bytes{};

  /// Version 7: `now` in milliseconds, then a counter kept rising within this process, then random bits.
  /// Ids made by one process sort in the order they were made. Thread-safe.
  [[nodiscard]] static Uuid generate(Timestamp now);

  /// The 36-character form, in either case; empty when `text` is anything else.
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text) noexcept;

  /// 36 characters in lower case.
  [[nodiscard]] std::array<char, kTextLength> text() const noexcept;
  [[nodiscard]] std::string to_string() const;
  void append_to(std::string& out) const;

  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

}  // namespace apiwright
