#include "apiwright/tokens/refresh_tokens.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/base/random.hpp"
#include "apiwright/base/secret.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::size_t kSessionBytes = 16;
constexpr std::size_t kGenerationBytes = 4;
constexpr std::size_t kBodyBytes = kSessionBytes + kGenerationBytes + sizeof(Digest);  // all that the tag covers
constexpr std::size_t kTokenBytes = kBodyBytes + sizeof(Digest);
constexpr std::size_t kTextBytes = kTokenBytes / 3 * 4;  // 84 is a multiple of 3: no bit of the text is unused

// One key, three uses: each message begins with its use, so that no output of one is an output of another.
constexpr std::string_view kTagDomain = "tag";
constexpr std::string_view kNextDomain = "next";
constexpr std::string_view kDigestDomain = "digest";

constexpr unsigned kByteBits = 8;

[[noreturn]] void refuse() { throw Error(ErrorCode::kUnauthorized, "The refresh token is not valid."); }

/// session ‖ generation ‖ secret, to be wiped by the caller.
std::string body_of(const RefreshToken& token) {
  std::string body;
  body.reserve(kTokenBytes);
  body.append(token.session.bytes.begin(), token.session.bytes.end());
  for (unsigned shift = kGenerationBytes * kByteBits; shift > 0; shift -= kByteBits) {
    body.push_back(static_cast<char>(token.generation >> (shift - kByteBits)));
  }
  return body.append(as_text(token.secret));
}

RefreshToken parse_body(std::string_view body) {
  const auto to_byte = [](char byte) { return static_cast<std::uint8_t>(byte); };
  RefreshToken token;
  std::transform(body.begin(), body.begin() + kSessionBytes, token.session.bytes.begin(), to_byte);
  for (const char byte : body.substr(kSessionBytes, kGenerationBytes)) {
    token.generation = (token.generation << kByteBits) | to_byte(byte);
  }
  std::transform(body.begin() + kSessionBytes + kGenerationBytes, body.begin() + kBodyBytes, token.secret.begin(),
                 to_byte);
  return token;
}

Digest keyed(std::string_view domain, std::string_view body, const Key& key) {
  std::string message;
  message.reserve(domain.size() + body.size());
  message.append(domain).append(body);
  const Digest digest = blake2b(message, key);
  wipe(message);
  return digest;
}

Digest keyed(std::string_view domain, const RefreshToken& token, const Key& key) {
  std::string body = body_of(token);
  const Digest digest = keyed(domain, body, key);
  wipe(body);
  return digest;
}

}  // namespace

RefreshToken RefreshTokens::first(const Uuid& session) const {
  RefreshToken token{.session = session, .generation = 1, .secret = {}};
  fill_random(token.secret);
  return token;
}

RefreshToken RefreshTokens::successor(const RefreshToken& token) const {
  if (token.generation == std::numeric_limits<std::uint32_t>::max()) {
    refuse();
  }
  RefreshToken next = token;
  ++next.generation;
  next.secret = keyed(kNextDomain, next, key_);  // of the new generation and the old secret
  return next;
}

std::string RefreshTokens::encode(const RefreshToken& token) const {
  std::string bytes = body_of(token);
  bytes.append(as_text(keyed(kTagDomain, bytes, key_)));
  std::string text = encode_base64url(bytes);
  wipe(bytes);
  return text;
}

RefreshToken RefreshTokens::decode(std::string_view text) const {
  if (text.size() != kTextBytes) {
    refuse();
  }
  std::optional<std::string> bytes = decode_base64url(text);
  if (!bytes || bytes->size() != kTokenBytes) {
    refuse();
  }
  const std::string_view body = std::string_view(*bytes).substr(0, kBodyBytes);
  if (!equal_in_constant_time(as_text(keyed(kTagDomain, body, key_)), std::string_view(*bytes).substr(kBodyBytes))) {
    refuse();
  }
  const RefreshToken token = parse_body(body);
  wipe(*bytes);
  return token;
}

Digest RefreshTokens::digest(const RefreshToken& token) const { return keyed(kDigestDomain, token, key_); }

}  // namespace apiwright::tokens
