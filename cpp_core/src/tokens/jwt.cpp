#include "apiwright/tokens/jwt.hpp"

#include <algorithm>
#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/base/text.hpp"
#include "apiwright/base/uuid.hpp"
#include "apiwright/json/writer.hpp"
#include "tokens/compact.hpp"
#include "tokens/registered_claims.hpp"
#include "tokens/token_codec.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::chrono::seconds kMaxDuration{366 * 24 * 3600};

[[noreturn]] void refuse(std::string field, std::string message, std::string code) {
  throw Error(ErrorCode::kValidationError, "The input is not valid.",
              {{.field = std::move(field), .message = std::move(message), .code = std::move(code)}});
}

void check_text(const char* field, const std::string& text) {
  if (text.size() > kMaxNameBytes) refuse(field, "Must have at most 255 bytes.", "max_length");
  if (!is_utf8(text)) refuse(field, "Must be UTF-8.", "format");
}

void check_names(const char* field, const std::vector<std::string>& names) {
  if (names.size() > Jwt::kMaxNames) refuse(field, "Must be at most 16.", "max_length");
  for (const std::string& name : names) {
    if (name.empty()) refuse(field, "Must not be empty.", "min_length");
    check_text(field, name);
  }
}

void check_duration(const char* field, std::chrono::seconds duration, std::chrono::seconds least) {
  if (duration < least) refuse(field, "Is too short.", "min");
  if (duration > kMaxDuration) refuse(field, "Must be at most 366 days.", "max");
}

JwtOptions checked(JwtOptions options) {
  check_text("issuer", options.issuer);
  check_text("typ", options.typ);
  check_names("audience", options.audiences);
  check_names("required", options.required);
  check_duration("lifetime", options.lifetime, std::chrono::seconds(1));
  check_duration("leeway", options.leeway, std::chrono::seconds(0));
  return options;
}

std::int64_t numeric_date(Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// Reads claims that are to be signed: no token is made that verify() could not read.
void read_own(RegisteredClaims& registered, std::string_view claims) {
  try {
    registered.read_object(claims);
  } catch (const Error&) {
    throw Error(ErrorCode::kMalformedJson, "The claims must be one JSON object with unique members, of at most 8 KiB.");
  }
  if (!registered.wrong().empty()) refuse(registered.wrong(), "Has another type than RFC 7519 gives it.", "type");
}

void write_audience(json::Writer& writer, const std::vector<std::string>& audiences) {
  if (audiences.size() == 1) {
    writer.member("aud", audiences.front());
    return;
  }
  writer.key("aud").begin_array();
  for (const std::string& audience : audiences) writer.string(audience);
  writer.end_array();
}

/// The claims that the caller left to us, as the inside of an object.
std::string added_claims(const RegisteredClaims& given, const JwtOptions& options, Timestamp now) {
  std::string json;
  json::Writer writer(json);
  writer.begin_object();
  if (!given.has_issuer() && !options.issuer.empty()) writer.member("iss", options.issuer);
  if (!given.has_audience() && !options.audiences.empty()) write_audience(writer, options.audiences);
  if (!given.issued_at()) writer.member("iat", numeric_date(now));
  if (!given.expires_at()) writer.member("exp", numeric_date(now + options.lifetime));
  if (!given.has_id()) writer.member("jti", Uuid::generate(now).to_string());
  writer.end_object();
  return json.substr(1, json.size() - 2);
}

bool is_added(std::string_view name, const JwtOptions& options) {
  return name == "iat" || name == "exp" || name == "jti" || (name == "iss" && !options.issuer.empty()) ||
         (name == "aud" && !options.audiences.empty());
}

void require_given(const RegisteredClaims& given, const JwtOptions& options) {
  for (const std::string& name : options.required) {
    if (!given.has(name) && !is_added(name, options)) refuse(name, "Is required.", "required");
  }
}

}  // namespace

Jwt::Jwt(std::shared_ptr<KeySource> keys, JwtOptions options)
    : options_(checked(std::move(options))), codec_(std::make_unique<TokenCodec>(std::move(keys), options_.typ)) {}

Jwt::Jwt(const Keyring& ring, JwtOptions options) : Jwt(std::make_shared<FixedKeys>(ring), std::move(options)) {}

Jwt::Jwt(Jwt&&) noexcept = default;
Jwt& Jwt::operator=(Jwt&&) noexcept = default;
Jwt::~Jwt() = default;

std::string Jwt::issue(std::string_view claims, Timestamp now) const {
  RegisteredClaims given(options_);
  read_own(given, claims);
  require_given(given, options_);
  const std::string added = added_claims(given, options_, now);
  std::string payload(claims.substr(0, claims.rfind('}')));
  if (!given.is_empty() && !added.empty()) payload += ',';
  payload.append(added).append(1, '}');
  std::string token = codec_->sign(payload, now);
  if (token.size() > kMaxTokenBytes) refuse("claims", "Must make a token of at most 8 KiB.", "max_length");
  return token;
}

std::string Jwt::verify(std::string_view token, Timestamp now) const {
  OpenToken open = codec_->open(token, now);
  RegisteredClaims claims(options_);
  claims.read_object(open.payload);
  const bool issuer_is_right = options_.issuer.empty() || claims.issuer_is_ours();
  // RFC 7519 §4.1.3: a token for others must be refused, and without a name of our own every audience is another.
  const bool audience_is_right = options_.audiences.empty() ? !claims.has_audience() : claims.audience_is_ours();
  if (!claims.wrong().empty() || claims.missing() != nullptr || !claims.expires_at() || !issuer_is_right ||
      !audience_is_right) {
    refuse_token();
  }
  const Timestamp latest = now + options_.leeway;
  if (claims.issued_at() > latest || claims.not_before() > latest) {
    refuse_token();
  }
  if (now - options_.leeway >= *claims.expires_at()) {
    throw Error(ErrorCode::kTokenExpired, "The token has expired.");
  }
  return std::move(open.payload);
}

}  // namespace apiwright::tokens
