// Tokens as strangers send them: the fuzzer starts from ones that were signed with this target's key.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "apiwright/base/error.hpp"
#include "apiwright/tokens/access_tokens.hpp"
#include "apiwright/tokens/jws.hpp"
#include "require.hpp"
#include "token_keys.hpp"

namespace {

using apiwright::Error;
using apiwright::ErrorCode;
using apiwright::fuzz::kNow;
using apiwright::fuzz::require;
using apiwright::fuzz::signing_key;
using apiwright::fuzz::token_key;

std::optional<apiwright::tokens::Jws> verified(std::string_view token) {
  try {
    const auto jws = apiwright::tokens::verify_jws(token, signing_key().verifying_key());
    require(apiwright::tokens::sign_jws(jws.header, jws.payload, signing_key()) == token, "a token has one spelling");
    return jws;
  } catch (const Error& error) {
    require(error.code() == ErrorCode::kUnauthorized, "a bad signature is Unauthorized");
    return std::nullopt;
  }
}

bool is_access_token(std::string_view token) {
  static const apiwright::tokens::AccessTokens kTokens(token_key(), {});
  try {
    (void)kTokens.verify(token, kNow);
    return true;
  } catch (const Error& error) {
    require(error.code() == ErrorCode::kUnauthorized || error.code() == ErrorCode::kTokenExpired,
            "a bad access token is Unauthorized or expired");
    return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view token = apiwright::fuzz::as_text(data, size);
  const bool is_signed = verified(token).has_value();
  require(!is_signed || std::count(token.begin(), token.end(), '.') == 2, "a signed token has three parts");
  require(is_signed || !is_access_token(token), "no access token is good without its signature");
  if (is_signed) (void)is_access_token(token);
  return 0;
}
