#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "apiwright/base/digest.hpp"
#include "apiwright/base/timestamp.hpp"

namespace apiwright::engine {

/// So many requests in so much time, such as 100 in 15 minutes.
struct Quota {
  std::int64_t requests = 100;
  std::chrono::seconds window{900};
};

/// What a limiter said of one request.
struct Allowance {
  bool allowed = true;
  std::int64_t remaining = 0;
  std::chrono::seconds reset{0};        ///< until the whole quota is there again
  std::chrono::seconds retry_after{0};  ///< when refused: until the next request fits
};

/// Counts requests by key with the generic cell rate algorithm (ITU-T I.371): a burst of `requests`, refilled evenly
/// over `window`. One time per key, in this process; keys at rest are forgotten, at most kMaxKeys are kept.
/// Thread-safe.
class RateLimiter {
 public:
  static constexpr std::size_t kMaxKeys = 200'000;

  explicit RateLimiter(Quota quota);

  /// Counts one request of `key`.
  [[nodiscard]] Allowance take(std::string_view key, Timestamp now);

  [[nodiscard]] const Quota& quota() const noexcept { return quota_; }

 private:
  void forget_idle(Timestamp now);

  Quota quota_;
  HashSeed seed_;  ///< keys are kept as digests: bounded, and not to be guessed into one another
  std::mutex mutex_;
  using Moment = std::chrono::sys_time<std::chrono::microseconds>;
  std::unordered_map<std::uint64_t, Moment> full_at_;  ///< when each key's quota is whole again
};

}  // namespace apiwright::engine
