#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "apiwright/base/secret.hpp"

namespace apiwright::tokens {

/// How a key signs. It belongs to the key and is never chosen by a token (RFC 8725 §3.1).
enum class Algorithm : std::uint8_t {
  kHs256,  ///< HMAC with SHA-256 (RFC 7518 §3.2): who checks can also sign
  kEdDsa,  ///< Ed25519 (RFC 8037)
};

/// As in `alg`: "HS256", "EdDSA".
[[nodiscard]] std::string_view name_of(Algorithm algorithm) noexcept;
/// The algorithm of that name, exactly; empty for any other text, `none` included.
[[nodiscard]] std::optional<Algorithm> algorithm_named(std::string_view name) noexcept;

/// The same; throws Error(kValidationError) naming `algorithm` for any other text.
[[nodiscard]] Algorithm parse_algorithm(std::string_view name);

constexpr std::size_t kEd25519Bytes = 32;  ///< of a public key, and of a private key's seed (RFC 8032 §5.1.5)

/// What checks signatures: the public half of an Ed25519 key, or the whole of an HS256 one. Immutable, thread-safe;
/// copies share one wiped memory.
class VerifyingKey {
 public:
  /// An Ed25519 public key. Without `kid`, its RFC 7638 thumbprint; an empty one leaves the key unnamed.
  /// Throws Error(kValidationError) when it is no point of the curve, or a weak one, or `kid` is over-long or not
  /// UTF-8.
  explicit VerifyingKey(std::span<const std::uint8_t, kEd25519Bytes> public_key, std::optional<std::string> kid = {});

  /// From a public JWK (RFC 7517, RFC 8037 §2); unnamed when it has no `kid`. Throws Error(kMalformedJson),
  /// Error(kValidationError) naming the member, also when the JWK has a private part.
  [[nodiscard]] static VerifyingKey from_jwk(std::string_view json);

  [[nodiscard]] Algorithm algorithm() const noexcept;
  [[nodiscard]] const std::string& kid() const noexcept;  ///< empty: unnamed
  [[nodiscard]] bool is_public() const noexcept { return algorithm() == Algorithm::kEdDsa; }

  /// Returns when `signature` is right (HS256: compared in constant time). Throws Error(kUnauthorized).
  void verify(std::string_view message, std::string_view signature) const;

  /// The JWK as JSON. Throws Error(kValidationError) for HS256, which has no public half.
  [[nodiscard]] std::string public_jwk() const;

 private:
  friend class SigningKey;
  struct Material;
  explicit VerifyingKey(std::shared_ptr<const Material> material) noexcept : material_(std::move(material)) {}
  std::shared_ptr<const Material> material_;
};

/// What signs. Immutable, thread-safe; copies share one memory, which is wiped with the last of them.
class SigningKey {
 public:
  static constexpr std::size_t kMinHs256Bytes = 32;  ///< RFC 7518 §3.2: as long as the hash
  static constexpr std::size_t kMaxHs256Bytes = 1024;
  static constexpr std::size_t kMaxKidBytes = 128;

  /// A new random key: 32 bytes for either algorithm. `kid` as below.
  [[nodiscard]] static SigningKey generate(Algorithm algorithm, std::optional<std::string> kid = {});

  /// HS256: 32 to 1024 bytes. EdDSA: the seed of 32. Without `kid` it is the RFC 7638 thumbprint (EdDSA), or 128 bits
  /// of a BLAKE2b keyed by the key, which tells nothing of it (HS256); an empty one leaves the key unnamed, so that its
  /// tokens have no `kid`. Throws Error(kValidationError) naming `key` or `kid`.
  SigningKey(Algorithm algorithm, std::span<const std::uint8_t> bytes, std::optional<std::string> kid = {});

  /// From a private JWK: `oct` (RFC 7518 §6.4) or `OKP` with Ed25519 (RFC 8037 §2), whose `x` must be that of `d`;
  /// unnamed when it has no `kid`. Throws Error(kMalformedJson), Error(kValidationError) naming the member.
  [[nodiscard]] static SigningKey from_jwk(std::string_view json);

  [[nodiscard]] Algorithm algorithm() const noexcept { return verifying_.algorithm(); }
  [[nodiscard]] const std::string& kid() const noexcept { return verifying_.kid(); }  ///< empty: unnamed

  /// 32 bytes (HS256) or 64 (EdDSA).
  [[nodiscard]] std::string sign(std::string_view message) const;

  [[nodiscard]] const VerifyingKey& verifying_key() const noexcept { return verifying_; }

  /// The private JWK as JSON: a secret, like the key itself.
  [[nodiscard]] Secret to_jwk() const;
  /// As VerifyingKey::public_jwk().
  [[nodiscard]] std::string public_jwk() const { return verifying_.public_jwk(); }

 private:
  struct Material;
  SigningKey(std::shared_ptr<const Material> material, VerifyingKey verifying) noexcept
      : material_(std::move(material)), verifying_(std::move(verifying)) {}
  std::shared_ptr<const Material> material_;
  VerifyingKey verifying_;
};

}  // namespace apiwright::tokens
