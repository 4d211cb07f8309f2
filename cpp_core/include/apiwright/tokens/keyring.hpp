#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/digest.hpp"
#include "apiwright/tokens/signing_key.hpp"

namespace apiwright::tokens {

/// The keys that tokens are checked with, one of which may sign. Immutable, thread-safe; copies are one ring.
class Keyring {
 public:
  static constexpr std::size_t kMaxKeys = 16;
  static constexpr std::size_t kMaxJwksBytes = std::size_t{64} * 1024;

  /// `retired` keys only verify: of Ed25519 ones, only the public half is kept. Throws Error(kValidationError) for more
  /// than 16 keys, a kid that two of them have, or two unnamed keys of one algorithm.
  explicit Keyring(SigningKey active, std::vector<VerifyingKey> retired = {});

  /// One HS256 key without a name: its tokens have no kid.
  [[nodiscard]] static Keyring unnamed(const Key& key);

  /// Keys that only verify, from a JWK set of public keys (RFC 7517 §5), at most 64 KiB of it. Other kinds of keys, and
  /// Ed25519 ones for another use, are ignored. Throws Error(kMalformedJson), and Error(kValidationError) naming the
  /// member (`keys[2].x`): when a private part (`d`, `k`, …) is published, which makes its key anybody's; for what the
  /// constructor refuses; for an Ed25519 key that is none; and when no key is left.
  [[nodiscard]] static Keyring from_jwks(std::string_view json);

  /// The public keys as a JWK set; HS256 keys are never in it.
  [[nodiscard]] std::string jwks() const;

  /// The key for a token with this `alg` and `kid`: the one of that kid if it is of that algorithm; else the unnamed
  /// one of that algorithm; else, without a kid, the only one of that algorithm. Never more than one: a forged token
  /// costs one signature. Null when there is none.
  [[nodiscard]] const VerifyingKey* find(Algorithm algorithm, const std::optional<std::string>& kid) const noexcept;

  /// Throws Error(kValidationError) when the ring only verifies.
  [[nodiscard]] const SigningKey& active() const;
  [[nodiscard]] bool can_sign() const noexcept;

  /// Every key, the active one first.
  [[nodiscard]] std::span<const VerifyingKey> keys() const noexcept;

  /// Another number for each ring made in this process; copies share it.
  [[nodiscard]] std::uint64_t id() const noexcept;

 private:
  struct State;
  Keyring(std::optional<SigningKey> active, std::vector<VerifyingKey> keys);
  std::shared_ptr<const State> state_;
};

}  // namespace apiwright::tokens
