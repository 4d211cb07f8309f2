#include "apiwright/tokens/key_source.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace apiwright::tokens {
namespace {

TEST(FixedKeys, GiveTheSameRingAtAnyTime) {
  const Keyring ring(SigningKey::generate(Algorithm::kHs256));
  FixedKeys keys(ring);
  for (const Timestamp now : {Timestamp{}, Timestamp{std::chrono::hours(500'000)}}) {
    EXPECT_EQ(keys.ring(now).id(), ring.id());
    EXPECT_EQ(keys.ring_id(now), ring.id());
  }
}

}  // namespace
}  // namespace apiwright::tokens
