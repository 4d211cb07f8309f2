#include "passwords/hashing_memory.hpp"

#include <sodium.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

// libsodium takes no memory from its caller, but is linked into this program: the linker has its calls of mmap and
// munmap come here (--wrap, see cmake/Sodium.cmake), where those of a thread that hashes meet the memory it keeps.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
void* __real_mmap(void* address, std::size_t length, int protection, int flags, int file, off_t offset);
int __real_munmap(void* address, std::size_t length);
void* __wrap_mmap(void* address, std::size_t length, int protection, int flags, int file, off_t offset);
int __wrap_munmap(void* address, std::size_t length);
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
}

namespace apiwright::passwords {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} * 1024 * 1024;

/// A thread's memory, in whole huge pages.
class Area {
 public:
  Area() = default;
  ~Area() { release(); }
  Area(const Area&) = delete;
  Area& operator=(const Area&) = delete;

  // Null when the system has none.
  void* take(std::size_t length) noexcept {
    if (length > size_) map(length);
    return start_;
  }

  [[nodiscard]] bool holds(const void* address) const noexcept { return start_ != nullptr && address == start_; }

  // What was in it must not outlive its hash.
  void wipe(std::size_t length) noexcept { sodium_memzero(start_, std::min(length, size_)); }

  void release() noexcept {
    if (mapping_ != nullptr) __real_munmap(mapping_, size_ + kHugePage);
    mapping_ = start_ = nullptr;
    size_ = 0;
  }

 private:
  void map(std::size_t length) noexcept {
    release();
    const std::size_t size = (length + kHugePage - 1) / kHugePage * kHugePage;
    void* const mapping =
        __real_mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) return;
    mapping_ = mapping;
    size_ = size;
    const auto past = reinterpret_cast<std::uintptr_t>(mapping) % kHugePage;  // NOLINT(*-reinterpret-cast)
    start_ = static_cast<char*>(mapping) + (past == 0 ? 0 : kHugePage - past);
#ifdef MADV_HUGEPAGE
    madvise(start_, size_, MADV_HUGEPAGE);
#endif
  }

  void* mapping_ = nullptr;
  void* start_ = nullptr;
  std::size_t size_ = 0;
};

thread_local Area area;
thread_local bool kept = false;

}  // namespace

KeptHashingMemory::KeptHashingMemory() noexcept { kept = true; }

KeptHashingMemory::~KeptHashingMemory() { kept = false; }

void release_hashing_memory() noexcept { area.release(); }

}  // namespace apiwright::passwords

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
void* __wrap_mmap(void* address, std::size_t length, int protection, int flags, int file, off_t offset) {
  using apiwright::passwords::area;
  if (!apiwright::passwords::kept) return __real_mmap(address, length, protection, flags, file, offset);
  void* const memory = area.take(length);
  return memory == nullptr ? MAP_FAILED : memory;
}

int __wrap_munmap(void* address, std::size_t length) {
  using apiwright::passwords::area;
  if (!area.holds(address)) return __real_munmap(address, length);
  area.wipe(length);
  return 0;
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
