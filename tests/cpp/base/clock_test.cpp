#include "apiwright/base/clock.hpp"

#include <gtest/gtest.h>

namespace apiwright {
namespace {

using std::chrono::milliseconds;

TEST(SystemClock, GivesTheMachinesTimeInWholeMilliseconds) {
  const auto before = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  const Timestamp now = SystemClock().now();
  const auto after = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  EXPECT_LE(before, now);
  EXPECT_LE(now, after);
}

TEST(ManualClock, StandsStillUntilItIsAdvanced) {
  const Timestamp start{milliseconds(1'000)};
  ManualClock clock(start);
  EXPECT_EQ(clock.now(), start);
  EXPECT_EQ(clock.now(), start);
  clock.advance(milliseconds(250));
  EXPECT_EQ(clock.now(), start + milliseconds(250));
  clock.advance(milliseconds(-500));
  EXPECT_EQ(clock.now(), start - milliseconds(250));
}

}  // namespace
}  // namespace apiwright
