#include "apiwright/base/random.hpp"

#include <sodium.h>

#include "apiwright/base/error.hpp"

namespace apiwright {

void ensure_sodium() {
  static const bool kReady = sodium_init() >= 0;
  if (!kReady) throw Error(ErrorCode::kInternal, "Cryptography could not be started.");
}

void fill_random(std::span<std::uint8_t> out) {
  ensure_sodium();
  if (!out.empty()) randombytes_buf(out.data(), out.size());
}

}  // namespace apiwright
