#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace apiwright {

[[nodiscard]] inline bool is_utf8_continuation(char byte) noexcept {
  return (static_cast<std::uint8_t>(byte) & 0xC0U) == 0x80U;
}

/// Length of the well-formed sequence of two to four bytes that `text` begins with (Unicode 15, table 3-7); 0 when
/// there is none, as when the first byte is ASCII. `text` must not be empty.
[[nodiscard]] inline std::size_t utf8_sequence_length(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (!is_utf8_continuation(text[i])) return 0;
  }
  return length;
}

}  // namespace apiwright
