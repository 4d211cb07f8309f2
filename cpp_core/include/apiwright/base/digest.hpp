#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace apiwright {

using Digest = std::array<std::uint8_t, 32>;

/// 32 bytes of key, wiped when destroyed. Copies are deliberate: `copy()`.
class Key {
 public:
  static constexpr std::size_t kBytes = 32;

  explicit Key(std::span<const std::uint8_t, kBytes> bytes) noexcept;
  Key(Key&& other) noexcept;
  Key& operator=(Key&& other) noexcept;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key();

  [[nodiscard]] Key copy() const noexcept { return Key(bytes()); }
  [[nodiscard]] std::span<const std::uint8_t, kBytes> bytes() const noexcept { return bytes_; }

 private:
  std::array<std::uint8_t, kBytes> bytes_{};
};

/// What a key made from SECRET_KEY is for; each purpose has an independent key.
enum class Purpose : std::uint64_t {
  kAccessTokens = 1,
  kRefreshTokens = 2,
  kCursors = 3,
  kEncryption = 4,
  kOpaqueTokens = 5,
  kIdempotency = 6
};

/// The key for one purpose. `secret` is SECRET_KEY: any text of at least 32 bytes
/// (else Error(kValidationError) naming `SECRET_KEY`); it is hashed with BLAKE2b, then libsodium's KDF.
[[nodiscard]] Key derive_key(std::string_view secret, Purpose purpose);

/// BLAKE2b-256 (RFC 7693), keyed when a key is given.
[[nodiscard]] Digest blake2b(std::string_view message);
[[nodiscard]] Digest blake2b(std::string_view message, const Key& key);

/// A secret of this process alone, drawn at random, under which siphash() names what strangers send.
struct HashSeed {
  std::array<std::uint8_t, 16> bytes{};
  [[nodiscard]] static HashSeed random();
};

using ShortDigest = std::array<std::uint8_t, 16>;

/// SipHash-2-4 with 128 bits: a tenth of a microsecond for a short message. For tables in memory, not for what lasts.
[[nodiscard]] ShortDigest siphash(std::string_view message, const HashSeed& seed);

/// HMAC-SHA-256 (RFC 2104) with a key of any length.
[[nodiscard]] Digest hmac_sha256(std::string_view message, std::span<const std::uint8_t> key);

/// The bytes of a Digest or a ShortDigest as a view, for what takes text.
template <std::size_t bytes>
[[nodiscard]] std::string_view as_text(const std::array<std::uint8_t, bytes>& digest) noexcept {
  return {reinterpret_cast<const char*>(digest.data()), bytes};  // NOLINT(*-reinterpret-cast)
}

}  // namespace apiwright
