#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apiwright/tokens/access_tokens.hpp"

namespace apiwright::tokens {

/// Claims as they stand in a token: well-formed and meant for us, but not yet held against the clock.
struct ReadClaims {
  AccessClaims claims;
  std::optional<Timestamp> not_before;
};

/// refuse_token() unless `json` is a claims set of `issuer` for `audience` with every claim of AccessTokens::issue().
[[nodiscard]] ReadClaims read_claims(std::string_view json, std::string_view issuer, std::string_view audience);

/// The claims set, with times cut to whole seconds.
[[nodiscard]] std::string write_claims(const AccessClaims& claims, std::string_view issuer, std::string_view audience);

}  // namespace apiwright::tokens
