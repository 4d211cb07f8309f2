#include "apiwright/passwords/calibration.hpp"

#include <gtest/gtest.h>

#include "apiwright/base/error.hpp"

namespace apiwright::passwords {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// A machine on which a pass over a KiB takes a microsecond, and getting the memory as long as half a pass.
nanoseconds model(const Parameters& parameters) {
  return nanoseconds(parameters.memory_kib * (1000 * parameters.passes + 500));
}

std::string refused_field(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    return error.details().front().field;
  }
  return "";
}

TEST(Calibration, GivesTheMostPassesThatFit) {
  EXPECT_EQ(calibrate(100ms, 10'000, model), (Parameters{.memory_kib = 10'000, .passes = 9}));
  EXPECT_EQ(calibrate(105ms, 10'000, model), (Parameters{.memory_kib = 10'000, .passes = 10}));
  EXPECT_EQ(calibrate(15ms, 10'000, model), (Parameters{.memory_kib = 10'000, .passes = 1}));
}

TEST(Calibration, LowersTheMemoryOnlyWhenOnePassIsTooLong) {
  const Parameters found = calibrate(14ms, 10'000, model);
  EXPECT_EQ(found.passes, 1U);
  EXPECT_LT(found.memory_kib, 10'000U);
  EXPECT_GE(found.memory_kib, 8'000U);
  EXPECT_LE(model(found), 14ms);
}

TEST(Calibration, StaysWithinTheBoundsOfHashing) {
  EXPECT_EQ(calibrate(5s, 8, model), (Parameters{.memory_kib = 8, .passes = 64}));
  const auto slow = [](const Parameters&) { return nanoseconds(1h); };
  EXPECT_EQ(calibrate(1ms, 1'048'576, slow), (Parameters{.memory_kib = 8, .passes = 1}));
  const auto instant = [](const Parameters&) { return nanoseconds(0); };
  EXPECT_EQ(calibrate(1ms, 8, instant).passes, 64U);
}

TEST(Calibration, TakesFewerPassesWhenTheEstimateWasTooHigh) {
  const auto uneven = [](const Parameters& parameters) {  // each pass is dearer than the one before
    return (nanoseconds(1ms) + nanoseconds(20us) * parameters.passes) * parameters.passes;
  };
  const Parameters found = calibrate(100ms, 1024, uneven);
  EXPECT_LE(uneven(found), 100ms);
  EXPECT_GE(found.passes, 30U);
}

TEST(Calibration, MeasuresRealHashes) {
  EXPECT_GT(measured_hash_time({.memory_kib = 8, .passes = 1}), 0ns);
  const Parameters found = calibrate(5ms, 64);
  EXPECT_TRUE(within_bounds(found));
  EXPECT_NO_THROW(Hasher(found).verify("word", Hasher(found).hash("word")));
}

TEST(Calibration, RefusesWhatCannotBeHad) {
  EXPECT_EQ(refused_field([] { static_cast<void>(calibrate(0ms, 64, model)); }), "target");
  EXPECT_EQ(refused_field([] { static_cast<void>(calibrate(5001ms, 64, model)); }), "target");
  EXPECT_EQ(refused_field([] { static_cast<void>(calibrate(10ms, 7, model)); }), "memory_kib");
  EXPECT_EQ(refused_field([] { static_cast<void>(calibrate(10ms, 1'048'577, model)); }), "memory_kib");
}

}  // namespace
}  // namespace apiwright::passwords
