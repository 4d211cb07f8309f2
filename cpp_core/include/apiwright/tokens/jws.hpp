#pragma once

#include <string>
#include <string_view>

#include "apiwright/tokens/keyring.hpp"

namespace apiwright::tokens {

/// A JWS in compact form (RFC 7515). The algorithm belongs to the key and is never chosen by the token
/// (RFC 8725 §3.1).
struct Jws {
  std::string header;   ///< JSON text, decoded
  std::string payload;  ///< bytes, decoded
};

/// `base64url(header).base64url(payload).base64url(signature)`; the header is the caller's to get right.
[[nodiscard]] std::string sign_jws(std::string_view header, std::string_view payload, const SigningKey& key);

/// The parts of a token whose signature is right. Refuses with Error(kUnauthorized): other than three parts, more than
/// 8 KiB, anything not canonical base64url, a header that is not one JSON object with unique members and `alg` exactly
/// the key's, or one with `crit`, `b64`, `jwk`, `jku`, `x5u` or `x5c`, and a wrong signature. A `kid` is not looked at:
/// the caller has chosen the key.
[[nodiscard]] Jws verify_jws(std::string_view token, const VerifyingKey& key);

/// The same with the key that Keyring::find() gives for the header; none is a refusal like any other.
[[nodiscard]] Jws verify_jws(std::string_view token, const Keyring& ring);

}  // namespace apiwright::tokens
