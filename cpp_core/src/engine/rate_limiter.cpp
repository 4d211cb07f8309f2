#include "apiwright/engine/rate_limiter.hpp"

#include <algorithm>
#include <cstring>

#include "apiwright/base/error.hpp"

namespace apiwright::engine {
namespace {

using std::chrono::microseconds;

std::uint64_t slot_of(std::string_view key, const HashSeed& seed) {
  const auto digest = siphash(key, seed);
  std::uint64_t slot = 0;
  std::memcpy(&slot, digest.data(), sizeof(slot));
  return slot;
}

std::chrono::seconds rounded_up(microseconds time) {
  return std::chrono::ceil<std::chrono::seconds>(std::max(time, microseconds(0)));
}

}  // namespace

RateLimiter::RateLimiter(Quota quota) : quota_(quota), seed_(HashSeed::random()) {
  if (quota.requests < 1 || quota.window < std::chrono::seconds(1)) {
    throw Error(ErrorCode::kValidationError, "A quota needs at least one request and one second.");
  }
}

Allowance RateLimiter::take(std::string_view key, Timestamp now) {
  const microseconds window = quota_.window;
  // What one request costs in time: never nothing, so that a quota beyond one in a microsecond divides too.
  const auto share = std::max(window / quota_.requests, microseconds(1));
  const auto slot = slot_of(key, seed_);

  const std::lock_guard lock(mutex_);
  if (full_at_.size() >= kMaxKeys) forget_idle(now);
  auto& full_at = full_at_.try_emplace(slot, now).first->second;
  full_at = std::min<Moment>(full_at, now + window);  // a clock that was set back owes nobody more than a window
  const auto owed = std::max<microseconds>(full_at - now, microseconds(0));
  Allowance allowance;
  allowance.allowed = owed + share <= window;
  if (allowance.allowed) full_at = now + owed + share;
  const auto owing = std::max<microseconds>(full_at - now, microseconds(0));
  allowance.remaining = (window - owing) / share;
  allowance.reset = rounded_up(owing);
  if (!allowance.allowed) allowance.retry_after = std::max(rounded_up(owed + share - window), std::chrono::seconds(1));
  return allowance;
}

void RateLimiter::forget_idle(Timestamp now) {
  std::erase_if(full_at_, [&](const auto& entry) { return entry.second <= now; });
  // A flood from more addresses than are kept: starting afresh bounds memory, and each key's quota still holds from
  // here on. Half must be free, lest every request of a flood swept all keys.
  if (full_at_.size() > kMaxKeys / 2) full_at_.clear();
}

}  // namespace apiwright::engine
