#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace apiwright::fuzz {

/// A property that holds for every input; the fuzzer keeps the one for which it does not.
inline void require(bool holds, const char* property) {
  if (holds) return;
  (void)std::fprintf(stderr, "broken: %s\n", property);
  std::abort();
}

[[nodiscard]] inline std::string_view as_text(const std::uint8_t* data, std::size_t size) noexcept {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace apiwright::fuzz
