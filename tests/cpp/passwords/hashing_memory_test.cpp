#include "passwords/hashing_memory.hpp"

#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <string_view>
#include <thread>

#include "apiwright/base/random.hpp"

// What the linker makes of libsodium's calls of mmap and munmap.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
void* __wrap_mmap(void* address, std::size_t length, int protection, int flags, int file, off_t offset);
int __wrap_munmap(void* address, std::size_t length);
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
}

namespace apiwright::passwords {
namespace {

constexpr std::size_t kMost = std::size_t{64} << 20;

using Hash = std::array<unsigned char, 32>;

Hash argon2id(std::string_view password, std::size_t kib) {
  ensure_sodium();
  Hash hash{};
  const std::array<unsigned char, crypto_pwhash_SALTBYTES> salt{1, 2, 3};
  EXPECT_EQ(crypto_pwhash(hash.data(), hash.size(), password.data(), password.size(), salt.data(), 2, kib * 1024,
                          crypto_pwhash_ALG_ARGON2ID13),
            0);
  return hash;
}

void* take(std::size_t length) {
  return __wrap_mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int give_back(void* memory, std::size_t length) { return __wrap_munmap(memory, length); }

TEST(HashingMemory, KeptMemoryGivesTheSameHashes) {
  const auto small = argon2id("one", 64);
  const auto large = argon2id("two", 4096);
  const KeptHashingMemory kept(kMost);
  EXPECT_EQ(argon2id("one", 64), small);
  EXPECT_EQ(argon2id("two", 4096), large);
  EXPECT_EQ(argon2id("one", 64), small);  // in memory larger than it needs
  release_hashing_memory();
  EXPECT_EQ(argon2id("two", 4096), large);
}

TEST(HashingMemory, TheSameMemoryServesOneHashAfterTheOther) {
  const KeptHashingMemory kept(kMost);
  void* const first = take(1 << 20);
  give_back(first, 1 << 20);
  void* const second = take(1 << 20);
  EXPECT_EQ(first, second);
  give_back(second, 1 << 20);
  release_hashing_memory();
}

TEST(HashingMemory, WhatIsAskedForWhileItIsInUseIsAnothers) {
  const KeptHashingMemory kept(kMost);
  void* const first = take(1 << 20);
  auto* const second = static_cast<unsigned char*>(take(1 << 20));
  EXPECT_NE(first, second);
  second[0] = 0xAA;
  EXPECT_EQ(give_back(first, 1 << 20), 0);
  EXPECT_EQ(second[0], 0xAA);
  EXPECT_EQ(give_back(second, 1 << 20), 0);
  void* const again = take(1 << 20);
  EXPECT_EQ(again, first);
  give_back(again, 1 << 20);
  release_hashing_memory();
}

TEST(HashingMemory, NothingLargerThanAskedForIsKept) {
  const KeptHashingMemory kept(1 << 20);
  auto* const large = static_cast<unsigned char*>(take((1 << 20) + 1));
  void* const small = take(1 << 20);
  EXPECT_NE(static_cast<void*>(large), small);
  EXPECT_EQ(give_back(large, (1 << 20) + 1), 0);
  EXPECT_EQ(give_back(small, 1 << 20), 0);
  void* const again = take(1 << 20);
  EXPECT_EQ(again, small);
  give_back(again, 1 << 20);
  release_hashing_memory();
}

TEST(HashingMemory, WithoutKeepingItIsGivenBackAfterEachHash) {
  const auto hash = argon2id("two", 4096);
  {
    const HugeHashingMemory huge(kMost);
    EXPECT_EQ(argon2id("two", 4096), hash);
    void* const first = take(1 << 20);
    void* const second = take(1 << 20);
    EXPECT_NE(first, second);
    EXPECT_EQ(give_back(first, 1 << 20), 0);
    EXPECT_EQ(give_back(second, 1 << 20), 0);
  }
  const KeptHashingMemory kept(kMost);
  const HugeHashingMemory within(1 << 10);
  void* const first = take(1 << 20);
  give_back(first, 1 << 20);
  EXPECT_EQ(take(1 << 20), first);  // it is still kept
  give_back(first, 1 << 20);
  release_hashing_memory();
}

TEST(HashingMemory, ARefusalIsRemembered) {
  const MemoryRefusals none;
  give_back(take(1 << 16), 1 << 16);
  EXPECT_FALSE(none.any());
  const MemoryRefusals refusals;
  EXPECT_EQ(take(std::size_t{1} << 60), MAP_FAILED);
  EXPECT_TRUE(refusals.any());
}

TEST(HashingMemory, IsWipedAfterEachHash) {
  const KeptHashingMemory kept(kMost);
  auto* const memory = static_cast<unsigned char*>(take(1 << 16));
  memory[0] = memory[(1 << 16) - 1] = 0xAA;
  give_back(memory, 1 << 16);
  EXPECT_EQ(memory[0], 0);
  EXPECT_EQ(memory[(1 << 16) - 1], 0);
  release_hashing_memory();
}

TEST(HashingMemory, WithoutKeepingEveryCallIsTheSystems) {
  { const KeptHashingMemory kept(kMost); }
  void* const one = take(1 << 16);
  void* const two = take(1 << 16);
  EXPECT_NE(one, two);
  EXPECT_EQ(give_back(one, 1 << 16), 0);
  EXPECT_EQ(give_back(two, 1 << 16), 0);
}

TEST(HashingMemory, BelongsToItsThread) {
  const KeptHashingMemory kept(kMost);
  void* const mine = take(1 << 16);
  void* theirs = nullptr;
  std::thread([&] {
    const KeptHashingMemory also(kMost);
    theirs = take(1 << 16);
    EXPECT_NE(theirs, mine);
    give_back(theirs, 1 << 16);
  }).join();
  give_back(mine, 1 << 16);
  release_hashing_memory();
}

TEST(HashingMemory, SayingThereIsNoneIsAFailedHash) {
  const KeptHashingMemory kept(std::size_t{1} << 61);
  EXPECT_EQ(take(std::size_t{1} << 60), MAP_FAILED);
  void* const memory = take(1 << 16);
  EXPECT_NE(memory, MAP_FAILED);
  give_back(memory, 1 << 16);
  release_hashing_memory();
}

}  // namespace
}  // namespace apiwright::passwords
