#include "apiwright/tokens/access_tokens.hpp"

#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/base/text.hpp"
#include "tokens/access_claims.hpp"
#include "tokens/compact.hpp"
#include "tokens/token_codec.hpp"
#include "tokens/verified_tokens.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::size_t kMaxNameBytes = 255;                     // keeps every token far below kMaxTokenBytes
constexpr std::chrono::seconds kMaxLifetime{366 * 24 * 3600};  // longer is a mistake: sessions live by refresh

bool is_name(std::string_view text) { return !text.empty() && text.size() <= kMaxNameBytes && is_utf8(text); }

AccessTokenOptions checked(AccessTokenOptions options) {
  using std::chrono::seconds;
  if (!is_name(options.issuer) || !is_name(options.audience) || options.lifetime <= seconds::zero() ||
      options.lifetime > kMaxLifetime || options.leeway < seconds::zero() || options.leeway > kMaxLifetime) {
    throw Error(
        ErrorCode::kValidationError,
        "Access tokens need an issuer, an audience, a lifetime of 1 second to 366 days, and no negative leeway.");
  }
  return options;
}

}  // namespace

AccessTokens::AccessTokens(std::shared_ptr<KeySource> keys, AccessTokenOptions options)
    : options_(checked(std::move(options))),
      codec_(std::make_unique<TokenCodec>(std::move(keys), "at+jwt")),
      verified_(std::make_unique<VerifiedTokens>()) {}

AccessTokens::AccessTokens(const Key& key, AccessTokenOptions options)
    : AccessTokens(std::make_shared<FixedKeys>(Keyring::unnamed(key)), std::move(options)) {}

std::string AccessTokens::issue(const Uuid& subject, const Uuid& session, Timestamp now) const {
  const AccessClaims claims{.subject = subject,
                            .session = session,
                            .id = Uuid::generate(now),
                            .issued_at = now,
                            .expires_at = now + options_.lifetime};
  return codec_->sign(write_claims(claims, options_.issuer, options_.audience), now);
}

AccessTokens::AccessTokens(AccessTokens&&) noexcept = default;
AccessTokens& AccessTokens::operator=(AccessTokens&&) noexcept = default;
AccessTokens::~AccessTokens() = default;

AccessClaims AccessTokens::verify(std::string_view token, Timestamp now) const {
  auto read = verified_->find(token, codec_->ring_id(now));
  if (!read) {
    read = read_verified(token, now);
  }
  const Timestamp latest = now + options_.leeway;
  if (read->claims.issued_at > latest || (read->not_before && *read->not_before > latest)) {
    refuse_token();
  }
  if (now - options_.leeway >= read->claims.expires_at) {
    throw Error(ErrorCode::kTokenExpired, "The access token has expired.");
  }
  return read->claims;
}

ReadClaims AccessTokens::read_verified(std::string_view token, Timestamp now) const {
  const OpenToken open = codec_->open(token, now);
  ReadClaims read = read_claims(open.payload, options_.issuer, options_.audience);
  verified_->add(token, read, open.ring_id);
  return read;
}

}  // namespace apiwright::tokens
