#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "apiwright/passwords/hasher.hpp"

namespace apiwright::passwords {

/// How long one hash with such parameters takes.
using HashTime = std::function<std::chrono::nanoseconds(const Parameters&)>;

/// On this machine, on this thread, as it is now: the median of three hashes.
[[nodiscard]] std::chrono::nanoseconds measured_hash_time(const Parameters& parameters);

inline constexpr std::chrono::milliseconds kLongestHashTime{5000};

/// The parameters with the most passes (at most 64) over `memory_kib` whose hash takes no longer than `target` on this
/// machine; of less memory only where one pass over it takes longer already. RFC 9106 §4 advises the same way: first
/// the memory that one can spare, then the passes. Measured, so it differs a little each time, and takes about ten
/// times `target`: call it when setting up, not in a service. Throws Error(kValidationError) naming `target` (1 ms to 5
/// s) or `memory_kib` (8 to 1048576).
[[nodiscard]] Parameters calibrate(std::chrono::milliseconds target, std::uint32_t memory_kib = Parameters{}.memory_kib,
                                   const HashTime& time_of = measured_hash_time);

}  // namespace apiwright::passwords
