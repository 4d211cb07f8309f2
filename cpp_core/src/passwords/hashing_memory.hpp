#pragma once

namespace apiwright::passwords {

/// While one lives, Argon2's memory stays with this thread from one hash to the next, in huge pages where the system
/// has them, and is wiped after each. libsodium maps 19 MiB anew for every hash: that the kernel clears them and enters
/// each of their pages costs 40 % of the hash.
class KeptHashingMemory {
 public:
  KeptHashingMemory() noexcept;
  ~KeptHashingMemory();
  KeptHashingMemory(const KeptHashingMemory&) = delete;
  KeptHashingMemory& operator=(const KeptHashingMemory&) = delete;
};

/// Gives this thread's memory back to the system.
void release_hashing_memory() noexcept;

}  // namespace apiwright::passwords
