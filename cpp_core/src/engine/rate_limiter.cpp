#include "apiwright/engine/rate_limiter.hpp"

#include <algorithm>
#include <cstring>

#include "apiwright/base/random.hpp"

namespace apiwright::engine {
namespace {

using std::chrono::milliseconds;

Key random_key() {
  std::array<std::uint8_t, Key::kBytes> bytes{};
  fill_random(bytes);
  return Key(bytes);
}

std::uint64_t slot_of(std::string_view key, const Key& seed) {
  const auto digest = blake2b(key, seed);
  std::uint64_t slot = 0;
  std::memcpy(&slot, digest.data(), sizeof(slot));
  return slot;
}

std::chrono::seconds rounded_up(milliseconds time) {
  return std::chrono::ceil<std::chrono::seconds>(std::max(time, milliseconds(0)));
}

}  // namespace

RateLimiter::RateLimiter(Quota quota) : quota_(quota), seed_(random_key()) {}

Allowance RateLimiter::take(std::string_view key, Timestamp now) {
  const milliseconds window = quota_.window;
  const auto share = window / quota_.requests;  // what one request costs in time
  const auto slot = slot_of(key, seed_);

  const std::lock_guard lock(mutex_);
  if (full_at_.size() >= kMaxKeys) forget_idle(now);
  auto& full_at = full_at_.try_emplace(slot, now).first->second;
  const auto owed = std::max(full_at - now, milliseconds(0));
  Allowance allowance;
  allowance.allowed = owed + share <= window;
  if (allowance.allowed) full_at = now + owed + share;
  const auto left = window - std::max(full_at - now, milliseconds(0));
  allowance.remaining = share.count() > 0 ? left / share : quota_.requests;
  allowance.reset = rounded_up(full_at - now);
  if (!allowance.allowed) allowance.retry_after = std::max(rounded_up(owed + share - window), std::chrono::seconds(1));
  return allowance;
}

void RateLimiter::forget_idle(Timestamp now) {
  std::erase_if(full_at_, [&](const auto& entry) { return entry.second <= now; });
  // A flood from more addresses than are kept: starting afresh bounds memory, and each key's quota still holds from
  // here on.
  if (full_at_.size() >= kMaxKeys) full_at_.clear();
}

}  // namespace apiwright::engine
