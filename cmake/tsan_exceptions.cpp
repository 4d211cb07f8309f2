// Linked into the thread sanitizer's tests. libstdc++.so counts an exception's owners with atomics
// that are not instrumented, so every exception that one thread throws and another one handles would
// be reported as a race with its destruction. These two functions stand before the library's own and
// take a lock for each exception around giving up a share of it, which the sanitizer does see. They are visible, so
// that the library's own calls come here too.

#include <dlfcn.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <exception>
#include <mutex>

namespace {

// Recursive: an exception's destructor may handle other exceptions.
std::recursive_mutex& lock_of(const void* exception) {
  static std::array<std::recursive_mutex, 1024> locks;
  return locks[reinterpret_cast<std::uintptr_t>(exception) / 16 % locks.size()];
}

// An exception_ptr is one pointer to the exception.
const void* exception_in(const void* exception_ptr) {
  const void* exception = nullptr;
  std::memcpy(&exception, exception_ptr, sizeof exception);
  return exception;
}

template <typename Function>
Function* next(const char* symbol) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, symbol));
}

}  // namespace

extern "C" [[gnu::visibility("default")]] void apiwright_release_exception(void* exception_ptr) __asm__(
    "_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv");

extern "C" void apiwright_release_exception(void* exception_ptr) {
  static auto* const release = next<void(void*)>("_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv");
  const std::lock_guard guard(lock_of(exception_in(exception_ptr)));
  release(exception_ptr);
}

extern "C" [[gnu::visibility("default")]] void __cxa_end_catch() {
  static auto* const end_catch = next<void()>("__cxa_end_catch");
  const void* exception = nullptr;
  {
    const std::exception_ptr current = std::current_exception();
    exception = exception_in(&current);
  }
  const std::lock_guard guard(lock_of(exception));
  end_catch();
}
