#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/timestamp.hpp"
#include "apiwright/tokens/key_source.hpp"

namespace apiwright::tokens {

/// What tokens say and must say (RFC 7519 §4.1).
struct JwtOptions {
  std::string issuer;                  ///< `iss` written and required; empty: neither
  std::vector<std::string> audiences;  ///< `aud` written; a token's must name one of them. None: `aud` must be absent
  std::string typ = "JWT";             ///< written and required in the header; empty: neither
  std::chrono::seconds lifetime{900};
  std::chrono::seconds leeway{0};     ///< clock skew granted to exp, nbf and iat
  std::vector<std::string> required;  ///< claims that must be there beside `exp`, and not be null
};

class TokenCodec;

/// Signed tokens with any claims (JWT, RFC 7519). Thread-safe, a few microseconds a call with HS256, some 50 with
/// EdDSA.
class Jwt {
 public:
  static constexpr std::size_t kMaxNames = 16;  ///< of audiences, and of required claims

  /// Throws Error(kValidationError) naming the option: a lifetime not within 1 second to 366 days, a leeway not within
  /// 0 to 366 days, more than 16 audiences or required claims, a name that is empty, over 255 bytes or not UTF-8.
  Jwt(std::shared_ptr<KeySource> keys, JwtOptions options);
  Jwt(const Keyring& ring, JwtOptions options);
  Jwt(Jwt&& other) noexcept;
  Jwt& operator=(Jwt&& other) noexcept;
  Jwt(const Jwt&) = delete;
  Jwt& operator=(const Jwt&) = delete;
  ~Jwt();

  /// A token of the active key. `claims` is one JSON object; `iss`, `aud`, `iat`, `exp` and `jti` (a UUIDv7) are added
  /// unless it has them. Throws Error(kMalformedJson); Error(kValidationError) when a registered claim has the wrong
  /// type, a required one is missing, the token would be over 8 KiB, or the ring only verifies.
  [[nodiscard]] std::string issue(std::string_view claims, Timestamp now) const;

  /// The claims' JSON, an object. Throws Error(kTokenExpired) from `exp` on when nothing else is wrong; else
  /// Error(kUnauthorized): as verify_jws() with the ring of `now`; another `typ` (case is ignored, `application/` may
  /// stand before); payload no object with unique members; iss or aud not ours; `exp` or a required claim missing;
  /// `iss`, `sub`, `jti` no text, `aud` neither text nor an array of it; `exp`, `nbf`, `iat` no whole seconds from 1970
  /// to 9999; `iat` or `nbf` in the future.
  [[nodiscard]] std::string verify(std::string_view token, Timestamp now) const;

  [[nodiscard]] const JwtOptions& options() const noexcept { return options_; }

 private:
  JwtOptions options_;
  std::unique_ptr<TokenCodec> codec_;
};

}  // namespace apiwright::tokens
