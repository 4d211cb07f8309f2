#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "tokens/access_claims.hpp"

namespace apiwright::tokens {

/// Tokens whose signature and claims were found good, so that the same one, which a client sends with each of its
/// requests, is not computed again. What depends on the time is the caller's to check each time. Thread-safe; at most
/// kSlots tokens, a newer one taking the place of an older.
class VerifiedTokens {
 public:
  static constexpr std::size_t kSlots = 1024;  ///< some half a MiB when all are taken

  [[nodiscard]] std::optional<ReadClaims> find(std::string_view token) const;
  void add(std::string_view token, const ReadClaims& claims);

 private:
  struct Slot {
    std::size_t hash = 0;
    std::string token;
    ReadClaims claims;
  };

  mutable std::mutex mutex_;
  std::array<Slot, kSlots> slots_;
};

}  // namespace apiwright::tokens
