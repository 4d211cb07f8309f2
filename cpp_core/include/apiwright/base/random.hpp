#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace apiwright {

/// Makes libsodium ready; every function here that needs it calls it. Thread-safe, cheap after the first.
/// Throws Error(kInternal) when the library cannot start.
void ensure_sodium();

/// Fills `out` from the system's generator for cryptography.
void fill_random(std::span<std::uint8_t> out);

}  // namespace apiwright
