#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apiwright/tokens/signing_key.hpp"
#include "json/document.hpp"

namespace apiwright::tokens {

/// Throws Error(kValidationError) with one detail.
[[noreturn]] void refuse_key(std::string field, std::string message, std::string code);

/// The member's path in a document: `keys[2]` and `x` give `keys[2].x`.
[[nodiscard]] std::string member_path(std::string_view at, std::string_view name);

/// The document's one object. Throws Error(kMalformedJson), Error(kValidationError).
[[nodiscard]] json::Value read_jwk(std::string_view json, std::size_t max_bytes);

/// A private JWK as SigningKey::from_jwk() reads it; `at` is its path in the document, empty for all of it.
[[nodiscard]] SigningKey read_private_key(const json::Object& jwk, std::string_view at);

/// A public JWK as VerifyingKey::from_jwk() reads it; empty when it is of another kind or for another use.
[[nodiscard]] std::optional<VerifyingKey> read_public_key(const json::Object& jwk, std::string_view at);

}  // namespace apiwright::tokens
