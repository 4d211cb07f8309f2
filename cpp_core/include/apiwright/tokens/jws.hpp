#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace apiwright::tokens {

/// A JWS in compact form (RFC 7515) with HS256, the one algorithm here: it belongs to the key and is never chosen by
/// the token (RFC 8725 §3.1).
struct Jws {
  std::string header;   ///< JSON text, decoded
  std::string payload;  ///< bytes, decoded
};

/// `base64url(header).base64url(payload).base64url(HMAC-SHA-256)`; the header is the caller's to get right.
/// Throws Error(kInternal) when the key has fewer than 32 bytes (RFC 7518 §3.2), as verify_jws() does.
[[nodiscard]] std::string sign_jws(std::string_view header, std::string_view payload,
                                   std::span<const std::uint8_t> key);

/// The parts of a token whose signature is right. Refuses with Error(kUnauthorized): other than three parts, more than
/// 8 KiB, anything not canonical base64url, a wrong signature (compared in constant time), a header that is not one
/// JSON object with unique members and `alg` exactly `HS256`, or one with `crit`, `b64`, `jwk`, `jku`, `x5u` or `x5c`.
/// The signature is checked before the header is parsed.
[[nodiscard]] Jws verify_jws(std::string_view token, std::span<const std::uint8_t> key);

}  // namespace apiwright::tokens
