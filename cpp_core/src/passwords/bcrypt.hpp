#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace apiwright::passwords {

/// A bcrypt hash of another system (Provos and Mazières, 1999), as crypt(3), Django and passlib store it.
struct Bcrypt {
  /// What bcrypt is given: it reads no more than 72 bytes and stops at a NUL, which is why some hash first.
  enum class Input {
    kPassword,         ///< cut after 72 bytes, as bcrypts do; one with a NUL among them matches nothing
    kHexSha256,        ///< Django's bcrypt_sha256: SHA-256 in hexadecimal
    kBase64Sha256,     ///< passlib's bcrypt_sha256, version 1: SHA-256 in base64
    kBase64HmacSha256  ///< version 2: HMAC-SHA-256 under the salt's 22 characters, in base64
  };

  Input input = Input::kPassword;
  std::string setting_and_hash;  ///< `$2b$12$`, 22 characters of salt, 31 of hash: what crypt(3) gives

  /// Costs 2^cost key set-ups (0.2 s at 12) and 32 KiB, which are wiped.
  [[nodiscard]] bool matches(std::string_view password) const;
};

/// Empty unless `text` is one of `$2a$…`, `$2b$…`, `$2y$…`, Django's `bcrypt$$2b$…` and `bcrypt_sha256$$2b$…`, or
/// passlib's `$bcrypt-sha256$2b,12$salt$hash` and `$bcrypt-sha256$v=2,t=2b,r=12$salt$hash`, canonical, its cost from 4
/// to 15: a hostile string costs no more than some seconds. `$2x$` (the hashes of crypt_blowfish's old fault) is not
/// read.
[[nodiscard]] std::optional<Bcrypt> parse_bcrypt(std::string_view text);

}  // namespace apiwright::passwords
