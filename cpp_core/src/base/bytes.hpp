#pragma once

#include <cstdint>
#include <string_view>

namespace apiwright {

/// Text as the unsigned bytes that C libraries take.
[[nodiscard]] inline const std::uint8_t* as_bytes(std::string_view text) noexcept {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace apiwright
