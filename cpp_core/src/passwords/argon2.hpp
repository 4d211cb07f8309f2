#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "apiwright/passwords/hasher.hpp"
#include "passwords/stored_text.hpp"

namespace apiwright::passwords {

/// An Argon2 hash taken apart (RFC 9106): the PHC string format, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
struct Argon2 {
  enum class Variant { kId, kI };

  Variant variant = Variant::kId;
  std::uint32_t memory_kib = 0;
  std::uint32_t passes = 0;
  std::uint32_t lanes = 1;
  Bytes salt;
  Bytes hash;

  /// Throws Error(kUnavailable) with retry_after where there is no memory for it.
  [[nodiscard]] bool matches(std::string_view password) const;
};

/// Argon2id with these parameters, one lane and a salt of crypto_pwhash_SALTBYTES. Throws as above.
[[nodiscard]] Argon2 make_argon2id(std::string_view password, const Parameters& parameters, Bytes salt);

/// Empty unless `text` is exactly that form (or Django's, with `argon2` before it), its numbers and base64 canonical,
/// its costs within Parameters' bounds, with 1 to 16 lanes, 8 to 64 bytes of salt and 16 to 64 of hash: a hostile
/// string costs no more than the bounds allow. Reads Argon2id and Argon2i; Argon2d, which libsodium lacks, is not for
/// passwords.
[[nodiscard]] std::optional<Argon2> parse_argon2(std::string_view text);

[[nodiscard]] std::string write_argon2(const Argon2& argon2);

}  // namespace apiwright::passwords
