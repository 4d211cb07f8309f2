#include "apiwright/base/digest.hpp"

#include <sodium.h>

#include <algorithm>

#include "apiwright/base/error.hpp"
#include "apiwright/base/random.hpp"
#include "bytes.hpp"

namespace apiwright {
namespace {

constexpr std::size_t kMinSecretBytes = 32;
constexpr char kContext[crypto_kdf_CONTEXTBYTES + 1] = "apiwrght";

static_assert(Key::kBytes == crypto_kdf_KEYBYTES);
static_assert(Key::kBytes >= crypto_generichash_KEYBYTES_MIN);
static_assert(Key::kBytes <= crypto_generichash_KEYBYTES_MAX);
static_assert(std::tuple_size_v<Digest> == crypto_generichash_BYTES);
static_assert(std::tuple_size_v<Digest> == crypto_auth_hmacsha256_BYTES);

Digest keyed_blake2b(std::string_view message, std::span<const std::uint8_t> key) {
  ensure_sodium();
  Digest digest{};
  crypto_generichash(digest.data(), digest.size(), as_bytes(message), message.size(), key.data(), key.size());
  return digest;
}

void require_long_enough(std::string_view secret) {
  if (secret.size() >= kMinSecretBytes) return;
  throw Error(ErrorCode::kValidationError, "SECRET_KEY is too short.",
              {{.field = "SECRET_KEY", .message = "must have at least 32 bytes", .code = "min_length"}});
}

}  // namespace

Key::Key(std::span<const std::uint8_t, kBytes> bytes) noexcept {
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

Key::Key(Key&& other) noexcept : bytes_(other.bytes_) { sodium_memzero(other.bytes_.data(), kBytes); }

Key& Key::operator=(Key&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    sodium_memzero(other.bytes_.data(), kBytes);
  }
  return *this;
}

Key::~Key() { sodium_memzero(bytes_.data(), kBytes); }

Key derive_key(std::string_view secret, Purpose purpose) {
  require_long_enough(secret);
  Digest master = blake2b(secret);
  std::array<std::uint8_t, Key::kBytes> derived{};
  crypto_kdf_derive_from_key(derived.data(), derived.size(), static_cast<std::uint64_t>(purpose), kContext,
                             master.data());
  Key key(derived);
  sodium_memzero(master.data(), master.size());
  sodium_memzero(derived.data(), derived.size());
  return key;
}

Digest blake2b(std::string_view message) { return keyed_blake2b(message, {}); }

Digest blake2b(std::string_view message, const Key& key) { return keyed_blake2b(message, key.bytes()); }

HashSeed HashSeed::random() {
  HashSeed seed;
  fill_random(seed.bytes);
  return seed;
}

ShortDigest siphash(std::string_view message, const HashSeed& seed) {
  static_assert(crypto_shorthash_siphashx24_BYTES == sizeof(ShortDigest));
  static_assert(crypto_shorthash_siphashx24_KEYBYTES == sizeof(HashSeed));
  ShortDigest digest;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  crypto_shorthash_siphashx24(digest.data(), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                              seed.bytes.data());
  return digest;
}

Digest hmac_sha256(std::string_view message, std::span<const std::uint8_t> key) {
  ensure_sodium();
  crypto_auth_hmacsha256_state state;
  Digest digest{};
  const std::uint8_t nothing = 0;  // libsodium takes no null pointer, and an empty span has one
  crypto_auth_hmacsha256_init(&state, key.empty() ? &nothing : key.data(), key.size());
  crypto_auth_hmacsha256_update(&state, as_bytes(message), message.size());
  crypto_auth_hmacsha256_final(&state, digest.data());
  sodium_memzero(&state, sizeof state);
  return digest;
}

}  // namespace apiwright
