#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "apiwright/base/digest.hpp"
#include "apiwright/base/timestamp.hpp"
#include "apiwright/base/uuid.hpp"
#include "apiwright/tokens/key_source.hpp"

namespace apiwright::tokens {

/// What an access token says (RFC 9068). Times have whole seconds.
struct AccessClaims {
  Uuid subject;  ///< sub: the user
  Uuid session;  ///< sid
  Uuid id;       ///< jti
  Timestamp issued_at;
  Timestamp expires_at;
};

struct AccessTokenOptions {
  std::string issuer = "apiwright";
  std::string audience = "apiwright";
  std::chrono::seconds lifetime{900};
  std::chrono::seconds leeway{0};  ///< clock skew granted to exp and iat
};

struct ReadClaims;
class TokenCodec;
class VerifiedTokens;

/// Issues and checks access tokens: JWT (RFC 7519), `typ` `at+jwt`. Thread-safe, a few microseconds a call with HS256,
/// some 50 with EdDSA; a token that was just found good costs a fraction of one, since its signature and claims change
/// only with the keyring.
class AccessTokens {
 public:
  /// Throws Error(kValidationError) when the issuer or the audience is empty, over 255 bytes or not UTF-8, the lifetime
  /// not within 1 second to 366 days, or the leeway negative.
  AccessTokens(std::shared_ptr<KeySource> keys, AccessTokenOptions options);
  /// The same with one HS256 key, unnamed.
  AccessTokens(const Key& key, AccessTokenOptions options);
  AccessTokens(AccessTokens&& other) noexcept;
  AccessTokens& operator=(AccessTokens&& other) noexcept;
  AccessTokens(const AccessTokens&) = delete;
  AccessTokens& operator=(const AccessTokens&) = delete;
  ~AccessTokens();

  /// Signed by the active key. Times are cut to whole seconds; `jti` is new.
  [[nodiscard]] std::string issue(const Uuid& subject, const Uuid& session, Timestamp now) const;

  /// Throws Error(kTokenExpired) from `exp` on when nothing else is wrong; else Error(kUnauthorized): signature, header
  /// (as verify_jws), no key for it in the ring, `typ` other than `at+jwt` (any case; `application/at+jwt` too), iss or
  /// aud not ours (aud: text, or an array of text holding it), sub, sid or jti no UUID, a claim missing, named twice or
  /// of the wrong type, issued in the future or not yet valid (`nbf`). Dates are whole seconds from 1970 to 9999: no
  /// fractions. Other claims are ignored.
  [[nodiscard]] AccessClaims verify(std::string_view token, Timestamp now) const;

  [[nodiscard]] std::chrono::seconds lifetime() const noexcept { return options_.lifetime; }

 private:
  [[nodiscard]] ReadClaims read_verified(std::string_view token, Timestamp now) const;

  AccessTokenOptions options_;
  std::unique_ptr<TokenCodec> codec_;
  std::unique_ptr<VerifiedTokens> verified_;
};

}  // namespace apiwright::tokens
