#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "apiwright/tokens/signing_key.hpp"

namespace apiwright::tokens {

constexpr std::size_t kMaxTokenBytes = 8 * 1024;  // what common servers take as one header line

/// The encoded parts of a compact JWS, borrowed from the token; nothing of it has been checked.
struct CompactToken {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_part;  ///< header and payload, with the dot between them
};

/// What a header says of how its token was signed: `alg` is one that we know.
struct JoseHeader {
  Algorithm algorithm;
  std::string typ;  ///< empty when it has none
  std::optional<std::string> kid;
};

/// Every fault of a token answers alike, so that an answer teaches nothing about the key or the checks.
[[noreturn]] void refuse_token();

/// Checks the size and that there are three parts.
[[nodiscard]] CompactToken split_compact(std::string_view token);

/// Refuses a signature that is not the key's, or not canonical base64url.
void check_signature(const CompactToken& token, const VerifyingKey& key);

/// Appends `.base64url(payload).base64url(signature)` to an encoded header.
[[nodiscard]] std::string close_compact(std::string_view encoded_header, std::string_view payload,
                                        const SigningKey& key);

/// A part's bytes; anything but canonical base64url is refused.
[[nodiscard]] std::string decode_part(std::string_view part);

/// Reads a header's JSON and refuses what verify_jws() promises to.
[[nodiscard]] JoseHeader read_header(std::string_view json);

/// The header that a key's tokens have: `alg`, `typ` unless empty, `kid` unless the key is unnamed.
[[nodiscard]] std::string write_header(const VerifyingKey& key, std::string_view typ);

/// Media types ignore case, and `application/` may stand before (RFC 7515 §4.1.9, RFC 9068 §4).
[[nodiscard]] bool is_type(std::string_view typ, std::string_view expected);

}  // namespace apiwright::tokens
