#include "tokens/verified_tokens.hpp"

#include <functional>

#include "apiwright/base/secret.hpp"

namespace apiwright::tokens {

std::optional<ReadClaims> VerifiedTokens::find(std::string_view token) const {
  const std::size_t hash = std::hash<std::string_view>{}(token);
  const std::scoped_lock lock(mutex_);
  const Slot& slot = slots_[hash % kSlots];
  // In constant time, or a forger could learn somebody's token byte by byte.
  if (slot.hash != hash || !equal_in_constant_time(slot.token, token)) return std::nullopt;
  return slot.claims;
}

void VerifiedTokens::add(std::string_view token, const ReadClaims& claims) {
  const std::size_t hash = std::hash<std::string_view>{}(token);
  const std::scoped_lock lock(mutex_);
  slots_[hash % kSlots] = {hash, std::string(token), claims};
}

}  // namespace apiwright::tokens
