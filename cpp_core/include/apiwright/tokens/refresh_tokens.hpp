#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "apiwright/base/digest.hpp"
#include "apiwright/base/uuid.hpp"

namespace apiwright::tokens {

/// A refresh token, taken apart.
struct RefreshToken {
  Uuid session;
  std::uint32_t generation = 0;
  Digest secret{};
};

/// Opaque refresh tokens: base64url(session 16 ‖ generation 4, big-endian ‖ secret 32 ‖ tag 32). The tag and each next
/// secret are keyed BLAKE2b, so a successor can be derived again from its predecessor, and a store needs only digest()
/// of the current one. Immutable, thread-safe.
class RefreshTokens {
 public:
  explicit RefreshTokens(Key key) : key_(std::move(key)) {}

  [[nodiscard]] RefreshTokens copy() const noexcept { return RefreshTokens(key_.copy()); }

  /// The first token of a session: generation 1, a random secret.
  [[nodiscard]] RefreshToken first(const Uuid& session) const;

  /// The one successor of `token`: the same each time. Throws Error(kUnauthorized) past generation 2^32 - 1.
  [[nodiscard]] RefreshToken successor(const RefreshToken& token) const;

  [[nodiscard]] std::string encode(const RefreshToken& token) const;

  /// Throws Error(kUnauthorized) unless `text` is canonical and its tag is right.
  [[nodiscard]] RefreshToken decode(std::string_view text) const;

  /// What a store keeps of a token.
  [[nodiscard]] Digest digest(const RefreshToken& token) const;

 private:
  Key key_;
};

}  // namespace apiwright::tokens
