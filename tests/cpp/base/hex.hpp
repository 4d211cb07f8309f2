#pragma once

#include <cstdint>
#include <iterator>
#include <string>

namespace apiwright::testing {

/// The bytes of anything that holds bytes, as lower-case hex: the form of published vectors.
template <typename Bytes>
[[nodiscard]] std::string to_hex(const Bytes& bytes) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (const auto element : bytes) {
    const auto byte = static_cast<std::uint8_t>(element);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0x0FU];
  }
  return text;
}

}  // namespace apiwright::testing
