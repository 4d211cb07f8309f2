#include "passwords/hashing_memory.hpp"

#include <sodium.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "apiwright/base/error.hpp"

// libsodium takes no memory from its caller, but is linked into this program: the linker has its calls of mmap and
// munmap come here (--wrap, see cmake/StaticArchives.cmake), where those of a thread that hashes meet the memory it
// keeps.
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
constexpr std::chrono::seconds kRetryAfterNoMemory{1};

/// A thread's memory, in whole huge pages, for one hash at a time.
class Area {
 public:
  Area() = default;
  ~Area() { release(); }
  Area(const Area&) = delete;
  Area& operator=(const Area&) = delete;

  // Null when the system has none.
  void* take(std::size_t length) noexcept {
    if (length > size_) map(length);
    in_use_ = start_ != nullptr;
    return start_;
  }

  [[nodiscard]] bool in_use() const noexcept { return in_use_; }
  [[nodiscard]] bool holds(const void* address) const noexcept { return in_use_ && address == start_; }

  // What was in it must not outlive its hash.
  void put_back(std::size_t length) noexcept {
    sodium_memzero(start_, std::min(length, size_));
    in_use_ = false;
  }

  void release() noexcept {
    if (mapping_ != nullptr) __real_munmap(mapping_, size_ + kHugePage);
    mapping_ = start_ = nullptr;
    size_ = 0;
    in_use_ = false;
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
  bool in_use_ = false;
};

thread_local Area area;
thread_local std::size_t most_kept = 0;
thread_local std::size_t refusals = 0;
thread_local bool given_back = false;  // after each hash

bool is_kept(std::size_t length, int file) noexcept { return length <= most_kept && file == -1 && !area.in_use(); }

}  // namespace

KeptHashingMemory::KeptHashingMemory(std::size_t most_bytes) noexcept { most_kept = most_bytes; }

KeptHashingMemory::~KeptHashingMemory() { most_kept = 0; }

HugeHashingMemory::HugeHashingMemory(std::size_t most_bytes) noexcept : first_(most_kept == 0) {
  if (!first_) return;
  most_kept = most_bytes;
  given_back = true;
}

HugeHashingMemory::~HugeHashingMemory() {
  if (!first_) return;
  most_kept = 0;
  given_back = false;
}

void release_hashing_memory() noexcept { area.release(); }

MemoryRefusals::MemoryRefusals() noexcept : before_(refusals) {}

bool MemoryRefusals::any() const noexcept { return refusals != before_; }

void refuse_for_memory() {
  throw Error::retry_later(ErrorCode::kUnavailable, "The server is out of memory for hashing passwords.",
                           kRetryAfterNoMemory);
}

}  // namespace apiwright::passwords

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
void* __wrap_mmap(void* address, std::size_t length, int protection, int flags, int file, off_t offset) {
  using apiwright::passwords::area;
  void* const memory = apiwright::passwords::is_kept(length, file)
                           ? area.take(length)
                           : __real_mmap(address, length, protection, flags, file, offset);
  if (memory != nullptr && memory != MAP_FAILED) return memory;
  ++apiwright::passwords::refusals;
  return MAP_FAILED;
}

int __wrap_munmap(void* address, std::size_t length) {
  using apiwright::passwords::area;
  if (!area.holds(address)) return __real_munmap(address, length);
  if (apiwright::passwords::given_back) {
    area.release();  // the system clears what it is given back
  } else {
    area.put_back(length);
  }
  return 0;
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
