#include "tokens/verified_tokens.hpp"

#include <cstring>

namespace apiwright::tokens {

std::optional<ReadClaims> VerifiedTokens::find(std::string_view token) const {
  const auto digest = siphash(token, seed_);
  const std::scoped_lock lock(mutex_);
  const Slot& slot = slots_[place_of(digest)];
  if (slot.digest != digest) return std::nullopt;
  return slot.claims;
}

void VerifiedTokens::add(std::string_view token, const ReadClaims& claims) {
  const auto digest = siphash(token, seed_);
  const std::scoped_lock lock(mutex_);
  slots_[place_of(digest)] = {digest, claims};
}

std::size_t VerifiedTokens::place_of(const ShortDigest& digest) noexcept {
  std::size_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return number % kSlots;
}

}  // namespace apiwright::tokens
