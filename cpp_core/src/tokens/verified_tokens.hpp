#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "apiwright/base/digest.hpp"
#include "tokens/access_claims.hpp"

namespace apiwright::tokens {

/// Tokens whose signature and claims were found good, so that the same one, which a client sends with each of its
/// requests, is not computed again. What depends on the time is the caller's to check each time. Thread-safe; at most
/// kSlots tokens, a newer one taking the place of an older. Tokens themselves are not kept, only 128 bits of a hash
/// under a secret of this process: nobody can make another token meet them, or learn one from how long a look takes.
class VerifiedTokens {
 public:
  static constexpr std::size_t kSlots = 1024;  ///< some 100 KiB

  /// Only what was found good with this very ring: another one forgets it all.
  [[nodiscard]] std::optional<ReadClaims> find(std::string_view token, std::uint64_t ring_id) const;
  void add(std::string_view token, const ReadClaims& claims, std::uint64_t ring_id);

 private:
  struct Slot {
    ShortDigest digest{};
    std::uint64_t ring_id = 0;
    std::optional<ReadClaims> claims;
  };

  [[nodiscard]] static std::size_t place_of(const ShortDigest& digest) noexcept;

  HashSeed seed_ = HashSeed::random();
  mutable std::mutex mutex_;
  std::array<Slot, kSlots> slots_;
};

}  // namespace apiwright::tokens
