// A header, a line feed and claims, signed here: what comes after the signature has been found right.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
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
using apiwright::tokens::AccessClaims;
using nlohmann::json;

std::optional<apiwright::tokens::Jws> verified(std::string_view token) {
  try {
    return apiwright::tokens::verify_jws(token, signing_key().verifying_key());
  } catch (const Error& error) {
    require(error.code() == ErrorCode::kUnauthorized, "a bad header is Unauthorized");
    return std::nullopt;
  }
}

std::optional<AccessClaims> access_claims(std::string_view token) {
  static const apiwright::tokens::AccessTokens kTokens(token_key(), {});
  try {
    return kTokens.verify(token, kNow);
  } catch (const Error& error) {
    require(error.code() == ErrorCode::kUnauthorized || error.code() == ErrorCode::kTokenExpired,
            "bad claims are Unauthorized or expired");
    return std::nullopt;
  }
}

bool is_for_us(const json& audience) {
  if (audience.is_array()) return std::any_of(audience.begin(), audience.end(), is_for_us);
  return audience == "apiwright";
}

std::int64_t seconds(apiwright::Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// What another reader of JSON finds in it; nothing where it refuses a number that no double holds (`1e980`): a member
/// that no claim asks for is never converted here.
std::optional<json> read_elsewhere(std::string_view text) {
  try {
    return json::parse(text);
  } catch (const json::out_of_range&) {
    return std::nullopt;
  }
}

void require_claims_of(const AccessClaims& claims, const json& said) {
  require(said.at("iss") == "apiwright" && is_for_us(said.at("aud")), "a good token is ours and for us");
  require(apiwright::Uuid::parse(said.at("sub").get<std::string>()) == claims.subject, "sub is the subject");
  require(apiwright::Uuid::parse(said.at("sid").get<std::string>()) == claims.session, "sid is the session");
  require(said.at("iat") == seconds(claims.issued_at) && claims.issued_at <= kNow, "it is issued in the past");
  require(said.at("exp") == seconds(claims.expires_at) && claims.expires_at > kNow, "it is not expired");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = apiwright::fuzz::as_text(data, size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string_view header = input.substr(0, line);
  const std::string_view payload = input.substr(std::min(line + 1, input.size()));
  const std::string token = apiwright::tokens::sign_jws(header, payload, signing_key());

  const auto jws = verified(token);
  const auto claims = access_claims(token);
  require(jws || !claims, "a good access token has a good header");
  if (jws) {
    require(jws->header == header && jws->payload == payload, "a token holds what was signed");
    const std::optional<json> said = read_elsewhere(header);
    require(!said || said->at("alg") == "HS256", "a good header has our algorithm");
  }
  if (claims) {
    if (const std::optional<json> said = read_elsewhere(payload)) require_claims_of(*claims, *said);
    const auto again = access_claims(token);
    require(again && again->subject == claims->subject && again->session == claims->session && again->id == claims->id,
            "a token seen before says the same");
  }
  return 0;
}
