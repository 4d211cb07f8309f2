#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "passwords/stored_text.hpp"

namespace apiwright::passwords {

/// A scrypt hash of another system (RFC 7914).
struct Scrypt {
  std::uint32_t log2_cost = 0;    ///< N = 2^log2_cost
  std::uint32_t block_size = 0;   ///< r, in 128 bytes
  std::uint32_t parallelism = 0;  ///< p, one after the other
  std::string salt;
  Bytes hash;

  /// Takes 128·N·r bytes. Throws Error(kUnavailable) with retry_after where there is no such memory.
  [[nodiscard]] bool matches(std::string_view password) const;
};

/// Empty unless `text` is Django's `scrypt$16384$salt$8$5$hash` or passlib's and PHC's
/// `$scrypt$ln=14,r=8,p=1$salt$hash`, canonical, within 1 GiB and 25 times the work of Django's default (N·r·p ≤ 2^24):
/// a hostile string costs no more than that. Salts have 1 to 64 bytes. Hashes have 32 or 64, as their makers': the
/// start of a longer one would match too.
[[nodiscard]] std::optional<Scrypt> parse_scrypt(std::string_view text);

}  // namespace apiwright::passwords
