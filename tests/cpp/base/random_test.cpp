#include "apiwright/base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <vector>

namespace apiwright {
namespace {

TEST(EnsureSodium, MayBeCalledFromManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([] { EXPECT_NO_THROW(ensure_sodium()); });
  for (std::thread& thread : threads) thread.join();
}

TEST(FillRandom, NeverGivesTheSameTwice) {
  std::set<std::array<std::uint8_t, 16>> seen;
  for (int i = 0; i < 1'000; ++i) {
    std::array<std::uint8_t, 16> bytes{};
    fill_random(bytes);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
}

// An untouched byte of 4096 random ones stays zero with a chance of 1/256 each: far fewer than 64.
TEST(FillRandom, FillsTheWholeSpan) {
  std::array<std::uint8_t, 4096> bytes{};
  fill_random(bytes);
  EXPECT_LT(std::count(bytes.begin(), bytes.end(), 0), 64);
}

TEST(FillRandom, TakesAnEmptySpan) { EXPECT_NO_THROW(fill_random({})); }

}  // namespace
}  // namespace apiwright
