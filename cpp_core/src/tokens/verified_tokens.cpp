#include "tokens/verified_tokens.hpp"

#include <cstring>

namespace apiwright::tokens {

std::optional<ReadClaims> VerifiedTokens::find(std::string_view token, std::uint64_t ring_id) const {
  const auto digest = siphash(token, seed_);
  const std::scoped_lock lock(mutex_);
  const Slot& slot = slots_[place_of(digest)];
  if (slot.digest != digest || slot.ring_id != ring_id) return std::nullopt;
  return slot.claims;
}

void VerifiedTokens::add(std::string_view token, const ReadClaims& claims, std::uint64_t ring_id) {
  const auto digest = siphash(token, seed_);
  const std::scoped_lock lock(mutex_);
  slots_[place_of(digest)] = {digest, ring_id, claims};
}

std::size_t VerifiedTokens::place_of(const ShortDigest& digest) noexcept {
  std::size_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return number % kSlots;
}

}  // namespace apiwright::tokens
