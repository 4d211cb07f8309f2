#include "tokens/jwk.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/error.hpp"
#include "base/bytes.hpp"

namespace apiwright::tokens {
namespace {

/// What no public key has (RFC 7518 §6): with one of them a JWK is a secret.
constexpr std::array<std::string_view, 8> kPrivateMembers{"d", "k", "p", "q", "dp", "dq", "qi", "oth"};

/// A member that must be text when it is there.
const std::string* text_of(const json::Object& jwk, std::string_view name, std::string_view at) {
  const json::Value* const value = json::find(jwk, name);
  if (value == nullptr) return nullptr;
  const auto* const text = value->as<std::string>();
  if (text == nullptr) refuse_key(member_path(at, name), "Must be text.", "type");
  return text;
}

const std::string& required_text(const json::Object& jwk, std::string_view name, std::string_view at) {
  const std::string* const text = text_of(jwk, name, at);
  if (text == nullptr) refuse_key(member_path(at, name), "Is required.", "required");
  return *text;
}

/// A member's bytes, to be wiped where they are secret.
std::string required_bytes(const json::Object& jwk, std::string_view name, std::string_view at) {
  auto bytes = decode_base64url(required_text(jwk, name, at));
  if (!bytes) refuse_key(member_path(at, name), "Must be base64url.", "format");
  return *std::move(bytes);
}

std::string ed25519_bytes(const json::Object& jwk, std::string_view name, std::string_view at) {
  std::string bytes = required_bytes(jwk, name, at);
  if (bytes.size() != kEd25519Bytes) refuse_key(member_path(at, name), "Must be 32 bytes.", "format");
  return bytes;
}

/// The `kid`, or the empty one of an unnamed key.
std::string kid_of(const json::Object& jwk, std::string_view at) {
  const std::string* const kid = text_of(jwk, "kid", at);
  if (kid != nullptr && kid->empty()) refuse_key(member_path(at, "kid"), "Must not be empty.", "min_length");
  return kid == nullptr ? std::string() : *kid;
}

bool is_or_lacks(const json::Object& jwk, std::string_view name, std::string_view value, std::string_view at) {
  const std::string* const text = text_of(jwk, name, at);
  return text == nullptr || *text == value;
}

/// `key_ops` (RFC 7517 §4.3) must hold `operation` when it is there.
bool allows(const json::Object& jwk, std::string_view operation) {
  const json::Value* const value = json::find(jwk, "key_ops");
  const auto* const operations = value == nullptr ? nullptr : value->as<json::Array>();
  if (operations == nullptr) return value == nullptr;
  return std::any_of(operations->begin(), operations->end(), [&](const json::Value& element) {
    const auto* const text = element.as<std::string>();
    return text != nullptr && *text == operation;
  });
}

void require_use(const json::Object& jwk, Algorithm algorithm, std::string_view at) {
  if (!is_or_lacks(jwk, "alg", name_of(algorithm), at)) {
    refuse_key(member_path(at, "alg"), "Must be " + std::string(name_of(algorithm)) + '.', "enum");
  }
  if (!is_or_lacks(jwk, "use", "sig", at)) refuse_key(member_path(at, "use"), "Must be sig.", "enum");
  if (!allows(jwk, "sign")) refuse_key(member_path(at, "key_ops"), "Must hold sign.", "enum");
}

SigningKey make_and_wipe(Algorithm algorithm, std::string bytes, std::string kid, std::string_view at,
                         std::string_view name) {
  const Secret wiped_copy(bytes);
  wipe(bytes);
  const std::string_view secret = wiped_copy.reveal();
  try {
    return {algorithm, {as_bytes(secret), secret.size()}, std::move(kid)};
  } catch (const Error& error) {
    Detail detail = error.details().front();
    refuse_key(member_path(at, detail.field == "kid" ? "kid" : name), detail.message, detail.code);
  }
}

SigningKey read_octets(const json::Object& jwk, std::string_view at) {
  require_use(jwk, Algorithm::kHs256, at);
  return make_and_wipe(Algorithm::kHs256, required_bytes(jwk, "k", at), kid_of(jwk, at), at, "k");
}

SigningKey read_key_pair(const json::Object& jwk, std::string_view at) {
  if (required_text(jwk, "crv", at) != "Ed25519") refuse_key(member_path(at, "crv"), "Must be Ed25519.", "enum");
  require_use(jwk, Algorithm::kEdDsa, at);
  SigningKey key = make_and_wipe(Algorithm::kEdDsa, ed25519_bytes(jwk, "d", at), kid_of(jwk, at), at, "d");
  const std::string x = encode_base64url(ed25519_bytes(jwk, "x", at));
  if (key.public_jwk().find("\"x\":\"" + x + '"') == std::string::npos) {
    refuse_key(member_path(at, "x"), "Must be the public key of d.", "reference");
  }
  return key;
}

void refuse_private_members(const json::Object& jwk, std::string_view at) {
  for (const std::string_view name : kPrivateMembers) {
    if (json::find(jwk, name) != nullptr) {
      refuse_key(member_path(at, name), "Is secret, and must not be in a public key.", "forbidden");
    }
  }
}

}  // namespace

void refuse_key(std::string field, std::string message, std::string code) {
  throw Error(ErrorCode::kValidationError, "The key is not valid.",
              {{.field = std::move(field), .message = std::move(message), .code = std::move(code)}});
}

std::string member_path(std::string_view at, std::string_view name) {
  return at.empty() ? std::string(name) : std::string(at).append(1, '.').append(name);
}

json::Value read_jwk(std::string_view json, std::size_t max_bytes) {
  constexpr std::size_t kMaxDepth = 8;
  constexpr std::size_t kMaxValues = 4096;
  json::Value document = json::read_document(json, {.bytes = max_bytes, .depth = kMaxDepth, .values = kMaxValues});
  if (document.as<json::Object>() == nullptr) refuse_key("", "Must be an object.", "type");
  return document;
}

SigningKey read_private_key(const json::Object& jwk, std::string_view at) {
  const std::string& kind = required_text(jwk, "kty", at);
  if (kind == "oct") return read_octets(jwk, at);
  if (kind == "OKP") return read_key_pair(jwk, at);
  refuse_key(member_path(at, "kty"), "Must be OKP or oct.", "enum");
}

std::optional<VerifyingKey> read_public_key(const json::Object& jwk, std::string_view at) {
  refuse_private_members(jwk, at);
  if (required_text(jwk, "kty", at) != "OKP" || !is_or_lacks(jwk, "crv", "Ed25519", at) ||
      !is_or_lacks(jwk, "alg", name_of(Algorithm::kEdDsa), at) || !is_or_lacks(jwk, "use", "sig", at) ||
      !allows(jwk, "verify")) {
    return std::nullopt;
  }
  static_cast<void>(required_text(jwk, "crv", at));
  const std::string x = ed25519_bytes(jwk, "x", at);
  try {
    return VerifyingKey(std::span<const std::uint8_t, kEd25519Bytes>(as_bytes(x), kEd25519Bytes), kid_of(jwk, at));
  } catch (const Error& error) {
    const Detail& detail = error.details().front();
    refuse_key(detail.field == "kid" || detail.field == "key" ? member_path(at, detail.field == "kid" ? "kid" : "x")
                                                              : detail.field,
               detail.message, detail.code);
  }
}

}  // namespace apiwright::tokens
