#include "apiwright/engine/rate_limiter.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/migrated_database.hpp"

namespace apiwright::engine {
namespace {

using namespace std::chrono_literals;
using support::kStart;

int burst_of(RateLimiter& limiter, Timestamp now, int tries) {
  int allowed = 0;
  for (int count = 0; count < tries; ++count) allowed += limiter.take("key", now).allowed ? 1 : 0;
  return allowed;
}

TEST(RateLimiter, a_burst_is_the_whole_quota_and_no_more) {
  RateLimiter limiter({3, 30s});
  for (const std::int64_t remaining : {2, 1, 0}) {
    const auto allowance = limiter.take("key", kStart);
    EXPECT_TRUE(allowance.allowed);
    EXPECT_EQ(allowance.remaining, remaining);
    EXPECT_EQ(allowance.reset, std::chrono::seconds(10 * (3 - remaining)));
    EXPECT_EQ(allowance.retry_after, 0s);
  }
  const auto refused = limiter.take("key", kStart);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 0);
  EXPECT_EQ(refused.reset, 30s);
  EXPECT_EQ(refused.retry_after, 10s);
}

TEST(RateLimiter, refusals_cost_nothing) {
  RateLimiter limiter({1, 10s});
  EXPECT_EQ(burst_of(limiter, kStart, 50), 1);
  EXPECT_TRUE(limiter.take("key", kStart + 10s).allowed);
}

TEST(RateLimiter, what_was_used_comes_back_evenly) {
  RateLimiter limiter({3, 30s});
  EXPECT_EQ(burst_of(limiter, kStart, 4), 3);
  EXPECT_FALSE(limiter.take("key", kStart + 9999ms).allowed);
  EXPECT_EQ(limiter.take("key", kStart + 9999ms).retry_after, 1s) << "rounded up";
  EXPECT_TRUE(limiter.take("key", kStart + 10s).allowed);
  EXPECT_FALSE(limiter.take("key", kStart + 10s).allowed);
  EXPECT_EQ(burst_of(limiter, kStart + 30s, 4), 2);
  EXPECT_EQ(burst_of(limiter, kStart + 1h, 4), 3) << "never more than the quota";
}

TEST(RateLimiter, retrying_after_what_it_said_succeeds) {
  RateLimiter limiter({7, 100s});  // does not divide
  auto now = kStart;
  EXPECT_EQ(burst_of(limiter, now, 8), 7);
  for (int count = 0; count < 20; ++count) {
    const auto refused = limiter.take("key", now);
    if (!refused.allowed) now += refused.retry_after;
    EXPECT_TRUE(limiter.take("key", now).allowed) << count;
  }
}

TEST(RateLimiter, a_quota_that_does_not_divide_its_window_is_kept_exactly) {
  for (const Quota quota : {Quota{7, 1s}, Quota{600, 1s}, Quota{999, 1s}, Quota{1001, 1s}, Quota{5000, 2s}}) {
    RateLimiter limiter(quota);
    EXPECT_EQ(burst_of(limiter, kStart, 6000), quota.requests) << quota.requests;
    int refilled = 0;
    for (auto now = kStart + 1ms; now <= kStart + quota.window; now += 1ms) refilled += burst_of(limiter, now, 8);
    EXPECT_LE(refilled, quota.requests) << quota.requests;
    EXPECT_GE(refilled, quota.requests - 1) << quota.requests;
  }
}

TEST(RateLimiter, a_quota_past_any_clock_still_answers) {
  RateLimiter limiter({INT64_MAX, 1s});
  const auto allowance = limiter.take("key", kStart);
  EXPECT_TRUE(allowance.allowed);
  EXPECT_GT(allowance.remaining, 0);
}

TEST(RateLimiter, keys_do_not_touch_one_another) {
  RateLimiter limiter({1, 10s});
  EXPECT_TRUE(limiter.take("a", kStart).allowed);
  EXPECT_TRUE(limiter.take("b", kStart).allowed);
  EXPECT_TRUE(limiter.take(std::string_view("a\0", 2), kStart).allowed);
  EXPECT_TRUE(limiter.take("", kStart).allowed);
  EXPECT_FALSE(limiter.take("a", kStart).allowed);
}

TEST(RateLimiter, a_clock_set_back_locks_nobody_out_for_longer_than_a_window) {
  RateLimiter limiter({2, 10s});
  EXPECT_EQ(burst_of(limiter, kStart + 1h, 3), 2);
  const auto refused = limiter.take("key", kStart);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, 5s);
  EXPECT_TRUE(limiter.take("key", kStart + 5s).allowed);
  EXPECT_EQ(burst_of(limiter, kStart + 15s, 3), 2);
}

TEST(RateLimiter, a_quota_of_nothing_is_refused) {
  for (const Quota quota : {Quota{0, 1s}, Quota{-1, 1s}, Quota{1, 0s}, Quota{1, -1s}}) {
    EXPECT_EQ(data::error_of([&] { const RateLimiter limiter(quota); }).code(), ErrorCode::kValidationError);
  }
}

TEST(RateLimiter, keeps_a_bounded_number_of_keys_and_goes_on) {
  RateLimiter limiter({1, 900s});
  for (std::size_t key = 0; key < RateLimiter::kMaxKeys + 1000; ++key) {
    ASSERT_TRUE(limiter.take(std::to_string(key), kStart).allowed);
  }
  const auto last = std::to_string(RateLimiter::kMaxKeys + 999);
  EXPECT_FALSE(limiter.take(last, kStart).allowed) << "the quota still holds from there on";
}

TEST(RateLimiter, keys_at_rest_make_room_before_anybody_is_forgotten) {
  RateLimiter limiter({1, 10s});
  for (std::size_t key = 0; key + 1 < RateLimiter::kMaxKeys; ++key) {
    static_cast<void>(limiter.take(std::to_string(key), kStart));
  }
  EXPECT_TRUE(limiter.take("busy", kStart + 9s).allowed);
  EXPECT_TRUE(limiter.take("new", kStart + 11s).allowed);
  EXPECT_FALSE(limiter.take("busy", kStart + 11s).allowed);
}

TEST(RateLimiter, counts_exactly_under_many_threads) {
  RateLimiter limiter({500, 900s});
  std::atomic<int> allowed = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] { allowed += burst_of(limiter, kStart, 250); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(allowed, 500);
}

}  // namespace
}  // namespace apiwright::engine
