#pragma once

#include <cstddef>

namespace apiwright::passwords {

/// While one lives, the memory of a hash of at most `most_bytes` stays with this thread for the next one, in huge pages
/// where the system has them, and is wiped after each. libsodium maps 19 MiB anew for every hash: that the kernel
/// clears them and enters each of their pages costs 40 % of the hash. What is larger, or is asked for while the memory
/// is in use, is mapped and given back as always.
class KeptHashingMemory {
 public:
  explicit KeptHashingMemory(std::size_t most_bytes) noexcept;
  ~KeptHashingMemory();
  KeptHashingMemory(const KeptHashingMemory&) = delete;
  KeptHashingMemory& operator=(const KeptHashingMemory&) = delete;
};

/// While one lives, a hash of at most `most_bytes` has huge pages where the system has them, and gives them back at its
/// end, unless the thread keeps memory anyway: ten large pages are entered sooner than 4864 small ones.
class HugeHashingMemory {
 public:
  explicit HugeHashingMemory(std::size_t most_bytes) noexcept;
  ~HugeHashingMemory();
  HugeHashingMemory(const HugeHashingMemory&) = delete;
  HugeHashingMemory& operator=(const HugeHashingMemory&) = delete;

 private:
  bool first_;
};

/// Gives this thread's memory back to the system.
void release_hashing_memory() noexcept;

/// Whether the system refused a hash its memory on this thread since this was made: some of libsodium's functions call
/// that a wrong password.
class MemoryRefusals {
 public:
  MemoryRefusals() noexcept;
  [[nodiscard]] bool any() const noexcept;

 private:
  std::size_t before_;
};

/// Throws Error(kUnavailable) with retry_after.
[[noreturn]] void refuse_for_memory();

}  // namespace apiwright::passwords
