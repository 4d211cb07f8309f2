#include "apiwright/tokens/access_tokens.hpp"

#include <utility>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/base/text.hpp"
#include "tokens/access_claims.hpp"
#include "tokens/compact.hpp"
#include "tokens/verified_tokens.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"at+jwt"})";
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

char to_lower_ascii(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

/// RFC 9068 §4: media types ignore case, and `application/` may stand before (RFC 7515 §4.1.9).
bool is_access_token_type(std::string typ) {
  for (char& letter : typ) {
    letter = to_lower_ascii(letter);
  }
  return typ == "at+jwt" || typ == "application/at+jwt";
}

}  // namespace

AccessTokens::AccessTokens(Key key, AccessTokenOptions options)
    : key_(std::move(key)),
      options_(checked(std::move(options))),
      header_(encode_base64url(kHeader)),
      verified_(std::make_unique<VerifiedTokens>()) {}

std::string AccessTokens::issue(const Uuid& subject, const Uuid& session, Timestamp now) const {
  const AccessClaims claims{.subject = subject,
                            .session = session,
                            .id = Uuid::generate(now),
                            .issued_at = now,
                            .expires_at = now + options_.lifetime};
  return close_compact(header_, write_claims(claims, options_.issuer, options_.audience), key_.bytes());
}

AccessTokens::AccessTokens(AccessTokens&&) noexcept = default;
AccessTokens& AccessTokens::operator=(AccessTokens&&) noexcept = default;
AccessTokens::~AccessTokens() = default;

AccessClaims AccessTokens::verify(std::string_view token, Timestamp now) const {
  auto read = verified_->find(token);
  if (!read) {
    read = read_verified(token);
    verified_->add(token, *read);
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

ReadClaims AccessTokens::read_verified(std::string_view token) const {
  const CompactToken parts = open_compact(token, key_.bytes());
  // A header that is the one we write needs no reading: this spares half a microsecond of four.
  if (parts.header != header_ && !is_access_token_type(check_header(decode_part(parts.header)))) {
    refuse_token();
  }
  return read_claims(decode_part(parts.payload), options_.issuer, options_.audience);
}

}  // namespace apiwright::tokens
