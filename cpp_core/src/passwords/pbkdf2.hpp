#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "passwords/stored_text.hpp"

namespace apiwright::passwords {

/// A PBKDF2 hash of another system (RFC 8018 §5.2) over HMAC-SHA-256 or HMAC-SHA-512.
struct Pbkdf2 {
  enum class Mac { kHmacSha256, kHmacSha512 };

  Mac mac = Mac::kHmacSha256;
  std::uint32_t iterations = 0;
  std::string salt;
  Bytes hash;

  /// Two compressions of the hash function for each iteration; what it held of the password is wiped.
  [[nodiscard]] bool matches(std::string_view password) const;
};

/// Empty unless `text` is Django's `pbkdf2_sha256$1000000$salt$hash`, passlib's `$pbkdf2-sha256$29000$salt$hash` or
/// `$pbkdf2-sha512$…`, or PHC's `$pbkdf2-sha256$i=29000,l=32$salt$hash`, canonical, of at most 10 million iterations:
/// a hostile string costs no more than that. Salts have 1 to 64 bytes. Hashes are as long as the hash function's, as
/// the start of a longer one would match too; PHC's say how long they are (16 bytes at least). The forms over SHA-1
/// (`pbkdf2_sha1$…`, `$pbkdf2$…`) are not read: libsodium has no SHA-1.
[[nodiscard]] std::optional<Pbkdf2> parse_pbkdf2(std::string_view text);

}  // namespace apiwright::passwords
