#include "apiwright/tokens/signing_key.hpp"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/digest.hpp"
#include "apiwright/base/random.hpp"
#include "apiwright/base/text.hpp"
#include "apiwright/json/writer.hpp"
#include "base/bytes.hpp"
#include "tokens/compact.hpp"
#include "tokens/jwk.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::size_t kHs256KidBytes = 16;
constexpr std::size_t kMaxJwkBytes = std::size_t{16} * 1024;

using PublicKey = std::array<std::uint8_t, crypto_sign_ed25519_PUBLICKEYBYTES>;
using SecretKey = std::array<std::uint8_t, crypto_sign_ed25519_SECRETKEYBYTES>;  // the seed, then the public key

static_assert(std::tuple_size_v<PublicKey> == kEd25519Bytes);
static_assert(crypto_sign_ed25519_SEEDBYTES == kEd25519Bytes);

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};  // NOLINT(*-reinterpret-cast)
}

std::uint8_t* writable_bytes(std::string& text) {
  return reinterpret_cast<std::uint8_t*>(text.data());  // NOLINT(*-reinterpret-cast)
}

/// RFC 7638 §3 and RFC 8037 §2: the SHA-256 of the required members, sorted.
std::string thumbprint(const PublicKey& key) {
  std::string json;
  json::Writer(json)
      .begin_object()
      .member("crv", "Ed25519")
      .member("kty", "OKP")
      .member("x", encode_base64url(text_of(key)))
      .end_object();
  Digest digest{};
  crypto_hash_sha256(digest.data(), as_bytes(json), json.size());
  return encode_base64url(as_text(digest));
}

std::string hs256_kid(std::span<const std::uint8_t> bytes) {
  Digest hashed = blake2b(text_of(bytes));
  const Digest digest = blake2b("apiwright: the name of an HS256 key", Key(hashed));
  sodium_memzero(hashed.data(), hashed.size());
  return encode_base64url(as_text(digest).substr(0, kHs256KidBytes));
}

std::string checked_kid(std::string kid) {
  if (kid.size() > SigningKey::kMaxKidBytes) refuse_key("kid", "Must have at most 128 bytes.", "max_length");
  if (!is_utf8(kid)) refuse_key("kid", "Must be UTF-8.", "format");
  return kid;
}

void require_good_point(const PublicKey& key) {
  if (crypto_core_ed25519_is_valid_point(key.data()) == 0) {
    refuse_key("key", "Must be a point of Ed25519's main subgroup.", "format");
  }
}

void require_size(Algorithm algorithm, std::size_t size) {
  if (algorithm == Algorithm::kEdDsa && size != kEd25519Bytes) {
    refuse_key("key", "Must have 32 bytes.", "format");
  }
  if (algorithm == Algorithm::kHs256 && size < SigningKey::kMinHs256Bytes) {
    refuse_key("key", "Must have at least 32 bytes.", "min_length");
  }
  if (algorithm == Algorithm::kHs256 && size > SigningKey::kMaxHs256Bytes) {
    refuse_key("key", "Must have at most 1024 bytes.", "max_length");
  }
}

}  // namespace

std::string_view name_of(Algorithm algorithm) noexcept { return algorithm == Algorithm::kHs256 ? "HS256" : "EdDSA"; }

std::optional<Algorithm> algorithm_named(std::string_view name) noexcept {
  for (const Algorithm algorithm : {Algorithm::kHs256, Algorithm::kEdDsa}) {
    if (name == name_of(algorithm)) return algorithm;
  }
  return std::nullopt;
}

Algorithm parse_algorithm(std::string_view name) {
  const auto algorithm = algorithm_named(name);
  if (!algorithm) refuse_key("algorithm", "Must be EdDSA or HS256.", "enum");
  return *algorithm;
}

struct VerifyingKey::Material {
  Algorithm algorithm;
  std::string kid;
  PublicKey public_key{};
  /// HMAC's state after its key: two of the blocks that each signature would hash again.
  crypto_auth_hmacsha256_state keyed{};

  Material(const PublicKey& key, std::string named)
      : algorithm(Algorithm::kEdDsa), kid(std::move(named)), public_key(key) {}
  Material(std::span<const std::uint8_t> bytes, std::string named)
      : algorithm(Algorithm::kHs256), kid(std::move(named)) {
    crypto_auth_hmacsha256_init(&keyed, bytes.data(), bytes.size());
  }
  Material(const Material&) = delete;
  Material& operator=(const Material&) = delete;
  ~Material() { sodium_memzero(&keyed, sizeof keyed); }

  [[nodiscard]] Digest hmac(std::string_view message) const {
    crypto_auth_hmacsha256_state state = keyed;
    Digest digest{};
    crypto_auth_hmacsha256_update(&state, as_bytes(message), message.size());
    crypto_auth_hmacsha256_final(&state, digest.data());
    sodium_memzero(&state, sizeof state);
    return digest;
  }
};

struct SigningKey::Material {
  Secret octets;  ///< HS256
  SecretKey pair{};

  Material() = default;
  Material(const Material&) = delete;
  Material& operator=(const Material&) = delete;
  ~Material() { sodium_memzero(pair.data(), pair.size()); }

  [[nodiscard]] std::span<const std::uint8_t> seed() const { return std::span(pair).first<kEd25519Bytes>(); }
};

VerifyingKey::VerifyingKey(std::span<const std::uint8_t, kEd25519Bytes> public_key, std::optional<std::string> kid) {
  ensure_sodium();
  PublicKey key{};
  std::copy(public_key.begin(), public_key.end(), key.begin());
  require_good_point(key);
  material_ = std::make_shared<const Material>(key, kid ? checked_kid(*std::move(kid)) : thumbprint(key));
}

VerifyingKey VerifyingKey::from_jwk(std::string_view json) {
  const json::Value document = read_jwk(json, kMaxJwkBytes);
  auto key = read_public_key(*document.as<json::Object>(), "");
  if (!key) refuse_key("kty", "Must be OKP with Ed25519, for signatures.", "enum");
  return *std::move(key);
}

Algorithm VerifyingKey::algorithm() const noexcept { return material_->algorithm; }

const std::string& VerifyingKey::kid() const noexcept { return material_->kid; }

void VerifyingKey::verify(std::string_view message, std::string_view signature) const {
  if (algorithm() == Algorithm::kHs256) {
    if (!equal_in_constant_time(as_text(material_->hmac(message)), signature)) refuse_token();
  } else if (signature.size() != crypto_sign_ed25519_BYTES ||
             crypto_sign_ed25519_verify_detached(as_bytes(signature), as_bytes(message), message.size(),
                                                 material_->public_key.data()) != 0) {
    refuse_token();
  }
}

std::string VerifyingKey::public_jwk() const {
  if (!is_public()) refuse_key("alg", "An HS256 key has no public half.", "enum");
  std::string json;
  json::Writer writer(json);
  writer.begin_object().member("kty", "OKP").member("crv", "Ed25519");
  writer.member("x", encode_base64url(text_of(material_->public_key)));
  if (!kid().empty()) writer.member("kid", kid());
  writer.member("alg", name_of(algorithm())).member("use", "sig").end_object();
  return json;
}

SigningKey SigningKey::generate(Algorithm algorithm, std::optional<std::string> kid) {
  std::array<std::uint8_t, kEd25519Bytes> bytes{};  // as many as HS256 needs
  fill_random(bytes);
  const Key wiped(bytes);
  sodium_memzero(bytes.data(), bytes.size());
  return {algorithm, wiped.bytes(), std::move(kid)};
}

SigningKey::SigningKey(Algorithm algorithm, std::span<const std::uint8_t> bytes, std::optional<std::string> kid)
    : verifying_(nullptr) {
  ensure_sodium();
  require_size(algorithm, bytes.size());
  if (kid) kid = checked_kid(*std::move(kid));
  auto material = std::make_shared<Material>();
  if (algorithm == Algorithm::kHs256) {
    material->octets = Secret(text_of(bytes));
    verifying_ =
        VerifyingKey(std::make_shared<const VerifyingKey::Material>(bytes, kid ? *std::move(kid) : hs256_kid(bytes)));
  } else {
    PublicKey public_key{};
    crypto_sign_ed25519_seed_keypair(public_key.data(), material->pair.data(), bytes.data());
    verifying_ = VerifyingKey(public_key, std::move(kid));
  }
  material_ = std::move(material);
}

SigningKey SigningKey::from_jwk(std::string_view json) {
  json::Value document = read_jwk(json, kMaxJwkBytes);
  try {
    SigningKey key = read_private_key(*document.as<json::Object>(), "");
    json::wipe(document);
    return key;
  } catch (...) {
    json::wipe(document);
    throw;
  }
}

std::string SigningKey::sign(std::string_view message) const {
  if (algorithm() == Algorithm::kHs256) return std::string(as_text(verifying_.material_->hmac(message)));
  std::string signature(crypto_sign_ed25519_BYTES, '\0');
  crypto_sign_ed25519_detached(writable_bytes(signature), nullptr, as_bytes(message), message.size(),
                               material_->pair.data());
  return signature;
}

Secret SigningKey::to_jwk() const {
  const bool pair = algorithm() == Algorithm::kEdDsa;
  std::string secret = encode_base64url(pair ? text_of(material_->seed()) : material_->octets.reveal());
  std::string json;
  json.reserve(secret.size() + 6 * kMaxKidBytes + 256);  // growing would leave copies behind
  json::Writer writer(json);
  writer.begin_object().member("kty", pair ? "OKP" : "oct");
  if (pair) {
    const auto public_key = encode_base64url(text_of(verifying_.material_->public_key));
    writer.member("crv", "Ed25519").member("x", public_key).member("d", secret);
  } else {
    writer.member("k", secret);
  }
  if (!kid().empty()) writer.member("kid", kid());
  writer.member("alg", name_of(algorithm())).member("use", "sig").end_object();
  Secret jwk(json);
  wipe(json);
  wipe(secret);
  return jwk;
}

}  // namespace apiwright::tokens
